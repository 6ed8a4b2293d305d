//! Images on the wire: JPEG or PNG, with their density.

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{ExtendedColorType, ImageError};

use super::lamp::Seen;
use super::settings::{ColourMode, Format};

/// As makers set it for text: letters without rings around them.
const JPEG_QUALITY: u8 = 90;
const INCH_PER_METRE: f64 = 39.370_078_7;

#[derive(Debug, thiserror::Error)]
pub(super) enum EncodeError {
    #[error("the image does not become JPEG: {0}")]
    Jpeg(#[from] ImageError),
    #[error("the image does not become PNG: {0}")]
    Png(#[from] png::EncodingError),
}

pub(super) fn encode(seen: &Seen, format: Format) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    match format {
        Format::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
            encoder.set_pixel_density(PixelDensity::dpi(seen.dpi));
            let kind = match seen.mode {
                ColourMode::Grey => ExtendedColorType::L8,
                ColourMode::Colour => ExtendedColorType::Rgb8,
            };
            encoder.encode(&seen.pixels, seen.width, seen.height, kind)?;
        }
        Format::Png => {
            let mut encoder = png::Encoder::new(&mut out, seen.width, seen.height);
            encoder.set_color(match seen.mode {
                ColourMode::Grey => png::ColorType::Grayscale,
                ColourMode::Colour => png::ColorType::Rgb,
            });
            encoder.set_depth(png::BitDepth::Eight);
            encoder.set_compression(png::Compression::Fast);
            let per_metre = (f64::from(seen.dpi) * INCH_PER_METRE).round() as u32;
            encoder.set_pixel_dims(Some(png::PixelDimensions {
                xppu: per_metre,
                yppu: per_metre,
                unit: png::Unit::Meter,
            }));
            encoder.write_header()?.write_image_data(&seen.pixels)?;
        }
    }
    Ok(out)
}

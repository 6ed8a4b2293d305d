//! What is printed on one side of a sheet: a picture of fixed density, kept compressed.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageEncoder as _, ImageFormat, ImageReader, Limits};

/// Dots of a printed picture on an inch of paper. Scans of more than this show no more.
pub const MASTER_DPI: u32 = 300;

/// A0 at 300 dots, and a little more: no picture is decoded that is larger.
const PIXELS_MAX: u32 = 14_400;
const BYTES_MAX: u64 = 256 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Damaged, of another kind, or larger than 14400 pixels or 256 MiB.
    #[error("the picture cannot be read: {0}")]
    Unreadable(#[from] image::ImageError),
}

/// A picture in grey or colour, as PNG. Clones share the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    png: Arc<[u8]>,
    width: u32,
    height: u32,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} x {})", self.width, self.height)
    }
}

impl Picture {
    /// Keeps these pixels: grey when they are, in colour otherwise.
    ///
    /// # Errors
    /// When they cannot be written as PNG.
    pub fn of(pixels: &DynamicImage) -> Result<Self, PictureError> {
        let (width, height) = (pixels.width(), pixels.height());
        let mut png = Vec::new();
        let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Up);
        if pixels.color().has_color() {
            let rgb = pixels.to_rgb8();
            encoder.write_image(&rgb, width, height, image::ExtendedColorType::Rgb8)?;
        } else {
            let grey = pixels.to_luma8();
            encoder.write_image(&grey, width, height, image::ExtendedColorType::L8)?;
        }
        Ok(Self { png: png.into(), width, height })
    }

    /// Reads a PNG or JPEG file from anywhere.
    ///
    /// # Errors
    /// When it is damaged, of another kind, or too large.
    pub fn read(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, PictureError> {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(PIXELS_MAX);
        limits.max_image_height = Some(PIXELS_MAX);
        limits.max_alloc = Some(BYTES_MAX);
        reader.limits(limits);
        Ok(reader.decode()?)
    }

    /// Pixels across and down, [`MASTER_DPI`] an inch.
    #[must_use]
    pub fn dimensions(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// As a PNG file.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        &self.png
    }

    /// The pixels.
    ///
    /// # Errors
    /// Never for what [`Picture::of`] has written.
    pub fn pixels(&self) -> Result<DynamicImage, PictureError> {
        Self::read(&self.png, ImageFormat::Png)
    }

    /// A small copy for a panel, so many pixels high.
    ///
    /// # Errors
    /// Never for what [`Picture::of`] has written.
    pub fn thumbnail(&self, height: u32) -> Result<Self, PictureError> {
        Self::of(&self.pixels()?.thumbnail(height, height))
    }
}

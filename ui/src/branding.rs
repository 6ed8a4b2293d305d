//! Whether the town hall's settings can be used for pages that everybody can read.
//!
//! Contrast is that of WCAG 2.2 (relative luminance); text on the action colour has at least 7:1 (1.4.6).
use std::io::Cursor;

use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

use crate::view::Branding;

/// The blue of the pages where the town hall has set no other colour, or one that cannot be read.
pub const DEFAULT_ACTION_COLOUR: u32 = 0x000B_4A6F;

/// Widest and highest shield that is taken, in pixels.
const LARGEST_SHIELD: u32 = 2048;

/// Why a setting cannot be used; the pages use their own instead.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BrandingFault {
    /// The colour is too light.
    #[error(
        "the action colour #{colour:06X} has a contrast of {contrast:.1}:1 on white; at least 7:1 is needed for \
         letters to be read: choose a darker one"
    )]
    Contrast {
        /// The colour.
        colour: u32,
        /// Its contrast on white.
        contrast: f64,
    },
    /// Not a colour.
    #[error("the action colour {0:#X} is not of the form 0xRRGGBB")]
    NotAColour(u32),
    /// The shield is not a picture that can be used.
    #[error(
        "the shield cannot be used ({0}): give a PNG with 8 bits a channel, {LARGEST_SHIELD} pixels at most"
    )]
    Shield(String),
    /// No name.
    #[error("the name of the town hall is empty")]
    NoName,
}

impl Branding {
    /// What in these settings cannot be used; nothing if all is well. For the check at the start.
    #[must_use]
    pub fn check(&self) -> Vec<BrandingFault> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push(BrandingFault::NoName);
        }
        faults.extend(check_colour(self.action_colour).err());
        if let Some(png) = &self.shield_png {
            faults.extend(shield(png).err());
        }
        faults
    }
}

/// A colour that white letters can be read on.
fn check_colour(colour: u32) -> Result<(), BrandingFault> {
    if colour > 0x00FF_FFFF {
        return Err(BrandingFault::NotAColour(colour));
    }
    let contrast = contrast(colour, 0x00FF_FFFF);
    if contrast < 7.0 { Err(BrandingFault::Contrast { colour, contrast }) } else { Ok(()) }
}

/// The colour to use: the town hall's if it can be read, else our own.
pub(crate) fn usable_colour(branding: &Branding) -> u32 {
    match check_colour(branding.action_colour) {
        Ok(()) => branding.action_colour,
        Err(fault) => {
            tracing::warn!("{fault}");
            DEFAULT_ACTION_COLOUR
        }
    }
}

/// Red, green and blue of `0xRRGGBB`.
pub(crate) fn channels(colour: u32) -> [u8; 3] {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue]
}

/// Contrast of two colours, 1 to 21.
#[must_use]
pub fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: u32) -> f64 {
    let [red, green, blue] = channels(colour).map(|channel| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The shield as a picture.
pub(crate) fn shield(bytes: &[u8]) -> Result<Image, BrandingFault> {
    let fault = |reason: String| BrandingFault::Shield(reason);
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 32 << 20 });
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(|error| fault(error.to_string()))?;
    let (width, height) = (reader.info().width, reader.info().height);
    if width == 0 || height == 0 || width > LARGEST_SHIELD || height > LARGEST_SHIELD {
        return Err(fault(format!("{width} by {height} pixels")));
    }
    let size = reader.output_buffer_size().ok_or_else(|| fault("too large".to_owned()))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|error| fault(error.to_string()))?;
    let pixels = pixels.get(..frame.buffer_size()).unwrap_or_default();
    let mut picture = SharedPixelBuffer::<Rgba8Pixel>::new(width, height);
    let target = picture.make_mut_slice().iter_mut();
    match frame.color_type {
        png::ColorType::Rgba => {
            for (pixel, from) in target.zip(pixels.chunks_exact(4)) {
                if let [r, g, b, a] = *from {
                    *pixel = Rgba8Pixel { r, g, b, a };
                }
            }
        }
        png::ColorType::GrayscaleAlpha => {
            for (pixel, from) in target.zip(pixels.chunks_exact(2)) {
                if let [grey, a] = *from {
                    *pixel = Rgba8Pixel { r: grey, g: grey, b: grey, a };
                }
            }
        }
        other => return Err(fault(format!("colour type {other:?}"))),
    }
    Ok(Image::from_rgba8(picture))
}

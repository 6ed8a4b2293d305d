//! Copying rectangles of an XRGB8888 frame into a buffer of the device. Pure: bytes in, bytes out.
use crate::region::Rect;

/// Where a colour sits in a pixel, as the frame buffer API tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitField {
    /// The lowest bit.
    pub offset: u32,
    /// How many bits; at most 8 are used.
    pub length: u32,
}

/// How a device stores a pixel: 2 or 4 bytes, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelLayout {
    bytes: usize,
    red: BitField,
    green: BitField,
    blue: BitField,
}

/// A layout that cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("pixels of {bits} bits with the colours at {red:?}, {green:?}, {blue:?} cannot be drawn")]
pub struct PixelError {
    bits: u32,
    red: BitField,
    green: BitField,
    blue: BitField,
}

impl PixelLayout {
    /// What DRM calls XRGB8888, and what frames are made of.
    pub const XRGB8888: PixelLayout = PixelLayout {
        bytes: 4,
        red: BitField { offset: 16, length: 8 },
        green: BitField { offset: 8, length: 8 },
        blue: BitField { offset: 0, length: 8 },
    };

    /// A layout of `bits` (16 or 32) a pixel; an error when a colour does not fit in it.
    pub fn new(bits: u32, red: BitField, green: BitField, blue: BitField) -> Result<PixelLayout, PixelError> {
        let bytes = match bits {
            16 => 2,
            32 => 4,
            _ => return Err(PixelError { bits, red, green, blue }),
        };
        let fits = |field: BitField| {
            (1..=8).contains(&field.length)
                && field.offset.checked_add(field.length).is_some_and(|end| end <= bits)
        };
        if fits(red) && fits(green) && fits(blue) {
            Ok(PixelLayout { bytes, red, green, blue })
        } else {
            Err(PixelError { bits, red, green, blue })
        }
    }

    /// Bytes a pixel.
    pub fn bytes(self) -> usize {
        self.bytes
    }

    /// An XRGB8888 pixel in this layout; the low bits of a colour are dropped where there is less room.
    pub fn pack(self, pixel: u32) -> u32 {
        let put =
            |shift: u32, field: BitField| ((pixel >> shift & 0xff) >> (8 - field.length)) << field.offset;
        put(16, self.red) | put(8, self.green) | put(0, self.blue)
    }
}

/// The geometry of a buffer of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surface {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Bytes from a row to the next.
    pub stride: usize,
    /// Bytes before the first pixel.
    pub offset: usize,
    /// How a pixel is stored.
    pub layout: PixelLayout,
}

impl Surface {
    /// The bytes a buffer must have for this surface; `None` when the numbers are nonsense.
    pub fn needed(&self) -> Option<usize> {
        let row = usize::try_from(self.size.0).ok()?.checked_mul(self.layout.bytes())?;
        if self.stride < row || self.size.0 == 0 || self.size.1 == 0 {
            return None;
        }
        let rows = usize::try_from(self.size.1).ok()?.checked_sub(1)?;
        rows.checked_mul(self.stride)?.checked_add(row)?.checked_add(self.offset)
    }

    /// Copies `rect` of `frame` to the same place of `buffer`. What lies outside of either is left out.
    pub fn copy(&self, frame: &[u32], buffer: &mut [u8], rect: Rect) {
        let rect = rect.clipped(self.size);
        if rect.is_empty() {
            return;
        }
        let (width, left) = (self.size.0 as usize, rect.x as usize);
        let (columns, bytes) = (rect.width as usize, self.layout.bytes());
        let rows = frame
            .chunks_exact(width)
            .zip(buffer.get_mut(self.offset..).unwrap_or_default().chunks_mut(self.stride));
        for (source, target) in rows.skip(rect.y as usize).take(rect.height as usize) {
            let source = source.get(left..left + columns).unwrap_or_default();
            let target = target.get_mut(left * bytes..(left + columns) * bytes).unwrap_or_default();
            self.copy_row(source, target);
        }
    }

    fn copy_row(&self, source: &[u32], target: &mut [u8]) {
        if self.layout == PixelLayout::XRGB8888 {
            for (to, from) in target.chunks_exact_mut(4).zip(source) {
                to.copy_from_slice(&from.to_le_bytes());
            }
        } else if self.layout.bytes() == 4 {
            for (to, from) in target.chunks_exact_mut(4).zip(source) {
                to.copy_from_slice(&self.layout.pack(*from).to_le_bytes());
            }
        } else {
            for (to, from) in target.chunks_exact_mut(2).zip(source) {
                // A layout of 16 bits packs into the low half.
                to.copy_from_slice(&(self.layout.pack(*from) as u16).to_le_bytes());
            }
        }
    }
}

//! Dots as JPEG (ITU-T T.81, JFIF 1.02): baseline, 8 bits, grey or YCbCr with every channel at full resolution, the
//! scan's density, and nothing else in the file.
use std::io::{self, Write};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder, PixelDensity};
use image::{ColorType, ExtendedColorType, ImageDecoder};

use super::DigitisationError;

/// Each try is so much lower.
const STEP: u8 = 10;

/// Dots of one or three channels, rows without padding.
#[derive(Clone, Copy)]
pub(super) struct Dots<'a> {
    pub width: u32,
    pub height: u32,
    pub channels: u8,
    pub dpi: u16,
    pub pixels: &'a [u8],
}

/// Encodes in the quality that is wanted; in a lower one, down to `lowest`, where it would not fit. With the quality.
pub(super) fn fitting(
    dots: Dots<'_>,
    wanted: u8,
    lowest: u8,
    most_bytes: usize,
) -> Result<(Vec<u8>, u8), DigitisationError> {
    let mut quality = wanted;
    loop {
        match encode(dots, quality, most_bytes)? {
            Some(jpeg) => return Ok((jpeg, quality)),
            None if quality > lowest => quality = quality.saturating_sub(STEP).max(lowest),
            None => return Err(DigitisationError::PageTooLarge { page: 0, limit: most_bytes }),
        }
    }
}

/// Encodes; none when it would have more bytes than that.
fn encode(dots: Dots<'_>, quality: u8, most_bytes: usize) -> Result<Option<Vec<u8>>, DigitisationError> {
    let colours = if dots.channels == 3 { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
    // The library would panic.
    let bytes = u64::from(dots.width) * u64::from(dots.height) * u64::from(dots.channels);
    if bytes != dots.pixels.len() as u64 {
        return Err(DigitisationError::Fault("picture"));
    }
    // Text and paper need about one byte for twelve dots: seldom does it grow, and then once.
    let mut sink = Bounded {
        bytes: Vec::with_capacity((dots.pixels.len() / 24).min(most_bytes)),
        most_bytes,
        full: false,
    };
    let mut encoder = JpegEncoder::new_with_quality(&mut sink, quality);
    encoder.set_pixel_density(PixelDensity::dpi(dots.dpi));
    let done = encoder.encode(dots.pixels, dots.width, dots.height, colours);
    match done {
        Ok(()) => {
            sink.bytes.shrink_to_fit();
            Ok(Some(sink.bytes))
        }
        Err(_) if sink.full => Ok(None),
        Err(_) => Err(DigitisationError::Fault("picture")),
    }
}

/// A buffer that does not grow without end.
struct Bounded {
    bytes: Vec<u8>,
    most_bytes: usize,
    full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most_bytes {
            self.full = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The dots of a JPEG of ours: width, height, channels, pixels.
pub(super) fn decode(jpeg: &[u8]) -> Result<(u32, u32, u8, Vec<u8>), DigitisationError> {
    let fault = |_| DigitisationError::Fault("picture");
    let decoder = JpegDecoder::new(io::Cursor::new(jpeg)).map_err(fault)?;
    let (width, height) = decoder.dimensions();
    let channels = match decoder.color_type() {
        ColorType::L8 => 1,
        ColorType::Rgb8 => 3,
        _ => return Err(DigitisationError::Fault("picture")),
    };
    let bytes = usize::try_from(decoder.total_bytes()).map_err(|_| DigitisationError::Fault("picture"))?;
    let mut pixels = vec![0; bytes];
    decoder.read_image(&mut pixels).map_err(fault)?;
    Ok((width, height, channels, pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(channels: u8) -> Vec<u8> {
        let mut random = fastrand::Rng::with_seed(7);
        (0..64 * 48 * usize::from(channels)).map(|_| random.u8(..)).collect()
    }

    #[test]
    fn it_is_baseline_with_the_scans_density_and_nothing_beside_the_picture() {
        for (channels, components) in [(1, 1), (3, 3)] {
            let pixels = noise(channels);
            let dots = Dots { width: 64, height: 48, channels, dpi: 300, pixels: &pixels };
            let (jpeg, quality) = fitting(dots, 80, 50, 1 << 20).unwrap();
            assert_eq!(quality, 80);
            // JFIF 1.02, inches, 300 by 300, no thumbnail.
            assert_eq!(jpeg[..20], *b"\xFF\xD8\xFF\xE0\x00\x10JFIF\0\x01\x02\x01\x01\x2C\x01\x2C\0\0");
            let mut markers = Vec::new();
            let mut at = 2;
            while jpeg[at + 1] != 0xDA {
                markers.push(jpeg[at + 1]);
                at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
            }
            // APP0, a baseline frame, quantisation and Huffman tables: no Exif, no Adobe, no profile, no comment.
            assert!(markers.iter().all(|marker| [0xE0, 0xC0, 0xDB, 0xC4].contains(marker)), "{markers:X?}");
            let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
            assert_eq!(jpeg[frame + 9], components);
            // No channel is made smaller.
            assert!((0..usize::from(components)).all(|it| jpeg[frame + 11 + 3 * it] == 0x11));
            let (width, height, same, back) = decode(&jpeg).unwrap();
            assert_eq!((width, height, same, back.len()), (64, 48, channels, pixels.len()));
        }
    }

    #[test]
    fn what_does_not_fit_is_made_coarser_down_to_the_floor_and_no_further() {
        let pixels = noise(3);
        let dots = Dots { width: 64, height: 48, channels: 3, dpi: 300, pixels: &pixels };
        let best = encode(dots, 80, 1 << 20).unwrap().unwrap().len();
        let (smaller, quality) = fitting(dots, 80, 50, best - 1).unwrap();
        assert!(smaller.len() < best && (50..80).contains(&quality));
        let worst = encode(dots, 50, 1 << 20).unwrap().unwrap().len();
        assert_eq!(
            fitting(dots, 80, 50, worst - 1).err(),
            Some(DigitisationError::PageTooLarge { page: 0, limit: worst - 1 })
        );
        assert_eq!(fitting(dots, 80, 50, worst).unwrap().1, 50);
    }

    #[test]
    fn dots_of_another_number_than_the_size_are_an_error() {
        let dots = Dots { width: 64, height: 48, channels: 3, dpi: 300, pixels: &[0; 7] };
        assert_eq!(encode(dots, 80, 1 << 20).err(), Some(DigitisationError::Fault("picture")));
    }
}

//! Pictures of the display: dumped by QEMU as PPM (quick for the guest), encoded here as PNG when somebody looks.
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::Qmp;

/// Largest side of a display that is believed.
const MAX_SIDE: u32 = 8192;

/// A picture of the display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue of each pixel, by rows.
    pub rgb: Vec<u8>,
}

impl Screen {
    /// Takes one; `folder` is where QEMU puts it on its way.
    pub(super) async fn dump(qmp: &Qmp, folder: &Path) -> Result<Screen> {
        let path = folder.join("screen.ppm");
        qmp.execute("screendump", json!({"filename": path.to_string_lossy()})).await?;
        Screen::from_ppm(&tokio::fs::read(&path).await?)
    }

    fn from_ppm(ppm: &[u8]) -> Result<Screen> {
        let mut rest = ppm;
        let mut word = || -> Result<&str> {
            let end = rest.iter().position(u8::is_ascii_whitespace).context("the picture has no header")?;
            let (word, tail) = rest.split_at(end);
            rest = &tail[1..];
            Ok(std::str::from_utf8(word)?)
        };
        if word()? != "P6" {
            bail!("the picture is no PPM");
        }
        let (width, height): (u32, u32) = (word()?.parse()?, word()?.parse()?);
        word()?;
        if width > MAX_SIDE || height > MAX_SIDE || rest.len() != (width * height * 3) as usize {
            bail!("a picture of {width} x {height} with {} bytes", rest.len());
        }
        Ok(Screen { width, height, rgb: rest.to_vec() })
    }

    /// As PNG, quick rather than small.
    pub fn png(&self) -> Result<Vec<u8>> {
        let mut out = Cursor::new(Vec::new());
        let mut encoder = png::Encoder::new(&mut out, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(out.into_inner())
    }

    /// The colour of a pixel; `None` outside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        if x >= self.width {
            return None;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        self.rgb.get(at..at + 3)?.try_into().ok()
    }

    /// How many pixels are another colour than what was painted (0x00RRGGBB each, by rows), by more than `most` in one of
    /// red, green and blue. Pixels that nobody knows (`true`) do not count; those beyond either list are known.
    pub fn differing(&self, painted: &[u32], unknown: &[bool], most: u8) -> usize {
        let unknown = unknown.iter().copied().chain(std::iter::repeat(false));
        let pixels = self.rgb.as_chunks::<3>().0.iter().zip(painted).zip(unknown);
        let differs = |seen: &[u8; 3], painted: u32| {
            let [_, of @ ..] = painted.to_be_bytes();
            seen.iter().zip(of).any(|(one, other)| one.abs_diff(other) > most)
        };
        pixels.filter(|((seen, painted), unknown)| !unknown && differs(seen, **painted)).count()
    }

    /// How many different colours there are, up to `most`: one for a blank screen.
    pub fn colours(&self, most: usize) -> usize {
        let mut seen = std::collections::BTreeSet::new();
        for pixel in self.rgb.chunks_exact(3) {
            if seen.insert(pixel) && seen.len() >= most {
                break;
            }
        }
        seen.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_becomes_pixels_and_a_png() {
        let screen = Screen::from_ppm(b"P6\n2 1\n255\n\x01\x02\x03\xff\x00\xff").unwrap();
        assert_eq!((screen.pixel(0, 0), screen.pixel(1, 0)), (Some([1, 2, 3]), Some([255, 0, 255])));
        assert_eq!((screen.pixel(2, 0), screen.pixel(0, 1)), (None, None));
        assert_eq!(&screen.png().unwrap()[1..4], b"PNG");
    }

    #[test]
    fn what_was_painted_is_compared_where_it_is_known() {
        let screen = Screen { width: 3, height: 1, rgb: vec![1, 2, 3, 255, 0, 255, 9, 9, 9] };
        assert_eq!(screen.differing(&[0x010203, 0xff00ff, 0x090909], &[], 0), 0);
        assert_eq!(screen.differing(&[0x010209, 0xff00ff, 0x190909], &[], 5), 2);
        assert_eq!(screen.differing(&[0x010209, 0xff00ff, 0x190909], &[], 6), 1);
        assert_eq!(screen.differing(&[0x010209, 0xff00ff, 0x190909], &[true], 0), 1);
    }

    #[test]
    fn a_torn_dump_is_an_error() {
        for torn in [&b"P6\n2 1\n255\n\x01"[..], b"P6\n2", b"P5\n1 1\n255\n\0\0\0", b"P6\n99999 99999\n255\n"]
        {
            assert!(Screen::from_ppm(torn).is_err());
        }
    }
}

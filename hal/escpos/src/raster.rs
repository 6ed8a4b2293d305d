//! Raster images, `GS v 0`: one bit a dot, rows of whole bytes, the most significant bit at the left, 1 is black.
//!
//! An image is sent in short bands, each a command of its own, so that a paper end never leaves the printer waiting
//! for the rest of a tall one and taking the next text as dots. Printers look for real-time commands inside image
//! data too; a band that holds one gets a dot more.

/// Most rows of one band, whatever its width.
pub const BAND_ROWS: usize = 128;
/// The second bytes of real-time commands after DLE (0x10): EOT, ENQ, DC4.
const REAL_TIME: [u8; 3] = [0x04, 0x05, 0x14];
const DLE: u8 = 0x10;
/// Bytes of the header of a band.
const HEADER: usize = 8;

/// A black and white image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    row_bytes: usize,
    rows: Vec<u8>,
}

impl Bitmap {
    /// A white image of `width` × `height` dots.
    pub fn new(width: usize, height: usize) -> Bitmap {
        let row_bytes = width.div_ceil(8).max(1);
        Bitmap { row_bytes, rows: vec![0; row_bytes * height] }
    }

    /// Blackens a dot; dots outside are left out.
    pub fn set(&mut self, x: usize, y: usize) {
        if x / 8 < self.row_bytes
            && let Some(byte) = self.rows.get_mut(y * self.row_bytes + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// The image as commands, each complete in itself and, where a row leaves room, of at most `limit` bytes.
    pub fn bands(&self, limit: usize) -> Vec<Vec<u8>> {
        let rows = (limit.saturating_sub(HEADER) / self.row_bytes).clamp(1, BAND_ROWS);
        self.rows.chunks(rows * self.row_bytes).map(|data| band(self.row_bytes, data)).collect()
    }
}

/// Whole rows as one command. Their number is below 256, so that no byte of the header is part of a real-time command.
pub fn band(row_bytes: usize, rows: &[u8]) -> Vec<u8> {
    let [x_low, x_high, ..] = row_bytes.to_le_bytes();
    let [y_low, y_high, ..] = (rows.len() / row_bytes.max(1)).to_le_bytes();
    let mut band = vec![0x1D, b'v', b'0', 0, x_low, x_high, y_low, y_high];
    band.extend_from_slice(rows);
    break_real_time(&mut band);
    band
}

/// Gives the DLE of each real-time sequence a second dot. The header cannot hold one: its only free bytes are a width
/// and a height, each followed by a zero.
fn break_real_time(band: &mut [u8]) {
    let mut following = 0;
    for byte in band.iter_mut().skip(HEADER).rev() {
        if *byte == DLE && REAL_TIME.contains(&following) {
            *byte |= 0x08;
        }
        following = *byte;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holds_real_time(bytes: &[u8]) -> bool {
        bytes.windows(2).any(|pair| pair[0] == DLE && REAL_TIME.contains(&pair[1]))
    }

    proptest! {
        #[test]
        fn bands_are_as_long_as_they_say_and_hold_no_real_time_command(
            row_bytes in 1..80_usize,
            rows in prop::collection::vec(prop::sample::select(vec![0_u8, 0x10, 4, 5, 0x14, 0xFF]), 0..6000),
        ) {
            let height = rows.len() / row_bytes;
            let bitmap = Bitmap { row_bytes, rows: rows[..height * row_bytes].to_vec() };
            let mut seen = 0;
            for band in bitmap.bands(512) {
                prop_assert!(band.len() <= 512);
                let x = usize::from(band[4]) | usize::from(band[5]) << 8;
                let y = usize::from(band[6]) | usize::from(band[7]) << 8;
                prop_assert_eq!(x * y, band.len() - HEADER);
                prop_assert!(y <= BAND_ROWS);
                prop_assert!(!holds_real_time(&band));
                let changed = band[HEADER..].iter().zip(&rows[seen * x..]).filter(|(a, b)| a != b);
                prop_assert!(changed.clone().all(|(a, b)| *b == DLE && *a == DLE | 0x08));
                seen += y;
            }
            prop_assert_eq!(seen, height);
        }
    }

    #[test]
    fn dots_are_counted_from_the_left() {
        let mut bitmap = Bitmap::new(12, 2);
        bitmap.set(0, 0);
        bitmap.set(11, 1);
        bitmap.set(16, 0);
        bitmap.set(0, 2);
        assert_eq!(bitmap.bands(512), [b"\x1dv0\0\x02\0\x02\0\x80\x00\x00\x10".to_vec()]);
    }
}

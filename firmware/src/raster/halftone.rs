//! Grey becomes dots. A thermal head knows black and white only.
//!
//! Text and lines must stay sharp and codes readable, while photos and tinted fills need a screen: what is pure stays
//! pure; grey between black and white is an edge and goes to the nearer one; thin grey lines and letters become solid;
//! only the rest is screened, by spreading the error of each dot over its neighbours (Floyd and Steinberg).

/// Darker is black, lighter is white, without further thought.
const BLACK: u8 = 40;
const WHITE: u8 = 250;
/// An edge has both of these within one dot.
const DARK: u8 = 64;
const LIGHT: u8 = 192;
/// Strokes thinner than this many dots (1 mm) and darker than this grey are solid.
const THIN: u8 = 8;
const STROKE: u8 = 160;
/// Lighter than this is the ground between strokes.
const GROUND: u8 = 235;

/// A page in grey: 0 is black.
pub(super) struct Grey {
    /// Dots across.
    pub width: usize,
    /// Row after row.
    pub dots: Vec<u8>,
}

impl Grey {
    fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width { self.dots.get(y * self.width + x).copied().unwrap_or(255) } else { 255 }
    }

    /// Rows of bits, the most significant at the left, 1 is black.
    pub fn bits(&self) -> Bits {
        let row_bytes = self.width.div_ceil(8);
        let height = self.dots.len() / self.width.max(1);
        let mut bits = Bits { width: self.width, row_bytes, rows: vec![0; row_bytes * height] };
        let mut errors = vec![0_i32; self.width + 2];
        let mut below = vec![0_i32; self.width + 2];
        for y in 0..height {
            let row = self.dots.get(y * self.width..(y + 1) * self.width).unwrap_or_default();
            let screened = row.iter().any(|grey| (BLACK..WHITE).contains(grey));
            for (x, &grey) in row.iter().enumerate() {
                let black = match grey {
                    0..BLACK => true,
                    WHITE.. => false,
                    _ => match self.line_art(x, y, grey) {
                        Some(black) => black,
                        None => screen(x, grey, &mut errors, &mut below),
                    },
                };
                if black && let Some(byte) = bits.rows.get_mut(y * row_bytes + x / 8) {
                    *byte |= 0x80 >> (x % 8);
                }
            }
            std::mem::swap(&mut errors, &mut below);
            if screened || below.iter().any(|error| *error != 0) {
                below.fill(0);
            }
        }
        bits
    }

    /// Black or white for an edge or a thin stroke; none for a tone.
    fn line_art(&self, x: usize, y: usize, grey: u8) -> Option<bool> {
        let (mut dark, mut light) = (false, false);
        for near_y in y.saturating_sub(1)..=y + 1 {
            for near_x in x.saturating_sub(1)..=x + 1 {
                let near = self.at(near_x, near_y);
                dark |= near <= DARK;
                light |= near >= LIGHT;
            }
        }
        if dark && light {
            return Some(grey < 128);
        }
        let thin = grey < STROKE
            && (self.run(x, y, true) <= usize::from(THIN) || self.run(x, y, false) <= usize::from(THIN));
        thin.then_some(true)
    }

    /// Dots in a line through this one that are not ground, counted as far as they matter.
    fn run(&self, x: usize, y: usize, across: bool) -> usize {
        let stroke = |step: usize, forward: bool| {
            let place = |from: usize| if forward { from.checked_add(step) } else { from.checked_sub(step) };
            let spot = if across { place(x).map(|x| (x, y)) } else { place(y).map(|y| (x, y)) };
            spot.is_some_and(|(x, y)| self.at(x, y) < GROUND)
        };
        let most = usize::from(THIN) + 1;
        let side = |forward| (1..=most).take_while(|step| stroke(*step, forward)).count();
        1 + side(true) + side(false)
    }
}

fn screen(x: usize, grey: u8, errors: &mut [i32], below: &mut [i32]) -> bool {
    let wanted = i32::from(grey) + errors.get(x + 1).copied().unwrap_or(0) / 16;
    let black = wanted < 128;
    let error = wanted - if black { 0 } else { 255 };
    for (row, place, share) in [(0, x + 2, 7), (1, x, 3), (1, x + 1, 5), (1, x + 2, 1)] {
        let row = if row == 0 { &mut *errors } else { &mut *below };
        if let Some(slot) = row.get_mut(place) {
            *slot += error * share;
        }
    }
    black
}

/// Rows of dots.
pub(super) struct Bits {
    /// Dots across.
    pub width: usize,
    row_bytes: usize,
    rows: Vec<u8>,
}

impl Bits {
    /// The columns between which there is ink: from the first, to behind the last.
    pub fn ink(&self) -> Option<(usize, usize)> {
        let mut columns = vec![0_u8; self.row_bytes];
        for row in self.rows.chunks_exact(self.row_bytes.max(1)) {
            columns.iter_mut().zip(row).for_each(|(column, byte)| *column |= byte);
        }
        let inked = |x: &usize| columns.get(x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0);
        let first = (0..self.width).find(inked)?;
        let last = (0..self.width).rev().find(inked)?;
        Some((first, last + 1))
    }

    /// The rows as a head of `dots` dots prints them, whose first dot lies over column `left`.
    pub fn under_head(&self, dots: usize, left: i32) -> Vec<u8> {
        let head_bytes = dots.div_ceil(8);
        let height = self.rows.len() / self.row_bytes.max(1);
        let mut out = vec![0; head_bytes * height];
        let from = i64::from(left);
        for (row, head) in
            self.rows.chunks_exact(self.row_bytes.max(1)).zip(out.chunks_exact_mut(head_bytes.max(1)))
        {
            if row.iter().all(|byte| *byte == 0) {
                continue;
            }
            for x in 0..dots {
                let Ok(source) = usize::try_from(from + x as i64) else { continue };
                let black = source < self.width
                    && row.get(source / 8).is_some_and(|byte| byte & (0x80 >> (source % 8)) != 0);
                if black && let Some(byte) = head.get_mut(x / 8) {
                    *byte |= 0x80 >> (x % 8);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, dots: &[u8]) -> Grey {
        Grey { width, dots: dots.to_vec() }
    }

    fn share(bits: &Bits) -> f64 {
        let black: u32 = bits.rows.iter().map(|byte| byte.count_ones()).sum();
        f64::from(black) / (bits.width * bits.rows.len() / bits.row_bytes) as f64
    }

    #[test]
    fn a_tone_keeps_its_mean() {
        for tone in [60_u8, 100, 128, 180, 200, 230] {
            let bits = grey(200, &vec![tone; 200 * 200]).bits();
            let wanted = 1.0 - f64::from(tone) / 255.0;
            assert!((share(&bits) - wanted).abs() < 0.01, "{tone}: {} instead of {wanted}", share(&bits));
        }
    }

    #[test]
    fn black_and_white_pass_as_they_are_beside_a_tone() {
        let mut dots = vec![150_u8; 64 * 64];
        for y in 0..64 {
            for x in 0..64 {
                match x {
                    20..=29 => dots[y * 64 + x] = 0,
                    30..=39 => dots[y * 64 + x] = 255,
                    _ => {}
                }
            }
        }
        let bits = grey(64, &dots).bits();
        for row in bits.rows.chunks(8) {
            let bit = |x: usize| row[x / 8] & (0x80 >> (x % 8)) != 0;
            assert!((20..30).all(bit) && !(30..40).any(bit));
        }
    }

    #[test]
    fn grey_edges_and_thin_grey_strokes_are_solid() {
        // An edge: black, half grey, white.
        let edge = grey(4, &[0, 100, 255, 255, 0, 170, 255, 255]).bits();
        assert_eq!(edge.rows, [0b1100_0000, 0b1000_0000]);
        // A grey letter's stem on white.
        let mut stem = vec![255_u8; 40 * 3];
        for y in 0..3 {
            stem[y * 40 + 10..y * 40 + 14].fill(150);
        }
        assert_eq!(grey(40, &stem).bits().rows.chunks(5).next().unwrap(), [0, 0b0011_1100, 0, 0, 0]);
    }

    #[test]
    fn the_head_sees_its_own_columns_and_the_ink_is_measured() {
        let mut dots = vec![255_u8; 20 * 2];
        dots[5] = 0;
        dots[20 + 17] = 0;
        let bits = grey(20, &dots).bits();
        assert_eq!(bits.ink(), Some((5, 18)));
        assert_eq!(bits.under_head(16, 4), [0b0100_0000, 0, 0, 0b0000_0100]);
        assert_eq!(bits.under_head(8, -3), [0b0000_0000, 0]);
        assert_eq!(bits.under_head(16, -3), [0, 0b1000_0000, 0, 0]);
        assert_eq!(grey(20, &[255; 40]).bits().ink(), None);
    }
}

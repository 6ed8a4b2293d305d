//! What a scanner adds: softness, noise, coloured fringes, dust, dirt on the glass.
use hal_sane::RawPage;
use tiny_skia::Pixmap;

use super::Sheet;

/// A scanner with its faults.
#[derive(Clone, Copy, Debug)]
pub struct Scanner {
    /// Seed of all that is random.
    pub seed: u64,
    /// Deviation of the noise of each channel.
    pub noise: f32,
    /// The red and the blue picture are a third of a dot off, as of sensors that light their colours one after another.
    pub fringes: bool,
    /// Specks of dust.
    pub dust: usize,
    /// Dirt on the glass of the feeder: a line down the page, there.
    pub streak: Option<f32>,
}

impl Default for Scanner {
    fn default() -> Scanner {
        Scanner { seed: 1, noise: 5.0, fringes: true, dust: 0, streak: None }
    }
}

impl Scanner {
    /// The sheet as dots in colour.
    pub fn colour(&self, sheet: &Sheet) -> RawPage {
        let (width, height) = (sheet.pixels.width() as usize, sheet.pixels.height() as usize);
        let mut random = fastrand::Rng::with_seed(self.seed);
        let noise = self.table(&mut random);
        let mut pixels = Vec::with_capacity(width * height * 3);
        for row in sheet.pixels.data().chunks_exact(width * 4) {
            let start = random.usize(..noise.len() / 2);
            // What is left of the table is longer than any row.
            let mut noise = noise.iter().skip(start);
            for (x, dot) in row.chunks_exact(4).enumerate() {
                // Two thirds of this dot, one of the next at the right or left.
                let mix = |channel: usize, next: usize| {
                    ((2 * u16::from(dot[channel]) + u16::from(row[next * 4 + channel])) / 3) as u8
                };
                let red = if self.fringes { mix(0, (x + 1).min(width - 1)) } else { dot[0] };
                let blue = if self.fringes { mix(2, x.saturating_sub(1)) } else { dot[2] };
                for value in [red, dot[1], blue] {
                    let noise = noise.next().copied().unwrap_or_default();
                    pixels.push((i16::from(value) + i16::from(noise)).clamp(0, 255) as u8);
                }
            }
        }
        let mut page =
            RawPage { width: width as u32, height: height as u32, channels: 3, dpi: sheet.dpi, pixels };
        self.dirty(&mut page, &mut random);
        page
    }

    /// The sheet as dots in grey.
    pub fn grey(&self, sheet: &Sheet) -> RawPage {
        let page = self.colour(sheet);
        // A scanner's grey is its green.
        let pixels = page.pixels.chunks_exact(3).map(|dot| dot[1]).collect();
        RawPage { width: page.width, height: page.height, channels: 1, dpi: page.dpi, pixels }
    }

    /// Noise that is nearly normal: enough of it not to repeat visibly.
    fn table(&self, random: &mut fastrand::Rng) -> Vec<i8> {
        let value = |random: &mut fastrand::Rng| {
            let sum: f32 = (0..6).map(|_| random.f32() - 0.5).sum();
            // Six even values of one have a deviation of √(6/12).
            (sum * self.noise * std::f32::consts::SQRT_2).round() as i8
        };
        (0..199_999).map(|_| value(random)).collect()
    }

    fn dirty(&self, page: &mut RawPage, random: &mut fastrand::Rng) {
        let dots_mm = f32::from(page.dpi) / 25.4;
        let (width, height) = (page.width as usize, page.height as usize);
        let mut darken = |x: usize, y: usize, by: u8| {
            if x < width && y < height {
                let at = (y * width + x) * 3;
                page.pixels[at..at + 3].iter_mut().for_each(|value| *value = value.saturating_sub(by));
            }
        };
        for _ in 0..self.dust {
            let size = (random.f32() * 0.8 + 0.2) * dots_mm;
            let (left, top) = (random.usize(..width), random.usize(..height));
            let by = random.u8(40..160);
            for y in 0..size.ceil() as usize {
                for x in 0..size.ceil() as usize {
                    darken(left + x, top + y, by);
                }
            }
        }
        if let Some(at) = self.streak {
            let left = (at * dots_mm) as usize;
            for y in 0..height {
                (left..left + 2).for_each(|x| darken(x, y, 70));
            }
        }
    }
}

/// The picture in grey through a blurred glass: the mean of squares of that radius, twice.
pub(super) fn blurred(pixels: &Pixmap, radius: usize) -> Vec<u8> {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut grey: Vec<u8> = pixels.data().chunks_exact(4).map(|dot| dot[1]).collect();
    for _ in 0..2 {
        for row in grey.chunks_exact_mut(width) {
            let line = row.to_vec();
            mean(&line, radius, |x, value| row[x] = value);
        }
        for x in 0..width {
            let column: Vec<u8> = (0..height).map(|y| grey[y * width + x]).collect();
            mean(&column, radius, |y, value| grey[y * width + x] = value);
        }
    }
    grey
}

fn mean(line: &[u8], radius: usize, mut put: impl FnMut(usize, u8)) {
    let mut sum = 0_u32;
    for at in 0..line.len() + radius {
        sum += line.get(at).map_or(0, |value| u32::from(*value));
        let from = at.checked_sub(2 * radius + 1);
        sum -= from.and_then(|from| line.get(from)).map_or(0, |value| u32::from(*value));
        if let Some(middle) = at.checked_sub(radius) {
            let count = (at.min(line.len() - 1) + 1 - (middle.saturating_sub(radius))) as u32;
            put(middle, (sum / count) as u8);
        }
    }
}

//! A page with about a hundred dots an inch: what it is looked at with, and what the preview is drawn from.
//!
//! Each dot is the mean of a square of the page's, so that noise is averaged away while a line of a third of a
//! millimetre keeps its contrast.
use super::RawPage;

/// What is wanted; the next whole division of the page's own resolution is taken.
const DPI: u32 = 100;

/// One value a dot, row after row.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Plane {
    pub width: usize,
    pub height: usize,
    pub dots: Vec<u8>,
}

impl Plane {
    /// The dot there; beyond the edges that of the edge.
    pub fn at(&self, x: usize, y: usize) -> u8 {
        let (x, y) = (x.min(self.width.saturating_sub(1)), y.min(self.height.saturating_sub(1)));
        self.dots.get(y * self.width + x).copied().unwrap_or_default()
    }

    /// A row; none beyond the last.
    pub fn row(&self, y: usize) -> &[u8] {
        self.dots.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }
}

/// The value that this share (0 to 1) of the values do not exceed; none of nothing.
pub(super) fn percentile(values: impl Iterator<Item = u8>, share: f64) -> Option<u8> {
    let mut counts = [0_u32; 256];
    let mut all = 0_u32;
    for value in values {
        if let Some(count) = counts.get_mut(usize::from(value)) {
            *count += 1;
            all += 1;
        }
    }
    if all == 0 {
        return None;
    }
    let mut left = f64::from(all) * share;
    for (value, count) in (0..=u8::MAX).zip(counts) {
        left -= f64::from(count);
        if left <= 0.0 {
            return Some(value);
        }
    }
    Some(u8::MAX)
}

/// Dots of a page of this resolution on a side of one small dot.
pub(super) fn factor(dpi: u16) -> u32 {
    ((u32::from(dpi) + DPI / 2) / DPI).max(1)
}

/// The page made smaller.
pub(super) struct Small {
    pub width: usize,
    pub height: usize,
    /// 1 or 3.
    pub channels: usize,
    pub pixels: Vec<u8>,
    /// Of these dots on a millimetre.
    pub dots_mm: f64,
}

impl Small {
    /// Of a page that was checked.
    pub fn of(page: &RawPage) -> Small {
        let factor = factor(page.dpi);
        let dots_mm = f64::from(page.dpi) / f64::from(factor) / 25.4;
        let (factor, channels) = (factor as usize, usize::from(page.channels));
        let row_bytes = page.width as usize * channels;
        let width = (page.width as usize).div_ceil(factor);
        let height = (page.height as usize).div_ceil(factor);
        let mut pixels = Vec::with_capacity(width * height * channels);
        let mut sums = vec![0_u32; width * channels];
        for band in page.pixels.chunks(row_bytes.max(1) * factor) {
            sums.fill(0);
            for row in band.chunks_exact(row_bytes.max(1)) {
                for (block, sum) in row.chunks(factor * channels).zip(sums.chunks_exact_mut(channels)) {
                    add(block, sum);
                }
            }
            let rows = band.len() / row_bytes.max(1);
            let last = page.width as usize - (width - 1) * factor;
            for (at, sum) in sums.chunks_exact(channels).enumerate() {
                let columns = if at + 1 == width { last } else { factor };
                let dots = (columns * rows).max(1) as u32;
                pixels.extend(sum.iter().map(|sum| u8::try_from((sum + dots / 2) / dots).unwrap_or(255)));
            }
        }
        Small { width, height, channels, pixels, dots_mm }
    }

    /// As many dots as these millimetres have, at least one.
    pub fn millimetres(&self, millimetres: f64) -> usize {
        (millimetres * self.dots_mm).round().max(1.0) as usize
    }

    /// How bright each dot is.
    pub fn brightness(&self) -> Plane {
        self.plane(luma)
    }

    /// The darkest channel of each dot: coloured ink is as dark here as black.
    pub fn darkest(&self) -> Plane {
        self.plane(|dot| dot.iter().copied().min().unwrap_or_default())
    }

    fn plane(&self, value: impl Fn(&[u8]) -> u8) -> Plane {
        let dots = self.pixels.chunks_exact(self.channels).map(value).collect();
        Plane { width: self.width, height: self.height, dots }
    }

    /// The same in grey.
    pub fn into_grey(self) -> Small {
        let pixels = if self.channels == 1 { self.pixels } else { self.brightness().dots };
        Small { channels: 1, pixels, ..self }
    }
}

/// Adds the dots of one row of a square, channel by channel.
fn add(block: &[u8], sum: &mut [u32]) {
    match sum {
        [grey] => *grey += block.iter().map(|value| u32::from(*value)).sum::<u32>(),
        [red, green, blue] => {
            for dot in block.chunks_exact(3) {
                if let [r, g, b] = dot {
                    *red += u32::from(*r);
                    *green += u32::from(*g);
                    *blue += u32::from(*b);
                }
            }
        }
        _ => {}
    }
}

/// The brightness of a dot of one or three channels (ITU-R BT.601, as JPEG has it).
pub(super) fn luma(dot: &[u8]) -> u8 {
    match dot {
        [red, green, blue] => {
            let sum = u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114;
            u8::try_from((sum + 500) / 1000).unwrap_or(255)
        }
        [grey, ..] => *grey,
        [] => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_become_their_mean_also_at_the_edges() {
        let pixels = (0..5 * 4).map(|at| if at % 5 == 4 { 200 } else { 10 * (at / 5) as u8 }).collect();
        let page = RawPage { width: 5, height: 4, channels: 1, dpi: 200, pixels };
        let small = Small::of(&page);
        assert_eq!((small.width, small.height), (3, 2));
        assert_eq!(small.pixels, [5, 5, 200, 25, 25, 200]);
        assert!((small.dots_mm - 100.0 / 25.4).abs() < 1e-9);
    }

    #[test]
    fn colours_stay_apart() {
        let pixels = [[255, 0, 10], [253, 4, 20], [255, 0, 10], [253, 4, 20]].concat();
        let small = Small::of(&RawPage { width: 2, height: 2, channels: 3, dpi: 150, pixels });
        assert_eq!((small.width, small.height), (1, 1));
        assert_eq!(small.pixels, [254, 2, 15]);
        assert_eq!((small.brightness().dots, small.darkest().dots), (vec![79], vec![2]));
    }

    #[test]
    fn percentiles_are_values_that_are_there() {
        let values = [1_u8, 2, 3, 4, 250];
        assert_eq!(percentile(values.into_iter(), 0.5), Some(3));
        assert_eq!(percentile(values.into_iter(), 0.0), Some(0));
        assert_eq!(percentile(values.into_iter(), 1.0), Some(250));
        assert_eq!(percentile(std::iter::empty(), 0.5), None);
    }
}

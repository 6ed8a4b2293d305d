//! What is darker than the paper around it, and the pieces that it forms.
//!
//! The paper's brightness is measured place by place, so that yellowed, grey and unevenly lit paper are paper; how
//! much darker something must be follows from the noise of the scan.
use super::reduce::{Plane, Small, percentile};
use super::sheet::Sheet;

/// Side of the squares in which the paper's brightness is measured, in millimetres.
const TILE: f64 = 10.0;
/// In a square, this share of the dots is not brighter than the paper.
const PAPER: f64 = 0.8;
/// Darker squares than this share of the paper are no paper but pictures.
const DARKEST_PAPER: f64 = 0.75;
/// The least difference that begins a piece, and that which goes on with it; noise asks for more.
const SURE: f64 = 22.0;
const FAINT: f64 = 12.0;
/// The same, in deviations of the noise.
const SURE_NOISE: f64 = 6.0;
const FAINT_NOISE: f64 = 3.5;
/// Letters and words at most this far apart are one piece, in millimetres.
const JOINED: f64 = 0.75;
/// The border of the paper and the shadow of its edge, in millimetres.
pub(super) const RIM: f64 = 2.5;

/// How much darker than the paper each dot is, inside the paper.
pub(super) struct Ink {
    pub darkness: Plane,
    /// What certainly is ink.
    pub sure: u8,
    /// What is ink beside sure ink.
    pub faint: u8,
    pub dots_mm: f64,
}

impl Ink {
    /// Of the small image, inside the paper and off its rim.
    pub fn of(small: &Small, sheet: &Sheet) -> Ink {
        let image = small.darkest();
        let tile = small.millimetres(TILE);
        let ground = Ground::of(&image, sheet, tile);
        let noise = noise(&image, sheet, small.dots_mm);
        let mut dots = vec![0; image.dots.len()];
        for (y, row) in dots.chunks_exact_mut(image.width.max(1)).enumerate() {
            let inside = sheet.columns(y, RIM * small.dots_mm);
            let from = inside.start;
            for (x, dot) in row.get_mut(inside).unwrap_or_default().iter_mut().enumerate() {
                let x = from + x;
                *dot = ground.at(x, y).saturating_sub(image.at(x, y));
            }
        }
        let level = |least: f64, deviations: f64| least.max(deviations * noise).min(120.0) as u8;
        Ink {
            darkness: Plane { dots, ..image },
            sure: level(SURE, SURE_NOISE),
            faint: level(FAINT, FAINT_NOISE),
            dots_mm: small.dots_mm,
        }
    }

    /// Gives out each piece until one is enough; whether one was.
    pub fn any_piece(&self, mut enough: impl FnMut(&Piece) -> bool) -> bool {
        let (width, height) = (self.darkness.width, self.darkness.height);
        let reach = ((JOINED * self.dots_mm).round() as usize).max(1);
        let mut seen = vec![false; self.darkness.dots.len()];
        let mut waiting: Vec<u32> = Vec::new();
        for start in 0..seen.len() {
            if self.darkness.dots.get(start).is_none_or(|dot| *dot < self.sure)
                || seen.get_mut(start).is_none_or(|seen| std::mem::replace(seen, true))
            {
                continue;
            }
            let mut piece = Piece::new(start % width, start / width);
            waiting.extend(u32::try_from(start));
            while let Some(at) = waiting.pop() {
                let (x, y) = (at as usize % width, at as usize / width);
                piece.add(self, x, y);
                for near_y in y.saturating_sub(reach)..(y + reach + 1).min(height) {
                    for near_x in x.saturating_sub(reach)..(x + reach + 1).min(width) {
                        let near = near_y * width + near_x;
                        if self.darkness.at(near_x, near_y) >= self.faint
                            && seen.get_mut(near).is_some_and(|seen| !std::mem::replace(seen, true))
                        {
                            waiting.extend(u32::try_from(near));
                        }
                    }
                }
            }
            if enough(&piece) {
                return true;
            }
        }
        false
    }
}

/// As many dots of a piece are remembered: more than any punched hole has.
const REMEMBERED: usize = 4000;

/// Dots of ink that belong together.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Columns and rows from the first to the last.
    pub left: usize,
    pub right: usize,
    pub top: usize,
    pub bottom: usize,
    pub dots: usize,
    /// The darkest dot.
    pub peak: u8,
    /// How many dots have a slope of so many fours: the difference between the two neighbours of a dot.
    slopes: [u32; 64],
    /// The first of its dots, by their middles.
    places: Vec<(f64, f64)>,
}

/// A circle, and the root of the mean square of how far the dots are off it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circle {
    pub radius: f64,
    pub off: f64,
}

impl Piece {
    fn new(x: usize, y: usize) -> Piece {
        Piece { left: x, right: x, top: y, bottom: y, dots: 0, peak: 0, slopes: [0; 64], places: Vec::new() }
    }

    fn add(&mut self, ink: &Ink, x: usize, y: usize) {
        (self.left, self.right) = (self.left.min(x), self.right.max(x));
        (self.top, self.bottom) = (self.top.min(y), self.bottom.max(y));
        self.dots += 1;
        let dark = |x: usize, y: usize| ink.darkness.at(x, y);
        self.peak = self.peak.max(dark(x, y));
        let across = dark(x + 1, y).abs_diff(dark(x.saturating_sub(1), y));
        let down = dark(x, y + 1).abs_diff(dark(x, y.saturating_sub(1)));
        if let Some(count) = self.slopes.get_mut(usize::from(across.max(down) / 4)) {
            *count += 1;
        }
        if self.places.len() < REMEMBERED {
            self.places.push((x as f64 + 0.5, y as f64 + 0.5));
        }
    }

    /// The slope that this share of its dots reach: of one dot the noise alone may be steep.
    pub fn steep(&self, share: f64) -> f64 {
        let wanted = (self.dots as f64 * share).max(1.0);
        let mut reached = 0.0;
        for (fours, count) in (0..64_u8).zip(self.slopes).rev() {
            reached += f64::from(count);
            if reached >= wanted {
                return f64::from(4 * fours + 2);
            }
        }
        0.0
    }

    /// Dots across.
    pub fn width(&self) -> usize {
        self.right - self.left + 1
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.bottom - self.top + 1
    }

    /// The middle of its rectangle.
    pub fn middle(&self) -> (f64, f64) {
        ((self.left + self.right + 1) as f64 / 2.0, (self.top + self.bottom + 1) as f64 / 2.0)
    }

    /// The circle that its dots lie on, by least squares after Kåsa; none of a large piece.
    pub fn circle(&self) -> Option<Circle> {
        if self.places.len() < self.dots {
            return None;
        }
        let count = self.dots as f64;
        let mean = |value: &dyn Fn(f64, f64) -> f64| {
            self.places.iter().map(|(x, y)| value(*x, *y)).sum::<f64>() / count
        };
        let (mx, my) = (mean(&|x, _| x), mean(&|_, y| y));
        let square = |x: f64, y: f64| (x - mx).powi(2) + (y - my).powi(2);
        let (xx, yy) = (mean(&|x, _| (x - mx).powi(2)), mean(&|_, y| (y - my).powi(2)));
        let xy = mean(&|x, y| (x - mx) * (y - my));
        let (zx, zy) = (mean(&|x, y| square(x, y) * (x - mx)), mean(&|x, y| square(x, y) * (y - my)));
        let determinant = 2.0 * (xx * yy - xy * xy);
        let (x, y) = (mx + (zx * yy - zy * xy) / determinant, my + (zy * xx - zx * xy) / determinant);
        let radius = mean(&|px, py| (px - x).hypot(py - y));
        let off = mean(&|px, py| ((px - x).hypot(py - y) - radius).powi(2)).sqrt();
        off.is_finite().then_some(Circle { radius, off })
    }
}

/// The paper's brightness, square by square.
struct Ground {
    tiles: Plane,
    side: usize,
}

impl Ground {
    fn of(image: &Plane, sheet: &Sheet, side: usize) -> Ground {
        let (width, height) = (image.width.div_ceil(side), image.height.div_ceil(side));
        let inside: Vec<_> = (0..image.height).map(|y| sheet.columns(y, 0.0)).collect();
        let dots = |from: usize, to: usize, left: usize, right: usize| {
            (from..to.min(image.height)).zip(inside.get(from..).unwrap_or_default()).flat_map(
                move |(y, columns)| {
                    let columns = columns.start.max(left)..columns.end.min(right);
                    image.row(y).get(columns).unwrap_or_default().iter().copied()
                },
            )
        };
        let paper = percentile(dots(0, image.height, 0, image.width), PAPER).unwrap_or(u8::MAX);
        let darkest = (f64::from(paper) * DARKEST_PAPER) as u8;
        let mut tiles = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                let (top, left) = (row * side, column * side);
                let own = percentile(dots(top, top + side, left, left + side), PAPER);
                tiles.push(own.map_or(paper, |own| own.max(darkest)));
            }
        }
        Ground { tiles: Plane { width, height, dots: tiles }, side }
    }

    /// Between the middles of the squares.
    fn at(&self, x: usize, y: usize) -> u8 {
        let side = self.side;
        let place = |at: usize| {
            let from = at.saturating_sub(side / 2);
            (from / side, from % side)
        };
        let ((column, right), (row, below)) = (place(x), place(y));
        let value = |column, row| usize::from(self.tiles.at(column, row));
        let upper = value(column, row) * (side - right) + value(column + 1, row) * right;
        let lower = value(column, row + 1) * (side - right) + value(column + 1, row + 1) * right;
        let sum = upper * (side - below) + lower * below;
        u8::try_from(sum / (side * side)).unwrap_or(u8::MAX)
    }
}

/// The deviation of the noise: from the differences of neighbours, without those at the edges of ink.
fn noise(image: &Plane, sheet: &Sheet, dots_mm: f64) -> f64 {
    const EDGE: u8 = 24;
    let (mut sum, mut count) = (0_u64, 0_u64);
    for y in 0..image.height {
        let inside = image.row(y).get(sheet.columns(y, RIM * dots_mm)).unwrap_or_default();
        for pair in inside.windows(2) {
            if let [one, other] = pair
                && one.abs_diff(*other) < EDGE
            {
                sum += u64::from(one.abs_diff(*other));
                count += 1;
            }
        }
    }
    // The mean difference of two normal values is 2/√π of their deviation.
    if count == 0 { 0.0 } else { sum as f64 / count as f64 * 0.886 }
}

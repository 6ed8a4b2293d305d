//! Whether a page needs its colours.
//!
//! What counts is colour that differs from the paper's, over places of about three quarters of a millimetre: there the
//! noise of the scan cancels out, while a thin stroke of blue ink does not. Black letters have coloured fringes where
//! the sensor lights its colours one after another, of one colour at one side of a stroke and of its opposite at the
//! other: together with its neighbours such a place is grey, one of coloured ink is not. In doubt a page stays in
//! colour: that costs bytes, the other way a stamp.
use super::reduce::{Small, luma, percentile};
use super::sheet::Sheet;

/// Side of a place in millimetres.
const PLACE: f64 = 0.75;
/// Paper is what is at least as bright as this share of the dots are.
const PAPER: f64 = 0.7;
/// Difference of the largest and the smallest channel, against the paper, that is colour.
const COLOUR: f64 = 18.0;
/// The same, over a place and its eight neighbours.
const AROUND: f64 = 9.0;
/// Light places may be as much more yellow than the rest: paper ages unevenly.
const YELLOWED: f64 = 42.0;
const LIGHT: f64 = 0.6;
/// Paper of another tint than yellow is coloured paper from here, yellow paper from there.
const TINT: u8 = 26;
const YELLOW_TINT: u8 = 84;
/// So many places, in square millimetres, are more than coincidence.
const ENOUGH: f64 = 6.0;
/// Beside the edge of the paper its shadow is coloured, in millimetres.
const RIM: f64 = 1.5;

/// The mean colour of a place.
type Rgb = [f64; 3];

/// There is colour on the page, or it is coloured itself.
pub(super) fn is_coloured(small: &Small, sheet: &Sheet) -> bool {
    if small.channels != 3 {
        return false;
    }
    let side = small.millimetres(PLACE);
    let places = places(small, sheet, side);
    let Some(paper) = paper(&places) else { return false };
    if tinted(paper) {
        return true;
    }
    let square = (side as f64 / small.dots_mm).powi(2);
    let coloured = (0..places.height())
        .flat_map(|y| (0..places.width).map(move |x| (x, y)))
        .filter(|(x, y)| places.at(*x, *y).is_some_and(|place| differs(&place, paper)))
        .filter(|(x, y)| places.around(*x, *y).is_some_and(|mean| spread(against(&mean, paper)) >= AROUND));
    coloured.count() as f64 * square >= ENOUGH
}

/// The page in squares: those that are wholly inside the paper.
struct Places {
    width: usize,
    all: Vec<Option<Rgb>>,
}

impl Places {
    fn height(&self) -> usize {
        self.all.len() / self.width.max(1)
    }

    fn at(&self, x: usize, y: usize) -> Option<Rgb> {
        if x < self.width { self.all.get(y * self.width + x).copied().flatten() } else { None }
    }

    fn inside(&self) -> impl Iterator<Item = &Rgb> {
        self.all.iter().flatten()
    }

    /// The mean of a place and its neighbours.
    fn around(&self, x: usize, y: usize) -> Option<Rgb> {
        let (mut sum, mut count) = ([0.0; 3], 0.0);
        for near_y in y.saturating_sub(1)..=y + 1 {
            for place in (x.saturating_sub(1)..=x + 1).filter_map(|near_x| self.at(near_x, near_y)) {
                sum.iter_mut().zip(place).for_each(|(sum, value)| *sum += value);
                count += 1.0;
            }
        }
        (count > 0.0).then(|| sum.map(|sum| sum / count))
    }
}

fn places(small: &Small, sheet: &Sheet, side: usize) -> Places {
    let mut places = Vec::with_capacity(small.pixels.len() / (3 * side * side).max(1));
    let mut sums = vec![[0_u32; 3]; small.width / side];
    let inset = RIM * small.dots_mm;
    for (row, band) in small.pixels.chunks_exact((small.width * 3 * side).max(1)).enumerate() {
        sums.fill([0; 3]);
        for line in band.chunks_exact(small.width * 3) {
            for (square, sum) in line.chunks_exact(3 * side).zip(&mut sums) {
                for dot in square.chunks_exact(3) {
                    sum.iter_mut().zip(dot).for_each(|(sum, value)| *sum += u32::from(*value));
                }
            }
        }
        let inside = |y: usize| sheet.columns(y, inset);
        let (upper, lower) = (inside(row * side), inside(row * side + side - 1));
        let columns = upper.start.max(lower.start)..upper.end.min(lower.end);
        let count = (side * side) as f64;
        for (at, sum) in sums.iter().enumerate() {
            let inside = columns.start <= at * side && (at + 1) * side <= columns.end;
            places.push(inside.then(|| sum.map(|sum| f64::from(sum) / count)));
        }
    }
    Places { width: small.width / side, all: places }
}

/// The paper's colour: of the brighter places, in each channel the one in the middle.
fn paper(places: &Places) -> Option<Rgb> {
    let byte = |value: f64| value.round() as u8;
    let bright = |place: &Rgb| luma(&place.map(byte));
    let least = percentile(places.inside().map(bright), 1.0 - PAPER)?;
    let middle = |channel: fn(&Rgb) -> f64| {
        percentile(
            places.inside().filter(|place| bright(place) >= least).map(|place| byte(channel(place))),
            0.5,
        )
    };
    let colour = [middle(|place| place[0])?, middle(|place| place[1])?, middle(|place| place[2])?];
    Some(colour.map(|value| f64::from(value.max(1))))
}

/// The sheet itself is coloured, not yellowed.
fn tinted(paper: Rgb) -> bool {
    let [red, green, blue] = paper;
    let tint = red.max(green).max(blue) - red.min(green).min(blue);
    let yellow = red >= green && green > blue && red - green <= green - blue;
    tint > f64::from(if yellow { YELLOW_TINT } else { TINT })
}

/// A place that is coloured against the paper.
fn differs(place: &Rgb, paper: Rgb) -> bool {
    let [red, green, blue] = against(place, paper);
    let yellow = red >= green && green >= blue && red.min(green) >= LIGHT * 255.0;
    spread([red, green, blue]) > if yellow { YELLOWED } else { COLOUR }
}

/// The colour that a place would have on white paper.
fn against(place: &Rgb, paper: Rgb) -> Rgb {
    let [red, green, blue] = place;
    [red / paper[0], green / paper[1], blue / paper[2]].map(|share| share.min(1.2) * 255.0)
}

fn spread([red, green, blue]: Rgb) -> f64 {
    red.max(green).max(blue) - red.min(green).min(blue)
}

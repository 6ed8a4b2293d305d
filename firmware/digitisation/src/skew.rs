//! How far the lines on a page are from level.
//!
//! The lower edges of letters lie on base lines: turned by the right angle they fall into few rows, turned by any
//! other they spread. Of a page on its side the same is true of columns. The sum of the squares of what falls into each
//! row says how few they are (Postl's criterion on the edges, as Baird counts them).
use super::ink::Ink;

/// Lines are looked for up to this angle, in degrees.
pub(super) const MOST: f64 = 10.0;
/// As many edges are looked at.
const MOST_POINTS: usize = 60_000;
/// Fewer edges say nothing.
const FEWEST_POINTS: usize = 120;
/// The rows at the right angle are by this share fuller than at the usual one.
const SURE: f64 = 0.3;
/// There are so many lines, each so many millimetres below another, and with this share of the edges of the fullest: a
/// stroke, a signature and a single word have an angle, too, and stay as they were written.
const FEWEST_LINES: usize = 3;
const APART: f64 = 5.0;
const FULL: f64 = 0.25;

/// The angle of the lines in degrees, clockwise; none where there are none, or they do not agree.
pub(super) fn measure(ink: &Ink) -> Option<f64> {
    let [level, upright] = edges(ink);
    let apart = APART * ink.dots_mm;
    let found = [sharpest(&level, apart), sharpest(&upright, apart)].into_iter().flatten();
    let best = found.max_by(|one, other| one.1.total_cmp(&other.1))?;
    (best.1 >= SURE).then_some(best.0)
}

/// Points as (along, across) a line that is nearly level, and the same for one that is nearly upright.
type Points = Vec<(f32, f32)>;

fn edges(ink: &Ink) -> [Points; 2] {
    let plane = &ink.darkness;
    let dark = |x: usize, y: usize| plane.at(x, y) >= ink.sure;
    let (mut level, mut upright) = (Points::new(), Points::new());
    for y in 0..plane.height {
        for (x, dot) in plane.row(y).iter().enumerate() {
            if *dot < ink.sure {
                continue;
            }
            if y + 1 < plane.height && !dark(x, y + 1) {
                level.push((x as f32, y as f32));
            }
            if x + 1 < plane.width && !dark(x + 1, y) {
                // An upright line that leans clockwise runs to the left on its way down.
                upright.push((y as f32, -(x as f32)));
            }
        }
    }
    [level, upright].map(|points| {
        let step = points.len().div_ceil(MOST_POINTS).max(1);
        points.into_iter().step_by(step).collect()
    })
}

/// The angle at which the points fall into the fewest rows, and by which share these are fuller.
fn sharpest(points: &Points, apart: f64) -> Option<(f64, f64)> {
    if points.len() < FEWEST_POINTS {
        return None;
    }
    let mut rows = Rows::new(points);
    let steps =
        |middle: f64, reach: i32, step: f64| (-reach..=reach).map(move |at| middle + f64::from(at) * step);
    let mut coarse: Vec<(f64, f64)> =
        steps(0.0, 55, 0.2).map(|angle| (angle, rows.fullness(points, angle))).collect();
    let best = best(&coarse)?;
    coarse.sort_by(|one, other| one.1.total_cmp(&other.1));
    let usual = coarse.get(coarse.len() / 2)?.1;
    let fine: Vec<(f64, f64)> =
        steps(best.0, 12, 0.025).map(|angle| (angle, rows.fullness(points, angle))).collect();
    let angle = peak(&fine)?;
    rows.fullness(points, angle);
    if rows.lines(apart) < FEWEST_LINES {
        return None;
    }
    let fullest = fine.iter().map(|(_, fullness)| *fullness).fold(0.0, f64::max);
    (angle.abs() <= MOST + 0.1).then_some((angle.clamp(-MOST, MOST), fullest / usual - 1.0))
}

fn best(tried: &[(f64, f64)]) -> Option<(f64, f64)> {
    tried.iter().copied().max_by(|one, other| one.1.total_cmp(&other.1))
}

/// The middle of what rises above three quarters of the best: steadier than the best itself.
fn peak(tried: &[(f64, f64)]) -> Option<f64> {
    let most = best(tried)?.1;
    let least = tried.iter().map(|(_, fullness)| *fullness).fold(f64::INFINITY, f64::min);
    let level = least + 0.75 * (most - least);
    let (mut sum, mut weights) = (0.0, 0.0);
    for (angle, fullness) in tried {
        let weight = (fullness - level).max(0.0);
        sum += weight * angle;
        weights += weight;
    }
    let angle = sum / weights;
    angle.is_finite().then_some(angle)
}

/// How many points fall into each row.
struct Rows {
    counts: Vec<f32>,
    /// Of the points' middle.
    middle: (f32, f32),
}

impl Rows {
    fn new(points: &Points) -> Rows {
        let most = |value: fn(&(f32, f32)) -> f32| points.iter().map(value).fold(f32::NEG_INFINITY, f32::max);
        let least = |value: fn(&(f32, f32)) -> f32| points.iter().map(value).fold(f32::INFINITY, f32::min);
        let (along, across) = ((least(|at| at.0), most(|at| at.0)), (least(|at| at.1), most(|at| at.1)));
        let reach = (along.1 - along.0).hypot(across.1 - across.0) as usize + 4;
        Rows {
            counts: vec![0.0; reach],
            middle: (f32::midpoint(along.0, along.1), f32::midpoint(across.0, across.1)),
        }
    }

    /// The mean number of points in a point's row, when all are turned back by this angle in degrees.
    fn fullness(&mut self, points: &Points, angle: f64) -> f64 {
        let (sin, cos) = (angle.to_radians() as f32).sin_cos();
        let half = self.counts.len() as f32 / 2.0;
        self.counts.fill(0.0);
        for (along, across) in points {
            let place = (across - self.middle.1) * cos - (along - self.middle.0) * sin + half;
            // Shared between two rows, so that the angle is finer than they are.
            let (row, share) = (place as usize, place.fract());
            if let Some([upper, lower]) = self.counts.get_mut(row..row + 2) {
                *upper += 1.0 - share;
                *lower += share;
            }
        }
        let squares: f64 = self.counts.iter().map(|count| f64::from(count * count)).sum();
        squares / points.len() as f64
    }

    /// Full rows that are so far apart, as the points were turned last.
    fn lines(&self, apart: f64) -> usize {
        let full = self.counts.iter().copied().fold(0.0, f32::max) * FULL as f32;
        let mut lines = 0;
        let mut last: Option<usize> = None;
        for (row, _) in self.counts.iter().enumerate().filter(|(_, count)| **count >= full) {
            if last.is_none_or(|last| (row - last) as f64 >= apart) {
                lines += 1;
                last = Some(row);
            }
        }
        lines
    }
}

//! Where the paper ends, if that is certain.
//!
//! The lid of a scanner is seen beside the paper only where it differs from it: a black or grey one does, a white one
//! seldom. What is joined to the border of the scan and looks like the lid is lid; what is left must have straight
//! edges that belong to one rectangle, with nothing outside and no lid inside. Otherwise nothing is cut.
use super::geometry::Corners;
use super::reduce::{Plane, percentile};

/// Lid and paper differ by at least as much: a light grey lid does by little more.
const CONTRAST: u8 = 14;
/// What is darker than the lid by as much is on the lid, or is the shadow of the paper's edge.
const DARKER: u8 = 24;
/// The shadow of the paper's edge reaches so far, in millimetres.
const SHADOW: f64 = 3.0;
/// The border of the scan in which the lid is looked for, in millimetres.
const BORDER: f64 = 0.75;
/// How far a point of an edge may be off the line, in millimetres.
const OFF_LINE: f64 = 0.6;
/// Edges of one rectangle differ by at most as much from right angles, in degrees.
const ANGLE: f64 = 0.8;
/// Paper that lies more askew is not straightened, in degrees.
const MOST_ANGLE: f64 = 12.0;
/// Smaller things are no document, in millimetres.
const SMALLEST: f64 = 25.0;
/// Dust on the lid: in square millimetres, and as a share of it.
const DUST: f64 = 5.0;
const DUST_SHARE: f64 = 0.001;
/// Added around, so that no letter at the very edge is lost, in millimetres.
const MARGIN: f64 = 0.5;

/// A straight edge: a point is inside by `nx x + ny y - at` dots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    nx: f64,
    ny: f64,
    at: f64,
}

impl Edge {
    fn inside(&self, x: f64, y: f64) -> f64 {
        self.nx * x + self.ny * y - self.at
    }
}

/// What is looked at: the paper, or the whole image where its edges are not certain. In dots of the small image.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sheet {
    edges: Vec<Edge>,
    width: usize,
    /// Corners and angle of paper whose edges are certain.
    pub certain: Option<(Corners, f64)>,
}

impl Sheet {
    /// Finds the paper in an image of so many dots on a millimetre.
    pub fn find(image: &Plane, dots_mm: f64) -> Sheet {
        let frame = frame(image);
        let found =
            lids(image, dots_mm).into_iter().find_map(|lid| Search::new(image, dots_mm, lid)?.paper(&frame));
        match found {
            Some((edges, corners, angle)) => Sheet {
                edges: [&frame[..], &edges[..]].concat(),
                width: image.width,
                certain: Some((corners, angle)),
            },
            None => Sheet { edges: frame.to_vec(), width: image.width, certain: None },
        }
    }

    /// The columns of a row that are inside by at least so many dots.
    pub fn columns(&self, y: usize, inset: f64) -> std::ops::Range<usize> {
        let (mut left, mut right) = (0.0_f64, self.width as f64);
        let y = y as f64 + 0.5;
        for edge in &self.edges {
            let wanted = edge.at + inset - edge.ny * y;
            if edge.nx > 1e-6 {
                left = left.max(wanted / edge.nx);
            } else if edge.nx < -1e-6 {
                right = right.min(wanted / edge.nx);
            } else if wanted > 0.0 {
                return 0..0;
            }
        }
        let (left, right) = ((left - 0.5).ceil().max(0.0) as usize, (right - 0.5).floor() + 1.0);
        if right <= left as f64 { 0..0 } else { left..(right as usize).min(self.width) }
    }

    /// How far a point is from the nearest edge, in dots.
    pub fn depth(&self, x: f64, y: f64) -> f64 {
        self.edges.iter().map(|edge| edge.inside(x, y)).fold(f64::INFINITY, f64::min)
    }
}

/// The four sides of the image.
fn frame(image: &Plane) -> [Edge; 4] {
    [
        Edge { nx: 1.0, ny: 0.0, at: 0.0 },
        Edge { nx: -1.0, ny: 0.0, at: -(image.width as f64) },
        Edge { nx: 0.0, ny: 1.0, at: 0.0 },
        Edge { nx: 0.0, ny: -1.0, at: -(image.height as f64) },
    ]
}

/// How bright the lid may be: what most of a side's border shows, the darkest first.
fn lids(image: &Plane, dots_mm: f64) -> Vec<u8> {
    let border = ((BORDER * dots_mm).round() as usize).max(1);
    let across =
        |from: usize| (from..(from + border).min(image.height)).flat_map(|y| image.row(y).iter().copied());
    let down = |from: usize| {
        (0..image.height)
            .flat_map(move |y| (from..(from + border).min(image.width)).map(move |x| image.at(x, y)))
    };
    let mut lids: Vec<u8> = [
        percentile(across(0), 0.5),
        percentile(across(image.height.saturating_sub(border)), 0.5),
        percentile(down(0), 0.5),
        percentile(down(image.width.saturating_sub(border)), 0.5),
    ]
    .into_iter()
    .flatten()
    .collect();
    lids.sort_unstable();
    lids.dedup_by(|one, other| one.abs_diff(*other) < CONTRAST / 2);
    lids
}

/// One kind of lid, tried.
struct Search<'a> {
    image: &'a Plane,
    dots_mm: f64,
    /// How bright it is.
    brightness: u8,
    /// Dots that are lid, joined to the border.
    lid: Vec<bool>,
}

/// The points at which the paper begins, seen from one side of the image, and how far away the border is.
struct Seen {
    /// Along the side, and from it, in dots.
    points: Vec<(f64, f64)>,
    /// Rows or columns on which there is paper.
    all: usize,
}

impl<'a> Search<'a> {
    fn new(image: &'a Plane, dots_mm: f64, lid: u8) -> Option<Search<'a>> {
        let other = image.dots.iter().copied().filter(|dot| dot.abs_diff(lid) > CONTRAST);
        let paper = percentile(other, 0.5)?;
        let middle = u8::midpoint(lid, paper);
        let looks = |dot: u8| if lid < paper { dot <= middle } else { dot > middle };
        let mut search = Search { image, dots_mm, brightness: lid, lid: vec![false; image.dots.len()] };
        search.flood(&looks);
        Some(search)
    }

    /// Marks what looks like the lid and is joined to the border.
    fn flood(&mut self, looks: &impl Fn(u8) -> bool) {
        let (width, height) = (self.image.width, self.image.height);
        let (image, lid) = (self.image, &mut self.lid);
        // A dot is marked when it is put on the list: it is there once at most.
        let mut mark = |at: usize, waiting: &mut Vec<u32>| {
            if let Some((mark, dot)) = lid.get_mut(at).zip(image.dots.get(at))
                && !*mark
                && looks(*dot)
            {
                *mark = true;
                waiting.extend(u32::try_from(at));
            }
        };
        let mut waiting = Vec::new();
        (0..width).for_each(|x| mark(x, &mut waiting));
        (0..width).for_each(|x| mark((height - 1) * width + x, &mut waiting));
        (0..height).for_each(|y| mark(y * width, &mut waiting));
        (0..height).for_each(|y| mark(y * width + width - 1, &mut waiting));
        while let Some(at) = waiting.pop() {
            let at = at as usize;
            let x = at % width;
            if x > 0 {
                mark(at - 1, &mut waiting);
            }
            if x + 1 < width {
                mark(at + 1, &mut waiting);
            }
            if at >= width {
                mark(at - width, &mut waiting);
            }
            mark(at + width, &mut waiting);
        }
    }

    fn is_lid(&self, x: usize, y: usize) -> bool {
        self.lid.get(y * self.image.width + x).copied().unwrap_or(true)
    }

    /// The paper's edges, corners and angle in degrees.
    fn paper(&self, frame: &[Edge; 4]) -> Option<(Vec<Edge>, Corners, f64)> {
        let (width, height) = (self.image.width, self.image.height);
        let first = |x: &usize, y: usize| !self.is_lid(*x, y);
        let left = seen((0..height).map(|y| (0..width).find(|x| first(x, y))));
        let right = seen((0..height).map(|y| (0..width).rev().find(|x| first(x, y)).map(|x| width - 1 - x)));
        let top = seen((0..width).map(|x| (0..height).find(|y| first(&x, *y))));
        let bottom =
            seen((0..width).map(|x| (0..height).rev().find(|y| first(&x, *y)).map(|y| height - 1 - y)));
        let mut lines = [None; 4];
        for (line, seen) in lines.iter_mut().zip([&left, &right, &top, &bottom]) {
            *line = self.line(seen)?;
        }
        // Paper lies at the upper left of the glass and ends to the right or below; a feeder scans beyond the lower end.
        // A dark band along the head or the left alone is print.
        let [left, right, top, bottom] = lines.map(|line: Option<Line>| line.is_some());
        if !(right || bottom || left && top) {
            return None;
        }
        // The angle of each edge, clockwise, and its length as its weight.
        let turns = [-1.0, 1.0, 1.0, -1.0];
        let found = || lines.iter().zip(turns).filter_map(|(line, turn)| Some((line.as_ref()?, turn)));
        let weight: f64 = found().map(|(line, _)| line.points).sum();
        if weight <= 0.0 {
            return None;
        }
        let angle = found().map(|(line, turn)| line.slope.atan() * turn * line.points).sum::<f64>() / weight;
        let askew =
            |(line, turn): (&Line, f64)| (line.slope.atan() * turn - angle).to_degrees().abs() > ANGLE;
        if found().any(askew) || angle.to_degrees().abs() > MOST_ANGLE {
            return None;
        }
        let edges = self.edges(&lines, frame);
        let [left, right, top, bottom] = edges;
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        let mut places = [(0.0, 0.0); 4];
        for (place, (one, other)) in places.iter_mut().zip(corners) {
            *place = crossing(&one, &other)?;
        }
        self.certain(&edges, &places).then(|| (edges.to_vec(), Corners(places), angle.to_degrees()))
    }

    /// The line through what was seen from one side: `Some(None)` where the paper reaches the border, `None` where
    /// there is no straight edge.
    fn line(&self, seen: &Seen) -> Option<Option<Line>> {
        // Two dots at the border are the softness of the scan.
        let away: Vec<(f64, f64)> = seen.points.iter().copied().filter(|(_, from)| *from > 2.0).collect();
        if away.len() * 5 <= seen.all {
            return Some(None);
        }
        let off = (OFF_LINE * self.dots_mm).max(1.0);
        let rough = Line::through_medians(&away)?;
        let near: Vec<(f64, f64)> =
            away.iter().copied().filter(|point| rough.off(*point).abs() <= 2.0 * off).collect();
        let line = Line::least_squares(&near)?;
        let on = away.iter().filter(|point| line.off(**point).abs() <= off).count();
        // The rest is what is seen of the neighbouring edges of paper that lies askew, or a corner folded over.
        (on * 4 >= away.len() * 3).then_some(Some(Line { points: on as f64, ..line }))
    }

    /// Left, right, top, bottom; those of the image where the paper reaches it.
    fn edges(&self, lines: &[Option<Line>; 4], frame: &[Edge; 4]) -> [Edge; 4] {
        let margin = MARGIN * self.dots_mm;
        let (width, height) = (self.image.width as f64, self.image.height as f64);
        let [left, right, top, bottom] = *lines;
        let place = |line: Option<Line>, other: Edge, edge: &dyn Fn(Line) -> Edge| line.map_or(other, edge);
        let unit = |line: Line| (1.0 + line.slope * line.slope).sqrt();
        [
            // x = start + slope y
            place(left, frame[0], &|line| Edge {
                nx: 1.0 / unit(line),
                ny: -line.slope / unit(line),
                at: line.start / unit(line) - margin,
            }),
            // width - x = start + slope y
            place(right, frame[1], &|line| Edge {
                nx: -1.0 / unit(line),
                ny: -line.slope / unit(line),
                at: (line.start - width) / unit(line) - margin,
            }),
            // y = start + slope x
            place(top, frame[2], &|line| Edge {
                nx: -line.slope / unit(line),
                ny: 1.0 / unit(line),
                at: line.start / unit(line) - margin,
            }),
            place(bottom, frame[3], &|line| Edge {
                nx: -line.slope / unit(line),
                ny: -1.0 / unit(line),
                at: (line.start - height) / unit(line) - margin,
            }),
        ]
    }

    /// Outside there is nothing but lid, inside next to none, and it is large enough to be a document.
    fn certain(&self, edges: &[Edge; 4], corners: &[(f64, f64); 4]) -> bool {
        let length =
            |one: (f64, f64), other: (f64, f64)| (one.0 - other.0).hypot(one.1 - other.1) / self.dots_mm;
        if length(corners[0], corners[1]) < SMALLEST || length(corners[1], corners[2]) < SMALLEST {
            return false;
        }
        let (mut outside, mut outside_lid, mut inside, mut inside_lid) = (0_u64, 0_u64, 0_u64, 0_u64);
        let (near, far) = (2.0 * MARGIN * self.dots_mm, -MARGIN * self.dots_mm);
        let shadow = -SHADOW * self.dots_mm;
        for y in 0..self.image.height {
            for x in 0..self.image.width {
                let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
                let depth = edges.iter().map(|edge| edge.inside(px, py)).fold(f64::INFINITY, f64::min);
                let lid = u64::from(self.is_lid(x, y));
                if depth > near {
                    (inside, inside_lid) = (inside + 1, inside_lid + lid);
                } else if depth < far {
                    // Print in a darker margin of the paper looks like lid, and is darker than it.
                    let print =
                        depth < shadow && self.image.at(x, y).saturating_add(DARKER) < self.brightness;
                    (outside, outside_lid) = (outside + 1, outside_lid + if print { 0 } else { lid });
                }
            }
        }
        // White print on a dark band would be more than the dust on a lid.
        let square = self.dots_mm * self.dots_mm;
        let dust = DUST * square + outside as f64 * DUST_SHARE;
        outside > 0 && (outside - outside_lid) as f64 <= dust && inside > 0 && inside_lid * 50 <= inside
    }
}

fn seen(firsts: impl Iterator<Item = Option<usize>>) -> Seen {
    let points: Vec<(f64, f64)> =
        firsts.enumerate().filter_map(|(along, from)| Some((along as f64 + 0.5, from? as f64))).collect();
    let all = points.len();
    Seen { points, all }
}

/// `from = start + slope along`.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: f64,
    slope: f64,
    /// Points that are on it.
    points: f64,
}

impl Line {
    fn off(&self, (along, from): (f64, f64)) -> f64 {
        from - self.start - self.slope * along
    }

    /// The median of the slopes between points half of all apart, which a quarter of strays does not move.
    fn through_medians(points: &[(f64, f64)]) -> Option<Line> {
        let half = points.len() / 2;
        if half < 5 {
            return None;
        }
        let pairs = points.iter().zip(points.get(half..)?);
        let slope = median(pairs.map(|(one, other)| (other.1 - one.1) / (other.0 - one.0)).collect())?;
        let start = median(points.iter().map(|(along, from)| from - slope * along).collect())?;
        Some(Line { start, slope, points: 0.0 })
    }

    fn least_squares(points: &[(f64, f64)]) -> Option<Line> {
        let count = points.len() as f64;
        let (along, from) =
            points.iter().fold((0.0, 0.0), |(along, from), point| (along + point.0, from + point.1));
        let (along, from) = (along / count, from / count);
        let (mut upper, mut lower) = (0.0, 0.0);
        for point in points {
            upper += (point.0 - along) * (point.1 - from);
            lower += (point.0 - along) * (point.0 - along);
        }
        let slope = upper / lower;
        slope.is_finite().then_some(Line { start: from - slope * along, slope, points: count })
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Where two edges meet.
fn crossing(one: &Edge, other: &Edge) -> Option<(f64, f64)> {
    let determinant = one.nx * other.ny - one.ny * other.nx;
    let x = (one.at * other.ny - one.ny * other.at) / determinant;
    let y = (one.nx * other.at - one.at * other.nx) / determinant;
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

//! How the image lies on the page: skew, the paper's edges and quarter turns as one matrix, for the file and the
//! preview alike. The image itself stays as it was scanned.
//!
//! Coordinates have their origin at the upper left; x grows to the right, y downwards. Angles grow clockwise.

/// Points of an inch (ISO 32000-1, 8.3.2.3).
pub(super) const POINTS: f64 = 72.0;

/// Less of the scan than this is no paper, in either direction.
const LEAST_SHARE: f64 = 0.05;

/// `x' = a x + c y + e`, `y' = b x + d y + f` (ISO 32000-1, 8.3.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix {
    /// x of x.
    pub a: f64,
    /// y of x.
    pub b: f64,
    /// x of y.
    pub c: f64,
    /// y of y.
    pub d: f64,
    /// Shift of x.
    pub e: f64,
    /// Shift of y.
    pub f: f64,
}

impl Matrix {
    /// Where a point comes to lie.
    #[must_use]
    pub fn apply(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)
    }

    /// First this, then `next`.
    #[must_use]
    pub fn then(&self, next: &Matrix) -> Matrix {
        let (e, f) = next.apply((self.e, self.f));
        Matrix {
            a: next.a * self.a + next.c * self.b,
            b: next.b * self.a + next.d * self.b,
            c: next.a * self.c + next.c * self.d,
            d: next.b * self.c + next.d * self.d,
            e,
            f,
        }
    }

    /// The way back. All that is made here are turns and scales, which have one.
    #[must_use]
    pub fn inverse(&self) -> Matrix {
        let determinant = self.a * self.d - self.b * self.c;
        let (a, b) = (self.d / determinant, -self.b / determinant);
        let (c, d) = (-self.c / determinant, self.a / determinant);
        Matrix { a, b, c, d, e: -(a * self.e + c * self.f), f: -(b * self.e + d * self.f) }
    }
}

/// The corners of the paper in the image, in its dots, clockwise from the upper left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corners(pub [(f64, f64); 4]);

/// A page as it will be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Width in dots of the image, whole and broken ones.
    pub width: f64,
    /// Height likewise.
    pub height: f64,
    /// From dots of the image to dots of the page.
    pub matrix: Matrix,
}

/// Of an image of this size with this skew in degrees: the page that holds all of it, or all of the paper.
pub(super) fn layout(size: (u32, u32), skew: f64, crop: Option<&Corners>, quarter_turns: u8) -> Layout {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let (sin, cos) = skew.to_radians().sin_cos();
    let upright = Matrix { a: cos, b: -sin, c: sin, d: cos, e: 0.0, f: 0.0 };
    let whole = bounds(&upright, &[(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]);
    // The paper may reach beyond what was scanned; there is nothing there.
    let [left, top, right, bottom] = match crop {
        Some(Corners(corners)) => {
            let [left, top, right, bottom] = bounds(&upright, corners);
            let within = [left.max(whole[0]), top.max(whole[1]), right.min(whole[2]), bottom.min(whole[3])];
            let across = (within[2] - within[0]) / (whole[2] - whole[0]);
            let down = (within[3] - within[1]) / (whole[3] - whole[1]);
            if across.min(down) >= LEAST_SHARE { within } else { whole }
        }
        None => whole,
    };
    let (width, height) = (right - left, bottom - top);
    let turn = match quarter_turns % 4 {
        1 => Matrix { a: 0.0, b: 1.0, c: -1.0, d: 0.0, e: height, f: 0.0 },
        2 => Matrix { a: -1.0, b: 0.0, c: 0.0, d: -1.0, e: width, f: height },
        3 => Matrix { a: 0.0, b: -1.0, c: 1.0, d: 0.0, e: 0.0, f: width },
        _ => Matrix { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 },
    };
    let matrix = Matrix { e: -left, f: -top, ..upright }.then(&turn);
    let (width, height) = if quarter_turns % 2 == 1 { (height, width) } else { (width, height) };
    Layout { width, height, matrix }
}

fn bounds(matrix: &Matrix, corners: &[(f64, f64); 4]) -> [f64; 4] {
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for corner in corners {
        let (x, y) = matrix.apply(*corner);
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: (f64, f64), other: (f64, f64)) {
        assert!((one.0 - other.0).abs() < 1e-6 && (one.1 - other.1).abs() < 1e-6, "{one:?} {other:?}");
    }

    #[test]
    fn a_straight_page_has_the_size_of_its_image_to_the_last_bit() {
        let page = layout((2480, 3508), 0.0, None, 0);
        assert_eq!((page.width, page.height), (2480.0, 3508.0));
        assert_eq!(page.matrix.apply((0.0, 0.0)), (0.0, 0.0));
    }

    #[test]
    fn a_falling_line_becomes_level_and_all_corners_stay_on_the_page() {
        for skew in [-8.0_f64, -0.3, 0.3, 8.0] {
            let page = layout((2480, 3508), skew, None, 0);
            let start = page.matrix.apply((300.0, 900.0));
            let end = page.matrix.apply((300.0 + 1500.0, 900.0 + 1500.0 * skew.to_radians().tan()));
            assert!((start.1 - end.1).abs() < 1e-6 && end.0 > start.0);
            for corner in [(0.0, 0.0), (2480.0, 0.0), (2480.0, 3508.0), (0.0, 3508.0)] {
                let (x, y) = page.matrix.apply(corner);
                assert!(x > -1e-6 && y > -1e-6 && x < page.width + 1e-6 && y < page.height + 1e-6);
            }
        }
    }

    #[test]
    fn quarter_turns_go_clockwise_and_four_are_none() {
        let first = layout((200, 100), 0.0, None, 1);
        assert_eq!((first.width, first.height), (100.0, 200.0));
        near(first.matrix.apply((0.0, 0.0)), (100.0, 0.0));
        near(first.matrix.apply((200.0, 0.0)), (100.0, 200.0));
        near(layout((200, 100), 0.0, None, 2).matrix.apply((0.0, 0.0)), (200.0, 100.0));
        near(layout((200, 100), 0.0, None, 3).matrix.apply((0.0, 0.0)), (0.0, 200.0));
        assert_eq!(layout((200, 100), 3.0, None, 4), layout((200, 100), 3.0, None, 0));
    }

    #[test]
    fn the_paper_becomes_the_page() {
        let paper = Corners([(100.0, 50.0), (1100.0, 50.0), (1100.0, 950.0), (100.0, 950.0)]);
        let page = layout((1300, 1000), 0.0, Some(&paper), 0);
        assert_eq!((page.width, page.height), (1000.0, 900.0));
        near(page.matrix.apply((100.0, 50.0)), (0.0, 0.0));
        let outside = Corners([(-50.0, -50.0), (9000.0, -50.0), (9000.0, 700.0), (-50.0, 700.0)]);
        let page = layout((1300, 1000), 0.0, Some(&outside), 0);
        assert_eq!((page.width, page.height), (1300.0, 700.0));
        let nowhere = Corners([(-9.0, -9.0), (-5.0, -9.0), (-5.0, -5.0), (-9.0, -5.0)]);
        assert_eq!(layout((1300, 1000), 0.0, Some(&nowhere), 0), layout((1300, 1000), 0.0, None, 0));
    }

    #[test]
    fn there_and_back() {
        let page = layout((2480, 3508), 5.3, None, 3);
        let point = (1234.0, 567.0);
        near(page.matrix.then(&page.matrix.inverse()).apply(point), point);
    }
}

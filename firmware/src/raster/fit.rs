//! Where a page goes under the head.
use super::{Head, RasterError};

/// A page is made smaller down to this, so that its ink is not cut. A4 printed to the edge needs 0.95, US Letter
/// 0.92. Smaller, the modules of a QR code (0.4 mm) would be under three dots.
pub const SMALLEST_SCALE: f64 = 0.9;
/// Points an inch.
const POINTS: f64 = 72.0;
/// Longest page in points: the long side of A3.
const LONGEST: f64 = 1250.0;
/// Shortest.
const SHORTEST: f64 = 36.0;

/// Where a page goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placement {
    /// It lies on its side and is turned upright.
    pub turned: bool,
    /// Of the page's points.
    pub scale: f64,
    /// Dots of paper at the left of the head; negative when the page is narrower than it.
    pub left: i32,
    /// Rows.
    pub rows: u16,
    /// Dots across, of the whole page.
    pub width: u16,
}

/// The whole page in its true size, to see where its ink is.
pub(super) fn whole(page: usize, (width, height): (f64, f64), head: Head) -> Result<Placement, RasterError> {
    let turned = width > height && in_dots(width, 1.0, head) > f64::from(head.dots);
    let (width, height) = if turned { (height, width) } else { (width, height) };
    let room = f64::from(head.dots) / f64::from(head.dpi) * POINTS;
    // A little more than could be made to fit: bleed and marks at the edges hold no ink.
    if width * SMALLEST_SCALE > room * 1.15 || !(SHORTEST..=LONGEST).contains(&height) || width < SHORTEST {
        return Err(RasterError::Oversize { page, percent: percent(room / width) });
    }
    place(turned, (width, height), 1.0, head)
}

fn in_dots(points: f64, scale: f64, head: Head) -> f64 {
    points * scale * f64::from(head.dpi) / POINTS
}

fn percent(scale: f64) -> u32 {
    (scale * 100.0).clamp(0.0, 100.0) as u32
}

fn place(
    turned: bool,
    (width, height): (f64, f64),
    scale: f64,
    head: Head,
) -> Result<Placement, RasterError> {
    let (width, rows) = (in_dots(width, scale, head).round(), in_dots(height, scale, head).round());
    let left = ((width - f64::from(head.dots)) / 2.0).round() as i32;
    Ok(Placement { turned, scale, left, rows: rows as u16, width: width as u16 })
}

/// The ink of a page lies between these columns of the whole page in its true size: moves the page sideways, or makes
/// it smaller, so that nothing is cut.
pub(super) fn fitted(
    page: usize,
    (width, height): (f64, f64),
    whole: Placement,
    ink: (usize, usize),
    head: Head,
) -> Result<Placement, RasterError> {
    let (from, to) = (ink.0 as f64, ink.1 as f64);
    let dots = f64::from(head.dots);
    let scale = (dots / (to - from).max(1.0)).min(1.0);
    // One dot less: scaled edges may round outwards.
    let scale = if scale < 1.0 { (dots - 2.0) / (to - from) } else { 1.0 };
    if scale < SMALLEST_SCALE {
        return Err(RasterError::Oversize { page, percent: percent(scale) });
    }
    let sides = if whole.turned { (height, width) } else { (width, height) };
    let mut placed = place(whole.turned, sides, scale, head)?;
    let (from, to) = (from * scale, to * scale);
    let lowest = (to.ceil() - dots).min(from.floor());
    placed.left = (f64::from(placed.left)).clamp(lowest, from.floor().max(lowest)) as i32;
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Head = Head { dots: 1600, dpi: 204 };
    const A4: (f64, f64) = (595.276, 841.89);

    #[test]
    fn a4_is_printed_in_its_true_size_and_centred() {
        let placed = whole(1, A4, HEAD).unwrap();
        assert_eq!((placed.width, placed.rows, placed.left, placed.turned), (1687, 2385, 44, false));
        assert_eq!(fitted(1, A4, placed, (100, 1580), HEAD), Ok(placed));
    }

    #[test]
    fn ink_at_one_edge_moves_the_page_and_keeps_its_size() {
        let placed = whole(1, A4, HEAD).unwrap();
        let moved = fitted(1, A4, placed, (10, 1500), HEAD).unwrap();
        assert_eq!((moved.left, moved.scale), (10, 1.0));
        let moved = fitted(1, A4, placed, (100, 1680), HEAD).unwrap();
        assert_eq!((moved.left, moved.scale), (80, 1.0));
    }

    #[test]
    fn ink_from_edge_to_edge_makes_the_page_smaller() {
        let placed = whole(1, A4, HEAD).unwrap();
        let smaller = fitted(1, A4, placed, (0, 1687), HEAD).unwrap();
        assert!((0.94..0.95).contains(&smaller.scale), "{smaller:?}");
        assert!((-2..=0).contains(&smaller.left), "{smaller:?}");
        let letter = (612.0, 792.0);
        let smaller = fitted(1, letter, whole(1, letter, HEAD).unwrap(), (0, 1734), HEAD).unwrap();
        assert!((0.92..0.93).contains(&smaller.scale), "{smaller:?}");
    }

    #[test]
    fn a_page_on_its_side_is_turned_and_a_larger_sheet_refused() {
        let placed = whole(1, (841.89, 595.276), HEAD).unwrap();
        assert!(placed.turned);
        assert_eq!((placed.width, placed.rows), (1687, 2385));
        assert!(matches!(
            whole(2, (841.89, 1190.55), HEAD),
            Err(RasterError::Oversize { page: 2, percent: 66..=67 })
        ));
        assert!(matches!(whole(1, (5.0, 5.0), HEAD), Err(RasterError::Oversize { .. })));
    }
}

//! Whether there is anything on a page.
//!
//! The verdict is a notice, never a decision: whoever scanned sees the page and says whether it stays. So whatever is
//! in doubt counts as something.
use super::ink::{Ink, Piece};
use super::sheet::Sheet;

/// Smaller pieces are dust, in millimetres; a lone digit of small print is larger.
const DUST: f64 = 1.9;
/// A piece whose edges are steeper than this share of its darkness is on this side of the paper.
const SHARP: f64 = 0.72;
/// So large a part of a piece is edge, at least.
const EDGES: f64 = 0.1;
/// The print of the other side is never as dark.
const SHOW_THROUGH: u8 = 48;
/// Punched holes (ISO 838 and what is near it): their size, and how far they are from an edge, in millimetres.
const HOLE: std::ops::RangeInclusive<f64> = 3.8..=9.0;
const HOLE_DEPTH: f64 = 22.0;
/// A ring's dots are this close to a circle, in millimetres.
const RING: f64 = 0.5;
/// What runs along an edge of the paper over this share of it is the paper's own edge or its shadow.
const EDGE_SHARE: f64 = 0.6;
const EDGE_DEPTH: f64 = 15.0;
/// Dirt on the glass of a feeder draws a line over the whole page, as wide as this at most, in millimetres.
const STREAK: f64 = 0.8;

/// Nothing but noise, dust, holes, shadows and what shines through from the other side.
pub(super) fn is_blank(ink: &Ink, sheet: &Sheet) -> bool {
    !ink.any_piece(|piece| is_content(piece, ink, sheet))
}

fn is_content(piece: &Piece, ink: &Ink, sheet: &Sheet) -> bool {
    let millimetres = |dots: usize| dots as f64 / ink.dots_mm;
    let (width, height) = (millimetres(piece.width()), millimetres(piece.height()));
    if width.max(height) < DUST {
        return false;
    }
    let sharp = piece.steep(EDGES) >= SHARP * f64::from(piece.peak);
    if !sharp && piece.peak < SHOW_THROUGH {
        return false;
    }
    !is_hole(piece, ink, sheet) && !is_edge(piece, ink, sheet) && !is_streak(piece, ink)
}

/// A disc where the lid is dark, a ring or part of one where it is light.
fn is_hole(piece: &Piece, ink: &Ink, sheet: &Sheet) -> bool {
    let (x, y) = piece.middle();
    if sheet.depth(x, y) > HOLE_DEPTH * ink.dots_mm {
        return false;
    }
    let Some(circle) = piece.circle() else { return false };
    if HOLE.contains(&(2.0 * circle.radius / ink.dots_mm)) && circle.off <= RING * ink.dots_mm {
        return true;
    }
    let (width, height) = (piece.width() as f64, piece.height() as f64);
    let round = HOLE.contains(&(width / ink.dots_mm)) && HOLE.contains(&(height / ink.dots_mm));
    let filled = piece.dots as f64 / (width * height);
    round && (0.8..=1.25).contains(&(width / height)) && (0.70..=0.86).contains(&filled)
}

/// Straight, long, and beside an edge.
fn is_edge(piece: &Piece, ink: &Ink, sheet: &Sheet) -> bool {
    let plane = &ink.darkness;
    let (x, y) = piece.middle();
    let (long, short, whole) = if piece.width() > piece.height() {
        (piece.width(), piece.height(), plane.width)
    } else {
        (piece.height(), piece.width(), plane.height)
    };
    // Paper lies up to ten degrees askew.
    let thin = short as f64 <= long as f64 * 0.18 + 2.0 * ink.dots_mm;
    let sparse = piece.dots as f64 <= long as f64 * 2.0 * ink.dots_mm;
    long as f64 >= EDGE_SHARE * whole as f64
        && thin
        && sparse
        && sheet.depth(x, y) <= EDGE_DEPTH * ink.dots_mm
}

fn is_streak(piece: &Piece, ink: &Ink) -> bool {
    let plane = &ink.darkness;
    let rim = 2.0 * (super::ink::RIM + 1.0) * ink.dots_mm;
    piece.width() as f64 <= (STREAK * ink.dots_mm).ceil()
        && piece.height() as f64 >= plane.height as f64 - rim
}

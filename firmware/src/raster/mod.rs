//! A sealed PDF becomes rows of dots for the head of a page printer (ISO 32000-1; reference 2.3: `GS v 0`).
//!
//! Pure: bytes in, bands of rows out, no clock, no file, no channel. The caller gives it a thread of its own, with
//! [`STACK`] bytes of stack. A document is drawn as it is or refused as a whole, before the first row is given out:
//! never a blank page, half a page or an empty form. What is refused, and why, is [`RasterError`].
//!
//! - **Size**: 1:1. A4 is 10 mm wider than the head, so the page is centred, and moved sideways when its ink would be
//!   cut. Ink that is wider than the head makes the page smaller, down to [`SMALLEST_SCALE`]; below, it is refused:
//!   codes and small print would no longer be readable. A page that lies on its side is turned upright.
//! - **Dots**: text and lines are black or white, without grey edges; a fill or photo in grey becomes a screen of dots.
//! - **Forms**: values without an appearance are drawn (see `forms`).
//! - **Hostile input**: what a stream unpacks to, pages, images, what is read as often as it is drawn, and what there
//!   is to draw are bounded; a panic of the library ends in [`RasterError::Fault`]. One page is in memory at a time: about 30 MB for A4 at 204 dots an inch.
mod budget;
mod draw;
mod error;
mod fit;
mod forms;
mod graph;
mod halftone;
mod overlay;
mod reading;
mod sheet;
mod streams;

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

pub use error::RasterError;
pub use fit::SMALLEST_SCALE;

/// Largest document in bytes.
pub const LARGEST_DOCUMENT: usize = 8 * 1024 * 1024;
/// Most pages.
pub const MOST_PAGES: usize = 40;
/// Stack of the thread that calls [`render`], in bytes: a document may nest what it draws.
pub const STACK: usize = 16 * 1024 * 1024;

/// A print head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Dots across.
    pub dots: u16,
    /// Dots an inch, in both directions.
    pub dpi: u16,
}

/// What is known of a page before its rows come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageInfo {
    /// Its number, from 1.
    pub number: usize,
    /// Pages of the document.
    pub pages: usize,
    /// Rows that will come.
    pub rows: usize,
    /// 1.0: in its true size.
    pub scale: f64,
}

/// A piece of the paper, in order: a page begins, its bands follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'a> {
    /// A page begins.
    Page(PageInfo),
    /// Rows of the head's width from top to bottom: whole bytes, the most significant bit at the left, 1 is black.
    Band(&'a [u8]),
    /// The page has come to its end.
    PageEnd,
}

/// Draws a document and gives it out in bands of at most `band_rows` rows. Breaking off is no error of the document:
/// [`RasterError::Stopped`].
///
/// # Errors
/// See [`RasterError`]; but for a stop and a fault of the library nothing was given out before.
pub fn render(
    pdf: Arc<Vec<u8>>,
    head: Head,
    band_rows: usize,
    mut sink: impl FnMut(Piece<'_>) -> ControlFlow<()>,
) -> Result<usize, RasterError> {
    // The library reads what strangers wrote: a panic in it is a document that cannot be drawn, not the end of the
    // kiosk. Nothing that it touched is used afterwards.
    catch_unwind(AssertUnwindSafe(|| draw::document(pdf, head, band_rows, &mut sink)))
        .unwrap_or_else(|panic| Err(budget::ended_by(panic.as_ref())))
}

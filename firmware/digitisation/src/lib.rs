//! Scanned pages become the file that is sent: PDF/A-2b with one JPEG a page (reference: cards and scanner, 5;
//! procedures, 4).
//!
//! Pure: dots in, bytes out, no clock, no file, no channel. [`digitise`] and [`documents`] take their time (a page of A4
//! about half a second): the caller gives them a thread of their own.
//!
//! - **Without loss of content**: the picture in the file is the scan, dot for dot in the place where the scanner saw
//!   it. A page that lay askew or on its side is put right by the matrix with which the page draws its picture; paper
//!   that is smaller than the scan becomes the page by the page's box. So the whole scan is in the file, and whoever
//!   takes the picture out of it has all of it. The one loss is that of the JPEG.
//! - **Cut** only where the paper's edges are certain (`sheet`), half a millimetre outside of them, and the citizen can
//!   take the cut back. Otherwise the page is as large as the scan, or where it is put right as large as all of it needs.
//! - **Colour** by content (`colour`): in doubt colour. **Blank** pages (`blank`) are a notice: nothing is left out.
//! - **Memory**: a page is compressed as it arrives, and its dots end with [`digitise`]. Beside the page itself this
//!   takes a third of it and 10 MB at most (a page in grey is made grey in its own memory), and leaves the JPEG and a
//!   small picture for the preview: about a megabyte for A4 in colour at 300 dots an inch. [`documents`] needs the
//!   size of its files and that of one of them; only where one page is too large for a file, that page's dots once more.
//! - **Hostile input**: sizes, channels, resolution and number of dots are checked first; all work is linear in the dots.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod blank;
mod colour;
mod document;
mod error;
mod geometry;
mod ink;
mod jpeg;
mod page;
mod preview;
mod reduce;
mod sheet;
mod skew;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use document::{About, Document, Limits, documents};
pub use error::DigitisationError;
pub use geometry::{Corners, Layout, Matrix};
pub use hal_sane::RawPage;
pub use page::{Colours, DigitisedPage, Preview, Settings};

use ink::Ink;
use jpeg::Dots;
use reduce::Small;
use sheet::Sheet;

/// Shortest side of a page in dots.
pub const SHORTEST_SIDE: u32 = 16;
/// Longest side of a page in dots.
pub const LONGEST_SIDE: u32 = 20_000;
/// Lowest resolution in dots an inch.
pub const LOWEST_DPI: u16 = 75;
/// Highest resolution in dots an inch.
pub const HIGHEST_DPI: u16 = 1200;
/// Largest page in bytes as scanned: legal paper at 300 dots an inch in colour, A4 at 600 in grey.
pub const LARGEST_PAGE: usize = 36 * 1024 * 1024;
/// Lowest quality of a JPEG: below, small print becomes hard to read.
pub const LOWEST_QUALITY: u8 = 50;
/// Smallest limit of a file or page in bytes.
pub const SMALLEST_FILE: usize = 64 * 1024;
/// Most pages of a batch.
pub const MOST_PAGES: usize = 100;
/// Longest title in characters.
pub const LONGEST_TITLE: usize = 200;
/// Highest and widest preview in dots.
pub const LARGEST_PREVIEW: u32 = 1000;

/// Quality of the small picture from which the preview is drawn.
const PREVIEW_QUALITY: u8 = 80;
/// Less skew than this is none, in degrees: half a millimetre over the width of A4.
const LEAST_SKEW: f64 = 0.12;

/// Looks at a page and compresses it. The page is used up.
///
/// # Errors
/// [`DigitisationError`]: a page that is none, a setting outside its limits, a page too large for `page_bytes` even at
/// [`LOWEST_QUALITY`].
pub fn digitise(page: RawPage, settings: &Settings) -> Result<DigitisedPage, DigitisationError> {
    settings.check()?;
    page::check(&page)?;
    let small = Small::of(&page);
    let seen = look(&small, page.dpi);
    let coloured = page.channels == 3
        && match settings.colours {
            Colours::ByContent => seen.coloured,
            Colours::Grey => false,
            Colours::Colour => true,
        };
    let (page, small) = if coloured { (page, small) } else { (page::into_grey(page), small.into_grey()) };
    let RawPage { width, height, channels, dpi, ref pixels } = page;
    let dots = Dots { width, height, channels, dpi, pixels };
    let (jpeg, quality) = jpeg::fitting(dots, settings.quality, LOWEST_QUALITY, settings.page_bytes)?;
    drop(page);
    let side = |dots: usize| u32::try_from(dots).unwrap_or_default();
    let dots =
        Dots { width: side(small.width), height: side(small.height), channels, dpi, pixels: &small.pixels };
    let (small, _) = jpeg::fitting(dots, PREVIEW_QUALITY, PREVIEW_QUALITY, LARGEST_PAGE)?;
    Ok(DigitisedPage {
        jpeg: Arc::new(jpeg.into()),
        small: Arc::new(small.into()),
        width,
        height,
        dpi,
        quality,
        coloured,
        blank: seen.blank,
        skew: seen.skew,
        paper: seen.paper,
        quarter_turns: 0,
        cropped: true,
    })
}

/// What is seen on a page.
struct Seen {
    coloured: bool,
    blank: bool,
    skew: f64,
    paper: Option<Corners>,
}

fn look(small: &Small, dpi: u16) -> Seen {
    let sheet = Sheet::find(&small.brightness(), small.dots_mm);
    let ink = Ink::of(small, &sheet);
    let blank = blank::is_blank(&ink, &sheet);
    let lines = if blank { None } else { skew::measure(&ink) };
    // Without lines the paper itself is put straight.
    let angle = lines.or(sheet.certain.map(|(_, angle)| angle)).unwrap_or_default();
    let skew = if angle.abs() < LEAST_SKEW { 0.0 } else { angle.clamp(-skew::MOST, skew::MOST) };
    let factor = f64::from(reduce::factor(dpi));
    let paper =
        sheet.certain.map(|(Corners(corners), _)| Corners(corners.map(|(x, y)| (x * factor, y * factor))));
    Seen { coloured: colour::is_coloured(small, &sheet), blank, skew, paper }
}

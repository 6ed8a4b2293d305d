//! A page before and after.
use std::fmt;
use std::sync::Arc;

use hal_sane::RawPage;
use private::PrivateBytes;

use super::geometry::{self, Corners, Layout};
use super::{
    DigitisationError, HIGHEST_DPI, LARGEST_PAGE, LONGEST_SIDE, LOWEST_DPI, LOWEST_QUALITY, SHORTEST_SIDE,
    SMALLEST_FILE, jpeg, preview, reduce,
};

/// What is said of a page is possible, and true of its dots.
pub(super) fn check(page: &RawPage) -> Result<(), DigitisationError> {
    let sides = SHORTEST_SIDE..=LONGEST_SIDE;
    if !sides.contains(&page.width) || !sides.contains(&page.height) {
        return Err(DigitisationError::Size { width: page.width, height: page.height });
    }
    if !matches!(page.channels, 1 | 3) {
        return Err(DigitisationError::Channels { channels: page.channels });
    }
    if !(LOWEST_DPI..=HIGHEST_DPI).contains(&page.dpi) {
        return Err(DigitisationError::Resolution { dpi: page.dpi });
    }
    // A tenth of an inch, and a hundred inches.
    let extent = u32::from(page.dpi).div_ceil(10)..=u32::from(page.dpi) * 100;
    if !extent.contains(&page.width) || !extent.contains(&page.height) {
        return Err(DigitisationError::Extent { width: page.width, height: page.height, dpi: page.dpi });
    }
    let bytes = u64::from(page.width) * u64::from(page.height) * u64::from(page.channels);
    if bytes > LARGEST_PAGE as u64 {
        return Err(DigitisationError::Large { bytes });
    }
    if bytes != page.pixels.len() as u64 {
        return Err(DigitisationError::Cut { wanted: bytes, found: page.pixels.len() });
    }
    Ok(())
}

/// The same page in grey, in the same memory.
pub(super) fn into_grey(mut page: RawPage) -> RawPage {
    if page.channels == 3 {
        for at in 0..page.pixels.len() / 3 {
            let grey = page.pixels.get(3 * at..3 * at + 3).map(reduce::luma);
            if let Some((dot, grey)) = page.pixels.get_mut(at).zip(grey) {
                *dot = grey;
            }
        }
        page.pixels.truncate(page.pixels.len() / 3);
        page.channels = 1;
    }
    page
}

/// Grey or colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// By what is on the page.
    #[default]
    ByContent,
    /// Always grey.
    Grey,
    /// Colour, if the scan has it.
    Colour,
}

/// How pages are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Grey or colour.
    pub colours: Colours,
    /// Quality of the JPEG, 1 to 100 as libjpeg counts: [`LOWEST_QUALITY`] to 95. Usual are 75 to 85.
    pub quality: u8,
    /// A page of more bytes is compressed again, coarser, down to [`LOWEST_QUALITY`]: at least [`SMALLEST_FILE`].
    pub page_bytes: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { colours: Colours::ByContent, quality: 80, page_bytes: 4_000_000 }
    }
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), DigitisationError> {
        if !(LOWEST_QUALITY..=95).contains(&self.quality) {
            return Err(DigitisationError::Setting("the quality of a page is between 50 and 95"));
        }
        if self.page_bytes < SMALLEST_FILE {
            return Err(DigitisationError::Setting("a page needs 65536 bytes at least"));
        }
        Ok(())
    }
}

/// A page that was compressed, and how it lies. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct DigitisedPage {
    pub(super) jpeg: Arc<PrivateBytes>,
    pub(super) small: Arc<PrivateBytes>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) dpi: u16,
    pub(super) quality: u8,
    pub(super) coloured: bool,
    pub(super) blank: bool,
    pub(super) skew: f64,
    pub(super) paper: Option<Corners>,
    pub(super) quarter_turns: u8,
    pub(super) cropped: bool,
}

impl DigitisedPage {
    /// The picture as it will stand in the file, dot for dot what was scanned: never turned, cut or resampled.
    #[must_use]
    pub fn jpeg(&self) -> &[u8] {
        self.jpeg.as_slice()
    }

    /// Dots across and down of the picture.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Dots an inch.
    #[must_use]
    pub fn dpi(&self) -> u16 {
        self.dpi
    }

    /// The quality that the picture has; lower than asked for when it would not have fitted.
    #[must_use]
    pub fn quality(&self) -> u8 {
        self.quality
    }

    /// In colour; otherwise in grey.
    #[must_use]
    pub fn is_coloured(&self) -> bool {
        self.coloured
    }

    /// There seems to be nothing on it. A notice for whoever scanned: the page stays until he takes it out.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.blank
    }

    /// How far its lines fall to the right, in degrees, clockwise, at most 10 either way; the page shows them level.
    #[must_use]
    pub fn skew(&self) -> f64 {
        self.skew
    }

    /// The corners of the paper in the picture, where its edges are certain.
    #[must_use]
    pub fn paper(&self) -> Option<Corners> {
        self.paper
    }

    /// The page ends where the paper does. What is outside stays in the picture.
    #[must_use]
    pub fn is_cropped(&self) -> bool {
        self.cropped && self.paper.is_some()
    }

    /// Shows all that was scanned (`false`), or the paper only, where its edges are certain.
    pub fn set_cropped(&mut self, cropped: bool) {
        self.cropped = cropped;
    }

    /// Quarter turns clockwise, 0 to 3.
    #[must_use]
    pub fn quarter_turns(&self) -> u8 {
        self.quarter_turns
    }

    /// Turns the page to so many quarters clockwise from how it was scanned. The picture is not compressed again.
    pub fn set_quarter_turns(&mut self, quarter_turns: u8) {
        self.quarter_turns = quarter_turns % 4;
    }

    /// The page a quarter further clockwise.
    #[must_use]
    pub fn turned(&self) -> DigitisedPage {
        DigitisedPage { quarter_turns: (self.quarter_turns + 1) % 4, ..self.clone() }
    }

    /// How the picture lies on the page, in its dots.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let paper = self.paper.as_ref().filter(|_| self.cropped);
        geometry::layout((self.width, self.height), self.skew, paper, self.quarter_turns)
    }

    /// The page as the file will show it, at most so many dots high and wide; never more than
    /// [`super::LARGEST_PREVIEW`].
    ///
    /// # Errors
    /// [`DigitisationError::Fault`].
    pub fn preview(&self, most: u32) -> Result<Preview, DigitisationError> {
        let (width, height, channels, pixels) = jpeg::decode(self.small.as_slice())?;
        let layout = self.layout();
        let picture = preview::Picture { width, height, channels, pixels };
        Ok(preview::draw(&picture, reduce::factor(self.dpi), &layout, most))
    }
}

impl fmt::Debug for DigitisedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DigitisedPage { width, height, dpi, jpeg, coloured, blank, .. } = self;
        let (colours, blank) =
            (if *coloured { "colour" } else { "grey" }, if *blank { ", blank" } else { "" });
        write!(
            f,
            "DigitisedPage({width} × {height} at {dpi} dpi, {colours}{blank}, skew {:.2}°, {} quarter turns, {} bytes)",
            self.skew,
            self.quarter_turns,
            jpeg.as_slice().len()
        )
    }
}

/// A page made small, for the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Preview {
    /// Dots across.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue, row after row from the top.
    pub pixels: PrivateBytes,
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Preview({} × {})", self.width, self.height)
    }
}

//! Pages from rows as a driver sends them: padding goes, 1 and 16 bits become 8, three passes become one page. Pure.
use zeroize::{Zeroize, Zeroizing};

use crate::api::RawPage;
use crate::wire::{ByteOrder, Parameters};

/// Most pixels of a row.
pub const WIDEST: u32 = 20_000;
/// Most rows.
pub const HIGHEST: u32 = 40_000;
/// Most bytes of a page, as it is sent and as it is given on.
pub const LARGEST: u64 = 256 << 20;
/// How many times longer than its pixels a row may be: some drivers pad.
const MOST_PADDING: u64 = 4;
/// Rows that room is made for at first when nobody knows their number.
const FIRST_ROWS: u64 = 1024;

/// Why an image cannot be a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Neither grey, RGB nor one of three passes: a compressed image, for one.
    #[error("image format {0}")]
    Format(u32),
    /// Bits of a sample.
    #[error("{0} bits a sample")]
    Depth(i32),
    /// Pixels of a row.
    #[error("{0} pixels a row; {WIDEST} are the most")]
    Width(i32),
    /// Rows.
    #[error("{0} rows; {HIGHEST} are the most")]
    Height(i32),
    /// A row does not hold its pixels, or much more than them.
    #[error("{bytes} bytes for a row of {pixels} pixels")]
    RowBytes {
        /// Bytes, as announced.
        bytes: i32,
        /// Pixels, as announced.
        pixels: u32,
    },
    /// 16 bits, and nobody says in which order.
    #[error("samples of 16 bits in no order that is known")]
    NoOrder,
    /// More bytes than any page has.
    #[error("an image of more than {LARGEST} bytes")]
    TooLarge,
    /// There is not so much memory.
    #[error("no memory for an image of {0} bytes")]
    NoMemory(u64),
    /// Rows beyond those that were announced.
    #[error("more than the {0} rows that were announced")]
    MoreRows(u32),
    /// It ends inside a row.
    #[error("an end in the middle of row {0}")]
    HalfRow(u32),
    /// It ends without a row.
    #[error("no row at all")]
    Empty,
    /// Fewer rows than were announced.
    #[error("{got} rows of {announced}")]
    FewerRows {
        /// Whole rows.
        got: u32,
        /// As announced.
        announced: u32,
    },
    /// The passes of one page do not fit together.
    #[error("passes of different size or of the same colour")]
    Passes,
    /// Three passes of unknown height.
    #[error("three passes of unknown height")]
    PassesWithoutHeight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Samples {
    /// 1 bit. In grey it is ink, so that 1 is black; in a colour it is light.
    Bits { ink: bool },
    /// 8 bits.
    Bytes,
    /// 16 bits, of which the high byte is this one.
    Pairs { high: usize },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colours {
    Grey,
    Rgb,
    /// One of three passes.
    Pass(usize),
}

/// What a frame is, checked against every limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    width: u32,
    /// None: nobody knows.
    height: Option<u32>,
    row_bytes: usize,
    samples: Samples,
    colours: Colours,
    last: bool,
}

impl Shape {
    /// What the parameters of a started frame mean.
    ///
    /// # Errors
    /// When they are out of bounds or make no sense.
    pub fn check(parameters: Parameters, order: Option<ByteOrder>) -> Result<Shape, PageError> {
        let Parameters { format, last_frame, bytes_per_line, pixels_per_line, lines, depth } = parameters;
        let (colours, last) = match format {
            0 => (Colours::Grey, true),
            1 => (Colours::Rgb, true),
            2 => (Colours::Pass(0), last_frame),
            3 => (Colours::Pass(1), last_frame),
            4 => (Colours::Pass(2), last_frame),
            other => return Err(PageError::Format(other)),
        };
        let samples = match (depth, order) {
            (1, _) => Samples::Bits { ink: colours == Colours::Grey },
            (8, _) => Samples::Bytes,
            (16, Some(ByteOrder::Little)) => Samples::Pairs { high: 1 },
            (16, Some(ByteOrder::Big)) => Samples::Pairs { high: 0 },
            (16, None) => return Err(PageError::NoOrder),
            (other, _) => return Err(PageError::Depth(other)),
        };
        let bounded = |number: i32, most: u32| u32::try_from(number).ok().filter(|n| (1..=most).contains(n));
        let width = bounded(pixels_per_line, WIDEST).ok_or(PageError::Width(pixels_per_line))?;
        let height = match lines {
            -1 => None,
            lines => Some(bounded(lines, HIGHEST).ok_or(PageError::Height(lines))?),
        };
        if height.is_none() && matches!(colours, Colours::Pass(_)) {
            return Err(PageError::PassesWithoutHeight);
        }
        let channels = if colours == Colours::Rgb { 3 } else { 1 };
        let needed = match samples {
            Samples::Bits { .. } => u64::from(width).div_ceil(8) * channels,
            Samples::Bytes => u64::from(width) * channels,
            Samples::Pairs { .. } => u64::from(width) * channels * 2,
        };
        let row = u64::try_from(bytes_per_line).unwrap_or(0);
        if !(needed..=needed * MOST_PADDING).contains(&row) {
            return Err(PageError::RowBytes { bytes: bytes_per_line, pixels: width });
        }
        let row_bytes = usize::try_from(row).map_err(|_| PageError::TooLarge)?;
        let shape = Shape { width, height, row_bytes, samples, colours, last };
        let rows = u64::from(height.unwrap_or(1));
        if rows * row > LARGEST || rows * shape.page_row() > LARGEST {
            return Err(PageError::TooLarge);
        }
        Ok(shape)
    }

    /// Whether the page is whole after this frame.
    pub fn is_last(&self) -> bool {
        self.last
    }

    /// Bytes of a row of the page.
    fn page_row(&self) -> u64 {
        u64::from(self.width) * u64::from(self.channels())
    }

    fn channels(&self) -> u8 {
        if self.colours == Colours::Grey { 1 } else { 3 }
    }
}

/// A page while it is received.
pub struct PageBuilder {
    shape: Shape,
    /// What came of the row under way.
    row: Zeroizing<Vec<u8>>,
    /// Whole rows of the frame under way.
    rows: u32,
    pixels: Vec<u8>,
    /// Passes that are whole: red, green, blue.
    passes: [bool; 3],
}

impl PageBuilder {
    /// For a page whose first frame is this one.
    ///
    /// # Errors
    /// Without the memory for it.
    pub fn new(shape: Shape) -> Result<PageBuilder, PageError> {
        let rows = shape.height.map_or(FIRST_ROWS, u64::from);
        let bytes = (rows * shape.page_row()).min(LARGEST);
        let mut pixels = with_room(bytes)?;
        if matches!(shape.colours, Colours::Pass(_)) {
            pixels.resize(usize::try_from(bytes).unwrap_or_default(), 0);
        }
        let row = Zeroizing::new(Vec::with_capacity(shape.row_bytes));
        Ok(PageBuilder { shape, row, rows: 0, pixels, passes: [false; 3] })
    }

    /// Goes on with the next pass of the same page.
    ///
    /// # Errors
    /// When it does not fit to the ones before it.
    pub fn next_pass(&mut self, shape: Shape) -> Result<(), PageError> {
        let Colours::Pass(colour) = shape.colours else { return Err(PageError::Passes) };
        let same = (shape.width, shape.height) == (self.shape.width, self.shape.height);
        if !same || self.passes.get(colour).is_none_or(|done| *done) {
            return Err(PageError::Passes);
        }
        // After three of them a page is whole, whatever the flag says.
        let last = shape.last || self.passes.iter().filter(|done| **done).count() == 2;
        self.shape = Shape { last, ..shape };
        self.row.zeroize();
        self.rows = 0;
        Ok(())
    }

    /// Takes bytes of the frame, cut anywhere.
    ///
    /// # Errors
    /// When they are more than were announced, or than any page has.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), PageError> {
        while !bytes.is_empty() {
            let missing = self.shape.row_bytes - self.row.len();
            let (part, rest) = bytes.split_at(missing.min(bytes.len()));
            bytes = rest;
            if self.row.is_empty() && self.shape.height.is_some_and(|height| self.rows >= height) {
                return Err(PageError::MoreRows(self.rows));
            }
            self.row.extend_from_slice(part);
            if self.row.len() == self.shape.row_bytes {
                self.end_row()?;
                self.row.clear();
            }
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), PageError> {
        let Shape { width, height, samples, colours, .. } = self.shape;
        let page_row = self.shape.page_row();
        let before = u64::from(self.rows) * page_row;
        let sent = (u64::from(self.rows) + 1) * self.shape.row_bytes as u64;
        if height.is_none() {
            if self.rows >= HIGHEST {
                return Err(PageError::Height(i32::MAX));
            }
            if before + page_row > LARGEST || sent > LARGEST {
                return Err(PageError::TooLarge);
            }
            self.grow(before + page_row)?;
        }
        let width = usize::try_from(width).unwrap_or_default();
        match colours {
            Colours::Grey => samples.each(&self.row, width, 1, &mut self.pixels),
            Colours::Rgb => samples.each(&self.row, width, 3, &mut self.pixels),
            Colours::Pass(colour) => {
                let mut plane = Zeroizing::new(Vec::with_capacity(width));
                samples.each(&self.row, width, 1, &mut plane);
                let row = self.pixels.iter_mut().skip(usize::try_from(before).unwrap_or(usize::MAX) + colour);
                row.step_by(3).zip(plane.iter()).for_each(|(pixel, value)| *pixel = *value);
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Makes room for a page of unknown height; what is left behind is wiped.
    fn grow(&mut self, needed: u64) -> Result<(), PageError> {
        if usize::try_from(needed).is_ok_and(|needed| needed <= self.pixels.capacity()) {
            return Ok(());
        }
        let mut larger = with_room((needed * 2).min(LARGEST))?;
        larger.extend_from_slice(&self.pixels);
        std::mem::replace(&mut self.pixels, larger).zeroize();
        Ok(())
    }

    /// Not a byte of it came.
    pub fn is_untouched(&self) -> bool {
        self.rows == 0 && self.row.is_empty() && self.passes == [false; 3]
    }

    /// The end of a frame: true when the page is whole, false when another pass follows. A driver that finds the end
    /// of a sheet itself sends fewer rows than it announced: that is right with `may_be_shorter`.
    ///
    /// # Errors
    /// When it ends where no frame can.
    pub fn end_frame(&mut self, may_be_shorter: bool) -> Result<bool, PageError> {
        if !self.row.is_empty() {
            return Err(PageError::HalfRow(self.rows));
        }
        if self.rows == 0 {
            return Err(PageError::Empty);
        }
        let pass = match self.shape.colours {
            Colours::Pass(colour) => Some(colour),
            Colours::Grey | Colours::Rgb => None,
        };
        if let Some(announced) = self.shape.height
            && self.rows < announced
            && (!may_be_shorter || pass.is_some())
        {
            return Err(PageError::FewerRows { got: self.rows, announced });
        }
        if let Some(done) = pass.and_then(|colour| self.passes.get_mut(colour)) {
            *done = true;
        }
        let whole = self.shape.last && (pass.is_none() || self.passes == [true; 3]);
        if self.shape.last && !whole { Err(PageError::Passes) } else { Ok(whole) }
    }

    /// The page.
    pub fn finish(mut self, dpi: u16) -> RawPage {
        RawPage {
            width: self.shape.width,
            height: self.rows,
            channels: self.shape.channels(),
            dpi,
            pixels: std::mem::take(&mut self.pixels),
        }
    }
}

impl Drop for PageBuilder {
    fn drop(&mut self) {
        self.pixels.as_mut_slice().zeroize();
    }
}

impl Samples {
    /// The samples of a row as bytes, behind what `pixels` holds.
    fn each(self, row: &[u8], width: usize, channels: usize, pixels: &mut Vec<u8>) {
        let count = width * channels;
        match self {
            Samples::Bytes => pixels.extend_from_slice(row.get(..count).unwrap_or(row)),
            Samples::Pairs { high } => {
                pixels.extend(row.iter().skip(high).step_by(2).take(count));
            }
            Samples::Bits { ink } => {
                let light =
                    move |byte: &u8, bit: u32| if (byte & (0x80 >> bit) != 0) == ink { 0 } else { 255 };
                // Eight pixels are one byte of each colour.
                let group =
                    |bytes| (0..8).flat_map(move |bit| <[u8]>::iter(bytes).map(move |byte| light(byte, bit)));
                let all = row.chunks_exact(channels).flat_map(group);
                pixels.extend(all.take(count));
            }
        }
    }
}

fn with_room(bytes: u64) -> Result<Vec<u8>, PageError> {
    let mut pixels = Vec::new();
    let count = usize::try_from(bytes).map_err(|_| PageError::TooLarge)?;
    pixels.try_reserve_exact(count).map_err(|_| PageError::NoMemory(bytes))?;
    Ok(pixels)
}

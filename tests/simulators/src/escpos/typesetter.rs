//! Characters and pictures to lines of dots: fonts, sizes, alignment, spacing (reference 2.3).

use super::canvas::Bitmap;
use super::codepage::CodePage;
use super::font::Font;

/// One line, ready to be burnt: its rows and its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintedLine {
    /// Packed rows over the whole head.
    pub rows: Vec<Vec<u8>>,
    /// Dot rows fed after them.
    pub feed: usize,
    pub text: Option<String>,
}

#[derive(Clone, Debug)]
struct Item {
    x: usize,
    bitmap: Bitmap,
}

#[derive(Clone, Debug)]
pub struct Typesetter {
    head: usize,
    pub page: CodePage,
    international: u8,
    font: Font,
    bold: bool,
    double_strike: bool,
    underline: u8,
    size: (usize, usize),
    reverse: bool,
    upside_down: bool,
    rotate: bool,
    align: u8,
    spacing: usize,
    line_spacing: usize,
    left_margin: usize,
    area: usize,
    tabs: Vec<u8>,
    items: Vec<Item>,
    x: usize,
    text: String,
    /// Characters without a glyph in the chosen page.
    pub unprintable: u64,
}

const LINE_SPACING: usize = 30;

impl Typesetter {
    #[must_use]
    pub fn new(head: usize) -> Self {
        Self {
            head,
            page: CodePage::default(),
            international: 0,
            font: Font::A,
            bold: false,
            double_strike: false,
            underline: 0,
            size: (1, 1),
            reverse: false,
            upside_down: false,
            rotate: false,
            align: 0,
            spacing: 0,
            line_spacing: LINE_SPACING,
            left_margin: 0,
            area: head,
            tabs: (1..=31).map(|stop| stop * 8).collect(),
            items: Vec::new(),
            x: 0,
            text: String::new(),
            unprintable: 0,
        }
    }

    /// ESC @: every mode as at power-on; the count of unprintable characters stays.
    pub fn initialise(&mut self) {
        *self = Self { unprintable: self.unprintable, ..Self::new(self.head) };
    }

    pub fn print_mode(&mut self, n: u8) {
        self.font = if n & 1 == 1 { Font::B } else { Font::A };
        self.bold = n & 8 != 0;
        self.size = (if n & 32 == 0 { 1 } else { 2 }, if n & 16 == 0 { 1 } else { 2 });
        self.underline = u8::from(n & 128 != 0);
    }

    pub fn size(&mut self, n: u8) {
        self.size = (usize::from((n >> 4) & 7) + 1, usize::from(n & 7) + 1);
    }

    pub fn font(&mut self, n: u8) {
        self.font = if matches!(n, 1 | 49) { Font::B } else { Font::A };
    }

    pub fn bold(&mut self, on: bool) {
        self.bold = on;
    }

    pub fn double_strike(&mut self, on: bool) {
        self.double_strike = on;
    }

    pub fn underline(&mut self, dots: u8) {
        self.underline = dots.min(2);
    }

    pub fn reverse(&mut self, on: bool) {
        self.reverse = on;
    }

    /// Only at the start of a line, as the printers do.
    pub fn upside_down(&mut self, on: bool) {
        if self.at_line_start() {
            self.upside_down = on;
        }
    }

    pub fn rotate(&mut self, n: u8) {
        self.rotate = n & 1 == 1;
    }

    pub fn align(&mut self, n: u8) {
        if self.at_line_start() {
            self.align = match n {
                1 | 49 => 1,
                2 | 50 => 2,
                _ => 0,
            };
        }
    }

    pub fn international(&mut self, n: u8) {
        self.international = n;
    }

    pub fn right_spacing(&mut self, dots: u8) {
        self.spacing = usize::from(dots);
    }

    pub fn line_spacing(&mut self, dots: Option<u8>) {
        self.line_spacing = dots.map_or(LINE_SPACING, usize::from);
    }

    #[must_use]
    pub fn spacing_rows(&self) -> usize {
        self.line_spacing
    }

    pub fn left_margin(&mut self, dots: u16) {
        if self.at_line_start() {
            self.left_margin = usize::from(dots).min(self.head);
        }
    }

    pub fn area_width(&mut self, dots: u16) {
        if self.at_line_start() {
            self.area = usize::from(dots).min(self.head);
        }
    }

    pub fn tabs(&mut self, stops: &[u8]) {
        self.tabs = stops.to_vec();
    }

    #[must_use]
    pub fn at_line_start(&self) -> bool {
        self.items.is_empty() && self.x == 0
    }

    /// Pictures go to the head as they are: left, whole width, upright.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.align == 0 && self.left_margin == 0 && self.area == self.head && !self.upside_down
    }

    /// CAN: what the line holds is forgotten.
    pub fn cancel(&mut self) {
        self.items.clear();
        self.text.clear();
        self.x = 0;
    }

    fn available(&self) -> usize {
        self.area.min(self.head.saturating_sub(self.left_margin)).max(1)
    }

    /// Moves to a column; the text gets as many blanks as fit.
    pub fn move_to(&mut self, x: usize) {
        if x > self.available() {
            return;
        }
        let cell = self.font.cell().0 * self.size.0 + self.spacing * self.size.0;
        if x > self.x {
            let blanks = (x - self.x).div_ceil(cell.max(1));
            self.text.extend(std::iter::repeat_n(' ', blanks));
        }
        self.x = x;
    }

    pub fn move_by(&mut self, dots: i16) {
        let x = self.x.saturating_add_signed(isize::from(dots));
        self.move_to(x);
    }

    pub fn tab(&mut self) {
        let cell = (self.font.cell().0 + self.spacing) * self.size.0;
        let next = self.tabs.iter().map(|stop| usize::from(*stop) * cell).find(|x| *x > self.x);
        if let Some(x) = next {
            self.move_to(x);
        }
    }

    /// One character; the finished line when it did not fit any more.
    pub fn character(&mut self, byte: u8) -> Option<PrintedLine> {
        let character = self.page.decode(byte);
        let character = if self.international == 7 && character == '#' { '₧' } else { character };
        if character == '\u{fffd}' {
            self.unprintable += 1;
        }
        let bitmap = self.glyph(character);
        let (width, _) = (bitmap.width(), bitmap.height());
        let full = (self.x + width > self.available() && !self.at_line_start()).then(|| self.line());
        let advance = width + self.spacing * self.size.0;
        self.items.push(Item { x: self.x, bitmap });
        self.x += advance;
        self.text.push(character);
        full
    }

    fn glyph(&self, character: char) -> Bitmap {
        let plain = self.font.glyph(character);
        let thick = self.bold || self.double_strike;
        let (width, height) = (plain.width(), plain.height());
        let mut glyph =
            Bitmap::from_fn(width, height, |x, y| plain.get(x, y) || (thick && x > 0 && plain.get(x - 1, y)));
        if self.rotate {
            glyph = Bitmap::from_fn(height, width, |x, y| glyph.get(y, height - 1 - x));
        }
        glyph = glyph.scaled(self.size.0, self.size.1);
        let thickness = usize::from(self.underline);
        let under = glyph.height().saturating_sub(thickness);
        Bitmap::from_fn(glyph.width(), glyph.height(), |x, y| {
            let underlined = thickness > 0 && y >= under && !self.reverse;
            (glyph.get(x, y) || underlined) != self.reverse
        })
    }

    /// A picture in the line, as ESC * makes them. What is wider than the area is cut off.
    pub fn picture(&mut self, bitmap: Bitmap) {
        let width = bitmap.width();
        self.items.push(Item { x: self.x, bitmap });
        self.x += width;
    }

    /// The line as it stands; the next one begins.
    pub fn line(&mut self) -> PrintedLine {
        let items = std::mem::take(&mut self.items);
        let text = std::mem::take(&mut self.text);
        let used = self.x;
        self.x = 0;
        let height = items.iter().map(|item| item.bitmap.height()).max().unwrap_or(0);
        let rows = self.compose(&items, used, height);
        PrintedLine {
            feed: self.line_spacing.saturating_sub(height),
            rows,
            text: Some(text.trim_end().to_owned()),
        }
    }

    /// A picture on lines of its own, aligned, without line spacing.
    #[must_use]
    pub fn block(&self, bitmap: Bitmap) -> PrintedLine {
        let (width, height) = (bitmap.width(), bitmap.height());
        let rows = self.compose(&[Item { x: 0, bitmap }], width, height);
        PrintedLine { rows, feed: 0, text: None }
    }

    fn compose(&self, items: &[Item], used: usize, height: usize) -> Vec<Vec<u8>> {
        let available = self.available();
        let spare = available.saturating_sub(used);
        let offset = self.left_margin
            + match self.align {
                1 => spare / 2,
                2 => spare,
                _ => 0,
            };
        let right = (self.left_margin + available).min(self.head);
        let mut line = Bitmap::new(self.head, height);
        for item in items {
            let top = height - item.bitmap.height();
            for y in 0..item.bitmap.height() {
                for x in 0..item.bitmap.width() {
                    let column = offset + item.x + x;
                    if column < right && item.bitmap.get(x, y) {
                        line.set(column, top + y);
                    }
                }
            }
        }
        let turned = self.upside_down;
        (0..height)
            .map(|y| {
                let mut row = vec![0_u8; self.head.div_ceil(8)];
                for x in 0..self.head {
                    let black =
                        if turned { line.get(self.head - 1 - x, height - 1 - y) } else { line.get(x, y) };
                    if black && let Some(byte) = row.get_mut(x / 8) {
                        *byte |= 0x80 >> (x % 8);
                    }
                }
                row
            })
            .collect()
    }
}

//! Text into lines, lines into pages: A4 in points, from the top left corner.
use ttf_parser::Face;

pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
/// 20 mm.
pub(super) const MARGIN: f32 = 56.69;
/// Below the head of the first page, and of the others.
const FIRST_TOP: f32 = 150.0;
const TOP: f32 = 100.0;
/// Above the foot with its QR code.
pub(super) const BOTTOM: f32 = HEIGHT - 150.0;

pub(super) const REGULAR: &[u8] = include_bytes!("../../../../ui/fonts/AtkinsonHyperlegibleNext-Regular.ttf");
pub(super) const BOLD: &[u8] = include_bytes!("../../../../ui/fonts/AtkinsonHyperlegibleNext-Bold.ttf");

/// How a paragraph looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Title,
    /// The date of issue, which receiving bodies look for.
    Date,
    Name,
    Body,
    Small,
}

impl Style {
    pub fn size(self) -> f32 {
        match self {
            Style::Title => 20.0,
            Style::Date => 17.0,
            Style::Name => 12.0,
            Style::Body => 11.0,
            Style::Small => 9.0,
        }
    }

    pub fn is_bold(self) -> bool {
        matches!(self, Style::Title | Style::Date | Style::Name)
    }

    fn height(self) -> f32 {
        self.size() * 1.35
    }
}

/// One line of text; `y` is its base line.
pub(super) struct Line {
    pub style: Style,
    pub y: f32,
    pub text: String,
}

/// Fills pages.
pub(super) struct Pages {
    regular: Face<'static>,
    bold: Face<'static>,
    pages: Vec<Vec<Line>>,
    y: f32,
}

impl Pages {
    /// `town` must fit the head.
    pub fn new(town: &str) -> Option<Pages> {
        let (regular, bold) = (Face::parse(REGULAR, 0).ok()?, Face::parse(BOLD, 0).ok()?);
        let pages = Pages { regular, bold, pages: vec![Vec::new()], y: FIRST_TOP };
        (pages.width(Style::Title, town) < WIDTH - 3.0 * MARGIN).then_some(pages)
    }

    pub fn space(&mut self, height: f32) {
        self.y += height;
    }

    pub fn text(&mut self, style: Style, text: &str) {
        for line in self.broken(style, text) {
            self.line(style, line);
        }
    }

    /// Paragraphs that stand on one page.
    pub fn together(&mut self, all: &[(Style, &str)]) {
        let lines: Vec<(Style, String)> = all
            .iter()
            .flat_map(|(style, text)| self.broken(*style, text).into_iter().map(move |line| (*style, line)))
            .collect();
        let height: f32 = lines.iter().map(|(style, _)| style.height()).sum();
        if self.y + height > BOTTOM {
            self.turn();
        }
        for (style, line) in lines {
            self.line(style, line);
        }
    }

    pub fn finish(self) -> Vec<Vec<Line>> {
        self.pages
    }

    fn line(&mut self, style: Style, text: String) {
        if self.y + style.height() > BOTTOM {
            self.turn();
        }
        self.y += style.height();
        let y = self.y;
        self.pages.last_mut().map(|page| page.push(Line { style, y, text })).unwrap_or_default();
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    fn broken(&self, style: Style, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if !line.is_empty() && self.width(style, &longer) > WIDTH - 2.0 * MARGIN {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            } else {
                line = longer;
            }
        }
        lines.push(line);
        lines
    }

    /// Without kerning, which only makes it narrower.
    fn width(&self, style: Style, text: &str) -> f32 {
        let face = if style.is_bold() { &self.bold } else { &self.regular };
        let advance = |c: char| face.glyph_index(c).and_then(|it| face.glyph_hor_advance(it)).unwrap_or(0);
        let units: f32 = text.chars().map(|c| f32::from(advance(c))).sum();
        units * style.size() / f32::from(face.units_per_em())
    }
}

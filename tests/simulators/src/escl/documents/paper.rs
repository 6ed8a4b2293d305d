//! A sheet to draw on, in millimetres, as a printer would: text, lines, areas.

use image::{DynamicImage, GrayImage, RgbImage};
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};
use ttf_parser::{Face, OutlineBuilder};

use crate::escl::picture::{MASTER_DPI, Picture};
use crate::escl::sheet::SheetSize;

/// Red, green, blue.
pub(super) type Colour = [u8; 3];
pub(super) const BLACK: Colour = [0, 0, 0];

const MM_PER_INCH: f64 = 25.4;
const MM_PER_POINT: f32 = 0.352_777_8;

/// The kiosk's typeface is an open one with every letter of the languages here.
const REGULAR: &[u8] = include_bytes!("../../../../../ui/fonts/AtkinsonHyperlegibleNext-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../../../ui/fonts/AtkinsonHyperlegibleNext-Bold.ttf");

/// How letters look.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub points: f32,
    pub bold: bool,
    pub colour: Colour,
}

impl Type {
    pub const fn plain(points: f32) -> Self {
        Self { points, bold: false, colour: BLACK }
    }

    pub const fn bold(points: f32) -> Self {
        Self { points, bold: true, colour: BLACK }
    }

    pub const fn in_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// From one line to the next.
    fn leading(self) -> f32 {
        self.points * MM_PER_POINT * 1.35
    }
}

/// One side of a sheet.
pub(super) struct Paper {
    pixels: Pixmap,
    size: SheetSize,
}

impl Paper {
    /// A blank side.
    pub fn new(size: SheetSize) -> Self {
        let dots = |mm: f64| (mm / MM_PER_INCH * f64::from(MASTER_DPI)).round().max(1.0) as u32;
        let mut pixels = Pixmap::new(dots(size.width_mm), dots(size.height_mm))
            .expect("a document of the shelf is at most A4");
        pixels.fill(tiny_skia::Color::WHITE);
        Self { pixels, size }
    }

    fn scale() -> Transform {
        let per_mm = (f64::from(MASTER_DPI) / MM_PER_INCH) as f32;
        Transform::from_scale(per_mm, per_mm)
    }

    fn fill(&mut self, path: &Path, colour: Colour, transform: Transform) {
        let paint = paint(colour);
        self.pixels.fill_path(path, &paint, FillRule::Winding, transform.post_concat(Self::scale()), None);
    }

    /// A line through these points.
    pub fn line(&mut self, points: &[(f32, f32)], width_mm: f32, colour: Colour) {
        let mut path = PathBuilder::new();
        for (nth, (x, y)) in points.iter().enumerate() {
            if nth == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
        }
        self.stroke(path, width_mm, colour);
    }

    /// A curve by hand: through the middles of these points.
    pub fn scribble(&mut self, points: &[(f32, f32)], width_mm: f32, colour: Colour) {
        let mut path = PathBuilder::new();
        if let Some((x, y)) = points.first() {
            path.move_to(*x, *y);
        }
        for pair in points.windows(2) {
            if let [(x, y), (next_x, next_y)] = pair {
                path.quad_to(*x, *y, (x + next_x) / 2.0, (y + next_y) / 2.0);
            }
        }
        self.stroke(path, width_mm, colour);
    }

    fn stroke(&mut self, path: PathBuilder, width_mm: f32, colour: Colour) {
        let Some(path) = path.finish() else { return };
        let stroke = Stroke {
            width: width_mm,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        self.pixels.stroke_path(&path, &paint(colour), &stroke, Self::scale(), None);
    }

    /// A frame.
    pub fn frame(&mut self, [x, y, width, height]: [f32; 4], line_mm: f32, colour: Colour) {
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)];
        self.line(&corners, line_mm, colour);
    }

    /// A filled rectangle.
    pub fn area(&mut self, [x, y, width, height]: [f32; 4], colour: Colour) {
        if let Some(rectangle) = Rect::from_xywh(x, y, width, height) {
            self.fill(&PathBuilder::from_rect(rectangle), colour, Transform::identity());
        }
    }

    /// A circle's line.
    pub fn circle(&mut self, x: f32, y: f32, radius: f32, line_mm: f32, colour: Colour) {
        let mut path = PathBuilder::new();
        path.push_circle(x, y, radius);
        self.stroke(path, line_mm, colour);
    }

    /// A disc.
    pub fn disc(&mut self, x: f32, y: f32, radius: f32, colour: Colour) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius) {
            self.fill(&path, colour, Transform::identity());
        }
    }

    /// One line of text from a place on its base line.
    pub fn text(&mut self, x: f32, y: f32, how: Type, text: &str) {
        self.turned_text(x, y, 0.0, how, text);
    }

    /// The same, turned around that place by so many degrees.
    pub fn turned_text(&mut self, x: f32, y: f32, degrees: f32, how: Type, text: &str) {
        let Some((path, _)) = outline(how, text) else { return };
        let transform = Transform::from_rotate(degrees).post_translate(x, y);
        self.fill(&path, how.colour, transform);
    }

    /// The same around a middle.
    pub fn centred(&mut self, x: f32, y: f32, how: Type, text: &str) {
        self.text(x - width(how, text) / 2.0, y, how, text);
    }

    /// The same up to a place.
    pub fn right(&mut self, x: f32, y: f32, how: Type, text: &str) {
        self.text(x - width(how, text), y, how, text);
    }

    /// Lines no longer than a width; where the next one would be.
    pub fn paragraph(&mut self, x: f32, y: f32, width_mm: f32, how: Type, text: &str) -> f32 {
        let mut at = y;
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if width(how, &longer) > width_mm && !line.is_empty() {
                self.text(x, at, how, &line);
                at += how.leading();
                word.clone_into(&mut line);
            } else {
                line = longer;
            }
        }
        self.text(x, at, how, &line);
        at + how.leading()
    }

    /// The printed side: grey when nothing on it is coloured.
    pub fn print(self) -> Picture {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        let dots = self.pixels.pixels().iter().map(|dot| [dot.red(), dot.green(), dot.blue()]);
        let grey = dots.clone().all(|[red, green, blue]| red == green && green == blue);
        let printed = if grey {
            let bytes: Vec<u8> = dots.map(|[level, ..]| level).collect();
            GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8)
        } else {
            let bytes: Vec<u8> = dots.flatten().collect();
            RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
        };
        Picture::of(&printed.expect("as many dots as there are")).expect("dots become a PNG")
    }

    pub fn size(&self) -> SheetSize {
        self.size
    }
}

fn paint(colour: Colour) -> Paint<'static> {
    let [red, green, blue] = colour;
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

/// How long a line of text is, in millimetres.
fn width(how: Type, text: &str) -> f32 {
    outline(how, text).map_or(0.0, |(_, width)| width)
}

/// The outline of a line of text in millimetres from its start, and its length.
fn outline(how: Type, text: &str) -> Option<(Path, f32)> {
    let face = Face::parse(if how.bold { BOLD } else { REGULAR }, 0).ok()?;
    let scale = how.points * MM_PER_POINT / f32::from(face.units_per_em());
    let mut letters = Letters { path: PathBuilder::new(), scale, at: 0.0 };
    for character in text.chars() {
        let glyph = face.glyph_index(character).unwrap_or_default();
        face.outline_glyph(glyph, &mut letters);
        letters.at += f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
    }
    let length = letters.at;
    letters.path.finish().map(|path| (path, length))
}

struct Letters {
    path: PathBuilder,
    scale: f32,
    at: f32,
}

impl Letters {
    /// Fonts count upwards.
    fn point(&self, x: f32, y: f32) -> (f32, f32) {
        (self.at + x * self.scale, -y * self.scale)
    }
}

impl OutlineBuilder for Letters {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.point(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.point(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.point(x1, y1), self.point(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

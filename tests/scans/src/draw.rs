//! Text, strokes and shapes on a sheet.
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Point, Rect, Stroke, Transform,
};
use ttf_parser::{Face, OutlineBuilder};

use super::Place;

/// Red, green, blue.
pub type Rgb = [u8; 3];
/// Print.
pub const BLACK: Rgb = [28, 28, 30];
/// A ball pen.
pub const BLUE: Rgb = [42, 58, 150];
/// A rubber stamp.
pub const RED: Rgb = [196, 48, 60];
/// A hard pencil, pressed lightly.
pub const PENCIL: Rgb = [206, 206, 207];

const FONT: &[u8] = include_bytes!("../../../ui/fonts/AtkinsonHyperlegibleNext-Regular.ttf");
/// Millimetres of a point.
const POINT: f32 = 25.4 / 72.0;

/// A sheet under the lid; its millimetres begin at its upper left corner.
#[derive(Clone)]
pub struct Sheet {
    pub(super) pixels: Pixmap,
    pub(super) dpi: u16,
    pub(super) place: Transform,
    size: (f32, f32),
}

impl Sheet {
    /// An empty one.
    ///
    /// # Panics
    /// The window is no larger than nothing.
    pub fn new(place: &Place) -> Sheet {
        let scale = f32::from(place.dpi) / 25.4;
        let dots = |length: f32| (length * scale).round() as u32;
        let mut pixels = Pixmap::new(dots(place.window.0), dots(place.window.1)).expect("a window");
        pixels.fill(paint(place.lid));
        let (x, y) = place.middle.unwrap_or((place.window.0 / 2.0, place.window.1 / 2.0));
        let (width, height) = place.paper;
        let to_dots = Transform::from_translate(-width / 2.0, -height / 2.0)
            .post_concat(Transform::from_rotate(place.angle))
            .post_translate(x, y)
            .post_scale(scale, scale);
        let mut sheet = Sheet { pixels, dpi: place.dpi, place: to_dots, size: place.paper };
        sheet.rectangle((0.0, 0.0), (width, height), place.tint);
        sheet
    }

    /// Where a point of the sheet comes to lie in the scan, in dots.
    pub fn dots_of(&self, at: (f32, f32)) -> (f64, f64) {
        let mut point = Point::from_xy(at.0, at.1);
        self.place.map_point(&mut point);
        (f64::from(point.x), f64::from(point.y))
    }

    /// A line of text with the start of its base line there, of so many points.
    pub fn text(&mut self, at: (f32, f32), points: f32, colour: Rgb, text: &str) {
        let scale = points * POINT;
        let place = Transform::from_scale(scale, -scale).post_translate(at.0, at.1);
        if let Some(path) = outline(text).and_then(|path| path.transform(place)) {
            self.fill(&path, colour);
        }
    }

    /// A stroke through these points, as wide as that.
    pub fn stroke(&mut self, points: &[(f32, f32)], width: f32, colour: Rgb) {
        let mut path = PathBuilder::new();
        for (number, (x, y)) in points.iter().enumerate() {
            if number == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
        }
        if let Some(path) = path.finish() {
            self.outline(&path, width, colour);
        }
    }

    /// A signature of some 40 mm, from there.
    pub fn signature(&mut self, (x, y): (f32, f32), width: f32, colour: Rgb) {
        let points: Vec<(f32, f32)> = (0..=160)
            .map(|step| {
                let t = step as f32 / 160.0;
                (x + 40.0 * t + 3.0 * (t * 31.0).sin(), y + 6.0 * (t * 26.0).cos() * (1.0 - t * 0.6))
            })
            .collect();
        self.stroke(&points, width, colour);
    }

    /// A round stamp of that diameter around this point, with its ring and two lines of text.
    pub fn stamp(&mut self, middle: (f32, f32), diameter: f32, colour: Rgb) {
        self.ring(middle, diameter, diameter * 0.05, colour);
        let points = diameter * 0.4;
        self.text((middle.0 - diameter * 0.34, middle.1), points, colour, "ENTRADA");
        self.text((middle.0 - diameter * 0.28, middle.1 + points * POINT), points * 0.8, colour, "27 NOV");
    }

    /// A ring.
    pub fn ring(&mut self, middle: (f32, f32), diameter: f32, width: f32, colour: Rgb) {
        if let Some(path) = PathBuilder::from_circle(middle.0, middle.1, diameter / 2.0) {
            self.outline(&path, width, colour);
        }
    }

    /// A disc.
    pub fn disc(&mut self, middle: (f32, f32), diameter: f32, colour: Rgb) {
        if let Some(path) = PathBuilder::from_circle(middle.0, middle.1, diameter / 2.0) {
            self.fill(&path, colour);
        }
    }

    /// A filled rectangle from a corner, of that size.
    pub fn rectangle(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), colour: Rgb) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            self.fill(&PathBuilder::from_rect(rect), colour);
        }
    }

    /// What is printed on the other side shines through: `strength` of 255 darker, and blurred by the paper.
    ///
    /// # Panics
    /// There is no memory for the other side.
    pub fn shows_through(&mut self, strength: u8, text: &str) {
        let mut back = self.clone();
        back.pixels.fill(Color::WHITE);
        // Seen from behind.
        back.place =
            Transform::from_scale(-1.0, 1.0).post_translate(self.size.0, 0.0).post_concat(self.place);
        for line in 0..40_u8 {
            back.text((25.0, 40.0 + 6.0 * f32::from(line)), 11.0, [0, 0, 0], text);
        }
        let radius = (0.35 * f32::from(self.dpi) / 25.4).round() as usize;
        let shadow = super::scanner::blurred(&back.pixels, radius);
        for (dot, grey) in self.pixels.data_mut().chunks_exact_mut(4).zip(shadow) {
            let darker = u32::from(255 - grey) * u32::from(strength) / 255;
            dot.iter_mut().take(3).for_each(|value| *value = value.saturating_sub(darker as u8));
        }
    }

    fn fill(&mut self, path: &Path, colour: Rgb) {
        self.pixels.fill_path(path, &brush(colour), FillRule::Winding, self.place, None);
    }

    fn outline(&mut self, path: &Path, width: f32, colour: Rgb) {
        let stroke =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixels.stroke_path(path, &brush(colour), &stroke, self.place, None);
    }
}

fn paint([red, green, blue]: Rgb) -> Color {
    Color::from_rgba8(red, green, blue, 255)
}

fn brush(colour: Rgb) -> Paint<'static> {
    let mut brush = Paint::default();
    brush.set_color(paint(colour));
    brush.anti_alias = true;
    brush
}

/// The outline of a text of size 1, upwards.
fn outline(text: &str) -> Option<Path> {
    let face = Face::parse(FONT, 0).ok()?;
    let scale = 1.0 / f32::from(face.units_per_em());
    let mut pen = Pen { path: PathBuilder::new(), x: 0.0, scale };
    for letter in text.chars() {
        let glyph = face.glyph_index(letter)?;
        face.outline_glyph(glyph, &mut pen);
        pen.x += f32::from(face.glyph_hor_advance(glyph)?) * scale;
    }
    pen.path.finish()
}

struct Pen {
    path: PathBuilder,
    x: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

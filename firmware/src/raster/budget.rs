//! A rehearsal: the page is interpreted without being painted, and what there is to draw is counted. What would take
//! longer than any certificate ends here, so the drawing itself has an end; characters without a shape and pictures
//! that do not unpack are found before the first row is given out.
use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::panic::resume_unwind;

use hayro::hayro_interpret::font::{Glyph, GlyphRun, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::pattern::Pattern;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Rect, Shape};

use super::RasterError;
use super::graph::MOST_PIXELS;
use super::reading::{MOST_READ_AGAIN, Weights};

/// Most things drawn on a page: a page of the smallest print has 20,000 characters.
const MOST_DRAWN: u64 = 400_000;
/// Most corners of all lines of a page.
const MOST_CORNERS: u64 = 4_000_000;
/// Painted area of a page, in pages.
const MOST_COVERED: f64 = 600.0;
/// Masks of a page, each painted apart.
const MOST_MASKS: usize = 48;
/// Pixels of all pictures of a page, unpacked each time they are drawn.
const MOST_PICTURED: u64 = 10 * MOST_PIXELS;
/// Groups within groups.
const DEEPEST: u32 = 24;

/// The interpreter cannot be asked to stop: it is left by unwinding, with the reason.
struct Enough(RasterError);

fn enough(error: RasterError) -> ! {
    resume_unwind(Box::new(Enough(error)))
}

/// What ended the work: a limit of this module, or a fault of the library.
pub(super) fn ended_by(panic: &(dyn Any + Send)) -> RasterError {
    panic.downcast_ref::<Enough>().map_or(RasterError::Fault, |enough| enough.0.clone())
}

/// Counts what a page draws.
pub(super) struct Rehearsal {
    page: usize,
    target: Rect,
    clips: Vec<Rect>,
    drawn: u64,
    corners: u64,
    covered: f64,
    pictured: u64,
    masks: HashSet<u128>,
    shapes: HashMap<u128, Option<Rect>>,
    pictures: HashSet<u128>,
    weights: Weights,
    /// Bytes of letters and patterns, as often as they were drawn.
    read: usize,
    depth: u32,
    /// Within a mask or a pattern: what is drawn there is not ink.
    inside: u32,
    /// Something that is not white is to be seen.
    pub ink: bool,
}

impl Rehearsal {
    /// A rehearsal of page `page` on a target of this many pixels.
    pub fn new(page: usize, width: u16, height: u16, weights: Weights) -> Rehearsal {
        let target = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        Rehearsal {
            page,
            target,
            clips: Vec::new(),
            drawn: 0,
            corners: 0,
            covered: 0.0,
            pictured: 0,
            masks: HashSet::new(),
            shapes: HashMap::new(),
            pictures: HashSet::new(),
            weights,
            read: 0,
            depth: 0,
            inside: 0,
            ink: false,
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.target)
    }

    fn push_clip(&mut self, rect: Rect) {
        self.count(1);
        let clip = self.clip().intersect(rect);
        self.clips.push(clip);
    }

    fn count(&mut self, corners: usize) {
        self.drawn += 1;
        self.corners += corners as u64;
        if self.drawn > MOST_DRAWN || self.corners > MOST_CORNERS {
            enough(RasterError::Complex("a page draws too much"));
        }
    }

    fn read(&mut self, bytes: usize) {
        self.read = self.read.saturating_add(bytes);
        if self.read > MOST_READ_AGAIN {
            enough(RasterError::Complex("the letters or patterns of a page are drawn too often"));
        }
    }

    fn cover(&mut self, rect: Rect) -> bool {
        let seen = rect.intersect(self.clip());
        let area = seen.width().max(0.0) * seen.height().max(0.0);
        self.covered += area / self.target.area().max(1.0);
        if self.covered.is_nan() || self.covered > MOST_COVERED {
            enough(RasterError::Complex("a page paints over itself too often"));
        }
        rect.x0.is_finite() && seen.x0 < seen.x1 && seen.y0 < seen.y1
    }

    fn deeper<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        self.inside += 1;
        if self.depth > DEEPEST {
            enough(RasterError::Complex("groups within groups within groups"));
        }
        let result = draw(self);
        self.inside -= 1;
        self.depth -= 1;
        result
    }

    fn masked<'a>(&mut self, mask: Option<&SoftMask<'a>>) {
        let Some(mask) = mask else { return };
        if !self.masks.insert(mask.cache_key()) {
            return;
        }
        if self.masks.len() > MOST_MASKS {
            enough(RasterError::Complex("a page has too many masks"));
        }
        self.covered += 2.0;
        self.deeper(|inner| mask.interpret(inner));
    }

    fn painted<'a>(&mut self, rect: Rect, paint: &Paint<'a>, stroke: bool) {
        let seen = self.cover(rect);
        match paint {
            Paint::Color(color) => {
                let [red, green, blue, alpha] = color.to_rgba().components();
                let white = red > 0.95 && green > 0.95 && blue > 0.95;
                self.ink |= seen && !white && alpha > 0.1 && self.inside == 0;
            }
            Paint::Pattern(pattern) => {
                if let Pattern::Tiling(tiling) = pattern.as_ref() {
                    self.read(self.weights.tile);
                    let steps = [tiling.x_step, tiling.y_step].map(|step| f64::from(step.abs()));
                    let [across, down] = steps;
                    let cell = (tiling.matrix.determinant().abs() * across * down).max(1e-9);
                    let area = rect.intersect(self.clip());
                    let cells = area.width().max(0.0) * area.height().max(0.0) / cell;
                    if cells > 1e6 {
                        enough(RasterError::Complex("a pattern with too many cells"));
                    }
                    let whole =
                        |inner: &mut Self| tiling.interpret(inner, Affine::IDENTITY, stroke).is_some();
                    if !self.deeper(whole) {
                        enough(RasterError::Damaged("a pattern cannot be unpacked"));
                    }
                }
            }
        }
    }

    /// The box of a shape in its font's units; none for an empty one.
    fn shape(&mut self, glyph: &OutlineGlyph) -> Option<Rect> {
        let page = self.page;
        *self.shapes.entry(glyph.identifier().cache_key()).or_insert_with(|| {
            let outline = glyph.outline();
            let shape = (!outline.is_empty()).then(|| outline.bounding_box());
            let letter = glyph.as_unicode().map(|text| is_letter(&text));
            let lacks = glyph.glyph_id().to_u32() == 0;
            if letter == Some(true) && (shape.is_none() || lacks)
                || letter.is_none() && lacks && shape.is_some()
            {
                enough(RasterError::MissingCharacter { page });
            }
            shape
        })
    }
}

fn is_letter(text: &BfString) -> bool {
    let letter = |it: char| {
        !it.is_whitespace()
            && !it.is_control()
            && !matches!(it, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}')
    };
    match text {
        BfString::Char(it) => letter(*it),
        BfString::String(text) => text.chars().any(letter),
    }
}

fn grown(path: Rect, mode: &DrawMode, transform: &Affine) -> (Rect, bool) {
    match mode {
        DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
            let wide = f64::from(stroke.line_width.abs()) * transform.determinant().abs().sqrt();
            (path.inflate(wide.max(1.0), wide.max(1.0)), true)
        }
        // A line of no width is drawn as wide as a dot.
        DrawMode::Fill(_) | DrawMode::Invisible => (path.inflate(0.5, 0.5), false),
    }
}

impl<'a> Device<'a> for Rehearsal {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, draw_mode: &DrawMode) {
        self.count(path.elements().len());
        self.masked(props.soft_mask.as_ref());
        let (rect, stroke) =
            grown(props.transform.transform_rect_bbox(path.bounding_box()), draw_mode, &props.transform);
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = draw_mode {
            let dash: f32 = stroke.dash_array.iter().map(|it| it.abs()).sum();
            if !stroke.dash_array.is_empty() {
                let pieces = path.perimeter(1.0) / f64::from(dash.max(1e-6));
                self.corners = self.corners.saturating_add(pieces.min(1e9) as u64);
                self.count(0);
            }
        }
        self.painted(rect, &props.paint, stroke);
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        self.count(clip_path.path.elements().len());
        self.push_clip(clip_path.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.push_clip(*rect);
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.count(1);
        self.masked(mask.as_ref());
        self.depth += 1;
        if self.depth > DEEPEST {
            enough(RasterError::Complex("groups within groups within groups"));
        }
    }

    fn draw_glyph_run(&mut self, glyph_run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, draw_mode: &DrawMode) {
        if matches!(draw_mode, DrawMode::Invisible) {
            self.count(glyph_run.glyphs().len());
            return;
        }
        self.masked(props.soft_mask.as_ref());
        for glyph in glyph_run.glyphs() {
            let transform = props.transform * glyph.transform();
            match &**glyph {
                Glyph::Outline(outline) => {
                    self.count(16);
                    if let Some(shape) = self.shape(outline) {
                        // Shapes are in thousandths of the font's size.
                        let rect = (transform * Affine::scale(0.001)).transform_rect_bbox(shape);
                        let (rect, stroke) = grown(rect, draw_mode, &props.transform);
                        self.painted(rect, &props.paint, stroke);
                    }
                }
                Glyph::Type3(drawn) => {
                    self.count(1);
                    self.read(self.weights.letter);
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        enough(RasterError::Complex("groups within groups within groups"));
                    }
                    drawn.interpret(self, props.transform, glyph.transform(), &props.paint);
                    self.depth -= 1;
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.count(1);
        self.masked(props.soft_mask.as_ref());
        let (width, height) = (u64::from(image.width()), u64::from(image.height()));
        self.pictured = self.pictured.saturating_add(width * height);
        if width * height > MOST_PIXELS || self.pictured > MOST_PICTURED {
            enough(RasterError::Complex("the pictures of a page have too many dots"));
        }
        let rect = Rect::new(0.0, 0.0, width as f64, height as f64);
        let seen = self.cover(props.transform.transform_rect_bbox(rect));
        let fresh = self.pictures.insert(image.cache_key());
        let mut whole = !fresh;
        let mut ink = false;
        match &image {
            Image::Stencil(stencil) => {
                if fresh {
                    stencil.with_stencil(|_, _| whole = true, None);
                }
                ink = true;
            }
            Image::Raster(picture) => {
                if fresh {
                    picture.with_rgba(
                        |data, alpha| {
                            whole = true;
                            let bytes = match &data {
                                hayro::hayro_interpret::ImageData::Rgb(rgb) => &rgb.data,
                                hayro::hayro_interpret::ImageData::Luma(luma) => &luma.data,
                            };
                            let shown = alpha.is_none_or(|alpha| alpha.data.iter().any(|it| *it > 128));
                            ink = shown && bytes.iter().any(|byte| *byte < 128);
                        },
                        None,
                    );
                }
            }
        }
        if !whole {
            enough(RasterError::Damaged("a picture cannot be unpacked"));
        }
        self.ink |= ink && seen && self.inside == 0 && self.masks.is_empty();
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

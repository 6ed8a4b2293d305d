//! The lamp: what the sensor sees of the sheets under it, line by line.

use image::DynamicImage;

use super::config::Eye;
use super::picture::{MASTER_DPI, Picture, PictureError};
use super::placement::{Placement, millimetres};
use super::settings::{ColourMode, Region};
use super::sheet::SheetSize;
use crate::rng::Rng;

const MM_PER_INCH: f64 = 25.4;
/// The shadow below and at the right of the paper, and at its other edges, in millimetres.
const SHADOW_MM: f64 = 1.6;
const THIN_SHADOW_MM: f64 = 0.5;
/// How much darker it is at the edge.
const SHADOW: f64 = 70.0;

/// A sheet under the lamp.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// The side that is seen; `None`: a blank one.
    pub face: Option<Picture>,
    /// The other one.
    pub behind: Option<Picture>,
    pub size: SheetSize,
    pub placement: Placement,
    pub tint: [f64; 3],
}

/// What is under the lamp, and how it is looked at.
#[derive(Clone, Debug)]
pub(super) struct Exposure {
    /// The one on top first.
    pub layers: Vec<Layer>,
    /// Behind all of them.
    pub backing: f64,
    pub region: Region,
    pub dpi: u16,
    pub mode: ColourMode,
    pub eye: Eye,
    /// Of the noise.
    pub seed: u64,
}

/// What the sensor has seen: rows without padding, one or three bytes a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub width: u32,
    pub height: u32,
    pub mode: ColourMode,
    pub dpi: u16,
    pub pixels: Vec<u8>,
}

/// Pixels of a length in 1/300 inch.
pub(super) fn pixels(units: u32, dpi: u16) -> u32 {
    (units * u32::from(dpi) + 150) / 300
}

impl Exposure {
    /// Scans. Takes a moment of work: not for the thread that answers requests.
    ///
    /// # Errors
    /// When a picture is damaged, which none is that [`Picture::of`] made.
    pub fn see(&self) -> Result<Seen, PictureError> {
        let pixels = match self.mode {
            ColourMode::Grey => self.scan::<1>()?,
            ColourMode::Colour => self.scan::<3>()?,
        };
        let (width, height) = self.size();
        Ok(Seen { width, height, mode: self.mode, dpi: self.dpi, pixels })
    }

    fn size(&self) -> (u32, u32) {
        (pixels(self.region.width, self.dpi), pixels(self.region.height, self.dpi))
    }

    fn scan<const C: usize>(&self) -> Result<Vec<u8>, PictureError> {
        let (width, height) = self.size();
        let layers: Vec<Printed<C>> = self.layers.iter().map(Printed::of).collect::<Result<_, _>>()?;
        let mut out = Vec::with_capacity(width as usize * height as usize * C);
        let step = MM_PER_INCH / f64::from(self.dpi);
        let (left, top) = (millimetres(self.region.x) + step / 2.0, millimetres(self.region.y) + step / 2.0);
        // One sample where the print is not finer than the scan, a mean of several where it is.
        let fine = (f64::from(MASTER_DPI) / f64::from(self.dpi)).round().max(1.0);
        let mut noise = Rng::new(self.seed);
        for row in 0..height {
            let y = top + f64::from(row) * step;
            let starts: Vec<((f64, f64), (f64, f64))> = layers
                .iter()
                .map(|it| (it.on_sheet(left, y), it.on_sheet(left + step, y)))
                .map(|(at, next)| (at, (next.0 - at.0, next.1 - at.1)))
                .collect();
            for column in 0..width {
                let mut seen = [self.backing; C];
                let mut shade: f64 = 0.0;
                for (layer, (at, by)) in layers.iter().zip(&starts) {
                    let x = at.0 + by.0 * f64::from(column);
                    let y = at.1 + by.1 * f64::from(column);
                    if layer.holds(x, y) {
                        seen = layer.look(x, y, fine, &self.eye);
                        break;
                    }
                    if self.eye.shadow {
                        shade = shade.max(layer.shadow(x, y));
                    }
                }
                let grain = if self.eye.noise > 0.0 { noise.next_u64() } else { 0 };
                for (channel, level) in seen.into_iter().enumerate() {
                    let dark = shade * SHADOW;
                    let level = level - dark + self.eye.noise * deviation(grain >> (16 * channel));
                    // Saturates at black and white, as a sensor does.
                    out.push(level.round() as u8);
                }
            }
        }
        Ok(out)
    }
}

/// Nearly normal, of deviation 1, from sixteen bits: the sum of four evenly spread numbers.
fn deviation(bits: u64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let sum: u64 = (0..4).map(|place| (bits >> (4 * place)) & 15).sum();
    (sum as f64 - 30.0) / 9.22
}

/// A layer with its pixels, in grey or colour.
struct Printed<'a, const C: usize> {
    layer: &'a Layer,
    face: Option<Plane<C>>,
    behind: Option<Plane<C>>,
}

impl<'a, const C: usize> Printed<'a, C> {
    fn of(layer: &'a Layer) -> Result<Self, PictureError> {
        let plane = |picture: &Option<Picture>| match picture {
            Some(picture) => picture.pixels().map(|pixels| Some(Plane::of(&pixels))),
            None => Ok(None),
        };
        Ok(Self { layer, face: plane(&layer.face)?, behind: plane(&layer.behind)? })
    }

    fn on_sheet(&self, x: f64, y: f64) -> (f64, f64) {
        self.layer.placement.on_sheet(self.layer.size, x, y)
    }

    fn holds(&self, x: f64, y: f64) -> bool {
        let size = self.layer.size;
        (0.0..size.width_mm).contains(&x) && (0.0..size.height_mm).contains(&y)
    }

    /// How deep the shadow is beside the sheet, from 0 to 1.
    fn shadow(&self, x: f64, y: f64) -> f64 {
        let size = self.layer.size;
        let beyond = |low: f64, high: f64| match (low < 0.0, high > 0.0) {
            (true, _) => -low / THIN_SHADOW_MM,
            (_, true) => high / SHADOW_MM,
            _ => 0.0,
        };
        let away = beyond(x, x - size.width_mm).hypot(beyond(y, y - size.height_mm));
        (1.0 - away).max(0.0)
    }

    fn look(&self, x: f64, y: f64, fine: f64, eye: &Eye) -> [f64; C] {
        let per_mm = f64::from(MASTER_DPI) / MM_PER_INCH;
        let ink = |plane: &Option<Plane<C>>, x: f64| match plane {
            Some(plane) => plane.at(x * per_mm, y * per_mm, fine),
            None => [255.0; C],
        };
        let face = ink(&self.face, x);
        let behind =
            if eye.show_through > 0.0 { ink(&self.behind, self.layer.size.width_mm - x) } else { [255.0; C] };
        let white: [f64; 3] = if C == 1 { [luma(self.layer.tint); 3] } else { self.layer.tint };
        let mut out = [0.0; C];
        for (channel, level) in out.iter_mut().enumerate() {
            let (Some(face), Some(behind), Some(white)) =
                (face.get(channel), behind.get(channel), white.get(channel))
            else {
                continue;
            };
            let paper = 1.0 - eye.show_through * (1.0 - behind / 255.0);
            *level = eye.black + (white * paper - eye.black) * face / 255.0;
        }
        out
    }
}

fn luma([red, green, blue]: [f64; 3]) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Pixels with `C` channels.
struct Plane<const C: usize> {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl<const C: usize> Plane<C> {
    fn of(picture: &DynamicImage) -> Self {
        let bytes = if C == 1 { picture.to_luma8().into_raw() } else { picture.to_rgb8().into_raw() };
        Self { width: picture.width() as usize, height: picture.height() as usize, bytes }
    }

    /// The levels at a place in pixels: between four neighbours, or the mean of `fine` × `fine` pixels around it.
    fn at(&self, x: f64, y: f64, fine: f64) -> [f64; C] {
        let mut sum = [0.0; C];
        if fine > 1.0 {
            let first = |at: f64| (at - fine / 2.0).round();
            let (left, top) = (first(x), first(y));
            let side = fine as usize;
            for row in 0..side {
                for column in 0..side {
                    self.add(&mut sum, left + column as f64, top + row as f64, 1.0 / (fine * fine));
                }
            }
            return sum;
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_share, low_share) = (x - left, y - top);
        for (column, across) in [(left, 1.0 - right_share), (left + 1.0, right_share)] {
            for (row, down) in [(top, 1.0 - low_share), (top + 1.0, low_share)] {
                if across * down > 0.0 {
                    self.add(&mut sum, column, row, across * down);
                }
            }
        }
        sum
    }

    /// The nearest pixel of the picture counts beyond its edge.
    fn add(&self, sum: &mut [f64; C], x: f64, y: f64, share: f64) {
        let column = (x.max(0.0) as usize).min(self.width.saturating_sub(1));
        let row = (y.max(0.0) as usize).min(self.height.saturating_sub(1));
        let start = (row * self.width + column) * C;
        if let Some(levels) = self.bytes.get(start..start + C) {
            for (sum, level) in sum.iter_mut().zip(levels) {
                *sum += f64::from(*level) * share;
            }
        }
    }
}

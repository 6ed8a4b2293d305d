//! How a sheet lies on the bed, and what its paper is like: drawn by seed.

use super::config::{Eye, FEEDER, GLASS};
use super::settings::Source;
use super::sheet::SheetSize;
use crate::rng::Rng;

const MM_PER_INCH: f64 = 25.4;

/// Millimetres of a length in 1/300 inch.
pub(super) fn millimetres(units: u32) -> f64 {
    f64::from(units) * MM_PER_INCH / 300.0
}

/// The bed of a source, in 1/300 inch.
pub(super) fn bed(source: Source) -> (u32, u32) {
    match source {
        Source::Glass => GLASS,
        Source::Feeder | Source::FeederDuplex => FEEDER,
    }
}

/// Where a sheet's middle is on the bed, in millimetres, and by how much it is turned, in radians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placement {
    pub middle: (f64, f64),
    pub angle: f64,
}

/// A number from -1 to 1.
fn either_way(rng: &mut Rng) -> f64 {
    const STEPS: u64 = 2_000_001;
    let step = u32::try_from(rng.below(STEPS)).unwrap_or(0);
    f64::from(step) / 1_000_000.0 - 1.0
}

impl Placement {
    /// On the glass a sheet lies in the corner, in the feeder in the middle of its width.
    pub fn of(source: Source, size: SheetSize, eye: &Eye, rng: &mut Rng) -> Self {
        let shift = (either_way(rng) * eye.shift_mm, either_way(rng) * eye.shift_mm);
        let angle = (either_way(rng) * eye.skew_degrees).to_radians();
        let across = match source {
            // The corner has a frame: nobody pushes the paper over it.
            Source::Glass => size.width_mm / 2.0 + shift.0.abs(),
            Source::Feeder | Source::FeederDuplex => millimetres(FEEDER.0) / 2.0 + shift.0,
        };
        Self { middle: (across, size.height_mm / 2.0 + shift.1.abs()), angle }
    }

    /// The same, so much further down.
    pub fn lower(self, by_mm: f64) -> Self {
        Self { middle: (self.middle.0, self.middle.1 + by_mm), ..self }
    }

    /// Where a point of the bed is on the sheet, from the sheet's upper left corner, in millimetres.
    pub fn on_sheet(&self, size: SheetSize, x: f64, y: f64) -> (f64, f64) {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = (x - self.middle.0, y - self.middle.1);
        (cos * x + sin * y + size.width_mm / 2.0, cos * y - sin * x + size.height_mm / 2.0)
    }
}

/// What white is on this paper, in red, green and blue.
pub(super) fn tint(eye: &Eye, rng: &mut Rng) -> [f64; 3] {
    let age = 0.65 + 0.35 * either_way(rng);
    [0.1, 0.35, 1.0].map(|share| eye.white - eye.yellow * age * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_feeder_holds_the_sheet_in_its_middle() {
        let placement = Placement::of(Source::Feeder, SheetSize::A4, &Eye::PERFECT, &mut Rng::new(7));
        let (x, y) = placement.on_sheet(SheetSize::A4, millimetres(FEEDER.0) / 2.0, 0.0);
        assert!((x - 105.0).abs() < 1e-9 && y.abs() < 1e-9, "{x} {y}");
        assert_eq!(tint(&Eye::PERFECT, &mut Rng::new(7)), [255.0; 3]);
    }

    #[test]
    fn paper_lies_within_the_bounds_of_the_eye_and_never_twice_alike() {
        let mut rng = Rng::new(1);
        let eye = Eye::ORDINARY;
        let all: Vec<Placement> =
            (0..200).map(|_| Placement::of(Source::Glass, SheetSize::A4, &eye, &mut rng)).collect();
        assert!(all.iter().all(|it| it.angle.abs() <= eye.skew_degrees.to_radians()));
        assert!(all.iter().all(|it| (105.0..=106.5).contains(&it.middle.0)));
        assert!(all.iter().any(|it| it.angle > 0.01) && all.iter().any(|it| it.angle < -0.01));
        assert_ne!(all.first(), all.last());
        assert_eq!(
            tint(&eye, &mut Rng::new(3)),
            tint(&eye, &mut Rng::new(3)),
            "the same seed, the same paper"
        );
    }
}

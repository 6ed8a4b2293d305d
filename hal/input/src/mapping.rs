//! From the units of a touch panel to the pixels of its screen: range, rotation, calibration. Pure.

/// The values that an axis can have, as the device says (`EVIOCGABS`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisRange {
    /// The smallest.
    pub minimum: i32,
    /// The greatest.
    pub maximum: i32,
}

impl AxisRange {
    /// Where `value` lies between the ends, 0 to 1; 0 on an axis without extent.
    fn fraction(self, value: i32) -> f64 {
        let span = f64::from(self.maximum) - f64::from(self.minimum);
        if span <= 0.0 { 0.0 } else { ((f64::from(value) - f64::from(self.minimum)) / span).clamp(0.0, 1.0) }
    }
}

/// How far a touch panel is turned against its screen, clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// Not at all.
    #[default]
    None,
    /// A quarter.
    Quarter,
    /// Upside down.
    Half,
    /// Three quarters.
    ThreeQuarters,
}

impl Rotation {
    /// By degrees: 0, 90, 180, 270.
    pub fn from_degrees(degrees: u32) -> Option<Rotation> {
        match degrees {
            0 => Some(Rotation::None),
            90 => Some(Rotation::Quarter),
            180 => Some(Rotation::Half),
            270 => Some(Rotation::ThreeQuarters),
            _ => None,
        }
    }

    fn apply(self, (x, y): (f64, f64)) -> (f64, f64) {
        match self {
            Rotation::None => (x, y),
            Rotation::Quarter => (1.0 - y, x),
            Rotation::Half => (1.0 - x, 1.0 - y),
            Rotation::ThreeQuarters => (y, 1.0 - x),
        }
    }
}

/// `x' = a x + b y + c`, `y' = d x + e y + f` on fractions of the screen: the matrix of libinput and X, so that
/// values measured with other tools can be taken over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration(pub [f64; 6]);

impl Default for Calibration {
    fn default() -> Calibration {
        Calibration([1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
    }
}

impl Calibration {
    fn apply(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + b * y + c, d * x + e * y + f)
    }
}

/// Everything from a position on the touch panel to a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TouchMapping {
    /// The horizontal axis.
    pub x: AxisRange,
    /// The vertical axis.
    pub y: AxisRange,
    /// How the panel is turned.
    pub rotation: Rotation,
    /// The correction.
    pub calibration: Calibration,
    /// Width and height of the screen in pixels, at least 1.
    pub screen: (u32, u32),
}

impl TouchMapping {
    /// The pixel under a position; always inside the screen.
    pub fn pixel(&self, x: i32, y: i32) -> (u32, u32) {
        let turned = self.rotation.apply((self.x.fraction(x), self.y.fraction(y)));
        let (x, y) = self.calibration.apply(turned);
        (pixel(x, self.screen.0), pixel(y, self.screen.1))
    }
}

/// Rounds to the pixel whose left edge is nearest: a virtual pointer that was scaled up from pixels (the tablet
/// of an emulator) comes back to the same pixel.
fn pixel(fraction: f64, size: u32) -> u32 {
    // A float becomes an integer by saturation, and NaN becomes 0, so that no calibration can leave the screen.
    ((fraction * f64::from(size)).round() as u32).min(size.saturating_sub(1))
}

//! Sheets of paper as a scanner sees them: drawn in millimetres on a sheet that lies as askew as a citizen lays it, on
//! a lid of some colour, with the noise and the faults of real scanners. The same seed gives the same dots.
//!
//! A crate of its own, so that the dots are drawn by optimised code in every test run.
mod draw;
mod scanner;

pub use draw::{BLACK, BLUE, PENCIL, RED, Rgb, Sheet};
pub use scanner::Scanner;

/// A4 in millimetres.
pub const A4: (f32, f32) = (210.0, 297.0);
/// White paper as scanners see it.
pub const WHITE: Rgb = [246, 246, 246];
/// Paper that is some decades old.
pub const YELLOWED: Rgb = [238, 224, 186];
/// Lid of most feeders and flatbeds.
pub const WHITE_LID: Rgb = [252, 252, 252];
/// Lid of the others.
pub const BLACK_LID: Rgb = [18, 18, 18];

/// How a sheet lies under the lid.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Dots an inch of the scan.
    pub dpi: u16,
    /// What is scanned, in millimetres.
    pub window: (f32, f32),
    /// The sheet, in millimetres.
    pub paper: (f32, f32),
    /// Where the sheet's middle lies in the window, in millimetres; in its middle without.
    pub middle: Option<(f32, f32)>,
    /// How far the sheet is turned clockwise, in degrees.
    pub angle: f32,
    /// What is seen beside the sheet.
    pub lid: Rgb,
    /// The sheet's own colour.
    pub tint: Rgb,
}

impl Default for Place {
    fn default() -> Place {
        Place { dpi: 200, window: A4, paper: A4, middle: None, angle: 0.0, lid: WHITE_LID, tint: WHITE }
    }
}

/// A letter of one page to the town hall.
pub fn letter(place: &Place) -> Sheet {
    let mut sheet = Sheet::new(place);
    sheet.text((25.0, 30.0), 16.0, BLACK, "SOLICITUD GENERAL");
    sheet.text((25.0, 42.0), 11.0, BLACK, "Vecina de Prueba, calle de la Constitución, 12, Villamar");
    for line in 0..34_u8 {
        let words = format!(
            "{:02}. Expone que la farola de la plaza no alumbra desde el día {}, y que por",
            line + 1,
            line
        );
        let words = if line % 7 == 6 { "ello solicita." } else { &words };
        sheet.text((25.0, 56.0 + 6.0 * f32::from(line)), 11.0, BLACK, words);
    }
    sheet
}

//! Which scanner this is.

use std::time::Duration;

use super::settings::Format;

/// The name of an open cover in `scan:AdfState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverWord {
    /// `ScannerAdfDoorOpen`: what some makers say, and the only word that sane-airscan understands.
    DoorOpen,
    /// `ScannerAdfHatchOpen`: the word of the specification. sane-airscan reports a failure of the device.
    HatchOpen,
}

/// How well the scanner sees, and what the paper is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eye {
    /// A sheet lies askew by at most so many degrees.
    pub skew_degrees: f64,
    /// It lies off its place by at most so much.
    pub shift_mm: f64,
    /// What black ink and white paper are seen as, in levels of 255.
    pub black: f64,
    pub white: f64,
    /// What the glass's lid and the feeder's roller are seen as.
    pub lid: f64,
    pub roller: f64,
    /// Deviation of a pixel by noise, in levels of 255.
    pub noise: f64,
    /// Darkest tint of the paper in the blue channel, in levels of 255; red and green lose less.
    pub yellow: f64,
    /// How much of the ink on the other side is seen through the paper, from 0 to 1.
    pub show_through: f64,
    /// The paper's edge throws a shadow on what is behind it.
    pub shadow: bool,
}

impl Eye {
    /// A used device and ordinary paper.
    pub const ORDINARY: Self = Self {
        skew_degrees: 1.2,
        shift_mm: 1.5,
        black: 22.0,
        white: 246.0,
        lid: 236.0,
        roller: 218.0,
        noise: 2.5,
        yellow: 28.0,
        show_through: 0.03,
        shadow: true,
    };
    /// Nothing but the print: a test compares it dot for dot.
    pub const PERFECT: Self = Self {
        skew_degrees: 0.0,
        shift_mm: 0.0,
        black: 0.0,
        white: 255.0,
        lid: 255.0,
        roller: 255.0,
        noise: 0.0,
        yellow: 0.0,
        show_through: 0.0,
        shadow: false,
    };
}

/// The automatic document feeder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feeder {
    /// It scans both sides.
    pub duplex: bool,
    /// Sheets that fit in.
    pub capacity: usize,
    /// Feels when two sheets are drawn in at once. Without it, the lower one goes through unseen.
    pub feels_double_feed: bool,
}

#[derive(Clone, Debug)]
pub struct ScannerConfig {
    pub make_and_model: String,
    pub serial: String,
    /// Has a glass.
    pub glass: bool,
    pub feeder: Option<Feeder>,
    /// In the order of the capabilities. sane-airscan prefers PNG where it is offered.
    pub formats: Vec<Format>,
    /// Dots an inch, the same across and down.
    pub resolutions: Vec<u16>,
    pub cover_word: CoverWord,
    pub eye: Eye,
    /// Chooses how each sheet lies and what its paper is like.
    pub seed: u64,
    /// How long one side takes.
    pub page_time: Duration,
    /// A job that nobody asks for ends after so long.
    pub job_patience: Duration,
}

/// The glass, in 1/300 inch: A4 and a little.
pub const GLASS: (u32, u32) = (2550, 3508);
/// The longest page through the feeder, in 1/300 inch: 14 inches.
pub const FEEDER: (u32, u32) = (2550, 4200);
/// The smallest region, in 1/300 inch.
pub const REGION_MIN: u32 = 16;
/// What the rollers do not hold, in millimetres.
pub const FEEDER_LENGTH_MIN_MM: f64 = 100.0;

impl ScannerConfig {
    /// Glass and duplex feeder, 100 to 300 dots, JPEG: what a cabinet has.
    #[must_use]
    pub fn kiosk() -> Self {
        Self {
            make_and_model: "Prueba KioskScan D40".into(),
            serial: "SCANNER01".into(),
            glass: true,
            feeder: Some(Feeder { duplex: true, capacity: 50, feels_double_feed: true }),
            formats: vec![Format::Jpeg],
            resolutions: vec![100, 200, 300],
            cover_word: CoverWord::DoorOpen,
            eye: Eye::ORDINARY,
            seed: 1,
            page_time: Duration::from_millis(400),
            job_patience: Duration::from_secs(30),
        }
    }

    /// The same without any blemish and without delay, and PNG in place of JPEG: every dot arrives as it is printed.
    #[must_use]
    pub fn perfect() -> Self {
        Self { eye: Eye::PERFECT, formats: vec![Format::Png], page_time: Duration::ZERO, ..Self::kiosk() }
    }
}

impl Default for ScannerConfig {
    fn default() -> Self {
        Self::kiosk()
    }
}

//! Paper: a sheet with what is printed on it, and where it lies.

use serde::{Deserialize, Serialize};

use super::picture::Picture;

/// Length and width of a sheet in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SheetSize {
    pub width_mm: f64,
    pub height_mm: f64,
}

impl SheetSize {
    /// ISO 216 A4, upright.
    pub const A4: Self = Self { width_mm: 210.0, height_mm: 297.0 };
}

/// A sheet of paper, as it is handed over.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What a person calls it.
    pub name: String,
    pub size: SheetSize,
    /// What is printed on it.
    pub front: Picture,
    /// `None`: a blank back.
    pub back: Option<Picture>,
}

/// Where a sheet lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In the feeder, waiting; the first is on top and goes first.
    Tray,
    /// On the glass.
    Glass,
    /// Between the rollers: under the lamp, or jammed there.
    Path,
    /// Through the feeder.
    Output,
    /// With the person.
    Hand,
}

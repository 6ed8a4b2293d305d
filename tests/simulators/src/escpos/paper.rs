//! What came out of the printer.

use serde::{Deserialize, Serialize};

/// Where a piece of paper went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperFate {
    /// Cut and within reach (a printer without presenter).
    Delivered,
    /// Cut, behind the mouth of the presenter.
    Held,
    /// In the mouth, for the citizen to take.
    Presented,
    Taken,
    Retracted,
    /// Pushed out onto the floor.
    Ejected,
    /// Torn off by a person, or the end of a roll.
    Torn,
}

/// What the citizen does with a sheet that is held out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hand {
    /// Leaves it there.
    #[default]
    Leaves,
    /// Takes each one so long after it came out.
    Takes { after_ms: u32 },
}

/// One piece of paper with what is on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// Counts the pieces from 1.
    pub number: u64,
    /// 1-bit picture, black on white.
    #[serde(skip)]
    pub png: Vec<u8>,
    /// The lines printed as characters; pictures leave no text.
    pub text: String,
    /// Contents of QR codes and barcodes, in their order.
    pub codes: Vec<String>,
    /// Pictures printed.
    pub pictures: u32,
    pub cut: bool,
    pub torn: bool,
    pub height_mm: u32,
    /// 0: a blank piece.
    pub black_dots: u64,
    pub fate: PaperFate,
}

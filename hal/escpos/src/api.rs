//! What the rest of the firmware sees of a printer: documents in, proofs and status out.
use hal_device::Status;
use serde::{Deserialize, Serialize};

/// How a model answers and what it can do; chosen in the board file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterModel {
    /// Epson TM family: DLE EOT, automatic status back, proof by `GS ( H`.
    #[default]
    Epson,
    /// Custom KPM family: FULL STATUS, presenter, proof by cut counter and printed length.
    Custom,
}

/// A printer as the board file describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PrinterConfig {
    /// The model family.
    #[serde(default)]
    pub model: PrinterModel,
    /// Dots of the print head: 576 or 512 or 640 for 80 mm paper, 1600 for A4.
    pub width_dots: u16,
    /// Dots an inch; a page printer draws documents in their true size by it.
    #[serde(default = "PrinterConfig::dpi_203")]
    pub dpi: u16,
    /// Rows between the head and the cutter, which are blank at the top of each sheet after a cut. So many blank rows
    /// at the top of a page are not printed again, so that its sheet has the page's length.
    #[serde(default)]
    pub cutter_rows: u16,
    /// The number of PC858 for `ESC t`.
    #[serde(default = "PrinterConfig::pc858")]
    pub code_page: u8,
    /// QR by command (`GS ( k`); otherwise it is drawn as raster.
    #[serde(default)]
    pub qr_command: bool,
    /// Steps by which a presenter holds the ticket out (`GS e 3`); a step is 0.6 to 6.5 mm by model.
    #[serde(default = "PrinterConfig::twelve_steps")]
    pub present_steps: u8,
}

impl PrinterConfig {
    fn pc858() -> u8 {
        19
    }

    fn dpi_203() -> u16 {
        203
    }

    fn twelve_steps() -> u8 {
        12
    }

    /// A printer with this head, PC858 and no options.
    pub fn new(model: PrinterModel, width_dots: u16) -> PrinterConfig {
        PrinterConfig {
            model,
            width_dots,
            dpi: Self::dpi_203(),
            cutter_rows: 0,
            code_page: Self::pc858(),
            qr_command: false,
            present_steps: Self::twelve_steps(),
        }
    }
}

/// Alignment of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// Left.
    #[default]
    Left,
    /// Centre.
    Centre,
    /// Right.
    Right,
}

/// Size of the characters, as multiples of font A (12 × 24 dots).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Size {
    /// 1 × 1: 48 characters on 576 dots.
    #[default]
    Normal,
    /// 2 × 2: 24 characters on 576 dots.
    Double,
    /// 1 × 2: tall.
    Tall,
}

/// One block of a document, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A paragraph; broken at words to the width.
    Text {
        /// The text; characters that PC858 lacks are an error.
        text: String,
        /// Bold.
        bold: bool,
        /// Size.
        size: Size,
        /// Alignment.
        align: Align,
    },
    /// A label at the left and a value at the right, on one line if they fit, else on two.
    Row {
        /// Left.
        label: String,
        /// Right.
        value: String,
        /// The value in bold.
        bold: bool,
    },
    /// A thin line across.
    Rule,
    /// Empty lines.
    Feed(u8),
    /// A QR code, error correction M, centred.
    Qr(String),
}

/// What is printed and cut as one piece.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The blocks.
    pub blocks: Vec<Block>,
}

/// What is known after a print.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// A character or a size that this printer cannot print; nothing was sent.
    #[error("the document cannot be printed here: {0}")]
    Unprintable(String),
    /// Nothing was sent: the printer is absent or out of service.
    #[error("the printer is not ready: {0}")]
    NotReady(String),
    /// Part of it may be on paper. It is printed whole again, marked as a copy, when the printer is well.
    #[error("the print was torn: {0}")]
    Torn(String),
    /// All was sent and no proof came.
    #[error("whether it was printed is unknown: {0}")]
    Unknown(String),
    /// The task that owns the printer was restarted while the job was under way.
    #[error("the printer task restarted; whether it was printed is unknown")]
    Restarted,
}

/// The printer as the rest sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PrinterStatus {
    /// What it can do now. Reasons: `paper-near-end` (degraded), `paper-end`, `cover-open`, `cutter`, `jam`,
    /// `head-hot`, `unrecoverable`, `offline` (it does not say why), `buffer` (rests of a torn job cannot be cleared:
    /// switch the printer off and on).
    pub status: Status,
    /// Model text, once asked for.
    pub product: String,
}

//! The board file: every port, address, limit and size of one cabinet, as TOML.
//!
//! A file may `inherit` others; tables are merged, the later wins. Unknown keys are errors, units are in the
//! names. Read once, in the main; no code knows the name of a board.

mod check;
mod file;

use std::path::PathBuf;

use hal_cctalk::BusConfig;
use hal_escpos::PrinterConfig;
use hal_sane::ScannerConfig;
use hal_smartcard::reader::ReaderConfig;
use serde::Deserialize;

pub use check::{Remark, check};
pub use file::{BoardError, load};

/// One cabinet.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Board {
    /// What this cabinet is, for people.
    pub description: String,
    /// The screen.
    #[serde(default)]
    pub display: DisplaySection,
    /// Touch and keypad.
    #[serde(default)]
    pub input: InputSection,
    /// The cash devices; without them nothing is paid in cash.
    pub cash: Option<CashSection>,
    /// The receipt printer.
    pub printer: Option<PrinterSection>,
    /// The page printer, for documents on A4.
    pub page_printer: Option<PrinterSection>,
    /// The barcode reader.
    pub barcode: Option<BarcodeSection>,
    /// The card reader; without it nobody identifies here.
    pub card_reader: Option<ReaderConfig>,
    /// The document scanner, behind saned; without it petitions have no documents.
    pub scanner: Option<ScannerConfig>,
    /// The hardware watchdog.
    pub watchdog: Option<WatchdogSection>,
    /// Where slots, tray and reader are on this cabinet, in words.
    #[serde(default)]
    pub places: ui::Places,
    /// The writable partition.
    #[serde(default = "Board::data")]
    pub data_directory: PathBuf,
}

impl Board {
    fn data() -> PathBuf {
        PathBuf::from("/data")
    }
}

/// The screen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct DisplaySection {
    /// `/dev/dri/…` or `/dev/fb0`; without it the first that shows a picture.
    pub device: Option<PathBuf>,
    /// Width of the visible picture as the citizen sees it.
    pub width_mm: f32,
    /// How far the picture is turned on the panel: 0, 90, 180, 270.
    pub rotation_degrees: u32,
}

impl Default for DisplaySection {
    fn default() -> DisplaySection {
        DisplaySection { device: None, width_mm: 398.5, rotation_degrees: 0 }
    }
}

/// Touch and keypad.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct InputSection {
    /// Devices by a lasting name; without any, all that are touch screens, pointers or keypads.
    pub devices: Vec<PathBuf>,
    /// How far the touch panel is turned against the picture's panel.
    pub touch_rotation_degrees: u32,
}

/// A line to a device.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SerialSection {
    /// `/dev/serial/by-id/…`.
    pub serial: PathBuf,
    /// Bits a second.
    pub baud: u32,
}

/// The cash devices, on one ccTalk bus.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CashSection {
    /// The line.
    pub port: SerialSection,
    /// The devices on it.
    pub bus: BusConfig,
    /// Where the paths of the coin sorter lead; other paths lead into the cash box.
    #[serde(default)]
    pub sorter: Vec<SorterPath>,
}

/// One path of the coin sorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SorterPath {
    /// The path, 1 to 8.
    pub path: u8,
    /// Index of the hopper in `bus.hoppers`.
    pub hopper: u8,
}

/// A printer, for receipts or for pages.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PrinterSection {
    /// A character device by a lasting name, `/dev/kiosk/printer`; or else:
    pub device: Option<PathBuf>,
    /// a serial line.
    pub port: Option<SerialSection>,
    /// The model.
    pub model: PrinterConfig,
}

/// The barcode reader: a serial line, or a keyboard of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BarcodeSection {
    /// A serial line; or else:
    pub port: Option<SerialSection>,
    /// the input device it types on, `/dev/input/by-id/…`.
    pub keyboard: Option<PathBuf>,
}

/// The hardware watchdog.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WatchdogSection {
    /// What its driver calls itself; without it the first.
    pub identity: Option<String>,
    /// The board is reset when it was not fed for so long.
    pub timeout_s: u32,
}

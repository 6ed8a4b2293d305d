//! Which printer this is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// TM behaviour: GS ( H proof, ASB.
    Epson,
    /// KPM behaviour: FULL STATUS, counters, presenter.
    Custom,
}

/// Commands that not every unit has. An unknown one is skipped without its data, which then
/// comes out as text, as on the real thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownCommands {
    pub gs_paren_h: bool,
    pub gs_paren_k: bool,
    pub gs_paren_l: bool,
    pub gs_v_0: bool,
}

#[derive(Clone, Debug)]
pub struct PrinterConfig {
    pub model: Model,
    pub known: KnownCommands,
    /// Dots of the print head.
    pub width: usize,
    /// Width of the paper in dots: where it is wider than the head, pictures of it have white edges.
    pub paper_width: usize,
    /// The presenter can draw a sheet in again.
    pub retracts: bool,
    /// Tallest GS v 0 in dots; a taller one comes out as garbage. `None`: any.
    pub max_raster_rows: Option<u16>,
    /// Receive buffer in bytes; when it is full the line stands still.
    pub buffer: usize,
    /// Dot rows between head and cutter: a cut without a feed leaves that much inside.
    pub head_to_cutter: usize,
    /// Roll length in millimetres at start and for each new roll.
    pub roll_mm: u32,
    /// The near-end sensor sees less than this; `None`: not fitted, always reads 0.
    pub near_end_mm: Option<u32>,
    /// Paper speed in millimetres a second.
    pub speed_mm: u32,
    pub cut_time: Duration,
    /// Deaf after power comes on.
    pub start_time: Duration,
    pub maker: String,
    pub name: String,
    pub firmware: String,
    pub serial: String,
}

/// Dot rows a millimetre (203 dpi).
pub const DOTS_PER_MM: u32 = 8;

impl PrinterConfig {
    /// An 80 mm receipt printer with 576 dots.
    #[must_use]
    pub fn epson() -> Self {
        Self {
            model: Model::Epson,
            known: KnownCommands { gs_paren_h: true, gs_paren_k: true, gs_paren_l: true, gs_v_0: true },
            width: 576,
            paper_width: 576,
            retracts: false,
            max_raster_rows: Some(2303),
            buffer: 16 * 1024,
            head_to_cutter: 96,
            roll_mm: 80_000,
            near_end_mm: Some(4_000),
            speed_mm: 150,
            cut_time: Duration::from_millis(300),
            start_time: Duration::from_millis(1500),
            maker: "EPSON".into(),
            name: "TM-T88V".into(),
            firmware: "30.42 ESC/POS".into(),
            serial: "QAL0000001".into(),
        }
    }

    /// A page printer with presenter and 1600 dots, without GS ( H and GS ( k.
    #[must_use]
    pub fn custom() -> Self {
        Self {
            model: Model::Custom,
            known: KnownCommands { gs_paren_h: false, gs_paren_k: false, gs_paren_l: false, gs_v_0: true },
            width: 1600,
            paper_width: 1600,
            retracts: true,
            max_raster_rows: Some(2047),
            buffer: 64 * 1024,
            head_to_cutter: 160,
            roll_mm: 120_000,
            near_end_mm: Some(6_000),
            speed_mm: 150,
            cut_time: Duration::from_millis(500),
            start_time: Duration::from_millis(2500),
            maker: "CUSTOM".into(),
            name: "KPM216H".into(),
            firmware: "2.04".into(),
            serial: "QAL0000002".into(),
        }
    }

    /// The same with a roll of 210 mm, whose sheets look like A4: 200 mm of it lie under the head.
    #[must_use]
    pub fn page() -> Self {
        Self { paper_width: 1688, speed_mm: 100, serial: "PAGE01".into(), ..Self::custom() }
    }
}

impl Default for PrinterConfig {
    fn default() -> Self {
        Self::epson()
    }
}

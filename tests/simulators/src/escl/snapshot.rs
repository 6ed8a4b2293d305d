//! The physical truth about a scanner, plain data that becomes JSON.

use serde::Serialize;

use super::engine::{Engine, Stoppage};
use super::job::JobState;
use super::settings::{ColourMode, Format, Source};
use super::sheet::{Place, SheetSize};
use super::status::{adf_state, device_state};

/// A sheet, wherever it lies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SheetSnapshot {
    /// Counts the sheets from 1.
    pub number: u64,
    pub name: String,
    #[serde(flatten)]
    pub size: SheetSize,
    /// Something is printed on the back.
    pub printed_back: bool,
    pub place: Place,
    /// How often the front was seen by the sensor.
    pub fronts: u32,
    pub backs: u32,
}

/// A page that was scanned for a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Counts the pages from 1.
    pub number: u64,
    pub job: u64,
    /// The sheets that were under the lamp; more than one went through together.
    pub sheets: Vec<u64>,
    /// The one of them that is in the picture. `None`: an empty glass.
    pub seen: Option<u64>,
    /// Its back.
    pub back: bool,
    pub mode: ColourMode,
    pub dpi: u16,
    pub format: Format,
    pub width: u32,
    pub height: u32,
    /// Of the image.
    pub bytes: usize,
    /// The last byte of it was given to the network.
    pub whole: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JobSnapshot {
    /// Counts the jobs from 1.
    pub number: u64,
    pub source: Source,
    pub mode: ColourMode,
    pub dpi: u16,
    pub state: JobState,
    pub pages: u32,
}

/// Everything a panel or a test may want to know.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScannerSnapshot {
    pub plugged: bool,
    pub deaf: bool,
    /// `pwg:State` as a client gets it.
    pub state: &'static str,
    /// `scan:AdfState` as a client gets it; `None` without a feeder.
    pub adf_state: Option<&'static str>,
    pub glass: bool,
    pub feeder: bool,
    pub cover_open: bool,
    pub jam: bool,
    pub double_feed: bool,
    pub mispick: bool,
    pub busy: bool,
    pub slow_ms: u64,
    /// All sheets in the room, in the order of their places.
    pub sheets: Vec<SheetSnapshot>,
    /// The last jobs.
    pub jobs: Vec<JobSnapshot>,
    pub jobs_total: u64,
    pub deliveries: Vec<Delivery>,
    pub requests: u64,
    /// What no client should have asked.
    pub oddities: Vec<String>,
}

impl ScannerSnapshot {
    pub(super) fn of(engine: &Engine, plugged: bool, deaf: bool) -> Self {
        let sheets = engine.places.iter().flat_map(|(place, pile)| {
            pile.iter().map(|placed| SheetSnapshot {
                number: placed.number,
                name: placed.sheet.name.clone(),
                size: placed.sheet.size,
                printed_back: placed.sheet.back.is_some(),
                place: *place,
                fronts: placed.seen[0],
                backs: placed.seen[1],
            })
        });
        let jobs = engine.jobs.iter().map(|job| JobSnapshot {
            number: job.number,
            source: job.order.source,
            mode: job.order.mode,
            dpi: job.order.dpi,
            state: job.state,
            pages: job.pages,
        });
        Self {
            plugged,
            deaf,
            state: device_state(engine),
            adf_state: adf_state(engine),
            glass: engine.config.glass,
            feeder: engine.config.feeder.is_some(),
            cover_open: engine.cover_open,
            jam: engine.stoppage == Some(Stoppage::Jam),
            double_feed: engine.stoppage == Some(Stoppage::DoubleFeed),
            mispick: engine.stoppage == Some(Stoppage::Mispick),
            busy: engine.pending.busy,
            slow_ms: u64::try_from(engine.pending.slow.as_millis()).unwrap_or(u64::MAX),
            sheets: sheets.collect(),
            jobs: jobs.collect(),
            jobs_total: engine.jobs_total,
            deliveries: engine.deliveries.clone(),
            requests: engine.requests,
            oddities: engine.oddities.clone(),
        }
    }

    /// The sheets of a place, in their order.
    pub fn at(&self, place: Place) -> impl Iterator<Item = &SheetSnapshot> {
        self.sheets.iter().filter(move |sheet| sheet.place == place)
    }
}

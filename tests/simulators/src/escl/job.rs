//! A scan job: from its request to its last page.

use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

use super::settings::{ColourMode, Format, Region, Source};

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    Processing,
    Completed,
    /// By the client.
    Canceled,
    /// By a jam, an open cover, or because nobody came for the next page.
    Aborted,
}

impl JobState {
    /// `pwg:JobState`
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Processing => "Processing",
            Self::Completed => "Completed",
            Self::Canceled => "Canceled",
            Self::Aborted => "Aborted",
        }
    }

    /// `pwg:JobStateReason`
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Processing => "JobScanning",
            Self::Completed => "JobCompletedSuccessfully",
            Self::Canceled => "JobCanceledByUser",
            Self::Aborted => "AbortedBySystem",
        }
    }
}

/// What a job does, with everything chosen that the client left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub source: Source,
    pub mode: ColourMode,
    pub dpi: u16,
    pub region: Region,
    pub format: Format,
}

#[derive(Debug)]
pub(super) struct Job {
    /// From 1.
    pub number: u64,
    pub order: Order,
    pub state: JobState,
    pub started: Instant,
    /// When the client last asked for something of it.
    pub asked: Instant,
    /// Pages that were handed to the network.
    pub pages: u32,
    /// A side is under the lamp, or on its way out.
    pub working: bool,
    /// The front was scanned; the back is next.
    pub back_due: bool,
    /// Says that the feeder is empty, whatever lies in it.
    pub pretends_empty: bool,
}

impl Job {
    pub fn new(number: u64, order: Order, now: Instant) -> Self {
        Self {
            number,
            order,
            state: JobState::Processing,
            started: now,
            asked: now,
            pages: 0,
            working: false,
            back_due: false,
            pretends_empty: false,
        }
    }

    pub fn is_over(&self) -> bool {
        self.state != JobState::Processing
    }

    /// A side under the lamp is not waited for by patience.
    pub fn is_forgotten(&self, patience: Duration, now: Instant) -> bool {
        !self.is_over() && !self.working && now.saturating_duration_since(self.asked) >= patience
    }

    pub fn uses_feeder(&self) -> bool {
        self.order.source != Source::Glass
    }
}

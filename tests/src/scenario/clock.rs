//! The town's time: an epoch, and the paused clock's time since.
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ciberkiosco::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A clock that moves with `tokio`'s, and can be set wrong.
#[derive(Clone)]
pub struct TownClock {
    epoch: Timestamp,
    start: Instant,
    offset_s: Arc<AtomicI64>,
}

impl TownClock {
    /// It is the tenth of November 2026, ten in the morning in Madrid.
    pub fn new() -> TownClock {
        let epoch = "2026-11-10T09:00:00Z".parse().expect("a timestamp");
        TownClock { epoch, start: Instant::now(), offset_s: Arc::default() }
    }

    /// The same time, but a clock of its own to set wrong.
    pub fn another(&self) -> TownClock {
        TownClock { offset_s: Arc::default(), ..self.clone() }
    }

    /// Sets this clock wrong by so many seconds.
    pub fn set_wrong(&self, seconds: i64) {
        self.offset_s.store(seconds, Ordering::Relaxed);
    }

    /// Now.
    pub fn time(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.start.elapsed()).expect("a short scenario");
        let offset = SignedDuration::from_secs(self.offset_s.load(Ordering::Relaxed));
        self.epoch + elapsed + offset
    }
}

impl Default for TownClock {
    fn default() -> TownClock {
        TownClock::new()
    }
}

impl Clock for TownClock {
    fn now(&self) -> Timestamp {
        self.time()
    }
}

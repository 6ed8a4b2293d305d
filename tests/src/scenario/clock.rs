//! The town's time: an epoch, and the paused clock's time since.
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ciberkiosco::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A clock that moves with `tokio`'s, and can be set wrong.
#[derive(Clone)]
pub struct TownClock {
    epoch: Timestamp,
    start: Instant,
    offset_s: Arc<AtomicI64>,
    standing: Arc<Mutex<Option<Timestamp>>>,
    boots: Arc<AtomicU64>,
}

impl TownClock {
    /// It is the tenth of November 2026, ten in the morning in Madrid.
    pub fn new() -> TownClock {
        let epoch = "2026-11-10T09:00:00Z".parse().expect("a timestamp");
        TownClock {
            epoch,
            start: Instant::now(),
            offset_s: Arc::default(),
            standing: Arc::default(),
            boots: Arc::default(),
        }
    }

    /// The same time, but a clock of its own to set wrong.
    pub fn another(&self) -> TownClock {
        TownClock { epoch: self.epoch, start: self.start, ..TownClock::new() }
    }

    /// Sets this clock wrong by so many seconds; it goes on from there.
    pub fn set_wrong(&self, seconds: i64) {
        *self.standing.lock().expect("no panic under the lock") = None;
        self.offset_s.store(seconds, Ordering::Relaxed);
    }

    /// Sets this clock to an instant, from which it goes on.
    pub fn set(&self, at: Timestamp) {
        self.set_wrong(0);
        self.set_wrong(at.as_second() - self.time().as_second());
    }

    /// Its machine has lost its power, and got it back.
    pub fn power_cycle(&self) {
        self.boots.fetch_add(1, Ordering::Relaxed);
    }

    /// Stops this clock at an instant.
    pub fn stop_at(&self, at: Timestamp) {
        *self.standing.lock().expect("no panic under the lock") = Some(at);
    }

    /// Now.
    pub fn time(&self) -> Timestamp {
        if let Some(at) = *self.standing.lock().expect("no panic under the lock") {
            return at;
        }
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

    fn boot(&self) -> Option<String> {
        Some(self.boots.load(Ordering::Relaxed).to_string())
    }
}

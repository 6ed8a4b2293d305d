//! The time of day. It comes from outside; durations never come from here but from the monotonic clock.
//!
//! A kiosk may start with its clock in another year. The clock counts as sure once the sede's own time has
//! agreed with it since the start; until then entries say that they are not sure.
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::sede::{Reachability, ServerTime};

/// The clocks may differ by as much and still count as the same.
const AGREE_SECONDS: i64 = 60;

/// Gives the time of day.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Names the boot in which it goes on through every restart of the process; `None` when nobody can tell.
    fn boot(&self) -> Option<String>;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// By random(4).
    fn boot(&self) -> Option<String> {
        let named = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(named.trim().to_owned())
    }
}

/// A clock with the sede's word on it.
#[derive(Clone)]
pub struct CheckedClock {
    clock: Arc<dyn Clock>,
    sede: watch::Receiver<Reachability>,
}

impl CheckedClock {
    /// The sede's time is taken from its client.
    pub fn new(clock: Arc<dyn Clock>, sede: watch::Receiver<Reachability>) -> CheckedClock {
        CheckedClock { clock, sede }
    }

    /// The boot in which the clock runs.
    pub fn boot(&self) -> Option<String> {
        self.clock.boot()
    }

    /// Now, and whether that is sure.
    pub fn now(&self) -> (Timestamp, bool) {
        let now = self.clock.now();
        let heard = self.sede.borrow().server_time;
        (now, heard.is_some_and(|heard| agrees(now, &heard)))
    }
}

impl CheckedClock {
    /// The sede's own time, for what it must not matter that this kiosk's clock is wrong: the days of a certificate.
    /// The kiosk's where the sede has not been heard since the start.
    pub fn of_sede(&self) -> Timestamp {
        let heard = self.sede.borrow().server_time;
        let since = |heard: &ServerTime| {
            let elapsed = SignedDuration::try_from(heard.received.elapsed()).unwrap_or_default();
            heard.at.checked_add(elapsed).ok()
        };
        heard.as_ref().and_then(since).unwrap_or_else(|| self.clock.now())
    }
}

fn agrees(now: Timestamp, heard: &ServerTime) -> bool {
    let elapsed = i64::try_from(heard.received.elapsed().as_secs()).unwrap_or(i64::MAX);
    let expected = heard.at.as_second().saturating_add(elapsed);
    now.as_second().abs_diff(expected) <= AGREE_SECONDS as u64
}

//! The kiosk's death at a chosen instant: at the n-th command that a device gets, or the n-th write to the ledger.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Counts, and calls for death at the chosen count. Cheap to clone.
#[derive(Clone, Default)]
pub struct Kill {
    at: Arc<AtomicU64>,
    count: Arc<AtomicU64>,
    called: Arc<Notify>,
}

impl Kill {
    /// Never kills, but counts.
    pub fn never() -> Kill {
        Kill::default()
    }

    /// Kills at the n-th, counted from 1.
    pub fn at(nth: u64) -> Kill {
        let kill = Kill::default();
        kill.at.store(nth, Ordering::Relaxed);
        kill
    }

    /// One more; true when this is the one.
    pub fn count(&self) -> bool {
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let now = count == self.at.load(Ordering::Relaxed);
        if now {
            self.called.notify_one();
        }
        now
    }

    /// How many there were.
    pub fn counted(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Waits until death is called for.
    pub async fn called(&self) {
        self.called.notified().await;
    }
}

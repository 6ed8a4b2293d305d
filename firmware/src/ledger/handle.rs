//! The ledger behind a thread: the disk may take its time, the engine waits for it without blocking the rest.
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::entry::{Entry, Record};
use super::store::{Books, Ledger, LedgerError};
use crate::sede::{KioskEvent, OperationId};

/// A handle that can be cloned; writes happen one after another.
#[derive(Clone)]
pub struct LedgerHandle {
    ledger: Arc<Mutex<Ledger>>,
}

impl LedgerHandle {
    /// Takes the open ledger over.
    pub fn new(ledger: Ledger) -> LedgerHandle {
        LedgerHandle { ledger: Arc::new(Mutex::new(ledger)) }
    }

    /// Looks at what the entries add up to now.
    pub fn with<T>(&self, look: impl FnOnce(&Books) -> T) -> T {
        // A panic while the lock was held leaves the ledger as its last commit left it.
        look(self.ledger.lock().unwrap_or_else(PoisonError::into_inner).books())
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let ledger = Arc::clone(&self.ledger);
        tokio::task::spawn_blocking(move || {
            work(&mut ledger.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await
        .map_err(|_| LedgerError::Thread)?
    }

    /// See [`Ledger::append`].
    pub async fn append(
        &self,
        at: Timestamp,
        clock_sure: bool,
        operation: Option<OperationId>,
        entry: Entry,
    ) -> Result<Record, LedgerError> {
        self.on_thread(move |ledger| ledger.append(at, clock_sure, operation, entry)).await
    }

    /// See [`Ledger::post`].
    pub async fn post(&self, event: KioskEvent) -> Result<(), LedgerError> {
        self.on_thread(move |ledger| ledger.post(&event)).await
    }

    /// See [`Ledger::outbox`].
    pub async fn outbox(&self, most: usize) -> Result<Vec<KioskEvent>, LedgerError> {
        self.on_thread(move |ledger| ledger.outbox(most)).await
    }

    /// See [`Ledger::delivered`].
    pub async fn delivered(&self, ids: Vec<String>) -> Result<(), LedgerError> {
        self.on_thread(move |ledger| ledger.delivered(&ids)).await
    }
}

//! The ledger behind a thread: the disk may take its time, the engine waits for it without blocking the rest.
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use super::entry::{Entry, Record};
use super::store::{Books, Ledger, LedgerError};
use crate::sede::{KioskEvent, OperationId};

/// A handle that can be cloned; writes happen one after another.
#[derive(Clone)]
pub struct LedgerHandle {
    ledger: Arc<Mutex<Ledger>>,
    /// Writes that were begun and have not ended; a write goes on when whoever asked for it is gone.
    under_way: watch::Sender<usize>,
    posted: Arc<Notify>,
}

impl LedgerHandle {
    /// Takes the open ledger over.
    pub fn new(ledger: Ledger) -> LedgerHandle {
        LedgerHandle {
            ledger: Arc::new(Mutex::new(ledger)),
            under_way: watch::Sender::new(0),
            posted: Arc::default(),
        }
    }

    /// Waits until nothing is being written: what was asked for before is on the disk or has failed.
    pub async fn settled(&self) {
        // The sender is held here, so that the wait cannot fail.
        let _ = self.under_way.subscribe().wait_for(|count| *count == 0).await;
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
        let (ledger, under_way) = (Arc::clone(&self.ledger), self.under_way.clone());
        under_way.send_modify(|count| *count += 1);
        tokio::task::spawn_blocking(move || {
            let result = work(&mut ledger.lock().unwrap_or_else(PoisonError::into_inner));
            under_way.send_modify(|count| *count = count.saturating_sub(1));
            result
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
        self.on_thread(move |ledger| ledger.post(&event)).await?;
        self.posted.notify_one();
        Ok(())
    }

    /// Waits until something was posted since the last time.
    pub async fn posted(&self) {
        self.posted.notified().await;
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

//! The engine: one task that feeds session and payment with what happens, and carries out what they ask for.
//!
//! It begins with the recovery of what the ledger shows open. An entry is on the disk before the next action is
//! begun; if the ledger cannot be written, the engine ends, and no money moves.

mod citizen;
mod commands;
mod notices;
mod outbox;
mod recovery;
mod run;
mod situation;

use std::sync::Arc;
use std::time::Duration;

use hal_cctalk::{CashBus, CashEvent};
use hal_device::{Cents, MoneyError, Status};
use hal_escpos::Printer;
use hal_sane::Scanner;
use hal_smartcard::reader::{CardEvent, Cards};
use tokio::sync::{mpsc, watch};
use ui::{Intent, View};

use crate::clock::CheckedClock;
use crate::identity::CardTrust;
use crate::ledger::{Entry, LedgerError, LedgerHandle, Place};
use crate::papers::Letterhead;
use crate::payment::Terms;
use crate::recorder::Recorder;
use crate::sede::{Catalogue, OperationId, Sede};
use crate::session::Patience;

pub use outbox::Outbox;

/// A task that cannot go on without the ledger.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A sum is no amount of money.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A queue to the engine was closed: the process is ending.
    #[error("the queue of {0} is closed")]
    Closed(&'static str),
}

/// What the engine works with. All handles.
#[derive(Clone)]
pub struct Services {
    /// The ledger.
    pub ledger: LedgerHandle,
    /// The sede.
    pub sede: Sede,
    /// What the sede offers; `None` until it was asked.
    pub catalogue: watch::Receiver<Option<Catalogue>>,
    /// The cash devices, if the cabinet has them.
    pub cash: Option<CashBus>,
    /// The printer, if the cabinet has one.
    pub printer: Option<Printer>,
    /// The page printer, if the cabinet has one.
    pub pages: Option<Printer>,
    /// Citizens' cards, if the cabinet has a reader and the town hall says whom to trust.
    pub identity: Option<Identity>,
    /// The document scanner, if the cabinet has one.
    pub scanner: Option<Scanner>,
    /// Status of the barcode reader.
    pub barcode: Option<watch::Receiver<Status>>,
    /// The time of day.
    pub clock: CheckedClock,
    /// The flight recorder.
    pub recorder: Recorder,
}

/// The card reader, and what cards are judged by.
#[derive(Clone)]
pub struct Identity {
    /// The reader.
    pub cards: Cards,
    /// What cards are recognised and judged by.
    pub trust: Arc<CardTrust>,
}

impl Services {
    /// Writes an entry down, with the time of day; on the disk when this returns.
    async fn write(&self, operation: Option<OperationId>, entry: Entry) -> Result<(), LedgerError> {
        let (at, sure) = self.clock.now();
        self.ledger.append(at, sure, operation, entry).await?;
        Ok(())
    }
}

/// What is fixed for this kiosk.
#[derive(Clone)]
pub struct Rules {
    /// Head of every paper; holds the kiosk's name.
    pub letterhead: Letterhead,
    /// Limits of a payment.
    pub terms: Terms,
    /// Patience with a citizen.
    pub patience: Patience,
    /// Most in cash for one debt.
    pub cash_max_per_debt: Cents,
    /// Notes that are taken.
    pub notes: Vec<Cents>,
    /// The coin of each hopper.
    pub hoppers: Vec<Cents>,
    /// Where the sorter's paths lead.
    pub paths: Vec<(u8, Place)>,
    /// A restart may take so long, and change is still given out.
    pub payout_gap: Duration,
    /// So long the devices are waited for before an open operation is picked up.
    pub device_patience: Duration,
}

/// What comes to the engine.
pub struct Inbox {
    /// From the pages.
    pub intents: mpsc::Receiver<Intent>,
    /// From the barcode reader.
    pub scans: mpsc::Receiver<String>,
    /// From the cash devices.
    pub cash: mpsc::Receiver<CashEvent>,
    /// From the card reader.
    pub cards: mpsc::Receiver<CardEvent>,
    /// True: end in order.
    pub end: watch::Receiver<bool>,
}

/// The engine. [`Engine::run`] may be dropped at any point and called again: it recovers from the ledger.
pub struct Engine {
    services: Services,
    rules: Rules,
    inbox: Inbox,
    views: watch::Sender<View>,
}

impl Engine {
    /// An engine at rest.
    pub fn new(services: Services, rules: Rules, inbox: Inbox, views: watch::Sender<View>) -> Engine {
        Engine { services, rules, inbox, views }
    }
}

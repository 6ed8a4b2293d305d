//! A card service in memory: a virtual reader's slot as the firmware's task sees it, with the faults of a service.
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hal_smartcard::CardError;
use hal_smartcard::reader::{
    CardLine, Connection, PortFuture, Protocol, ReaderPort, ReaderService, ReaderState, ServiceError,
};
use simulators::smartcard::{Reply, VirtualCard, VirtualReader};
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

const NAME: &str = "Lector de prueba 00 00";

/// Moments of a character in T=1: start, eight bits, parity, guard time (ISO/IEC 7816-3).
const MOMENTS: u32 = 11;
/// What T=1 adds to a command and to its answer.
const BLOCK: usize = 4;
/// A chip's work with a private or public key: signing, internal and external authentication.
const KEY_WORK: Duration = Duration::from_millis(600);

/// The service, and the reader at it.
#[derive(Clone)]
pub struct MemoryReader {
    slot: VirtualReader,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

struct State {
    plugged: bool,
    hangs: bool,
    /// Bits a second on the card's contact; 0: no time passes.
    baud: u32,
    seen: watch::Receiver<Option<VirtualCard>>,
    changes: u32,
}

impl MemoryReader {
    /// With this slot.
    pub fn new(slot: VirtualReader) -> MemoryReader {
        let seen = slot.watch();
        let state = State { plugged: true, hangs: false, baud: 0, seen, changes: 0 };
        MemoryReader { slot, state: Arc::new(Mutex::new(state)), changed: Arc::new(Notify::new()) }
    }

    /// Pulls the reader's plug, or puts it back.
    pub fn plug(&self, plugged: bool) {
        self.lock().plugged = plugged;
        self.changed.notify_one();
    }

    /// The service answers nobody any more, until it does.
    pub fn hang(&self, hangs: bool) {
        self.lock().hangs = hangs;
    }

    /// From now on cards talk at so many bits a second, and need time to calculate.
    pub fn set_speed(&self, baud: u32) {
        self.lock().baud = baud;
    }

    /// How long a card of this speed takes from the first bit of a command to the last of its answer.
    fn time(&self, command: &[u8], answer: &[u8]) -> Duration {
        let baud = self.lock().baud;
        if baud == 0 {
            return Duration::ZERO;
        }
        let characters = u32::try_from(command.len() + answer.len() + 2 * BLOCK).unwrap_or(u32::MAX);
        let line = Duration::from_secs(u64::from(characters) * u64::from(MOMENTS)) / baud;
        let with_key = matches!(command.get(1), Some(0x2A | 0x82 | 0x88));
        line + if with_key { KEY_WORK } else { Duration::ZERO }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic under the lock")
    }

    async fn answers(&self) {
        if self.lock().hangs {
            pending::<()>().await;
        }
    }

    /// What is in the slot and has not been pulled out of it.
    fn inside(&self) -> Option<VirtualCard> {
        self.slot.card().filter(|card| !card.is_pulled())
    }
}

impl ReaderPort for MemoryReader {
    fn open(&self) -> PortFuture<'_, Box<dyn ReaderService>, ServiceError> {
        Box::pin(async move {
            self.answers().await;
            Ok(Box::new(self.clone()) as Box<dyn ReaderService>)
        })
    }

    fn name(&self) -> &str {
        "memory"
    }
}

impl ReaderService for MemoryReader {
    fn states(&self) -> PortFuture<'_, Vec<ReaderState>, ServiceError> {
        Box::pin(async move {
            self.answers().await;
            let card = self.inside();
            let mut state = self.lock();
            if !state.plugged {
                return Ok(Vec::new());
            }
            // The slot says that it changed, not how often: a swap counts as one, which is enough to tell it.
            if state.seen.has_changed().unwrap_or(false) {
                state.seen.mark_unchanged();
                state.changes += 1;
            }
            let atr = card.as_ref().map(|card| card.atr().unwrap_or_default());
            Ok(vec![ReaderState {
                name: NAME.to_owned(),
                present: card.is_some(),
                mute: atr.as_ref().is_some_and(Vec::is_empty),
                changes: state.changes,
                atr: atr.unwrap_or_default(),
            }])
        })
    }

    fn changed(&self) -> PortFuture<'_, (), ServiceError> {
        Box::pin(async move {
            self.answers().await;
            let mut seen = self.lock().seen.clone();
            tokio::select! {
                changed = seen.changed() => changed.map_err(|_| ServiceError::NotRunning),
                () = self.changed.notified() => Ok(()),
            }
        })
    }

    fn connect<'a>(&'a self, _: &'a str) -> PortFuture<'a, Connection, CardError> {
        Box::pin(async move {
            self.answers().await;
            if !self.lock().plugged {
                return Err(CardError::ReaderGone);
            }
            let card = self.inside().ok_or(CardError::Removed)?;
            let atr = card.power_on().ok_or(CardError::Mute)?;
            let line = Box::new(Wire { reader: self.clone(), card });
            Ok(Connection { line, atr, protocol: Protocol::T1 })
        })
    }
}

/// A card that is held.
struct Wire {
    reader: MemoryReader,
    card: VirtualCard,
}

impl CardLine for Wire {
    fn transmit<'a>(&'a mut self, command: &'a [u8]) -> PortFuture<'a, Vec<u8>, CardError> {
        Box::pin(async move {
            self.reader.answers().await;
            if !self.reader.lock().plugged {
                return Err(CardError::ReaderGone);
            }
            let held = self.reader.inside().is_some_and(|card| card.is(&self.card));
            if !held {
                return Err(CardError::Removed);
            }
            match self.card.transmit(command) {
                Reply::Answer { bytes, after } => {
                    sleep(after + self.reader.time(command, &bytes)).await;
                    Ok(bytes)
                }
                Reply::Mute => pending().await,
                Reply::Pulled => {
                    self.reader.changed.notify_one();
                    Err(CardError::Removed)
                }
            }
        })
    }

    fn disconnect(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { drop(self) })
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // The service resets a card that is let go.
        self.card.reset();
    }
}

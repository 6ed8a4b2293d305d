//! The handle on a scanner: what people do at it, its faults, and what is true about it.

use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use tokio::time::Instant;

use super::config::ScannerConfig;
use super::engine::Engine;
use super::fault::ScannerFault;
use super::picture::Picture;
use super::sheet::{Place, Sheet};
use super::snapshot::{Delivery, ScannerSnapshot};
use crate::locked;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScannerError {
    /// The sheet is too wide, too long or too short for this place.
    #[error("the sheet does not fit: the feeder takes 216 mm by 100 to 355 mm, the glass up to 420 mm")]
    Size,
    /// So many sheets fit into the feeder.
    #[error("the feeder is full: it holds {0} sheets")]
    Full(usize),
    /// The scanner has no glass, or no feeder.
    #[error("this scanner has no such part")]
    NotFitted,
}

/// The network cable, and whether anybody answers at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub plugged: bool,
    /// How often the cable was pulled: a pull is felt however soon it is in again.
    pub pulls: u64,
    pub deaf: bool,
}

/// A handle on one scanner. Clones share one state.
#[derive(Clone)]
pub struct Scanner {
    engine: Arc<Mutex<Engine>>,
    line: watch::Sender<Line>,
    /// Tells whoever waits under the lamp that a person or a fault has done something.
    moved: watch::Sender<u64>,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new(ScannerConfig::default())
    }
}

impl Scanner {
    #[must_use]
    pub fn new(config: ScannerConfig) -> Self {
        Self {
            engine: Arc::new(Mutex::new(Engine::new(config))),
            line: watch::Sender::new(Line { plugged: true, pulls: 0, deaf: false }),
            moved: watch::Sender::new(0),
        }
    }

    pub(super) fn act<T>(&self, action: impl FnOnce(&mut Engine, Instant) -> T) -> T {
        let now = Instant::now();
        let mut engine = locked(&self.engine);
        engine.advance(now);
        action(&mut engine, now)
    }

    /// The same by a person.
    fn by_hand<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        let result = self.act(|engine, _| action(engine));
        self.moved.send_modify(|moves| *moves += 1);
        result
    }

    pub(super) fn line(&self) -> watch::Receiver<Line> {
        self.line.subscribe()
    }

    pub(super) fn moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    /// Puts a sheet under those in the tray; its number.
    ///
    /// # Errors
    /// A sheet that does not fit, a full tray, a scanner without feeder.
    pub fn load(&self, sheet: Sheet) -> Result<u64, ScannerError> {
        self.by_hand(|engine| engine.hand_in(sheet, Place::Tray))
    }

    /// Puts a sheet on the glass; the one that lay there goes into the hand. Its number.
    ///
    /// # Errors
    /// A sheet that does not fit, a scanner without glass.
    pub fn put_on_glass(&self, sheet: Sheet) -> Result<u64, ScannerError> {
        self.by_hand(|engine| engine.hand_in(sheet, Place::Glass))
    }

    /// Takes all sheets of a place into the hand; out of the path that frees a jam. How many.
    pub fn take(&self, from: Place) -> usize {
        self.by_hand(|engine| engine.take(from))
    }

    /// Puts what is in the hand on top of the tray again, as far as it fits. How many sheets.
    pub fn feed_again(&self) -> usize {
        self.by_hand(Engine::feed_again)
    }

    /// Throws away what is in the hand. How many sheets.
    pub fn discard(&self) -> usize {
        self.by_hand(Engine::discard)
    }

    /// Opens the feeder's cover; a sheet on its way is stuck then.
    pub fn open_cover(&self) {
        self.by_hand(Engine::open_cover);
    }

    pub fn close_cover(&self) {
        self.by_hand(|engine| engine.cover_open = false);
    }

    /// Puts the network cable in or pulls it: nothing listens then, and connections are reset.
    pub fn plug(&self, plugged: bool) {
        self.line.send_modify(|line| {
            line.pulls += u64::from(line.plugged && !plugged);
            line.plugged = plugged;
        });
    }

    #[must_use]
    pub fn is_plugged(&self) -> bool {
        self.line.borrow().plugged
    }

    pub fn fault(&self, fault: ScannerFault) {
        match fault {
            ScannerFault::Unplugged => self.plug(false),
            ScannerFault::Plugged => self.plug(true),
            ScannerFault::Deaf => self.line.send_modify(|line| line.deaf = true),
            ScannerFault::Clear => self.line.send_modify(|line| line.deaf = false),
            _ => {}
        }
        self.by_hand(|engine| engine.fault(fault));
    }

    #[must_use]
    pub fn snapshot(&self) -> ScannerSnapshot {
        let line = *self.line.borrow();
        self.act(|engine, _| ScannerSnapshot::of(engine, line.plugged, line.deaf))
    }

    /// All pages that were scanned for clients.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.act(|engine, _| engine.deliveries.clone())
    }

    /// The image of a page as it was sent; only the last 64 are kept.
    #[must_use]
    pub fn image(&self, delivery: u64) -> Option<Vec<u8>> {
        self.act(|engine, _| {
            engine.images.iter().find(|(number, _)| *number == delivery).map(|(_, image)| image.clone())
        })
    }

    /// What is printed on a sheet, wherever it lies. `None`: there is no such sheet, or nothing on its back.
    #[must_use]
    pub fn print(&self, sheet: u64, back: bool) -> Option<Picture> {
        self.act(|engine, _| {
            let placed = engine.places.values().flatten().find(|placed| placed.number == sheet)?;
            if back { placed.sheet.back.clone() } else { Some(placed.sheet.front.clone()) }
        })
    }
}

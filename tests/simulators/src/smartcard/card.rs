//! The handle on a card, whatever is in it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::dnie::{Dnie, DnieConfig};
use super::fault::{CardFault, Spoil};
use super::pkcs15_card::{Pkcs15Card, Pkcs15Config};
use super::plain::{Municipal, Unknown};
use super::snapshot::{CardSnapshot, Counts};
use crate::locked;
use crate::rng::Rng;

/// The program in a chip.
pub(super) trait CardSystem: Send {
    fn atr(&self) -> Vec<u8>;
    /// Power came, or the reset line moved.
    fn reset(&mut self);
    /// The answer with its status word.
    fn command(&mut self, bytes: &[u8]) -> Vec<u8>;
    /// Tries of the PIN left, where there is one.
    fn set_tries(&mut self, tries: u8);
    /// The answers of the channel until one is spoiled, where there is a channel.
    fn spoil(&mut self, spoil: Option<(u32, Spoil)>);
    /// Fills in what only this system knows.
    fn describe(&self, snapshot: &mut CardSnapshot);
}

/// What comes back from a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Data and status word, `after` so long.
    Answer { bytes: Vec<u8>, after: Duration },
    /// Nothing, ever.
    Mute,
    /// The card is no longer in the reader.
    Pulled,
}

impl Reply {
    /// The bytes, when there are any.
    #[must_use]
    pub fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Reply::Answer { bytes, .. } => Some(bytes),
            Reply::Mute | Reply::Pulled => None,
        }
    }
}

/// A handle on one card. Clones share one state.
#[derive(Clone)]
pub struct VirtualCard {
    inner: Arc<Mutex<Inner>>,
}

impl std::fmt::Debug for VirtualCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualCard").finish_non_exhaustive()
    }
}

struct Inner {
    system: Box<dyn CardSystem>,
    powered: bool,
    pulled: bool,
    mute: bool,
    commands: u64,
    power_ons: u32,
    faults: Faults,
    rng: Rng,
}

/// Faults that wait for a command, or last.
#[derive(Clone, Copy, Debug, Default)]
struct Faults {
    pulled: Option<(u32, bool)>,
    mute: Option<u32>,
    power_lost: Option<u32>,
    garbage: Option<u32>,
    no_atr: bool,
    slow: Duration,
}

/// Counts down; true when it is due.
fn due(counter: &mut Option<u32>) -> bool {
    let Some(left) = *counter else { return false };
    *counter = (left > 1).then_some(left - 1);
    counter.is_none()
}

impl VirtualCard {
    pub(super) fn of(system: impl CardSystem + 'static) -> Self {
        let inner = Inner {
            system: Box::new(system),
            powered: false,
            pulled: false,
            mute: false,
            commands: 0,
            power_ons: 0,
            faults: Faults::default(),
            rng: Rng::new(1),
        };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    /// A DNIe, or a sister card with its system.
    #[must_use]
    pub fn dnie(config: DnieConfig) -> Self {
        Self::of(Dnie::new(config))
    }

    /// A citizen card with PKCS#15 and no channel.
    #[must_use]
    pub fn pkcs15(config: Pkcs15Config) -> Self {
        Self::of(Pkcs15Card::new(config))
    }

    /// A town's card with a number.
    #[must_use]
    pub fn municipal(number: &str) -> Self {
        Self::of(Municipal::new(number))
    }

    /// A card that understands nothing.
    #[must_use]
    pub fn unknown() -> Self {
        Self::of(Unknown)
    }

    /// The answer to reset; `None` when the card is mute.
    #[must_use]
    pub fn atr(&self) -> Option<Vec<u8>> {
        let inner = locked(&self.inner);
        (!inner.faults.no_atr).then(|| inner.system.atr())
    }

    /// Cold reset: the ATR; `None` when it is mute or was pulled.
    pub fn power_on(&self) -> Option<Vec<u8>> {
        let mut inner = locked(&self.inner);
        inner.mute = false;
        if inner.faults.no_atr || inner.pulled {
            return None;
        }
        inner.powered = true;
        inner.power_ons += 1;
        inner.system.reset();
        Some(inner.system.atr())
    }

    pub fn power_off(&self) {
        let mut inner = locked(&self.inner);
        inner.powered = false;
        inner.system.reset();
    }

    /// Put into a reader that gives no power yet.
    pub fn put_in(&self) {
        self.power_off();
        let mut inner = locked(&self.inner);
        (inner.pulled, inner.mute) = (false, false);
    }

    /// Warm reset: the ATR.
    pub fn reset(&self) -> Option<Vec<u8>> {
        let mut inner = locked(&self.inner);
        if inner.faults.no_atr || inner.pulled || !inner.powered {
            return None;
        }
        inner.mute = false;
        inner.system.reset();
        Some(inner.system.atr())
    }

    /// Sends one command APDU.
    pub fn transmit(&self, command: &[u8]) -> Reply {
        locked(&self.inner).transmit(command)
    }

    /// Pulled by a fault and not put into a reader since.
    #[must_use]
    pub fn is_pulled(&self) -> bool {
        locked(&self.inner).pulled
    }

    pub fn fault(&self, fault: CardFault) {
        locked(&self.inner).fault(fault);
    }

    #[must_use]
    pub fn snapshot(&self) -> CardSnapshot {
        let inner = locked(&self.inner);
        let mut snapshot = CardSnapshot {
            profile: "unknown",
            powered: inner.powered,
            pulled: inner.pulled,
            commands: inner.commands,
            counts: Counts { power_ons: inner.power_ons, ..Counts::default() },
            tries_left: None,
            channel: None,
            logged_in: false,
            signatures: Vec::new(),
        };
        inner.system.describe(&mut snapshot);
        snapshot
    }

    /// A new card takes the place of this one in every hand that holds it. It has no power; `new` is the old one now.
    pub fn become_new(&self, new: VirtualCard) {
        if !self.is(&new) {
            std::mem::swap(&mut *locked(&self.inner), &mut *locked(&new.inner));
        }
    }

    /// Whether two handles are one card.
    #[must_use]
    pub fn is(&self, other: &VirtualCard) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Inner {
    fn transmit(&mut self, command: &[u8]) -> Reply {
        if self.pulled {
            return Reply::Pulled;
        }
        if !self.powered || self.mute {
            return Reply::Mute;
        }
        self.commands += 1;
        if due(&mut self.faults.power_lost) {
            self.system.reset();
        }
        if let Some((left, acted)) = self.faults.pulled {
            self.faults.pulled = (left > 1).then_some((left - 1, acted));
            if left <= 1 {
                if acted {
                    self.system.command(command);
                }
                (self.pulled, self.powered) = (true, false);
                self.system.reset();
                return Reply::Pulled;
            }
        }
        if due(&mut self.faults.mute) {
            self.mute = true;
            return Reply::Mute;
        }
        let mut bytes = self.system.command(command);
        if due(&mut self.faults.garbage) {
            for byte in &mut bytes {
                *byte = self.rng.byte();
            }
        }
        Reply::Answer { bytes, after: self.faults.slow }
    }

    fn fault(&mut self, fault: CardFault) {
        match fault {
            CardFault::Pulled { command, acted } => self.faults.pulled = Some((command, acted)),
            CardFault::Mute { command } => self.faults.mute = Some(command),
            CardFault::NoAtr => self.faults.no_atr = true,
            CardFault::Slow { millis } => self.faults.slow = Duration::from_millis(u64::from(millis)),
            CardFault::PowerLost { command } => self.faults.power_lost = Some(command),
            CardFault::Garbage { answer } => self.faults.garbage = Some(answer),
            CardFault::Spoiled { answer, how } => self.system.spoil(Some((answer, how))),
            CardFault::TriesLeft { tries } => self.system.set_tries(tries),
            CardFault::Clear => {
                (self.faults, self.mute) = (Faults::default(), false);
                self.system.spoil(None);
            }
        }
    }
}

//! The physical world behind one bus: where every note and coin is (design 3.1).
//!
//! Devices say what left them; this module puts it down somewhere. Nothing else moves money, so
//! `check_conservation` can compare what people put in with what lies where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::coin_acceptor::CoinAcceptor;
use super::hopper::Hopper;
use super::validator::{Transport, Validator};
use crate::pile::Pile;

/// Everything that ever happened to money, whatever the devices said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// Notes that left a person's hand into the mouth.
    pub notes_inserted: Pile,
    pub notes_stacked: Pile,
    pub notes_returned: Pile,
    /// Taken out of the path by a technician.
    pub notes_freed: Pile,
    /// Taken out with the cassette.
    pub notes_collected: Pile,
    pub coins_inserted: Pile,
    pub coins_returned: Pile,
    pub coins_to_cash_box: Pile,
    pub coins_to_hoppers: Pile,
    /// Really fell out of hoppers.
    pub coins_paid_out: Pile,
    /// Put into hoppers by staff, the first filling included.
    pub coins_filled: Pile,
    /// Taken out of hoppers and of the cash box by staff.
    pub coins_collected: Pile,
    /// What people took out of the tray and the mouth.
    pub notes_taken: Pile,
    pub coins_taken: Pile,
}

/// What lies where a person can reach it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tray {
    pub notes: Pile,
    pub coins: Pile,
}

impl Tray {
    /// In cents.
    #[must_use]
    pub fn cents(&self) -> i64 {
        self.notes.cents() + self.coins.cents()
    }
}

#[derive(Debug)]
pub struct World {
    pub validator: Option<Validator>,
    pub coin_acceptor: Option<CoinAcceptor>,
    pub hoppers: BTreeMap<u8, Hopper>,
    pub tray: Tray,
    pub cash_box: Pile,
    pub truth: Truth,
    pub echo: bool,
    pub frozen: bool,
    pub commands: u64,
    pub seen: BTreeMap<(u8, u8), u64>,
}

impl World {
    /// Everything that was due happens, and what moved is put where it goes.
    pub fn advance(&mut self, now: Instant) {
        if let Some(validator) = &mut self.validator {
            validator.advance(now);
        }
        if let Some(acceptor) = &mut self.coin_acceptor {
            acceptor.advance(now);
        }
        for hopper in self.hoppers.values_mut() {
            hopper.advance(now);
        }
        self.settle();
    }

    /// Puts down what the devices let go of.
    pub fn settle(&mut self) {
        if let Some(validator) = &mut self.validator {
            for cents in validator.moves.stacked.drain(..) {
                self.truth.notes_stacked.add(cents);
            }
            for cents in validator.moves.returned.drain(..) {
                self.truth.notes_returned.add(cents);
                self.tray.notes.add(cents);
            }
        }
        if let Some(acceptor) = &mut self.coin_acceptor {
            for cents in acceptor.moves.returned.drain(..) {
                self.truth.coins_returned.add(cents);
                self.tray.coins.add(cents);
            }
            for (cents, path) in std::mem::take(&mut acceptor.moves.kept) {
                // A sorter path leads to one hopper; a full one lets the coin pass on.
                let wanted = self.hoppers.values_mut().filter(|_| path > 0);
                let hopper = wanted
                    .filter(|hopper| hopper.config.cents == cents)
                    .find(|hopper| hopper.coins < hopper.config.capacity);
                if let Some(hopper) = hopper {
                    hopper.coins += 1;
                    self.truth.coins_to_hoppers.add(cents);
                } else {
                    self.cash_box.add(cents);
                    self.truth.coins_to_cash_box.add(cents);
                }
            }
        }
        for hopper in self.hoppers.values_mut() {
            let dropped = std::mem::take(&mut hopper.dropped);
            self.truth.coins_paid_out.add_many(hopper.config.cents, dropped);
            self.tray.coins.add_many(hopper.config.cents, dropped);
        }
    }

    /// When the next thing moves; a note that only waits in escrow does not count.
    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        let moving = |validator: &&Validator| !matches!(validator.transport, Transport::Escrow { .. });
        let validator = self.validator.as_ref().filter(moving).and_then(Validator::next_due);
        let acceptor = self.coin_acceptor.as_ref().and_then(CoinAcceptor::next_due);
        let hoppers = self.hoppers.values().filter_map(Hopper::next_due);
        hoppers.chain(validator).chain(acceptor).min()
    }

    /// Compares what came in with what lies where. The text names the first difference.
    pub fn check_conservation(&self) -> Result<(), String> {
        let truth = &self.truth;
        let mut path = Pile::default();
        let mut stacker = Pile::default();
        if let Some(validator) = &self.validator {
            if let Some(cents) = validator.transport.cents() {
                path.add(cents);
            }
            stacker = validator.stacker.clone();
        }
        let mut falling = Pile::default();
        if let Some(acceptor) = &self.coin_acceptor {
            acceptor.falling().into_iter().for_each(|cents| falling.add(cents));
        }
        let mut hoppers = Pile::default();
        for hopper in self.hoppers.values() {
            hoppers.add_many(hopper.config.cents, hopper.coins);
        }
        let same = |what: &str, left: Pile, right: Pile| {
            if left == right { Ok(()) } else { Err(format!("{what}: {left:?} is not {right:?}")) }
        };
        let notes_out = truth.notes_returned.with(&truth.notes_freed);
        same(
            "notes inserted = stacked + returned + freed + in the path",
            truth.notes_inserted.clone(),
            truth.notes_stacked.with(&notes_out).with(&path),
        )?;
        same(
            "notes stacked = in the stacker + collected",
            truth.notes_stacked.clone(),
            stacker.with(&truth.notes_collected),
        )?;
        same(
            "notes returned = in the mouth + taken",
            truth.notes_returned.clone(),
            self.tray.notes.with(&truth.notes_taken),
        )?;
        let kept = truth.coins_to_cash_box.with(&truth.coins_to_hoppers);
        same(
            "coins inserted = kept + returned + falling",
            truth.coins_inserted.clone(),
            kept.with(&truth.coins_returned).with(&falling),
        )?;
        same(
            "coins kept + filled = in hoppers + in the cash box + paid out + collected",
            kept.with(&truth.coins_filled),
            hoppers.with(&self.cash_box).with(&truth.coins_paid_out).with(&truth.coins_collected),
        )?;
        same(
            "coins returned + paid out = in the tray + taken",
            truth.coins_returned.with(&truth.coins_paid_out),
            self.tray.coins.with(&truth.coins_taken),
        )
    }
}

//! A picture of the cash side for a panel, plain data that becomes JSON.

use serde::Serialize;
use tokio::time::Instant;

use super::bus::CashBus;
use super::coin_acceptor::CoinAcceptor;
use super::hopper::Hopper;
use super::validator::{Transport, Validator};
use super::world::{Tray, Truth};
use crate::locked;
use crate::pile::Pile;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValidatorSnapshot {
    /// The bezel light: notes are invited.
    pub accepting: bool,
    pub powered: bool,
    pub silent: bool,
    /// "empty", "validating", "escrow", "stacking", "returning", "jammed".
    pub transport: &'static str,
    pub note_cents: Option<u32>,
    /// The note held in escrow, if one is.
    pub escrow_cents: Option<u32>,
    pub stacker: Pile,
    pub stacker_present: bool,
    pub stacker_full: bool,
    pub inhibits: u16,
    pub master: bool,
    pub event_counter: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoinAcceptorSnapshot {
    pub accepting: bool,
    pub powered: bool,
    pub silent: bool,
    pub falling: Vec<u32>,
    pub sorter_blocked: bool,
    pub inhibits: u16,
    pub master: bool,
    pub event_counter: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HopperSnapshot {
    pub address: u8,
    pub cents: u32,
    pub coins: u64,
    pub capacity: u64,
    pub powered: bool,
    pub silent: bool,
    pub enabled: bool,
    pub running: bool,
    pub jammed: bool,
    pub bridged: bool,
    pub event_counter: u8,
    pub remaining: u8,
    pub paid: u8,
    pub unpaid: u8,
    pub lifetime: u32,
    pub flags: [u8; 3],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CashSnapshot {
    pub validator: Option<ValidatorSnapshot>,
    pub coin_acceptor: Option<CoinAcceptorSnapshot>,
    pub hoppers: Vec<HopperSnapshot>,
    pub cash_box: Pile,
    pub tray: Tray,
    pub truth: Truth,
    pub echo: bool,
    pub frozen: bool,
    pub commands: u64,
}

fn validator(validator: &Validator, now: Instant) -> ValidatorSnapshot {
    let escrow = matches!(validator.transport, Transport::Escrow { .. });
    ValidatorSnapshot {
        accepting: validator.accepting(now),
        powered: validator.powered,
        silent: validator.link.silent,
        transport: validator.transport.name(),
        note_cents: validator.transport.cents(),
        escrow_cents: validator.transport.cents().filter(|_| escrow),
        stacker: validator.stacker.clone(),
        stacker_present: validator.stacker_present,
        stacker_full: validator.stacker_full,
        inhibits: validator.inhibits,
        master: validator.master,
        event_counter: validator.events.counter(),
    }
}

fn coin_acceptor(acceptor: &CoinAcceptor, now: Instant) -> CoinAcceptorSnapshot {
    CoinAcceptorSnapshot {
        accepting: acceptor.accepting(now),
        powered: acceptor.powered,
        silent: acceptor.link.silent,
        falling: acceptor.falling(),
        sorter_blocked: acceptor.pending.sorter_blocked,
        inhibits: acceptor.inhibits,
        master: acceptor.master,
        event_counter: acceptor.events.counter(),
    }
}

fn hopper(hopper: &Hopper) -> HopperSnapshot {
    HopperSnapshot {
        address: hopper.config.address,
        cents: hopper.config.cents,
        coins: hopper.coins,
        capacity: hopper.config.capacity,
        powered: hopper.powered,
        silent: hopper.link.silent,
        enabled: hopper.enabled,
        running: hopper.payout.is_some(),
        jammed: hopper.pending.jammed,
        bridged: hopper.pending.bridged,
        event_counter: hopper.counter,
        remaining: hopper.remaining,
        paid: hopper.paid,
        unpaid: hopper.unpaid,
        lifetime: hopper.lifetime,
        flags: hopper.flag_bytes(),
    }
}

impl CashBus {
    /// The state at this moment.
    #[must_use]
    pub fn snapshot(&self) -> CashSnapshot {
        let now = Instant::now();
        let mut world = locked(&self.world);
        world.advance(now);
        CashSnapshot {
            validator: world.validator.as_ref().map(|device| validator(device, now)),
            coin_acceptor: world.coin_acceptor.as_ref().map(|device| coin_acceptor(device, now)),
            hoppers: world.hoppers.values().map(hopper).collect(),
            cash_box: world.cash_box.clone(),
            tray: world.tray.clone(),
            truth: world.truth.clone(),
            echo: world.echo,
            frozen: world.frozen,
            commands: world.commands,
        }
    }
}

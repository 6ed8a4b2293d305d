//! Fault switches of the cash devices, in the form a panel sends them.
//!
//! `{"device":"validator","fault":"reset"}`,
//! `{"device":"hopper","fault":{"address":3,"what":{"jam":{"after":2}}}}`.

use serde::{Deserialize, Serialize};

use super::common::LinkFault;
use super::validator::Validator;
use super::validator_config::{Deafness, Jam, NoteFate};
use super::{coin_acceptor::CoinAcceptor, hopper::Hopper};
use tokio::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValidatorFault {
    Reset,
    /// Where a note in the path goes at the next resets.
    NoteAtReset(NoteFate),
    /// Off and on again.
    PowerCycle,
    /// The next movement of a note jams.
    Jam(Jam),
    StackerFull,
    StackerRemoved,
    /// `228 [1]` is acknowledged so many times without effect.
    StayInhibited {
        times: u32,
    },
    /// The first read-backs after it say off, then on.
    EnableLate {
        reads: u32,
    },
    StayInhibitedForEver,
    RejectAll,
    /// An event of a code no document has.
    UnknownCode,
    Event {
        a: u8,
        b: u8,
    },
    /// The note in escrow is given back now.
    EscrowTimeout,
    /// The next route commands answer 255.
    RouteFails {
        times: u32,
    },
    /// The code of the self-check.
    FaultCode {
        code: u8,
    },
    /// As if so many events had happened.
    CounterJump {
        to: u8,
    },
    /// Ends what waits or lasts; a jammed note stays until a person frees it.
    Clear,
    #[serde(untagged)]
    Link(LinkFault),
}

impl Validator {
    pub(super) fn fault(&mut self, fault: ValidatorFault, now: Instant) {
        self.advance(now);
        match fault {
            ValidatorFault::Reset => self.reset(now),
            ValidatorFault::NoteAtReset(fate) => self.config.note_at_reset = fate,
            ValidatorFault::PowerCycle => {
                self.power_off(now);
                self.power_on(now);
            }
            ValidatorFault::Jam(jam) => self.pending.jam = Some(jam),
            ValidatorFault::StackerFull => self.set_stacker_full(),
            ValidatorFault::StackerRemoved => self.remove_stacker(),
            ValidatorFault::StayInhibited { times } => self.pending.enable_ignored = Deafness::Times(times),
            ValidatorFault::EnableLate { reads } => self.pending.enable_ignored = Deafness::Reads(reads),
            ValidatorFault::StayInhibitedForEver => self.pending.enable_ignored = Deafness::ForEver,
            ValidatorFault::RejectAll => self.pending.reject_all = true,
            ValidatorFault::UnknownCode => self.events.push(0, 99),
            ValidatorFault::Event { a, b } => self.events.push(a, b),
            ValidatorFault::EscrowTimeout => self.expire_escrow(now),
            ValidatorFault::RouteFails { times } => self.pending.route_fails = times,
            ValidatorFault::FaultCode { code } => self.pending.fault_code = code,
            ValidatorFault::CounterJump { to } => self.events.set_counter(to),
            ValidatorFault::Clear => {
                self.pending = super::validator_config::Pending::default();
                self.link.apply(LinkFault::Clear);
            }
            ValidatorFault::Link(fault) => self.link.apply(fault),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoinFault {
    Reset,
    PowerCycle,
    /// Six coins of this value (cents) pass at one moment, between two polls.
    SixCoins {
        cents: u32,
    },
    /// The next coin is kept without credit; `reported`: as event (0,36).
    SwallowCoin {
        reported: bool,
    },
    SorterBlocked,
    RejectAll,
    LeverOpen,
    Event {
        a: u8,
        b: u8,
    },
    FaultCode {
        code: u8,
    },
    CounterJump {
        to: u8,
    },
    Clear,
    #[serde(untagged)]
    Link(LinkFault),
}

impl CoinAcceptor {
    /// `SixCoins` is a person's action as well: the world counts them in before this.
    pub(super) fn fault(&mut self, fault: CoinFault, now: Instant) {
        self.advance(now);
        match fault {
            CoinFault::Reset => self.reset(now),
            CoinFault::PowerCycle => {
                self.power_off(now);
                self.power_on(now);
            }
            CoinFault::SixCoins { cents } => self.burst(cents, 6, now),
            CoinFault::SwallowCoin { reported } => self.pending.swallow = Some(reported),
            CoinFault::SorterBlocked => self.block_sorter(),
            CoinFault::RejectAll => self.pending.reject_all = true,
            CoinFault::LeverOpen => self.pending.lever_open = true,
            CoinFault::Event { a, b } => self.events.push(a, b),
            CoinFault::FaultCode { code } => self.pending.fault_code = code,
            CoinFault::CounterJump { to } => self.events.set_counter(to),
            CoinFault::Clear => {
                self.pending = super::coin_acceptor::Pending::default();
                self.link.apply(LinkFault::Clear);
            }
            CoinFault::Link(fault) => self.link.apply(fault),
        }
    }
}

/// `after` counts the coins already paid in the next, or the running, payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HopperFault {
    Reset,
    PowerCycle,
    /// The coins stop coming although some lie in the bowl.
    EmptyAfter {
        after: u32,
    },
    Jam {
        after: u32,
    },
    /// The same, and the reply to the dispense command is lost.
    JamReplyLost {
        after: u32,
    },
    ResetInPayout {
        after: u32,
    },
    PowerCutInPayout {
        after: u32,
    },
    /// One more falls than is counted.
    DoubleCoin,
    /// The next dispense commands are refused.
    Nak {
        times: u32,
    },
    /// The reply to the next dispense command is lost.
    DispenseReplyLost,
    PowerLostFlag,
    CounterJump {
        by: u8,
    },
    Disabled,
    Clear,
    #[serde(untagged)]
    Link(LinkFault),
}

impl Hopper {
    pub(super) fn fault(&mut self, fault: HopperFault, now: Instant) {
        self.advance(now);
        match fault {
            HopperFault::Reset => self.reset(now),
            HopperFault::PowerCycle => {
                self.power_off(now);
                self.power_on(now);
            }
            HopperFault::EmptyAfter { after } => self.pending.empty_after = Some(after),
            HopperFault::Jam { after } => self.pending.jam_after = Some(after),
            HopperFault::JamReplyLost { after } => {
                self.pending.jam_after = Some(after);
                self.pending.lose_dispense_reply = true;
            }
            HopperFault::ResetInPayout { after } => self.pending.reset_after = Some(after),
            HopperFault::PowerCutInPayout { after } => self.pending.power_cut_after = Some(after),
            HopperFault::DoubleCoin => self.pending.double_coin = true,
            HopperFault::Nak { times } => self.pending.refuse = times,
            HopperFault::DispenseReplyLost => self.pending.lose_dispense_reply = true,
            HopperFault::PowerLostFlag => self.set_power_lost(),
            HopperFault::CounterJump { by } => {
                for _ in 0..by {
                    self.count_event();
                }
            }
            HopperFault::Disabled => self.disable(),
            HopperFault::Clear => {
                self.clear();
                self.link.apply(LinkFault::Clear);
            }
            HopperFault::Link(fault) => self.link.apply(fault),
        }
        // A fault that struck at "0 coins" in a running payout is due now.
        self.advance(now);
    }
}

/// One hopper of the bus and what happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HopperFaultAt {
    pub address: u8,
    pub what: HopperFault,
}

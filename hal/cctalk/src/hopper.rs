//! Hoppers: what their flags mean, and what their counters tell of a dispense (ccTalk generic specification
//! part 3, headers 163, 166 and 168; rules on payouts in part 4).
//!
//! Pure functions. A hopper that lost its power comes back disabled with its event counter at 0; paid and unpaid
//! coins survive on good models only, so an outcome rests on two counters that must agree.
use crate::api::{Dispensed, HopperBaseline, HopperModel};

/// The three flag bytes of header 163.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub [u8; 3]);

/// Which bits mean what on a model.
struct Meaning {
    /// A reset is needed before the next payout.
    reset: [u8; 3],
    /// The counters of header 166 cannot be trusted.
    untrusted: [u8; 3],
    /// We cannot drive a hopper in this state, and a reset does not change it.
    unfit: [u8; 3],
    /// The hopper was powered up since the last reset.
    power_up: [u8; 3],
    /// Power was lost while it paid.
    power_lost: [u8; 3],
}

const GENERIC: Meaning = Meaning {
    reset: [0b0011_1001, 0b0011_1001, 0b0000_1111],
    untrusted: [0, 0b0100_0000, 0],
    // Single coin mode, counter checksum, PIN; encryption.
    unfit: [0, 0b1100_0010, 0b0001_0000],
    power_up: [0b0100_0000, 0, 0],
    power_lost: [0, 0, 0b0000_0001],
};
/// Byte 2: bits 2 to 5 are checksum errors of its counters, bit 6 a power fail while they were written. That it
/// wants a key (byte 3, bit 4) is no obstacle: it takes any bytes after one was asked for, or says NAK.
const SCH2: Meaning = Meaning {
    reset: [0b0011_1001, 0b0000_0001, 0b0000_1111],
    untrusted: [0, 0b0111_1100, 0],
    unfit: [0, 0b1111_1110, 0],
    ..GENERIC
};
/// It does not use the power-up flag.
const FLOW: Meaning = Meaning { power_up: [0; 3], ..GENERIC };

const PAYOUT_TIMEOUT: u8 = 0b0000_0010;

impl Flags {
    fn any(self, mask: [u8; 3]) -> bool {
        self.0.iter().zip(mask).any(|(flags, mask)| flags & mask != 0)
    }
    /// The next payout needs a reset first.
    pub fn needs_reset(self, model: HopperModel) -> bool {
        self.any(meaning(model).reset)
    }
    /// A power-up was seen that no reset has cleared.
    pub fn powered_up(self, model: HopperModel) -> bool {
        self.any(meaning(model).power_up)
    }
    /// Why the hopper must not be used at all.
    pub fn unfit(self, model: HopperModel) -> bool {
        self.any(meaning(model).unfit)
    }
    /// Paid and unpaid are not to be trusted.
    pub fn untrusted(self, model: HopperModel) -> bool {
        self.any(meaning(model).untrusted)
    }
    /// Power was lost while it paid.
    pub fn power_lost(self, model: HopperModel) -> bool {
        self.any(meaning(model).power_lost)
    }
    /// No coin came within the time of the hopper: it is empty as a rule.
    pub fn timed_out(self) -> bool {
        self.any([PAYOUT_TIMEOUT, 0, 0])
    }
}

impl std::fmt::Display for Flags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [one, two, three] = self.0;
        write!(f, "flags {one:#04x} {two:#04x} {three:#04x}")
    }
}

fn meaning(model: HopperModel) -> &'static Meaning {
    match model {
        HopperModel::Generic => &GENERIC,
        HopperModel::Sch2 => &SCH2,
        HopperModel::Flow => &FLOW,
    }
}

/// All counters at one time, the hopper being at rest unless `remaining` says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Event counter (166).
    pub counter: u8,
    /// Coins still to be paid (166).
    pub remaining: u8,
    /// Coins of the last order that are out (166).
    pub paid: u8,
    /// Coins of the last order that are not (166); some models say 0 after a stop.
    pub unpaid: u8,
    /// Coins dispensed so far (168), modulo 2^24.
    pub dispensed: u32,
    /// Flags (163).
    pub flags: Flags,
}

impl std::fmt::Display for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "counter {}, remaining {}, paid {}, unpaid {}, dispensed {}, {}",
            self.counter, self.remaining, self.paid, self.unpaid, self.dispensed, self.flags
        )
    }
}

/// What the counters say of one dispense command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The hopper never took it; not one coin moved.
    NotTaken,
    /// It is being paid; this many coins are out so far.
    Running(u8),
    /// It has ended.
    Ended(Dispensed),
}

/// Judges a dispense of `coins` that was journalled with `baseline`. `refused`: the hopper said NAK to it.
pub fn judge(
    model: HopperModel,
    baseline: HopperBaseline,
    coins: u8,
    refused: bool,
    now: &Snapshot,
) -> Verdict {
    let out = now.dispensed.wrapping_sub(baseline.dispensed) & 0x00FF_FFFF;
    let next = if baseline.counter == 255 { 1 } else { baseline.counter + 1 };
    if now.flags.untrusted(model) {
        return unknown(coins, "the hopper says that its counters are damaged", now);
    }
    if now.remaining > 0 {
        return if now.counter == next {
            Verdict::Running(now.paid)
        } else {
            unknown(coins, "the hopper pays an order that is not ours", now)
        };
    }
    let agree = u32::from(now.paid) == out && now.paid <= coins;
    let reset_seen = now.flags.powered_up(model) || now.flags.power_lost(model);
    match now.counter {
        counter if counter == baseline.counter && counter != 0 => {
            if out == 0 {
                Verdict::NotTaken
            } else {
                unknown(coins, "coins left the hopper without an order counted", now)
            }
        }
        // From 0 to 0 the counter proves nothing: a reset gives 0 too.
        0 if baseline.counter == 0 && out == 0 && !reset_seen => Verdict::NotTaken,
        0 if baseline.counter == 0 && out == 0 && now.unpaid != coins => {
            unknown(coins, "the hopper was off, and its counters began at 0", now)
        }
        0 if agree => ended(coins, now, "the hopper was reset while it paid"),
        0 => unknown_between(coins, now.paid, out, "the hopper was reset, and its counters disagree", now),
        // Some models count an order that they refuse; nothing left, so it may be given again.
        counter if counter == next && refused && out == 0 => Verdict::NotTaken,
        counter if counter == next && agree => ended(coins, now, short_reason(now)),
        counter if counter == next => {
            unknown_between(coins, now.paid, out, "paid and dispensed coins disagree", now)
        }
        _ => unknown(coins, "somebody else gave the hopper orders", now),
    }
}

fn short_reason(now: &Snapshot) -> &'static str {
    if now.flags.timed_out() { "the hopper ran empty" } else { "the hopper stopped early" }
}

fn ended(coins: u8, now: &Snapshot, why: &str) -> Verdict {
    let short = (now.paid < coins).then(|| format!("{why}: {now}"));
    Verdict::Ended(Dispensed::Paid { coins: now.paid, short })
}

fn unknown(coins: u8, why: &str, now: &Snapshot) -> Verdict {
    Verdict::Ended(Dispensed::Unknown { at_least: 0, at_most: coins, why: format!("{why}: {now}") })
}

/// Two counters disagree: what both say is surely out, and all of it may be.
fn unknown_between(coins: u8, paid: u8, out: u32, why: &str, now: &Snapshot) -> Verdict {
    let out = u8::try_from(out).unwrap_or(u8::MAX);
    let at_least = paid.min(out).min(coins);
    Verdict::Ended(Dispensed::Unknown { at_least, at_most: coins, why: format!("{why}: {now}") })
}

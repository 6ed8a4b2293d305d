//! A coin hopper: the mechanism (reference 1.5, 1.7, 1.9). The commands are in
//! `hopper_commands`.
//!
//! At power-on it is deaf, then disabled, with the event counter at 0; paid and unpaid survive.
//! A power cut in a payout sets the flag for it. In a jam the motor stops and a reset is wanted.

use std::time::Duration;

use tokio::time::Instant;

use super::common::{LineCounters, Link};
use super::hopper_config::{HopperConfig, Pending, Security, flags};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Payout {
    pub(super) next_coin: Instant,
    pub(super) give_up: Instant,
}

#[derive(Clone, Debug)]
pub struct Hopper {
    pub config: HopperConfig,
    pub link: Link,
    pub counters: LineCounters,
    pub pending: Pending,
    pub coins: u64,
    pub enabled: bool,
    pub counter: u8,
    pub remaining: u8,
    pub paid: u8,
    pub unpaid: u8,
    /// The count of header 168; 24 bits are sent.
    pub lifetime: u32,
    pub deaf_until: Instant,
    pub powered: bool,
    pub(super) flags: [u8; 3],
    pub(super) pin_given: bool,
    pub(super) key: Option<[u8; 8]>,
    pub(super) keys_made: u64,
    pub(super) entropy: u64,
    pub(super) payout: Option<Payout>,
    /// A coin that had left the disc when the motor was stopped.
    last_coin: Option<Instant>,
    /// Coins that fell out since the books were last kept.
    pub(super) dropped: u64,
}

impl Hopper {
    #[must_use]
    pub fn new(config: HopperConfig, now: Instant) -> Self {
        let mut hopper = Self {
            coins: config.coins,
            link: Link::default(),
            counters: LineCounters::default(),
            pending: Pending::default(),
            enabled: false,
            counter: 0,
            remaining: 0,
            paid: 0,
            unpaid: 0,
            lifetime: 1000,
            deaf_until: now,
            powered: true,
            flags: [0; 3],
            pin_given: false,
            key: None,
            keys_made: 0,
            entropy: 0,
            payout: None,
            last_coin: None,
            dropped: 0,
            config,
        };
        hopper.start(now, Duration::ZERO);
        hopper.power_up_flag();
        hopper
    }

    fn power_up_flag(&mut self) {
        if self.config.power_up_flag {
            self.flags[0] |= flags::POWER_UP;
        }
    }

    fn start(&mut self, now: Instant, deaf: Duration) {
        self.enabled = false;
        self.counter = 0;
        self.pin_given = false;
        self.key = None;
        self.flags = [0; 3];
        self.deaf_until = now + deaf;
        if self.pending.jammed {
            self.flags[0] |= flags::OPTO_BLOCKED_IDLE;
        }
    }

    /// The motor stops where it is; what was not paid becomes unpaid.
    pub(super) fn stop_motor(&mut self) {
        if self.payout.take().is_some() {
            self.unpaid = self.remaining;
            self.remaining = 0;
        }
        self.last_coin = None;
    }

    /// A reboot by command or by fault.
    pub fn reset(&mut self, now: Instant) {
        let running = self.payout.is_some();
        self.stop_motor();
        self.start(now, self.config.reset_deaf);
        if running {
            self.flags[2] |= flags::POWER_LOST;
        }
    }

    pub fn power_off(&mut self, now: Instant) {
        self.advance(now);
        self.cut_power(now);
    }

    fn cut_power(&mut self, now: Instant) {
        let lost = self.payout.is_some() || self.flags[2] & flags::POWER_LOST != 0;
        self.stop_motor();
        self.powered = false;
        self.start(now, Duration::ZERO);
        if lost {
            self.flags[2] |= flags::POWER_LOST;
        }
    }

    pub fn power_on(&mut self, now: Instant) {
        if !self.powered {
            let lost = self.flags[2] & flags::POWER_LOST;
            self.powered = true;
            self.start(now, self.config.power_deaf);
            self.flags[2] |= lost;
            self.power_up_flag();
        }
    }

    pub(super) fn begin(&mut self, count: u8, now: Instant) {
        self.paid = 0;
        self.unpaid = 0;
        self.remaining = count;
        if count > 0 {
            let next_coin = now + self.config.coin_time;
            self.payout = Some(Payout { next_coin, give_up: now + self.config.payout_timeout });
        }
    }

    /// The host stops the payout. A coin almost out still falls and counts.
    pub(super) fn emergency_stop(&mut self, now: Instant) -> u8 {
        let almost_out = self.payout.map(|payout| payout.next_coin);
        let remaining = self.remaining;
        self.stop_motor();
        self.last_coin = almost_out
            .filter(|at| at.duration_since(now) <= self.config.coin_time / 2 && self.coins_come())
            .filter(|_| remaining > 0);
        if self.config.forgets_unpaid {
            self.unpaid = 0;
        }
        remaining
    }

    fn coins_come(&self) -> bool {
        self.coins > 0 && !self.pending.bridged && !self.pending.jammed
    }

    fn coin_falls(&mut self) {
        self.coins -= 1;
        self.dropped += 1;
        self.paid = self.paid.saturating_add(1);
        self.lifetime = (self.lifetime + 1) & 0x00FF_FFFF;
        if self.pending.double_coin && self.coins > 0 {
            self.pending.double_coin = false;
            self.coins -= 1;
            self.dropped += 1;
        }
    }

    pub fn advance(&mut self, now: Instant) {
        if self.last_coin.is_some_and(|at| at <= now) {
            self.last_coin = None;
            if self.coins > 0 {
                self.coin_falls();
                self.unpaid = self.unpaid.saturating_sub(1);
            }
        }
        while let Some(payout) = self.payout {
            self.strike(payout);
            let Some(payout) = self.payout else { return };
            if self.coins_come() {
                if payout.next_coin > now {
                    return;
                }
                self.coin_falls();
                self.remaining -= 1;
                if self.remaining == 0 {
                    self.payout = None;
                } else {
                    self.payout = Some(Payout {
                        next_coin: payout.next_coin + self.config.coin_time,
                        give_up: payout.next_coin + self.config.payout_timeout,
                    });
                }
            } else {
                if payout.give_up > now {
                    // Coins that are freed or filled in now take their time from now on.
                    let next_coin = payout.next_coin.max(now + self.config.coin_time);
                    self.payout = Some(Payout { next_coin, ..payout });
                    return;
                }
                self.stop_motor();
                self.flags[0] |= flags::PAYOUT_TIMEOUT;
                if self.config.forgets_unpaid {
                    self.unpaid = 0;
                }
            }
        }
    }

    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        let payout =
            self.payout.map(|payout| if self.coins_come() { payout.next_coin } else { payout.give_up });
        payout.or(self.last_coin)
    }

    /// A waiting fault whose coin count is reached happens between two coins.
    fn strike(&mut self, payout: Payout) {
        let paid = u32::from(self.paid);
        let reached = |after: &mut Option<u32>| after.take_if(|after| paid >= *after).is_some();
        let at = payout.next_coin - self.config.coin_time;
        if reached(&mut self.pending.empty_after) {
            self.pending.bridged = true;
        }
        if reached(&mut self.pending.jam_after) {
            self.jam();
        } else if reached(&mut self.pending.reset_after) {
            self.reset(at);
        } else if reached(&mut self.pending.power_cut_after) {
            self.cut_power(at);
            self.power_on(at);
        }
    }

    /// A coin sticks in the exit.
    pub fn jam(&mut self) {
        self.pending.jammed = true;
        let flag = if self.payout.is_some() { flags::OPTO_BLOCKED_PAYOUT } else { flags::OPTO_BLOCKED_IDLE };
        self.flags[0] |= flag;
        self.stop_motor();
    }

    pub(super) fn set_power_lost(&mut self) {
        self.flags[2] |= flags::POWER_LOST;
    }

    pub(super) fn disable(&mut self) {
        self.enabled = false;
        self.stop_motor();
    }

    /// A technician frees the exit and stirs the coins; the flags stay until a reset.
    pub fn clear(&mut self) {
        self.pending = Pending::default();
    }

    /// The three bytes of header 163.
    #[must_use]
    pub fn flag_bytes(&self) -> [u8; 3] {
        let [mut first, mut second, mut third] = self.flags;
        if !self.enabled {
            first |= flags::DISABLED;
        }
        if self.config.single_coin {
            second |= flags::SINGLE_COIN;
        }
        if self.config.pin.is_some() {
            second |= flags::PIN_ON;
        }
        if matches!(self.config.security, Security::Cipher { .. }) {
            third |= flags::ENCRYPTION_ON;
        }
        [first, second, third]
    }

    pub(super) fn needs_reset(&self) -> bool {
        self.flags.iter().zip(flags::NEEDS_RESET).any(|(flags, mask)| flags & mask != 0)
    }

    /// Coins put in by hand; returns how many found no room.
    pub fn fill(&mut self, coins: u64) -> u64 {
        let room = self.config.capacity.saturating_sub(self.coins);
        let taken = coins.min(room);
        self.coins += taken;
        coins - taken
    }
}

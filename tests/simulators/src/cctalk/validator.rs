//! A bill validator with escrow and stacker: the mechanism (reference 1.3, 1.4, 1.6, 1.9).
//!
//! At power-on it is deaf for a while, then everything is inhibited and the event counter is 0.
//! Unplugged, it keeps its note and lets the escrow run out by itself. In a jam it inhibits
//! itself and waits for a person. The commands are in `validator_commands`.

use std::time::Duration;

use tokio::time::Instant;

use super::common::{LineCounters, Link};
use super::events::EventLog;
use super::validator_config::{Jam, NoteFate, Pending, ValidatorConfig};
use crate::pile::Pile;

/// Where the one note in the path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    Empty,
    Validating {
        cents: u32,
        until: Instant,
    },
    Escrow {
        cents: u32,
        bill: u8,
        until: Instant,
    },
    Stacking {
        cents: u32,
        bill: u8,
        until: Instant,
    },
    /// On the way out, and what to report when it is out.
    Returning {
        cents: u32,
        report: Vec<(u8, u8)>,
        until: Instant,
    },
    Jammed {
        cents: u32,
        code: u8,
    },
}

impl Transport {
    #[must_use]
    pub fn cents(&self) -> Option<u32> {
        match self {
            Self::Empty => None,
            Self::Validating { cents, .. }
            | Self::Escrow { cents, .. }
            | Self::Stacking { cents, .. }
            | Self::Returning { cents, .. }
            | Self::Jammed { cents, .. } => Some(*cents),
        }
    }

    fn until(&self) -> Option<Instant> {
        match self {
            Self::Validating { until, .. }
            | Self::Escrow { until, .. }
            | Self::Stacking { until, .. }
            | Self::Returning { until, .. } => Some(*until),
            Self::Empty | Self::Jammed { .. } => None,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Validating { .. } => "validating",
            Self::Escrow { .. } => "escrow",
            Self::Stacking { .. } => "stacking",
            Self::Returning { .. } => "returning",
            Self::Jammed { .. } => "jammed",
        }
    }
}

/// The notes that moved, for whoever keeps the books of the physical world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteMoves {
    pub stacked: Vec<u32>,
    pub returned: Vec<u32>,
}

#[derive(Clone, Debug)]
pub struct Validator {
    pub config: ValidatorConfig,
    pub link: Link,
    pub counters: LineCounters,
    pub events: EventLog,
    pub transport: Transport,
    pub pending: Pending,
    /// Bit n of the mask: bill type n+1 is enabled.
    pub inhibits: u16,
    pub master: bool,
    pub mode: u8,
    pub stacker: Pile,
    pub stacker_present: bool,
    pub stacker_full: bool,
    pub deaf_until: Instant,
    pub powered: bool,
    pub(super) last_poll: Instant,
    pub(super) moves: NoteMoves,
}

impl Validator {
    #[must_use]
    pub fn new(config: ValidatorConfig, now: Instant) -> Self {
        let mut validator = Self {
            config,
            link: Link::default(),
            counters: LineCounters::default(),
            events: EventLog::default(),
            transport: Transport::Empty,
            pending: Pending::default(),
            inhibits: 0,
            master: false,
            mode: 3,
            stacker: Pile::default(),
            stacker_present: true,
            stacker_full: false,
            deaf_until: now,
            powered: true,
            last_poll: now,
            moves: NoteMoves::default(),
        };
        validator.start(now, Duration::ZERO);
        validator
    }

    fn start(&mut self, now: Instant, deaf: Duration) {
        self.events.clear();
        if self.config.null_event_at_start {
            self.events.push(0, 0);
        }
        self.inhibits = 0;
        self.master = false;
        self.mode = 3;
        self.deaf_until = now + deaf;
        self.last_poll = now;
    }

    /// A reboot: the note in the path goes where the configuration says, without any event.
    pub fn reset(&mut self, now: Instant) {
        self.clear_path();
        self.start(now, self.config.reset_deaf);
    }

    pub fn power_off(&mut self, now: Instant) {
        self.advance(now);
        self.powered = false;
        self.start(now, Duration::ZERO);
    }

    pub fn power_on(&mut self, now: Instant) {
        if !self.powered {
            self.powered = true;
            self.clear_path();
            self.start(now, self.config.power_deaf);
        }
    }

    fn clear_path(&mut self) {
        let stacks = self.config.note_at_reset == NoteFate::Stacked && self.stacker_ok();
        match std::mem::replace(&mut self.transport, Transport::Empty) {
            Transport::Empty => {}
            Transport::Validating { cents, .. } | Transport::Returning { cents, .. } => {
                self.moves.returned.push(cents);
            }
            Transport::Escrow { cents, .. } | Transport::Stacking { cents, .. } => {
                if stacks {
                    self.put_in_stacker(cents)
                } else {
                    self.moves.returned.push(cents)
                }
            }
            jammed @ Transport::Jammed { .. } => self.transport = jammed,
        }
    }

    pub fn stacker_ok(&self) -> bool {
        self.stacker_present && !self.stacker_full
    }

    fn put_in_stacker(&mut self, cents: u32) {
        self.stacker.add(cents);
        self.moves.stacked.push(cents);
        self.stacker_full |= self.stacker.pieces() >= self.config.stacker_capacity;
    }

    /// True while the bezel light invites notes.
    #[must_use]
    pub fn accepting(&self, now: Instant) -> bool {
        self.powered
            && now >= self.deaf_until
            && self.master
            && self.inhibits != 0
            && self.stacker_ok()
            && !matches!(self.transport, Transport::Jammed { .. })
    }

    /// A person pushes a note in. False when the mouth is shut: the note stays in the hand.
    pub fn insert(&mut self, cents: u32, now: Instant) -> bool {
        self.advance(now);
        if !self.powered || now < self.deaf_until || self.transport != Transport::Empty {
            return false;
        }
        if self.master {
            self.transport = Transport::Validating { cents, until: now + self.config.validate };
        } else {
            self.send_back(cents, vec![(0, 0)], now);
        }
        true
    }

    pub(super) fn send_back(&mut self, cents: u32, report: Vec<(u8, u8)>, now: Instant) {
        self.transport = Transport::Returning { cents, report, until: now + self.config.give_back };
    }

    pub(super) fn expire_escrow(&mut self, now: Instant) {
        if let Transport::Escrow { cents, .. } = self.transport {
            self.send_back(cents, vec![(0, 1)], now);
        }
    }

    /// Everything that was due up to `now` happens, in its order.
    pub fn advance(&mut self, now: Instant) {
        while self.powered {
            let watchdog = self.master.then(|| self.last_poll + self.config.poll_watchdog);
            let transport = self.transport.until();
            match (transport, watchdog) {
                (Some(at), dog) if at <= now && dog.is_none_or(|dog| at <= dog) => self.transport_due(at),
                (_, Some(dog)) if dog <= now => {
                    self.master = false;
                    self.events.push(0, 0);
                }
                _ => return,
            }
        }
    }

    /// When something will happen by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        self.powered.then(|| self.transport.until()).flatten()
    }

    fn transport_due(&mut self, at: Instant) {
        match std::mem::replace(&mut self.transport, Transport::Empty) {
            Transport::Validating { cents, .. } => self.validated(cents, at),
            Transport::Escrow { cents, .. } => self.send_back(cents, vec![(0, 1)], at),
            Transport::Stacking { cents, bill, .. } => self.stacked(cents, bill),
            Transport::Returning { cents, report, .. } => {
                if self.jams(cents, &[Jam::Unsafe]) {
                    return;
                }
                self.moves.returned.push(cents);
                for (a, b) in report {
                    self.events.push(a, b);
                }
            }
            still @ (Transport::Empty | Transport::Jammed { .. }) => self.transport = still,
        }
    }

    fn validated(&mut self, cents: u32, at: Instant) {
        if self.jams(cents, &[Jam::Unsafe]) {
            return;
        }
        let known = self.config.bills.iter().position(|bill| bill.cents == cents && cents > 0);
        let reject = |code: u8| {
            let mut report = vec![(0, code)];
            if self.config.returned_after_reject {
                report.push((0, 1));
            }
            report
        };
        let Some(position) = known.filter(|_| !self.pending.reject_all) else {
            let report = reject(2);
            return self.send_back(cents, report, at);
        };
        if !self.master || self.inhibits & (1 << position) == 0 {
            let report = reject(if self.master { 4 } else { 0 });
            return self.send_back(cents, report, at);
        }
        let bill = u8::try_from(position + 1).unwrap_or(u8::MAX);
        if self.mode & 2 == 0 {
            self.transport = Transport::Stacking { cents, bill, until: at + self.config.stack };
        } else {
            self.transport = Transport::Escrow { cents, bill, until: at + self.config.escrow_timeout };
            self.events.push(bill, 1);
        }
    }

    fn stacked(&mut self, cents: u32, bill: u8) {
        if self.jams(cents, &[Jam::Unsafe, Jam::Safe, Jam::Stacker]) {
            return;
        }
        self.put_in_stacker(cents);
        self.events.push(bill, 0);
        if self.stacker_full {
            self.set_stacker_full();
        }
    }

    /// The cassette holds no more: reported, and notes are refused until it is emptied and
    /// acceptance is switched on again.
    pub fn set_stacker_full(&mut self) {
        self.stacker_full = true;
        self.master = false;
        self.events.push(0, 14);
    }

    fn jams(&mut self, cents: u32, possible: &[Jam]) -> bool {
        let Some(jam) = self.pending.jam.filter(|jam| possible.contains(jam)) else { return false };
        self.pending.jam = None;
        let code = match jam {
            Jam::Unsafe => 6,
            Jam::Safe => 16,
            Jam::Stacker => 7,
        };
        self.transport = Transport::Jammed { cents, code };
        self.master = false;
        self.events.push(0, code);
        if jam == Jam::Stacker {
            self.events.push(0, 15);
        }
        true
    }

    /// A technician or, for an unsafe jam, a customer takes the note out of the path.
    pub fn clear_jam(&mut self) -> Option<u32> {
        match std::mem::replace(&mut self.transport, Transport::Empty) {
            Transport::Jammed { cents, .. } => Some(cents),
            other => {
                self.transport = other;
                None
            }
        }
    }

    /// A customer pulls the note back while it is being examined: (0,8).
    pub fn pull_back(&mut self) -> bool {
        let Transport::Validating { cents, .. } = self.transport else { return false };
        if !self.powered {
            return false;
        }
        self.transport = Transport::Empty;
        self.moves.returned.push(cents);
        self.events.push(0, 8);
        true
    }

    /// The cassette is pulled out with what is in it.
    pub fn remove_stacker(&mut self) {
        if self.stacker_present {
            self.stacker_present = false;
            self.master = false;
            if self.powered {
                self.events.push(0, 11);
            }
        }
    }

    /// A cassette is put in; `emptied` when its notes were taken out.
    pub fn insert_stacker(&mut self, emptied: bool) -> Pile {
        let mut taken = Pile::default();
        if emptied {
            taken.take_all(&mut self.stacker);
            self.stacker_full = false;
        }
        if !self.stacker_present {
            self.stacker_present = true;
            if self.powered {
                self.events.push(0, 12);
            }
        }
        taken
    }

    /// The code of header 232.
    pub(super) fn self_check(&self) -> u8 {
        if self.pending.fault_code != 0 {
            return self.pending.fault_code;
        }
        match (&self.transport, self.stacker_present, self.stacker_full) {
            (Transport::Jammed { code: 7, .. }, _, _) => 38,
            (Transport::Jammed { .. }, _, _) => 39,
            (_, false, _) => 44,
            (_, true, true) => 45,
            (_, true, false) => 0,
        }
    }
}

//! A bill validator or coin acceptor as the task knows it: what was set, what was read back, how far its events
//! were told. No I/O in here.
//!
//! A device that stops answering is away; what it did meanwhile is in its counter when it comes back, unless it
//! was reset, which its counter, its serial number or its inhibits show.
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use hal_device::{Cents, Status};

use crate::api::{CashEvent, Device, DeviceStatus, EventMark, Place};
use crate::coin_acceptor::coin_event;
use crate::events::{READABLE, Since, number, since};
use crate::ids::Ids;
use crate::outcome::{Clears, Fault, Moment, Outcome};
use crate::validator::Notes;

/// Between two polls of an acceptor; never more, for its watchdog inhibits it.
pub(crate) const POLL: Duration = Duration::from_millis(200);
/// Between two readings of the inhibits of an acceptor that seems well.
pub(crate) const RECHECK: Duration = Duration::from_secs(30);
/// First wait before a silent device is asked again; doubled up to [`PROBE_MAX`].
pub(crate) const PROBE_MIN: Duration = Duration::from_millis(250);
/// Longest wait before a silent device is asked again.
pub(crate) const PROBE_MAX: Duration = Duration::from_secs(5);

/// What an acceptor is told to take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Setting {
    pub mask: u32,
    pub master: bool,
}

/// Whether a device is being driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It is to be set up at `probe_at`.
    Away { probe_at: Duration, wait: Duration, answered: bool },
    /// It is set up and polled.
    Running,
}

impl Phase {
    /// To be asked at once.
    pub fn now(now: Duration) -> Phase {
        Phase::Away { probe_at: now, wait: PROBE_MIN, answered: false }
    }

    /// It did not answer, or its setting up failed: later, and later each time.
    pub fn later(self, now: Duration, answered: bool) -> Phase {
        let wait = match self {
            Phase::Away { wait, .. } => wait,
            Phase::Running => PROBE_MIN,
        };
        Phase::Away { probe_at: now + wait, wait: (wait * 2).min(PROBE_MAX), answered }
    }

    /// It has been away long enough to be asked.
    pub fn due(self, now: Duration) -> bool {
        matches!(self, Phase::Away { probe_at, .. } if now >= probe_at)
    }

    /// The status that goes with it.
    pub fn status(self, fault: Option<&Fault>) -> Status {
        match (self, fault) {
            (Phase::Away { answered: false, .. }, _) => Status::Absent,
            (_, Some(fault)) => Status::OutOfService(fault.reason.clone()),
            (Phase::Away { .. }, None) => Status::Starting,
            (Phase::Running, None) => Status::Ready,
        }
    }
}

/// One acceptor.
#[derive(Debug)]
pub(crate) struct Acceptor {
    pub device: Device,
    pub place: Place,
    pub phase: Phase,
    pub serial: Option<u32>,
    pub product: String,
    /// As first read in this process; any later reading must agree.
    pub ids: Option<Ids>,
    /// How far its events were told, or what the journal says before the first reading.
    pub mark: Option<EventMark>,
    /// Nothing was read from it yet in this process.
    pub fresh: bool,
    /// What it is to be set to.
    pub wanted: Setting,
    /// What it was last read back to be set to; `None` while that is not sure.
    pub written: Option<Setting>,
    pub accepting: BTreeSet<Cents>,
    /// It knows headers 227 and 228.
    pub has_master: bool,
    pub fault: Option<Fault>,
    pub notes: Notes,
    pub next_poll: Duration,
    pub next_recheck: Duration,
    pub next_cure: Duration,
    /// It must be inhibited as soon as the line is free.
    pub stop: bool,
    /// Its inhibits must be read back as soon as the line is free.
    pub recheck: bool,
    /// A reset was seen, and is to be told when it is set up again.
    pub reset: bool,
    pub away_since: Duration,
}

impl Acceptor {
    pub fn new(device: Device, place: Place, mark: Option<EventMark>) -> Acceptor {
        Acceptor {
            device,
            place,
            phase: Phase::now(Duration::ZERO),
            serial: None,
            product: String::new(),
            ids: None,
            mark,
            fresh: true,
            wanted: Setting::default(),
            written: None,
            accepting: BTreeSet::new(),
            has_master: true,
            fault: None,
            notes: Notes::default(),
            next_poll: Duration::ZERO,
            next_recheck: Duration::ZERO,
            next_cure: Duration::ZERO,
            stop: false,
            recheck: false,
            reset: false,
            away_since: Duration::ZERO,
        }
    }

    pub fn running(&self) -> bool {
        self.phase == Phase::Running
    }

    pub fn status(&self) -> DeviceStatus {
        DeviceStatus {
            status: self.phase.status(self.fault.as_ref()),
            serial: self.serial,
            product: self.product.clone(),
            mark: self.mark.filter(|_| !self.fresh),
        }
    }

    /// It no longer answers.
    pub fn lose(&mut self, now: Duration) {
        if self.running() {
            tracing::warn!(device = ?self.device, "no longer answers");
            self.away_since = now;
            self.phase = Phase::now(now);
        }
        self.accepting.clear();
    }

    /// It was reset or exchanged: its settings are gone, and what it did before is not known.
    pub fn was_reset(&mut self, now: Duration, outbox: &mut VecDeque<CashEvent>) {
        if self.reset {
            return;
        }
        tracing::warn!(device = ?self.device, "was reset");
        outbox.extend(self.notes.forget("the validator was reset while the note was in escrow"));
        if self.wanted.mask != 0 && self.wanted.master {
            outbox.push_back(CashEvent::EventsLost { device: self.device, count: 0 });
        }
        self.wanted = Setting::default();
        self.written = None;
        self.accepting.clear();
        self.mark = None;
        self.reset = true;
        self.away_since = now;
        self.phase = Phase::Away { probe_at: now, wait: PROBE_MIN, answered: true };
    }

    /// Works off a reply to an event poll, when `mark` says how far we were.
    pub fn digest(
        &mut self,
        moment: Moment,
        counter: u8,
        pairs: &[(u8, u8); 5],
        outbox: &mut VecDeque<CashEvent>,
    ) {
        let Some(mark) = self.mark else { return };
        let (count, lost) = match since(mark.counter, counter) {
            Since::Nothing => return,
            Since::Reset => return self.was_reset(moment.now, outbox),
            Since::New(count) => (count, 0),
            Since::Lost(lost) => (READABLE, lost),
        };
        if lost > 0 {
            tracing::error!(device = ?self.device, lost, "events were lost");
            outbox.push_back(CashEvent::EventsLost { device: self.device, count: lost });
            self.halt();
        }
        self.work_off(moment, mark.serial, counter, count, pairs, outbox);
        if lost > 0 {
            outbox.extend(self.notes.give_up("events of the validator were lost"));
        }
    }

    /// Tells of the newest `count` events, oldest first.
    pub fn work_off(
        &mut self,
        moment: Moment,
        serial: u32,
        counter: u8,
        count: u8,
        pairs: &[(u8, u8); 5],
        outbox: &mut VecDeque<CashEvent>,
    ) {
        let ids = self.ids.clone().unwrap_or_default();
        for (pair, back) in pairs.iter().zip(0..READABLE).take(usize::from(count)).rev() {
            let mark = EventMark { serial, counter: number(counter, back) };
            let outcome = match self.device {
                Device::Validator => self.notes.event(*pair, &ids, mark, moment),
                _ => coin_event(*pair, &ids, mark),
            };
            tracing::debug!(device = ?self.device, ?pair, counter = mark.counter, "event");
            self.mark = Some(mark);
            self.take(outcome, moment, outbox);
        }
    }

    fn take(&mut self, outcome: Outcome, moment: Moment, outbox: &mut VecDeque<CashEvent>) {
        outbox.extend(outcome.events);
        if outcome.stop {
            self.halt();
        }
        self.recheck |= outcome.recheck;
        if outcome.cleared && self.fault.as_ref().is_some_and(|fault| fault.clears == Clears::Event) {
            self.fault = None;
        }
        if let Some(fault) = outcome.fault {
            self.raise(fault, moment.now);
        }
    }

    /// Puts it out of service; a graver fault that is there already stays.
    pub fn raise(&mut self, fault: Fault, now: Duration) {
        let stays = self.fault.as_ref().is_some_and(|old| old.clears == Clears::Setup);
        if !stays {
            tracing::warn!(device = ?self.device, id = %fault.reason.id, detail = fault.reason.detail, "fault");
            self.fault = Some(fault);
        }
        self.next_cure = now + CURE;
        self.accepting.clear();
    }

    /// Nothing more is accepted until it is asked for again.
    pub fn halt(&mut self) {
        self.wanted = Setting::default();
        self.stop = true;
    }

    /// What a read-back says that it accepts.
    pub fn read_back(&mut self, setting: Setting) {
        self.written = Some(setting);
        let on = self.running() && (setting.master || !self.has_master);
        self.accepting = match (&self.ids, on, &self.fault) {
            (Some(ids), true, None) => ids.enabled(setting.mask),
            _ => BTreeSet::new(),
        };
    }
}

/// Between two looks whether a fault has gone away.
pub(crate) const CURE: Duration = Duration::from_secs(10);

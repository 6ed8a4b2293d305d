//! The task that owns the bus: opens the line, sets devices up, polls, pays, answers requests.
//!
//! The line is opened again with a growing pause after an unplug. The future may be dropped anywhere and started
//! again: what was told and what was sent is kept in the task itself, never in the future, and devices are set
//! up anew from what they answer.
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hal_device::Port;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::acceptor::{Acceptor, PROBE_MAX, PROBE_MIN, Phase};
use crate::api::{BusConfig, CashError, CashEvent, CashStatus, Device, HopperStatus, Resume, Route};
use crate::bus::{Bus, OpenLog};
use crate::handle::Request;
use crate::hoppers::Hopper;
use crate::jobs::Job;

/// The loop turns at least this often.
const TURN: Duration = Duration::from_millis(200);
/// A port that takes longer to open is treated as unplugged.
const OPEN_BEATS: u32 = 10;
/// While it opens, the heart beats this often.
const OPEN_BEAT: Duration = Duration::from_millis(500);
/// A note in escrow of a validator that stays away this long is given up.
const ESCROW_AWAY: Duration = Duration::from_secs(45);
/// Events that nobody fetches; more than that and the bus waits.
const MAX_OUTBOX: usize = 1_000;

/// Why the task cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CashTaskError {
    /// The receiver of events is gone.
    #[error("nobody takes the events of the cash devices any more")]
    NoReceiver,
    /// All handles are gone.
    #[error("nobody holds a handle of the cash bus any more")]
    NoHandle,
}

/// Events and heartbeat of one run.
pub(crate) struct Context<'a> {
    pub events: &'a mpsc::Sender<CashEvent>,
    pub beat: &'a (dyn Fn() + Sync),
}

/// The task behind a [`crate::CashBus`].
pub struct CashTask {
    pub(crate) port: Arc<dyn Port>,
    pub(crate) bus: Bus,
    pub(crate) acceptors: Vec<Acceptor>,
    pub(crate) hoppers: Vec<Hopper>,
    pub(crate) jobs: VecDeque<Job>,
    pub(crate) outbox: VecDeque<CashEvent>,
    pub(crate) resume: Resume,
    pub(crate) progress: watch::Sender<(u8, u8)>,
    requests: mpsc::Receiver<Request>,
    status: watch::Sender<CashStatus>,
    epoch: Option<Instant>,
    open_at: Duration,
    open_wait: Duration,
    open_log: OpenLog,
}

impl CashTask {
    pub(crate) fn new(
        port: Arc<dyn Port>,
        config: BusConfig,
        resume: Resume,
        requests: mpsc::Receiver<Request>,
        status: watch::Sender<CashStatus>,
        progress: watch::Sender<(u8, u8)>,
    ) -> CashTask {
        let mut acceptors = Vec::new();
        if let Some(place) = config.validator {
            acceptors.push(Acceptor::new(Device::Validator, place, resume.validator));
        }
        if let Some(place) = config.coin_acceptor {
            acceptors.push(Acceptor::new(Device::CoinAcceptor, place, resume.coin_acceptor));
        }
        let task = CashTask {
            port,
            bus: Bus::new(config.echo),
            acceptors,
            hoppers: config.hoppers.into_iter().map(Hopper::new).collect(),
            jobs: VecDeque::new(),
            outbox: VecDeque::new(),
            resume,
            progress,
            requests,
            status,
            epoch: None,
            open_at: Duration::ZERO,
            open_wait: PROBE_MIN,
            open_log: OpenLog::default(),
        };
        // Whoever looks before the first run sees every hopper of the board, absent.
        task.publish();
        task
    }

    /// Drives the bus until nobody needs it any more. May be dropped and called again at any time.
    pub async fn run(
        &mut self,
        events: &mpsc::Sender<CashEvent>,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Infallible, CashTaskError> {
        let context = Context { events, beat };
        self.restart();
        loop {
            beat();
            self.flush(&context).await?;
            self.open(beat).await;
            self.work(&context).await;
            self.publish();
            self.flush(&context).await?;
            let pause = self.pause_length();
            tokio::select! {
                biased;
                request = self.requests.recv() => {
                    let Some(request) = request else { return Err(CashTaskError::NoHandle) };
                    self.handle(request, &context).await;
                    self.publish();
                }
                () = sleep(pause) => {}
            }
        }
    }

    /// Forgets what belonged to an earlier run, and nothing that belongs to the devices.
    fn restart(&mut self) {
        self.epoch.get_or_insert_with(Instant::now);
        let now = self.now();
        self.bus.disturb();
        self.open_at = now;
        for acceptor in &mut self.acceptors {
            if acceptor.running() {
                acceptor.lose(now);
            }
            acceptor.phase = Phase::now(now);
        }
        // Callers that wait are told by the drop of their channel; their orders are judged by the counters.
        for job in std::mem::take(&mut self.jobs) {
            if let Some(hopper) = self.hoppers.get_mut(usize::from(job.hopper)) {
                hopper.abandoned(&job);
            }
        }
        for hopper in &mut self.hoppers {
            hopper.restart(now);
        }
    }

    /// Time since the first start of the task.
    pub(crate) fn now(&self) -> Duration {
        self.epoch.map_or(Duration::ZERO, |epoch| epoch.elapsed())
    }

    /// Opens the line when it is closed and time has come.
    async fn open(&mut self, beat: &(dyn Fn() + Sync)) {
        let now = self.now();
        if self.bus.is_open() || now < self.open_at {
            return;
        }
        let mut opening = self.port.open();
        let mut opened = Err(std::io::ErrorKind::TimedOut.into());
        for _ in 0..OPEN_BEATS {
            if let Ok(ended) = timeout(OPEN_BEAT, &mut opening).await {
                opened = ended;
                break;
            }
            beat();
        }
        drop(opening);
        match opened {
            Ok(line) => {
                self.open_log.opened(self.port.name());
                self.bus.connect(line);
                self.open_wait = PROBE_MIN;
                let now = self.now();
                for acceptor in &mut self.acceptors {
                    acceptor.phase = Phase::now(now);
                }
                for hopper in &mut self.hoppers {
                    hopper.phase = Phase::now(now);
                }
            }
            Err(error) => {
                self.open_log.failed(self.port.name(), &error);
                self.open_at = self.now() + self.open_wait;
                self.open_wait = (self.open_wait * 2).min(PROBE_MAX);
            }
        }
    }

    /// Everything that is due, once around.
    async fn work(&mut self, context: &Context<'_>) {
        self.poll_due(context).await;
        for index in 0..self.acceptors.len() {
            self.attend(index, context).await;
        }
        self.step_job(context).await;
        for index in 0..self.hoppers.len() {
            self.attend_hopper(index, context).await;
        }
        self.give_up_lost_notes();
    }

    /// A validator that stays away tells nothing of its note.
    fn give_up_lost_notes(&mut self) {
        let now = self.now();
        let Some(validator) = self.acceptors.iter_mut().find(|a| a.device == Device::Validator) else {
            if let Some((value, _)) = self.resume.escrow.take() {
                let why = "this kiosk no longer has a bill validator".to_owned();
                self.outbox.push_back(CashEvent::NoteUnknown { value, why });
            }
            return;
        };
        if validator.running() || now.saturating_sub(validator.away_since) < ESCROW_AWAY {
            return;
        }
        let why = "the validator stays away";
        if let Some((value, _)) = self.resume.escrow.take() {
            self.outbox.push_back(CashEvent::NoteUnknown { value, why: why.to_owned() });
        }
        self.outbox.extend(validator.notes.give_up(why));
    }

    async fn handle(&mut self, request: Request, context: &Context<'_>) {
        match request {
            Request::Accept(what, answer) => {
                let notes = self.apply(Device::Validator, &what.notes, context).await;
                let coins = self.apply(Device::CoinAcceptor, &what.coins, context).await;
                self.publish();
                let _ = answer.send(notes.and(coins));
            }
            Request::Route(route, answer) => {
                let _ = answer.send(self.decide(route));
            }
            Request::Baseline(hopper, answer) => {
                let _ = answer.send(self.baseline(hopper, context).await);
            }
            Request::Dispense { hopper, baseline, coins, resolve, answer } => {
                self.take_job(hopper, baseline, coins, resolve, answer);
            }
        }
    }

    fn decide(&mut self, route: Route) -> Result<(), CashError> {
        let now = self.now();
        let validator = self.acceptors.iter_mut().find(|a| a.device == Device::Validator);
        let Some(validator) = validator else { return Err(CashError::Absent(Device::Validator)) };
        let Some(escrow) = validator.notes.escrow.as_mut().filter(|escrow| escrow.announced) else {
            return Err(CashError::NoEscrow);
        };
        if !escrow.decide(route) {
            return Err(CashError::NoEscrow);
        }
        // The events come first: the note may have gone back by itself a moment ago.
        validator.next_poll = now;
        Ok(())
    }

    /// Hands events over. Each leaves the outbox only when it is in the channel, so a drop loses none.
    pub(crate) async fn flush(&mut self, context: &Context<'_>) -> Result<(), CashTaskError> {
        self.hand_over(context);
        while self.outbox.len() > MAX_OUTBOX {
            let permit = context.events.reserve().await.map_err(|_| CashTaskError::NoReceiver)?;
            if let Some(event) = self.outbox.pop_front() {
                permit.send(event);
            }
        }
        if context.events.is_closed() { Err(CashTaskError::NoReceiver) } else { Ok(()) }
    }

    /// Hands over as many events as the channel takes.
    pub(crate) fn hand_over(&mut self, context: &Context<'_>) {
        while !self.outbox.is_empty() {
            let Ok(permit) = context.events.try_reserve() else { return };
            if let Some(event) = self.outbox.pop_front() {
                permit.send(event);
            }
        }
    }

    /// Time until something is due.
    fn pause_length(&self) -> Duration {
        let now = self.now();
        let polls = self.acceptors.iter().filter(|a| a.running()).map(|a| a.next_poll);
        let job = self.jobs.front().map(|job| job.due(now));
        polls.chain(job).map(|due| due.saturating_sub(now)).min().unwrap_or(TURN).min(TURN)
    }

    /// Lets the rest see how things are; nobody is woken for line counters alone.
    pub(crate) fn publish(&self) {
        let mut status = CashStatus { line: self.bus.quality(), ..CashStatus::default() };
        for acceptor in &self.acceptors {
            let values = acceptor.ids.as_ref().map(crate::ids::Ids::all).unwrap_or_default();
            status.accepting.extend(acceptor.accepting.iter().copied());
            if acceptor.device == Device::Validator {
                status.validator = acceptor.status();
                status.notes = values;
            } else {
                status.coin_acceptor = acceptor.status();
                status.coins = values;
            }
        }
        status.hoppers = self.hoppers.iter().map(Hopper::status).collect::<Vec<HopperStatus>>();
        self.status.send_if_modified(|old| {
            if !self.outbox.is_empty() {
                // A mark must not run ahead of the events that lead to it.
                status.validator.mark = old.validator.mark;
                status.coin_acceptor.mark = old.coin_acceptor.mark;
            }
            let changed = CashStatus { line: status.line, ..old.clone() } != status;
            *old = status;
            changed
        });
    }
}

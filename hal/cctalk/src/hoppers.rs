//! The hoppers as the task drives them: set-up, baseline, payouts, level (ccTalk generic specification part 3,
//! headers 163 to 172 and 217).
//!
//! Nothing is reset or enabled before somebody asks for a baseline, because what an earlier dispense left in the
//! counters must be read first. A hopper with an outcome that nobody knows stays out of service.
use std::time::Duration;

use hal_device::{Reason, Status};

use crate::acceptor::Phase;
use crate::api::{
    CashError, Device, DeviceStatus, Dispensed, HopperBaseline, HopperConfig, HopperStatus, Place,
};
use crate::bus::Lost;
use crate::command::{Command, Reply};
use crate::hopper::{Flags, Snapshot, Verdict, judge};
use crate::ids::coin_value;
use crate::jobs::Job;
use crate::payout::Order;
use crate::setup::printable;
use crate::task::{CashTask, Context};

/// Between two looks at a hopper at rest.
const LOOK_IDLE: Duration = Duration::from_secs(10);
/// A hopper is deaf for a while after a reset (Suzo Flow: 130 ms; 630 ms after power-up).
const AFTER_RESET: Duration = Duration::from_secs(1);
/// Between two tries to clear flags by a reset that a first one did not clear.
const RESET_AGAIN: Duration = Duration::from_secs(30);
/// Tries to reach it after that.
const RESET_PROBES: u8 = 8;

/// One hopper.
#[derive(Debug)]
pub(crate) struct Hopper {
    pub config: HopperConfig,
    pub phase: Phase,
    pub serial: Option<u32>,
    product: String,
    low: Option<bool>,
    high: Option<bool>,
    /// Out of service by what it is or says; looked at again and again.
    fault: Option<Reason>,
    warning: Option<Reason>,
    has_level: bool,
    pub next_look: Duration,
    /// A reset did not clear its flags: it is tried again now and then, for a person may have cleared the jam.
    reset_failed: bool,
    next_reset: Duration,
    /// A dispense whose outcome nobody knows.
    pub unresolved: Option<Order>,
    /// The task was started anew: the unresolved dispense may be judged once more.
    judge_again: bool,
}

impl Hopper {
    pub fn new(config: HopperConfig) -> Hopper {
        Hopper {
            config,
            phase: Phase::now(Duration::ZERO),
            serial: None,
            product: String::new(),
            low: None,
            high: None,
            fault: None,
            warning: None,
            has_level: false,
            next_look: Duration::ZERO,
            reset_failed: false,
            next_reset: Duration::ZERO,
            unresolved: None,
            judge_again: false,
        }
    }

    pub fn place(&self) -> Place {
        Place { address: self.config.address, checksum: self.config.checksum }
    }

    /// The task starts anew.
    pub fn restart(&mut self, now: Duration) {
        self.phase = Phase::now(now);
        self.judge_again = true;
    }

    /// A dispense whose caller is gone.
    pub fn abandoned(&mut self, job: &Job) {
        if let Some(order) = job.open_order() {
            self.unresolved = Some(order);
        }
    }

    pub fn status(&self) -> HopperStatus {
        let unresolved = || Reason::new("payout-unknown", "the outcome of a payout is not known");
        let status = match (self.phase, &self.fault, &self.warning) {
            (Phase::Away { answered: false, .. }, _, _) => Status::Absent,
            (_, Some(fault), _) => Status::OutOfService(fault.clone()),
            (Phase::Away { .. }, None, _) => Status::Starting,
            (Phase::Running, None, _) if self.unresolved.is_some() => Status::OutOfService(unresolved()),
            (Phase::Running, None, Some(warning)) => Status::Degraded(warning.clone()),
            (Phase::Running, None, None) => Status::Ready,
        };
        let device = DeviceStatus { status, serial: self.serial, product: self.product.clone(), mark: None };
        HopperStatus { device, coin: self.config.coin, low: self.low, high: self.high }
    }

    /// Takes a new reading of flags and level.
    fn judge_flags(&mut self, flags: Flags) {
        let model = self.config.model;
        self.reset_failed &= flags.needs_reset(model);
        self.fault = if flags.unfit(model) {
            Some(Reason::new("hopper-unfit", format!("it cannot be driven: {flags}")))
        } else if self.reset_failed {
            Some(Reason::new("hopper-blocked", format!("a reset does not clear {flags}")))
        } else {
            None
        };
        self.warning = if flags.needs_reset(model) {
            Some(Reason::new("hopper-needs-reset", flags.to_string()))
        } else if flags.timed_out() {
            Some(Reason::new("hopper-empty", flags.to_string()))
        } else if self.low == Some(true) {
            Some(Reason::new("hopper-low", "below the low level sensor"))
        } else {
            None
        };
    }

    fn level(&mut self, byte: u8) {
        let fitted = |bit: u8| byte & (1 << bit) != 0;
        self.low = fitted(4).then(|| fitted(0));
        self.high = fitted(5).then(|| fitted(1));
    }
}

impl CashTask {
    /// Asks at a place; polls that are due go first.
    async fn ask_at(&mut self, place: Place, command: Command, context: &Context<'_>) -> Result<Reply, Lost> {
        self.poll_due(context).await;
        self.bus.ask(place, &command, context.beat).await
    }

    /// Sets up or looks at one hopper, as is due.
    pub(crate) async fn attend_hopper(&mut self, index: usize, context: &Context<'_>) {
        let now = self.now();
        let Some(hopper) = self.hoppers.get_mut(index) else { return };
        if hopper.phase.due(now) {
            let place = hopper.place();
            let answers = self.bus.ask_times(place, &Command::SimplePoll, 1, context.beat).await.is_ok();
            let now = self.now();
            let Some(hopper) = self.hoppers.get_mut(index) else { return };
            hopper.phase = hopper.phase.later(now, answers);
            if answers {
                self.publish();
                if let Err(lost) = self.set_up_hopper(index, context).await {
                    tracing::debug!(index, %lost, "hopper not set up yet");
                }
            }
            return self.publish();
        }
        let paying = self.jobs.iter().any(|job| usize::from(job.hopper) == index);
        if hopper.phase == Phase::Running && now >= hopper.next_look && !paying {
            hopper.next_look = now + LOOK_IDLE;
            if let Err(lost) = self.look(index, context).await {
                tracing::warn!(index, %lost, "hopper no longer answers");
                let now = self.now();
                if let Some(hopper) = self.hoppers.get_mut(index) {
                    hopper.phase = Phase::now(now);
                }
            }
        }
    }

    async fn set_up_hopper(&mut self, index: usize, context: &Context<'_>) -> Result<(), Lost> {
        let Some(hopper) = self.hoppers.get(index) else { return Err(Lost::Silent) };
        let (place, config) = (hopper.place(), hopper.config);
        let category = self.hopper_text(place, Command::Category, context).await?;
        let maker = self.hopper_text(place, Command::Manufacturer, context).await.unwrap_or_default();
        let product = self.hopper_text(place, Command::Product, context).await.unwrap_or_default();
        let Reply::Number(serial) = self.ask_at(place, Command::Serial, context).await? else {
            return Err(Lost::Silent);
        };
        let coin = self.bus.ask_times(place, &Command::HopperCoin, 2, context.beat).await;
        self.poll_due(context).await;
        let level = self.bus.ask_times(place, &Command::PayoutLevel, 2, context.beat).await;
        let snapshot = self.snapshot(place, context).await?;
        tracing::info!(index, serial, %product, %snapshot, "hopper identified");
        let now = self.now();
        let Some(hopper) = self.hoppers.get_mut(index) else { return Err(Lost::Silent) };
        if hopper.serial.is_some_and(|before| before != serial) {
            // Another unit: what the old one owes is settled from its own counters.
            hopper.unresolved = None;
        }
        hopper.serial = Some(serial);
        hopper.product = format!("{maker} {product}").trim().to_owned();
        hopper.has_level = matches!(level, Ok(Reply::Byte(_)));
        if let Ok(Reply::Byte(byte)) = level {
            hopper.level(byte);
        }
        hopper.judge_flags(snapshot.flags);
        let told = match coin {
            Ok(Reply::Text(id)) => coin_value(id.as_bytes()),
            _ => None,
        };
        if category != "Payout" {
            hopper.fault = Some(Reason::new("wrong-device", format!("a {category:?} answers here")));
            return Ok(());
        }
        if let Some(told) = told.filter(|told| *told != config.coin) {
            let detail = format!("it is set to coins of {told}, the board to {}", config.coin);
            hopper.fault = Some(Reason::new("wrong-coin", detail));
            return Ok(());
        }
        if let (true, Some(order)) = (std::mem::take(&mut hopper.judge_again), hopper.unresolved) {
            let verdict = judge(order.model, order.baseline, order.coins, false, &snapshot);
            let known = matches!(verdict, Verdict::NotTaken | Verdict::Ended(Dispensed::Paid { .. }));
            let clean = !snapshot.flags.needs_reset(order.model) && hopper.fault.is_none();
            if known && clean {
                hopper.unresolved = None;
            }
        }
        hopper.phase = Phase::Running;
        hopper.next_look = now + LOOK_IDLE;
        Ok(())
    }

    /// Resets a hopper and waits until it hears again. Whether that helped shows in what it says afterwards.
    async fn reset_hopper(&mut self, place: Place, context: &Context<'_>) {
        let _ = self.bus.ask(place, &Command::Reset, context.beat).await;
        self.pause(AFTER_RESET, context).await;
        for _ in 0..RESET_PROBES {
            if self.bus.ask_times(place, &Command::SimplePoll, 1, context.beat).await.is_ok() {
                return;
            }
            self.pause(Duration::from_millis(250), context).await;
        }
    }

    async fn look(&mut self, index: usize, context: &Context<'_>) -> Result<(), Lost> {
        let now = self.now();
        let Some(hopper) = self.hoppers.get_mut(index) else { return Err(Lost::Silent) };
        let (place, has_level) = (hopper.place(), hopper.has_level);
        if hopper.reset_failed && hopper.unresolved.is_none() && now >= hopper.next_reset {
            hopper.next_reset = now + RESET_AGAIN;
            self.reset_hopper(place, context).await;
        }
        let Reply::Flags(flags) = self.ask_at(place, Command::TestHopper, context).await? else {
            return Err(Lost::Silent);
        };
        let level =
            if has_level { Some(self.ask_at(place, Command::PayoutLevel, context).await?) } else { None };
        let Some(hopper) = self.hoppers.get_mut(index) else { return Err(Lost::Silent) };
        if let Some(Reply::Byte(byte)) = level {
            hopper.level(byte);
        }
        hopper.judge_flags(Flags(flags));
        Ok(())
    }

    async fn hopper_text(
        &mut self,
        place: Place,
        command: Command,
        context: &Context<'_>,
    ) -> Result<String, Lost> {
        match self.ask_at(place, command, context).await? {
            Reply::Text(text) => Ok(printable(&text)),
            _ => Err(Lost::Silent),
        }
    }

    /// All counters of a hopper.
    async fn snapshot(&mut self, place: Place, context: &Context<'_>) -> Result<Snapshot, Lost> {
        let status = self.ask_at(place, Command::HopperStatus, context).await?;
        let count = self.ask_at(place, Command::DispensedCount, context).await?;
        let flags = self.ask_at(place, Command::TestHopper, context).await?;
        match (status, count, flags) {
            (
                Reply::Hopper { counter, remaining, paid, unpaid },
                Reply::Number(dispensed),
                Reply::Flags(flags),
            ) => Ok(Snapshot { counter, remaining, paid, unpaid, dispensed, flags: Flags(flags) }),
            _ => Err(Lost::Silent),
        }
    }

    /// The hopper, when it may pay.
    pub(crate) fn fit(&self, hopper: u8) -> Result<&Hopper, CashError> {
        let device = Device::Hopper(hopper);
        let found = self.hoppers.get(usize::from(hopper)).ok_or(CashError::Absent(device))?;
        match found.status().device.status {
            Status::Ready | Status::Degraded(_) => Ok(found),
            Status::Absent | Status::Starting => Err(CashError::Absent(device)),
            Status::OutOfService(reason) => Err(CashError::OutOfService(device, reason.detail)),
        }
    }

    /// The counters to be journalled; resets the hopper first when its flags ask for it.
    pub(crate) async fn baseline(
        &mut self,
        index: u8,
        context: &Context<'_>,
    ) -> Result<HopperBaseline, CashError> {
        let device = Device::Hopper(index);
        let hopper = self.fit(index)?;
        let (place, model) = (hopper.place(), hopper.config.model);
        let serial = hopper.serial.ok_or(CashError::Absent(device))?;
        let lost = |_| CashError::Absent(device);
        let busy = |snapshot: &Snapshot| snapshot.remaining != 0;
        let out = |text: String| CashError::OutOfService(device, text);
        if self.jobs.iter().any(|job| job.hopper == index) {
            return Err(out("it pays already".into()));
        }
        let mut snapshot = self.snapshot(place, context).await.map_err(lost)?;
        if busy(&snapshot) {
            return Err(out(format!("it pays an order that is not ours: {snapshot}")));
        }
        if snapshot.flags.needs_reset(model) || snapshot.flags.powered_up(model) {
            tracing::warn!(index, %snapshot, "hopper is reset; this is what it said before");
            self.reset_hopper(place, context).await;
            snapshot = self.snapshot(place, context).await.map_err(lost)?;
        }
        let now = self.now();
        if let Some(hopper) = self.hoppers.get_mut(usize::from(index)) {
            hopper.reset_failed = snapshot.flags.needs_reset(model);
            hopper.next_reset = now + RESET_AGAIN;
            hopper.judge_flags(snapshot.flags);
        }
        if snapshot.flags.needs_reset(model) || snapshot.flags.unfit(model) || busy(&snapshot) {
            return Err(out(snapshot.to_string()));
        }
        Ok(HopperBaseline { serial, counter: snapshot.counter, dispensed: snapshot.dispensed })
    }
}

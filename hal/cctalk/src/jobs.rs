//! Dispenses in line: one hopper pays at a time, one command a turn of the task's loop.
//!
//! A dispense whose caller is gone, or whose outcome nobody knows, keeps its hopper out of service until the
//! counters tell.
use std::time::Duration;

use crate::api::{CashError, Device, Dispensed, HopperBaseline};
use crate::bus::Lost;
use crate::handle::Answer;
use crate::payout::{Next, NoAnswer, Order, Payout, PayoutError};
use crate::task::{CashTask, Context};

/// Coins of one dispense: bounds what an unknown outcome can cost.
pub const MAX_COINS: u8 = 20;
/// Before a restarted task knows the hoppers, an order to resolve waits this long for one to answer.
const RESOLVE_WAIT: Duration = Duration::from_secs(30);

/// A dispense under way or in line.
#[derive(Debug)]
pub(crate) struct Job {
    pub hopper: u8,
    payout: Payout,
    resolve: bool,
    taken: Duration,
    not_before: Duration,
    answer: Answer<Dispensed>,
}

impl Job {
    /// The order, when it may have left and its outcome is open.
    pub fn open_order(&self) -> Option<Order> {
        (self.payout.sent() && !self.resolve).then(|| *self.payout.order())
    }

    /// When it wants the bus.
    pub fn due(&self, now: Duration) -> Duration {
        match self.payout.next(now) {
            Next::Send(_) => self.not_before,
            Next::WaitUntil(time) => time.max(self.not_before),
        }
    }
}

impl CashTask {
    /// Puts a dispense, or the question what became of one, in line.
    pub(crate) fn take_job(
        &mut self,
        index: u8,
        baseline: HopperBaseline,
        coins: u8,
        resolve: bool,
        answer: Answer<Dispensed>,
    ) {
        let device = Device::Hopper(index);
        let now = self.now();
        let checked = match self.hoppers.get(usize::from(index)) {
            None => Err(CashError::Absent(device)),
            Some(hopper) if resolve => Ok(hopper),
            Some(_) => self.fit(index).and_then(|hopper| {
                if !(1..=MAX_COINS).contains(&coins) {
                    Err(CashError::OutOfService(device, format!("{coins} coins are not 1 to {MAX_COINS}")))
                } else if hopper.serial != Some(baseline.serial) {
                    Err(CashError::OutOfService(device, "it is not the hopper that was read".into()))
                } else if self.jobs.iter().any(|job| job.hopper == index) {
                    Err(CashError::OutOfService(device, "it pays already".into()))
                } else {
                    Ok(hopper)
                }
            }),
        };
        let order = match checked {
            Err(error) => {
                let _ = answer.send(Err(error));
                return;
            }
            Ok(hopper) => {
                Order { model: hopper.config.model, security: hopper.config.security, baseline, coins }
            }
        };
        let payout = if resolve { Payout::resolve(order, now) } else { Payout::dispense(order, now) };
        self.jobs.push_back(Job { hopper: index, payout, resolve, taken: now, not_before: now, answer });
    }

    /// Takes the first dispense in line one command further.
    pub(crate) async fn step_job(&mut self, context: &Context<'_>) {
        let now = self.now();
        let Some(job) = self.jobs.front_mut() else { return };
        if now < job.due(now) {
            return;
        }
        let (index, coins) = (job.hopper, job.payout.order().coins);
        let Some(hopper) = self.hoppers.get(usize::from(index)) else { return };
        let place = hopper.place();
        if job.resolve {
            match hopper.serial {
                // Which unit answers must be known before its counters mean anything.
                None if now.saturating_sub(job.taken) < RESOLVE_WAIT => {
                    job.not_before = now + Duration::from_millis(200);
                    return;
                }
                None => return self.finish_job(Err(CashError::Absent(Device::Hopper(index)))),
                Some(serial) if serial != job.payout.order().baseline.serial => {
                    let why = "another hopper is fitted now".to_owned();
                    return self.finish_job(Ok(Dispensed::Unknown { at_least: 0, at_most: coins, why }));
                }
                Some(_) => {}
            }
        }
        let Next::Send(command) = job.payout.next(now) else { return };
        job.payout.sending();
        let reply = self.bus.ask(place, &command, context.beat).await;
        let now = self.now();
        let Some(job) = self.jobs.front_mut() else { return };
        let outcome = match &reply {
            Ok(reply) => job.payout.answer(now, &command, Ok(reply)),
            Err(Lost::Refused) => job.payout.answer(now, &command, Err(NoAnswer::Refused)),
            Err(_) => job.payout.answer(now, &command, Err(NoAnswer::Lost)),
        };
        let paid = (index, job.payout.paid());
        self.progress.send_if_modified(|old| std::mem::replace(old, paid) != paid);
        let device = Device::Hopper(index);
        match outcome {
            None => {}
            Some(Ok(dispensed)) => self.finish_job(Ok(dispensed)),
            Some(Err(PayoutError::Absent)) => self.finish_job(Err(CashError::Absent(device))),
            Some(Err(PayoutError::Unfit(why))) => {
                self.finish_job(Err(CashError::OutOfService(device, why)));
            }
        }
    }

    fn finish_job(&mut self, result: Result<Dispensed, CashError>) {
        let now = self.now();
        let Some(job) = self.jobs.pop_front() else { return };
        tracing::info!(hopper = job.hopper, ?result, "payout ended");
        if let Some(hopper) = self.hoppers.get_mut(usize::from(job.hopper)) {
            match &result {
                Ok(Dispensed::Unknown { .. }) => hopper.unresolved = Some(*job.payout.order()),
                Ok(Dispensed::Paid { .. }) => hopper.unresolved = None,
                Err(_) => {}
            }
            // What its flags say after a payout is of interest at once.
            hopper.next_look = now;
        }
        let _ = job.answer.send(result);
    }
}

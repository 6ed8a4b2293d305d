//! The handle that the rest of the firmware holds: typed requests to the task that owns the bus.
//!
//! When the task is restarted, whoever waits gets [`CashError::Restarted`]; the device's counters tell the rest.
use std::sync::Arc;

use hal_device::Port;
use tokio::sync::{mpsc, oneshot, watch};

use crate::api::{Acceptance, BusConfig, CashError, CashStatus, Dispensed, HopperBaseline, Resume, Route};
use crate::task::CashTask;

/// Requests that wait for the task; callers beyond that wait in line.
const REQUESTS: usize = 16;

/// Where an answer goes.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, CashError>>;

/// What is asked of the task.
#[derive(Debug)]
pub(crate) enum Request {
    Accept(Acceptance, Answer<()>),
    Route(Route, Answer<()>),
    Baseline(u8, Answer<HopperBaseline>),
    Dispense { hopper: u8, baseline: HopperBaseline, coins: u8, resolve: bool, answer: Answer<Dispensed> },
}

/// The cash devices, for everybody but the task that drives them.
#[derive(Clone, Debug)]
pub struct CashBus {
    requests: mpsc::Sender<Request>,
    status: watch::Receiver<CashStatus>,
    progress: watch::Receiver<(u8, u8)>,
}

impl CashBus {
    /// The handle, and the task that must be run for it. `resume` is what the ledger shows open.
    pub fn new(port: Arc<dyn Port>, config: BusConfig, resume: Resume) -> (CashBus, CashTask) {
        let (requests, inbox) = mpsc::channel(REQUESTS);
        let (status_out, status) = watch::channel(CashStatus::default());
        let (progress_out, progress) = watch::channel((0, 0));
        let task = CashTask::new(port, config, resume, inbox, status_out, progress_out);
        (CashBus { requests, status, progress }, task)
    }

    /// What the devices can do now.
    pub fn status(&self) -> watch::Receiver<CashStatus> {
        self.status.clone()
    }

    /// Hopper and coins paid so far of the dispense under way, for the screen; never for the books.
    pub fn progress(&self) -> watch::Receiver<(u8, u8)> {
        self.progress.clone()
    }

    /// Enables exactly these notes and coins and reads it back; an empty set inhibits the device. When one device
    /// does not obey, the other is still set; [`CashStatus::accepting`] tells what is on. After a device was reset
    /// or lost it is inhibited until this is called again.
    pub async fn accept(&self, what: Acceptance) -> Result<(), CashError> {
        self.ask(|answer| Request::Accept(what, answer)).await
    }

    /// Decides where the note in escrow goes. `Ok` means that the decision was taken up; where the note went comes
    /// as an event. A second decision the other way is refused with [`CashError::NoEscrow`].
    pub async fn route(&self, route: Route) -> Result<(), CashError> {
        self.ask(|answer| Request::Route(route, answer)).await
    }

    /// Reads the counters that are to be journalled before a dispense. When the flags of the hopper ask for it, it
    /// is reset first, which may erase what an earlier dispense left in its counters: resolve those before.
    pub async fn baseline(&self, hopper: u8) -> Result<HopperBaseline, CashError> {
        self.ask(|answer| Request::Baseline(hopper, answer)).await
    }

    /// Pays `coins` (1 to 20). An error means that surely nothing was paid, except [`CashError::Restarted`].
    pub async fn dispense(
        &self,
        hopper: u8,
        baseline: HopperBaseline,
        coins: u8,
    ) -> Result<Dispensed, CashError> {
        self.ask(|answer| Request::Dispense { hopper, baseline, coins, resolve: false, answer }).await
    }

    /// What became of a journalled dispense, by the counters only; waits for a payout that still runs. An error
    /// means that the hopper could not be asked: the outcome is still open.
    pub async fn resolve(
        &self,
        hopper: u8,
        baseline: HopperBaseline,
        coins: u8,
    ) -> Result<Dispensed, CashError> {
        self.ask(|answer| Request::Dispense { hopper, baseline, coins, resolve: true, answer }).await
    }

    async fn ask<T>(&self, request: impl FnOnce(Answer<T>) -> Request) -> Result<T, CashError> {
        let (answer, reply) = oneshot::channel();
        self.requests.send(request(answer)).await.map_err(|_| CashError::Restarted)?;
        reply.await.unwrap_or(Err(CashError::Restarted))
    }
}

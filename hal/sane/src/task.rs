//! The task that owns the scanner, and the handle that the rest holds.
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hal_device::{Reason, Status};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use crate::api::{Abilities, ScanWish, ScannerConfig};
use crate::batch::Batch;
use crate::client::{ClientError, Session};
use crate::error::ScanError;
use crate::look::{Looks, fault};
use crate::patience::{BEAT, Beat, beating};
use crate::port::SanePort;

/// Between two looks at an idle scanner. A look starts a process of saned, which asks for devices anew.
const POLL: Duration = Duration::from_secs(15);
/// How long a device stays open after a batch: a page that did not come out well is scanned again at once, without
/// the lamp being started anew.
const HELD: Duration = Duration::from_secs(30);
/// First pause before a service that failed is tried again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Wishes that may wait; all but the first are refused.
const QUEUE: usize = 4;

/// A wish and who waits for its pages.
pub(crate) struct Request {
    pub(crate) wish: ScanWish,
    pub(crate) reply: oneshot::Sender<Result<Batch, ScanError>>,
}

impl Request {
    pub(crate) fn refuse(self, why: ScanError) {
        // A caller that has gone needs no answer.
        let _ = self.reply.send(Err(why));
    }
}

/// A handle to the scanner; cheap to clone.
#[derive(Clone)]
pub struct Scanner {
    requests: mpsc::Sender<Request>,
    status: watch::Receiver<Status>,
    abilities: watch::Receiver<Option<Abilities>>,
}

/// Owns the scanner; runs for ever.
pub struct ScannerTask {
    pub(crate) port: Arc<dyn SanePort>,
    pub(crate) config: Arc<ScannerConfig>,
    pub(crate) requests: mpsc::Receiver<Request>,
    status: watch::Sender<Status>,
    abilities: watch::Sender<Option<Abilities>>,
    /// What the last batch found wrong with a scanner that is there.
    pub(crate) complaint: Option<Reason>,
    pub(crate) looks: Looks,
}

/// Why the task ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScannerTaskError {
    /// Nobody holds a handle any more.
    #[error("nobody uses the scanner any more")]
    Unused,
}

/// Why the scanner is given up for a while.
enum End {
    Client(ClientError),
    Unused,
}

impl From<ClientError> for End {
    fn from(error: ClientError) -> End {
        End::Client(error)
    }
}

impl Scanner {
    /// A scanner behind a port, and the task that serves it.
    pub fn new(port: Arc<dyn SanePort>, config: ScannerConfig) -> (Scanner, ScannerTask) {
        let (sender, requests) = mpsc::channel(QUEUE);
        let (status, status_watch) = watch::channel(Status::default());
        let (abilities, abilities_watch) = watch::channel(None);
        let scanner = Scanner { requests: sender, status: status_watch, abilities: abilities_watch };
        let task = ScannerTask {
            port,
            config: Arc::new(config),
            requests,
            status,
            abilities,
            complaint: None,
            looks: Looks::default(),
        };
        (scanner, task)
    }

    /// Opens the scanner, sets it up for the wish, and begins.
    ///
    /// # Errors
    /// See [`ScanError`]; [`ScanError::Busy`] while another batch is under way. One that was dropped is waited for.
    pub async fn scan(&self, wish: ScanWish) -> Result<Batch, ScanError> {
        let (reply, answer) = oneshot::channel();
        if self.requests.send(Request { wish, reply }).await.is_err() {
            return Err(ScanError::NotReady("the scanner's task has ended".to_owned()));
        }
        answer.await.unwrap_or(Err(ScanError::Restarted))
    }

    /// The status, kept true by the task. Degraded, with the reason of the last batch's end, until a page comes again:
    /// `jam`, `cover-open`, `double-feed`, `locked`, `device-error`. Out of service: `no-service` (saned does not run),
    /// `no-scanner` (it does, and the scanner is not there), `hung` (start saned anew), `in-use` (by somebody else),
    /// `configuration` (a password is wanted, or access refused), `unfit` (no source, colour or resolution that is
    /// known), `service-failed` (anything else).
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// What the scanner can do; none while it is not there.
    pub fn abilities(&self) -> watch::Receiver<Option<Abilities>> {
        self.abilities.clone()
    }
}

impl ScannerTask {
    /// Serves the scanner. May be dropped at any await and called again; whoever has a batch then gets
    /// [`ScanError::Restarted`].
    ///
    /// # Errors
    /// [`ScannerTaskError::Unused`] once every handle is gone.
    pub async fn run(&mut self, beat: &(dyn Fn() + Sync)) -> Result<Infallible, ScannerTaskError> {
        let mut pause = FIRST_PAUSE;
        self.looks.forget();
        self.publish(Status::Starting);
        loop {
            let error = match self.attend(beat, &mut pause).await {
                Ok(never) => match never {},
                Err(End::Unused) => return Err(ScannerTaskError::Unused),
                Err(End::Client(error)) => error,
            };
            let status = fault(&error, &self.looks);
            tracing::warn!(
                port = self.port.name(),
                error = error.words(),
                "the scanner is given up; looking again"
            );
            self.looks.forget();
            self.abilities.send_if_modified(|abilities| abilities.take().is_some());
            self.publish(status);
            self.rest(beat, pause, &error).await?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits before the next look, and refuses scans meanwhile.
    async fn rest(
        &mut self,
        beat: Beat<'_>,
        pause: Duration,
        error: &ClientError,
    ) -> Result<(), ScannerTaskError> {
        let end = Instant::now() + pause;
        while Instant::now() < end {
            beat();
            tokio::select! {
                biased;
                request = self.requests.recv() => match request {
                    Some(request) => request.refuse(ScanError::NotReady(error.words())),
                    None => return Err(ScannerTaskError::Unused),
                },
                () = sleep_until(end.min(Instant::now() + BEAT)) => {}
            }
        }
        Ok(())
    }

    /// Looks at the scanner now and then, and serves scans.
    async fn attend(&mut self, beat: Beat<'_>, pause: &mut Duration) -> Result<Infallible, End> {
        let mut next = Instant::now();
        loop {
            beat();
            if Instant::now() >= next {
                self.look(beat).await?;
                *pause = FIRST_PAUSE;
                next = Instant::now() + POLL;
            }
            tokio::select! {
                biased;
                request = self.requests.recv() => {
                    let request = request.ok_or(End::Unused)?;
                    if !request.reply.is_closed() {
                        let sure = self.scan(request, beat).await?;
                        next = Instant::now() + if sure { POLL } else { Duration::ZERO };
                    }
                }
                () = sleep_until(next.min(Instant::now() + BEAT)) => {}
            }
        }
    }

    async fn look(&mut self, beat: Beat<'_>) -> Result<(), ClientError> {
        let seen = beating(beat, self.looks.look(&self.port, &self.config)).await?;
        if let Some(abilities) = seen {
            tracing::info!(port = self.port.name(), name = abilities.name, "a scanner");
            self.abilities.send_replace(Some(abilities));
        }
        self.publish(self.well());
        Ok(())
    }

    /// Serves a wish, and those that follow it soon, with the device kept open. False when it is to be looked at again.
    async fn scan(&mut self, request: Request, beat: Beat<'_>) -> Result<bool, End> {
        let mut held: Option<Session> = None;
        let mut request = Some(request);
        let mut end = Instant::now();
        loop {
            beat();
            if let Some(request) = request.take() {
                let Some(session) = self.batch(held.take(), request, beat).await? else { return Ok(false) };
                held = Some(session);
                end = Instant::now() + HELD;
            }
            let Some(session) = &mut held else { return Ok(true) };
            tokio::select! {
                biased;
                next = self.requests.recv() => match next {
                    Some(next) => request = (!next.reply.is_closed()).then_some(next),
                    None => return Err(End::Unused),
                },
                error = session.ended() => {
                    tracing::info!(port = self.port.name(), error = error.words(), "the open scanner is gone");
                    return Ok(false);
                }
                () = sleep_until(end.min(Instant::now() + BEAT)) => {}
            }
            if request.is_none()
                && Instant::now() >= end
                && let Some(session) = held.take()
            {
                beating(beat, session.close()).await?;
            }
        }
    }

    /// The status of a scanner that is there.
    pub(crate) fn well(&self) -> Status {
        self.complaint.clone().map_or(Status::Ready, Status::Degraded)
    }

    pub(crate) fn publish(&self, status: Status) {
        self.status.send_if_modified(|old| {
            let changed = *old != status;
            if changed {
                tracing::info!(port = self.port.name(), ?status, "scanner");
                *old = status;
            }
            changed
        });
    }
}

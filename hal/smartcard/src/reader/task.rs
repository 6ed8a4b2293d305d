//! The task that owns the service, and the handle that the rest holds.
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use hal_device::{Reason, Status};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::card::CardError;

use super::port::{Connection, ReaderPort, ReaderService, ReaderState, ServiceError};
use super::session::{CardSession, Returned, TRANSMIT};
use super::watcher::{CardEvent, Look, Watcher, choose};

/// Longest wait for the state of the readers, and for the service to open.
const STATUS: Duration = Duration::from_secs(5);
/// Between two looks, besides those that an event asks for: a driver may never report that its reader went.
const POLL: Duration = Duration::from_secs(2);
/// Before a mute card is powered again.
const SECOND_CHANCE: Duration = Duration::from_millis(500);
/// Looks in a row that must not differ, at most so many: two readers plugged together make one event.
const MOST_LOOKS: u32 = 8;
/// First pause before the service is opened again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Longest wait without a heartbeat.
const BEAT: Duration = Duration::from_millis(500);
/// Requests for a card that may wait.
const QUEUE: usize = 4;

/// The reader as the board file describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReaderConfig {
    /// A part of the reader's name; the first reader when left out.
    #[serde(default)]
    pub name: Option<String>,
}

type Request = oneshot::Sender<Result<CardSession, CardError>>;
type Beat<'b> = &'b (dyn Fn() + Sync);

/// A handle to the card reader; cheap to clone.
#[derive(Clone)]
pub struct Cards {
    requests: mpsc::Sender<Request>,
    status: watch::Receiver<Status>,
}

/// Owns the service; runs for ever.
pub struct CardsTask {
    port: Arc<dyn ReaderPort>,
    config: ReaderConfig,
    requests: mpsc::Receiver<Request>,
    status: watch::Sender<Status>,
    watcher: Watcher,
    home: mpsc::UnboundedSender<Returned>,
    returned: mpsc::UnboundedReceiver<Returned>,
    /// A session is out.
    taken: bool,
}

/// Why the task ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardsTaskError {
    /// The receiver of the events is gone.
    #[error("nobody takes the events of the card reader any more")]
    Unused,
}

/// Why a service is given up.
enum End {
    Service(ServiceError),
    Unused,
}

impl From<ServiceError> for End {
    fn from(error: ServiceError) -> End {
        End::Service(error)
    }
}

impl Cards {
    /// A card reader, and the task that serves it.
    pub fn new(port: Arc<dyn ReaderPort>, config: ReaderConfig) -> (Cards, CardsTask) {
        let (sender, requests) = mpsc::channel(QUEUE);
        let (status, watch) = watch::channel(Status::default());
        let (home, returned) = mpsc::unbounded_channel();
        let watcher = Watcher::default();
        let task = CardsTask { port, config, requests, status, watcher, home, returned, taken: false };
        (Cards { requests: sender, status: watch }, task)
    }

    /// The status: absent without a reader, ready with one whether a card is in it or not, or out of service with the
    /// reason `no-service`, `no-access` or `hung`.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Powers the card and takes it, for nobody else. A mute one is powered twice.
    ///
    /// # Errors
    /// [`CardError::Removed`] without a card, [`CardError::InUse`] while another session lasts, [`CardError::Mute`],
    /// [`CardError::ReaderGone`], [`CardError::Hung`].
    pub async fn connect(&self) -> Result<CardSession, CardError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(reply).await.map_err(|_| CardError::ReaderGone)?;
        answer.await.unwrap_or(Err(CardError::ReaderGone))
    }
}

impl CardsTask {
    /// Serves the reader and tells of cards. May be dropped at any await and called again.
    ///
    /// # Errors
    /// [`CardsTaskError::Unused`] once the receiver is gone.
    pub async fn run(
        &mut self,
        events: &mpsc::Sender<CardEvent>,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Infallible, CardsTaskError> {
        // Told before this task began anew; what is in the reader now is told again.
        if let Some(event) = self.watcher.gone() {
            tell(events, event, beat).await.map_err(|_| CardsTaskError::Unused)?;
        }
        let mut pause = FIRST_PAUSE;
        loop {
            beat();
            let port = Arc::clone(&self.port);
            let end = match limited(beat, STATUS, port.open()).await {
                Some(Ok(service)) => match self.serve(&*service, events, beat, &mut pause).await {
                    Ok(never) => match never {},
                    Err(end) => end,
                },
                Some(Err(error)) => End::Service(error),
                None => End::Service(ServiceError::Hung),
            };
            let error = match end {
                End::Unused => return Err(CardsTaskError::Unused),
                End::Service(error) => error,
            };
            tracing::warn!(port = self.port.name(), %error, "the card service is given up; opening again");
            self.publish(fault(&error));
            if let Some(event) = self.watcher.gone() {
                tell(events, event, beat).await.map_err(|_| CardsTaskError::Unused)?;
            }
            self.rest(events, beat, pause, &error).await?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits before the service is opened again, and refuses sessions meanwhile.
    async fn rest(
        &mut self,
        events: &mpsc::Sender<CardEvent>,
        beat: Beat<'_>,
        pause: Duration,
        error: &ServiceError,
    ) -> Result<(), CardsTaskError> {
        let end = Instant::now() + pause;
        while Instant::now() < end {
            beat();
            tokio::select! {
                biased;
                Some(request) = self.requests.recv() => {
                    let why = match error {
                        ServiceError::Hung => CardError::Hung(STATUS.as_secs()),
                        _ => CardError::ReaderGone,
                    };
                    // A caller that has gone needs no answer.
                    let _ = request.send(Err(why));
                }
                Some(returned) = self.returned.recv() => self.let_go(returned, beat).await.unwrap_or_default(),
                () = events.closed() => return Err(CardsTaskError::Unused),
                () = sleep_until(end.min(Instant::now() + BEAT)) => {}
            }
        }
        Ok(())
    }

    /// Serves one opening of the service, until it fails.
    async fn serve(
        &mut self,
        service: &dyn ReaderService,
        events: &mpsc::Sender<CardEvent>,
        beat: Beat<'_>,
        pause: &mut Duration,
    ) -> Result<Infallible, End> {
        loop {
            beat();
            let states = stable(service, beat).await?;
            let reader = choose(&states, self.config.name.as_deref());
            *pause = FIRST_PAUSE;
            self.publish(if reader.is_some() { Status::Ready } else { Status::Absent });
            match self.watcher.look(reader) {
                Look::Same => {}
                Look::Tell(list) => {
                    for event in list {
                        tell(events, event, beat).await?;
                    }
                    // A look that told of a card gone has not yet looked at the one that came.
                    if reader.is_some_and(|reader| reader.mute) {
                        continue;
                    }
                }
                // Our own session powers the card; its errors tell what is the matter with it.
                Look::SecondChance if self.taken => {}
                Look::SecondChance => {
                    if let Some(reader) = reader {
                        self.second_chance(service, reader, events, beat).await?;
                        continue;
                    }
                }
            }
            self.wait(service, reader, events, beat).await?;
        }
    }

    /// Serves sessions until something changed, or it is time to look again.
    async fn wait(
        &mut self,
        service: &dyn ReaderService,
        reader: Option<&ReaderState>,
        events: &mpsc::Sender<CardEvent>,
        beat: Beat<'_>,
    ) -> Result<(), End> {
        let next = Instant::now() + POLL;
        let mut changed = service.changed();
        loop {
            beat();
            tokio::select! {
                biased;
                Some(returned) = self.returned.recv() => self.let_go(returned, beat).await?,
                Some(request) = self.requests.recv() => {
                    if !request.is_closed() {
                        self.give(service, reader, request, beat).await?;
                    }
                }
                result = &mut changed => return result.map_err(End::from),
                () = sleep_until(next) => return Ok(()),
                () = events.closed() => return Err(End::Unused),
                () = sleep(BEAT) => {}
            }
        }
    }

    /// Gives a session out, or says why not.
    async fn give(
        &mut self,
        service: &dyn ReaderService,
        reader: Option<&ReaderState>,
        request: Request,
        beat: Beat<'_>,
    ) -> Result<(), End> {
        let connected = match reader {
            _ if self.taken => Err(CardError::InUse),
            None => Err(CardError::ReaderGone),
            Some(reader) => match power(service, reader, beat).await {
                Err(CardError::Mute) => {
                    limited(beat, SECOND_CHANCE, std::future::pending::<()>()).await;
                    power(service, reader, beat).await
                }
                other => other,
            },
        };
        let hung = matches!(connected, Err(CardError::Hung(_)));
        let session = connected.map(|connection| {
            self.taken = true;
            CardSession::new(connection, self.home.clone())
        });
        // A caller that has gone drops the session, which comes back by itself.
        let _ = request.send(session);
        if hung { Err(ServiceError::Hung.into()) } else { Ok(()) }
    }

    /// Takes back what a session left.
    async fn let_go(&mut self, returned: Returned, beat: Beat<'_>) -> Result<(), ServiceError> {
        self.taken = false;
        let Returned::Line(line) = returned else { return Err(ServiceError::Hung) };
        limited(beat, TRANSMIT, line.disconnect()).await.ok_or(ServiceError::Hung)
    }

    /// Powers a mute card once more, and tells what came of it.
    async fn second_chance(
        &mut self,
        service: &dyn ReaderService,
        reader: &ReaderState,
        events: &mpsc::Sender<CardEvent>,
        beat: Beat<'_>,
    ) -> Result<(), End> {
        limited(beat, SECOND_CHANCE, std::future::pending::<()>()).await;
        let event = match power(service, reader, beat).await {
            Ok(connection) => {
                self.let_go(Returned::Line(connection.line), beat).await?;
                self.watcher.came(reader, Some(connection.atr))
            }
            Err(CardError::Hung(_)) => return Err(ServiceError::Hung.into()),
            // Gone meanwhile, or taken by another program: the next look tells.
            Err(CardError::Removed | CardError::ReaderGone | CardError::InUse) => return Ok(()),
            Err(_) => self.watcher.came(reader, None),
        };
        tell(events, event, beat).await
    }

    fn publish(&self, status: Status) {
        self.status.send_if_modified(|old| {
            let changed = *old != status;
            if changed {
                tracing::info!(port = self.port.name(), ?status, "card reader");
                *old = status;
            }
            changed
        });
    }
}

/// The state of all readers, once two looks in a row agree on which there are and what came and went.
async fn stable(service: &dyn ReaderService, beat: Beat<'_>) -> Result<Vec<ReaderState>, ServiceError> {
    let mut before: Option<Vec<ReaderState>> = None;
    for _ in 0..MOST_LOOKS {
        let now = limited(beat, STATUS, service.states()).await.ok_or(ServiceError::Hung)??;
        if before.as_ref() == Some(&now) {
            return Ok(now);
        }
        before = Some(now);
    }
    Ok(before.unwrap_or_default())
}

async fn power(
    service: &dyn ReaderService,
    reader: &ReaderState,
    beat: Beat<'_>,
) -> Result<Connection, CardError> {
    limited(beat, TRANSMIT, service.connect(&reader.name))
        .await
        .unwrap_or(Err(CardError::Hung(TRANSMIT.as_secs())))
}

async fn tell(events: &mpsc::Sender<CardEvent>, event: CardEvent, beat: Beat<'_>) -> Result<(), End> {
    let send = std::pin::pin!(events.send(event));
    beating(beat, send).await.map_err(|_| End::Unused)
}

/// A future with heartbeats, for so long; `None` when that was not enough.
async fn limited<T>(beat: Beat<'_>, limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let future = std::pin::pin!(tokio::time::timeout(limit, future));
    beating(beat, future).await.ok()
}

async fn beating<F: Future + Unpin>(beat: Beat<'_>, mut future: F) -> F::Output {
    loop {
        beat();
        tokio::select! {
            biased;
            result = &mut future => return result,
            () = sleep(BEAT) => {}
        }
    }
}

fn fault(error: &ServiceError) -> Status {
    let id = match error {
        ServiceError::Hung => "hung",
        ServiceError::NoAccess(_) => "no-access",
        ServiceError::NotRunning => "no-service",
        ServiceError::Other(_) => "service-failed",
    };
    Status::OutOfService(Reason::new(id, error.to_string()))
}

//! The real PC/SC service (pcsc-lite): every blocking call on a thread of its own, behind futures.
//!
//! One thread watches readers, one more serves each connected card; each has its own context, as a call blocks the
//! context it was made on. A call that never comes back keeps its thread; the futures' deadlines are the task's. When
//! too many threads are stuck, opening says that the service hangs, and no more are made.
use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use pcsc::{Context, Disposition, Error, Protocols, Scope, ShareMode, State};
use tokio::sync::oneshot;
use zeroize::{Zeroize, Zeroizing};

use crate::card::CardError;

use super::port::{
    CardLine, Connection, PortFuture, Protocol, ReaderPort, ReaderService, ReaderState, ServiceError,
};

/// How long a wait for events blocks its thread; under the task's own poll.
const WAIT: Duration = Duration::from_millis(1500);
/// How long a driver may take to notice that its card was pulled.
const NOTICED: Duration = Duration::from_secs(2);
/// Threads that may be alive at once: two are used, the others are stuck.
const MOST_THREADS: usize = 12;

/// The service of this machine.
#[derive(Clone, Debug)]
pub struct PcscPort {
    name: String,
    threads: Arc<AtomicUsize>,
}

impl PcscPort {
    /// With this name in logs.
    pub fn new(name: impl Into<String>) -> PcscPort {
        PcscPort { name: name.into(), threads: Arc::new(AtomicUsize::new(0)) }
    }
}

/// Counts a thread for as long as it lives.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(threads: &Arc<AtomicUsize>) -> Option<Counted> {
        let before = threads.fetch_add(1, Ordering::SeqCst);
        let counted = Counted(Arc::clone(threads));
        (before < MOST_THREADS).then_some(counted)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Starts a counted thread.
fn start(threads: &Arc<AtomicUsize>, body: impl FnOnce() + Send + 'static) -> Result<(), ServiceError> {
    let counted = Counted::new(threads).ok_or(ServiceError::Hung)?;
    let work = move || {
        let _counted = counted;
        body();
    };
    let thread = thread::Builder::new().name("pcsc".to_owned()).spawn(work);
    thread.map(drop).map_err(|error| ServiceError::Other(error.to_string()))
}

impl ReaderPort for PcscPort {
    fn open(&self) -> PortFuture<'_, Box<dyn ReaderService>, ServiceError> {
        Box::pin(async move {
            let (jobs, receiver) = channel();
            let (opened, answer) = oneshot::channel();
            start(&self.threads, move || match Context::establish(Scope::System) {
                Ok(context) => {
                    // Whoever has given up waiting has dropped the jobs as well, and the thread ends.
                    let _ = opened.send(Ok(()));
                    watch(&context, &receiver);
                }
                Err(error) => {
                    let _ = opened.send(Err(service_error(error)));
                }
            })?;
            answer.await.unwrap_or(Err(ServiceError::NotRunning))?;
            let service = PcscService { jobs, threads: Arc::clone(&self.threads) };
            Ok(Box::new(service) as Box<dyn ReaderService>)
        })
    }

    fn name(&self) -> &str {
        &self.name
    }
}

enum Watch {
    States(oneshot::Sender<Result<Vec<ReaderState>, ServiceError>>),
    Changed(oneshot::Sender<Result<(), ServiceError>>),
}

struct PcscService {
    jobs: Sender<Watch>,
    threads: Arc<AtomicUsize>,
}

impl ReaderService for PcscService {
    fn states(&self) -> PortFuture<'_, Vec<ReaderState>, ServiceError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.jobs.send(Watch::States(reply));
        Box::pin(async move {
            sent.map_err(|_| ServiceError::NotRunning)?;
            answer.await.unwrap_or(Err(ServiceError::NotRunning))
        })
    }

    fn changed(&self) -> PortFuture<'_, (), ServiceError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.jobs.send(Watch::Changed(reply));
        Box::pin(async move {
            sent.map_err(|_| ServiceError::NotRunning)?;
            answer.await.unwrap_or(Err(ServiceError::NotRunning))
        })
    }

    fn connect<'a>(&'a self, reader: &'a str) -> PortFuture<'a, Connection, CardError> {
        Box::pin(async move {
            let reader =
                CString::new(reader).map_err(|_| CardError::Reader("a reader name with NUL".to_owned()))?;
            let (jobs, receiver) = channel();
            let (opened, answer) = oneshot::channel();
            start(&self.threads, move || serve_card(&reader, opened, &receiver))
                .map_err(|error| CardError::Reader(error.to_string()))?;
            let (atr, protocol) = answer.await.unwrap_or(Err(CardError::ReaderGone))?;
            Ok(Connection { line: Box::new(PcscLine { jobs }), atr, protocol })
        })
    }
}

/// The thread that watches the readers.
fn watch(context: &Context, jobs: &Receiver<Watch>) {
    let mut seen = Vec::new();
    while let Ok(job) = jobs.recv() {
        match job {
            Watch::States(reply) => {
                let states = states(context, &mut seen);
                let _ = reply.send(states);
            }
            Watch::Changed(reply) if reply.is_closed() => {}
            Watch::Changed(reply) => {
                let result = match context.get_status_change(WAIT, &mut seen) {
                    Ok(()) | Err(Error::Timeout | Error::Cancelled) => Ok(()),
                    // A reader that went: the next look says so.
                    Err(Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable) => {
                        Ok(())
                    }
                    Err(error) => Err(service_error(error)),
                };
                let _ = reply.send(result);
            }
        }
    }
}

fn states(context: &Context, seen: &mut Vec<pcsc::ReaderState>) -> Result<Vec<ReaderState>, ServiceError> {
    let names = match context.list_readers_owned() {
        Ok(names) => names,
        Err(Error::NoReadersAvailable) => Vec::new(),
        Err(error) => return Err(service_error(error)),
    };
    let mut readers: Vec<_> =
        names.into_iter().map(|name| pcsc::ReaderState::new(name, State::UNAWARE)).collect();
    if !readers.is_empty() {
        match context.get_status_change(Duration::ZERO, &mut readers) {
            Ok(()) | Err(Error::Timeout) => {}
            Err(Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable) => {
                readers.clear()
            }
            Err(error) => return Err(service_error(error)),
        }
    }
    let states = readers
        .iter()
        .map(|reader| {
            let state = reader.event_state();
            ReaderState {
                name: reader.name().to_string_lossy().into_owned(),
                present: state.contains(State::PRESENT),
                mute: state.contains(State::MUTE),
                changes: reader.event_count(),
                atr: reader.atr().to_vec(),
            }
        })
        .collect();
    for reader in &mut readers {
        reader.sync_current_state();
    }
    let count = readers.len();
    readers.push(pcsc::ReaderState::new(pcsc::PNP_NOTIFICATION(), State::UNAWARE));
    *seen = readers;
    tracing::trace!(count, "readers");
    Ok(states)
}

enum Work {
    Transmit(Zeroizing<Vec<u8>>, oneshot::Sender<Result<Zeroizing<Vec<u8>>, CardError>>),
    Disconnect(oneshot::Sender<()>),
}

struct PcscLine {
    jobs: Sender<Work>,
}

impl CardLine for PcscLine {
    fn transmit<'a>(&'a mut self, command: &'a [u8]) -> PortFuture<'a, Vec<u8>, CardError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.jobs.send(Work::Transmit(Zeroizing::new(command.to_vec()), reply));
        Box::pin(async move {
            sent.map_err(|_| CardError::ReaderGone)?;
            let mut response = answer.await.unwrap_or(Err(CardError::ReaderGone))?;
            Ok(std::mem::take(&mut *response))
        })
    }

    fn disconnect(self: Box<Self>) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        let (reply, answer) = oneshot::channel();
        let sent = self.jobs.send(Work::Disconnect(reply));
        Box::pin(async move {
            if sent.is_ok() {
                // A thread that has ended has disconnected.
                let _ = answer.await;
            }
        })
    }
}

type Opened = oneshot::Sender<Result<(Vec<u8>, Protocol), CardError>>;

/// The thread of a card: connects, serves until it is told to end or nobody is left, and resets the card.
fn serve_card(reader: &CString, opened: Opened, jobs: &Receiver<Work>) {
    let connected = Context::establish(Scope::System).and_then(|context| {
        let card = context.connect(reader, ShareMode::Exclusive, Protocols::ANY)?;
        let status = card.status2_owned()?;
        let protocol = match status.protocol2() {
            Some(pcsc::Protocol::T0) => Protocol::T0,
            _ => Protocol::T1,
        };
        Ok((context, card, status.atr().to_vec(), protocol))
    });
    let (context, card) = match connected {
        Ok((context, card, atr, protocol)) => {
            if opened.send(Ok((atr, protocol))).is_err() {
                let _ = card.disconnect(Disposition::ResetCard);
                return;
            }
            (context, card)
        }
        Err(error) => {
            let _ = opened.send(Err(card_error(error)));
            return;
        }
    };
    let mut buffer = Zeroizing::new(vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED]);
    let mut done = None;
    while let Ok(work) = jobs.recv() {
        match work {
            // Given up before it was sent: a PIN that nobody waits for is not sent.
            Work::Transmit(_, reply) if reply.is_closed() => {}
            Work::Transmit(command, reply) => {
                let result = card.transmit(&command, &mut buffer);
                let result = match result {
                    Ok(answer) if answer.len() < 2 => Err(why_nothing(&context, reader)),
                    Ok(answer) => Ok(Zeroizing::new(answer.to_vec())),
                    Err(error) => Err(card_error(error)),
                };
                buffer.zeroize();
                buffer.resize(pcsc::MAX_BUFFER_SIZE_EXTENDED, 0);
                let _ = reply.send(result);
            }
            Work::Disconnect(reply) => {
                done = Some(reply);
                break;
            }
        }
    }
    if let Err((card, error)) = card.disconnect(Disposition::ResetCard) {
        // A card that was pulled or reset is disconnected as well; the context lets go of the rest.
        tracing::debug!(%error, "disconnecting a card");
        drop(card);
    }
    if let Some(done) = done {
        let _ = done.send(());
    }
}

/// Some drivers report success and give nothing when the card is pulled, before they know of it themselves.
fn why_nothing(context: &Context, reader: &CString) -> CardError {
    let mut states = [pcsc::ReaderState::new(reader.clone(), State::UNAWARE)];
    // The first call tells the state, each further one a change.
    for _ in 0..4 {
        match context.get_status_change(NOTICED, &mut states) {
            Ok(()) => {}
            Err(Error::Timeout) => break,
            Err(error) => return card_error(error),
        }
        for state in &mut states {
            if !state.event_state().contains(State::PRESENT) {
                return CardError::Removed;
            }
            state.sync_current_state();
        }
    }
    CardError::Reader("the driver gave no answer".to_owned())
}

fn service_error(error: Error) -> ServiceError {
    match error {
        Error::NoService | Error::ServiceStopped | Error::ServerTooBusy | Error::InvalidHandle => {
            ServiceError::NotRunning
        }
        Error::SecurityViolation => ServiceError::NoAccess(error.to_string()),
        other => ServiceError::Other(other.to_string()),
    }
}

fn card_error(error: Error) -> CardError {
    match error {
        Error::NoSmartcard | Error::RemovedCard => CardError::Removed,
        Error::ResetCard => CardError::Reset,
        Error::UnresponsiveCard | Error::UnpoweredCard | Error::UnsupportedCard => CardError::Mute,
        Error::SharingViolation => CardError::InUse,
        Error::NoService
        | Error::ServiceStopped
        | Error::ReaderUnavailable
        | Error::UnknownReader
        | Error::NoReadersAvailable
        | Error::InvalidHandle => CardError::ReaderGone,
        other => CardError::Reader(other.to_string()),
    }
}

//! The task that owns a printer's port, and the handle that the rest holds.
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hal_device::{Line, Port, Status};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::job::Work;
use crate::session::{Memory, Session};
use crate::watcher::{SILENT, Watcher};
use crate::wire::{LineError, Wire};
use crate::{Document, HandOver, PageFeed, PagesJob, PrintError, PrinterConfig, PrinterStatus, render};

/// Between two looks at an idle printer.
const POLL: Duration = Duration::from_secs(1);
/// The same while it is offline and holds its line: what is asked then is only answered later.
const POLL_HELD: Duration = Duration::from_secs(5);
/// Opening a device file takes no time; a port that does not come back is given up.
const OPEN: Duration = Duration::from_secs(5);
/// First pause before the port is opened again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Longest wait without a heartbeat.
const BEAT: Duration = Duration::from_millis(500);
/// Jobs that may wait; the firmware prints one after another.
const QUEUE: usize = 4;

/// A job and who waits for it.
pub(crate) struct Request {
    work: Work,
    reply: oneshot::Sender<Result<HandOver, PrintError>>,
}

/// A handle to a printer; cheap to clone.
#[derive(Clone)]
pub struct Printer {
    config: Arc<PrinterConfig>,
    requests: mpsc::Sender<Request>,
    status: watch::Receiver<PrinterStatus>,
}

/// Owns the printer's port; runs for ever.
pub struct PrinterTask {
    port: Arc<dyn Port>,
    config: Arc<PrinterConfig>,
    requests: mpsc::Receiver<Request>,
    status: watch::Sender<PrinterStatus>,
    memory: Memory,
}

/// Why the task ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrinterTaskError {
    /// Nobody holds a handle any more.
    #[error("nobody uses the printer any more")]
    Unused,
}

/// Why a line is given up.
enum End {
    Line(LineError),
    Unused,
}

impl From<LineError> for End {
    fn from(error: LineError) -> End {
        End::Line(error)
    }
}

impl Printer {
    /// A printer on a port, and the task that serves it.
    pub fn new(port: Arc<dyn Port>, config: PrinterConfig) -> (Printer, PrinterTask) {
        let (sender, requests) = mpsc::channel(QUEUE);
        let (status, watch) = watch::channel(PrinterStatus::default());
        let config = Arc::new(config);
        let printer = Printer { config: Arc::clone(&config), requests: sender, status: watch };
        (printer, PrinterTask { port, config, requests, status, memory: Memory::new() })
    }

    /// The status, kept true by the task.
    pub fn status(&self) -> watch::Receiver<PrinterStatus> {
        self.status.clone()
    }

    /// Prints a document once and cuts it. `Ok` only with the printer's own proof that it is on paper. Dropped before
    /// its turn, nothing is sent.
    ///
    /// # Errors
    /// See [`PrintError`]; nothing is ever sent again from here.
    pub async fn print(&self, document: Document) -> Result<(), PrintError> {
        let job = render(&self.config, &document)?;
        Request::send(&self.requests, Work::receipt(job)).await.map(drop)
    }

    /// A job of pages that are drawn while they are printed. Each page is held out for `patience` and then drawn in
    /// again, where the printer can. Nothing is sent before [`PagesJob::printed`] is awaited.
    pub fn pages(&self, patience: Duration) -> (PageFeed, PagesJob) {
        PagesJob::new(Arc::clone(&self.config), self.requests.clone(), patience)
    }

    /// The printer as the board file has it.
    pub fn config(&self) -> &PrinterConfig {
        &self.config
    }

    /// Whether this printer can print the document; sends nothing.
    ///
    /// # Errors
    /// [`PrintError::Unprintable`].
    pub fn check(config: &PrinterConfig, document: &Document) -> Result<(), PrintError> {
        render(config, document).map(drop)
    }
}

impl PrinterTask {
    /// Serves the printer. May be dropped at any await and called again; the caller of the job then under way gets
    /// [`PrintError::Restarted`], and the printer is cleared before the next one.
    ///
    /// # Errors
    /// [`PrinterTaskError::Unused`] once every handle is gone.
    pub async fn run(&mut self, beat: &(dyn Fn() + Sync)) -> Result<Infallible, PrinterTaskError> {
        let mut pause = FIRST_PAUSE;
        loop {
            beat();
            match timeout(OPEN, self.port.open()).await {
                Ok(Ok(line)) => match self.serve(line, beat, &mut pause).await {
                    Ok(never) => match never {},
                    Err(End::Unused) => return Err(PrinterTaskError::Unused),
                    Err(End::Line(error)) => {
                        tracing::warn!(port = self.port.name(), %error, "the printer is gone; opening again");
                    }
                },
                Ok(Err(error)) => {
                    tracing::debug!(port = self.port.name(), %error, "the printer does not open")
                }
                Err(_) => tracing::debug!(port = self.port.name(), "opening the printer takes too long"),
            }
            publish(&*self.port, &self.status, &self.memory, Status::Absent);
            self.rest(beat, pause).await?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits before the port is opened again, and refuses jobs meanwhile.
    async fn rest(&mut self, beat: &(dyn Fn() + Sync), pause: Duration) -> Result<(), PrinterTaskError> {
        let end = Instant::now() + pause;
        while Instant::now() < end {
            beat();
            tokio::select! {
                biased;
                request = self.requests.recv() => match request {
                    Some(request) => request.refuse("the printer is not there"),
                    None => return Err(PrinterTaskError::Unused),
                },
                () = sleep_until(end.min(Instant::now() + BEAT)) => {}
            }
        }
        Ok(())
    }

    /// Serves one opening of the port, until the line fails.
    async fn serve(
        &mut self,
        line: Box<dyn Line>,
        beat: &(dyn Fn() + Sync),
        pause: &mut Duration,
    ) -> Result<Infallible, End> {
        let PrinterTask { port, config, requests, status, memory } = self;
        publish(&**port, status, memory, Status::Starting);
        let wire = Wire::new(line, config.model, beat);
        let mut session = Session { wire, config, memory, began: false };
        let mut watcher = Watcher::default();
        let mut next = Instant::now();
        loop {
            let decided = watcher.present || watcher.misses >= SILENT;
            tokio::select! {
                biased;
                request = requests.recv(), if decided => {
                    let request = request.ok_or(End::Unused)?;
                    if !watcher.present {
                        request.refuse("the printer does not answer");
                    } else if !request.reply.is_closed() {
                        let reply = |status_now: Status, memory: &Memory| {
                            publish(&**port, status, memory, status_now);
                        };
                        serve_job(&mut session, request, reply).await?;
                    }
                }
                more = session.wire.fill(next) => {
                    more?;
                }
            }
            if Instant::now() >= next {
                watcher.look(&mut session).await?;
                next = Instant::now() + if watcher.held { POLL_HELD } else { POLL };
                if watcher.present {
                    *pause = FIRST_PAUSE;
                }
            }
            let now = match (watcher.present, watcher.misses) {
                (true, _) => session.status(),
                (false, SILENT..) => Status::Absent,
                (false, _) => Status::Starting,
            };
            publish(&**port, status, session.memory, now);
        }
    }
}

impl Request {
    /// Puts a job into the queue and waits for its outcome.
    pub(crate) async fn send(requests: &mpsc::Sender<Request>, work: Work) -> Result<HandOver, PrintError> {
        let (reply, answer) = oneshot::channel();
        if requests.send(Request { work, reply }).await.is_err() {
            return Err(PrintError::NotReady("the printer's task has ended".to_owned()));
        }
        answer.await.unwrap_or(Err(PrintError::Restarted))
    }

    fn refuse(self, why: &str) {
        // A caller that has gone needs no answer.
        let _ = self.reply.send(Err(PrintError::NotReady(why.to_owned())));
    }
}

/// Prints; the status is published before the answer, so that nobody sees a printer ready that just tore a job.
async fn serve_job(
    session: &mut Session<'_>,
    request: Request,
    publish: impl Fn(Status, &Memory),
) -> Result<(), End> {
    session.began = false;
    let Request { mut work, reply } = request;
    let result = session.print(&mut work).await;
    let (answer, status) = match &result {
        Ok(answer) => (answer.clone(), session.status()),
        Err(error) if session.began => (Err(PrintError::Torn(error.to_string())), Status::Absent),
        Err(error) => (Err(PrintError::NotReady(error.to_string())), Status::Absent),
    };
    if let Err(error) = &answer {
        tracing::warn!(%error, "a print failed");
    }
    publish(status, session.memory);
    let torn = matches!(answer, Err(PrintError::Torn(_)));
    // A caller that has gone needs no answer; the log has it.
    let _ = reply.send(answer);
    result?.ok();
    if torn {
        session.stop().await?;
    }
    Ok(())
}

fn publish(port: &dyn Port, sender: &watch::Sender<PrinterStatus>, memory: &Memory, status: Status) {
    let new = PrinterStatus { status, product: memory.product.clone() };
    sender.send_if_modified(|old| {
        let changed = *old != new;
        if changed {
            tracing::info!(port = port.name(), status = ?new.status, "printer");
            *old = new;
        }
        changed
    });
}

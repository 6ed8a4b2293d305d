//! The task that owns a reader, and the handle that the rest holds.
use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hal_device::{Line, Reason, Status};
use tokio::io::AsyncReadExt;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::{KeyDecoder, KeyStream, ScanDecoder, Source};

/// Silence that ends a scan on a line. A byte takes 1 ms at 9600 baud.
const SILENCE: Duration = Duration::from_millis(50);
/// Silence after which typed characters without Enter are dropped: the next scan must not begin with them.
const NO_ENTER: Duration = Duration::from_secs(2);
/// First pause before the port is opened again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Opening a device file takes no time.
const OPEN: Duration = Duration::from_secs(5);
/// Longest wait without a heartbeat.
const BEAT: Duration = Duration::from_millis(500);
/// Empty reads in a row that are forgiven before the line counts as closed.
const EMPTY_READS: u32 = 10;
const EMPTY_PAUSE: Duration = Duration::from_millis(20);

/// A handle to a reader; cheap to clone.
#[derive(Clone)]
pub struct Barcode {
    status: watch::Receiver<Status>,
    dropped: Arc<AtomicU64>,
}

/// Owns a reader; runs for ever.
pub struct BarcodeTask {
    source: Source,
    status: watch::Sender<Status>,
    dropped: Arc<AtomicU64>,
}

/// Why the task ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BarcodeTaskError {
    /// The receiver of the scans is gone.
    #[error("nobody takes the scans any more")]
    Unused,
}

/// Why a reader is given up.
enum End {
    Line(io::Error),
    Unused,
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> End {
        End::Line(error)
    }
}

impl Barcode {
    /// A reader, and the task that serves it.
    pub fn new(source: Source) -> (Barcode, BarcodeTask) {
        let (status, watch) = watch::channel(Status::default());
        let dropped = Arc::new(AtomicU64::new(0));
        (Barcode { status: watch, dropped: Arc::clone(&dropped) }, BarcodeTask { source, status, dropped })
    }

    /// The status: absent, ready, or out of service with the reason `in-use` (another program holds the keyboard) or
    /// `no-access`.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Characters that belonged to no scan, and scans that nobody took, since the start: a measure of the line.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

impl BarcodeTask {
    /// Reads for ever and sends each scan. A scan for which there is no room is dropped: nobody waits for it. May be
    /// dropped at any await and called again.
    ///
    /// # Errors
    /// [`BarcodeTaskError::Unused`] once the receiver is gone.
    pub async fn run(
        &mut self,
        scans: &mpsc::Sender<String>,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Infallible, BarcodeTaskError> {
        let mut pause = FIRST_PAUSE;
        loop {
            beat();
            let opened = Instant::now();
            let result = match &self.source {
                Source::Serial(port) => match opening(port.open()).await {
                    Ok(line) => self.serve_line(line, scans, beat).await,
                    Err(error) => Err(End::Line(error)),
                },
                Source::Keyboard(port) => match opening(port.open()).await {
                    Ok(keys) => self.serve_keys(keys, scans, beat).await,
                    Err(error) => Err(End::Line(error)),
                },
            };
            match result {
                Ok(never) => match never {},
                Err(End::Unused) => return Err(BarcodeTaskError::Unused),
                Err(End::Line(error)) => self.publish(fault(&error)),
            }
            if opened.elapsed() > LONGEST_PAUSE {
                pause = FIRST_PAUSE;
            }
            let end = Instant::now() + pause;
            while Instant::now() < end {
                beat();
                tokio::select! {
                    () = scans.closed() => return Err(BarcodeTaskError::Unused),
                    () = sleep_until(end.min(Instant::now() + BEAT)) => {}
                }
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn serve_line(
        &self,
        mut line: Box<dyn Line>,
        scans: &mpsc::Sender<String>,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Infallible, End> {
        let mut decoder = ScanDecoder::new();
        let mut buffer = [0; 256];
        let mut empty = 0;
        self.publish(Status::Ready);
        let mut silence = None;
        loop {
            beat();
            let before = decoder.dropped();
            tokio::select! {
                biased;
                count = line.read(&mut buffer) => {
                    let bytes = buffer.get(..count?).unwrap_or_default();
                    if bytes.is_empty() {
                        // The line is going away: half a scan must not pass for a whole one.
                        decoder.abandon();
                        empty += 1;
                        if empty > EMPTY_READS {
                            return Err(End::Line(io::ErrorKind::UnexpectedEof.into()));
                        }
                        tokio::time::sleep(EMPTY_PAUSE).await;
                    } else {
                        empty = 0;
                    }
                    for &byte in bytes {
                        if let Some(scan) = decoder.push(byte) {
                            self.send(scans, scan)?;
                        }
                    }
                    silence = (!decoder.is_idle()).then(|| Instant::now() + SILENCE);
                }
                () = at(silence) => {
                    silence = None;
                    if let Some(scan) = decoder.end() {
                        self.send(scans, scan)?;
                    }
                }
                () = scans.closed() => return Err(End::Unused),
                () = sleep_until(Instant::now() + BEAT) => {}
            }
            self.count(decoder.dropped() - before);
        }
    }

    async fn serve_keys(
        &self,
        mut keys: Box<dyn KeyStream>,
        scans: &mpsc::Sender<String>,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Infallible, End> {
        let mut decoder = KeyDecoder::new();
        self.publish(Status::Ready);
        let mut silence = None;
        loop {
            beat();
            let before = decoder.dropped();
            tokio::select! {
                biased;
                event = keys.next() => {
                    if let Some(scan) = decoder.push(event?) {
                        self.send(scans, scan)?;
                    }
                    silence = (!decoder.is_idle()).then(|| Instant::now() + NO_ENTER);
                }
                () = at(silence) => {
                    silence = None;
                    decoder.abandon();
                }
                () = scans.closed() => return Err(End::Unused),
                () = sleep_until(Instant::now() + BEAT) => {}
            }
            self.count(decoder.dropped() - before);
        }
    }

    fn send(&self, scans: &mpsc::Sender<String>, scan: String) -> Result<(), End> {
        match scans.try_send(scan) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.count(1);
                Ok(())
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(End::Unused),
        }
    }

    fn count(&self, dropped: u64) {
        if dropped > 0 {
            let total = self.dropped.fetch_add(dropped, Ordering::Relaxed) + dropped;
            tracing::debug!(reader = self.source.name(), total, "characters of no scan");
        }
    }

    fn publish(&self, status: Status) {
        self.status.send_if_modified(|old| {
            let changed = *old != status;
            if changed {
                tracing::info!(reader = self.source.name(), ?status, "barcode reader");
                *old = status;
            }
            changed
        });
    }
}

async fn opening<T>(open: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(OPEN, open).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => pending().await,
    }
}

/// A reader that is there and cannot be had needs a technician; all else is a reader that is not there.
fn fault(error: &io::Error) -> Status {
    match error.kind() {
        io::ErrorKind::ResourceBusy => Status::OutOfService(Reason::new("in-use", error.to_string())),
        io::ErrorKind::PermissionDenied => Status::OutOfService(Reason::new("no-access", error.to_string())),
        _ => Status::Absent,
    }
}

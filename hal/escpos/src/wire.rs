//! The line of one printer while it is open: bytes out, reports in, with deadlines and the task's heartbeat.
//!
//! Reading never stops while writing waits: a printer that is full of data says what is wrong with it just then.
use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use hal_device::{Line, Reason};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use crate::classifier::{Classifier, Report};
use crate::{Condition, PrinterModel};

/// Longest wait without a heartbeat.
const BEAT: Duration = Duration::from_millis(500);
/// Longest time without a byte of a job taken: a full buffer of text is printed in less.
const STALL: Duration = Duration::from_secs(15);
/// The same while the head cools.
const STALL_HOT: Duration = Duration::from_secs(60);
/// The same after a fault: the piece under way is ended where the printer still takes it, so that it does not wait
/// for dots.
const STALL_TORN: Duration = Duration::from_secs(1);
/// The same for questions and for commands outside a job.
const STALL_COMMAND: Duration = Duration::from_secs(2);
/// Reports kept while nobody asks for them; older ones are dropped.
const KEPT: usize = 64;
/// Empty USB packets read as "no bytes" without the line being closed: so many are forgiven, with a pause between.
const EMPTY_READS: u32 = 10;
const EMPTY_PAUSE: Duration = Duration::from_millis(20);

/// The line is of no more use; it is opened again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    /// Reading or writing failed.
    #[error("the line to the printer failed: {0}")]
    Io(#[from] io::Error),
    /// The other end closed it.
    #[error("the line to the printer was closed")]
    Closed,
}

/// How far a piece went.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// All of it was taken.
    All,
    /// The printer stopped, with `left` bytes not sent.
    Stopped { left: usize, reason: Reason },
}

/// An open line.
pub(crate) struct Wire<'a> {
    reader: ReadHalf<Box<dyn Line>>,
    writer: WriteHalf<Box<dyn Line>>,
    classifier: Classifier,
    reports: VecDeque<Report>,
    /// The rest of a command that the line did not take whole; it goes before the next one.
    tail: Vec<u8>,
    beat: &'a (dyn Fn() + Sync),
    /// As last told.
    pub condition: Condition,
    /// That it is offline is known only from its own report: since then no question was answered.
    pub offline_by_itself: bool,
    /// Questions without an answer since the last one with.
    pub unanswered: u32,
    /// A ticket was at the exit since this was last set to false.
    pub ticket_seen: bool,
}

impl<'a> Wire<'a> {
    pub fn new(line: Box<dyn Line>, model: PrinterModel, beat: &'a (dyn Fn() + Sync)) -> Wire<'a> {
        let (reader, writer) = tokio::io::split(line);
        Wire {
            reader,
            writer,
            classifier: Classifier::new(model),
            reports: VecDeque::new(),
            tail: Vec::new(),
            beat,
            condition: Condition::default(),
            offline_by_itself: false,
            unanswered: 0,
            ticket_seen: false,
        }
    }

    /// Bytes that fitted nothing, since the line was opened.
    pub fn junk(&self) -> u64 {
        self.classifier.junk()
    }

    /// Reads once; false when nothing came until then. Dropping it loses nothing.
    pub async fn fill(&mut self, until: Instant) -> Result<bool, LineError> {
        let mut buffer = [0; 256];
        loop {
            (self.beat)();
            let deadline = until.min(Instant::now() + BEAT);
            match timeout_at(deadline, read(&mut self.reader, &mut buffer)).await {
                Ok(count) => {
                    let bytes = buffer.get(..count?).unwrap_or_default();
                    self.feed(bytes);
                    return Ok(true);
                }
                Err(_) if Instant::now() >= until => return Ok(false),
                Err(_) => {}
            }
        }
    }

    /// The first report that `pick` takes; the others stay for whoever asks for them.
    pub async fn wait<T>(
        &mut self,
        until: Instant,
        pick: impl Fn(&Report) -> Option<T>,
    ) -> Result<Option<T>, LineError> {
        loop {
            for place in 0..self.reports.len() {
                if let Some(found) = self.reports.get(place).and_then(&pick) {
                    self.reports.remove(place);
                    return Ok(Some(found));
                }
            }
            if !self.fill(until).await? {
                return Ok(None);
            }
        }
    }

    /// Reads what is there and forgets the reports that `stale` names: answers to questions of before.
    pub async fn forget(&mut self, stale: impl Fn(&Report) -> bool) -> Result<(), LineError> {
        while self.fill(Instant::now()).await? {}
        self.reports.retain(|report| !stale(report));
        Ok(())
    }

    /// Reads until the line has been quiet for `quiet`, at most ten times as long: a late answer must not be taken
    /// for that to the next question, nor the next one for the rest of a block that a stray byte began.
    pub async fn settle(&mut self, quiet: Duration) -> Result<(), LineError> {
        let end = Instant::now() + quiet * 10;
        while Instant::now() < end && self.fill(Instant::now() + quiet).await? {}
        self.classifier.abandon();
        Ok(())
    }

    /// Sends a question or a command, whatever the condition; false when the printer holds the line.
    pub async fn command(&mut self, bytes: &[u8]) -> Result<bool, LineError> {
        let tail = std::mem::take(&mut self.tail);
        let bytes = [tail.as_slice(), bytes].concat();
        let Sent::Stopped { left, .. } = self.write(&bytes, false).await? else { return Ok(true) };
        let sent = bytes.len() - left;
        // What was begun is ended later; what was not begun is given up.
        let end = if sent < tail.len() { tail.len() } else { bytes.len() };
        if sent != tail.len() {
            self.tail = bytes.get(sent..end).unwrap_or_default().to_vec();
        }
        Ok(false)
    }

    /// Sends a part of a job. After a fault no more than this piece is sent, and only while the printer takes it.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<Sent, LineError> {
        if !self.tail.is_empty() && !self.command(&[]).await? {
            let reason = Reason::new("offline", "the printer takes no data");
            return Ok(Sent::Stopped { left: bytes.len(), reason });
        }
        self.write(bytes, true).await
    }

    /// Sends bytes, reading at the same time.
    async fn write(&mut self, bytes: &[u8], heed: bool) -> Result<Sent, LineError> {
        let mut rest = bytes;
        let mut progress = Instant::now();
        let mut buffer = [0; 256];
        while !rest.is_empty() {
            (self.beat)();
            let stall = progress
                + match self.condition.tears() {
                    _ if !heed => STALL_COMMAND,
                    Some(_) => STALL_TORN,
                    None if self.condition.head_hot => STALL_HOT,
                    None => STALL,
                };
            if Instant::now() >= stall {
                let stuck = || Reason::new("jam", "the printer takes no more data and does not say why");
                let reason = self.condition.tears().unwrap_or_else(stuck);
                return Ok(Sent::Stopped { left: rest.len(), reason });
            }
            tokio::select! {
                biased;
                written = self.writer.write(rest) => {
                    let written = written?;
                    if written == 0 {
                        return Err(LineError::Closed);
                    }
                    rest = rest.get(written..).unwrap_or_default();
                    progress = Instant::now();
                }
                count = read(&mut self.reader, &mut buffer) => {
                    let count = count?;
                    self.feed(buffer.get(..count).unwrap_or_default());
                }
                () = sleep_until(stall.min(Instant::now() + BEAT)) => {}
            }
        }
        self.writer.flush().await?;
        Ok(Sent::All)
    }

    fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let Some(report) = self.classifier.push(byte) else { continue };
            match &report {
                Report::Automatic(bytes) => {
                    self.condition.automatic(*bytes);
                    self.offline_by_itself = self.condition.offline;
                }
                Report::Full(bytes) => self.condition.full(*bytes),
                Report::RealTime(_)
                | Report::Fence(_)
                | Report::Printed(_)
                | Report::Cleared
                | Report::Text(_)
                | Report::Counter { .. }
                | Report::Hold(_) => {}
            }
            self.ticket_seen |= self.condition.ticket_at_exit;
            if self.reports.len() == KEPT {
                self.reports.pop_front();
            }
            self.reports.push_back(report);
        }
    }
}

async fn read(reader: &mut ReadHalf<Box<dyn Line>>, buffer: &mut [u8]) -> Result<usize, LineError> {
    for _ in 0..EMPTY_READS {
        match reader.read(buffer).await? {
            0 => sleep(EMPTY_PAUSE).await,
            count => return Ok(count),
        }
    }
    Err(LineError::Closed)
}

//! One printer on one open line: jobs, and putting it right again after a torn one.
use std::time::Duration;

use hal_device::{Reason, Status};
use tokio::time::Instant;

use crate::epson::{Answer, Outcome};
use crate::job::{Part, Source, Work};
use crate::proof::{Counters, JobNumber};
use crate::wire::{LineError, Sent, Wire};
use crate::{HandOver, PageProgress, PrintError, PrinterConfig, PrinterModel, custom, epson, render};

/// Between two pieces the answer may wait behind a full buffer.
const MIDJOB_ANSWER: Duration = Duration::from_secs(10);
/// Longest stop in mid-job without a reason, such as the feed button held down.
const PAUSE: Duration = Duration::from_secs(10);
/// The same while the head cools.
const PAUSE_HOT: Duration = Duration::from_secs(60);
/// Longest wait for the next band of a page: drawing one takes less than a second.
const STARVED: Duration = Duration::from_secs(30);
/// Printed on what is left of a torn job before it is cut off, so that nobody takes it for a receipt.
const VOID: &str = "\n*** ANULADO · ANUL·LAT · VOID ***\n";

/// What the printer may still hold of jobs before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buffer {
    /// Nothing.
    Clean,
    /// Perhaps something that is still being printed; nothing says that it is broken off.
    Unknown,
    /// A part of a job that was broken off.
    Torn,
    /// Nothing but the mark that voids a torn job and its cut, on their way.
    Voided,
}

/// What a task keeps from one opening of the port to the next.
#[derive(Debug)]
pub(crate) struct Memory {
    pub buffer: Buffer,
    pub number: JobNumber,
    pub product: String,
    /// Bytes of a piece that the printer still waits for.
    pub left: usize,
}

impl Memory {
    /// At power-on: a job of before may still be under way.
    pub fn new() -> Memory {
        Memory { buffer: Buffer::Unknown, number: JobNumber::default(), product: String::new(), left: 0 }
    }
}

/// An open line with what is known of the printer.
pub(crate) struct Session<'a> {
    pub wire: Wire<'a>,
    pub config: &'a PrinterConfig,
    pub memory: &'a mut Memory,
    /// The first byte of the last job was sent, or tried.
    pub began: bool,
}

impl Session<'_> {
    /// Asks for the whole status.
    pub async fn poll(&mut self) -> Result<Answer, LineError> {
        match self.config.model {
            PrinterModel::Epson => epson::poll(&mut self.wire).await,
            PrinterModel::Custom => custom::poll(&mut self.wire, Duration::from_secs(1)).await,
        }
    }

    /// Turns on what the printer reports by itself, and asks what it is.
    pub async fn identify(&mut self) -> Result<(), LineError> {
        match self.config.model {
            PrinterModel::Epson => {
                self.wire.command(&render::enable_reports()).await?;
            }
            PrinterModel::Custom => custom::enable_reports(&mut self.wire).await?,
        }
        if let Some(product) = epson::product(&mut self.wire).await? {
            self.memory.product = product;
        }
        Ok(())
    }

    /// What the printer can do now, the state of its buffer included.
    pub fn status(&self) -> Status {
        match self.wire.condition.status() {
            Status::Ready | Status::Degraded(_) if self.memory.buffer != Buffer::Clean => {
                Status::OutOfService(Reason::new(
                    "buffer",
                    "a print of before is not at its end; if this stays, switch the printer off and on",
                ))
            }
            status => status,
        }
    }

    /// Prints the sheets of a job, each with its proof, and hands them over. The memory says what the printer may
    /// hold, whenever this is dropped.
    pub async fn print(&mut self, work: &mut Work) -> Result<Result<HandOver, PrintError>, LineError> {
        let mut last = HandOver::Out;
        let mut sheet: u16 = 0;
        loop {
            // Asked for before the printer is touched: what cannot be drawn costs no paper.
            let first = match self.next(work).await? {
                Part::Piece(piece) => piece,
                Part::End if sheet > 0 => return Ok(Ok(last)),
                Part::End | Part::Sheet => {
                    return Ok(Err(PrintError::Unprintable("there is nothing on it".to_owned())));
                }
                Part::Broken(why) if sheet == 0 => return Ok(Err(PrintError::Unprintable(why))),
                Part::Broken(why) => return Ok(Err(PrintError::Torn(format!("after page {sheet}: {why}")))),
            };
            sheet = sheet.saturating_add(1);
            work.progress.send_replace(PageProgress { page: sheet, held_out: false });
            match self.sheet(first, work).await? {
                Ok(()) => {}
                Err(PrintError::NotReady(why)) if sheet > 1 => {
                    return Ok(Err(PrintError::Torn(format!("page {sheet} was not begun: {why}"))));
                }
                Err(error) => return Ok(Err(error)),
            }
            last = self.hand_over(work).await;
            if matches!(last, HandOver::Retracted | HandOver::Left) {
                return Ok(Ok(last));
            }
        }
    }

    /// The next part of a job; the printer is listened to meanwhile.
    async fn next(&mut self, work: &mut Work) -> Result<Part, LineError> {
        let receiver = match &mut work.source {
            Source::Ready(parts) => return Ok(parts.pop_front().unwrap_or(Part::End)),
            Source::Fed(receiver) => receiver,
        };
        let end = Instant::now() + STARVED;
        loop {
            tokio::select! {
                biased;
                part = receiver.recv() => {
                    let gone = || Part::Broken("whoever draws the pages has ended".to_owned());
                    return Ok(part.unwrap_or_else(gone));
                }
                more = self.wire.fill(end) => {
                    if !more? {
                        return Ok(Part::Broken("drawing the page takes too long".to_owned()));
                    }
                }
            }
        }
    }

    /// Prints one sheet, from its first piece to its proof.
    async fn sheet(&mut self, first: Vec<u8>, work: &mut Work) -> Result<Result<(), PrintError>, LineError> {
        if let Err(reason) = self.prepare().await? {
            return Ok(Err(PrintError::NotReady(reason.detail)));
        }
        let before = match self.before().await? {
            Ok(before) => before,
            Err(reason) => return Ok(Err(PrintError::NotReady(reason.detail))),
        };
        self.began = true;
        self.memory.buffer = Buffer::Torn;
        let mut piece = first;
        loop {
            self.memory.left = piece.len();
            if let Sent::Stopped { left, reason } = self.wire.send(&piece).await? {
                self.memory.left = if left < piece.len() { left } else { 0 };
                return Ok(Err(PrintError::Torn(reason.detail)));
            }
            self.memory.left = 0;
            if let Some(reason) = self.interrupted().await? {
                return Ok(Err(PrintError::Torn(reason.detail)));
            }
            piece = match self.next(work).await? {
                Part::Piece(piece) => piece,
                Part::Sheet => break,
                Part::End => return Ok(Err(PrintError::Torn("the page has no end".to_owned()))),
                Part::Broken(why) => return Ok(Err(PrintError::Torn(why))),
            };
        }
        let outcome = match before {
            Some(counters) => custom::prove(&mut self.wire, counters).await?,
            None => {
                self.memory.number = self.memory.number.next();
                epson::prove(&mut self.wire, self.memory.number).await?
            }
        };
        Ok(match outcome {
            Outcome::Printed => {
                self.memory.buffer = Buffer::Clean;
                Ok(())
            }
            Outcome::Torn(reason) => Err(PrintError::Torn(reason.detail)),
            Outcome::Unknown(why) => {
                self.memory.buffer = Buffer::Unknown;
                Err(PrintError::Unknown(why.to_owned()))
            }
        })
    }

    /// Waits until a printed sheet is taken. It is proven: a line that fails here makes it no less printed.
    async fn hand_over(&mut self, work: &Work) -> HandOver {
        let Some(patience) = work.patience else { return HandOver::Out };
        if self.config.model == PrinterModel::Epson {
            return HandOver::Out;
        }
        work.progress.send_modify(|progress| progress.held_out = true);
        let handed = custom::hand_over(&mut self.wire, patience).await;
        handed.unwrap_or_else(|error| {
            tracing::warn!(%error, "whether the page was taken is unknown");
            HandOver::Left
        })
    }

    /// Status before the job, and an empty buffer.
    async fn prepare(&mut self) -> Result<Result<(), Reason>, LineError> {
        if self.poll().await? != Answer::Given {
            let silent = || Reason::new("offline", "the printer does not answer");
            return Ok(Err(self.wire.condition.tears().unwrap_or_else(silent)));
        }
        if self.wire.condition.status().usable() && self.memory.buffer != Buffer::Clean {
            self.tidy().await?;
        }
        Ok(match self.status() {
            Status::OutOfService(reason) => Err(reason),
            _ => Ok(()),
        })
    }

    /// What is to be read before the first byte: the counters, where they are the proof.
    async fn before(&mut self) -> Result<Result<Option<Counters>, Reason>, LineError> {
        if self.config.model == PrinterModel::Epson {
            return Ok(Ok(None));
        }
        if !custom::free_exit(&mut self.wire).await? {
            return Ok(Err(Reason::new("jam", "the last ticket blocks the exit")));
        }
        let counters = custom::counters(&mut self.wire).await?;
        self.wire.ticket_seen = false;
        Ok(counters.map(Some).ok_or_else(custom::no_counters))
    }

    /// Between two pieces: why the job is torn, if it is. Waits while the head cools or the feed button is held.
    async fn interrupted(&mut self) -> Result<Option<Reason>, LineError> {
        let start = Instant::now();
        loop {
            let answered = match self.config.model {
                PrinterModel::Epson => epson::glance(&mut self.wire, MIDJOB_ANSWER).await?,
                PrinterModel::Custom => custom::poll(&mut self.wire, MIDJOB_ANSWER).await?,
            };
            if let Some(reason) = self.wire.condition.tears() {
                return Ok(Some(reason));
            }
            if answered == Answer::Silence {
                return Ok(Some(Reason::new("offline", "the printer stopped answering in mid-job")));
            }
            let Status::OutOfService(reason) = self.wire.condition.status() else { return Ok(None) };
            let patience = if self.wire.condition.head_hot { PAUSE_HOT } else { PAUSE };
            if start.elapsed() >= patience {
                return Ok(Some(reason));
            }
            self.wire.fill(Instant::now() + Duration::from_millis(250)).await?;
        }
    }

    /// At once after a torn job, while the printer still stands: clears what it holds, where it can. Whether that
    /// worked is seen by [`Session::tidy`] later.
    pub async fn stop(&mut self) -> Result<(), LineError> {
        self.finish_piece().await?;
        self.clear().await.map(drop)
    }

    /// Before the next job: an empty buffer, and what hangs out of a torn job marked and cut off, once. What does not
    /// come to its end here is tried again at the next call.
    pub async fn tidy(&mut self) -> Result<(), LineError> {
        match self.memory.buffer {
            Buffer::Clean => {}
            Buffer::Unknown => {
                self.memory.buffer = if self.at_rest().await? {
                    Buffer::Clean
                } else {
                    tracing::warn!("the printer does not end what it has from before; it will be cleared");
                    Buffer::Torn
                };
            }
            Buffer::Torn => {
                self.finish_piece().await?;
                if !self.clear().await? {
                    tracing::warn!("the printer cannot clear its buffer; what comes out of it is voided");
                }
                if self.void().await? {
                    self.memory.buffer = Buffer::Voided;
                    self.end_void().await?;
                }
            }
            Buffer::Voided => self.end_void().await?,
        }
        Ok(())
    }

    async fn end_void(&mut self) -> Result<(), LineError> {
        if self.at_rest().await? && custom::free_exit(&mut self.wire).await? {
            self.memory.buffer = Buffer::Clean;
        }
        Ok(())
    }

    /// Empties the printer's buffers; false when it does not say that it did.
    async fn clear(&mut self) -> Result<bool, LineError> {
        match self.config.model {
            PrinterModel::Epson => epson::clear(&mut self.wire).await,
            PrinterModel::Custom => custom::reset(&mut self.wire).await,
        }
    }

    /// Waits until the printer has worked off all it got; false when that takes too long or a fault comes.
    async fn at_rest(&mut self) -> Result<bool, LineError> {
        match self.config.model {
            PrinterModel::Epson => epson::fence(&mut self.wire).await,
            PrinterModel::Custom => custom::at_rest(&mut self.wire).await,
        }
    }

    /// Gives the printer the rest of a piece as zeros, in case it still waits for dots.
    async fn finish_piece(&mut self) -> Result<(), LineError> {
        let zeros = vec![0; self.memory.left];
        self.memory.left = match self.wire.send(&zeros).await? {
            Sent::All => 0,
            Sent::Stopped { left, .. } => left,
        };
        Ok(())
    }

    async fn void(&mut self) -> Result<bool, LineError> {
        let mut bytes = vec![0x1B, b'@', 0x1B, b't', self.config.code_page];
        if self.config.model == PrinterModel::Epson {
            bytes.extend_from_slice(&render::enable_reports());
        }
        bytes.extend(crate::encode_pc858(VOID).unwrap_or_default());
        bytes.extend_from_slice(&render::cut(self.config));
        Ok(self.wire.send(&bytes).await? == Sent::All)
    }
}

//! The line: one transaction at a time, its echo, its deadline, and repeats of what may be repeated
//! (ccTalk generic specification part 1, sections 11 and 12).
//!
//! After anything but a good reply the line must be silent for 50 ms before the next request, so that a late or
//! broken reply is never taken for the answer to another command. When the line fails (unplugged) it is closed,
//! and every transaction fails until the task opens it again.
use std::io;
use std::time::Duration;

use hal_device::Line;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

use crate::api::{Echo, LineQuality, Place};
use crate::codec::{Assembler, EchoMode, Frame, GAP, encode};
use crate::command::{Command, Reply, ReplyError};

/// Tries of a command that may be sent again.
pub const TRIES: u8 = 3;
/// A line that takes longer to swallow a request is broken.
const WRITE_LIMIT: Duration = Duration::from_secs(2);
/// A line that never falls silent is not listened to for longer.
const QUIET_LIMIT: Duration = Duration::from_secs(1);
/// One byte at 9600 baud, rounded up.
const BYTE: Duration = Duration::from_micros(1_050);
/// The heart beats at least this often while a slow command is awaited.
const BEAT: Duration = Duration::from_millis(500);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// Nothing usable came in time.
    #[error("no answer")]
    Silent,
    /// The device said NAK.
    #[error("refused (NAK)")]
    Refused,
    /// The device said BUSY to every try.
    #[error("busy")]
    Busy,
    /// The line is closed.
    #[error("the line is closed")]
    Closed,
}

/// The bus.
pub struct Bus {
    line: Option<Box<dyn Line>>,
    setting: Echo,
    echo: Option<bool>,
    /// The line must fall silent before the next request.
    disturbed: bool,
    quality: LineQuality,
}

impl Bus {
    /// A bus without a line.
    pub fn new(echo: Echo) -> Bus {
        Bus { line: None, setting: echo, echo: None, disturbed: true, quality: LineQuality::default() }
    }

    /// Takes a freshly opened line.
    pub fn connect(&mut self, line: Box<dyn Line>) {
        self.line = Some(line);
        self.disturbed = true;
        self.echo = match self.setting {
            Echo::Auto => None,
            Echo::On => Some(true),
            Echo::Off => Some(false),
        };
    }

    /// A transaction may have been cut off in its middle.
    pub fn disturb(&mut self) {
        self.disturbed = true;
    }

    /// True while there is a line.
    pub fn is_open(&self) -> bool {
        self.line.is_some()
    }

    /// Counters since start.
    pub fn quality(&self) -> LineQuality {
        self.quality
    }

    /// Asks `place` and returns its answer; repeats what may be repeated.
    pub async fn ask(
        &mut self,
        place: Place,
        command: &Command,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Reply, Lost> {
        let tries = if command.idempotent() { TRIES } else { 1 };
        self.ask_times(place, command, tries, beat).await
    }

    /// As [`Bus::ask`] with a number of tries of one's own.
    pub async fn ask_times(
        &mut self,
        place: Place,
        command: &Command,
        tries: u8,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Reply, Lost> {
        let mut last = Lost::Silent;
        for try_number in 0..tries {
            if try_number > 0 {
                self.quality.retries += 1;
            }
            match self.transact(place, command, beat).await {
                Err(lost @ (Lost::Silent | Lost::Busy)) => last = lost,
                answer => return answer,
            }
        }
        Err(last)
    }

    async fn transact(
        &mut self,
        place: Place,
        command: &Command,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Reply, Lost> {
        beat();
        if self.disturbed || self.stale().await? {
            self.quiet().await?;
        }
        let Some(line) = self.line.as_mut() else { return Err(Lost::Closed) };
        let frame = Frame {
            destination: place.address,
            source: None,
            header: command.header(),
            data: command.data(),
        };
        let bytes = encode(&frame, place.checksum);
        self.quality.commands += 1;
        // Until a good reply is here, whatever comes is a disturbance: also when this future is dropped.
        self.disturbed = true;
        let written = timeout(WRITE_LIMIT, async {
            line.write_all(&bytes).await?;
            line.flush().await
        });
        match written.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(self.fail(&error.to_string())),
            Err(_) => return Err(self.fail("the line does not take the request")),
        }
        let mode = match self.echo {
            Some(true) => EchoMode::Expected,
            Some(false) => EchoMode::Absent,
            None => EchoMode::Unknown,
        };
        // The request has to leave, its echo and the longest usual reply have to come.
        let wire = BYTE * u32::try_from(bytes.len() + 32).unwrap_or(u32::MAX);
        let deadline = Instant::now() + wire + command.deadline();
        let mut assembler = Assembler::new(bytes, mode, place.checksum);
        let reply = self.receive(&mut assembler, deadline, beat).await;
        if self.echo.is_none() {
            self.echo = assembler.echo_seen();
        }
        match command.parse(place.address, &reply?) {
            Ok(reply) => {
                self.disturbed = false;
                Ok(reply)
            }
            Err(ReplyError::Refused) => {
                self.disturbed = false;
                Err(Lost::Refused)
            }
            Err(ReplyError::Busy) => Err(Lost::Busy),
            Err(error) => {
                self.quality.bad_frames += 1;
                tracing::debug!(address = place.address, header = command.header(), %error, "bad reply");
                Err(Lost::Silent)
            }
        }
    }

    /// Collects one frame until `deadline`.
    async fn receive(
        &mut self,
        assembler: &mut Assembler,
        deadline: Instant,
        beat: &(dyn Fn() + Sync),
    ) -> Result<Frame, Lost> {
        let mut last_byte = Instant::now();
        let mut buffer = [0u8; 64];
        loop {
            let Some(line) = self.line.as_mut() else { return Err(Lost::Closed) };
            let wake = deadline.min(Instant::now() + BEAT);
            match timeout_at(wake, line.read(&mut buffer)).await {
                Err(_) if wake < deadline => beat(),
                Err(_) => {
                    if assembler.partial() {
                        self.quality.bad_frames += 1;
                    } else {
                        self.quality.timeouts += 1;
                    }
                    return Err(Lost::Silent);
                }
                Ok(Ok(0)) => return Err(self.fail("the line ended")),
                Ok(Err(error)) => return Err(self.fail(&error.to_string())),
                Ok(Ok(count)) => {
                    let now = Instant::now();
                    let silence = now.duration_since(last_byte);
                    last_byte = now;
                    match assembler.push(buffer.get(..count).unwrap_or_default(), silence) {
                        Ok(Some(frame)) => return Ok(frame),
                        Ok(None) => {}
                        Err(error) => {
                            match error {
                                crate::codec::FrameError::Echo => self.quality.bad_echoes += 1,
                                _ => self.quality.bad_frames += 1,
                            }
                            tracing::debug!(%error, "bad frame");
                            return Err(Lost::Silent);
                        }
                    }
                }
            }
        }
    }

    /// True when bytes are waiting that nobody asked for: a reply that came after its time.
    async fn stale(&mut self) -> Result<bool, Lost> {
        let Some(line) = self.line.as_mut() else { return Err(Lost::Closed) };
        let mut buffer = [0u8; 64];
        match timeout(Duration::ZERO, line.read(&mut buffer)).await {
            Err(_) => Ok(false),
            Ok(Ok(0)) => Err(self.fail("the line ended")),
            Ok(Err(error)) => Err(self.fail(&error.to_string())),
            Ok(Ok(_)) => {
                self.quality.bad_frames += 1;
                Ok(true)
            }
        }
    }

    /// Reads and drops until the line has been silent for [`GAP`].
    async fn quiet(&mut self) -> Result<(), Lost> {
        let limit = Instant::now() + QUIET_LIMIT;
        let mut buffer = [0u8; 64];
        loop {
            let Some(line) = self.line.as_mut() else { return Err(Lost::Closed) };
            match timeout(GAP, line.read(&mut buffer)).await {
                Err(_) => break,
                Ok(Ok(0)) => return Err(self.fail("the line ended")),
                Ok(Err(error)) => return Err(self.fail(&error.to_string())),
                Ok(Ok(_)) if Instant::now() >= limit => {
                    self.quality.bad_frames += 1;
                    return Err(Lost::Silent);
                }
                Ok(Ok(_)) => {}
            }
        }
        self.disturbed = false;
        Ok(())
    }

    fn fail(&mut self, why: &str) -> Lost {
        tracing::warn!(why, "the cash line failed");
        self.line = None;
        Lost::Closed
    }
}

/// Opens of a line that fail are told once a change, not each time.
#[derive(Debug, Default)]
pub struct OpenLog(Option<io::ErrorKind>);

impl OpenLog {
    /// Logs the failure when it is another one than last time.
    pub fn failed(&mut self, port: &str, error: &io::Error) {
        if self.0.replace(error.kind()) != Some(error.kind()) {
            tracing::warn!(port, %error, "the cash line cannot be opened");
        }
    }
    /// The line is open.
    pub fn opened(&mut self, port: &str) {
        self.0 = None;
        tracing::info!(port, "the cash line is open");
    }
}

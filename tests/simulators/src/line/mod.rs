//! A bad cable: an adaptor between a host and any simulator, with faults and a recorder.
//!
//! `pump` carries bytes both ways until one end closes or the line is cut; after that it can be
//! run again with new streams, as a cable that is plugged in again.

mod carry;
mod record;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::sync::{Mutex, Notify};
use tokio::time::{Instant, sleep_until};

use carry::Carry;
pub use record::{Direction, Recorded};

use crate::{locked, unplugged};

/// How the line knows where a command begins and what of the answer is only echo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// ccTalk frames; with `echo` the device side sends everything back first.
    CcTalk { echo: bool },
    /// A command begins after this much silence, or after an answer.
    Silence(Duration),
}

/// `n` counts from 1: 1 is the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineFault {
    /// Nothing passes, until `Clear`.
    Silent,
    /// Every byte takes this many microseconds.
    Slow {
        us_per_byte: u32,
    },
    /// Every byte takes the ten bits it has.
    Baud {
        rate: u32,
    },
    /// The n-th byte from now to the host is changed.
    GarbleToHost {
        n: u64,
    },
    GarbleToDevice {
        n: u64,
    },
    /// The n-th answer from now is lost.
    DropReply {
        n: u64,
    },
    /// Whatever answers the n-th command from now is lost.
    DropRepliesTo {
        n: u64,
    },
    /// The n-th command from now never reaches the device.
    DropCommand {
        n: u64,
    },
    /// The plug comes out now.
    Cut,
    /// The plug comes out at the n-th command from now, before the device sees it.
    CutAtCommand {
        n: u64,
    },
    Clear,
}

/// A handle on one line. Clones share one state.
#[derive(Clone)]
pub struct Line {
    carry: Arc<std::sync::Mutex<Carry>>,
    cut: Arc<Notify>,
}

impl Line {
    #[must_use]
    pub fn new(framing: Framing) -> Self {
        let carry = Carry::new(framing, Instant::now());
        Self { carry: Arc::new(std::sync::Mutex::new(carry)), cut: Arc::new(Notify::new()) }
    }

    pub fn fault(&self, fault: LineFault) {
        if fault == LineFault::Cut {
            self.cut.notify_waiters();
        } else {
            locked(&self.carry).fault(fault);
        }
    }

    /// Everything that passed, or was lost, so far.
    #[must_use]
    pub fn recording(&self) -> Vec<Recorded> {
        locked(&self.carry).recorder.all()
    }

    /// The recording as lines of time, direction and hex.
    #[must_use]
    pub fn dump(&self) -> String {
        locked(&self.carry).recorder.dump()
    }

    pub fn clear_recording(&self) {
        locked(&self.carry).recorder.clear();
    }

    /// Commands seen on this line so far.
    #[must_use]
    pub fn commands(&self) -> u64 {
        locked(&self.carry).commands
    }

    /// Carries bytes between the two until one end closes, or the line is cut.
    ///
    /// # Errors
    /// What a stream reports besides its end.
    pub async fn pump<H, D>(&self, host: H, device: D) -> io::Result<()>
    where
        H: AsyncRead + AsyncWrite + Unpin + Send,
        D: AsyncRead + AsyncWrite + Unpin + Send,
    {
        locked(&self.carry).plugged();
        let (from_host, to_host) = tokio::io::split(host);
        let (from_device, to_device) = tokio::io::split(device);
        let (to_host, to_device) = (Mutex::new(to_host), Mutex::new(to_device));
        unplugged(tokio::select! {
            biased;
            () = self.cut.notified() => Ok(()),
            result = self.one_way(from_host, &to_device, &to_host, Direction::ToDevice) => result,
            result = self.one_way(from_device, &to_host, &to_device, Direction::ToHost) => result,
        })
    }

    /// `back` leads to where the bytes came from: a line owes the echo of what it swallows.
    async fn one_way<A, B>(
        &self,
        mut from: ReadHalf<A>,
        to: &Mutex<WriteHalf<B>>,
        back: &Mutex<WriteHalf<A>>,
        direction: Direction,
    ) -> io::Result<()>
    where
        A: AsyncRead + AsyncWrite,
        B: AsyncWrite,
    {
        let mut buffer = [0_u8; 1024];
        let mut free_at = Instant::now();
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            let bytes = buffer.get(..count).unwrap_or_default();
            let pace = locked(&self.carry).byte_time();
            let portions = bytes.chunks(if pace.is_zero() { bytes.len() } else { 1 });
            for portion in portions {
                free_at = free_at.max(Instant::now()) + pace;
                if !pace.is_zero() {
                    sleep_until(free_at).await;
                }
                let passed = locked(&self.carry).pass(direction, portion, Instant::now());
                if passed.cut {
                    return Ok(());
                }
                send(back, &passed.echo).await?;
                send(to, &passed.bytes).await?;
            }
        }
    }
}

async fn send<W: AsyncWrite>(to: &Mutex<WriteHalf<W>>, bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut to = to.lock().await;
    to.write_all(bytes).await?;
    to.flush().await
}

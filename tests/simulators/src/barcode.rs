//! A barcode scanner on a serial line: it sends what it saw, and nothing else.
//!
//! Unplugged it keeps nothing: what is scanned then is lost. It hears the host's commands
//! (lamp, trigger) and only records them.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Notify;

use crate::rng::Rng;
use crate::{locked, unplugged};

#[derive(Clone, Debug)]
pub struct BarcodeConfig {
    /// Sent before each code, for example an AIM identifier.
    pub prefix: Vec<u8>,
    /// Sent after each code.
    pub suffix: Vec<u8>,
    /// Chooses places to garble and split.
    pub seed: u64,
}

impl Default for BarcodeConfig {
    fn default() -> Self {
        Self { prefix: Vec::new(), suffix: b"\r".to_vec(), seed: 1 }
    }
}

/// What happens to the next scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BarcodeFault {
    /// One byte of it is another one.
    Garble,
    /// It comes in pieces with pauses of this many milliseconds.
    Split {
        pause_ms: u32,
    },
    /// It comes twice.
    Twice,
    /// So many random bytes without an end come before it.
    Junk {
        bytes: u32,
    },
    /// The suffix is missing.
    NoSuffix,
    /// Nothing is sent, until `Clear`.
    Silent,
    Clear,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BarcodeSnapshot {
    pub plugged: bool,
    pub silent: bool,
    pub scans: u64,
    /// Scanned while nothing listened.
    pub lost: u64,
    pub last: Option<String>,
    /// What the host sent.
    pub heard: Vec<u8>,
}

struct Piece {
    bytes: Vec<u8>,
    pause: Duration,
}

struct State {
    config: BarcodeConfig,
    rng: Rng,
    queue: VecDeque<Piece>,
    next: Vec<BarcodeFault>,
    seen: BarcodeSnapshot,
}

/// A handle on one scanner. Clones share one state.
#[derive(Clone)]
pub struct BarcodeScanner {
    state: Arc<Mutex<State>>,
    wake: Arc<Notify>,
}

impl BarcodeScanner {
    #[must_use]
    pub fn new(config: BarcodeConfig) -> Self {
        let state = State {
            rng: Rng::new(config.seed),
            config,
            queue: VecDeque::new(),
            next: Vec::new(),
            seen: BarcodeSnapshot::default(),
        };
        Self { state: Arc::new(Mutex::new(state)), wake: Arc::new(Notify::new()) }
    }

    /// A person holds this code under the window.
    pub fn scan(&self, code: &[u8]) {
        let mut state = locked(&self.state);
        state.seen.scans += 1;
        state.seen.last = Some(String::from_utf8_lossy(code).into_owned());
        if !state.seen.plugged || state.seen.silent {
            state.seen.lost += 1;
            return;
        }
        let faults = std::mem::take(&mut state.next);
        let mut message = state.config.prefix.clone();
        message.extend_from_slice(code);
        if !faults.contains(&BarcodeFault::NoSuffix) {
            message.extend_from_slice(&state.config.suffix.clone());
        }
        let mut pause = None;
        for fault in faults {
            match fault {
                BarcodeFault::Garble => {
                    let length = u64::try_from(message.len()).unwrap_or(1);
                    let place = usize::try_from(state.rng.below(length)).unwrap_or(0);
                    let other = state.rng.byte() | 1;
                    if let Some(byte) = message.get_mut(place) {
                        *byte ^= other;
                    }
                }
                BarcodeFault::Split { pause_ms } => pause = Some(Duration::from_millis(pause_ms.into())),
                BarcodeFault::Twice => message.extend_from_slice(&message.clone()),
                BarcodeFault::Junk { bytes } => {
                    let mut junk: Vec<u8> = (0..bytes.min(16 << 20)).map(|_| state.rng.byte()).collect();
                    junk.retain(|byte| !matches!(byte, b'\r' | b'\n'));
                    junk.extend_from_slice(&message);
                    message = junk;
                }
                BarcodeFault::NoSuffix | BarcodeFault::Silent | BarcodeFault::Clear => {}
            }
        }
        match pause {
            None => state.queue.push_back(Piece { bytes: message, pause: Duration::ZERO }),
            Some(pause) => {
                let mut rest = message.as_slice();
                while !rest.is_empty() {
                    let length = usize::try_from(1 + state.rng.below(6)).unwrap_or(1).min(rest.len());
                    let (piece, tail) = rest.split_at(length);
                    state.queue.push_back(Piece { bytes: piece.to_vec(), pause });
                    rest = tail;
                }
            }
        }
        drop(state);
        self.wake.notify_one();
    }

    pub fn fault(&self, fault: BarcodeFault) {
        let mut state = locked(&self.state);
        match fault {
            BarcodeFault::Silent => state.seen.silent = true,
            BarcodeFault::Clear => {
                state.seen.silent = false;
                state.next.clear();
            }
            next => state.next.push(next),
        }
    }

    #[must_use]
    pub fn snapshot(&self) -> BarcodeSnapshot {
        locked(&self.state).seen.clone()
    }

    /// Sends what is scanned on this line until it is unplugged.
    ///
    /// # Errors
    /// What the stream reports besides its end.
    pub async fn run<S>(&self, stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        locked(&self.state).seen.plugged = true;
        let result = unplugged(self.speak(stream).await);
        let mut state = locked(&self.state);
        state.seen.plugged = false;
        state.queue.clear();
        result
    }

    async fn speak<S>(&self, mut stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let mut buffer = [0_u8; 256];
        loop {
            let piece = locked(&self.state).queue.pop_front();
            if let Some(piece) = piece {
                tokio::time::sleep(piece.pause).await;
                stream.write_all(&piece.bytes).await?;
                stream.flush().await?;
                continue;
            }
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                read = stream.read(&mut buffer) => {
                    let count = read?;
                    if count == 0 {
                        return Ok(());
                    }
                    let mut state = locked(&self.state);
                    if state.seen.heard.len() < 4096 {
                        state.seen.heard.extend_from_slice(buffer.get(..count).unwrap_or_default());
                    }
                }
            }
        }
    }
}

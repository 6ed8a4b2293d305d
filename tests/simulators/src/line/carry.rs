//! Which bytes pass: the line's faults, without any stream.

use std::time::Duration;

use tokio::time::Instant;

use super::record::{Direction, Recorder};
use super::{Framing, LineFault};

#[derive(Clone, Debug, Default)]
struct Faults {
    silent: bool,
    byte_time: Duration,
    garble_to_host: u64,
    garble_to_device: u64,
    drop_reply: u64,
    drop_replies_to: u64,
    drop_command: u64,
    cut_at: u64,
}

/// What of a portion goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    pub bytes: Vec<u8>,
    /// Goes back to the host: the echo of a command the device side never sees.
    pub echo: Vec<u8>,
    pub cut: bool,
}

pub struct Carry {
    framing: Framing,
    faults: Faults,
    started: Instant,
    pub recorder: Recorder,
    pub commands: u64,
    /// Bytes of the frame being sent by the host.
    frame: Vec<u8>,
    last_from_host: Instant,
    answered: bool,
    /// Echo bytes still to come from the device side.
    echo_due: usize,
    dropping_command: bool,
    dropping_reply: bool,
}

/// Silence that ends a ccTalk frame (reference 1.2).
const GAP: Duration = Duration::from_millis(50);

/// Counts a fault down; true when it strikes now.
fn strikes(counter: &mut u64) -> bool {
    let now = *counter == 1;
    *counter = counter.saturating_sub(1);
    now
}

impl Carry {
    pub fn new(framing: Framing, now: Instant) -> Self {
        Self {
            framing,
            faults: Faults::default(),
            started: now,
            recorder: Recorder::default(),
            commands: 0,
            frame: Vec::new(),
            last_from_host: now,
            answered: true,
            echo_due: 0,
            dropping_command: false,
            dropping_reply: false,
        }
    }

    pub fn plugged(&mut self) {
        self.frame.clear();
        self.answered = true;
        self.echo_due = 0;
        self.dropping_command = false;
        self.dropping_reply = false;
    }

    pub fn byte_time(&self) -> Duration {
        self.faults.byte_time
    }

    pub fn fault(&mut self, fault: LineFault) {
        let faults = &mut self.faults;
        match fault {
            LineFault::Silent => faults.silent = true,
            LineFault::Slow { us_per_byte } => faults.byte_time = Duration::from_micros(us_per_byte.into()),
            LineFault::Baud { rate } => {
                faults.byte_time = Duration::from_nanos(10_000_000_000 / u64::from(rate.max(1)));
            }
            LineFault::GarbleToHost { n } => faults.garble_to_host = n,
            LineFault::GarbleToDevice { n } => faults.garble_to_device = n,
            LineFault::DropReply { n } => faults.drop_reply = n,
            LineFault::DropRepliesTo { n } => faults.drop_replies_to = n,
            LineFault::DropCommand { n } => faults.drop_command = n,
            LineFault::CutAtCommand { n } => faults.cut_at = n,
            LineFault::Clear => *faults = Faults::default(),
            LineFault::Cut => {}
        }
    }

    pub fn pass(&mut self, direction: Direction, bytes: &[u8], now: Instant) -> Passed {
        let at = now - self.started;
        let mut passed = Passed::default();
        for byte in bytes {
            let fate = match direction {
                Direction::ToDevice => self.host_byte(*byte, now),
                Direction::ToHost => self.device_byte(*byte),
            };
            let Some(fate) = fate else {
                passed.cut = true;
                return passed;
            };
            let echoes = self.framing == Framing::CcTalk { echo: true };
            if direction == Direction::ToDevice && echoes && self.dropping_command {
                passed.echo.push(*byte);
                self.recorder.add(at, Direction::ToHost, *byte, false);
            }
            self.recorder.add(at, direction, fate.unwrap_or(*byte), fate.is_none());
            passed.bytes.extend(fate);
        }
        passed
    }

    /// Outer `None`: the line is cut. Inner `None`: the byte is lost.
    fn host_byte(&mut self, byte: u8, now: Instant) -> Option<Option<u8>> {
        let silence = now.duration_since(self.last_from_host);
        self.last_from_host = now;
        let begins = match self.framing {
            Framing::CcTalk { .. } => {
                if silence >= GAP {
                    self.frame.clear();
                }
                self.frame.is_empty()
            }
            Framing::Silence(gap) => silence >= gap || self.answered,
        };
        if begins {
            self.commands += 1;
            self.answered = false;
            self.dropping_command = strikes(&mut self.faults.drop_command);
            self.dropping_reply = strikes(&mut self.faults.drop_replies_to);
            if strikes(&mut self.faults.cut_at) {
                return None;
            }
        }
        if let Framing::CcTalk { echo } = self.framing {
            self.frame.push(byte);
            let whole = self.frame.get(1).is_some_and(|count| self.frame.len() >= usize::from(*count) + 5);
            if whole {
                self.frame.clear();
            }
            if echo && !self.dropping_command && !self.faults.silent {
                self.echo_due += 1;
            }
        }
        if self.faults.silent || self.dropping_command {
            return Some(None);
        }
        Some(Some(if strikes(&mut self.faults.garble_to_device) { byte ^ 0x55 } else { byte }))
    }

    fn device_byte(&mut self, byte: u8) -> Option<Option<u8>> {
        let echo = self.echo_due > 0;
        self.echo_due = self.echo_due.saturating_sub(1);
        if !echo && !self.answered {
            self.answered = true;
            self.dropping_reply |= strikes(&mut self.faults.drop_reply);
        }
        if self.faults.silent || (!echo && self.dropping_reply) {
            return Some(None);
        }
        Some(Some(if strikes(&mut self.faults.garble_to_host) { byte ^ 0x55 } else { byte }))
    }
}

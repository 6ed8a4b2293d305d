//! What passed over a line, and when.

use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Seen from the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    ToDevice,
    ToHost,
}

/// Bytes that were sent at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Since the line was made.
    pub at: Duration,
    pub direction: Direction,
    pub bytes: Vec<u8>,
    /// Sent, and lost on the way.
    pub lost: bool,
}

/// Keeps the newest bytes, at most `LIMIT` in all.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    parts: std::collections::VecDeque<Recorded>,
    bytes: usize,
}

const LIMIT: usize = 4 * 1024 * 1024;

impl Recorder {
    pub fn add(&mut self, at: Duration, direction: Direction, byte: u8, lost: bool) {
        let same = |part: &&mut Recorded| part.at == at && part.direction == direction && part.lost == lost;
        if let Some(part) = self.parts.back_mut().filter(same) {
            part.bytes.push(byte);
        } else {
            self.parts.push_back(Recorded { at, direction, bytes: vec![byte], lost });
        }
        self.bytes += 1;
        while self.bytes > LIMIT {
            let Some(oldest) = self.parts.pop_front() else { break };
            self.bytes -= oldest.bytes.len();
        }
    }

    #[must_use]
    pub fn all(&self) -> Vec<Recorded> {
        self.parts.iter().cloned().collect()
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    #[must_use]
    pub fn dump(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            let arrow = match part.direction {
                Direction::ToDevice => "->",
                Direction::ToHost => "<-",
            };
            // Writing to a String cannot fail.
            let _ = write!(text, "{:>12.6} {arrow}", part.at.as_secs_f64());
            for byte in &part.bytes {
                let _ = write!(text, " {byte:02X}");
            }
            text.push_str(if part.lost { "  (lost)\n" } else { "\n" });
        }
        text
    }
}

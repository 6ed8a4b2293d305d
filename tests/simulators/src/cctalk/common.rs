//! What every ccTalk device has: an identity, line counters, and a connection that can fail.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a device does with a command it understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An unknown header, a wrong length: nothing at all comes back.
    Silence,
    Ack,
    Nak,
    Data(Vec<u8>),
    /// Any of the above, later than usual: mechanical work, or a penalty on purpose.
    Late(Duration, Box<Answer>),
}

impl Answer {
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Data(text.as_bytes().to_vec())
    }

    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self::Late(delay, Box::new(self))
    }
}

/// The texts and the serial number of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub manufacturer: String,
    /// Case exact: "Bill Validator", "Coin Acceptor", "Payout".
    pub category: String,
    pub product: String,
    pub build: String,
    pub software: String,
    /// 24 bits are sent, least significant byte first.
    pub serial: u32,
}

impl Identity {
    #[must_use]
    pub fn new(category: &str, product: &str, serial: u32) -> Self {
        Self {
            manufacturer: "QAL".into(),
            category: category.into(),
            product: product.into(),
            build: "EUR".into(),
            software: "1.04".into(),
            serial,
        }
    }

    #[must_use]
    pub fn serial_bytes(&self) -> [u8; 3] {
        let [low, middle, high, _] = self.serial.to_le_bytes();
        [low, middle, high]
    }
}

/// Line quality as header 3 reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LineCounters {
    pub timeouts: u8,
    pub ignored: u8,
    pub bad_checksums: u8,
}

/// A device's connection going wrong. `n` counts from 1: 1 is the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkFault {
    /// Nothing is heard and nothing is said, until `Clear`.
    Silent,
    /// Each reply comes this many milliseconds late, until `Clear`.
    Slow { ms: u32 },
    /// The n-th reply from now is lost.
    DropReply { n: u32 },
    /// The n-th command from now never arrives.
    DropCommand { n: u32 },
    /// One byte (from 0) of the n-th reply from now is changed on the wire.
    GarbleReply { n: u32, byte: u32 },
    /// Ends all of these.
    Clear,
}

/// The state of those faults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    pub silent: bool,
    pub slow_ms: u32,
    drop_reply: u32,
    drop_command: u32,
    garble: Option<(u32, u32)>,
}

/// What becomes of a reply on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyFate {
    Sent,
    Lost,
    Garbled(usize),
}

impl Link {
    pub fn apply(&mut self, fault: LinkFault) {
        match fault {
            LinkFault::Silent => self.silent = true,
            LinkFault::Slow { ms } => self.slow_ms = ms,
            LinkFault::DropReply { n } => self.drop_reply = n,
            LinkFault::DropCommand { n } => self.drop_command = n,
            LinkFault::GarbleReply { n, byte } => self.garble = Some((n, byte)),
            LinkFault::Clear => *self = Self::default(),
        }
    }

    /// Counts a command that came in; false when it must not reach the device.
    #[must_use]
    pub fn hears(&mut self) -> bool {
        let dropped = self.drop_command == 1;
        self.drop_command = self.drop_command.saturating_sub(1);
        !self.silent && !dropped
    }

    #[must_use]
    pub fn reply_fate(&mut self) -> ReplyFate {
        let lost = self.drop_reply == 1;
        self.drop_reply = self.drop_reply.saturating_sub(1);
        let mut fate = if lost { ReplyFate::Lost } else { ReplyFate::Sent };
        if let Some((n, byte)) = self.garble {
            self.garble = (n > 1).then_some((n.saturating_sub(1), byte));
            if n <= 1 && !lost {
                fate = ReplyFate::Garbled(usize::try_from(byte).unwrap_or(0));
            }
        }
        fate
    }
}

/// The headers that mean the same on every device. `None` when the header is none of them.
#[must_use]
pub fn core_answer(
    identity: &Identity,
    counters: &mut LineCounters,
    address: u8,
    poll: [u8; 2],
    header: u8,
    data: &[u8],
) -> Option<Answer> {
    let answer = match header {
        254 => Answer::Ack,
        // Every device on the bus answers with its bare address, 4 ms × address later; the bus
        // module sends it without a frame.
        253 => Answer::Data(vec![address]).after(Duration::from_millis(4 * u64::from(address))),
        249 => Answer::Data(poll.to_vec()),
        246 => Answer::text(&identity.manufacturer),
        245 => Answer::text(&identity.category),
        244 => Answer::text(&identity.product),
        242 => Answer::Data(identity.serial_bytes().to_vec()),
        241 => Answer::text(&identity.software),
        192 => Answer::text(&identity.build),
        197 => Answer::Data(vec![0x5A, 0x17, 0x33, 0xC4]).after(Duration::from_millis(1500)),
        4 => Answer::Data(vec![1, 4, 7]),
        3 => Answer::Data(vec![counters.timeouts, counters.ignored, counters.bad_checksums]),
        2 => {
            *counters = LineCounters::default();
            Answer::Ack
        }
        _ => return None,
    };
    Some(if data.is_empty() { answer } else { Answer::Silence })
}

//! Commands and their replies: headers, lengths, how long a reply may take, and what may be sent twice
//! (ccTalk generic specification parts 1 to 4).
//!
//! A reply whose length is not the one the command demands is an error, never "nothing happened". A device that
//! does not know a header says nothing at all.
use std::time::Duration;

use crate::codec::{Data, Frame};
use crate::ids::Scaling;

/// Security bytes of the dispense command.
pub type Security = heapless::Vec<u8, 8>;

/// What the route command carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RouteCode {
    /// Back to the citizen.
    Return = 0,
    /// Into the stacker.
    Stack = 1,
    /// Not yet: start the escrow time again.
    Extend = 255,
}

/// What the host asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// 254.
    SimplePoll,
    /// 248: return lever, coin on string.
    RequestStatus,
    /// 247: how many types of notes there are.
    VariableSet,
    /// 246.
    Manufacturer,
    /// 245.
    Category,
    /// 244.
    Product,
    /// 242.
    Serial,
    /// 232.
    SelfCheck,
    /// 231: bit 0 is type 1, 1 = enabled; `bytes` as the device has types.
    ModifyInhibits { mask: u32, bytes: u8 },
    /// 230.
    RequestInhibits { bytes: u8 },
    /// 228: true = accepting.
    ModifyMaster(bool),
    /// 227.
    RequestMaster,
    /// 229.
    CoinEvents,
    /// 217.
    PayoutLevel,
    /// 184.
    CoinId(u8),
    /// 172.
    EmergencyStop,
    /// 171.
    HopperCoin,
    /// 168.
    DispensedCount,
    /// 167.
    Dispense { security: Security, coins: u8 },
    /// 166.
    HopperStatus,
    /// 164: true = enabled.
    EnableHopper(bool),
    /// 163.
    TestHopper,
    /// 160.
    CipherKey,
    /// 159.
    BillEvents,
    /// 157.
    BillId(u8),
    /// 156, for the euro.
    CountryScaling,
    /// 154.
    RouteBill(RouteCode),
    /// 153: bit 0 stacker, bit 1 escrow.
    ModifyBillMode(u8),
    /// 152.
    RequestBillMode,
    /// 1.
    Reset,
}

/// What a device answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Done, or taken.
    Ack,
    /// Text: manufacturer, category, product, identifiers. What is not text becomes U+FFFD.
    Text(String),
    /// One byte: master inhibit, bill mode, level, coins remaining, status.
    Byte(u8),
    /// Two bytes: types and banks.
    Types(u8),
    /// Three bytes, least significant first: serial number, coins dispensed.
    Number(u32),
    /// The inhibit mask.
    Mask(u32),
    /// Fault code; 0 = none.
    Fault(u8),
    /// Event counter and five pairs, newest first.
    Events { counter: u8, pairs: [(u8, u8); 5] },
    /// Counters of the hopper.
    Hopper { counter: u8, remaining: u8, paid: u8, unpaid: u8 },
    /// Flags of the hopper; bytes that the model lacks are 0.
    Flags([u8; 3]),
    /// Factor and decimals.
    Scaling(Scaling),
    /// The cipher key, which nothing here needs the value of.
    Key,
    /// The event counter after a dispense command was taken.
    Taken(u8),
    /// Route: the escrow is empty (254).
    EscrowEmpty,
    /// Route: the transport failed (255).
    RouteFailed,
}

/// Why a frame is no answer to the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// From or to somebody else.
    #[error("a frame from {from:?} to {to} is no reply of the device asked")]
    Address {
        /// Its source, if it tells.
        from: Option<u8>,
        /// Its destination.
        to: u8,
    },
    /// The device refuses (NAK).
    #[error("the device refuses the command (NAK)")]
    Refused,
    /// The device is busy; ask later.
    #[error("the device is busy")]
    Busy,
    /// Neither ACK, NAK nor BUSY.
    #[error("a reply with header {0}, which no reply has")]
    Header(u8),
    /// The wrong number of bytes, or a value that the command does not know.
    #[error("a reply of {0} bytes that does not fit the command")]
    Content(usize),
}

impl Command {
    /// The header on the wire.
    pub fn header(&self) -> u8 {
        match self {
            Command::SimplePoll => 254,
            Command::RequestStatus => 248,
            Command::VariableSet => 247,
            Command::Manufacturer => 246,
            Command::Category => 245,
            Command::Product => 244,
            Command::Serial => 242,
            Command::SelfCheck => 232,
            Command::ModifyInhibits { .. } => 231,
            Command::RequestInhibits { .. } => 230,
            Command::CoinEvents => 229,
            Command::ModifyMaster(_) => 228,
            Command::RequestMaster => 227,
            Command::PayoutLevel => 217,
            Command::CoinId(_) => 184,
            Command::EmergencyStop => 172,
            Command::HopperCoin => 171,
            Command::DispensedCount => 168,
            Command::Dispense { .. } => 167,
            Command::HopperStatus => 166,
            Command::EnableHopper(_) => 164,
            Command::TestHopper => 163,
            Command::CipherKey => 160,
            Command::BillEvents => 159,
            Command::BillId(_) => 157,
            Command::CountryScaling => 156,
            Command::RouteBill(_) => 154,
            Command::ModifyBillMode(_) => 153,
            Command::RequestBillMode => 152,
            Command::Reset => 1,
        }
    }

    /// The data on the wire.
    pub fn data(&self) -> Data {
        let mut data = Data::new();
        // The longest, a dispense command, has nine bytes: these pushes cannot fail.
        let _ = match self {
            Command::ModifyInhibits { mask, bytes } => {
                let kept = usize::from(*bytes).min(4);
                data.extend_from_slice(mask.to_le_bytes().get(..kept).unwrap_or_default())
            }
            Command::ModifyMaster(on) => data.extend_from_slice(&[u8::from(*on)]),
            Command::CoinId(position) | Command::BillId(position) => data.extend_from_slice(&[*position]),
            Command::Dispense { security, coins } => {
                let _ = data.extend_from_slice(security);
                data.extend_from_slice(&[*coins])
            }
            Command::EnableHopper(on) => data.extend_from_slice(&[if *on { 165 } else { 0 }]),
            Command::CountryScaling => data.extend_from_slice(b"EU"),
            Command::RouteBill(code) => data.extend_from_slice(&[*code as u8]),
            Command::ModifyBillMode(mode) => data.extend_from_slice(&[*mode]),
            _ => Ok(()),
        };
        data
    }

    /// How long the reply may take, counted from the end of the request; part 1 leaves it to each command. Ours:
    /// polls 200 ms, for a device takes 10 to 100 ms and a busy host or USB adapter as much again, and a device
    /// that counts as lost is taken off the menu; the rest 1 s, the self-check 5 s.
    pub fn deadline(&self) -> Duration {
        match self {
            Command::SimplePoll
            | Command::RequestStatus
            | Command::CoinEvents
            | Command::BillEvents
            | Command::HopperStatus => Duration::from_millis(200),
            // Many hoppers do not know these, and while one keeps silent nobody else is polled.
            Command::HopperCoin | Command::PayoutLevel => Duration::from_millis(200),
            Command::SelfCheck => Duration::from_secs(5),
            _ => Duration::from_secs(1),
        }
    }

    /// True when sending it twice does no more than sending it once. What moves money or restarts a device is not.
    pub fn idempotent(&self) -> bool {
        !matches!(
            self,
            Command::Dispense { .. } | Command::RouteBill(_) | Command::Reset | Command::EmergencyStop
        )
    }

    /// Reads the reply of the device at `address`.
    pub fn parse(&self, address: u8, frame: &Frame) -> Result<Reply, ReplyError> {
        let to_us = frame.destination == crate::codec::HOST;
        if !to_us || frame.source.is_some_and(|source| source != address) {
            return Err(ReplyError::Address { from: frame.source, to: frame.destination });
        }
        let data = frame.data.as_slice();
        let wrong = ReplyError::Content(data.len());
        match (frame.header, data) {
            (0, data) => self.content(data).ok_or(wrong),
            (5, []) => Err(ReplyError::Refused),
            (6, []) => Err(ReplyError::Busy),
            (5 | 6, _) => Err(wrong),
            (header, _) => Err(ReplyError::Header(header)),
        }
    }

    /// Reads the data of a reply with header 0.
    fn content(&self, data: &[u8]) -> Option<Reply> {
        match self {
            Command::SimplePoll
            | Command::ModifyInhibits { .. }
            | Command::ModifyMaster(_)
            | Command::EnableHopper(_)
            | Command::ModifyBillMode(_)
            | Command::Reset => data.is_empty().then_some(Reply::Ack),
            Command::Manufacturer | Command::Category | Command::Product => {
                (!data.is_empty()).then(|| text(data))
            }
            Command::CoinId(_) => (data.len() == 6).then(|| text(data)),
            Command::BillId(_) => (data.len() == 7).then(|| text(data)),
            Command::HopperCoin => Some(text(data)),
            Command::RequestStatus
            | Command::RequestMaster
            | Command::PayoutLevel
            | Command::EmergencyStop
            | Command::RequestBillMode => match data {
                [byte] => Some(Reply::Byte(*byte)),
                _ => None,
            },
            Command::VariableSet => match data {
                [types, _banks] => Some(Reply::Types(*types)),
                _ => None,
            },
            Command::Serial | Command::DispensedCount => match data {
                [low, middle, high] => Some(Reply::Number(u32::from_le_bytes([*low, *middle, *high, 0]))),
                _ => None,
            },
            Command::RequestInhibits { bytes } => (data.len() == usize::from(*bytes)).then(|| {
                Reply::Mask(data.iter().rev().fold(0u32, |mask, byte| (mask << 8) | u32::from(*byte)))
            }),
            Command::SelfCheck => match data {
                [code] | [code, _] => Some(Reply::Fault(*code)),
                _ => None,
            },
            Command::CoinEvents | Command::BillEvents => match data {
                [counter, a1, b1, a2, b2, a3, b3, a4, b4, a5, b5] => Some(Reply::Events {
                    counter: *counter,
                    pairs: [(*a1, *b1), (*a2, *b2), (*a3, *b3), (*a4, *b4), (*a5, *b5)],
                }),
                _ => None,
            },
            Command::Dispense { .. } => match data {
                [] => Some(Reply::Ack),
                [counter] => Some(Reply::Taken(*counter)),
                _ => None,
            },
            Command::HopperStatus => match *data {
                [counter, remaining, paid, unpaid] => {
                    Some(Reply::Hopper { counter, remaining, paid, unpaid })
                }
                _ => None,
            },
            Command::TestHopper => match *data {
                [one] => Some(Reply::Flags([one, 0, 0])),
                [one, two] => Some(Reply::Flags([one, two, 0])),
                [one, two, three] => Some(Reply::Flags([one, two, three])),
                _ => None,
            },
            Command::CipherKey => (data.len() == 8).then_some(Reply::Key),
            Command::CountryScaling => match data {
                [low, high, decimals] => Some(Reply::Scaling(Scaling {
                    factor: u16::from_le_bytes([*low, *high]),
                    decimals: *decimals,
                })),
                _ => None,
            },
            Command::RouteBill(_) => match data {
                [] => Some(Reply::Ack),
                [254] => Some(Reply::EscrowEmpty),
                [255] => Some(Reply::RouteFailed),
                _ => None,
            },
        }
    }
}

/// A reply of text.
fn text(data: &[u8]) -> Reply {
    Reply::Text(String::from_utf8_lossy(data).into_owned())
}

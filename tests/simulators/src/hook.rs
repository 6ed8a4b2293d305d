//! The place where a test stands between the wire and a device.
//!
//! The hook is called twice for each command that reached a device: before the device acts and
//! after it acted but before its reply leaves. That is where a kiosk is killed "at the n-th
//! command of a payment".

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Who was spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Device {
    Validator,
    CoinAcceptor,
    /// By its bus address, 3..=10.
    Hopper(u8),
    Printer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The device has the command and has done nothing yet.
    Before,
    /// The device has acted; its reply has not left.
    After,
}

/// One well-formed command that reached a device (not a corrupted one: devices ignore those).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandSeen {
    pub device: Device,
    /// ccTalk header; 0 for a printer, whose command is in `data`.
    pub header: u8,
    pub data: Vec<u8>,
    /// Counts every command on this line from 1.
    pub index: u64,
    /// Counts the commands with this header to this device from 1.
    pub nth: u64,
    pub phase: Phase,
}

/// What happens next. In `Phase::After` the device has acted already, so `DropCommand` and
/// `Nak` there only replace the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Proceed,
    /// The device never gets it.
    DropCommand,
    /// The device acts; its reply is lost.
    ProceedDropReply,
    /// The device acts; one byte of the reply (counted from 0) is changed on the wire.
    ProceedGarbleReply(usize),
    /// The reply is late by this much.
    Delay(Duration),
    /// The device refuses, and does nothing.
    Nak,
    /// The device reboots at this moment; there is no reply.
    ResetDevice,
    /// Its supply is cut for a moment and comes back; there is no reply.
    PowerCycleDevice,
    /// The cable is pulled: the stream ends. The devices stay powered.
    CutLine,
    /// Everything on this line stays silent until `thaw()`.
    Freeze,
}

pub(crate) type Hook = Box<dyn FnMut(&CommandSeen) -> Decision + Send>;

//! What one event of an acceptor leads to, beside what is told to the rest of the firmware.
use std::time::Duration;

use hal_device::Reason;

use crate::api::CashEvent;

/// How a fault goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clears {
    /// The device's self-check (232) says that all is well.
    SelfCheck,
    /// The device's status (248) says that the lever is back.
    Lever,
    /// An event says so (stacker back).
    Event,
    /// It obeys again when it is tried with an empty mask.
    Obeying,
    /// The device is set up anew: after a reset, a power-up, or a restart of the task.
    Setup,
}

/// Why a device is out of service, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// For the status.
    pub reason: Reason,
    /// How it goes away.
    pub clears: Clears,
}

impl Fault {
    /// A fault.
    pub fn new(id: &'static str, detail: impl Into<String>, clears: Clears) -> Fault {
        Fault { reason: Reason::new(id, detail), clears }
    }
}

/// What one event leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// To be told, in this order.
    pub events: Vec<CashEvent>,
    /// Stop accepting until accepting is asked for again.
    pub stop: bool,
    /// Read the inhibits back: the device may have inhibited itself.
    pub recheck: bool,
    /// The device is out of service.
    pub fault: Option<Fault>,
    /// A fault that an event clears is over.
    pub cleared: bool,
}

/// When and how an event is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Time since the start of the task.
    pub now: Duration,
    /// True while the events since a journalled mark are worked off at the start of the process: the session
    /// that a new note in escrow belonged to is over.
    pub at_start: bool,
}

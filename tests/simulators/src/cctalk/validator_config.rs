//! What a bill validator is set to, and the faults that wait for it (reference 1.4, 1.9).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::common::Identity;
use super::frame::Checksum;

/// One position of the bill table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillType {
    /// Seven characters, "EU0005A"; seven points for an empty position.
    pub id: String,
    /// What the note really is; 0 for an empty position.
    pub cents: u32,
}

/// Where a note goes that was in the path when the device lost its mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteFate {
    Returned,
    Stacked,
}

/// The settings and timings of the mechanism.
#[derive(Clone, Debug)]
pub struct ValidatorConfig {
    pub address: u8,
    pub checksum: Checksum,
    pub identity: Identity,
    pub bills: Vec<BillType>,
    /// From the mouth to the escrow.
    pub validate: Duration,
    pub stack: Duration,
    pub give_back: Duration,
    /// How long a note is held before it is given back.
    pub escrow_timeout: Duration,
    /// Without a poll for this long it inhibits itself.
    pub poll_watchdog: Duration,
    /// Deaf after a reset command.
    pub reset_deaf: Duration,
    /// Deaf after power comes on.
    pub power_deaf: Duration,
    pub stacker_capacity: u64,
    /// A note in escrow or on its way to the stacker at a reset.
    pub note_at_reset: NoteFate,
    /// Some devices add (0,1) after the event of a plain reject (1.9).
    pub returned_after_reject: bool,
    /// Some devices begin with a harmless (0,0) as event 1 (1.4).
    pub null_event_at_start: bool,
}

impl Default for ValidatorConfig {
    fn default() -> Self {
        let bills = [5, 10, 20, 50, 100, 200, 500]
            .map(|euro| BillType { id: format!("EU{euro:04}A"), cents: euro * 100 });
        let mut bills = bills.to_vec();
        bills.resize(16, BillType { id: ".......".into(), cents: 0 });
        Self {
            address: 40,
            checksum: Checksum::Crc16,
            identity: Identity::new("Bill Validator", "BV-100", 4_242_101),
            bills,
            validate: Duration::from_millis(1500),
            stack: Duration::from_secs(1),
            give_back: Duration::from_millis(800),
            escrow_timeout: Duration::from_secs(30),
            poll_watchdog: Duration::from_secs(5),
            reset_deaf: Duration::from_secs(1),
            power_deaf: Duration::from_secs(2),
            stacker_capacity: 600,
            note_at_reset: NoteFate::Returned,
            returned_after_reject: false,
            null_event_at_start: false,
        }
    }
}

/// A jam that waits for the next movement of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Jam {
    /// (0,6): a customer can pull the note out. Hits any movement.
    Unsafe,
    /// (0,16): nobody can reach it. Hits on the way to the stacker.
    Safe,
    /// (0,7) and (0,15): in the stacker.
    Stacker,
}

/// What the next `228 [1]` really does (field case 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deafness {
    #[default]
    None,
    /// So many of them are acknowledged without effect.
    Times(u32),
    /// The first read-backs still say "off", then it is on.
    Reads(u32),
    ForEver,
}

/// Faults waiting to strike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    pub jam: Option<Jam>,
    pub reject_all: bool,
    pub enable_ignored: Deafness,
    pub route_fails: u32,
    pub fault_code: u8,
}

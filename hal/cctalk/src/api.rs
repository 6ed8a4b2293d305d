//! What the rest of the firmware sees of the cash devices: typed requests in, events and status out.
use std::collections::BTreeSet;

use hal_device::{Cents, Status};
use serde::{Deserialize, Serialize};

/// Which checksum a device speaks: a setting of the device, never negotiated on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// The sum of all bytes is zero modulo 256.
    #[default]
    Simple,
    /// CRC-16 in place of the source address.
    Crc16,
}

/// Whether what is sent comes back on the own receiver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Echo {
    /// Found at start with a simple poll.
    #[default]
    Auto,
    /// Every sent byte comes back first.
    On,
    /// Nothing comes back.
    Off,
}

/// Where a device sits on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Place {
    /// Bus address, 2..=255.
    pub address: u8,
    /// Its checksum.
    #[serde(default)]
    pub checksum: Checksum,
}

/// What the dispense command (167) carries as security bytes; a property of the hopper model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HopperSecurity {
    /// None.
    None,
    /// The three bytes of the serial number.
    #[default]
    SerialNumber,
    /// Eight bytes of any value, after a cipher key was asked for (SCH2-NOENCRYPT).
    AnyAfterKey,
}

/// How the flags of a hopper model read (headers 163 and 168).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HopperModel {
    /// As in the generic specification.
    #[default]
    Generic,
    /// Money Controls SCH2.
    Sch2,
    /// Suzo Flow: counts refused commands too, no power-up flag.
    Flow,
}

/// One hopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HopperConfig {
    /// Bus address, 3..=10 by custom.
    pub address: u8,
    /// Its checksum.
    #[serde(default)]
    pub checksum: Checksum,
    /// The coin it holds, in cents.
    #[serde(rename = "coin-cents")]
    pub coin: Cents,
    /// Security bytes of its dispense command.
    #[serde(default)]
    pub security: HopperSecurity,
    /// Meaning of its flags.
    #[serde(default)]
    pub model: HopperModel,
}

/// The whole bus.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BusConfig {
    /// Local echo.
    #[serde(default)]
    pub echo: Echo,
    /// The bill validator, if the cabinet has one.
    pub validator: Option<Place>,
    /// The coin acceptor, if the cabinet has one.
    pub coin_acceptor: Option<Place>,
    /// At most eight.
    #[serde(default)]
    pub hoppers: Vec<HopperConfig>,
}

/// A device of the bus, by its role; hoppers by their place in [`BusConfig::hoppers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Device {
    /// The bill validator.
    Validator,
    /// The coin acceptor.
    CoinAcceptor,
    /// The hopper with this index.
    Hopper(u8),
}

/// A point in a device's stream of events: its serial number and event counter. Journalled with every credit,
/// so that after a restart the events since then are known to be real money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMark {
    /// Serial number (header 242).
    pub serial: u32,
    /// Event counter (headers 159 and 229); 0 only after a reset.
    pub counter: u8,
}

/// What the ledger shows open when the bus starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// The last journalled mark of the bill validator while money was being collected.
    pub validator: Option<EventMark>,
    /// A note that was seen in escrow, and the route that was journalled for it, if any.
    pub escrow: Option<(Cents, Option<Route>)>,
    /// The last journalled mark of the coin acceptor while money was being collected.
    pub coin_acceptor: Option<EventMark>,
}

/// Which notes and coins are to be taken now; everything else is inhibited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// Values of notes.
    pub notes: BTreeSet<Cents>,
    /// Values of coins.
    pub coins: BTreeSet<Cents>,
}

/// Where a note in escrow goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Into the stacker: it becomes credit when the event says so.
    Stack,
    /// Back to the citizen.
    Return,
}

/// What happened in the cash devices. Credit is only ever [`CashEvent::NoteStacked`] and [`CashEvent::CoinAccepted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CashEvent {
    /// A note is held; no money yet. The driver extends the escrow time until a route is asked for.
    NoteEscrowed { value: Cents, mark: EventMark },
    /// A note is in the stacker.
    NoteStacked { value: Cents, mark: EventMark },
    /// The note that was in escrow is back with the citizen.
    NoteReturned { value: Cents, mark: EventMark },
    /// A note was in escrow, and no event will tell where it went (reset, jam): staff settle it by a count.
    NoteUnknown { value: Cents, why: String },
    /// A coin is in the machine; `path` is the sorter path of the event (byte B; 0 without a sorter), which the
    /// board file maps to a hopper or the cash box.
    CoinAccepted { value: Cents, path: u8, mark: EventMark },
    /// More events happened than the device can tell, or the device was reset in between: money may be in the
    /// machine that nobody counted.
    EventsLost { device: Device, count: u8 },
    /// The device was reset; it has been set up again and is inhibited.
    DeviceReset { device: Device },
    /// A note or coin was refused and given back; for the screen ("the note could not be read").
    Rejected { device: Device, code: u8 },
    /// Something that needs a person or a log entry: jam, fraud attempt, stacker removed, unknown code.
    Anomaly { device: Device, class: Anomaly, code: u8, text: &'static str },
}

/// What kind of anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anomaly {
    /// For the log only.
    Note,
    /// Somebody may be cheating.
    Fraud,
    /// A coin or note may have been kept without credit.
    Dispute,
    /// The device is out of service until somebody clears it.
    Fatal,
    /// A code that the documents do not list: accepting has stopped.
    Unknown,
}

/// A hopper's counters before a dispense; journalled before the command is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HopperBaseline {
    /// Serial number of the hopper.
    pub serial: u32,
    /// Event counter (166).
    pub counter: u8,
    /// Coins dispensed so far (168).
    pub dispensed: u32,
}

/// How a dispense ended, told by the hopper's own counters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dispensed {
    /// This many coins are out; fewer than asked when the hopper ran empty or was stopped.
    Paid {
        /// Coins paid.
        coins: u8,
        /// Why it was fewer than asked, when it was.
        short: Option<String>,
    },
    /// The counters do not tell; between `at_least` and `at_most` coins are out. The hopper is out of service.
    Unknown {
        /// Coins that are surely out.
        at_least: u8,
        /// Coins that may be out.
        at_most: u8,
        /// What was seen.
        why: String,
    },
}

/// Why a request to the bus failed. Nothing moved, unless the text of the variant says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CashError {
    /// The device does not answer or is not fitted.
    #[error("{0:?} does not answer: check its cable and power")]
    Absent(Device),
    /// The device must not be used.
    #[error("{0:?} is out of service: {1}")]
    OutOfService(Device, String),
    /// The device acknowledged an order and its read-back says otherwise.
    #[error("{0:?} acknowledged and did not obey: {1}")]
    Disobeyed(Device, String),
    /// There is no note in escrow.
    #[error("no note in escrow")]
    NoEscrow,
    /// The task that owns the bus was restarted while the request was under way: what it moved is unknown until
    /// it is resolved from the counters.
    #[error("the cash task restarted; the outcome is to be resolved from the device's counters")]
    Restarted,
}

/// One device as the rest sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeviceStatus {
    /// What it can do now.
    pub status: Status,
    /// Serial number, once identified.
    pub serial: Option<u32>,
    /// Manufacturer and product, once identified.
    pub product: String,
    /// Validator and coin acceptor: the last event seen and handed on. The engine journals it before it lets
    /// money in, as the point from which events are real money after a restart.
    pub mark: Option<EventMark>,
}

/// One hopper as the rest sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HopperStatus {
    /// The device.
    pub device: DeviceStatus,
    /// The coin it is configured for.
    pub coin: Cents,
    /// Below the low level sensor; `None` without a sensor.
    pub low: Option<bool>,
    /// At or above the high level sensor; `None` without a sensor.
    pub high: Option<bool>,
}

/// Line quality since start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LineQuality {
    /// Commands sent.
    pub commands: u64,
    /// Commands sent again.
    pub retries: u64,
    /// Replies that did not come.
    pub timeouts: u64,
    /// Frames with a wrong checksum, address, header or length.
    pub bad_frames: u64,
    /// Echoes that differed from what was sent.
    pub bad_echoes: u64,
}

/// The whole bus as the rest sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CashStatus {
    /// The bill validator.
    pub validator: DeviceStatus,
    /// Values of the notes it is programmed for.
    pub notes: BTreeSet<Cents>,
    /// The coin acceptor.
    pub coin_acceptor: DeviceStatus,
    /// Values of the coins it is programmed for.
    pub coins: BTreeSet<Cents>,
    /// What is enabled right now, read back from the devices.
    pub accepting: BTreeSet<Cents>,
    /// The hoppers, in the order of the board file.
    pub hoppers: Vec<HopperStatus>,
    /// Line quality.
    pub line: LineQuality,
}

//! What scenarios and the panel see of the town hall.
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::appointment_record::AppointmentRecord;
use crate::certificates::CertificateRecord;
use crate::faults::Rule;
use crate::ocsp::Revocation;
use crate::petition_record::PetitionRecord;
use crate::wire::{Catalogue, KioskEvent, PaymentOrder};

/// A booked payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingRecord {
    /// The kiosk's number.
    pub operation: String,
    /// The sede's number of the debt.
    pub debt: String,
    /// Name of the bill: `vehicle-tax`.
    pub bill: String,
    /// Cents.
    pub amount: i64,
    /// The sede's number of the payment.
    pub payment: String,
    /// Código seguro de verificación.
    pub csv: String,
    /// When.
    pub booked_at: Timestamp,
}

/// An order that arrived, booked or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRecord {
    /// As it came the first time.
    pub order: PaymentOrder,
    /// It was booked; otherwise refused.
    pub booked: bool,
    /// How often it came.
    pub received: u32,
}

/// An event that a kiosk reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Order of arrival, from 0.
    pub number: usize,
    /// As it came the first time.
    pub event: KioskEvent,
    /// When it came first.
    pub received_at: Timestamp,
    /// How often it came.
    pub received: u32,
}

/// What a bill on the shelf is worth at the kiosk now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BillState {
    /// Can be paid.
    Payable,
    /// Its term is over.
    Lapsed,
    /// Paid.
    Paid,
    /// Another body collects it.
    Elsewhere,
    /// The sede does not know it.
    Unknown,
}

/// A bill on the shelf: a paper that QA can take to the kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// What scenarios call it.
    pub name: String,
    /// Concept.
    pub title: String,
    /// Whose it is.
    pub debtor: String,
    /// Cents on the paper; none on an autoliquidación.
    pub printed_amount: Option<i64>,
    /// Cents to be paid now.
    pub amount: i64,
    /// Last day of the term.
    pub last_day: Option<Date>,
    /// Number of the document's format.
    pub format: u64,
    /// All digits of the barcode.
    pub digits: String,
    /// What it is worth now.
    pub state: BillState,
}

/// All of the town hall at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its time.
    pub at: Timestamp,
    /// What it offers.
    pub catalogue: Catalogue,
    /// The shelf.
    pub bills: Vec<Bill>,
    /// Orders, by operation.
    pub orders: Vec<OrderRecord>,
    /// Bookings, by operation.
    pub bookings: Vec<BookingRecord>,
    /// Events, in the order of their arrival.
    pub events: Vec<EventRecord>,
    /// Certificates of the padrón that were issued, in the order of issue.
    #[serde(default)]
    pub certificates: Vec<CertificateRecord>,
    /// The registry, in the order of arrival.
    #[serde(default)]
    pub petitions: Vec<PetitionRecord>,
    /// Petitions that were opened and not registered yet.
    #[serde(default)]
    pub drafts: usize,
    /// Appointments, cancelled ones too, in the order in which they were made.
    #[serde(default)]
    pub appointments: Vec<AppointmentRecord>,
    /// Sessions of citizens that are open.
    #[serde(default)]
    pub sessions: usize,
    /// What revocation services are told to say, by serial number.
    #[serde(default)]
    pub revocations: BTreeMap<String, Revocation>,
    /// Faults that are set.
    pub faults: Vec<Rule>,
    /// Requests since the start.
    pub requests: u64,
}

//! The reference sede: the town hall's side of the contract in `firmware/sede-api.yaml`, written from that text and
//! from nothing of the kiosk's code.
//!
//! A library: the emulated board embeds it, scenarios connect to it in memory. Its clock comes from outside, its
//! numbers are counters and its CSVs come from a seed, so that the same scenario gives the same trace. It can be
//! told to be away, slow, wrong (`faults`), and shows what it has (`record`). It keeps nothing on a disk: a new
//! handle is a new town.
//!
//! Debts and payments are in `town`; citizens who enter with a card in `sessions`, `entering`, `trust` and `ocsp`; the
//! padrón and its documents in `padron`, `certificates` and `paper`; petitions and the registry in `petitions` and
//! `uploads`; appointments in `appointments` and `slots`.

mod appointment_http;
mod appointment_record;
mod appointment_seeds;
mod appointment_wire;
mod appointments;
mod bodies;
mod calendar;
mod certificates;
mod citizen_http;
mod citizen_wire;
mod debt;
mod documents;
mod entering;
mod faults;
mod http;
mod ocsp;
mod padron;
mod padron_seeds;
mod paper;
mod petition_http;
mod petition_record;
mod petition_seeds;
mod petition_text;
mod petition_wire;
mod petitions;
pub mod pki;
mod record;
mod sede;
mod seeds;
mod serve;
mod sessions;
mod slip;
mod slots;
mod town;
mod tries;
mod trust;
mod uploads;
mod wire;

pub use appointment_record::AppointmentRecord;
pub use certificates::CertificateRecord;
pub use citizen_wire::{Language, Level, Refusal, Translated};
pub use debt::{Citizen, Debt, DebtState, Reduction, Surprise};
pub use documents::{Document, DoesNotFit};
pub use faults::{Endpoint, Fault, Rule};
pub use ocsp::{Responder, Revocation, Sign};
pub use padron::{Dwelling, MunicipalCard, Padron, Resident};
pub use petition_record::{FileRecord, PetitionRecord};
pub use petition_seeds::Contact;
pub use petition_wire::PublicBody;
pub use record::{Bill, BillState, BookingRecord, EventRecord, OrderRecord, Snapshot};
pub use sede::{Clock, Sede};
pub use seeds::{ISSUER, citizens};
pub use town::COLLECTING_BODY;
pub use trust::UnusableCertificate;
pub use wire::{AppointmentRules, Catalogue, KioskEvent, PaymentAnswer, PaymentOrder, PetitionLimits};

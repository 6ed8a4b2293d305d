//! The bodies of the contract (`firmware/sede-api.yaml`) on appointments, and the limits of what a kiosk sends.
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::citizen_wire::{Language, Refusal, Translated, is_session};
use crate::petition_wire::{has_letter, is_phone, is_text};
use crate::slip::is_code;
use crate::wire::{Limited, first, is_id, is_operation};

#[derive(Debug, Serialize)]
pub(crate) struct AppointmentOffers {
    pub services: Vec<Service>,
    pub offices: Vec<Office>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Service {
    pub service: &'static str,
    pub name: Translated,
    pub offices: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Office {
    pub office: &'static str,
    pub name: Translated,
    pub address: &'static str,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SlotsRequest {
    pub service: String,
    #[serde(default)]
    pub office: Option<String>,
    pub from: Date,
}

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum SlotsAnswer {
    Free {
        first: Slot,
        office: String,
        days: Vec<FreeDay>,
        last_day: Date,
    },
    Full {
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        channels: Vec<Translated>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Slot {
    pub office: String,
    /// As the contract writes it.
    pub start: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct FreeDay {
    pub day: Date,
    pub times: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppointmentRequest {
    pub request: String,
    pub service: String,
    pub office: String,
    pub start: String,
    pub language: Language,
    pub who: Who,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub(crate) enum Who {
    Session { session: String },
    Typed { number: String, name: String, phone: String },
}

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum AppointmentAnswer {
    Booked(Appointment),
    SlotTaken { next: Vec<Slot> },
    Refused(Refusal),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Appointment {
    pub code: String,
    pub ticket: String,
    pub service: String,
    pub service_name: Translated,
    pub office: Office,
    pub start: String,
    pub bring: Vec<Translated>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub(crate) enum Lookup {
    Session { session: String },
    Slip { code: String, number_end: String },
}

#[derive(Debug, Serialize)]
pub(crate) struct FoundAppointments {
    pub appointments: Vec<Appointment>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub(crate) enum Cancel {
    Session { session: String, code: String },
    Slip { code: String, number_end: String },
}

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum CancelAnswer {
    Cancelled { cancelled_at: Timestamp },
    Refused(Refusal),
}

impl Limited for SlotsRequest {
    fn outside(&self) -> Option<&'static str> {
        first(&[
            ("service", is_id(&self.service, 64)),
            ("office", self.office.as_deref().is_none_or(|it| is_id(it, 64))),
        ])
    }
}

impl Limited for AppointmentRequest {
    fn outside(&self) -> Option<&'static str> {
        first(&[
            ("request", is_operation(&self.request)),
            ("service", is_id(&self.service, 64)),
            ("office", is_id(&self.office, 64)),
            ("start", self.start.len() <= 32),
        ])
        .or_else(|| match &self.who {
            Who::Session { session } => first(&[("session", is_session(session))]),
            Who::Typed { number, name, phone } => first(&[
                ("number", has_letter(number)),
                ("name", is_text(name, 1, 120)),
                ("phone", is_phone(phone)),
            ]),
        })
    }
}

impl Limited for Lookup {
    fn outside(&self) -> Option<&'static str> {
        match self {
            Lookup::Session { session } => first(&[("session", is_session(session))]),
            Lookup::Slip { code, number_end } => slip(code, number_end),
        }
    }
}

impl Limited for Cancel {
    fn outside(&self) -> Option<&'static str> {
        match self {
            Cancel::Session { session, code } => {
                first(&[("session", is_session(session)), ("code", is_code(code))])
            }
            Cancel::Slip { code, number_end } => slip(code, number_end),
        }
    }
}

fn slip(code: &str, number_end: &str) -> Option<&'static str> {
    let end = matches!(number_end.as_bytes(), [digits @ .., letter]
        if digits.len() == 3 && digits.iter().all(u8::is_ascii_digit) && letter.is_ascii_uppercase());
    first(&[("code", is_code(code)), ("number_end", end)])
}

//! The values of an appointment (cita previa) that cross between kiosk and sede.
//!
//! A kiosk sees the appointments of one person: of the session's holder, or the one whose slip and number the citizen
//! has. What is about that person is held in types that are wiped and that `Debug` does not show.
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use private::PrivateText;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{LanguageCode, MadridTime, OperationId, Refusal, SlipCode, Translated};
use crate::nif::Nif;

/// Who may make an appointment, by the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppointmentRules {
    /// Also who types number, name and telephone instead of entering with a card.
    pub without_card: bool,
}

/// For what and where there are appointments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AppointmentOffers {
    /// In the sede's order, 32 at most.
    pub services: Vec<AppointmentService>,
    /// The offices of all services, 32 at most.
    pub offices: Vec<Office>,
}

/// Something that people make appointments for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AppointmentService {
    /// The sede's word for it.
    pub service: String,
    /// Its name.
    pub name: Translated,
    /// Where it is given, by the words of the offices; one at least.
    pub offices: Vec<String>,
}

/// An office.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Office {
    /// The sede's word for it.
    pub office: String,
    /// Its name.
    pub name: Translated,
    /// Street, number and place, at most 160 characters.
    pub address: String,
}

/// A question for free slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlotsRequest {
    /// The service.
    pub service: String,
    /// Where; wherever it is soonest if it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// The first of 31 days.
    pub from: Date,
}

/// The sede's answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum SlotsAnswer {
    /// There are some.
    Free(FreeSlots),
    /// There are none at all.
    Full {
        /// The day from which there are new ones, if that is known.
        #[serde(default)]
        until: Option<Date>,
        /// What else the citizen can do: telephone, the counter without an appointment, …; one at least.
        channels: Vec<Translated>,
    },
}

/// Free slots.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FreeSlots {
    /// The first one from the asked day on, be it after the window.
    pub first: Slot,
    /// The office whose days these are: the asked one, or that of the first slot.
    pub office: String,
    /// Days of the window with a free slot, in order.
    pub days: Vec<FreeDay>,
    /// The last day that slots have been laid out for: nothing is to be asked for behind it.
    pub last_day: Date,
}

/// A place and a time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Slot {
    /// The office.
    pub office: String,
    /// When it begins.
    pub start: MadridTime,
}

/// A day with free slots.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FreeDay {
    /// The day.
    pub day: Date,
    /// Times at which a free slot begins, in order; 96 at most.
    #[serde(deserialize_with = "times")]
    pub times: Vec<Time>,
}

/// An order for an appointment; repeated with the same number it makes no second one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppointmentRequest {
    /// The kiosk's own number of this request: the idempotency key.
    pub request: OperationId,
    /// The service.
    pub service: String,
    /// The office.
    pub office: String,
    /// When.
    pub start: MadridTime,
    /// Language in which the town hall writes to the citizen.
    pub language: LanguageCode,
    /// For whom.
    pub who: Applicant,
}

/// For whom an appointment is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Applicant {
    /// For the session's holder.
    Session {
        /// The session's number.
        session: PrivateText,
    },
    /// For somebody without a card, where the catalogue allows that.
    Typed {
        /// DNI, NIE or NIF, which nobody has verified.
        #[serde(serialize_with = "nif")]
        number: Nif,
        /// Name and surnames, at most 120 characters.
        name: PrivateText,
        /// Nine to fifteen digits, perhaps after a plus sign.
        phone: PrivateText,
    },
}

/// The sede's answer to the order. Each is final for its number: another slot is another request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum AppointmentAnswer {
    /// It is made.
    Booked(Appointment),
    /// Somebody else was faster.
    SlotTaken {
        /// Free ones nearby, in order; ten at most.
        next: Vec<Slot>,
    },
    /// It is not made.
    Refused(Refusal),
}

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Appointment {
    /// The code on the slip; with the end of the number it finds and cancels the appointment.
    pub code: SlipCode,
    /// What is called up at the office, at most 12 characters.
    pub ticket: String,
    /// The service.
    pub service: String,
    /// Its name.
    pub service_name: Translated,
    /// Where.
    pub office: Office,
    /// When.
    pub start: MadridTime,
    /// What to bring, a sentence each; ten at most.
    pub bring: Vec<Translated>,
}

/// By what a citizen's appointments are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum AppointmentLookup {
    /// All those of the session's holder.
    Session {
        /// The session's number.
        session: PrivateText,
    },
    /// The one of a slip.
    Slip {
        /// Its code.
        code: SlipCode,
        /// The last three digits and the letter of the number that it was made for.
        number_end: PrivateText,
    },
}

/// Which appointment is to be cancelled, and by what right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum AppointmentCancel {
    /// One of the session's holder.
    Session {
        /// The session's number.
        session: PrivateText,
        /// Its code.
        code: SlipCode,
    },
    /// The one of a slip.
    Slip {
        /// Its code.
        code: SlipCode,
        /// The last three digits and the letter of the number that it was made for.
        number_end: PrivateText,
    },
}

/// The sede's answer to a cancellation; the same when it is asked for again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum CancelAnswer {
    /// It is cancelled, now or since before.
    Cancelled {
        /// When.
        cancelled_at: Timestamp,
    },
    /// It is not: `appointment-unknown`, `too-late`, …
    Refused(Refusal),
}

/// An answer to something that may be tried a few times only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried<T> {
    /// It was looked at.
    Answered(T),
    /// There were too many wrong tries, and it was not looked at.
    TooMany {
        /// How long nothing is looked at, if the sede says it; an hour at most.
        wait: Option<Duration>,
    },
}

#[derive(Deserialize)]
pub(super) struct FoundAppointments {
    pub appointments: Vec<Appointment>,
}

fn nif<S: Serializer>(it: &Nif, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(it.as_str())
}

/// `09:15`, and no other spelling.
fn times<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Time>, D::Error> {
    let read = |text: &String| {
        let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5)?;
        let number = |it: &str| it.bytes().all(|b| b.is_ascii_digit()).then(|| it.parse().ok())?;
        Time::new(number(hour)?, number(minute)?, 0, 0).ok()
    };
    let texts = Vec::<String>::deserialize(deserializer)?;
    let times: Option<Vec<Time>> = texts.iter().map(read).collect();
    times.ok_or_else(|| serde::de::Error::custom("no time of day"))
}

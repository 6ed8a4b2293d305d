//! The limits of `firmware/sede-api.yaml` on appointments. A fault's text names the field only.
use std::collections::BTreeSet;

use jiff::ToSpan;
use private::PrivateText;

use super::check::{Fault, id, operation, require, text};
use super::check_citizen::{refusal, session, translated};
use super::check_petition::is_phone;
use super::{
    Applicant, Appointment, AppointmentAnswer, AppointmentCancel, AppointmentLookup, AppointmentOffers,
    AppointmentRequest, CancelAnswer, FreeSlots, Office, Slot, SlotsAnswer, SlotsRequest, Translated,
};

/// Services, and offices.
const OFFERED_MAX: usize = 32;
/// Days of a window.
const WINDOW_DAYS: i32 = 31;
/// Slots of a day: one every quarter of an hour.
const TIMES_MAX: usize = 96;
/// Free slots that are offered instead of a taken one.
const NEXT_MAX: usize = 10;
/// Appointments of one person.
const APPOINTMENTS_MAX: usize = 16;

pub(super) fn offers(it: &AppointmentOffers) -> Result<(), Fault> {
    require(it.services.len() <= OFFERED_MAX, "services")?;
    require(it.offices.len() <= OFFERED_MAX, "offices")?;
    it.offices.iter().try_for_each(office)?;
    let offices: BTreeSet<&str> = it.offices.iter().map(|one| one.office.as_str()).collect();
    require(offices.len() == it.offices.len(), "offices")?;
    let services: BTreeSet<&str> = it.services.iter().map(|one| one.service.as_str()).collect();
    require(services.len() == it.services.len(), "services")?;
    it.services.iter().try_for_each(|one| {
        id("service", &one.service)?;
        translated("name", &one.name)?;
        require((1..=OFFERED_MAX).contains(&one.offices.len()), "offices")?;
        // An office that nobody describes cannot be shown.
        require(one.offices.iter().all(|it| offices.contains(it.as_str())), "offices")
    })
}

fn office(it: &Office) -> Result<(), Fault> {
    id("office", &it.office)?;
    translated("name", &it.name)?;
    text("address", &it.address, 1, 160)
}

pub(super) fn slots_request(it: &SlotsRequest) -> Result<(), Fault> {
    id("service", &it.service)?;
    it.office.as_ref().map_or(Ok(()), |office| id("office", office))
}

/// What is free, as an answer to this question.
pub(super) fn slots(of: &SlotsRequest, it: &SlotsAnswer) -> Result<(), Fault> {
    match it {
        SlotsAnswer::Free(it) => free(of, it),
        SlotsAnswer::Full { until, channels } => {
            require(until.is_none_or(|until| until >= of.from), "until")?;
            sentences("channels", channels, 1)
        }
    }
}

fn free(of: &SlotsRequest, it: &FreeSlots) -> Result<(), Fault> {
    slot(&it.first)?;
    id("office", &it.office)?;
    require(it.office == of.office.as_deref().unwrap_or(&it.first.office), "office")?;
    require(it.first.office == it.office, "office")?;
    let end = of.from.checked_add(WINDOW_DAYS.days()).map_err(|_| "from")?;
    require(it.days.iter().all(|one| (of.from..end).contains(&one.day)), "days")?;
    require(it.days.is_sorted_by(|one, next| one.day < next.day), "days")?;
    require(
        it.days.iter().all(|one| {
            (1..=TIMES_MAX).contains(&one.times.len()) && one.times.is_sorted_by(|one, next| one < next)
        }),
        "times",
    )?;
    require(it.first.start.day() >= of.from && it.last_day >= it.first.start.day(), "first")
}

fn slot(it: &Slot) -> Result<(), Fault> {
    id("office", &it.office)
}

fn sentences(field: &str, it: &[Translated], least: usize) -> Result<(), Fault> {
    require((least..=10).contains(&it.len()), field)?;
    it.iter().try_for_each(|one| translated(field, one))
}

pub(super) fn request(it: &AppointmentRequest) -> Result<(), Fault> {
    operation(&it.request)?;
    id("service", &it.service)?;
    id("office", &it.office)?;
    match &it.who {
        Applicant::Session { session: number } => session(number),
        Applicant::Typed { number: _, name, phone } => {
            text("name", name.as_str(), 1, 120)?;
            require(is_phone(phone), "phone")
        }
    }
}

/// What became of an order: an appointment at another place or time than the ordered one is none.
pub(super) fn answer(of: &AppointmentRequest, it: &AppointmentAnswer) -> Result<(), Fault> {
    match it {
        AppointmentAnswer::Booked(it) => {
            appointment(it)?;
            require(it.service == of.service, "service")?;
            require(it.office.office == of.office, "office")?;
            require(it.start == of.start, "start")
        }
        AppointmentAnswer::SlotTaken { next } => {
            require(next.len() <= NEXT_MAX, "next")?;
            next.iter().try_for_each(slot)
        }
        AppointmentAnswer::Refused(why) => refusal(why),
    }
}

fn appointment(it: &Appointment) -> Result<(), Fault> {
    text("ticket", &it.ticket, 1, 12)?;
    id("service", &it.service)?;
    translated("service_name", &it.service_name)?;
    office(&it.office)?;
    sentences("bring", &it.bring, 0)
}

pub(super) fn lookup(it: &AppointmentLookup) -> Result<(), Fault> {
    match it {
        AppointmentLookup::Session { session: number } => session(number),
        AppointmentLookup::Slip { code: _, number_end: end } => number_end(end),
    }
}

pub(super) fn cancel(it: &AppointmentCancel) -> Result<(), Fault> {
    match it {
        AppointmentCancel::Session { session: number, code: _ } => session(number),
        AppointmentCancel::Slip { code: _, number_end: end } => number_end(end),
    }
}

fn number_end(it: &PrivateText) -> Result<(), Fault> {
    let fits = matches!(it.as_str().as_bytes(), [a, b, c, letter]
        if [a, b, c].into_iter().all(u8::is_ascii_digit) && letter.is_ascii_uppercase());
    require(fits, "number_end")
}

/// What was found: by a slip nothing but its own appointment.
pub(super) fn found(of: &AppointmentLookup, it: &[Appointment]) -> Result<(), Fault> {
    it.iter().try_for_each(appointment)?;
    let fits = match of {
        AppointmentLookup::Session { .. } => it.len() <= APPOINTMENTS_MAX,
        AppointmentLookup::Slip { code, .. } => it.len() <= 1 && it.iter().all(|one| one.code == *code),
    };
    require(fits, "appointments")
}

pub(super) fn cancelled(it: &CancelAnswer) -> Result<(), Fault> {
    match it {
        CancelAnswer::Cancelled { cancelled_at: _ } => Ok(()),
        CancelAnswer::Refused(why) => refusal(why),
    }
}

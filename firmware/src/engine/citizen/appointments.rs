//! Carries out what an appointment asks for.
use std::time::Duration;

use tokio::time::sleep;

use crate::appointment::{Booking, Cancelling, Proof, Told, Typed};
use crate::private::PrivateText;
use crate::sede::{
    Applicant, Appointment, AppointmentAnswer, AppointmentCancel, AppointmentLookup, AppointmentRequest,
    CancelAnswer, LanguageCode, OperationId, Refusal, Sede, Slot, SlipCode, Tried,
};
use crate::words::words;

/// Between two attempts while the citizen waits.
const AGAIN: Duration = Duration::from_secs(2);

/// Attempts to book while the citizen waits.
const ATTEMPTS: u32 = 3;

/// Books; an answer that was lost is asked for again with the same number.
pub(super) async fn book(
    sede: &Sede,
    request: OperationId,
    (service, slot): (String, Slot),
    language: LanguageCode,
    who: Applicant,
) -> Booking {
    let request =
        AppointmentRequest { request, service, office: slot.office, start: slot.start, language, who };
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            sleep(AGAIN).await;
        }
        match sede.book_appointment(&request).await {
            Ok(AppointmentAnswer::Booked(booked)) => return Booking::Booked(Box::new(booked)),
            Ok(AppointmentAnswer::SlotTaken { next }) => return Booking::Taken(next),
            Ok(AppointmentAnswer::Refused(refusal)) => return Booking::Refused(told(&refusal)),
            Err(error) => tracing::warn!(%error, "booking an appointment"),
        }
    }
    Booking::Unknown
}

/// For whom: typed, or the session's holder.
pub(super) fn applicant(session: Option<&PrivateText>, typed: Option<Typed>) -> Option<Applicant> {
    match (typed, session) {
        (Some(Typed { number, name, telephone }), _) => {
            Some(Applicant::Typed { number: number?, name, phone: telephone })
        }
        (None, Some(session)) => Some(Applicant::Session { session: session.clone() }),
        (None, None) => None,
    }
}

/// Finds one's own; `None` when the sede could not be asked.
pub(super) async fn find(
    sede: &Sede,
    session: Option<&PrivateText>,
    proof: Proof,
) -> Option<Tried<Vec<Appointment>>> {
    let lookup = match proof {
        Proof::Card => AppointmentLookup::Session { session: session?.clone() },
        Proof::Slip { code, number_end } => AppointmentLookup::Slip { code, number_end },
    };
    let found = sede.find_appointments(&lookup).await;
    found.inspect_err(|error| tracing::warn!(%error, "finding appointments")).ok()
}

/// Cancels; may be asked for again.
pub(super) async fn cancel(
    sede: &Sede,
    session: Option<&PrivateText>,
    code: SlipCode,
    proof: Proof,
) -> Cancelling {
    let cancel = match (proof, session) {
        (Proof::Card, Some(session)) => AppointmentCancel::Session { session: session.clone(), code },
        (Proof::Card, None) => return Cancelling::Unknown,
        (Proof::Slip { number_end, .. }, _) => AppointmentCancel::Slip { code, number_end },
    };
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            sleep(AGAIN).await;
        }
        match sede.cancel_appointment(&cancel).await {
            Ok(Tried::Answered(CancelAnswer::Cancelled { .. })) => return Cancelling::Cancelled,
            Ok(Tried::Answered(CancelAnswer::Refused(refusal))) => return Cancelling::Refused(told(&refusal)),
            // The one who has found it has proved that it is his.
            Ok(Tried::TooMany { .. }) => return Cancelling::Unknown,
            Err(error) => tracing::warn!(%error, "cancelling an appointment"),
        }
    }
    Cancelling::Unknown
}

fn told(refusal: &Refusal) -> Told {
    tracing::info!(code = refusal.code, "an appointment is refused");
    Told { text: words(&refusal.text), next: words(&refusal.next) }
}

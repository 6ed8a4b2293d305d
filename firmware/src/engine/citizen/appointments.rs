//! Carries out what an appointment asks for.
use std::time::Duration;

use private::PrivateText;
use tokio::time::sleep;
use ui::Language;

use super::{Citizen, nonce, number, paper};
use crate::appointment::{Action, Answer, Booking, Cancelling, Proof, Told, Typed};
use crate::engine::{Rules, Services};
use crate::papers;
use crate::sede::{
    Applicant, Appointment, AppointmentAnswer, AppointmentCancel, AppointmentLookup, AppointmentRequest,
    CancelAnswer, LanguageCode, OperationId, Refusal, Sede, SlipCode, Slot, SlotsRequest, Tried,
};
use crate::words::{self, words};

/// Between two attempts while the citizen waits.
const AGAIN: Duration = Duration::from_secs(2);

/// Attempts to book while the citizen waits.
const ATTEMPTS: u32 = 3;

impl Citizen {
    /// Begins an action of an appointment.
    pub fn appointment(&mut self, services: &Services, rules: &Rules, language: Language, action: Action) {
        self.tidy();
        let teller = self.teller();
        let sede = services.sede.clone();
        let session = self.session.clone();
        match action {
            Action::AskOffers => {
                self.tasks.spawn(async move {
                    let offers = sede.appointment_offers().await;
                    let offers =
                        offers.inspect_err(|error| tracing::warn!(%error, "asking for appointments"));
                    teller.tell_appointment(Answer::Offers(offers.ok()));
                });
            }
            Action::AskSlots { service, office, from } => {
                self.tasks.spawn(async move {
                    let slots = sede.free_slots(&SlotsRequest { service, office, from }).await;
                    let slots = slots.inspect_err(|error| tracing::warn!(%error, "asking for free slots"));
                    teller.tell_appointment(Answer::Slots(slots.ok()));
                });
            }
            Action::Book { service, slot, who } => self.book(services, rules, language, (service, slot), who),
            Action::Find(proof) => {
                self.tasks.spawn(async move {
                    let session = session.as_ref().map(|session| &session.session);
                    let found = find(&sede, session, proof).await;
                    teller.tell_appointment(Answer::Found(found));
                });
            }
            Action::CancelOwn { code, proof } => {
                self.papers.spawn(async move {
                    let session = session.as_ref().map(|session| &session.session);
                    let cancelled = cancel(&sede, session, code, proof).await;
                    teller.tell_appointment(Answer::Cancelled(cancelled));
                });
            }
            Action::PrintSlip(booked) => self.print_slip(services, rules, language, &booked),
        }
    }

    /// An order that is out is waited for: it is made whether the citizen is there or not.
    fn book(
        &mut self,
        services: &Services,
        rules: &Rules,
        language: Language,
        what: (String, Slot),
        who: Option<Typed>,
    ) {
        let (teller, sede) = (self.teller(), services.sede.clone());
        let session = self.session.as_ref().map(|session| &session.session);
        let (Some(who), Ok(fresh)) = (applicant(session, who), nonce()) else {
            return teller.tell_appointment(Answer::Booked(Booking::NotAsked));
        };
        let request = number(rules, 'A', &fresh);
        self.papers.spawn(async move {
            let booked = book(&sede, request, what, words::code(language), who).await;
            teller.tell_appointment(Answer::Booked(booked));
        });
    }

    fn print_slip(&mut self, services: &Services, rules: &Rules, language: Language, booked: &Appointment) {
        let paper = papers::appointment(booked, language, &rules.letterhead);
        let (teller, printer) = (self.teller(), services.printer.clone());
        self.papers.spawn(async move {
            teller.tell_appointment(Answer::Printed(paper::receipt(printer, paper).await));
        });
    }
}

/// Books; an answer that was lost is asked for again with the same number.
async fn book(
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
fn applicant(session: Option<&PrivateText>, typed: Option<Typed>) -> Option<Applicant> {
    match (typed, session) {
        (Some(Typed { number, name, telephone }), _) => {
            Some(Applicant::Typed { number: number?, name, phone: telephone })
        }
        (None, Some(session)) => Some(Applicant::Session { session: session.clone() }),
        (None, None) => None,
    }
}

/// Finds one's own; `None` when the sede could not be asked.
async fn find(sede: &Sede, session: Option<&PrivateText>, proof: Proof) -> Option<Tried<Vec<Appointment>>> {
    let lookup = match proof {
        Proof::Card => AppointmentLookup::Session { session: session?.clone() },
        Proof::Slip { code, number_end } => AppointmentLookup::Slip { code, number_end },
    };
    let found = sede.find_appointments(&lookup).await;
    found.inspect_err(|error| tracing::warn!(%error, "finding appointments")).ok()
}

/// Cancels; may be asked for again.
async fn cancel(sede: &Sede, session: Option<&PrivateText>, code: SlipCode, proof: Proof) -> Cancelling {
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
            Ok(Tried::Answered(CancelAnswer::Refused(refusal))) => {
                return Cancelling::Refused(told(&refusal));
            }
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

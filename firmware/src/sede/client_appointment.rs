//! The calls about appointments (cita previa).
//!
//! What is offered and free is asked without a session and says nothing of anybody. Codes, numbers and names stand in
//! bodies only, and errors hold the stable code of what the sede said and none of its words.
use hyper::{Method, StatusCode};

use super::appointment::FoundAppointments;
use super::client::{not_sent, post, problem, read, retry_after};
use super::client_citizen::private;
use super::http::{Answer, Call};
use super::{
    Appointment, AppointmentAnswer, AppointmentCancel, AppointmentLookup, AppointmentOffers,
    AppointmentRequest, CancelAnswer, Sede, SedeError, SlotsAnswer, SlotsRequest, Tried, check_appointment,
};

impl Sede {
    /// For what and where there are appointments.
    pub async fn appointment_offers(&self) -> Result<AppointmentOffers, SedeError> {
        let call = Call::new(Method::GET, "/appointments/services".into());
        self.ask(call, &check_appointment::offers).await
    }

    /// Free slots of a service: the first one, and those of 31 days.
    pub async fn free_slots(&self, request: &SlotsRequest) -> Result<SlotsAnswer, SedeError> {
        check_appointment::slots_request(request).map_err(not_sent)?;
        let call = post("/appointments/slots", None, request)?;
        self.ask(call, &|it| check_appointment::slots(request, it)).await
    }

    /// Makes an appointment. To be repeated with the same request until there is an answer.
    pub async fn book_appointment(
        &self,
        request: &AppointmentRequest,
    ) -> Result<AppointmentAnswer, SedeError> {
        check_appointment::request(request).map_err(not_sent)?;
        let call = post("/appointments", None, request)?;
        self.ask_privately(call, &|it| check_appointment::answer(request, it)).await
    }

    /// Finds appointments of one person that are still to come; none where code and number do not belong together.
    pub async fn find_appointments(
        &self,
        lookup: &AppointmentLookup,
    ) -> Result<Tried<Vec<Appointment>>, SedeError> {
        check_appointment::lookup(lookup).map_err(not_sent)?;
        let call = private(post("/appointments/find", None, lookup)?);
        self.run(call, &|call, answer| {
            tried(answer, || {
                let within = |it: &FoundAppointments| check_appointment::found(lookup, &it.appointments);
                read(call, answer, &within).map(|it| it.appointments)
            })
        })
        .await
    }

    /// Cancels an appointment. May be repeated.
    pub async fn cancel_appointment(
        &self,
        cancel: &AppointmentCancel,
    ) -> Result<Tried<CancelAnswer>, SedeError> {
        check_appointment::cancel(cancel).map_err(not_sent)?;
        let call = private(post("/appointments/cancel", None, cancel)?);
        self.run(call, &|call, answer| tried(answer, || read(call, answer, &check_appointment::cancelled)))
            .await
    }
}

/// A code that was typed wrong too often is no failure of the sede, which goes on serving everybody else.
fn tried<T>(answer: &Answer, read: impl FnOnce() -> Result<T, SedeError>) -> Result<Tried<T>, SedeError> {
    if answer.status == StatusCode::TOO_MANY_REQUESTS && problem(answer).code == "too-many-tries" {
        return Ok(Tried::TooMany { wait: retry_after(answer) });
    }
    read().map(Tried::Answered)
}

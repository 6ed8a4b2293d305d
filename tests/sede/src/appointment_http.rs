//! HTTP of appointments.
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;

use crate::appointment_seeds::{offices, refusal, services};
use crate::appointment_wire::{
    AppointmentOffers, AppointmentRequest, Cancel, CancelAnswer, FoundAppointments, Lookup, SlotsRequest, Who,
};
use crate::citizen_http::{kiosk, over};
use crate::http::{Problem, admit, circumstances, json, read, text};
use crate::petition_http::conflict;
use crate::petitions::Known;
use crate::sede::{Inside, Shared};

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/kiosk/v1/appointments/services", get(offered))
        .route("/kiosk/v1/appointments/slots", post(slots))
        .route("/kiosk/v1/appointments", post(book))
        .route("/kiosk/v1/appointments/find", post(find))
        .route("/kiosk/v1/appointments/cancel", post(cancel))
}

async fn offered(request: Request) -> Result<Response, Problem> {
    kiosk(&circumstances(&request))?;
    Ok(json(&AppointmentOffers { services: services(), offices: offices() }))
}

async fn slots(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    kiosk(&circumstances(&request))?;
    let asked: SlotsRequest = read(request).await?;
    let now = shared.now();
    Ok(json(&shared.lock().appointments.free(&asked, now)))
}

async fn book(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let circumstances = circumstances(&request);
    let kiosk = kiosk(&circumstances)?;
    let wanted: AppointmentRequest = read(request).await?;
    admit(&circumstances, &wanted.request)?;
    let now = shared.now();
    let mut inside = shared.lock();
    match inside.appointments.known(&wanted) {
        Known::Answer(answer) => return Ok(text(answer)),
        Known::Conflict => return Err(conflict()),
        Known::New => {}
    }
    let (holder, card_needed) = match &wanted.who {
        Who::Session { session } => {
            (Some(inside.sessions.holder(&kiosk, session, now).ok_or_else(over)?), None)
        }
        Who::Typed { .. } if inside.town.catalogue.appointments.without_card => (None, None),
        Who::Typed { .. } => (None, Some("card-needed")),
    };
    let forced = circumstances.refused.as_deref().or(card_needed);
    let answer = inside.appointments.book(wanted, holder.as_ref(), forced, circumstances.slot_taken, now);
    Ok(text(answer))
}

async fn find(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let asked: Lookup = read(request).await?;
    let now = shared.now();
    let mut inside = shared.lock();
    let appointments = match &asked {
        Lookup::Session { session } => {
            let holder = inside.sessions.holder(&kiosk, session, now).ok_or_else(over)?;
            inside.appointments.find(&holder, now)
        }
        Lookup::Slip { code, number_end } => match tried(&mut inside, &kiosk, code, number_end, now) {
            Tried::TooMany(wait) => return Ok(too_many(wait)),
            Tried::Wrong => Vec::new(),
            Tried::Right => {
                let found = inside.appointments.of_slip(code, number_end);
                found.map(|it| inside.appointments.find_slip(it, now)).unwrap_or_default()
            }
        },
    };
    Ok(json(&FoundAppointments { appointments }))
}

async fn cancel(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let asked: Cancel = read(request).await?;
    let now = shared.now();
    let mut inside = shared.lock();
    let (code, owned) = match &asked {
        Cancel::Session { session, code } => {
            let holder = inside.sessions.holder(&kiosk, session, now).ok_or_else(over)?;
            (code, inside.appointments.is_own(&holder, code))
        }
        Cancel::Slip { code, number_end } => match tried(&mut inside, &kiosk, code, number_end, now) {
            Tried::TooMany(wait) => return Ok(too_many(wait)),
            Tried::Wrong => (code, false),
            Tried::Right => (code, true),
        },
    };
    if owned {
        return Ok(json(&inside.appointments.cancel(code, now)));
    }
    Ok(json(&CancelAnswer::Refused(refusal("appointment-unknown"))))
}

/// What became of a code that was typed.
enum Tried {
    Right,
    Wrong,
    TooMany(i64),
}

fn tried(inside: &mut Inside, kiosk: &str, code: &str, number_end: &str, now: Timestamp) -> Tried {
    let names = [format!("kiosk {kiosk}"), format!("code {code}")];
    let appointments = &mut inside.appointments;
    if let Some(wait) = appointments.tries.wait(&names, now) {
        return Tried::TooMany(wait);
    }
    if appointments.of_slip(code, number_end).is_some() {
        return Tried::Right;
    }
    appointments.tries.count(&names, now);
    Tried::Wrong
}

fn too_many(wait: i64) -> Response {
    let title = "Codes were typed wrong too often";
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-tries", title);
    ([(header::RETRY_AFTER, wait.max(1).to_string())], problem).into_response()
}

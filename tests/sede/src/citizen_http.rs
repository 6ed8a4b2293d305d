//! HTTP of sessions, revocation and certificates.
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::certificates::{Unissued, holder};
use crate::citizen_wire::{
    CertificateAnswer, CertificateOffers, CertificateRequest, DocumentRequest, Entry, EntryAnswer, InSession,
    Level, RevocationAnswer, RevocationRequest, SessionOpened, decoded, encoded,
};
use crate::entering;
use crate::http::{Circumstances, Problem, admit, circumstances, json, outside, read, text};
use crate::padron::{offers, ordered};
use crate::sede::Shared;
use crate::sessions::Entering;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/kiosk/v1/sessions", post(open))
        .route("/kiosk/v1/sessions/enter", post(enter))
        .route("/kiosk/v1/sessions/end", post(end))
        .route("/kiosk/v1/revocation", post(revocation))
        .route("/kiosk/v1/certificates/offers", post(offered))
        .route("/kiosk/v1/certificates", post(issue))
        .route("/kiosk/v1/certificates/document", post(document))
}

/// The request says nothing, and what it says is not read.
async fn open(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let now = shared.now();
    let (session, challenge, expires_at) = shared.lock().sessions.open(&kiosk, now);
    Ok(json(&SessionOpened { session, challenge: encoded(&challenge), expires_at }))
}

async fn enter(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let circumstances = circumstances(&request);
    let kiosk = kiosk(&circumstances)?;
    let entry: Entry = read(request).await?;
    let late = {
        let now = shared.now();
        let mut inside = shared.lock();
        match inside.sessions.enter(&kiosk, &entry, now) {
            Entering::New(_) => entering::delay(&inside, &entry),
            known => return settled(known),
        }
    };
    // The service is asked outside of the lock: other kiosks do not wait for it.
    tokio::time::sleep(Duration::from_millis(late.min(entering::PATIENCE))).await;
    let now = shared.now();
    let mut inside = shared.lock();
    let challenge = match inside.sessions.enter(&kiosk, &entry, now) {
        Entering::New(challenge) => challenge,
        known => return settled(known),
    };
    let (answer, holder) = match circumstances.refused {
        Some(code) => (EntryAnswer::Refused { code }, None),
        None => entering::decide(&inside, &entry, &challenge, late, now),
    };
    let body = serde_json::to_string(&answer).unwrap_or_default();
    inside.sessions.entered(&kiosk, entry, body.clone(), holder);
    Ok(text(body))
}

fn settled(entering: Entering) -> Result<Response, Problem> {
    match entering {
        Entering::Known(answer) => Ok(text(answer)),
        Entering::Conflict => {
            Err(Problem::new(StatusCode::CONFLICT, "session-conflict", "Something else was sent before"))
        }
        Entering::Over | Entering::New(_) => Err(over()),
    }
}

async fn end(State(shared): State<Arc<Shared>>, request: Request) -> Result<StatusCode, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let ended: InSession = read(request).await?;
    shared.lock().sessions.end(&kiosk, &ended.session);
    Ok(StatusCode::NO_CONTENT)
}

async fn revocation(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    kiosk(&circumstances(&request))?;
    let asked: RevocationRequest = read(request).await?;
    let request = decoded(&asked.request).ok_or_else(|| outside("request"))?;
    let late = shared.lock().services.delay(&request);
    tokio::time::sleep(Duration::from_millis(late)).await;
    let now = shared.now();
    let response = shared.lock().services.respond(&request, now).ok_or_else(|| outside("request"))?;
    let response = response.map_err(|_| {
        let title = "The revocation service does not answer";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "responder-unavailable", title)
    })?;
    Ok(json(&RevocationAnswer { response: encoded(&response) }))
}

async fn offered(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let circumstances = circumstances(&request);
    let kiosk = kiosk(&circumstances)?;
    let asked: InSession = read(request).await?;
    let now = shared.now();
    let mut inside = shared.lock();
    let who = inside.sessions.holder(&kiosk, &asked.session, now).ok_or_else(over)?;
    let (offers, nothing) = match circumstances.refused {
        Some(code) => (Vec::new(), Some(ordered(&code))),
        None => offers(&inside.padron, &who.number, who.level),
    };
    Ok(json(&CertificateOffers { offers, nothing }))
}

async fn issue(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let circumstances = circumstances(&request);
    let kiosk = kiosk(&circumstances)?;
    let wanted: CertificateRequest = read(request).await?;
    admit(&circumstances, &wanted.request)?;
    let now = shared.now();
    let mut inside = shared.lock();
    let who = inside.sessions.holder(&kiosk, &wanted.session, now).ok_or_else(over)?;
    let forced = match (circumstances.refused, who.level) {
        (Some(code), _) => Some(CertificateAnswer::Refused(ordered(&code))),
        // A pseudonym never acts; a kiosk that asks all the same is told so.
        (None, Level::Pseudonym) => {
            offers(&inside.padron, &who.number, who.level).1.map(CertificateAnswer::Refused)
        }
        (None, Level::Certificate) => None,
    };
    let inside = &mut *inside;
    let found = holder(&inside.padron, &who.number).ok_or_else(over)?;
    let answer = inside.certificates.issue(wanted, found, forced, now).map_err(|why| match why {
        Unissued::Conflict => Problem::new(
            StatusCode::CONFLICT,
            "request-conflict",
            "The number was sent before with another content",
        ),
        Unissued::Language => outside("language"),
        Unissued::Failed => Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal-error",
            "The document could not be made",
        ),
    })?;
    Ok(text(answer))
}

async fn document(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let asked: DocumentRequest = read(request).await?;
    let now = shared.now();
    let mut inside = shared.lock();
    inside.sessions.holder(&kiosk, &asked.session, now).ok_or_else(over)?;
    let document = inside.certificates.document(&asked.session, &asked.certificate).ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "certificate-unknown", "This session has no such certificate")
    })?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], document.to_vec()).into_response())
}

/// Which kiosk it is. In memory there are no certificates, and all are the same one.
pub(crate) fn kiosk(circumstances: &Circumstances) -> Result<String, Problem> {
    match (&circumstances.kiosk, &circumstances.name) {
        (None, _) => Ok(String::new()),
        (Some(_), Some(name)) => Ok(name.clone()),
        (Some(_), None) => {
            Err(Problem::new(StatusCode::FORBIDDEN, "kiosk-not-allowed", "The certificate names no kiosk"))
        }
    }
}

pub(crate) fn over() -> Problem {
    Problem::new(StatusCode::GONE, "session-over", "The session has ended, or never was")
}

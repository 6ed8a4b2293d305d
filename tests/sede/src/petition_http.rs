//! HTTP of petitions: what is possible, draft, upload, registration.
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, head, post};
use jiff::Timestamp;

use crate::citizen_http::{kiosk, over};
use crate::citizen_wire::{InSession, Level, decoded};
use crate::debt::masked;
use crate::entering::{PATIENCE, delay_of, not_revoked};
use crate::http::{Problem, admit, circumstances, json, outside, read, text};
use crate::petition_seeds::{CONSENT_VERSION, consent, refusal};
use crate::petition_text::{statement, text_sha256};
use crate::petition_wire::{
    ATTACHMENTS_MAX, Consent, Discard, Known as KnownContact, Petition, PetitionEntry, PetitionOptions,
    Registration, Will, is_draft,
};
use crate::petitions::{Draft, Known, PART_BYTES};
use crate::sede::{Inside, Shared};
use crate::sessions::Holder;
use crate::trust::Signed;
use crate::uploads::{NotTaken, Part, Progress, Upload};
use crate::wire::is_operation;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/kiosk/v1/petitions/options", post(options))
        .route("/kiosk/v1/petitions", post(open))
        .route("/kiosk/v1/petitions/{draft}/attachments/{number}", head(offset).patch(upload))
        .route("/kiosk/v1/petitions/discard", post(discard))
        .route("/kiosk/v1/petitions/register", post(register))
        .route("/kiosk/v1/petitions/{request}", get(entry))
}

async fn options(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let asked: InSession = read(request).await?;
    let now = shared.now();
    let mut inside = shared.lock();
    let who = inside.sessions.holder(&kiosk, &asked.session, now).ok_or_else(over)?;
    if who.level == Level::Pseudonym {
        return Ok(json(&PetitionOptions::Refused(refusal("certificate-needed"))));
    }
    let contact = inside.contacts.get(&who.number).cloned().unwrap_or_default();
    let known = KnownContact {
        electronic: contact.electronic,
        email: contact.email.as_deref().map(masked_email),
        phone: contact.phone.as_deref().map(masked_phone),
        address: inside.padron.resident(&who.number).map(|(dwelling, _)| masked(&dwelling.address)),
    };
    let consent = Consent { version: CONSENT_VERSION, text: consent() };
    Ok(json(&PetitionOptions::Offered { bodies: inside.petitions.bodies.clone(), known, consent }))
}

async fn open(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let circumstances = circumstances(&request);
    let kiosk = kiosk(&circumstances)?;
    let petition: Petition = read(request).await?;
    admit(&circumstances, &petition.request)?;
    let now = shared.now();
    let mut inside = shared.lock();
    inside.forget_drafts(now);
    let who = inside.sessions.holder(&kiosk, &petition.session, now).ok_or_else(over)?;
    match inside.petitions.opened(&petition) {
        Known::Answer(answer) => return Ok(text(answer)),
        Known::Conflict => return Err(conflict()),
        Known::New => {}
    }
    let pseudonym = (who.level == Level::Pseudonym).then(|| "certificate-needed".to_owned());
    let limits = inside.town.catalogue.petitions.clone();
    let forced = circumstances.refused.or(pseudonym);
    Ok(text(inside.petitions.open(&kiosk, petition, &limits, forced)))
}

async fn offset(
    State(shared): State<Arc<Shared>>,
    Path((draft, number)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let now = shared.now();
    let mut inside = shared.lock();
    let progress = resource(&mut inside, &kiosk, &draft, &number, now)?.progress();
    let more = [("upload-length", progress.length.to_string()), ("cache-control", "no-store".into())];
    Ok((StatusCode::NO_CONTENT, headers(progress), more).into_response())
}

async fn upload(
    State(shared): State<Arc<Shared>>,
    Path((draft, number)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let announced = Announced::of(request.headers())?;
    let most = shared.lock().petitions.part_bytes.min(PART_BYTES);
    let too_large = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The part is too long");
    let bytes = to_bytes(request.into_body(), most).await.map_err(too_large)?;
    let now = shared.now();
    let mut inside = shared.lock();
    let upload = resource(&mut inside, &kiosk, &draft, &number, now)?;
    let Announced { offset, last, sha256 } = announced;
    match upload.take(&Part { offset, last, sha256: &sha256, bytes: &bytes }) {
        Ok(progress) => Ok((StatusCode::NO_CONTENT, headers(progress)).into_response()),
        Err(NotTaken::Offset(progress)) => {
            let title = "The upload goes on at another byte";
            let problem = Problem::new(StatusCode::CONFLICT, "mismatching-upload-offset", title);
            Ok((headers(progress), problem).into_response())
        }
        Err(NotTaken::Damaged) => {
            let title = "The part is not what its digest says";
            Err(Problem::new(StatusCode::BAD_REQUEST, "digest-mismatching-values", title))
        }
        Err(NotTaken::Length) => {
            let title = "The part does not end where the attachment does";
            Err(Problem::new(StatusCode::BAD_REQUEST, "inconsistent-upload-length", title))
        }
        Err(NotTaken::Differs) => {
            let title = "The attachment is not the announced one";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "attachment-differs", title))
        }
    }
}

async fn discard(State(shared): State<Arc<Shared>>, request: Request) -> Result<StatusCode, Problem> {
    let kiosk = kiosk(&circumstances(&request))?;
    let ended: Discard = read(request).await?;
    shared.lock().petitions.discard(&kiosk, &ended.session, &ended.draft);
    Ok(StatusCode::NO_CONTENT)
}

async fn register(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let circumstances = circumstances(&request);
    let kiosk = kiosk(&circumstances)?;
    let wanted: Registration = read(request).await?;
    admit(&circumstances, &wanted.request)?;
    let late = {
        let mut inside = shared.lock();
        if let Some(answer) = settled(&inside, &wanted)? {
            return Ok(answer);
        }
        arrived(&mut inside, &kiosk, &wanted, shared.now())?;
        match &wanted.will {
            Will::Signature { certificate, .. } => delay_of(&inside, certificate),
            Will::Consent { .. } => 0,
        }
    };
    // The revocation service is asked outside of the lock: other kiosks do not wait for it.
    tokio::time::sleep(Duration::from_millis(late.min(PATIENCE))).await;
    let now = shared.now();
    let mut inside = shared.lock();
    if let Some(answer) = settled(&inside, &wanted)? {
        return Ok(answer);
    }
    let arrived = arrived(&mut inside, &kiosk, &wanted, now)?;
    let decided = match &circumstances.refused {
        Some(code) => Err(code.as_str()),
        None => willed(&inside, &wanted, &arrived, late, now),
    };
    Ok(text(inside.petitions.settle(&wanted, &arrived.who, decided, now)))
}

async fn entry(
    State(shared): State<Arc<Shared>>,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    if !is_operation(&number) {
        return Err(outside("request"));
    }
    admit(&circumstances(&request), &number)?;
    let inside = shared.lock();
    let title = "No petition with this number has been registered";
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "petition-unknown", title);
    let found = inside.petitions.entry(&number).ok_or_else(unknown)?;
    Ok(json(&PetitionEntry { number: &found.number, registered_at: found.registered_at }))
}

/// What was answered to the same registration.
fn settled(inside: &Inside, wanted: &Registration) -> Result<Option<Response>, Problem> {
    match inside.petitions.settled(wanted) {
        Known::Answer(answer) => Ok(Some(text(answer))),
        Known::Conflict => Err(conflict()),
        Known::New => Ok(None),
    }
}

/// Who registers, and the SHA-256 of what.
struct Arrived {
    who: Holder,
    text: [u8; 32],
    attachments: Vec<[u8; 32]>,
}

/// What is registered, when everything has arrived.
fn arrived(
    inside: &mut Inside,
    kiosk: &str,
    wanted: &Registration,
    now: Timestamp,
) -> Result<Arrived, Problem> {
    inside.forget_drafts(now);
    let who = inside.sessions.holder(kiosk, &wanted.session, now).ok_or_else(over)?;
    let draft = inside.petitions.draft(kiosk, &wanted.draft).ok_or_else(unknown)?;
    let Draft { petition, uploads, .. } = &*draft;
    if petition.session != wanted.session || petition.request != wanted.request {
        return Err(unknown());
    }
    if !uploads.are_complete() {
        let title = "Not all attachments have arrived";
        return Err(Problem::new(StatusCode::CONFLICT, "upload-incomplete", title));
    }
    Ok(Arrived { who, text: text_sha256(petition), attachments: uploads.hashes() })
}

/// Whether the citizen wants it, or the contract's code of why that is not sure.
fn willed(
    inside: &Inside,
    wanted: &Registration,
    arrived: &Arrived,
    late: u64,
    now: Timestamp,
) -> Result<(), &'static str> {
    let (certificate, chain, signature, revocation) = match &wanted.will {
        Will::Consent { version, .. } if version == CONSENT_VERSION => return Ok(()),
        Will::Consent { .. } => return Err("consent-outdated"),
        Will::Signature { certificate, chain, signature, revocation } => {
            (certificate, chain, signature, revocation)
        }
    };
    let bytes = |text: &String| decoded(text).unwrap_or_default();
    let signed = Signed {
        certificate: &bytes(certificate),
        chain: &chain.iter().map(bytes).collect::<Vec<_>>(),
        statement: &statement(&wanted.draft, &arrived.text, &arrived.attachments),
        signature: &bytes(signature),
    };
    let known = inside.trust.signer(&signed, now)?;
    let stapled = revocation.as_ref().map(bytes);
    not_revoked(inside, &known.certificate, stapled.as_deref(), late, now)?;
    if known.number == arrived.who.number { Ok(()) } else { Err("not-the-holder") }
}

/// The attachment of a live draft; its session lives on.
fn resource<'a>(
    inside: &'a mut Inside,
    kiosk: &str,
    draft: &str,
    number: &str,
    now: Timestamp,
) -> Result<&'a mut Upload, Problem> {
    if !is_draft(draft) {
        return Err(outside("draft"));
    }
    let number = number.parse().ok().filter(|it| (1..=ATTACHMENTS_MAX).contains(it));
    let number = number.ok_or_else(|| outside("number"))?;
    inside.forget_drafts(now);
    let session = inside.petitions.draft(kiosk, draft).ok_or_else(unknown)?.petition.session.clone();
    inside.sessions.holder(kiosk, &session, now).ok_or_else(unknown)?;
    let title = "The draft has no attachment with this number";
    let no_attachment = || Problem::new(StatusCode::NOT_FOUND, "attachment-unknown", title);
    inside.petitions.draft(kiosk, draft).ok_or_else(unknown)?.uploads.get(number).ok_or_else(no_attachment)
}

/// The headers of a part.
struct Announced {
    offset: usize,
    last: bool,
    sha256: Vec<u8>,
}

impl Announced {
    fn of(headers: &HeaderMap) -> Result<Announced, Problem> {
        let value = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let kind = value(header::CONTENT_TYPE.as_str());
        if !kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/partial-upload")
        {
            let title = "Not application/partial-upload";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-partial-upload", title));
        }
        let malformed = |name: &str| {
            Problem::new(StatusCode::BAD_REQUEST, "malformed-request", "The request is not by the contract")
                .detail(name)
        };
        let offset = value("upload-offset");
        let digits = (1..=8).contains(&offset.len()) && offset.bytes().all(|b| b.is_ascii_digit());
        let offset = offset.parse().ok().filter(|_| digits).ok_or_else(|| malformed("Upload-Offset"))?;
        let last = match value("upload-complete") {
            "?1" => true,
            "?0" => false,
            _ => return Err(malformed("Upload-Complete")),
        };
        let digest = value("content-digest").strip_prefix("sha-256=:").and_then(|it| it.strip_suffix(':'));
        let sha256 = digest.and_then(decoded).filter(|it| it.len() == 32);
        Ok(Announced { offset, last, sha256: sha256.ok_or_else(|| malformed("Content-Digest"))? })
    }
}

fn headers(it: Progress) -> [(&'static str, String); 2] {
    let complete = if it.is_complete() { "?1" } else { "?0" };
    [("upload-offset", it.offset.to_string()), ("upload-complete", complete.into())]
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "draft-unknown", "There is no such draft")
}

pub(crate) fn conflict() -> Problem {
    let title = "The number was sent before with another content";
    Problem::new(StatusCode::CONFLICT, "request-conflict", title)
}

fn masked_email(it: &str) -> String {
    let first = |text: &str| text.chars().take(1).collect::<String>();
    let (name, domain) = it.split_once('@').unwrap_or_default();
    let end = domain.rsplit_once('.').map_or("", |(_, end)| end);
    format!("{}*****@{}*****.{end}", first(name), first(domain))
}

fn masked_phone(it: &str) -> String {
    let end: String = it.chars().skip(it.chars().count().saturating_sub(2)).collect();
    format!("*** *** *{end}")
}

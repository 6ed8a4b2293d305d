//! The calls of the contract (`firmware/sede-api.yaml`), typed and checked, and what they tell about the sede.
//!
//! A handle is cheap to clone. At most four calls are under way at once; more wait. Nothing is repeated
//! here but for a dead kept connection: the outbox repeats, with the same keys.
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::{Method, StatusCode, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::connect::Connect;
use super::http::{Answer, BODY_MAX, Call, Http, Timeouts};
use super::{
    Catalogue, DebtAnswer, KioskEvent, OperationId, PaymentAnswer, PaymentOrder, SedeError, check,
    check_citizen, trouble,
};

const CALLS_AT_ONCE: usize = 4;
const EVENTS_IN_A_BATCH: usize = 50;
/// A sede that asks for a longer pause is asked again after this one: a kiosk must not be silenced by a slip.
const PAUSE_MAX: Duration = Duration::from_secs(3600);

/// How the last call went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Contact {
    /// No call was made since power-on.
    #[default]
    Untried,
    /// It answered; a refused call ([`SedeError::Rejected`]) is an answer too.
    Answering,
    /// It did not, or not by the contract.
    Failing(SedeError),
}

/// The sede's time, for the kiosk's clock. Whether it is to be believed is the clock's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTime {
    /// From the `Date` header, whole seconds.
    pub at: Timestamp,
    /// When the answer's head arrived.
    pub received: Instant,
    /// How long the call took until then: the time is wrong by no more than this and a second.
    pub round_trip: Duration,
}

/// What is known of the sede.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reachability {
    /// How the last call went.
    pub contact: Contact,
    /// Its time in the last answer that had one.
    pub server_time: Option<ServerTime>,
    /// It asked not to be asked again before; for those that repeat on their own. An hour ahead at most.
    pub retry_at: Option<Instant>,
}

/// The sede's client.
#[derive(Clone)]
pub struct Sede(Arc<Inner>);

struct Inner {
    http: Http,
    calls: Semaphore,
    reachable: watch::Sender<Reachability>,
}

#[derive(Serialize)]
struct DebtLookup<'a> {
    digits: &'a str,
}

#[derive(Serialize)]
struct EventBatch<'a> {
    events: &'a [KioskEvent],
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    title: String,
    pub code: String,
    detail: String,
}

impl Sede {
    /// A client that has made no call yet. `host` is what the `Host` header says.
    pub fn new(connect: Arc<dyn Connect>, host: String, timeouts: Timeouts) -> Sede {
        Sede(Arc::new(Inner {
            http: Http::new(connect, host, timeouts),
            calls: Semaphore::new(CALLS_AT_ONCE),
            reachable: watch::Sender::new(Reachability::default()),
        }))
    }

    /// What is known of the sede; changes with every call.
    pub fn reachable(&self) -> watch::Receiver<Reachability> {
        self.0.reachable.subscribe()
    }

    /// What is offered at this kiosk now.
    pub async fn catalogue(&self) -> Result<Catalogue, SedeError> {
        self.ask(get("/catalogue".into()), &check::catalogue).await
    }

    /// What is to be paid for a document. `digits` are all of its barcode, `90` included.
    pub async fn debt(&self, digits: &str) -> Result<DebtAnswer, SedeError> {
        check::digits(digits).map_err(not_sent)?;
        self.ask(post("/debts/lookup", None, &DebtLookup { digits })?, &check::debt_answer).await
    }

    /// Books a payment. To be repeated with the same order until there is an answer.
    pub async fn pay(&self, order: &PaymentOrder) -> Result<PaymentAnswer, SedeError> {
        check::payment_order(order).map_err(not_sent)?;
        let call = post("/payments", Some(order.operation.0.clone()), order)?;
        self.ask(call, &check::payment_answer).await
    }

    /// What became of a payment; `None` when its order never arrived at the sede.
    pub async fn payment(&self, operation: &OperationId) -> Result<Option<PaymentAnswer>, SedeError> {
        check::operation(operation).map_err(not_sent)?;
        let mut call = get(format!("/payments/{}", operation.0));
        call.key = Some(operation.0.clone());
        self.run(call, &|call, answer| {
            if answer.status == StatusCode::NOT_FOUND && problem(answer).code == "operation-unknown" {
                return Ok(None);
            }
            read(call, answer, &check::payment_answer).map(Some)
        })
        .await
    }

    /// Reports events, in batches. To be repeated with the same events after an error: those that the sede has
    /// are passed over. When the sede accepts a batch only in part, all that it accepts are stored before the
    /// error returns, whose text begins with the identifier of the event that it refuses.
    pub async fn report(&self, events: &[KioskEvent]) -> Result<(), SedeError> {
        let mut refused = None;
        let mut batch: Vec<KioskEvent> = Vec::new();
        let mut size = 0_usize;
        for event in events {
            let event = match check::event(event) {
                Ok(event) => event,
                Err(fault) => {
                    refused.get_or_insert(refusal(&event.id, &not_sent(fault)));
                    continue;
                }
            };
            let length = serde_json::to_vec(&event).map_err(|e| not_sent(e.to_string()))?.len();
            if batch.len() == EVENTS_IN_A_BATCH || size.saturating_add(length) > BODY_MAX - 1024 {
                self.report_batch(&batch, &mut refused).await?;
                batch.clear();
                size = 0;
            }
            size = size.saturating_add(length).saturating_add(1);
            batch.push(event);
        }
        self.report_batch(&batch, &mut refused).await?;
        refused.map_or(Ok(()), Err)
    }

    async fn report_batch(
        &self,
        batch: &[KioskEvent],
        refused: &mut Option<SedeError>,
    ) -> Result<(), SedeError> {
        match self.post_events(batch).await {
            Err(SedeError::Rejected { status: 422, .. }) => {}
            other => return other,
        }
        // One of them is not accepted: the others must not wait for it.
        for event in batch {
            match self.post_events(std::slice::from_ref(event)).await {
                Ok(()) => {}
                Err(error @ SedeError::Rejected { status: 422, .. }) => {
                    refused.get_or_insert(refusal(&event.id, &error));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn post_events(&self, events: &[KioskEvent]) -> Result<(), SedeError> {
        if events.is_empty() {
            return Ok(());
        }
        let call = post("/events", None, &EventBatch { events })?;
        self.run(call, &done).await
    }

    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        call: Call,
        check: &(dyn Fn(&T) -> Result<(), check::Fault> + Sync),
    ) -> Result<T, SedeError> {
        self.run(call, &|call, answer| read(call, answer, check)).await
    }

    /// Runs a call, makes a value of its answer, and tells how it went.
    pub(super) async fn run<T>(
        &self,
        call: Call,
        read: &(dyn Fn(&Call, &Answer) -> Result<T, SedeError> + Sync),
    ) -> Result<T, SedeError> {
        let permit = self.0.calls.acquire().await;
        let begun = Instant::now();
        let (result, answer) = match self.0.http.exchange(&call).await {
            Ok(answer) => (read(&call, &answer), Some(answer)),
            Err(error) => (Err(error), None),
        };
        drop(permit);
        let contact = match &result {
            Ok(_) | Err(SedeError::Rejected { .. }) => Contact::Answering,
            Err(error) => Contact::Failing(error.clone()),
        };
        self.0.reachable.send_modify(|known| {
            if let Some(at) = answer.as_ref().and_then(date) {
                let received = answer.as_ref().map_or(begun, |a| a.at);
                known.server_time = Some(ServerTime { at, received, round_trip: received - begun });
            }
            // Whoever has typed a wrong code too often waits alone: such an answer is one, and silences nobody else.
            known.retry_at = answer.as_ref().filter(|_| result.is_err()).and_then(retry_at);
            if std::mem::discriminant(&known.contact) != std::mem::discriminant(&contact) {
                match &contact {
                    Contact::Failing(error) => tracing::warn!(%error, path = call.shown(), "the sede fails"),
                    Contact::Answering | Contact::Untried => tracing::info!("the sede answers"),
                }
            }
            known.contact = contact;
        });
        result
    }
}

pub(super) fn get(path: String) -> Call {
    Call::new(Method::GET, path)
}

pub(super) fn post(path: &str, key: Option<String>, body: &impl Serialize) -> Result<Call, SedeError> {
    // Room for every body of the contract: a buffer that grows would leave copies behind it. It is wiped with the
    // last handle of it.
    let mut written = Zeroizing::new(Vec::with_capacity(BODY_MAX));
    serde_json::to_writer(&mut *written, body).map_err(|e| not_sent(e.to_string()))?;
    let body = Some(Bytes::from_owner(written));
    Ok(Call { key, body, ..Call::new(Method::POST, path.into()) })
}

pub(super) fn not_sent(fault: check::Fault) -> SedeError {
    SedeError::Rejected { status: 422, text: format!("not sent: {fault}") }
}

fn refusal(id: &str, error: &SedeError) -> SedeError {
    SedeError::Rejected { status: 422, text: trouble::plain(&format!("{id}: {error}")) }
}

pub(super) fn read<T: DeserializeOwned>(
    call: &Call,
    answer: &Answer,
    check: &(dyn Fn(&T) -> Result<(), check::Fault> + Sync),
) -> Result<T, SedeError> {
    if answer.status != StatusCode::OK {
        return Err(failed(call, answer));
    }
    if !media_type(answer).eq_ignore_ascii_case("application/json") {
        return Err(SedeError::Malformed("an answer that is no application/json".into()));
    }
    // The answer to another operation, by a proxy's or the sede's mistake, must not become this one's.
    let key = answer.headers.get("idempotency-key").map(|k| k.as_bytes());
    if call.key.is_some() && key != call.key.as_deref().map(str::as_bytes) {
        return Err(SedeError::Malformed("an answer without this operation's Idempotency-Key".into()));
    }
    // serde's text quotes values, and an answer may hold a name: only the place is told.
    let value = serde_json::from_slice(&answer.body).map_err(|e| {
        SedeError::Malformed(format!("unexpected JSON at line {} column {}", e.line(), e.column()))
    })?;
    check(&value).map_err(SedeError::Malformed)?;
    Ok(value)
}

/// The answer to what has nothing to tell: 204.
pub(super) fn done(call: &Call, answer: &Answer) -> Result<(), SedeError> {
    match answer.status {
        StatusCode::NO_CONTENT => Ok(()),
        _ => Err(failed(call, answer)),
    }
}

pub(super) fn failed(call: &Call, answer: &Answer) -> SedeError {
    let status = answer.status.as_u16();
    match status {
        429 | 500..=599 => SedeError::Unavailable(status),
        400..=499 if call.private => {
            let text = check_citizen::code(&problem(answer).code).to_owned();
            SedeError::Rejected { status, text }
        }
        400..=499 => {
            let Problem { title, code, detail } = problem(answer);
            SedeError::Rejected { status, text: trouble::plain(format!("{code}: {title}. {detail}").trim()) }
        }
        _ => SedeError::Malformed(format!("status {status}")),
    }
}

pub(super) fn problem(answer: &Answer) -> Problem {
    if !media_type(answer).eq_ignore_ascii_case("application/problem+json") {
        return Problem { title: "no problem document".into(), ..Problem::default() };
    }
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn media_type(answer: &Answer) -> &str {
    let value = answer.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn date(answer: &Answer) -> Option<Timestamp> {
    let value = answer.headers.get(header::DATE)?.to_str().ok()?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()
}

fn retry_at(answer: &Answer) -> Option<Instant> {
    Some(answer.at + retry_after(answer)?)
}

/// The pause that the sede asks for, an hour at most.
pub(super) fn retry_after(answer: &Answer) -> Option<Duration> {
    let wait: u64 = answer.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(wait).min(PAUSE_MAX))
}

//! HTTP of the contract (`firmware/sede-api.yaml`): routes, bodies, problem documents (RFC 9457).
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use crate::appointment_http;
use crate::citizen_http;
use crate::petition_http;
use crate::sede::Shared;
use crate::wire::{DebtLookup, EventBatch, Limited, PaymentAnswer, PaymentOrder, is_operation};

/// The contract's limit of a body.
const BODY_MAX: usize = 64 * 1024;
pub(crate) const KEY: &str = "idempotency-key";

/// Whether a client's certificate is the one of a kiosk.
pub(crate) type IsKiosk = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What is known of a request beside its text: a fault's refusal, and the kiosks that the client's certificate
/// is good for.
#[derive(Clone, Default)]
pub(crate) struct Circumstances {
    pub forced: Option<PaymentAnswer>,
    /// The code with which an entry, a certificate, a petition or an appointment is refused.
    pub refused: Option<String>,
    /// Somebody else takes the slot first.
    pub slot_taken: bool,
    pub kiosk: Option<IsKiosk>,
    /// Which kiosk the certificate names.
    pub name: Option<String>,
}

/// RFC 9457 with `code`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Problem {
    r#type: String,
    title: String,
    status: u16,
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &str, title: &str) -> Problem {
        Problem {
            r#type: format!("urn:ciberkiosco:problem:{code}"),
            title: title.into(),
            status: status.as_u16(),
            code: code.into(),
            detail: None,
        }
    }

    pub(crate) fn detail(self, detail: impl Into<String>) -> Problem {
        Problem { detail: Some(detail.into()), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/kiosk/v1/catalogue", get(catalogue))
        .route("/kiosk/v1/debts/lookup", post(debts))
        .route("/kiosk/v1/payments", post(pay))
        .route("/kiosk/v1/payments/{operation}", get(payment))
        .route("/kiosk/v1/events", post(events))
        .merge(citizen_http::routes())
        .merge(petition_http::routes())
        .merge(appointment_http::routes())
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Not with this method")
        })
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "not-found", "No such path"))
        .with_state(shared)
}

async fn catalogue(State(shared): State<Arc<Shared>>) -> Response {
    json(&shared.lock().town.catalogue)
}

async fn debts(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let lookup: DebtLookup = read(request).await?;
    let now = shared.now();
    Ok(json(&shared.lock().town.look_up(&lookup.digits, now)))
}

async fn pay(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Problem> {
    let circumstances = circumstances(&request);
    let key = request.headers().get(KEY).cloned();
    let order: PaymentOrder = read(request).await?;
    let malformed = |detail| {
        Problem::new(StatusCode::BAD_REQUEST, "malformed-request", "The request is not by the contract")
            .detail(detail)
    };
    let key = key.ok_or_else(|| malformed("Idempotency-Key is missing"))?;
    if key.as_bytes() != order.operation.as_bytes() {
        return Err(malformed("Idempotency-Key is not the operation"));
    }
    admit(&circumstances, &order.operation)?;
    let operation = order.operation.clone();
    let now = shared.now();
    let answer = shared.lock().town.book(order, circumstances.forced, now).map_err(|_| {
        Problem::new(
            StatusCode::CONFLICT,
            "operation-conflict",
            "The operation was sent before with another content",
        )
        .detail(operation.as_str())
    })?;
    Ok(keyed(&operation, answer))
}

async fn payment(
    State(shared): State<Arc<Shared>>,
    Path(operation): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    if !is_operation(&operation) {
        return Err(outside("operation"));
    }
    let circumstances = circumstances(&request);
    admit(&circumstances, &operation)?;
    match shared.lock().town.payments.get(&operation) {
        Some(payment) => Ok(keyed(&operation, payment.answer.clone())),
        None => Err(Problem::new(
            StatusCode::NOT_FOUND,
            "operation-unknown",
            "No payment with this number has arrived",
        )),
    }
}

async fn events(State(shared): State<Arc<Shared>>, request: Request) -> Result<StatusCode, Problem> {
    let batch: EventBatch = read(request).await?;
    let now = shared.now();
    let mut inside = shared.lock();
    for event in batch.events {
        inside.town.note(event, now);
    }
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) fn circumstances(request: &Request) -> Circumstances {
    request.extensions().get::<Circumstances>().cloned().unwrap_or_default()
}

/// A kiosk may speak of its own operations only. In memory there are no certificates, and every kiosk is believed.
pub(crate) fn admit(circumstances: &Circumstances, operation: &str) -> Result<(), Problem> {
    let kiosk = operation.split('-').next().unwrap_or_default();
    match &circumstances.kiosk {
        Some(is_certified) if !is_certified(kiosk) => {
            Err(Problem::new(StatusCode::FORBIDDEN, "kiosk-not-allowed", "This is another kiosk's operation"))
        }
        _ => Ok(()),
    }
}

pub(crate) async fn read<T: DeserializeOwned + Limited>(request: Request) -> Result<T, Problem> {
    if !is_json(request.headers()) {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", "Not application/json"));
    }
    let body = to_bytes(request.into_body(), BODY_MAX)
        .await
        .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is over 64 KiB"))?;
    let value: T = serde_json::from_slice(&body).map_err(|error| match error.classify() {
        Category::Data => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-content", "A field does not fit")
                .detail(format!("line {}, column {}", error.line(), error.column()))
        }
        Category::Io | Category::Syntax | Category::Eof => {
            Problem::new(StatusCode::BAD_REQUEST, "malformed-request", "The request is not by the contract")
                .detail("not JSON")
        }
    })?;
    match value.outside() {
        Some(field) => Err(outside(field)),
        None => Ok(value),
    }
}

pub(crate) fn outside(field: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-content", "A field is outside its limits")
        .detail(field)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

pub(crate) fn json(value: &impl Serialize) -> Response {
    text(serde_json::to_string(value).unwrap_or_default())
}

/// A JSON text as it was kept.
pub(crate) fn text(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn keyed(operation: &str, body: String) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response();
    if let Ok(key) = HeaderValue::from_str(operation) {
        response.headers_mut().insert(KEY, key);
    }
    response
}

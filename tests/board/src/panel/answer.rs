//! What the API answers: `{"ok": true, …}`, or a status and `{"error": "…"}`.
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// A request that was not done, and why.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    text: String,
}

impl Failure {
    /// With a status of its own.
    pub fn of(status: StatusCode, text: impl Into<String>) -> Failure {
        Failure { status, text: text.into() }
    }
}

/// Everything that the board or a peripheral refuses is a conflict with its state.
impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure { status: StatusCode::CONFLICT, text: format!("{:#}", error.into()) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.text }))).into_response()
    }
}

/// What an action answers.
pub type Done = Result<Json<Value>, Failure>;

/// Done, with nothing to tell.
pub fn done() -> Done {
    Ok(Json(json!({ "ok": true })))
}

/// Done, with a result.
pub fn done_with(result: impl Serialize) -> Done {
    Ok(Json(json!({ "ok": true, "result": serde_json::to_value(result)? })))
}

//! One exchange with the sede: HTTP/1.1 (RFC 9112) over a connection that is kept for the next one.
//!
//! Every call of this contract may be repeated: it only asks, or carries its key. So a kept connection that turns
//! out to be dead before an answer began is replaced once, unseen by the caller. A new connection that fails
//! is a failed call. Deadlines are tokio's; every answer is bounded.
use std::sync::Mutex;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::connect::Connect;
use super::{SedeError, trouble};

/// The contract's limit of a body, either way.
pub(super) const BODY_MAX: usize = 64 * 1024;
const HEAD_MAX: usize = 32 * 1024;
const TO_BECOME_IDLE: Duration = Duration::from_millis(100);

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands, TLS included.
    pub connect: Duration,
    /// From the request to the last byte of the answer.
    pub answer: Duration,
    /// How long an unused connection is kept.
    pub idle: Duration,
}

impl Default for Timeouts {
    /// Those of the contract.
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(10),
            idle: Duration::from_secs(30),
        }
    }
}

/// A request, which may be sent more than once.
pub(super) struct Call {
    pub method: Method,
    /// Below `/kiosk/v1`.
    pub path: String,
    pub key: Option<String>,
    pub body: Option<Bytes>,
    pub content_type: &'static str,
    /// Beside those of every call.
    pub headers: Vec<(&'static str, String)>,
    pub accept: &'static str,
    /// The longest body of an answer that is no problem document.
    pub answer_max: usize,
    /// It is about a person: nothing of the answer's own words goes into an error.
    pub private: bool,
    /// What a log says instead of a path that opens something.
    pub shown: Option<&'static str>,
}

impl Call {
    pub(super) fn new(method: Method, path: String) -> Call {
        Call {
            method,
            path,
            key: None,
            body: None,
            content_type: "application/json",
            headers: Vec::new(),
            accept: "application/json, application/problem+json",
            answer_max: BODY_MAX,
            private: false,
            shown: None,
        }
    }

    /// The path, as it may stand in a log.
    pub(super) fn shown(&self) -> &str {
        self.shown.unwrap_or(&self.path)
    }
}

/// An answer, complete and within bounds.
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Zeroizing<Vec<u8>>,
    /// When its head arrived.
    pub at: Instant,
}

/// A connection and the task that drives it; the task ends with the value.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    task: JoinHandle<()>,
    used: Instant,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Sends calls, and keeps one connection that is not in use.
pub(super) struct Http {
    connect: std::sync::Arc<dyn Connect>,
    host: String,
    timeouts: Timeouts,
    kept: Mutex<Option<Connection>>,
}

/// A call that got no answer.
enum Failure {
    /// The connection ended before an answer began: a kept one may simply have been closed by the other side.
    NoAnswer(SedeError),
    Other(SedeError),
}

impl Http {
    pub(super) fn new(connect: std::sync::Arc<dyn Connect>, host: String, timeouts: Timeouts) -> Http {
        Http { connect, host, timeouts, kept: Mutex::new(None) }
    }

    /// Sends the call and waits for its answer, over a kept connection if there is one.
    pub(super) async fn exchange(&self, call: &Call) -> Result<Answer, SedeError> {
        if let Some(connection) = self.take_kept() {
            match self.exchange_over(connection, call).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Other(error)) => return Err(error),
                Err(Failure::NoAnswer(_)) => {}
            }
        }
        let connection = self.open().await?;
        match self.exchange_over(connection, call).await {
            Ok(answer) => Ok(answer),
            Err(Failure::NoAnswer(error) | Failure::Other(error)) => Err(error),
        }
    }

    async fn open(&self) -> Result<Connection, SedeError> {
        let opening = async {
            let stream = self.connect.connect().await.map_err(|e| trouble::connecting(&e))?;
            http1::Builder::new()
                .max_buf_size(HEAD_MAX)
                .max_headers(64)
                .handshake(TokioIo::new(stream))
                .await
                .map_err(|e| trouble::exchanging(&e))
        };
        let (sender, connection) = timeout(self.timeouts.connect, opening)
            .await
            .map_err(|_| SedeError::Unreachable(format!("no connection in {:?}", self.timeouts.connect)))??;
        // Its error reaches the call that is waiting, if any; an idle connection's end is seen by `is_closed`.
        let task = tokio::spawn(async move { drop(connection.await) });
        Ok(Connection { sender, task, used: Instant::now() })
    }

    async fn exchange_over(&self, mut connection: Connection, call: &Call) -> Result<Answer, Failure> {
        let request = self.request(call).map_err(Failure::Other)?;
        let (answer, reusable) =
            timeout(self.timeouts.answer, send(&mut connection, request, call.answer_max))
                .await
                .map_err(|_| SedeError::Unreachable(format!("no answer in {:?}", self.timeouts.answer)))
                .map_err(Failure::Other)??;
        if reusable {
            connection.used = Instant::now();
            self.keep(connection);
        }
        Ok(answer)
    }

    fn request(&self, call: &Call) -> Result<Request<Full<Bytes>>, SedeError> {
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(format!("/kiosk/v1{}", call.path))
            .header(header::HOST, &self.host)
            .header(header::ACCEPT, call.accept)
            .header(header::USER_AGENT, concat!("ciberkiosco/", env!("CARGO_PKG_VERSION")));
        if let Some(key) = &call.key {
            request = request.header("idempotency-key", key);
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if call.body.is_some() {
            request = request.header(header::CONTENT_TYPE, HeaderValue::from_static(call.content_type));
        }
        let body = Full::new(call.body.clone().unwrap_or_default());
        request.body(body).map_err(|e| SedeError::Rejected { status: 400, text: format!("not sent: {e}") })
    }

    fn take_kept(&self) -> Option<Connection> {
        let kept = self.kept.lock().ok()?.take()?;
        let usable = !kept.sender.is_closed() && kept.used.elapsed() < self.timeouts.idle;
        usable.then_some(kept)
    }

    fn keep(&self, connection: Connection) {
        if let Ok(mut kept) = self.kept.lock() {
            *kept = Some(connection);
        }
    }
}

async fn send(
    connection: &mut Connection,
    request: Request<Full<Bytes>>,
    answer_max: usize,
) -> Result<(Answer, bool), Failure> {
    connection.sender.ready().await.map_err(|e| Failure::NoAnswer(trouble::exchanging(&e)))?;
    let response = connection.sender.send_request(request).await.map_err(|error| {
        let known = trouble::exchanging(&error);
        if error.is_parse() { Failure::Other(known) } else { Failure::NoAnswer(known) }
    })?;
    let at = Instant::now();
    let (head, body) = response.into_parts();
    // The bound of a document is for documents: an error's text is as short as any.
    let most = if head.status == StatusCode::OK { answer_max } else { BODY_MAX };
    let body = collect(body, most).await.map_err(Failure::Other)?;
    let answer = Answer { status: head.status, headers: head.headers, body, at };
    // hyper closes the sender by itself when either side said `Connection: close`. A connection that does not
    // become idle at once (an answer that came before its request was read) is not worth the answer's delay.
    let idle = timeout(TO_BECOME_IDLE, connection.sender.ready()).await;
    Ok((answer, matches!(idle, Ok(Ok(())))))
}

/// The whole body, if it is not longer than `most`. Memory is taken for what was announced, within the bound, so
/// that the buffer does not grow and leave copies of a citizen's data behind it.
async fn collect(mut body: Incoming, most: usize) -> Result<Zeroizing<Vec<u8>>, SedeError> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > most {
        return Err(too_long(most));
    }
    let room = if body.size_hint().exact().is_some() { announced } else { most.min(BODY_MAX) };
    let mut whole = Zeroizing::new(Vec::with_capacity(room));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| trouble::exchanging(&error))?;
        let Some(piece) = frame.data_ref() else { continue };
        let length = whole.len().saturating_add(piece.len());
        if length > most {
            return Err(too_long(most));
        }
        if length > whole.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(most.min(length.saturating_mul(2))));
            larger.extend_from_slice(&whole);
            whole = larger;
        }
        whole.extend_from_slice(piece);
    }
    Ok(whole)
}

fn too_long(most: usize) -> SedeError {
    SedeError::Malformed(format!("a body over {most} bytes"))
}

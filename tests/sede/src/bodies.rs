//! Bodies that are wrong as they were told to be.
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tokio::time::{Sleep, sleep};

use crate::serve::{Break, GIANT};

/// Says the whole length, sends half, and breaks.
pub(crate) async fn cut(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = to_bytes(body, GIANT).await.unwrap_or_default();
    head.headers.insert(header::CONTENT_LENGTH, whole.len().max(2).into());
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(head, Body::new(Half(Some(half))))
}

/// A body that breaks after its first piece.
struct Half(Option<Bytes>);

impl hyper::body::Body for Half {
    type Data = Bytes;
    type Error = Break;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Break>>> {
        let next = self.0.take().map_or(Err(Break), |half| Ok(hyper::body::Frame::data(half)));
        Poll::Ready(Some(next))
    }
}

/// Another SHA-256, in an answer that has one: of a document, or of a petition's text.
pub(crate) async fn wrong_hash(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, GIANT).await.unwrap_or_default();
    let wrong = serde_json::from_slice::<serde_json::Value>(&body).ok().and_then(|mut value| {
        let name = ["sha256", "text_sha256"].into_iter().find(|name| value.get(name).is_some())?;
        value[name] = "00".repeat(32).into();
        serde_json::to_vec(&value).ok()
    });
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(wrong.map_or(body, Bytes::from)))
}

/// Half of it, and nothing that says so.
pub(crate) async fn truncated(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = to_bytes(body, GIANT).await.unwrap_or_default();
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(whole.slice(..whole.len() / 2)))
}

/// A PDF over the contract's limit.
pub(crate) fn huge_document(mut response: Response) -> Response {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(GIANT + 1, b' ');
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = bytes.into();
    response
}

/// All of it, slowly.
pub(crate) async fn trickle(response: Response, millis: u64) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = to_bytes(body, GIANT).await.unwrap_or_default();
    head.headers.insert(header::CONTENT_LENGTH, whole.len().into());
    let size = whole.len().div_ceil(16).max(1);
    let pieces =
        (0..whole.len()).step_by(size).map(|at| whole.slice(at..whole.len().min(at + size))).collect();
    let pause = Duration::from_millis(millis);
    Response::from_parts(head, Body::new(Trickle { pieces, pause, waiting: Box::pin(sleep(pause)) }))
}

/// A body that waits before each of its pieces.
struct Trickle {
    pieces: VecDeque<Bytes>,
    pause: Duration,
    waiting: Pin<Box<Sleep>>,
}

impl hyper::body::Body for Trickle {
    type Data = Bytes;
    type Error = Break;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Break>>> {
        if self.pieces.is_empty() {
            return Poll::Ready(None);
        }
        if self.waiting.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.waiting = Box::pin(sleep(self.pause));
        Poll::Ready(self.pieces.pop_front().map(|piece| Ok(hyper::body::Frame::data(piece))))
    }
}

//! The body of an answer: sent piece by piece, broken off where a fault wants it.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// As much as a device's buffer holds.
const PIECE: usize = 32 * 1024;

/// The connection is to break.
#[derive(Debug, thiserror::Error)]
#[error("the connection breaks, as it was told")]
pub(super) struct Broken;

/// What is to be done when the last byte was given away.
type WhenSent = Box<dyn FnOnce() + Send>;

/// Bytes of a length that is told before.
#[derive(Default)]
pub(super) struct Answer {
    rest: Bytes,
    /// Bytes after which it breaks.
    breaks_after: Option<usize>,
    /// What is to be sent before the break is on its way.
    sent_before: bool,
    when_sent: Option<WhenSent>,
}

impl Answer {
    pub fn text(text: String) -> Self {
        Self { rest: text.into(), ..Self::default() }
    }

    pub fn image(image: Vec<u8>, breaks: bool, when_sent: impl FnOnce() + Send + 'static) -> Self {
        let breaks_after = breaks.then_some(image.len() / 2);
        let when_sent: WhenSent = Box::new(when_sent);
        Self { rest: image.into(), breaks_after, when_sent: Some(when_sent), ..Self::default() }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if self.breaks_after == Some(0) {
            if std::mem::replace(&mut self.sent_before, true) {
                return Poll::Ready(Some(Err(Broken)));
            }
            // An error at once would take the head and the bytes with it, which wait to be written until a body has
            // nothing more to give.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let most = self.breaks_after.unwrap_or(PIECE).min(PIECE).min(self.rest.len());
        let piece = self.rest.split_to(most);
        if let Some(left) = &mut self.breaks_after {
            *left -= most;
        }
        if self.rest.is_empty()
            && let Some(sent) = self.when_sent.take()
        {
            sent();
        }
        Poll::Ready(if piece.is_empty() { None } else { Some(Ok(Frame::data(piece))) })
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

//! Waiting with heartbeats.
use std::pin::pin;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::api::RawPage;
use crate::error::ScanError;
use crate::task::Request;

/// Longest wait without a heartbeat.
pub(crate) const BEAT: Duration = Duration::from_millis(500);

/// Called at least every [`BEAT`].
pub(crate) type Beat<'b> = &'b (dyn Fn() + Sync);

/// A future, with heartbeats.
pub(crate) async fn beating<F: Future>(beat: Beat<'_>, future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        beat();
        tokio::select! {
            biased;
            result = &mut future => return result,
            () = sleep(BEAT) => {}
        }
    }
}

/// The same; whoever wants to scan meanwhile is told that the scanner is in use, unless nobody wants the batch that is
/// under way any more: then it will be free soon.
pub(crate) async fn busy<F: Future>(
    beat: Beat<'_>,
    requests: &mut mpsc::Receiver<Request>,
    pages: &mpsc::Sender<RawPage>,
    future: F,
) -> F::Output {
    let mut future = pin!(future);
    loop {
        beat();
        tokio::select! {
            biased;
            result = &mut future => return result,
            // Before the wish of one who has dropped the batch and scans again is looked at.
            () = pages.closed(), if !pages.is_closed() => {}
            Some(request) = requests.recv(), if !pages.is_closed() => request.refuse(ScanError::Busy),
            () = sleep(BEAT) => {}
        }
    }
}

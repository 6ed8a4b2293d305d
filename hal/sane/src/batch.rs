//! Pages of one scan, as the one who asked for them gets them.
use tokio::sync::{mpsc, oneshot};

use crate::api::RawPage;
use crate::error::ScanError;

/// The task's end of a batch.
pub(crate) struct Delivery {
    /// Holds one page that waits to be taken.
    pub(crate) pages: mpsc::Sender<RawPage>,
    pub(crate) end: oneshot::Sender<Result<(), ScanError>>,
}

/// The pages of one scan. The next page may be scanned while the one before is worked on; no more than one waits.
/// Dropped, the scan is cancelled.
pub struct Batch {
    pages: mpsc::Receiver<RawPage>,
    end: oneshot::Receiver<Result<(), ScanError>>,
    /// How it ended.
    over: Option<Result<(), ScanError>>,
}

impl Batch {
    pub(crate) fn new() -> (Batch, Delivery) {
        let (pages, receiver) = mpsc::channel(1);
        let (end, over) = oneshot::channel();
        (Batch { pages: receiver, end: over, over: None }, Delivery { pages, end })
    }

    /// The next page. None: the batch has ended well (feeder empty after at least one page, or the one page of the
    /// flatbed). May be dropped and called again.
    ///
    /// # Errors
    /// See [`ScanError`]; the pages before are good, and nothing comes after it.
    pub async fn next_page(&mut self) -> Result<Option<RawPage>, ScanError> {
        if let Some(over) = &self.over {
            return over.clone().map(|()| None);
        }
        if let Some(page) = self.pages.recv().await {
            return Ok(Some(page));
        }
        let over = (&mut self.end).await.unwrap_or(Err(ScanError::Restarted));
        self.over = Some(over.clone());
        over.map(|()| None)
    }

    /// Ends the scan, and returns when the scanner has let go of the paper. A page that waits is dropped.
    pub async fn cancel(mut self) {
        self.pages.close();
        while self.pages.recv().await.is_some() {}
        if self.over.is_none() {
            // How it ended is of no interest any more.
            let _ = self.end.await;
        }
    }
}

//! A sealed PDF on the page printer: drawn on a thread of its own, band by band, while it is printed.
//!
//! A document that cannot be drawn right is refused before the printer is touched. The printer holds the drawing
//! back: a few bands of a page wait between them, never a whole document. When the future is dropped both end, and the
//! printer clears what it has.
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

use hal_escpos::{FeedError, HandOver, PageFeed, PageProgress, PrintError, Printer};
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::raster::{self, Head, Piece, RasterError};

/// Rows of a band: 25 kB under a head of 1600 dots.
const BAND_ROWS: usize = 128;
/// Bands between the drawing and the printer's own queue.
const WAITING: usize = 4;

/// A document that is not, or not surely, on paper.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// The document is refused; nothing was printed.
    #[error(transparent)]
    Document(#[from] RasterError),
    /// The printer did not print it, or not all of it.
    #[error(transparent)]
    Printer(#[from] PrintError),
    /// There is no thread to draw on; nothing was printed.
    #[error("the document cannot be drawn now: {0}")]
    Thread(#[from] std::io::Error),
}

/// What the drawing gives out.
enum Drawn {
    Band(Vec<u8>),
    PageEnd,
    End(Result<usize, RasterError>),
}

/// Prints a document, each page held out for `patience`. The first value tells how far it is; the second does it.
pub fn print(
    printer: &Printer,
    pdf: Arc<Vec<u8>>,
    patience: Duration,
) -> (watch::Receiver<PageProgress>, impl Future<Output = Result<HandOver, PagesError>> + Send + use<>) {
    let config = printer.config();
    let head = Head { dots: config.width_dots, dpi: config.dpi };
    let (feed, job) = printer.pages(patience);
    let progress = job.progress();
    let printing = async move {
        let (sender, drawn) = sync_channel(WAITING);
        // It ends by itself: when the document does, or when nobody takes its bands.
        std::thread::Builder::new()
            .name("raster".to_owned())
            .stack_size(raster::STACK)
            .spawn(move || draw(pdf, head, &sender))?;
        let (printed, refused) = tokio::join!(job.printed(), feed_all(feed, drawn));
        match (printed, refused) {
            (Err(PrintError::Unprintable(_)), Some(refused)) => Err(PagesError::Document(refused)),
            (printed, _) => Ok(printed?),
        }
    };
    (progress, printing)
}

fn draw(pdf: Arc<Vec<u8>>, head: Head, sender: &SyncSender<Drawn>) {
    let result = raster::render(pdf, head, BAND_ROWS, |piece| {
        let drawn = match piece {
            Piece::Page(_) => return ControlFlow::Continue(()),
            Piece::Band(rows) => Drawn::Band(rows.to_vec()),
            Piece::PageEnd => Drawn::PageEnd,
        };
        if sender.send(drawn).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    // Nobody waits for the end of a document that nobody takes.
    let _ = sender.send(Drawn::End(result));
}

/// Hands on what is drawn; why the document was refused, if it was.
async fn feed_all(mut feed: PageFeed, mut drawn: Receiver<Drawn>) -> Option<RasterError> {
    loop {
        let next = match drawn.try_recv() {
            Err(TryRecvError::Empty) => {
                let waited = spawn_blocking(move || (drawn.recv(), drawn)).await;
                let Ok((next, rest)) = waited else { return Some(RasterError::Stopped) };
                drawn = rest;
                next.ok()
            }
            next => next.ok(),
        };
        let fed: Result<(), FeedError> = match next {
            Some(Drawn::Band(rows)) => feed.band(&rows).await,
            Some(Drawn::PageEnd) => feed.page_end().await,
            Some(Drawn::End(Ok(pages))) => {
                tracing::info!(pages, "a document is drawn");
                // A job that has ended tells why on its own side.
                let _ = feed.finish().await;
                return None;
            }
            Some(Drawn::End(Err(refused))) => {
                tracing::warn!(%refused, "a document is not printed");
                let _ = feed.fail(refused.to_string()).await;
                return Some(refused);
            }
            None => {
                let _ = feed.fail(RasterError::Fault.to_string()).await;
                return Some(RasterError::Fault);
            }
        };
        if fed.is_err() {
            return None;
        }
    }
}

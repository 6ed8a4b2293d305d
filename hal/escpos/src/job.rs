//! What a printer is given to do: sheets, each of pieces that end where a command ends, cut and proven one by one.
//!
//! A receipt is one sheet and is all there when it is asked for. The pages of a document are drawn while they are
//! printed: they come through a short queue, which holds back whoever draws them.
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::task::Request;
use crate::{Job, PrintError, PrinterConfig, raster, render};

/// Bands on their way: half a megabyte at most.
const QUEUE: usize = 8;
/// Most rows of a band of a page: what one byte of its height tells.
pub const PAGE_BAND_ROWS: usize = 255;

/// The next thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Bytes that are a whole number of commands.
    Piece(Vec<u8>),
    /// The sheet is complete: its cut was the last piece.
    Sheet,
    /// All sheets are.
    End,
    /// Nothing more will come, and why.
    Broken(String),
}

/// Where the parts come from.
#[derive(Debug)]
pub(crate) enum Source {
    /// They are there.
    Ready(VecDeque<Part>),
    /// They are made while they are printed.
    Fed(mpsc::Receiver<Part>),
}

/// All that the printer's task needs for a job.
#[derive(Debug)]
pub(crate) struct Work {
    pub source: Source,
    /// How long each sheet is held out for the citizen; without it nobody waits.
    pub patience: Option<Duration>,
    pub progress: watch::Sender<PageProgress>,
}

impl Work {
    /// A receipt: one sheet that is left to its taker.
    pub fn receipt(job: Job) -> Work {
        let pieces = job.pieces.into_iter().map(Part::Piece);
        let parts = pieces.chain([Part::Sheet, Part::End]).collect();
        let progress = watch::Sender::new(PageProgress::default());
        Work { source: Source::Ready(parts), patience: None, progress }
    }
}

/// Where the last sheet of a job went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// It lies within reach; this printer does not see whether it is taken.
    Out,
    /// Every sheet was taken.
    Taken,
    /// A sheet was left in the mouth and was drawn in again; those after it were not printed.
    Retracted,
    /// It is printed, and is in the mouth still or nobody knows.
    Left,
}

/// How far the pages are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageProgress {
    /// The page under way, from 1; 0 before the first.
    pub page: u16,
    /// It is printed and held out for the citizen to take.
    pub held_out: bool,
}

/// Pages that are to be printed, for whoever waits for them.
pub struct PagesJob {
    requests: mpsc::Sender<Request>,
    work: Work,
    seen: watch::Receiver<PageProgress>,
}

/// The end of a [`PagesJob`] into which pages are put. Dropped before [`PageFeed::finish`], the job is torn.
pub struct PageFeed {
    config: Arc<PrinterConfig>,
    parts: mpsc::Sender<Part>,
    begun: bool,
    /// Blank rows at the top of this page that are on the sheet already.
    spare: usize,
}

/// Nobody takes any more: the job has ended, and tells why on its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// The job has ended.
    #[error("the printer takes no more of this document")]
    Ended,
    /// A band of no rows, of too many, or of rows that are not the head's.
    #[error("a band of {0} bytes is no whole number of rows of this head, or more than 255")]
    Band(usize),
}

impl PagesJob {
    pub(crate) fn new(
        config: Arc<PrinterConfig>,
        requests: mpsc::Sender<Request>,
        patience: Duration,
    ) -> (PageFeed, PagesJob) {
        let (parts, source) = mpsc::channel(QUEUE);
        let (progress, seen) = watch::channel(PageProgress::default());
        let work = Work { source: Source::Fed(source), patience: Some(patience), progress };
        let spare = usize::from(config.cutter_rows);
        (PageFeed { config, parts, begun: false, spare }, PagesJob { requests, work, seen })
    }

    /// How far it is.
    pub fn progress(&self) -> watch::Receiver<PageProgress> {
        self.seen.clone()
    }

    /// Prints what is fed, each page once, and hands it over. `Ok` only with the printer's own proof for every page.
    ///
    /// # Errors
    /// See [`PrintError`]; after [`PrintError::Torn`] and [`PrintError::Unknown`] earlier pages may have been taken.
    pub async fn printed(self) -> Result<HandOver, PrintError> {
        Request::send(&self.requests, self.work).await
    }
}

impl PageFeed {
    /// Bytes of a row of this head.
    pub fn row_bytes(&self) -> usize {
        usize::from(self.config.width_dots).div_ceil(8)
    }

    /// Rows of the page under way: whole bytes, the most significant bit at the left, 1 is black. Waits while the
    /// printer has enough to do.
    ///
    /// # Errors
    /// [`FeedError`].
    pub async fn band(&mut self, rows: &[u8]) -> Result<(), FeedError> {
        let row_bytes = self.row_bytes();
        let fits = !rows.is_empty()
            && rows.len().is_multiple_of(row_bytes)
            && rows.len() / row_bytes <= PAGE_BAND_ROWS;
        if !fits {
            return Err(FeedError::Band(rows.len()));
        }
        if !std::mem::replace(&mut self.begun, true) {
            self.part(Part::Piece(render::preamble(&self.config))).await?;
        }
        let blank =
            rows.chunks(row_bytes).take(self.spare).take_while(|row| row.iter().all(|byte| *byte == 0));
        let skipped = blank.count();
        self.spare = if skipped * row_bytes == rows.len() { self.spare - skipped } else { 0 };
        let rows = rows.get(skipped * row_bytes..).unwrap_or_default();
        if rows.is_empty() {
            return Ok(());
        }
        self.part(Part::Piece(raster::band(row_bytes, rows))).await
    }

    /// The page is complete: it is cut and held out.
    ///
    /// # Errors
    /// [`FeedError::Ended`].
    pub async fn page_end(&mut self) -> Result<(), FeedError> {
        if std::mem::take(&mut self.begun) {
            self.spare = usize::from(self.config.cutter_rows);
            self.part(Part::Piece(render::cut(&self.config))).await?;
            self.part(Part::Sheet).await?;
        }
        Ok(())
    }

    /// There are no more pages.
    ///
    /// # Errors
    /// [`FeedError::Ended`].
    pub async fn finish(self) -> Result<(), FeedError> {
        self.part(Part::End).await
    }

    /// There will be no more pages, though there should be. Before the first band nothing is printed; later the job
    /// is torn.
    ///
    /// # Errors
    /// [`FeedError::Ended`].
    pub async fn fail(self, why: String) -> Result<(), FeedError> {
        self.part(Part::Broken(why)).await
    }

    async fn part(&self, part: Part) -> Result<(), FeedError> {
        self.parts.send(part).await.map_err(|_| FeedError::Ended)
    }
}

//! From the sheets in the scanner to pages and files: what takes long runs on threads of its own.

use std::sync::Arc;

use digitisation::{About, DigitisedPage, Limits, Settings, digitise, documents};
use hal_sane::{Batch, Colour, ScanError, ScanWish, Scanner};
use jiff::ZonedDateTime;
use private::PrivateText;
use tokio::task::spawn_blocking;
use ui::{Language, ScanProblem};

use crate::petition::{File, Source};
use crate::words::{part, tag};

/// Dots an inch: legible, and small enough for a petition (NTI de Digitalización wants 200 at least).
const DPI: u16 = 200;

/// Reads sheets until there are no more; each page is told as it comes.
pub(super) async fn read(
    scanner: Scanner,
    source: Source,
    tell: &(impl Fn(DigitisedPage) + Sync),
) -> Result<(), ScanProblem> {
    let source = match source {
        Source::Feeder => feeder(&scanner),
        Source::Flatbed => hal_sane::Source::Flatbed,
    };
    let wish = ScanWish { source, colour: Colour::Colour, dpi: DPI };
    let mut batch = scanner.scan(wish).await.map_err(|error| problem(&error))?;
    while let Some(page) = next(&mut batch).await? {
        tell(page);
    }
    Ok(())
}

/// Both sides of a sheet where the scanner reads both: blank ones are told.
fn feeder(scanner: &Scanner) -> hal_sane::Source {
    let abilities = scanner.abilities();
    let duplex =
        abilities.borrow().as_ref().is_some_and(|of| of.at(hal_sane::Source::FeederDuplex).is_some());
    if duplex { hal_sane::Source::FeederDuplex } else { hal_sane::Source::Feeder }
}

async fn next(batch: &mut Batch) -> Result<Option<DigitisedPage>, ScanProblem> {
    let Some(raw) = batch.next_page().await.map_err(|error| problem(&error))? else { return Ok(None) };
    match spawn_blocking(move || digitise(raw, &Settings::default())).await {
        Ok(made) => made.map(Some).map_err(|error| {
            tracing::warn!(%error, "a page cannot be made");
            ScanProblem::Failed
        }),
        Err(error) => {
            tracing::error!(%error, "making a page");
            Err(ScanProblem::Failed)
        }
    }
}

/// The files of a document; `None` when it is too large.
pub(super) async fn make(
    pages: Vec<DigitisedPage>,
    title: PrivateText,
    language: Language,
    created: ZonedDateTime,
    limits: Limits,
) -> Option<Vec<File>> {
    let about = About { title, language: tag(language), part: part(language), created };
    let made = spawn_blocking(move || documents(&pages, &about, &limits));
    let made = made.await.inspect_err(|error| tracing::error!(%error, "making a file")).ok()?;
    let made = made.inspect_err(|error| tracing::warn!(%error, "a file cannot be made")).ok()?;
    let file = |document: digitisation::Document| File {
        pages: u16::try_from(document.pages.len()).unwrap_or(u16::MAX),
        sha256: document.sha256,
        pdf: Arc::new(document.pdf),
    };
    Some(made.into_iter().map(file).collect())
}

/// What the citizen is told.
fn problem(error: &ScanError) -> ScanProblem {
    tracing::warn!(%error, "scanning");
    match error {
        ScanError::Jammed => ScanProblem::Jam,
        ScanError::CoverOpen => ScanProblem::CoverOpen,
        ScanError::FeederEmpty => ScanProblem::FeederEmpty,
        ScanError::DoubleFeed => ScanProblem::DoubleFeed,
        ScanError::Busy | ScanError::Locked => ScanProblem::Busy,
        ScanError::WarmingUp => ScanProblem::WarmingUp,
        ScanError::Cancelled
        | ScanError::Unsupported(_)
        | ScanError::NotReady(_)
        | ScanError::Gone(_)
        | ScanError::Deaf { .. }
        | ScanError::OutOfBounds(_)
        | ScanError::Torn(_)
        | ScanError::Device(_)
        | ScanError::Protocol(_)
        | ScanError::Configuration(_)
        | ScanError::Restarted => ScanProblem::Failed,
    }
}

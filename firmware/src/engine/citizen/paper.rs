//! A sealed document from the sede into the citizen's hand: fetched, compared, drawn, printed, held out.
//!
//! The document is fetched for each print and kept for none. Once begun, a print goes on without card and session.
use std::sync::Arc;
use std::time::Duration;

use hal_escpos::{Document, HandOver, PageProgress, PrintError, Printer};
use tokio::sync::{oneshot, watch};
use ui::DocumentTrouble;

use crate::padron::Print;
use crate::pages::{self, PagesError};
use crate::sede::{IssuedCertificate, Sede, Session};

/// A page is held out so long before it is drawn in again: paper with somebody's data is not left behind.
const HELD_OUT: Duration = Duration::from_secs(60);

/// Prints, and tells how far it is; the last that it tells is how it ended. `fetched` is told that the session is not
/// needed any more.
pub(super) async fn print(
    sede: &Sede,
    session: &Session,
    printer: Option<Printer>,
    document: IssuedCertificate,
    fetched: oneshot::Sender<()>,
    tell: &(impl Fn(Print) + Sync),
) {
    let pdf = sede.document(&session.session, &document).await;
    // Nobody may wait for it.
    let _ = fetched.send(());
    let pdf = match pdf {
        Ok(pdf) => Arc::new(pdf.as_slice().to_vec()),
        Err(error) => {
            tracing::warn!(%error, "fetching a document");
            return tell(Print::Trouble(DocumentTrouble::NotReceived));
        }
    };
    let Some(printer) = printer else { return tell(Print::Trouble(DocumentTrouble::NoPrinter)) };
    let (progress, printing) = pages::print(&printer, pdf, HELD_OUT);
    tokio::pin!(printing);
    let ended = tokio::select! {
        ended = &mut printing => ended,
        () = follow(progress, tell) => printing.await,
    };
    tell(match ended {
        Ok(HandOver::Taken | HandOver::Out) => Print::Taken,
        Ok(HandOver::Retracted) => Print::Trouble(DocumentTrouble::Retracted),
        Ok(HandOver::Left) => Print::Trouble(DocumentTrouble::Unknown),
        Err(error) => {
            tracing::warn!(%error, "printing a document");
            Print::Trouble(trouble(&error))
        }
    });
}

/// Prints on the receipt printer; whether it is in the tray.
pub(super) async fn receipt(printer: Option<Printer>, paper: Document) -> bool {
    let Some(printer) = printer else { return false };
    let printed = printer.print(paper).await;
    printed.inspect_err(|error| tracing::warn!(%error, "printing a receipt")).is_ok()
}

/// Tells of each page, until the print is over.
async fn follow(mut progress: watch::Receiver<PageProgress>, tell: &(impl Fn(Print) + Sync)) {
    loop {
        let PageProgress { page, held_out } = *progress.borrow_and_update();
        match page {
            0 => {}
            // The next page is printed when this one is taken.
            _ if held_out => tell(Print::InTheSlot),
            page => tell(Print::Page(page)),
        }
        if progress.changed().await.is_err() {
            return;
        }
    }
}

fn trouble(error: &PagesError) -> DocumentTrouble {
    match error {
        // What the sede sent cannot be printed by this kiosk, now or later: elsewhere it can be had.
        PagesError::Document(_) | PagesError::Thread(_) => DocumentTrouble::NoPrinter,
        PagesError::Printer(PrintError::Unprintable(_) | PrintError::NotReady(_)) => {
            DocumentTrouble::NoPrinter
        }
        PagesError::Printer(PrintError::Torn(_)) => DocumentTrouble::Torn,
        PagesError::Printer(PrintError::Unknown(_) | PrintError::Restarted) => DocumentTrouble::Unknown,
    }
}

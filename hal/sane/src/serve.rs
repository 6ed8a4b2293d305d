//! One batch: the scanner is opened or taken up again, set for the wish, and asked for pages until there are no more.
use std::sync::Arc;
use std::time::Duration;

use hal_device::Reason;
use tokio::time::timeout;

use crate::api::{ScanWish, Source};
use crate::batch::{Batch, Delivery};
use crate::client::{ClientError, Connection, Paged, Session};
use crate::error::ScanError;
use crate::look::fault;
use crate::patience::{Beat, beating, busy};
use crate::task::{Request, ScannerTask};
use crate::wire::{SaneStatus, Text};

/// How long a page may wait to be taken. The feeder holds paper meanwhile, and nobody else can scan.
const UNTAKEN: Duration = Duration::from_secs(300);

impl ScannerTask {
    /// Serves a wish. Gives back the open device if it is fit for another; an error is one after which there is no
    /// scanner to speak of.
    pub(crate) async fn batch(
        &mut self,
        held: Option<Session>,
        request: Request,
        beat: Beat<'_>,
    ) -> Result<Option<Session>, ClientError> {
        let Request { wish, reply } = request;
        let name = self.looks.target().map(|target| target.name.clone()).unwrap_or_default();
        let (session, ready) = beating(beat, self.ready(held, wish, &name)).await;
        let ready = match (session, ready) {
            (Some(session), Ok(())) => Ok(session),
            (session, Ok(())) => Err((session, ClientError::Closed)),
            (session, Err(error)) => Err((session, error)),
        };
        match ready {
            Ok(session) => {
                let (batch, delivery) = Batch::new();
                // A caller that has gone drops the batch, which ends it.
                let _ = reply.send(Ok(batch));
                let (session, end) = self.pages(session, wish, &name, &delivery, beat).await;
                let told = told(&end);
                let session = self.settle(session, end, beat).await;
                // Whoever has dropped the batch needs no answer.
                let _ = delivery.end.send(told);
                session
            }
            Err((session, error)) => {
                let told = error.told();
                let session = self.settle(session, Err(error), beat).await;
                // A caller that has gone needs no answer.
                let _ = reply.send(Err(told));
                session
            }
        }
    }

    /// An open device that is set for the wish. One that was held may have been lost; then another is opened.
    async fn ready(
        &self,
        held: Option<Session>,
        wish: ScanWish,
        name: &Text,
    ) -> (Option<Session>, Result<(), ClientError>) {
        if let Some(mut session) = held {
            match session.configure(wish).await {
                Err(error) if error.is_lost() => {}
                other => return (Some(session), other),
            }
        }
        let open = async {
            let connection = Connection::open(&*self.port).await?;
            Session::open(Arc::clone(&self.port), Arc::clone(&self.config), connection, name).await
        };
        match open.await {
            Ok(mut session) => {
                let ready = session.configure(wish).await;
                (Some(session), ready)
            }
            Err(error) => (None, Err(error)),
        }
    }

    /// Delivers pages until there are no more, one does not come, or nobody wants them.
    async fn pages(
        &mut self,
        mut session: Session,
        wish: ScanWish,
        name: &Text,
        delivery: &Delivery,
        beat: Beat<'_>,
    ) -> (Option<Session>, Result<(), ClientError>) {
        let feeder = wish.source != Source::Flatbed;
        let mut stale = session.was_cancelled();
        let mut count = 0_u32;
        loop {
            // The next page is not begun before the last but one was taken: so many fit into memory.
            let room = timeout(UNTAKEN, delivery.pages.reserve());
            let room = match busy(beat, &mut self.requests, &delivery.pages, room).await {
                Ok(Ok(room)) => room,
                Ok(Err(_)) => return (Some(session), Ok(())),
                Err(_) => return (Some(session), Err(ClientError::Untaken)),
            };
            // Only a feeder knows where a sheet ends.
            let page = session.page(feeder, &delivery.pages);
            match busy(beat, &mut self.requests, &delivery.pages, page).await {
                Ok(Paged::Page(page)) => {
                    tracing::debug!(port = self.port.name(), ?page, "scanned");
                    room.send(page);
                    self.complaint = None;
                    count = count.saturating_add(1);
                    if !feeder {
                        return (Some(session), Ok(()));
                    }
                }
                Ok(Paged::NoDocuments) if count > 0 => return (Some(session), Ok(())),
                Ok(Paged::NoDocuments) => {
                    let status = SaneStatus::NoDocuments;
                    return (Some(session), Err(ClientError::Status { what: "START", status }));
                }
                Ok(Paged::Stopped) => return (Some(session), Ok(())),
                // Some drivers start nothing on a handle that was cancelled once: it is opened anew, once.
                Err(ClientError::Status { what: "START", status: SaneStatus::Invalid }) if stale => {
                    stale = false;
                    let anew = async {
                        let mut session = session.reopen(name).await?;
                        session.configure(wish).await.map(|()| session)
                    };
                    match busy(beat, &mut self.requests, &delivery.pages, anew).await {
                        Ok(anew) => session = anew,
                        Err(error) => return (None, Err(error)),
                    }
                }
                Err(error) => return (Some(session), Err(error)),
            }
        }
    }

    /// Leaves the scanner in order, and publishes what became of it. Gives back what may be used again.
    async fn settle(
        &mut self,
        session: Option<Session>,
        end: Result<(), ClientError>,
        beat: Beat<'_>,
    ) -> Result<Option<Session>, ClientError> {
        if let Err(error) = &end {
            tracing::warn!(port = self.port.name(), error = error.words(), "a scan failed");
            self.complaint = complaint(&error.told()).or(self.complaint.take());
        }
        let left = match session.filter(Session::is_sound) {
            None => Ok(None),
            Some(session) => beating(beat, leave(session, &end)).await,
        };
        let settled = match (end, left) {
            (Err(error), _) if error.ends_service() => Err(error),
            (_, Err(error)) if error.hangs() => Err(error),
            // A scanner that could not even be left in order is looked at anew.
            (_, Err(_)) => Ok(None),
            (_, Ok(session)) => Ok(session),
        };
        self.publish(match &settled {
            Ok(_) => self.well(),
            Err(error) => fault(error, &self.looks),
        });
        settled
    }
}

/// Lets go of the paper, and of a device that did not do well: it is opened anew for the next batch.
async fn leave(mut session: Session, end: &Result<(), ClientError>) -> Result<Option<Session>, ClientError> {
    session.cancel().await?;
    let well = match end {
        Ok(()) | Err(ClientError::Unsupported(_) | ClientError::Untaken) => true,
        Err(ClientError::Status { what: "START", status: SaneStatus::NoDocuments }) => true,
        Err(_) => false,
    };
    if well {
        return Ok(Some(session));
    }
    session.close().await.map(|()| None)
}

fn told(end: &Result<(), ClientError>) -> Result<(), ScanError> {
    match end {
        Ok(()) => Ok(()),
        Err(error) => Err(error.told()),
    }
}

/// What a technician should look at, though the scanner may be tried again.
fn complaint(error: &ScanError) -> Option<Reason> {
    let id = match error {
        ScanError::Jammed => "jam",
        ScanError::CoverOpen => "cover-open",
        ScanError::DoubleFeed => "double-feed",
        ScanError::Locked => "locked",
        ScanError::Device(_) => "device-error",
        _ => return None,
    };
    Some(Reason::new(id, error.to_string()))
}

//! What the sede must still be told, told in the background for as long as it takes: payments whose booking was
//! not answered, events, and the question what is offered.
use std::time::Duration;

use tokio::sync::watch;

use super::commands::order;
use super::{EngineError, Services};
use crate::ledger::{Account, BookingState, ClaimKind, Entry};
use crate::payment::reference;
use crate::sede::{Catalogue, PaymentAnswer, SedeError};
use crate::supervisor::Beat;

/// Between two rounds when all is well; also how old the menu's knowledge of the sede can be.
const ROUND: Duration = Duration::from_secs(30);

/// First and longest pause after a failure.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// Events in one report.
const BATCH: usize = 50;

/// The background task.
pub struct Outbox {
    services: Services,
    catalogue: watch::Sender<Option<Catalogue>>,
}

impl Outbox {
    /// At rest.
    pub fn new(services: Services, catalogue: watch::Sender<Option<Catalogue>>) -> Outbox {
        Outbox { services, catalogue }
    }

    /// Runs for ever; an error means that the ledger failed.
    pub async fn run(&self, beat: &Beat) -> Result<(), EngineError> {
        let mut pause = FIRST_PAUSE;
        loop {
            beat.beat();
            let (wait, well) = match self.round(beat).await? {
                Ok(()) => {
                    pause = FIRST_PAUSE;
                    (ROUND, true)
                }
                Err(error) => {
                    tracing::warn!(%error, ?pause, "the sede");
                    let wait = pause;
                    pause = pause.saturating_mul(2).min(ROUND);
                    (wait, false)
                }
            };
            tokio::select! {
                () = rest(wait, beat) => {}
                // News go at once, unless the sede was not there a moment ago.
                () = self.services.ledger.posted(), if well => {}
            }
        }
    }

    async fn round(&self, beat: &Beat) -> Result<Result<(), SedeError>, EngineError> {
        match self.services.sede.catalogue().await {
            Ok(catalogue) => {
                self.catalogue.send_if_modified(|held| {
                    let new = held.as_ref() != Some(&catalogue);
                    *held = Some(catalogue);
                    new
                });
            }
            Err(error) => return Ok(Err(error)),
        }
        beat.beat();
        for account in self.due() {
            if let Err(error) = self.book(&account).await? {
                return Ok(Err(error));
            }
            beat.beat();
        }
        loop {
            let events = self.services.ledger.outbox(BATCH).await?;
            if events.is_empty() {
                return Ok(Ok(()));
            }
            match self.services.sede.report(&events).await {
                Ok(()) => {}
                // The sede has what it wants of them; what it refuses would be refused for ever.
                Err(SedeError::Rejected { status, text }) => {
                    tracing::error!(status, text, "the sede refused an event");
                }
                Err(error) => return Ok(Err(error)),
            }
            self.services.ledger.delivered(events.into_iter().map(|event| event.id).collect()).await?;
            beat.beat();
        }
    }

    /// Operations that are over for the citizen and not yet booked. A running one is the engine's.
    fn due(&self) -> Vec<Account> {
        self.services.ledger.with(|books| {
            let over = books.open.values().filter(|account| account.completed.is_some());
            over.filter(|account| account.booking == BookingState::Due).cloned().collect()
        })
    }

    async fn book(&self, account: &Account) -> Result<Result<(), SedeError>, EngineError> {
        let Some(order) = order(account) else { return Ok(Ok(())) };
        let operation = || Some(account.operation.clone());
        match self.services.sede.pay(&order).await {
            Ok(PaymentAnswer::Booked(booking)) => {
                self.services.write(operation(), Entry::Booked(booking)).await?
            }
            Ok(PaymentAnswer::Refused { code, .. }) => {
                // The claim first: after the refusal the operation is folded away.
                let claimed = account.claims.iter().any(|claim| claim.about == ClaimKind::PaymentRefused);
                if !claimed {
                    let claim = Entry::Claimed {
                        claim: reference(&account.operation, account.claims.len()),
                        about: ClaimKind::PaymentRefused,
                        owed: account.kept,
                        in_question: Default::default(),
                    };
                    self.services.write(operation(), claim).await?;
                }
                self.services.write(operation(), Entry::BookingRefused { code }).await?;
            }
            Err(error) => return Ok(Err(error)),
        }
        Ok(Ok(()))
    }
}

/// Waits, but beats.
async fn rest(mut wait: Duration, beat: &Beat) {
    while wait > Duration::ZERO {
        let part = wait.min(Duration::from_secs(1));
        tokio::time::sleep(part).await;
        beat.beat();
        wait = wait.saturating_sub(part);
    }
}

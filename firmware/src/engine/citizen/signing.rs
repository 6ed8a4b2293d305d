//! Begins the actions of a petition that the citizen's card signs.
//!
//! All of it is a task of the visit, and ends with it, up to the signature that the kiosk has found good. From there
//! on the petition is agreed to: it is registered whether the card is there or not.
use tokio::sync::{mpsc, oneshot};
use ui::CardProblem;

use super::checks::{Checks, Given};
use super::dialogue::{self, Typed};
use super::present::{Opened, Presentation};
use super::{Citizen, News};
use crate::engine::{Rules, Services};
use crate::identification::{CardFailure, EntryFailure, Recognised};
use crate::identity::chain::Purpose;
use crate::petition::{Answer, Presented};
use crate::sede::{Base64, Will};

/// A draft that waits for the card's signature.
pub(in crate::engine) struct Prepared {
    presentation: Presentation,
    opened: Opened,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Prepared").finish_non_exhaustive()
    }
}

impl Citizen {
    /// Opens the draft and uploads the documents.
    pub(super) fn prepare(&mut self, presentation: Option<Presentation>) {
        let teller = self.teller();
        let Some(presentation) = presentation else {
            return teller.tell_petition(Answer::Presented(Presented::NotSent));
        };
        self.tasks.spawn(async move {
            let progress = |file, of, percent| teller.tell_petition(Answer::Sent { file, of, percent });
            match presentation.prepare(&progress).await {
                Ok(opened) => {
                    let prepared = Box::new(Prepared { presentation, opened });
                    teller.news(News::Prepared(teller.visit, prepared));
                }
                Err(presented) => teller.tell_petition(Answer::Presented(presented)),
            }
        });
    }

    /// Begins a dialogue with the card for its signature.
    pub(super) fn read_card(&mut self, services: &Services) {
        let teller = self.teller();
        let tell = move |recognised: Result<Recognised, CardFailure>| {
            let rules = match recognised {
                Ok(Recognised::Certificate(rules)) => Ok(rules),
                Ok(Recognised::Record { .. }) => Err(CardFailure::Problem(CardProblem::Failed)),
                Err(failure) => Err(failure),
            };
            teller.tell_petition(Answer::Card(rules));
        };
        let Some(identity) = services.identity.clone() else {
            return tell(Err(CardFailure::Problem(CardProblem::Failed)));
        };
        let (typed, inbox) = mpsc::channel(1);
        self.typed = Some(typed);
        let purpose = hal_smartcard::dialogue::Purpose::Signature;
        self.tasks.spawn(dialogue::talk(identity, self.atr.clone(), purpose, inbox, tell));
    }

    /// Hands the PIN to the dialogue, and judges what the card has signed.
    pub(super) fn sign(
        &mut self,
        services: &Services,
        rules: &Rules,
        pin: hal_smartcard::dialogue::Pin,
        last_try: bool,
    ) {
        let teller = self.teller();
        let failed = || Answer::Signed(Err(CardFailure::Problem(CardProblem::Failed)));
        let (Some(identity), Some(prepared), Some(typed)) = (&services.identity, &self.draft, &self.typed)
        else {
            return teller.tell_petition(failed());
        };
        let Opened { petition, draft } = &prepared.opened;
        let (statement, hash) = (petition.statement(draft), petition.statement_sha256(draft));
        let (reply, answer) = oneshot::channel();
        if typed.try_send(Typed { pin, last_try, hash, reply }).is_err() {
            return teller.tell_petition(failed());
        }
        let checks = self.checks(services, rules, identity);
        self.tasks.spawn(async move {
            let answer = match answer.await {
                Ok(Ok(signed)) => Answer::Signed(judged(&checks, signed, &statement).await),
                Ok(Err(failure)) => Answer::Signed(Err(failure)),
                // The dialogue has ended without a word.
                Err(_) => failed(),
            };
            teller.tell_petition(answer);
        });
    }

    /// Registers what the card has signed.
    pub(super) fn register(&mut self, will: Will) {
        self.typed = None;
        self.printed += 1;
        let (this, sender) = (self.printed, self.sender.clone());
        let tell = move |presented| {
            // The engine that would hear it may be gone; then nobody needs the answer.
            let _ = sender.send(super::Answer::Citizen(News::Presenting(this, Answer::Presented(presented))));
        };
        let Some(prepared) = self.draft.take() else { return tell(Presented::NotSent) };
        let (over, receiver) = oneshot::channel();
        self.needed = Some(receiver);
        self.papers.spawn(async move {
            let presented = prepared.presentation.register(&prepared.opened, &will).await;
            // Nobody may wait for it.
            let _ = over.send(());
            tell(presented);
        });
    }

    /// Throws the draft away, and lets go of the card.
    pub(super) fn discard(&mut self) {
        self.typed = None;
        let Some(prepared) = self.draft.take() else { return };
        self.papers.spawn(async move { prepared.presentation.discard(&prepared.opened).await });
    }
}

/// What the sede is sent of it, once the kiosk has found it good.
async fn judged(
    checks: &Checks,
    mut signed: hal_smartcard::dialogue::Signed,
    statement: &[u8],
) -> Result<Box<Will>, CardFailure> {
    let chain: Vec<Vec<u8>> =
        signed.authorities.iter_mut().map(|authority| std::mem::take(&mut **authority)).collect();
    let given =
        Given { certificate: &signed.certificate, chain: &chain, statement, signature: &signed.signature };
    let response = checks.verify(Purpose::Signature, &given).await.map_err(|failure| match failure {
        EntryFailure::Unreachable => CardFailure::Problem(CardProblem::SedeUnreachable),
        EntryFailure::Refused(refusal) => CardFailure::Refused(refusal),
    })?;
    Ok(Box::new(Will::Signature {
        certificate: Base64(std::mem::take(&mut *signed.certificate).into()),
        chain: chain.iter().map(|authority| Base64::of(authority)).collect(),
        signature: Base64(signed.signature.into()),
        revocation: Some(Base64::of(&response)),
    }))
}

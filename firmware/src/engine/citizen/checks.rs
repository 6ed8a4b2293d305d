//! What the kiosk checks of a certificate and of what its card has signed, before the sede does it again.
//!
//! The kiosk checks to tell the citizen what is wrong with the card, and to send no stranger's signature anywhere.
//! Days are judged by the sede's time: a kiosk whose clock is wrong calls nobody's card expired.
use std::sync::Arc;

use jiff::tz::TimeZone;
use ui::CardRefusal;

use super::nonce;
use crate::clock::CheckedClock;
use crate::identification::EntryFailure;
use crate::identity::CardTrust;
use crate::identity::chain::{self, ChainError, Purpose, Verified};
use crate::identity::ocsp::{Question, Standing};
use crate::sede::{RevocationAnswer, Sede, SedeError};
use crate::session::day;

/// What a card gave, and what it was to sign.
pub(super) struct Given<'a> {
    pub certificate: &'a [u8],
    pub chain: &'a [Vec<u8>],
    pub statement: &'a [u8],
    pub signature: &'a [u8],
}

/// By what it is judged.
pub(super) struct Checks {
    pub sede: Sede,
    pub clock: CheckedClock,
    pub trust: Arc<CardTrust>,
    /// The card is a DNIe.
    pub dnie: bool,
    /// For the days that are shown.
    pub zone: TimeZone,
}

impl Checks {
    /// Chain, days, usage, signature, revocation; gives the OCSP response that says that it is not revoked.
    pub async fn verify(&self, purpose: Purpose, given: &Given<'_>) -> Result<Vec<u8>, EntryFailure> {
        let refused = |refusal| EntryFailure::Refused(refusal);
        let now = self.clock.of_sede();
        let verified = chain::verify_for(purpose, given.certificate, given.chain, &self.trust.roots, now)
            .map_err(|error| refused(self.chain_refusal(error)))?;
        if !verified.has_signed(given.statement, given.signature) {
            tracing::warn!("the card has not signed what it was given");
            return Err(refused(CardRefusal::Untrusted));
        }
        self.good_standing(&verified).await
    }

    /// The authority's word that the certificate is not revoked. Not knowing is not good.
    async fn good_standing(&self, verified: &Verified) -> Result<Vec<u8>, EntryFailure> {
        let unknown = || EntryFailure::Refused(CardRefusal::RevocationUnknown);
        let question = Question::about(verified, nonce().map_err(|_| unknown())?);
        let question = question.map_err(|error| {
            tracing::warn!(%error, "revocation");
            unknown()
        })?;
        let answer = self.sede.revocation(question.der()).await.map_err(unreachable)?;
        let RevocationAnswer::Response(response) = answer else {
            tracing::warn!("the revocation service does not answer the sede");
            return Err(unknown());
        };
        match question.answer(verified, &response, self.clock.of_sede()) {
            Ok(Standing::Good) => Ok(response),
            Ok(Standing::Revoked { .. }) => Err(EntryFailure::Refused(CardRefusal::Revoked)),
            Ok(Standing::Unknown) => Err(unknown()),
            Err(error) => {
                tracing::warn!(%error, "revocation");
                Err(unknown())
            }
        }
    }

    fn chain_refusal(&self, error: ChainError) -> CardRefusal {
        tracing::info!(%error, "a certificate is not accepted");
        match error {
            ChainError::Expired { since } => {
                let on = day(self.zone.to_datetime(since).date());
                CardRefusal::CertificatesExpired { on, dnie: self.dnie }
            }
            ChainError::NotYetValid { .. } => CardRefusal::NotYetValid,
            // The State has revoked the certificates of all of them.
            ChainError::Roca => CardRefusal::Revoked,
            ChainError::Unreadable
            | ChainError::Untrusted
            | ChainError::Algorithm
            | ChainError::AuthorityOutsideDays
            | ChainError::WrongUsage
            | ChainError::Key => CardRefusal::Untrusted,
        }
    }
}

/// The sede could not be asked.
pub(super) fn unreachable(error: SedeError) -> EntryFailure {
    tracing::warn!(%error, "asking the sede about a card");
    EntryFailure::Unreachable
}

//! From what the card has proved to a name: checked here first, then by the sede.
//!
//! The kiosk checks to tell the citizen what is wrong with the card, and to send no stranger's signature anywhere;
//! who enters is the sede's decision. Days are judged by the sede's time: a kiosk whose clock is wrong calls nobody's
//! card expired.
use std::sync::Arc;

use jiff::tz::TimeZone;
use ui::CardRefusal;

use super::nonce;
use crate::clock::CheckedClock;
use crate::identification::{EntryFailure, Holder, Proof};
use crate::identity::chain::{self, ChainError, Verified};
use crate::identity::ocsp::{Question, Standing};
use crate::identity::{CardTrust, statement};
use crate::sede::{Base64, Challenge, Entry, EntryAnswer, RevocationAnswer, Sede, SedeError, Session};
use crate::session::day;

/// Somebody at the door.
pub(super) struct Visitor {
    pub sede: Sede,
    pub clock: CheckedClock,
    pub trust: Arc<CardTrust>,
    pub session: Arc<Session>,
    /// The card is a DNIe.
    pub dnie: bool,
    /// For the days that are shown.
    pub zone: TimeZone,
}

impl Visitor {
    /// Enters.
    pub async fn enter(&self, proof: Proof) -> Result<Holder, EntryFailure> {
        let entry = self.entry(proof).await?;
        match self.sede.enter(&entry).await.map_err(unreachable)? {
            EntryAnswer::Identified { name, level, .. } => Ok(Holder { name, level }),
            EntryAnswer::Refused { code } => {
                tracing::info!(code, "the sede does not let the citizen in");
                Err(EntryFailure::Refused(refusal(&code)))
            }
        }
    }

    async fn entry(&self, proof: Proof) -> Result<Entry, EntryFailure> {
        let session = self.session.session.clone();
        match proof {
            Proof::Record { profile, number } => Ok(Entry::Record { session, profile, number }),
            Proof::Certificate { certificate, chain, kiosk_nonce, signature } => {
                let refused = |refusal| EntryFailure::Refused(refusal);
                let now = self.clock.of_sede();
                let verified = chain::verify(certificate.as_slice(), &chain, &self.trust.roots, now)
                    .map_err(|error| refused(self.chain_refusal(error)))?;
                let statement = statement::bytes(session.as_str(), &self.session.challenge.0, &kiosk_nonce);
                if !verified.has_signed(&statement, signature.as_slice()) {
                    tracing::warn!("the card has not signed what it was given");
                    return Err(refused(CardRefusal::Untrusted));
                }
                let response = self.good_standing(&verified).await?;
                Ok(Entry::Certificate {
                    session,
                    certificate: Base64(certificate),
                    chain: chain.iter().map(|authority| Base64::of(authority)).collect(),
                    kiosk_nonce: Challenge(kiosk_nonce),
                    signature: Base64(signature),
                    revocation: Some(Base64::of(&response)),
                })
            }
        }
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
        tracing::info!(%error, "a certificate identifies nobody");
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

fn unreachable(error: SedeError) -> EntryFailure {
    tracing::warn!(%error, "entering the sede");
    EntryFailure::Unreachable
}

/// The kiosk's page for a code of the sede.
fn refusal(code: &str) -> CardRefusal {
    match code {
        "signature" | "untrusted" | "wrong-usage" => CardRefusal::Untrusted,
        "not-yet-valid" => CardRefusal::NotYetValid,
        "revoked" => CardRefusal::Revoked,
        "revocation-unknown" => CardRefusal::RevocationUnknown,
        "not-registered" => CardRefusal::NotRegistered,
        "card-unknown" => CardRefusal::UnknownCard,
        "card-cancelled" => CardRefusal::CardCancelled,
        _ => CardRefusal::Other,
    }
}

//! From what the card has proved to a name: checked here first, then by the sede, whose decision it is who enters.
use std::sync::Arc;

use ui::CardRefusal;

use super::checks::{Checks, Given, unreachable};
use crate::identification::{EntryFailure, Holder, Proof};
use crate::identity::chain::Purpose;
use crate::identity::statement;
use crate::sede::{Base64, Challenge, Entry, EntryAnswer, Session};

/// Somebody at the door.
pub(super) struct Visitor {
    pub checks: Checks,
    pub session: Arc<Session>,
}

impl Visitor {
    /// Enters.
    pub async fn enter(&self, proof: Proof) -> Result<Holder, EntryFailure> {
        let own_signature = matches!(proof, Proof::Certificate { own_signature: true, .. });
        let entry = self.entry(proof).await?;
        match self.checks.sede.enter(&entry).await.map_err(unreachable)? {
            EntryAnswer::Identified { name, level, .. } => Ok(Holder { name, level, own_signature }),
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
            Proof::Certificate { certificate, chain, kiosk_nonce, signature, .. } => {
                let statement = statement::bytes(session.as_str(), &self.session.challenge.0, &kiosk_nonce);
                let given = Given {
                    certificate: certificate.as_slice(),
                    chain: &chain,
                    statement: &statement,
                    signature: signature.as_slice(),
                };
                let response = self.checks.verify(Purpose::Identification, &given).await?;
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

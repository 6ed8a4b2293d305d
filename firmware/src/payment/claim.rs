//! What cannot be given becomes a claim with a reference, before the citizen is told so.
use hal_device::{Cents, MoneyError};
use sha2::{Digest, Sha256};

use super::state::*;
use super::step::Actions;
use crate::ledger::{Account, BookingState, ClaimKind, Entry};
use crate::sede::OperationId;

/// Letters and digits that nobody confuses when reading them out.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The reference of the n-th claim of an operation: `7F3K-92QX`. Made of the operation, so that a restart in
/// between gives the same.
pub fn reference(operation: &OperationId, index: usize) -> String {
    let digest = Sha256::digest(format!("{}/{index}", operation.0));
    let letters = digest.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    let mut text: String = letters.take(8).map(|byte| char::from(*byte)).collect();
    text.insert(4, '-');
    text
}

/// What a claim of this account is about.
fn claim_kind(account: &Account) -> ClaimKind {
    if account.notes_in_question.is_positive() {
        ClaimKind::NoteUnknown
    } else if account.payout_in_question.is_positive() {
        ClaimKind::PayoutUnknown
    } else if account.events_lost {
        ClaimKind::MoneyUncounted
    } else if matches!(account.booking, BookingState::Refused(_)) {
        ClaimKind::PaymentRefused
    } else if account.cancelled.is_some() {
        ClaimKind::RefundOwed
    } else {
        ClaimKind::ChangeOwed
    }
}

impl Payment {
    /// What is owed and not yet on a slip.
    pub(super) fn unclaimed(&self) -> Result<Cents, MoneyError> {
        let claimed = Cents::sum(self.account.claims.iter().map(|claim| claim.owed))?;
        self.account.owed()?.minus(claimed)
    }

    /// Turns what cannot be given into a claim, and goes on to the papers.
    pub(super) fn settle(&mut self, context: &Context<'_>, out: &mut Actions) -> Result<(), MoneyError> {
        let owed = self.unclaimed()?;
        let asked = Cents::sum(self.account.claims.iter().map(|claim| claim.in_question))?;
        let in_question =
            self.account.payout_in_question.plus(self.account.notes_in_question)?.minus(asked)?;
        let lost = self.account.events_lost && self.account.claims.is_empty();
        if owed.is_positive() || in_question.is_positive() || lost {
            let claim = reference(&self.account.operation, self.account.claims.len());
            let about = claim_kind(&self.account);
            self.journal(Entry::Claimed { claim, about, owed, in_question }, out)?;
        }
        self.next_paper(context, out)
    }
}

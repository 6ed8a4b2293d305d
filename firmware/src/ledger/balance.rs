//! What a whole ledger adds up to: money in against money kept, given, owed and in question.
use std::collections::BTreeMap;
use std::fmt;

use hal_device::{Cents, MoneyError};

use super::account::Account;
use super::entry::{Entry, Record};
use super::inventory::Inventory;
use crate::sede::OperationId;

/// Sums over all operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Money in, of operations.
    pub inserted: Cents,
    /// Kept for debts.
    pub kept: Cents,
    /// Given out for certain.
    pub given: Cents,
    /// Given out or not.
    pub in_question: Cents,
    /// Owed to citizens: what is neither kept nor given.
    pub owed: Cents,
    /// Of it, on claim slips.
    pub claimed: Cents,
    /// Money in that belongs to no operation.
    pub unattributed: Cents,
    /// Notes of which nobody can tell whether they are inside.
    pub notes_in_question: Cents,
    /// Every operation.
    pub operations: BTreeMap<OperationId, Account>,
    /// What lies where.
    pub inventory: Inventory,
}

impl Balance {
    /// Adds up all rows.
    pub fn of(records: &[Record]) -> Result<Balance, MoneyError> {
        let mut balance = Balance::default();
        for Record { operation, entry, .. } in records {
            balance.inventory.apply(entry);
            match (operation, entry) {
                (Some(operation), Entry::PaymentOpened { debt, language }) => {
                    let account = Account::new(operation.clone(), debt.clone(), *language);
                    balance.operations.insert(operation.clone(), account);
                }
                (Some(operation), entry) => {
                    if let Some(account) = balance.operations.get_mut(operation) {
                        account.apply(entry)?;
                    }
                }
                (None, Entry::NoteStacked { value, .. } | Entry::CoinAccepted { value, .. }) => {
                    balance.unattributed = balance.unattributed.plus(*value)?;
                }
                (None, Entry::NoteUnknown { value, .. }) => {
                    balance.notes_in_question = balance.notes_in_question.plus(*value)?;
                }
                (None, _) => {}
            }
        }
        for account in balance.operations.values() {
            balance.inserted = balance.inserted.plus(account.inserted)?;
            balance.kept = balance.kept.plus(account.kept)?;
            balance.given = balance.given.plus(account.given)?;
            balance.in_question = balance.in_question.plus(account.payout_in_question)?;
            balance.owed = balance.owed.plus(account.owed()?)?;
            balance.notes_in_question = balance.notes_in_question.plus(account.notes_in_question)?;
            let claims = account.claims.iter().map(|claim| claim.owed);
            balance.claimed = balance.claimed.plus(Cents::sum(claims)?)?;
        }
        Ok(balance)
    }

    /// The money equation holds, nobody was given more than he put in, and what is owed when an operation is
    /// over is on a slip.
    pub fn balanced(&self) -> Result<bool, MoneyError> {
        let right = self.kept.plus(self.given)?.plus(self.in_question)?.plus(self.owed)?;
        let mut each = true;
        for account in self.operations.values() {
            let owed = account.owed()?;
            let claimed = Cents::sum(account.claims.iter().map(|claim| claim.owed))?;
            each &= owed >= Cents::ZERO && (account.completed.is_none() || owed == claimed);
        }
        Ok(self.inserted == right && each)
    }
}

impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("money in", self.inserted),
            ("kept for debts", self.kept),
            ("given out", self.given),
            ("given out or not", self.in_question),
            ("owed to citizens", self.owed),
            ("  of it on claim slips", self.claimed),
            ("money without an operation", self.unattributed),
            ("notes in question", self.notes_in_question),
        ];
        for (name, cents) in rows {
            writeln!(f, "{name:<28}{:>12}", cents.to_string())?;
        }
        for place in self.inventory.places() {
            for stock in self.inventory.content(place) {
                let name = format!("{place:?}");
                writeln!(f, "{name:<16}{:>12} x {:>8}", stock.count, stock.value.to_string())?;
            }
        }
        Ok(())
    }
}

//! A pile of notes or coins, counted by face value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many pieces of each face value (cents) lie in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pile(BTreeMap<u32, u64>);

impl Pile {
    pub fn add(&mut self, cents: u32) {
        self.add_many(cents, 1);
    }

    pub fn add_many(&mut self, cents: u32, pieces: u64) {
        if pieces > 0 {
            *self.0.entry(cents).or_default() += pieces;
        }
    }

    /// Takes one piece out; false when there is none of that value.
    pub fn remove(&mut self, cents: u32) -> bool {
        let Some(pieces) = self.0.get_mut(&cents) else { return false };
        *pieces -= 1;
        if *pieces == 0 {
            self.0.remove(&cents);
        }
        true
    }

    /// Everything in `other` comes here; `other` is empty afterwards.
    pub fn take_all(&mut self, other: &mut Pile) {
        for (cents, pieces) in std::mem::take(&mut other.0) {
            self.add_many(cents, pieces);
        }
    }

    #[must_use]
    pub fn of(&self, cents: u32) -> u64 {
        self.0.get(&cents).copied().unwrap_or(0)
    }

    #[must_use]
    pub fn pieces(&self) -> u64 {
        self.0.values().sum()
    }

    /// Total value in cents.
    #[must_use]
    pub fn cents(&self) -> i64 {
        self.0
            .iter()
            .map(|(cents, pieces)| i64::from(*cents) * i64::try_from(*pieces).unwrap_or(i64::MAX))
            .sum()
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.0.iter().map(|(cents, pieces)| (*cents, *pieces))
    }

    /// This pile with another one beside it.
    #[must_use]
    pub fn with(&self, other: &Pile) -> Pile {
        let mut sum = self.clone();
        for (cents, pieces) in other.iter() {
            sum.add_many(cents, pieces);
        }
        sum
    }
}

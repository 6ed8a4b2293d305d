//! Which notes and coins are taken, so that whatever is inserted, the change for it can be given.
//!
//! The worst case counts: a coin may already be on its way when the device is told to take no more, so that
//! every choice must also hold with one more of the coins that are taken.
use std::collections::BTreeSet;

use hal_cctalk::Acceptance;
use hal_device::Cents;

use super::change::Reach;

/// What the acceptance is worked out from.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// Still missing to the amount.
    pub missing: Cents,
    /// Coins that may still be inserted.
    pub coins_left: u32,
    /// Notes that the validator knows.
    pub notes: &'a BTreeSet<Cents>,
    /// Coins that the acceptor knows.
    pub coins: &'a BTreeSet<Cents>,
    /// What can be given as change.
    pub reach: &'a Reach,
}

impl Situation<'_> {
    fn change_sure(&self, value: Cents, in_flight: &BTreeSet<Cents>) -> bool {
        let over = |extra: i64| value.0.saturating_add(extra).saturating_sub(self.missing.0);
        let sure = |over: i64| over <= 0 || self.reach.can(Cents(over));
        sure(over(0)) && in_flight.iter().all(|coin| sure(over(coin.0)))
    }

    /// What is taken now.
    pub fn acceptance(&self) -> Acceptance {
        if !self.missing.is_positive() {
            return Acceptance::default();
        }
        let mut coins = self.coins.clone();
        let step = self.reach.unit();
        // A cent among hoppers of five cents would leave a sum to which no change fits any more.
        coins.retain(|coin| self.coins_left > 0 && (coin.0 % step == 0 || self.missing.0 % step != 0));
        // Refusing the largest coin makes the worst case smaller for the others: until nothing changes.
        while coins.iter().any(|coin| !self.change_sure(*coin, &coins)) {
            coins.pop_last();
        }
        let notes: BTreeSet<Cents> =
            self.notes.iter().filter(|note| self.change_sure(**note, &coins)).copied().collect();
        if notes.is_empty() && coins.is_empty() && self.coins_left > 0 {
            // The last coin. A second one right behind it would have to become a claim; without this exception
            // nobody could pay to the cent where no change is left.
            coins.extend(self.coins.get(&self.missing));
        }
        Acceptance { notes, coins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::change::Supply;

    fn values(values: &[i64]) -> BTreeSet<Cents> {
        values.iter().map(|value| Cents(*value)).collect()
    }

    fn acceptance(missing: i64, supplies: &[(i64, u32)]) -> Acceptance {
        let supplies = supplies.iter().zip(0u8..);
        let reach = Reach::new(
            supplies.map(|((coin, count), hopper)| Supply { hopper, coin: Cents(*coin), count: *count }),
            Cents(5000),
        );
        let notes = values(&[500, 1000, 2000, 5000]);
        let coins = values(&[5, 10, 20, 50, 100, 200]);
        Situation { missing: Cents(missing), coins_left: 50, notes: &notes, coins: &coins, reach: &reach }
            .acceptance()
    }

    #[test]
    fn a_note_is_inhibited_when_its_change_cannot_be_given() {
        // 15.40 missing, 10 euros in the hoppers: a 50 would need 34.60.
        let accepted = acceptance(1540, &[(200, 3), (50, 6), (10, 5), (5, 10)]);
        assert_eq!(accepted.notes, values(&[500, 1000, 2000]));
    }

    #[test]
    fn with_empty_hoppers_only_what_fits_is_taken() {
        let accepted = acceptance(1540, &[]);
        assert_eq!(accepted.notes, values(&[500, 1000]));
        assert_eq!(accepted.coins, values(&[5, 10, 20, 50, 100, 200]));
        let last_but_one = acceptance(10, &[]);
        assert!(last_but_one.notes.is_empty());
        assert_eq!(last_but_one.coins, values(&[5]), "two tens in a row would need change for one");
        assert_eq!(acceptance(5, &[]).coins, values(&[5]), "the last coin");
    }

    #[test]
    fn the_coin_in_flight_is_counted_with_the_note() {
        // 5 missing, change for exactly 5 is there: a 10 would fit, a 10 and the coin before it would not.
        let accepted = acceptance(500, &[(100, 5)]);
        assert_eq!(accepted.notes, values(&[500]));
        assert_eq!(accepted.coins, values(&[100, 200]));
    }

    #[test]
    fn a_coin_below_the_smallest_hopper_is_not_taken() {
        let accepted = acceptance(1540, &[(200, 20), (10, 50)]);
        assert!(!accepted.coins.contains(&Cents(5)));
        assert!(accepted.notes.contains(&Cents(2000)));
    }

    #[test]
    fn nothing_is_taken_when_nothing_is_missing() {
        assert_eq!(acceptance(0, &[(100, 50)]), Acceptance::default());
    }
}

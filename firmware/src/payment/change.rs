//! Change planning over the real contents of the hoppers.
//!
//! Exact: an amount is offered as change only if some choice of the coins that lie there gives it. Large coins
//! go first, so that small ones last.
use hal_device::Cents;

/// A hopper that may pay out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// Index in the board file.
    pub hopper: u8,
    /// Value of its coin; positive.
    pub coin: Cents,
    /// Coins surely in it.
    pub count: u32,
}

/// What can be given, for every amount up to a limit.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Largest coin first.
    supplies: Vec<Supply>,
    /// `tables[k]` says which amounts, in steps of `unit`, the supplies from `k` on can give.
    tables: Vec<Vec<bool>>,
    /// Greatest common divisor of the coins.
    unit: i64,
    most: i64,
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Reach {
    /// Works out all amounts up to `most`.
    pub fn new(supplies: impl IntoIterator<Item = Supply>, most: Cents) -> Reach {
        let mut supplies: Vec<Supply> =
            supplies.into_iter().filter(|supply| supply.count > 0 && supply.coin.is_positive()).collect();
        supplies.sort_by_key(|supply| (std::cmp::Reverse(supply.coin), supply.hopper));
        let unit = supplies.iter().fold(0, |unit, supply| gcd(supply.coin.0, unit)).max(1);
        let most = most.0.max(0);
        let size = usize::try_from(most / unit).unwrap_or(0) + 1;
        let mut table = vec![false; size];
        if let Some(nothing) = table.first_mut() {
            *nothing = true;
        }
        let mut tables = vec![table];
        for supply in supplies.iter().rev() {
            let before = tables.last().map(Vec::as_slice).unwrap_or_default();
            let extended = extend(before, usize::try_from(supply.coin.0 / unit).unwrap_or(0), supply.count);
            tables.push(extended);
        }
        tables.reverse();
        Reach { supplies, tables, unit, most }
    }

    /// Exactly this amount can be given.
    pub fn can(&self, amount: Cents) -> bool {
        self.reachable(0, amount.0)
    }

    fn reachable(&self, from: usize, amount: i64) -> bool {
        if amount < 0 || amount > self.most || amount % self.unit != 0 {
            return false;
        }
        let index = usize::try_from(amount / self.unit).unwrap_or(usize::MAX);
        self.tables.get(from).and_then(|table| table.get(index)).copied().unwrap_or(false)
    }

    /// The greatest common divisor of the coins: every amount that can be given is a multiple.
    pub fn unit(&self) -> i64 {
        self.unit
    }

    /// The largest amount up to `amount` that can be given.
    pub fn largest(&self, amount: Cents) -> Cents {
        let top = amount.0.min(self.most);
        let mut candidate = top - top.rem_euclid(self.unit);
        while candidate > 0 && !self.can(Cents(candidate)) {
            candidate -= self.unit;
        }
        Cents(candidate.max(0))
    }

    /// How to give exactly this amount: hopper and number of coins, large coins first; `None` if it cannot be.
    pub fn plan(&self, amount: Cents) -> Option<Vec<(u8, u32)>> {
        if !self.can(amount) {
            return None;
        }
        let mut left = amount.0;
        let mut plan = Vec::new();
        for (index, supply) in self.supplies.iter().enumerate() {
            let mut coins = Cents(left).fits(supply.coin).min(supply.count);
            while coins > 0 && !self.reachable(index + 1, left - supply.coin.0 * i64::from(coins)) {
                coins -= 1;
            }
            if coins > 0 {
                plan.push((supply.hopper, coins));
                left -= supply.coin.0 * i64::from(coins);
            }
        }
        (left == 0).then_some(plan)
    }
}

/// Adds up to `count` coins of `step` units to what is reachable.
fn extend(before: &[bool], step: usize, count: u32) -> Vec<bool> {
    // Coins of this supply that the cheapest way to each amount takes; None where it is out of reach.
    let mut used: Vec<Option<u32>> = Vec::with_capacity(before.len());
    for (index, reached) in before.iter().enumerate() {
        let taken = if *reached {
            Some(0)
        } else {
            let previous = index.checked_sub(step).filter(|_| step > 0);
            previous
                .and_then(|previous| used.get(previous).copied().flatten())
                .filter(|taken| *taken < count)
                .map(|taken| taken + 1)
        };
        used.push(taken);
    }
    used.into_iter().map(|taken| taken.is_some()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn supply(hopper: u8, coin: i64, count: u32) -> Supply {
        Supply { hopper, coin: Cents(coin), count }
    }

    #[test]
    fn four_euros_sixty_come_from_large_coins_first() {
        let reach = Reach::new([supply(0, 200, 10), supply(1, 50, 10), supply(2, 10, 10)], Cents(5000));
        assert_eq!(reach.plan(Cents(460)), Some(vec![(0, 2), (1, 1), (2, 1)]));
    }

    #[test]
    fn where_the_greedy_choice_fails_another_one_is_found() {
        // 60 = 50 + 10 is not there; 3 × 20 is.
        let reach = Reach::new([supply(0, 50, 1), supply(1, 20, 3)], Cents(1000));
        assert_eq!(reach.plan(Cents(60)), Some(vec![(1, 3)]));
    }

    #[test]
    fn nothing_to_give_needs_no_coins() {
        assert_eq!(Reach::new([], Cents(1000)).plan(Cents(0)), Some(vec![]));
        assert!(!Reach::new([], Cents(1000)).can(Cents(1)));
    }

    fn brute(supplies: &[Supply], amount: i64) -> bool {
        match supplies.split_first() {
            None => amount == 0,
            Some((first, rest)) => (0..=first.count).any(|coins| {
                let left = amount - first.coin.0 * i64::from(coins);
                left >= 0 && brute(rest, left)
            }),
        }
    }

    proptest! {
        #[test]
        fn a_plan_is_found_exactly_when_trying_everything_finds_one(
            counts in proptest::collection::vec(0u32..4, 4),
            coins in proptest::sample::subsequence(vec![1i64, 2, 5, 10, 20, 50, 100, 200], 4),
            amount in 0i64..800,
        ) {
            let supplies: Vec<Supply> = coins.iter().zip(&counts).enumerate()
                .map(|(index, (coin, count))| supply(index as u8, *coin, *count)).collect();
            let reach = Reach::new(supplies.clone(), Cents(800));
            let plan = reach.plan(Cents(amount));
            prop_assert_eq!(plan.is_some(), brute(&supplies, amount));
            if let Some(plan) = plan {
                let total: i64 = plan.iter().map(|(hopper, count)| {
                    assert!(*count <= supplies[usize::from(*hopper)].count);
                    supplies[usize::from(*hopper)].coin.0 * i64::from(*count)
                }).sum();
                prop_assert_eq!(total, amount);
            }
            let largest = reach.largest(Cents(amount));
            prop_assert!(largest.0 <= amount && reach.can(largest));
        }
    }
}

//! Money: whole euro cents with checked arithmetic.
use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of euro cents. Never a float, never a bare integer; arithmetic that overflows is an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

/// A sum that does not fit: what was asked cannot be an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount does not fit: {0} and {1} cents")]
pub struct MoneyError(pub i64, pub i64);

impl Cents {
    /// No money.
    pub const ZERO: Cents = Cents(0);

    /// The sum, or an error when it does not fit.
    pub fn plus(self, other: Cents) -> Result<Cents, MoneyError> {
        self.0.checked_add(other.0).map(Cents).ok_or(MoneyError(self.0, other.0))
    }

    /// The difference, which may be negative, or an error when it does not fit.
    pub fn minus(self, other: Cents) -> Result<Cents, MoneyError> {
        self.0.checked_sub(other.0).map(Cents).ok_or(MoneyError(self.0, other.0))
    }

    /// This amount `count` times.
    pub fn times(self, count: u32) -> Result<Cents, MoneyError> {
        self.0.checked_mul(i64::from(count)).map(Cents).ok_or(MoneyError(self.0, i64::from(count)))
    }

    /// How often `part` fits into this amount; zero for a `part` that is not positive.
    pub fn fits(self, part: Cents) -> u32 {
        if part.0 <= 0 || self.0 <= 0 { 0 } else { u32::try_from(self.0 / part.0).unwrap_or(u32::MAX) }
    }

    /// The sum of many.
    pub fn sum(parts: impl IntoIterator<Item = Cents>) -> Result<Cents, MoneyError> {
        parts.into_iter().try_fold(Cents::ZERO, Cents::plus)
    }

    /// True for more than nothing.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
}

/// `1234` cents are shown as `12.34`; for logs and slips of technicians. Citizens see the form of their language.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", whole / 100, whole % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_does_not_fit_is_an_error() {
        assert_eq!(Cents(i64::MAX).plus(Cents(1)), Err(MoneyError(i64::MAX, 1)));
        assert_eq!(Cents(i64::MIN).minus(Cents(1)), Err(MoneyError(i64::MIN, 1)));
    }

    #[test]
    fn amounts_are_shown_with_two_decimals() {
        assert_eq!(Cents(6540).to_string(), "65.40");
        assert_eq!(Cents(-5).to_string(), "-0.05");
    }
}

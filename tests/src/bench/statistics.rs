//! Order statistics of repeated measurements, and numbers as people read them.
use std::time::Duration;

use anyhow::Result;

/// Repeated measurements of one thing, in one unit, in order of size; at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Of these values.
    ///
    /// # Errors
    /// There is none, or one is no number.
    pub fn new(values: impl IntoIterator<Item = f64>) -> Result<Sample> {
        let mut values: Vec<f64> = values.into_iter().collect();
        anyhow::ensure!(!values.is_empty(), "nothing was measured");
        anyhow::ensure!(values.iter().all(|value| value.is_finite()), "a measurement is no number");
        values.sort_by(f64::total_cmp);
        Ok(Sample(values))
    }

    /// Of durations, in milliseconds.
    ///
    /// # Errors
    /// There is none.
    pub fn milliseconds(values: impl IntoIterator<Item = Duration>) -> Result<Sample> {
        Sample::new(values.into_iter().map(|value| value.as_secs_f64() * 1000.0))
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest.
    pub fn min(&self) -> f64 {
        self.0.first().copied().unwrap_or_default()
    }

    /// The largest.
    pub fn max(&self) -> f64 {
        self.0.last().copied().unwrap_or_default()
    }

    /// The one in the middle; the mean of the two in the middle.
    pub fn median(&self) -> f64 {
        let (lower, upper) = (self.0.get((self.count() - 1) / 2), self.0.get(self.count() / 2));
        lower.zip(upper).map_or(0.0, |(lower, upper)| f64::midpoint(*lower, *upper))
    }

    /// The smallest that at least 95 in 100 do not exceed (nearest rank).
    pub fn p95(&self) -> f64 {
        let rank = (self.count() * 95).div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// "median 0.17 ms, p95 0.4 ms, most 1.2 ms".
    pub fn usual_and_worst(&self, unit: &str) -> String {
        let [median, p95, max] = [self.median(), self.p95(), self.max()].map(number);
        format!("median {median} {unit}, p95 {p95} {unit}, most {max} {unit}")
    }

    /// "median 26 s (25 to 31 s)".
    pub fn usual_and_range(&self, unit: &str) -> String {
        let [median, min, max] = [self.median(), self.min(), self.max()].map(number);
        format!("median {median} {unit} ({min} to {max} {unit})")
    }
}

/// Three digits that count; none behind the point from a hundred up.
pub fn number(value: f64) -> String {
    let digits = match value.abs() {
        below if below < 1.0 => 3,
        below if below < 10.0 => 2,
        below if below < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    if digits == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Bytes as MiB.
pub fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", number(bytes as f64 / f64::from(1 << 20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_in_which_values_come_does_not_matter() {
        let sample = Sample::new([5.0, 1.0, 4.0, 2.0]).unwrap();
        assert_eq!((sample.min(), sample.median(), sample.max()), (1.0, 3.0, 5.0));
        assert_eq!(Sample::new([7.0]).unwrap().median(), 7.0);
    }

    #[test]
    fn ninety_five_in_a_hundred_are_not_above_the_p95() {
        let hundred = Sample::new((1..=100).map(f64::from)).unwrap();
        assert_eq!(hundred.p95(), 95.0);
        let few = Sample::new([1.0, 2.0, 3.0]).unwrap();
        assert_eq!(few.p95(), 3.0);
    }

    #[test]
    fn nothing_and_no_number_are_errors() {
        assert!(Sample::new([]).is_err());
        assert!(Sample::new([1.0, f64::NAN]).is_err());
    }

    #[test]
    fn numbers_have_three_digits_that_count() {
        let said = [0.1725, 0.5, 9.996, 12.34, 26.0, 400.4, 1234.5].map(number);
        assert_eq!(said, ["0.172", "0.5", "10", "12.3", "26", "400", "1234"]);
        assert_eq!(number(-2.0), "-2");
        assert_eq!(mebibytes(10 * 1024 * 1024 + 512 * 1024), "10.5 MiB");
    }
}

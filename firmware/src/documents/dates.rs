//! Days as the documents write them: the last digit of a year with the day of that year, or `DDMMAA`.
use jiff::civil::{Date, date};

use super::DocumentError;

/// A day of modality 2: only the last digit of its year, and the day of the year (1 to 366).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearDay {
    /// Last digit of the year.
    pub year_digit: u8,
    /// Day of the year.
    pub day: u16,
}

impl YearDay {
    /// A day that some year with this digit has: 1 to 365, and 366 only under an even digit, as no odd year is a
    /// leap year.
    pub fn new(year_digit: u8, day: u16) -> Result<YearDay, DocumentError> {
        let last = if year_digit.is_multiple_of(2) { 366 } else { 365 };
        if year_digit > 9 || !(1..=last).contains(&day) {
            return Err(DocumentError::BadDate(u32::from(year_digit) * 1000 + u32::from(day)));
        }
        Ok(YearDay { year_digit, day })
    }

    /// The day in the year with this digit that lies nearest to `today`, the later one of two as near. `None` when
    /// that year does not have it (366 in a common year).
    pub fn resolve(self, today: Date) -> Option<Date> {
        let decade = today.year() - today.year() % 10;
        let year = [-10, 0, 10]
            .into_iter()
            .map(|shift| decade + shift + i16::from(self.year_digit))
            .filter_map(|year| Some((year, distance(year, self.day, today)?)))
            .min_by_key(|&(year, distance)| (distance, -year))?
            .0;
        first_of(year)?.with().day_of_year(i16::try_from(self.day).ok()?).build().ok()
    }
}

fn first_of(year: i16) -> Option<Date> {
    Date::new(year, 1, 1).ok()
}

/// Days between `today` and a day of `year`; day 366 of a common year counts as the next 1 January.
fn distance(year: i16, day: u16, today: Date) -> Option<u32> {
    let from_january = first_of(year)?.since(today).ok()?.get_days();
    Some((from_january + i32::from(day) - 1).unsigned_abs())
}

/// Six digits `DDMMAA` of this century as a date.
pub(super) fn day_month_year(digits: u32) -> Option<Date> {
    let part = |value: u32| i8::try_from(value % 100).ok();
    let year = i16::from(part(digits)?);
    Date::new(date(2000, 1, 1).year() + year, part(digits / 100)?, part(digits / 10_000)?).ok()
}

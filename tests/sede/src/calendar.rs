//! Working days of the town (Ley 39/2015, article 30): not Saturdays, Sundays and holidays.
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Month and day of holidays that do not move: those of the State, and the town's own two.
const HOLIDAYS: [(i8, i8); 11] =
    [(1, 1), (1, 6), (3, 19), (5, 1), (6, 24), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)];

pub(crate) fn is_working(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        && !HOLIDAYS.contains(&(day.month(), day.day()))
        && Some(day) != good_friday(day.year())
}

/// The day itself if it is a working one, or else the next that is.
pub(crate) fn working_from(day: Date) -> Date {
    let mut day = day;
    while !is_working(day) {
        day = day.saturating_add(1.day());
    }
    day
}

/// Two days before Easter Sunday, which the anonymous Gregorian algorithm finds.
fn good_friday(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    let easter = date(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Some(easter.saturating_sub(2.days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        for (day, next) in [
            (date(2026, 11, 25), date(2026, 11, 25)),
            (date(2026, 11, 28), date(2026, 11, 30)),
            (date(2026, 12, 5), date(2026, 12, 7)),
            (date(2026, 12, 8), date(2026, 12, 9)),
            (date(2026, 12, 25), date(2026, 12, 28)),
            (date(2027, 1, 1), date(2027, 1, 4)),
        ] {
            assert_eq!(working_from(day), next, "{day}");
        }
    }

    #[test]
    fn good_friday_moves_with_easter() {
        for day in
            [date(2024, 3, 29), date(2025, 4, 18), date(2026, 4, 3), date(2027, 3, 26), date(2038, 4, 23)]
        {
            assert_eq!(good_friday(day.year()), Some(day));
            assert!(!is_working(day));
        }
    }
}

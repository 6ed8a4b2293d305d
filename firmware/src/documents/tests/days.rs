//! Days of which the bars tell only a digit of the year, across decades and leap years.
use jiff::civil::{Date, date};

use super::super::{DocumentError, YearDay};

fn resolve(year_digit: u8, day: u16, today: Date) -> Option<Date> {
    YearDay::new(year_digit, day).unwrap().resolve(today)
}

#[test]
fn the_year_is_the_nearest_one_with_that_digit() {
    assert_eq!(resolve(6, 324, date(2026, 11, 25)), Some(date(2026, 11, 20)));
    assert_eq!(resolve(9, 1, date(2030, 2, 1)), Some(date(2029, 1, 1)), "a decade back");
    assert_eq!(resolve(0, 5, date(2029, 12, 20)), Some(date(2030, 1, 5)), "a decade on");
    assert_eq!(resolve(2, 100, date(2026, 6, 1)), Some(date(2022, 4, 10)), "four years back, not six on");
    assert_eq!(resolve(0, 1, date(2026, 6, 1)), Some(date(2030, 1, 1)), "four years on, not six back");
}

#[test]
fn five_years_either_way_the_nearer_day_wins() {
    assert_eq!(resolve(1, 1, date(2026, 3, 1)), Some(date(2031, 1, 1)));
    assert_eq!(resolve(1, 365, date(2026, 3, 1)), Some(date(2021, 12, 31)));
}

#[test]
fn the_last_day_of_a_leap_year_exists_in_leap_years_only() {
    assert_eq!(resolve(8, 366, date(2027, 10, 1)), Some(date(2028, 12, 31)));
    assert_eq!(resolve(6, 366, date(2026, 10, 1)), None, "2026 has 365 days");
    assert_eq!(resolve(6, 366, date(2036, 10, 1)), Some(date(2036, 12, 31)));
    assert_eq!(resolve(8, 60, date(2028, 2, 1)), Some(date(2028, 2, 29)));
    assert_eq!(resolve(7, 60, date(2027, 2, 1)), Some(date(2027, 3, 1)));
}

#[test]
fn days_that_no_year_has_are_refused() {
    assert_eq!(YearDay::new(6, 0), Err(DocumentError::BadDate(6000)));
    assert_eq!(YearDay::new(6, 367), Err(DocumentError::BadDate(6367)));
    assert_eq!(YearDay::new(7, 366), Err(DocumentError::BadDate(7366)), "no odd year is a leap year");
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    for today in [Date::MIN, Date::MAX] {
        for digit in 0..=9 {
            let _ = resolve(digit, 365, today);
        }
    }
}

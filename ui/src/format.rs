//! Amounts and days as they are written, on the screen and on paper.
use jiff::civil::{Date, Weekday};

use crate::view::{Amount, Day, Language};

/// An amount: "65,40 €" in Spanish and Valencian, "€65.40" in English; thousands are parted.
#[must_use]
pub fn amount(language: Language, amount: Amount) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let cents = amount.0.unsigned_abs();
    let (thousands, decimal) = if language == Language::English { (',', '.') } else { ('.', ',') };
    let euros = grouped(cents / 100, thousands);
    let cents = cents % 100;
    if language == Language::English {
        format!("{sign}€{euros}{decimal}{cents:02}")
    } else {
        format!("{sign}{euros}{decimal}{cents:02} €")
    }
}

/// The value of a note or coin: "20 €", "50 cént.".
#[must_use]
pub fn denomination(language: Language, value: Amount) -> String {
    let cents = value.0.unsigned_abs();
    match (language, cents.is_multiple_of(100) && cents > 0) {
        (Language::English, true) => format!("€{}", cents / 100),
        (_, true) => format!("{} €", cents / 100),
        (Language::Spanish, false) => format!("{cents} cént."),
        (Language::Valencian, false) => format!("{cents} cènt."),
        (Language::English, false) => format!("{cents}c"),
    }
}

/// A size of files in megabytes, with one decimal, at least a tenth unless it is nothing: "1,2 MB", "1.2 MB".
#[must_use]
pub fn megabytes(language: Language, bytes: u32) -> String {
    let (whole, tenth) = tenths(bytes);
    let decimal = if language == Language::English { '.' } else { ',' };
    format!("{whole}{decimal}{tenth} MB")
}

/// Megabytes and their tenth, rounded up.
pub(crate) fn tenths(bytes: u32) -> (u32, u32) {
    let tenths = bytes.div_ceil(100_000);
    (tenths / 10, tenths % 10)
}

/// A day in full: "20 de noviembre de 2026", "20 de novembre de 2026", "20 November 2026".
#[must_use]
pub fn long_day(language: Language, day: Day) -> String {
    let Day { year, month, day } = day;
    let name = month_name(language, month);
    match language {
        Language::Spanish => format!("{day} de {name} de {year}"),
        Language::Valencian if name.starts_with(['a', 'o']) => format!("{day} d'{name} de {year}"),
        Language::Valencian => format!("{day} de {name} de {year}"),
        Language::English => format!("{day} {name} {year}"),
    }
}

/// A day in full with its weekday: "lunes 30 de noviembre de 2026", "Monday 30 November 2026". A day that is in no
/// calendar has no weekday.
#[must_use]
pub fn full_day(language: Language, day: Day) -> String {
    let long = long_day(language, day);
    match Date::new(day.year, day.month, day.day) {
        Ok(date) => format!("{} {long}", weekday_name(language, date.weekday())),
        Err(_) => long,
    }
}

/// A day in full with its weekday, and the time of the clock in 24 hours: "lunes 30 de noviembre de 2026, 9:05".
///
/// For official times and appointments. Where the time is (that of the mainland), is for the caller to know.
#[must_use]
pub fn moment(language: Language, day: Day, hour: i8, minute: i8) -> String {
    format!("{}, {hour}:{minute:02}", full_day(language, day))
}

/// Digits in groups of four from the right, as they are read from a paper; other characters stay as they are.
#[must_use]
pub fn grouped_digits(code: &str) -> String {
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return code.to_owned();
    }
    let mut grouped = String::new();
    for (place, digit) in code.chars().enumerate() {
        if place > 0 && (code.len() - place).is_multiple_of(4) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

fn month_name(language: Language, month: i8) -> &'static str {
    const SPANISH: [&str; 12] = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];
    const VALENCIAN: [&str; 12] = [
        "gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre",
        "novembre", "desembre",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let names = match language {
        Language::Spanish => SPANISH,
        Language::Valencian => VALENCIAN,
        Language::English => ENGLISH,
    };
    let place = usize::try_from(month).unwrap_or_default().wrapping_sub(1);
    names.get(place).copied().unwrap_or("?")
}

fn weekday_name(language: Language, weekday: Weekday) -> &'static str {
    const SPANISH: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
    const VALENCIAN: [&str; 7] =
        ["dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge"];
    const ENGLISH: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let names = match language {
        Language::Spanish => SPANISH,
        Language::Valencian => VALENCIAN,
        Language::English => ENGLISH,
    };
    let place = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
    names.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_the_way_of_each_language() {
        for (cents, spanish, english) in [
            (6540, "65,40 €", "€65.40"),
            (0, "0,00 €", "€0.00"),
            (5, "0,05 €", "€0.05"),
            (999_999, "9.999,99 €", "€9,999.99"),
            (123_456_789, "1.234.567,89 €", "€1,234,567.89"),
            (-260, "-2,60 €", "-€2.60"),
            (i64::MIN, "-92.233.720.368.547.758,08 €", "-€92,233,720,368,547,758.08"),
        ] {
            assert_eq!(amount(Language::Spanish, Amount(cents)), spanish);
            assert_eq!(amount(Language::Valencian, Amount(cents)), spanish);
            assert_eq!(amount(Language::English, Amount(cents)), english);
        }
    }

    #[test]
    fn days_are_written_in_full() {
        let day = Day { year: 2026, month: 11, day: 20 };
        assert_eq!(long_day(Language::Spanish, day), "20 de noviembre de 2026");
        assert_eq!(long_day(Language::Valencian, day), "20 de novembre de 2026");
        assert_eq!(long_day(Language::English, day), "20 November 2026");
        let april = Day { year: 2026, month: 4, day: 1 };
        assert_eq!(long_day(Language::Valencian, april), "1 d'abril de 2026");
        let hostile = Day { year: 2026, month: -4, day: 1 };
        assert_eq!(long_day(Language::Spanish, hostile), "1 de ? de 2026");
    }

    #[test]
    fn moments_have_their_weekday_and_the_time() {
        let day = Day { year: 2026, month: 11, day: 30 };
        assert_eq!(moment(Language::Spanish, day, 9, 5), "lunes 30 de noviembre de 2026, 9:05");
        assert_eq!(moment(Language::Valencian, day, 18, 30), "dilluns 30 de novembre de 2026, 18:30");
        assert_eq!(moment(Language::English, day, 0, 0), "Monday 30 November 2026, 0:00");
        let leap = Day { year: 2028, month: 2, day: 29 };
        assert_eq!(full_day(Language::Spanish, leap), "martes 29 de febrero de 2028");
        let sunday = Day { year: 2027, month: 10, day: 31 };
        assert_eq!(full_day(Language::Valencian, sunday), "diumenge 31 d'octubre de 2027");
        let hostile = Day { year: 2026, month: 2, day: 30 };
        assert_eq!(moment(Language::Spanish, hostile, 9, 5), "30 de febrero de 2026, 9:05");
    }

    #[test]
    fn digits_are_grouped_from_the_right_and_codes_stay() {
        assert_eq!(grouped_digits("0000123456"), "00 0012 3456");
        assert_eq!(grouped_digits("1234"), "1234");
        assert_eq!(grouped_digits("2026-00412-K07"), "2026-00412-K07");
        assert_eq!(grouped_digits(""), "");
    }

    #[test]
    fn notes_and_coins_have_short_names() {
        assert_eq!(denomination(Language::Spanish, Amount(2000)), "20 €");
        assert_eq!(denomination(Language::Valencian, Amount(50)), "50 cènt.");
        assert_eq!(denomination(Language::English, Amount(200)), "€2");
    }
}

//! Words for the ear: what a synthesizer reads wrongly when it is given what is written.
//!
//! Amounts, days, references and common abbreviations are put into words before synthesis
//! (`espeak-ng` reads "12,50 €" as "doce coma cincuenta euro", and a NIF as millions).
use crate::format;
use crate::texts::{Text, text};
use crate::view::{Amount, Day, Language};

/// An amount in words: "12 euros con 50 céntimos", "veintiún euros", "50 cents".
#[must_use]
pub fn spoken_amount(language: Language, amount: Amount) -> String {
    let cents = amount.0.unsigned_abs();
    let (whole, part) = (cents / 100, cents % 100);
    let (one_euro, euros, one_cent, many_cents, and) = match language {
        Language::Spanish => ("euro", "euros", "céntimo", "céntimos", "con"),
        Language::Valencian => ("euro", "euros", "cèntim", "cèntims", "amb"),
        Language::English => ("euro", "euros", "cent", "cents", "and"),
    };
    let euro =
        |number: u64| format!("{} {}", counted(language, number), if number == 1 { one_euro } else { euros });
    let cent = |number: u64| {
        format!("{} {}", counted(language, number), if number == 1 { one_cent } else { many_cents })
    };
    match (whole, part) {
        (0, 1..) => cent(part),
        (_, 0) => euro(whole),
        _ => format!("{} {and} {}", euro(whole), cent(part)),
    }
}

/// A size of files in words: "1 coma 2 megabytes".
#[must_use]
pub fn spoken_megabytes(language: Language, bytes: u32) -> String {
    let (whole, tenth) = format::tenths(bytes);
    let point = if language == Language::English { "point" } else { "coma" };
    format!("{whole} {point} {tenth} megabytes")
}

/// A time of the clock in words, of 24 hours: "9 horas y 5 minutos", "veintiuna horas", "18 hours and 30 minutes".
#[must_use]
pub fn spoken_time(language: Language, hour: u64, minute: u64) -> String {
    let hours = match (language, hour) {
        (Language::Spanish, 1) => "una hora".to_owned(),
        (Language::Spanish, 21) => "veintiuna horas".to_owned(),
        (Language::Spanish, _) => format!("{hour} horas"),
        (Language::Valencian, 1) => "una hora".to_owned(),
        (Language::Valencian, 21) => "vint-i-una hores".to_owned(),
        (Language::Valencian, _) => format!("{hour} hores"),
        (Language::English, 1) => "1 hour".to_owned(),
        (Language::English, _) => format!("{hour} hours"),
    };
    let (and, one, many) = match language {
        Language::Spanish => ("y", "minuto", "minutos"),
        Language::Valencian => ("i", "minut", "minuts"),
        Language::English => ("and", "minute", "minutes"),
    };
    match minute {
        0 => hours,
        1 => format!("{hours} {and} {} {one}", counted(language, 1)),
        _ => format!("{hours} {and} {} {many}", counted(language, minute)),
    }
}

/// A day in words.
#[must_use]
pub fn spoken_day(language: Language, day: Day) -> String {
    format::long_day(language, day)
}

/// A reference, NIF or telephone number, sign by sign in groups of four with pauses: "1 2 3 4, 5 6 7 8, letra Z".
#[must_use]
pub fn spoken_code(language: Language, code: &str) -> String {
    let mut spoken = String::new();
    let mut run = 0;
    for sign in code.chars() {
        let word = match sign {
            digit if digit.is_ascii_digit() => {
                if run > 0 && run % 4 == 0 {
                    spoken.push(',');
                }
                run += 1;
                digit.to_string()
            }
            letter if letter.is_alphabetic() => {
                if !spoken.is_empty() && !spoken.ends_with(',') {
                    spoken.push(',');
                }
                run = 4;
                format!("{} {letter}", text(language, Text::SpeechLetter))
            }
            _ => {
                if !spoken.is_empty() && !spoken.ends_with(',') {
                    spoken.push(',');
                }
                run = 0;
                continue;
            }
        };
        if !spoken.is_empty() {
            spoken.push(' ');
        }
        spoken.push_str(&word);
    }
    spoken.trim_end_matches(',').to_owned()
}

/// Free text (of the sede, of the town hall's settings) made fit for the ear.
#[must_use]
pub fn speakable(language: Language, words: &str) -> String {
    let words = words.replace('\u{a0}', " ").replace('•', "");
    let mut parts: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        // "12,50 €" is one word for the ear.
        match parts.last_mut() {
            Some(number) if word.starts_with('€') && number.ends_with(|sign: char| sign.is_ascii_digit()) =>
            {
                number.push_str(word);
            }
            _ => parts.push(word.to_owned()),
        }
    }
    let spoken: Vec<String> =
        parts.iter().map(|word| spoken_word(language, word)).filter(|word| !word.is_empty()).collect();
    spoken.join(" ")
}

fn spoken_word(language: Language, word: &str) -> String {
    let core = word.trim_end_matches([',', '.', ';', ':', ')', '?', '!']);
    let tail = word.get(core.len()..).unwrap_or_default();
    let start = core.trim_start_matches(['(', '¿', '¡', '«']);
    if let Some(amount) = written_amount(start) {
        return format!("{}{tail}", spoken_amount(language, amount));
    }
    if let Some(day) = written_day(start) {
        return format!("{}{tail}", spoken_day(language, day));
    }
    if let Some((hour, minute)) = written_time(start) {
        return format!("{}{tail}", spoken_time(language, hour, minute));
    }
    if let Some(full) = abbreviation(language, word) {
        return full.to_owned();
    }
    let digits = start.chars().filter(char::is_ascii_digit).count();
    let odd = start.chars().any(|sign| matches!(sign, '-' | '/' | '+' | '.'));
    if digits > 4 || digits > 2 && start.starts_with('0') || digits > 0 && odd {
        return format!("{}{tail}", spoken_code(language, start));
    }
    word.replace('/', ", ")
}

fn abbreviation(language: Language, word: &str) -> Option<&'static str> {
    let spanish = match word.trim_end_matches(',') {
        "C/" => ("calle", "carrer", "street"),
        "Avda." | "Av." | "Avd." => ("avenida", "avinguda", "avenue"),
        "Pl." | "Pza." | "Plza." => ("plaza", "plaça", "square"),
        "Tel." | "Tfno." | "Telf." => ("teléfono", "telèfon", "telephone"),
        "n.º" | "nº" | "N.º" | "Nº" | "núm." => ("número", "número", "number"),
        "DNIe" => ("DNI electrónico", "DNI electrònic", "electronic identity card"),
        "h" | "h." => ("horas", "hores", "hours"),
        "s/n" => ("sin número", "sense número", "without number"),
        _ => return None,
    };
    Some(match language {
        Language::Spanish => spanish.0,
        Language::Valencian => spanish.1,
        Language::English => spanish.2,
    })
}

/// "65,40€" or "€65.40", thousands parted or not.
fn written_amount(word: &str) -> Option<Amount> {
    let (number, decimal) = match word.strip_suffix('€') {
        Some(number) => (number, ','),
        None => (word.strip_prefix('€')?, '.'),
    };
    let (whole, part) = number.split_once(decimal).unwrap_or((number, "0"));
    let part = match part.len() {
        1 | 2 => format!("{part:0<2}"),
        _ => return None,
    };
    let whole: String = whole.chars().filter(|sign| !matches!(sign, '.' | ',')).collect();
    let known =
        whole.len() <= 12 && !whole.is_empty() && (whole.clone() + &part).bytes().all(|b| b.is_ascii_digit());
    if !known {
        return None;
    }
    format!("{whole}{part}").parse().ok().map(Amount)
}

/// "31/12/2026".
fn written_day(word: &str) -> Option<Day> {
    let mut parts = word.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || day.starts_with('+') || month.starts_with('+') {
        return None;
    }
    let day = Day { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    ((1..=31).contains(&day.day) && (1..=12).contains(&day.month) && day.year > 0).then_some(day)
}

/// "9:05", "18:30".
fn written_time(word: &str) -> Option<(u64, u64)> {
    let (hour, minute) = word.split_once(':')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let known = (1..=2).contains(&hour.len()) && minute.len() == 2 && digits(hour) && digits(minute);
    let (hour, minute) = known.then(|| Some((hour.parse().ok()?, minute.parse().ok()?))).flatten()?;
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// A number before a noun. Figures are read well except where the last word is shortened ("veintiún", "vint-i-un"),
/// and in long ones, which are parted at the thousands.
fn counted(language: Language, number: u64) -> String {
    let (millions, thousands, rest) = (number / 1_000_000, number / 1000 % 1000, number % 1000);
    let million = match (language, millions) {
        (Language::Spanish, 1) => "millón",
        (Language::Spanish, _) => "millones",
        (Language::Valencian, 1) => "milió",
        (Language::Valencian, _) => "milions",
        (Language::English, _) => "million",
    };
    let thousand = if language == Language::English { "thousand" } else { "mil" };
    let mut words: Vec<String> = Vec::new();
    if millions > 0 {
        words.push(below_thousand(language, millions % 1000));
        words.push(million.to_owned());
    }
    if thousands > 0 {
        if thousands > 1 || language == Language::English {
            words.push(below_thousand(language, thousands));
        }
        words.push(thousand.to_owned());
    }
    if rest > 0 || words.is_empty() {
        words.push(below_thousand(language, rest));
    }
    words.join(" ")
}

fn below_thousand(language: Language, number: u64) -> String {
    const SPANISH_TENS: [&str; 8] = [
        "veinti",
        "treinta y ",
        "cuarenta y ",
        "cincuenta y ",
        "sesenta y ",
        "setenta y ",
        "ochenta y ",
        "noventa y ",
    ];
    const VALENCIAN_TENS: [&str; 8] =
        ["vint-i-", "trenta-", "quaranta-", "cinquanta-", "seixanta-", "setanta-", "huitanta-", "noranta-"];
    const SPANISH_HUNDREDS: [&str; 9] = [
        "ciento",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "seiscientos",
        "setecientos",
        "ochocientos",
        "novecientos",
    ];
    const VALENCIAN_HUNDREDS: [&str; 9] = [
        "cent",
        "dos-cents",
        "tres-cents",
        "quatre-cents",
        "cinc-cents",
        "sis-cents",
        "set-cents",
        "huit-cents",
        "nou-cents",
    ];
    let (hundreds, tens) = ((number / 100) as usize, (number / 10 % 10) as usize);
    if language == Language::English || number % 10 != 1 || number == 1 || tens == 1 {
        return number.to_string();
    }
    let (tens_names, hundred_names) = match language {
        Language::Spanish => (SPANISH_TENS, SPANISH_HUNDREDS),
        _ => (VALENCIAN_TENS, VALENCIAN_HUNDREDS),
    };
    let hundred =
        hundreds.checked_sub(1).and_then(|place| hundred_names.get(place)).copied().unwrap_or_default();
    let ten = tens.checked_sub(2).and_then(|place| tens_names.get(place)).copied().unwrap_or_default();
    let one = if language == Language::Spanish && tens == 2 { "ún" } else { "un" };
    format!("{hundred} {ten}{one}").trim().to_owned()
}

//! Spanish personal numbers: DNI, NIE and the NIF of those who have neither (Real Decreto 1065/2007, articles 19
//! and 20; Orden INT/2058/2008), with their check letter.
//!
//! A number that somebody types comes in many spellings; one that a certificate holds comes in two. Both become the
//! one form of nine characters, which is what is compared. A number belongs to a person: it is not shown by `Debug`,
//! no error repeats it, and it is wiped when it is dropped.
use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The letter of `n`: `n` modulo 23.
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
/// What begins a company's number (Orden EHA/451/2008); no person has one.
const COMPANIES: &[u8] = b"ABCDEFGHJNPQRSUVW";
/// Digits of a DNI.
const DIGITS: usize = 8;
/// The control of a company's number as a letter, by its digit.
const COMPANY_LETTERS: &[u8; 10] = b"JABCDEFGHI";
/// Longest text that is looked at: the longest spelling with its separators, and some slips of the finger.
const TYPED_MAX: usize = 64;

/// A person's number: eight characters and the letter, in capitals.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Nif(String);

/// Which kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of a Spaniard: eight digits.
    Dni,
    /// Of a foreigner: X, Y or Z and seven digits.
    Nie,
    /// Of somebody without either: K (under 14), L (lives abroad), M (foreigner without NIE) and seven digits.
    OtherNif,
}

/// A number as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The number.
    pub nif: Nif,
    /// Zeros were put before it: the citizen has to confirm that this is the number.
    pub completed: bool,
}

/// Why a text is no number. None of these repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NifError {
    /// Nothing was typed.
    #[error("no number was given; type the digits and the letter")]
    Empty,
    /// Another length or order of digits and letters.
    #[error("this is not the form of a DNI or NIE; type the digits and the letter, as on the card")]
    Form,
    /// The digits are there, the letter at the end is not.
    #[error("the letter at the end is missing; type it too")]
    LetterMissing,
    /// The letter does not belong to the digits.
    #[error("the letter does not belong to the digits; compare them with the card")]
    WrongLetter,
    /// A company's number.
    #[error("this is the number of a company or body, and neither a DNI nor a NIE; type your own number")]
    Company,
    /// A good number, but not a NIE.
    #[error("this is not a NIE, which begins with X, Y or Z; type the number of the foreigner's card")]
    NotNie,
}

impl Nif {
    /// The number as a citizen types it: small letters, separators, spaces and missing zeros are mended.
    pub fn typed(text: &str) -> Result<Typed, NifError> {
        if text.len() > TYPED_MAX {
            return Err(NifError::Form);
        }
        let mut plain: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/' | '·')).collect();
        plain.make_ascii_uppercase();
        let typed = normalised(&plain);
        plain.zeroize();
        typed
    }

    /// The number where a NIE was asked for.
    pub fn typed_nie(text: &str) -> Result<Typed, NifError> {
        let typed = Nif::typed(text)?;
        if typed.nif.kind() == Kind::Nie { Ok(typed) } else { Err(NifError::NotNie) }
    }

    /// The number as a certificate's subject holds it: bare, or after `IDCES-` (ETSI EN 319 412-1). Nothing is
    /// mended: an authority does not mistype.
    pub fn certified(text: &str) -> Result<Nif, NifError> {
        let bare = text.strip_prefix("IDCES-").unwrap_or(text);
        if bare.len() != DIGITS + 1 {
            return Err(NifError::Form);
        }
        let Typed { nif, completed } = normalised(bare)?;
        if completed { Err(NifError::Form) } else { Ok(nif) }
    }

    /// Nine characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'X' | b'Y' | b'Z') => Kind::Nie,
            Some(b'K' | b'L' | b'M') => Kind::OtherNif,
            _ => Kind::Dni,
        }
    }
}

impl fmt::Debug for Nif {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nif(…)")
    }
}

/// `plain` has no separators and no small letters.
fn normalised(plain: &str) -> Result<Typed, NifError> {
    if !plain.is_ascii() {
        return Err(NifError::Form);
    }
    let Some((&first, rest)) = plain.as_bytes().split_first() else { return Err(NifError::Empty) };
    match first {
        b'0'..=b'9' => {
            let (digits, letter) = split_letter(plain)?;
            if digits.len() > DIGITS {
                return Err(NifError::Form);
            }
            whole(format!("{digits:0>8}"), letter, digits.len() < DIGITS)
        }
        b'X' | b'Y' | b'Z' | b'K' | b'L' | b'M' => {
            let (digits, letter) = split_letter(plain.get(1..).unwrap_or_default())?;
            // Until 2008 X was followed by eight digits, the first of them zero.
            let digits = match digits.strip_prefix('0') {
                Some(seven) if first == b'X' && seven.len() == DIGITS - 1 => seven,
                _ => digits,
            };
            if digits.len() != DIGITS - 1 {
                return Err(NifError::Form);
            }
            whole(format!("{}{digits}", char::from(first)), letter, false)
        }
        _ if COMPANIES.contains(&first) && is_company(rest) => Err(NifError::Company),
        _ => Err(NifError::Form),
    }
}

/// Digits, and the letter after them.
fn split_letter(text: &str) -> Result<(&str, u8), NifError> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_uppercase());
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NifError::Form);
    }
    match text.as_bytes().get(digits.len()..) {
        Some([]) => Err(NifError::LetterMissing),
        Some([letter]) => Ok((digits, *letter)),
        _ => Err(NifError::Form),
    }
}

/// Seven digits and a control digit or letter.
fn is_company(rest: &[u8]) -> bool {
    matches!(rest.split_last(), Some((control, digits))
        if digits.len() == 7
            && digits.iter().all(u8::is_ascii_digit)
            && (control.is_ascii_digit() || control.is_ascii_uppercase()))
}

/// Whether this is the number of a company or body: a letter, seven digits, and the control that belongs to them
/// (Orden EHA/451/2008). In capitals and without separators.
#[must_use]
pub fn is_company_number(text: &str) -> bool {
    let Some((first, rest)) = text.as_bytes().split_first() else { return false };
    let Some((control, digits)) = rest.split_last().filter(|_| COMPANIES.contains(first) && is_company(rest))
    else {
        return false;
    };
    let sum: usize = digits.iter().enumerate().fold(0, |sum, (at, digit)| {
        let digit = usize::from(digit.saturating_sub(b'0'));
        let doubled = digit.saturating_mul(2);
        sum.saturating_add(if at % 2 == 0 { doubled / 10 + doubled % 10 } else { digit })
    });
    let value = (10 - sum % 10) % 10;
    let letter = COMPANY_LETTERS.get(value) == Some(control);
    let figure = control.is_ascii_digit() && usize::from(control.saturating_sub(b'0')) == value;
    match first {
        b'A' | b'B' | b'E' | b'H' => figure,
        b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => letter,
        _ => letter || figure,
    }
}

fn whole(mut number: String, letter: u8, completed: bool) -> Result<Typed, NifError> {
    if check_letter(&number) != Some(letter) {
        number.zeroize();
        return Err(NifError::WrongLetter);
    }
    number.push(char::from(letter));
    Ok(Typed { nif: Nif(number), completed })
}

/// The letter of eight characters: X, Y and Z count as 0, 1 and 2; K, L and M do not count.
fn check_letter(number: &str) -> Option<u8> {
    let value = number.bytes().try_fold(0_usize, |sum, b| {
        let digit = match b {
            b'0'..=b'9' => b - b'0',
            b'X' | b'K' | b'L' | b'M' => 0,
            b'Y' => 1,
            b'Z' => 2,
            _ => return None,
        };
        sum.checked_mul(10)?.checked_add(usize::from(digit))
    })?;
    LETTERS.get(value % LETTERS.len()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Public reports of validators that went wrong, and their kind of number.
    const GOOD: &[(&str, &str, Kind, bool)] = &[
        ("12345678Z", "12345678Z", Kind::Dni, false),
        ("12345678z", "12345678Z", Kind::Dni, false),
        ("12.345.678-Z", "12345678Z", Kind::Dni, false),
        (" 00000014Z ", "00000014Z", Kind::Dni, false),
        ("14Z", "00000014Z", Kind::Dni, true),
        ("00000000T", "00000000T", Kind::Dni, false),
        ("X1234567L", "X1234567L", Kind::Nie, false),
        ("X01234567L", "X1234567L", Kind::Nie, false),
        ("X-1234567-L", "X1234567L", Kind::Nie, false),
        ("X1234581X", "X1234581X", Kind::Nie, false),
        ("X1234577Y", "X1234577Y", Kind::Nie, false),
        ("X1234562Z", "X1234562Z", Kind::Nie, false),
        ("Y1234567X", "Y1234567X", Kind::Nie, false),
        ("Z1234576X", "Z1234576X", Kind::Nie, false),
        ("y1234563y", "Y1234563Y", Kind::Nie, false),
        ("K1234567L", "K1234567L", Kind::OtherNif, false),
        ("L1234567L", "L1234567L", Kind::OtherNif, false),
        ("M1234567L", "M1234567L", Kind::OtherNif, false),
    ];

    #[test]
    fn every_good_spelling_becomes_the_one_form() {
        for (text, form, kind, completed) in GOOD {
            let typed = Nif::typed(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((typed.nif.as_str(), typed.nif.kind(), typed.completed), (*form, *kind, *completed));
        }
    }

    #[test]
    fn every_bad_number_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", NifError::Empty),
            ("  .-", NifError::Empty),
            ("911111111H", NifError::Form),
            ("8911111111H", NifError::Form),
            ("12345678A", NifError::WrongLetter),
            ("X1234567A", NifError::WrongLetter),
            ("M1234567A", NifError::WrongLetter),
            ("XX1234567L", NifError::Form),
            ("IDCES-12345678Z", NifError::Form),
            ("12345678", NifError::LetterMissing),
            ("X1234567", NifError::LetterMissing),
            ("X12345678L", NifError::Form),
            ("Y01234567X", NifError::Form),
            ("X123456L", NifError::Form),
            ("12345678ZZ", NifError::Form),
            ("1234A678Z", NifError::Form),
            ("Z", NifError::Form),
            ("Ñ1234567L", NifError::Form),
            ("１２３４５６７８Z", NifError::Form),
            ("B12345674", NifError::Company),
            ("q2826000h", NifError::Company),
            ("B1234567", NifError::Form),
            ("I12345678", NifError::Form),
            (&"1".repeat(10_000), NifError::Form),
        ] {
            assert_eq!(Nif::typed(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_companys_number_has_the_control_of_its_kind() {
        for text in ["B12345674", "A12345674", "Q2826000H", "G12345674", "G1234567D", "J00000000"] {
            assert!(is_company_number(text), "{text}");
        }
        for text in [
            "",
            "B",
            "B12345675",
            "B1234567D",
            "Q28260008",
            "Q2826000I",
            "b12345674",
            "B-1234567-4",
            "B123456744",
            "K1234567L",
            "12345678Z",
            "Ñ12345674",
        ] {
            assert!(!is_company_number(text), "{text}");
        }
    }

    #[test]
    fn where_a_nie_was_said_nothing_else_will_do() {
        assert!(Nif::typed_nie("X1234567L").is_ok());
        // A good DNI of seven digits, if nobody had said that it is a NIE.
        assert!(Nif::typed("1234567L").unwrap().completed);
        for text in ["1234567L", "12345678Z", "K1234567L"] {
            assert_eq!(Nif::typed_nie(text), Err(NifError::NotNie), "{text}");
        }
    }

    #[test]
    fn a_certificate_holds_the_number_in_two_forms_and_no_other() {
        for text in ["12345678Z", "IDCES-12345678Z", "IDCES-X1234567L"] {
            assert!(Nif::certified(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "IDCES-",
            "14Z",
            "IDCES-14Z",
            "12345678z",
            "12.345.678-Z",
            "IDCES-12345678A",
            "PASES-12345678Z",
            "IDCPT-12345678Z",
            "VATES-B12345674",
            "IDCES-IDCES-12345678Z",
            "X01234567L",
        ] {
            assert!(Nif::certified(text).is_err(), "{text}");
        }
    }

    #[test]
    fn neither_debug_nor_an_error_shows_a_number() {
        let typed = Nif::typed("12345678Z").unwrap();
        let wrong = Nif::typed("12345678A").unwrap_err();
        let shown = format!("{typed:?} {wrong} {wrong:?}");
        assert!(!shown.contains("1234"), "{shown}");
    }

    #[test]
    fn each_remainder_has_its_letter() {
        for (n, letter) in LETTERS.iter().enumerate() {
            let text = format!("{n:08}{}", char::from(*letter));
            assert!(Nif::typed(&text).is_ok(), "{text}");
        }
    }
}

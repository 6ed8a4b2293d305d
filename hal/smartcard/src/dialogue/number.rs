//! Municipal cards: a number that anybody can read, and that therefore proves nothing but itself.
use std::fmt;

use zeroize::Zeroizing;

use crate::apdu::Command;
use crate::card::Card;
use crate::profile::{NumberRule, Source};

use super::DialogueError;
use super::link::Link;

const WHAT: &str = "the card's number";

/// The number of a citizen card, a pseudonym; wiped when it goes, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct CardNumber(Zeroizing<String>);

impl CardNumber {
    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardNumber")
    }
}

impl<C: Card> Link<'_, C> {
    /// Reads the number from where the profile says it is.
    pub(crate) async fn card_number(
        &mut self,
        source: &Source,
        rule: NumberRule,
    ) -> Result<CardNumber, DialogueError> {
        let (command, offset, length) = match *source {
            Source::Record { file, record, offset, length } => {
                (Command::new(0x00, 0xB2, record, file << 3 | 0x04), offset, length)
            }
            Source::Data { tag, offset, length } => {
                let [high, low] = tag.to_be_bytes();
                (Command::new(0x00, 0xCA, high, low), offset, length)
            }
            Source::Pkcs15 { .. } => {
                return Err(DialogueError::Unsupported("a number in certificates".to_owned()));
            }
        };
        let data = self.require(WHAT, &command.expecting(256)).await?.data;
        let field = offset.checked_add(length).and_then(|end| data.get(offset..end));
        check(field.ok_or_else(|| DialogueError::malformed(WHAT, "the record is too short"))?, rule)
    }
}

/// Without its filling, a number of this kind.
fn check(field: &[u8], rule: NumberRule) -> Result<CardNumber, DialogueError> {
    let malformed = |why: &str| Err(DialogueError::malformed(WHAT, why));
    let filling = field.iter().rev().take_while(|byte| matches!(byte, 0x00 | 0x20 | 0xFF)).count();
    let number = field.get(..field.len() - filling).unwrap_or_default();
    if number.is_empty() {
        return malformed("it is empty");
    }
    let fits: fn(&u8) -> bool = match rule {
        NumberRule::Alphanumeric => u8::is_ascii_alphanumeric,
        NumberRule::Digits | NumberRule::Luhn | NumberRule::SerialNumber => u8::is_ascii_digit,
    };
    if !number.iter().all(fits) {
        return malformed("it has characters that its kind does not have");
    }
    if rule == NumberRule::Luhn && !luhn(number) {
        return malformed("its check digit is wrong");
    }
    Ok(CardNumber(Zeroizing::new(number.iter().copied().map(char::from).collect())))
}

/// ISO/IEC 7812-1 annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .map(|digit| u32::from(digit.wrapping_sub(b'0')))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_loses_its_filling_and_keeps_its_zeros() {
        let number = check(b"0012345\x00\x20\xFF", NumberRule::Digits).unwrap();
        assert_eq!(number.as_str(), "0012345");
        assert_eq!(format!("{number:?}"), "CardNumber");
    }

    #[test]
    fn what_is_no_number_of_its_kind_is_refused() {
        assert!(check(b"79927398713", NumberRule::Luhn).is_ok());
        assert!(check(b"79927398710", NumberRule::Luhn).is_err());
        assert!(check(b"12A", NumberRule::Digits).is_err());
        assert!(check(b"12A", NumberRule::Alphanumeric).is_ok());
        assert!(check(b"12-A", NumberRule::Alphanumeric).is_err());
        assert!(check(b"\xFF\xFF", NumberRule::Digits).is_err());
    }
}

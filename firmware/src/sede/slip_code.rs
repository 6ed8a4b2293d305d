//! The code on an appointment's slip (`firmware/sede-api.yaml`, `SlipCode`): nine characters, the last of which checks.
//!
//! Of two characters that look or sound alike none is used, and there are 23 of them, a prime number: one wrong
//! character and two that changed places are always found out (as in ISO 7064), so that a slip of the finger is told
//! at once and costs no try at the sede. With the end of the number it opens the appointment: it is not shown by
//! `Debug`, and it is wiped when it is dropped.
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Each counts as much as its place, from 0.
const CHARACTERS: &[u8; 23] = b"34679ACDEFGHJKMNPRTVWXY";
const LENGTH: usize = 9;
/// The longest text that is looked at: with separators, and some slips of the finger.
const TYPED_MAX: usize = 32;

/// A code whose last character fits the others.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize)]
#[serde(transparent)]
pub struct SlipCode(String);

/// Why a text is no code. None of these repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlipCodeError {
    /// Another length.
    #[error("the code has nine characters; compare it with the slip")]
    Length,
    /// A character that no code has.
    #[error("there is a character that no code has; compare it with the slip")]
    Character,
    /// The last character does not fit the others.
    #[error("a character of the code is wrong; compare it with the slip")]
    Check,
}

impl SlipCode {
    /// The code as a citizen types it: small letters, spaces and hyphens are mended.
    pub fn typed(text: &str) -> Result<SlipCode, SlipCodeError> {
        if text.len() > TYPED_MAX {
            return Err(SlipCodeError::Length);
        }
        let mut plain = Zeroizing::new(String::with_capacity(TYPED_MAX));
        plain.extend(text.chars().filter(|c| !c.is_whitespace() && *c != '-'));
        plain.make_ascii_uppercase();
        SlipCode::plain(&plain)
    }

    /// Nine characters, and nothing mended.
    fn plain(text: &str) -> Result<SlipCode, SlipCodeError> {
        if text.chars().count() != LENGTH {
            return Err(SlipCodeError::Length);
        }
        let weights = (1..=LENGTH).rev();
        let sum = text.bytes().zip(weights).try_fold(0_usize, |sum, (byte, weight)| {
            let value = CHARACTERS.iter().position(|it| *it == byte)?;
            sum.checked_add(value.checked_mul(weight)?)
        });
        match sum.ok_or(SlipCodeError::Character)? % CHARACTERS.len() {
            0 => Ok(SlipCode(text.to_owned())),
            _ => Err(SlipCodeError::Check),
        }
    }

    /// Nine characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In threes, as it is printed and shown: `ACD-EFG-HJK`.
    #[must_use]
    pub fn grouped(&self) -> Zeroizing<String> {
        let mut grouped = Zeroizing::new(String::with_capacity(LENGTH + 2));
        for (at, character) in self.0.chars().enumerate() {
            if at != 0 && at % 3 == 0 {
                grouped.push('-');
            }
            grouped.push(character);
        }
        grouped
    }
}

impl fmt::Debug for SlipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SlipCode(…)")
    }
}

impl<'de> Deserialize<'de> for SlipCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        SlipCode::plain(&text).map_err(|_| serde::de::Error::custom("no slip code"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the contract.
    const GOOD: &str = "ACDEFGHJK";

    #[test]
    fn the_code_is_taken_in_every_spelling() {
        for text in [GOOD, "acd-efg-hjk", " ACD EFG HJK ", "a c d e f g h j k"] {
            assert_eq!(SlipCode::typed(text).unwrap().as_str(), GOOD, "{text}");
        }
        assert_eq!(*SlipCode::typed(GOOD).unwrap().grouped(), "ACD-EFG-HJK");
    }

    #[test]
    fn one_wrong_character_and_two_that_changed_places_are_always_found() {
        for at in 0..LENGTH {
            for other in CHARACTERS.iter().filter(|it| **it != GOOD.as_bytes()[at]) {
                let mut text = GOOD.as_bytes().to_vec();
                text[at] = *other;
                let text = String::from_utf8(text).unwrap();
                assert_eq!(SlipCode::typed(&text), Err(SlipCodeError::Check), "{text}");
            }
            for with in at + 1..LENGTH {
                let mut text = GOOD.as_bytes().to_vec();
                text.swap(at, with);
                let text = String::from_utf8(text).unwrap();
                assert_eq!(SlipCode::typed(&text).is_ok(), text == GOOD, "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_code_is_told_why() {
        for (text, why) in [
            ("", SlipCodeError::Length),
            ("ACDEFGHJ", SlipCodeError::Length),
            ("ACDEFGHJKK", SlipCodeError::Length),
            (&"3".repeat(10_000), SlipCodeError::Length),
            ("ACDEFGHLK", SlipCodeError::Character),
            ("ACDEFGHJ0", SlipCodeError::Character),
            ("ÁCDEFGHJK", SlipCodeError::Character),
            ("ACDEFGHKJ", SlipCodeError::Check),
        ] {
            assert_eq!(SlipCode::typed(text), Err(why), "{text}");
        }
    }

    #[test]
    fn on_the_wire_nothing_is_mended_and_nothing_is_shown() {
        assert!(serde_json::from_str::<SlipCode>("\"ACDEFGHJK\"").is_ok());
        for text in ["\"acdefghjk\"", "\"ACD-EFG-HJK\"", "\"ACDEFGHKJ\"", "7", "null"] {
            let error = serde_json::from_str::<SlipCode>(text).unwrap_err().to_string();
            assert!(!error.contains("EFG"), "{error}");
        }
        let shown = format!("{:?} {:?}", SlipCode::typed(GOOD), SlipCode::typed("ACDEFGHKJ"));
        assert!(!shown.contains("EFG"), "{shown}");
    }
}

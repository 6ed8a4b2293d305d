//! A PIN while it is typed.
use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest PIN of any card, in characters.
const LONGEST_PIN: usize = 32;

/// A PIN as far as it is typed: ASCII. It never moves, so that no copy is left behind.
#[derive(PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pin {
    characters: Box<[u8; LONGEST_PIN]>,
    length: usize,
}

impl Pin {
    /// Nothing typed.
    pub fn new() -> Pin {
        Pin { characters: Box::new([0; LONGEST_PIN]), length: 0 }
    }

    /// One more character; false when it is none of a PIN, or one too many for `longest`.
    pub fn push(&mut self, character: char, longest: u8) -> bool {
        let room = self.length < usize::from(longest);
        let place = self.characters.get_mut(self.length);
        match (u8::try_from(character), place) {
            (Ok(byte), Some(place)) if room && byte.is_ascii_alphanumeric() => {
                *place = byte;
                self.length += 1;
                true
            }
            _ => false,
        }
    }

    /// Takes the last character back.
    pub fn erase(&mut self) {
        self.length = self.length.saturating_sub(1);
        if let Some(place) = self.characters.get_mut(self.length) {
            *place = 0;
        }
    }

    /// Characters so far.
    pub fn len(&self) -> u8 {
        // At most LONGEST_PIN.
        self.length as u8
    }

    /// Nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// For the card.
    pub fn bytes(&self) -> &[u8] {
        self.characters.get(..self.length).unwrap_or_default()
    }
}

impl Default for Pin {
    fn default() -> Pin {
        Pin::new()
    }
}

impl Clone for Pin {
    fn clone(&self) -> Pin {
        Pin { characters: self.characters.clone(), length: self.length }
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("(PIN)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_takes_letters_and_digits_up_to_its_length() {
        let mut pin = Pin::new();
        assert!(pin.push('7', 3) && pin.push('a', 3) && pin.push('Z', 3));
        assert!(!pin.push('1', 3), "one too many");
        assert_eq!(pin.bytes(), b"7aZ");
        pin.erase();
        assert!(!pin.push('ñ', 3) && !pin.push(' ', 3) && !pin.push('\n', 3));
        assert_eq!((pin.bytes(), pin.len()), (b"7a".as_slice(), 2));
        for _ in 0..9 {
            pin.erase();
        }
        assert!(pin.is_empty() && pin.characters.iter().all(|byte| *byte == 0));
        for _ in 0..40 {
            pin.push('1', u8::MAX);
        }
        assert_eq!(pin.len(), 32);
    }

    #[test]
    fn nothing_of_it_is_printed() {
        let mut pin = Pin::new();
        pin.push('7', 8);
        assert_eq!(format!("{pin:?}"), "(PIN)");
    }
}

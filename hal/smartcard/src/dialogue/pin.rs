//! The PIN: asked for its tries, sent once, never kept.
use std::fmt;

use zeroize::Zeroizing;

use crate::apdu::{Command, StatusWord};
use crate::card::Card;

use super::DialogueError;
use super::link::Link;

/// Longest PIN of any card, in characters.
const LONGEST: usize = 32;

/// A PIN as far as it is typed: ASCII. It never moves, so that no copy is left behind; wiped when it goes, and never
/// shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin {
    characters: Box<Zeroizing<[u8; LONGEST]>>,
    length: u8,
}

impl Pin {
    /// Nothing typed.
    pub fn new() -> Pin {
        Pin { characters: Box::new(Zeroizing::new([0; LONGEST])), length: 0 }
    }

    /// One more character; false when it is none of a PIN, or one too many for `longest`.
    pub fn push(&mut self, character: char, longest: u8) -> bool {
        let room = self.length < longest;
        let place = self.characters.get_mut(usize::from(self.length));
        match (u8::try_from(character), place) {
            // Anything else cannot have been chosen on a keypad of the police.
            (Ok(byte), Some(place)) if room && byte.is_ascii_graphic() => {
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
        if let Some(place) = self.characters.get_mut(usize::from(self.length)) {
            *place = 0;
        }
    }

    /// Characters so far.
    pub fn len(&self) -> u8 {
        self.length
    }

    /// Nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn bytes(&self) -> &[u8] {
        self.characters.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl Default for Pin {
    fn default() -> Pin {
        Pin::new()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(PIN)")
    }
}

/// What the citizen said of the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTry {
    /// Not asked: a last try is not used.
    Refuse,
    /// Warned, and agreed to use it.
    Consented,
}

/// How a card wants its PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinRules {
    /// P2 of VERIFY.
    pub reference: u8,
    /// Least characters.
    pub minimum: u8,
    /// Most characters.
    pub maximum: u8,
    /// The byte and the length it is padded to, where it is.
    pub padding: Option<(u8, u8)>,
}

impl PinRules {
    /// The bytes to send.
    fn encode(&self, pin: &Pin) -> Result<Zeroizing<Vec<u8>>, DialogueError> {
        if !(self.minimum..=self.maximum).contains(&pin.len()) {
            return Err(DialogueError::PinLength { minimum: self.minimum, maximum: self.maximum });
        }
        let length = usize::from(pin.len());
        let (padding, stored) = self.padding.map_or((0, length), |(byte, to)| (byte, usize::from(to)));
        let mut bytes = Zeroizing::new(vec![padding; stored.max(length)]);
        for (place, byte) in bytes.iter_mut().zip(pin.bytes()) {
            *place = *byte;
        }
        Ok(bytes)
    }
}

impl<C: Card> Link<'_, C> {
    /// The tries left, by a VERIFY without data, which uses none up. `None` when the card does not tell.
    pub(crate) async fn tries_left(&mut self, reference: u8) -> Result<Option<u8>, DialogueError> {
        const WHAT: &str = "asking for the tries left";
        let query = Command::new(0x00, 0x20, 0x00, reference);
        let status = self.send(WHAT, &query).await?.status;
        match (status.tries_left(), status) {
            (Some(tries), _) => Ok(Some(tries)),
            (None, StatusWord::BLOCKED) => Ok(Some(0)),
            // Already verified, which a card just powered never is; or a card that does not know the question.
            (None, StatusWord::OK) => Ok(None),
            _ => Err(DialogueError::Refused { what: WHAT, status }),
        }
    }

    /// Sends the PIN, once. `tries` are those that the card told before.
    ///
    /// # Errors
    /// A PIN that cannot be one and a last try without consent are refused before anything is sent.
    pub(crate) async fn verify(
        &mut self,
        rules: &PinRules,
        pin: &Pin,
        tries: Option<u8>,
        last_try: LastTry,
    ) -> Result<(), DialogueError> {
        const WHAT: &str = "checking the PIN";
        let bytes = rules.encode(pin)?;
        match (tries, last_try) {
            (Some(0), _) => return Err(DialogueError::PinBlocked),
            (Some(1), LastTry::Refuse) => return Err(DialogueError::LastTry),
            (None | Some(1..), _) => {}
        }
        let command = Command::new(0x00, 0x20, 0x00, rules.reference).with_data(&bytes);
        let status = self.send(WHAT, &command).await?.status;
        match (status.tries_left(), status) {
            (_, StatusWord::OK) => Ok(()),
            // A blocked PIN also shows as a security condition that does not hold.
            (Some(0), _) | (_, StatusWord::BLOCKED | StatusWord::SECURITY_STATUS) => {
                Err(DialogueError::PinBlocked)
            }
            (Some(tries_left), _) => Err(DialogueError::WrongPin { tries_left }),
            (None, StatusWord(0x6300)) => Err(DialogueError::WrongPinUncounted),
            (None, _) => Err(DialogueError::Refused { what: WHAT, status }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_takes_characters_up_to_its_length() {
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

//! The PIN: asked for its tries, sent once, never kept.
use std::fmt;

use zeroize::Zeroizing;

use crate::apdu::{Command, StatusWord};
use crate::card::Card;

use super::DialogueError;
use super::link::Link;

/// A PIN as it was typed; wiped when it goes, and never shown.
pub struct Pin(Zeroizing<Vec<u8>>);

impl Pin {
    /// Of typed characters.
    pub fn new(typed: Zeroizing<String>) -> Pin {
        Pin(Zeroizing::new(typed.as_bytes().to_vec()))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
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
        let length = pin.0.len();
        let fits = length >= usize::from(self.minimum) && length <= usize::from(self.maximum);
        // Anything but printable ASCII cannot have been chosen on a keypad of the police.
        if !fits || !pin.0.iter().all(u8::is_ascii_graphic) {
            return Err(DialogueError::PinLength { minimum: self.minimum, maximum: self.maximum });
        }
        let (padding, stored) = self.padding.map_or((0, length), |(byte, to)| (byte, usize::from(to)));
        let mut bytes = Zeroizing::new(vec![padding; stored.max(length)]);
        for (place, byte) in bytes.iter_mut().zip(pin.0.iter()) {
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

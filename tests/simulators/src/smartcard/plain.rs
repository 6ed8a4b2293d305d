//! Cards that identify nobody: a town's card with a number in a record, and one that nobody knows (reference 3).

use super::apdu::{Answer, Command, sw};
use super::card::CardSystem;
use super::fault::Spoil;
use super::pkcs15_card::atr;
use super::snapshot::CardSnapshot;

/// Name of the town's application.
pub const MUNICIPAL_APPLICATION: [u8; 9] = [0xF0, b'P', b'R', b'U', b'E', b'B', b'A', 0, 1];

/// A town's card: application, then record 1 of file 1 with the card's number as text. A pseudonym.
pub(super) struct Municipal {
    number: String,
    chosen: bool,
}

impl Municipal {
    pub fn new(number: &str) -> Self {
        Self { number: number.to_owned(), chosen: false }
    }

    fn execute(&mut self, command: &Command) -> Answer {
        match (command.cla, command.ins, command.p1, command.p2) {
            (0, 0xA4, 4, 0 | 0x0C) => {
                self.chosen = command.data == MUNICIPAL_APPLICATION;
                if self.chosen { sw::OK.into() } else { sw::NOT_FOUND.into() }
            }
            // Record 1 of the file with the short identifier 1.
            (0, 0xB2, 1, 0x0C) if self.chosen => Answer::data(self.number.clone().into_bytes()),
            (0, 0xB2, _, 0x0C) if self.chosen => 0x6A83.into(),
            (0, 0xB2, _, _) => sw::CONDITIONS.into(),
            (0, 0xA4, _, _) => sw::PARAMETERS_WRONG.into(),
            (0, _, _, _) => sw::INS_UNKNOWN.into(),
            _ => sw::CLA_UNKNOWN.into(),
        }
    }
}

impl CardSystem for Municipal {
    fn atr(&self) -> Vec<u8> {
        atr([0x3B, 0x88, 0x80, 0x01], b"CIUDADAN")
    }

    fn reset(&mut self) {
        self.chosen = false;
    }

    fn command(&mut self, bytes: &[u8]) -> Vec<u8> {
        match Command::parse(bytes) {
            Some(command) => self.execute(&command).bytes(),
            None => sw::LENGTH_WRONG.to_be_bytes().to_vec(),
        }
    }

    fn set_tries(&mut self, _: u8) {}

    fn spoil(&mut self, _: Option<(u32, Spoil)>) {}

    fn describe(&self, snapshot: &mut CardSnapshot) {
        snapshot.profile = "municipal";
    }
}

/// A card of some other trade: an ATR, and no command that it understands.
pub(super) struct Unknown;

impl CardSystem for Unknown {
    fn atr(&self) -> Vec<u8> {
        atr([0x3B, 0x85, 0x80, 0x01], b"OTHER")
    }

    fn reset(&mut self) {}

    fn command(&mut self, _: &[u8]) -> Vec<u8> {
        sw::INS_UNKNOWN.to_be_bytes().to_vec()
    }

    fn set_tries(&mut self, _: u8) {}

    fn spoil(&mut self, _: Option<(u32, Spoil)>) {}

    fn describe(&self, snapshot: &mut CardSnapshot) {
        snapshot.profile = "unknown";
    }
}

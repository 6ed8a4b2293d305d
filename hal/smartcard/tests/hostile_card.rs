//! Cards that answer whatever they like: every dialogue ends, soon, with an error, and no PIN is sent twice.
mod card;

use card::{Seeded, challenge, table, typed};
use hal_smartcard::dialogue::{DialogueError, LastTry, Opened, Purpose, begin};
use hal_smartcard::parameters::ComponentParameters;
use hal_smartcard::profile::Profile;
use hal_smartcard::{Card, CardError, RandomSource};
use simulators::smartcard::terminal_parameters;

/// How a liar answers.
#[derive(Clone, Copy, Debug)]
enum Lie {
    /// All that was asked for, and success: files without end.
    Endless,
    /// More is waiting, always.
    Chain,
    /// Another length, always.
    OtherLength,
    /// Random bytes, success.
    Noise,
    /// Nothing at all.
    Empty,
    /// The longest answer.
    Flood,
    /// An object that is longer than the answer.
    Tlv,
}

const LIES: [Lie; 7] =
    [Lie::Endless, Lie::Chain, Lie::OtherLength, Lie::Noise, Lie::Empty, Lie::Flood, Lie::Tlv];

struct Liar {
    lie: Lie,
    random: Seeded,
    commands: u32,
    pins: u32,
}

impl Card for Liar {
    async fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        self.commands += 1;
        self.pins += u32::from(command.windows(4).any(|window| window == b"4321"));
        let mut noise = [0; 300];
        self.random.fill(&mut noise).unwrap();
        let asked = match command {
            [_, _, _, _, le] => usize::from(*le),
            _ => 0,
        };
        Ok(match self.lie {
            Lie::Endless => [&vec![0x30; asked][..], &[0x90, 0x00]].concat(),
            Lie::Chain => vec![0x30, 0x61, 0x10],
            Lie::OtherLength => vec![0x6C, 0x10],
            Lie::Noise => [&noise[..usize::from(noise[299])], &[0x90, 0x00]].concat(),
            Lie::Empty => Vec::new(),
            Lie::Flood => [&vec![0; 70_000][..], &[0x90, 0x00]].concat(),
            Lie::Tlv => vec![0x30, 0x83, 0xFF, 0xFF, 0xFF, 0xA0, 0x90, 0x00],
        })
    }
}

async fn end(profile: &Profile, lie: Lie, seed: u64) -> (Result<(), DialogueError>, Liar) {
    let purpose = if seed.is_multiple_of(2) { Purpose::Authentication } else { Purpose::Signature };
    let mut liar = Liar { lie, random: Seeded(seed), commands: 0, pins: 0 };
    let parameters = ComponentParameters::parse(&terminal_parameters()).unwrap();
    let mut random = Seeded(seed + 1);
    let result = match begin(&mut liar, profile, Some(&parameters), &mut random).await {
        Ok(Opened::Signs(card)) => {
            card.sign(&typed("43214321"), LastTry::Consented, purpose, &challenge()).await.map(drop)
        }
        Ok(Opened::Number(_)) => Ok(()),
        Err(error) => Err(error),
    };
    (result, liar)
}

#[tokio::test(start_paused = true)]
async fn every_dialogue_with_every_liar_ends_with_an_error() {
    for profile in table().profiles() {
        for lie in LIES {
            for seed in 0..8 {
                let (result, liar) = end(profile, lie, seed).await;
                assert!(result.is_err(), "{}, {lie:?}, seed {seed}", profile.name);
                assert!(liar.commands < 1000, "{}, {lie:?}: {} commands", profile.name, liar.commands);
                assert!(liar.pins <= 1, "{}, {lie:?}: {} PINs", profile.name, liar.pins);
            }
        }
    }
}

/// Gives its files byte after byte, each one behind many announcements, and files without end in its directories.
struct Stretcher {
    announced: u32,
    offset: usize,
    file: Vec<u8>,
    commands: u32,
}

impl Card for Stretcher {
    async fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        self.commands += 1;
        let [_, instruction, high, low, ..] = *command else { return Ok(vec![0x67, 0x00]) };
        if instruction == 0xC0 {
            self.announced += 1;
        } else {
            (self.announced, self.offset) = (0, usize::from(u16::from_be_bytes([high, low])));
        }
        if self.announced < 200 {
            return Ok(vec![0x61, 0xE0]);
        }
        let from = self.offset.min(self.file.len());
        Ok([&self.file[from..self.file.len().min(from + 0xE0)], &[0x90, 0x00]].concat())
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_that_stretches_each_answer_does_not_hold_the_kiosk_for_days() {
    for profile in table().profiles().iter().filter(|profile| profile.unsupported.is_none()) {
        // An object directory of 32 directories of PINs, each of which is this file again.
        let file = b"\xA8\x0A\x30\x08\x04\x06\x3F\x00\x50\x15\x44\x01".repeat(32);
        let mut card = Stretcher { announced: 0, offset: 0, file, commands: 0 };
        let parameters = ComponentParameters::parse(&terminal_parameters()).unwrap();
        let mut random = Seeded(1);
        let result = begin(&mut card, profile, Some(&parameters), &mut random).await;
        assert!(result.is_err(), "{}", profile.name);
        assert!(card.commands <= 1008, "{}: {} commands", profile.name, card.commands);
    }
}

#[tokio::test(start_paused = true)]
async fn a_pin_in_plain_never_goes_to_a_card_that_should_have_a_channel() {
    for profile in table().profiles().iter().filter(|profile| profile.name.starts_with("dnie")) {
        for lie in LIES {
            let (_, liar) = end(profile, lie, 0).await;
            assert_eq!(liar.pins, 0, "{}, {lie:?}", profile.name);
        }
    }
}

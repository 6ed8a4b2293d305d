//! Cards: a whole dialogue with a hostile card, or with an honest one whose answers are changed on the way.
use hal_smartcard::dialogue::{DialogueError, LastTry, Opened, Pin, Purpose, Signed, begin};
use hal_smartcard::profile::{ChannelKind, Profile};
use hal_smartcard::{Card, CardError};
use simulators::smartcard::VirtualCard;

use super::card_world::{Seeded, WORLD, pin_of};
use super::input::Input;
use super::simulate;

/// With those that leave the card. A genuine dialogue has 40 to 80.
const MOST_COMMANDS: u32 = 1008;
/// So many characters of the PIN in a row are no chance.
const RESEMBLES: usize = 6;
const VERIFY: u8 = 0x20;
const CRYPTOGRAM: u8 = 0x87;
const HASH: [u8; 32] = [0x5A; 32];

/// The first byte: the profile (bits 0 to 2; the last two of them are asked for a signature that binds), an honest card behind the changes (bit 3), consent to the last try (bit
/// 4), one try left (bit 5), the answers begin again at their end (bit 6), a wrong PIN (bit 7). What follows are
/// answers, or changes to them.
pub fn card_dialogue(data: &[u8]) {
    let mut input = Input::new(data);
    let first = input.byte();
    let names = ["dnie-3", "dnie", "fnmt-4.30", "town-certificate", "town-number", "tif", "dnie-3", "dnie"];
    let name = names[usize::from(first & 7)];
    let purpose = if first & 7 < 6 { Purpose::Authentication } else { Purpose::Signature };
    let profile = WORLD.table.profiles().iter().find(|row| row.name == name).expect("a row");
    let tries = if first & 0x20 == 0 { 3 } else { 1 };
    let pin = pin_of(name);
    let typed = if first & 0x80 == 0 { pin } else { "9753197531".get(..pin.len()).unwrap_or(pin) };
    let consent = if first & 0x10 == 0 { LastTry::Refuse } else { LastTry::Consented };
    let script = input.rest();
    let mut line = Line {
        card: (first & 8 != 0).then(|| WORLD.card(name, tries)),
        input: Input::new(script),
        again: (first & 0x40 != 0 && !script.is_empty()).then_some(script),
        pass: 0,
        last: Vec::new(),
        pin: typed.as_bytes(),
        channel: profile.channel != ChannelKind::None,
        commands: 0,
        verifies: 0,
    };
    if let Some(card) = &line.card {
        card.power_on();
        line.pass = line.input.byte();
    }
    let outcome = simulate(dialogue(&mut line, profile, typed, (consent, purpose)));
    assert!(line.verifies <= 1, "the PIN went out {} times", line.verifies);
    if line.channel {
        through_a_channel(&outcome, &line, purpose, (tries, consent, typed == pin));
    }
}

/// Who holds no component key gets no PIN and gives no signature.
fn through_a_channel(
    outcome: &Result<Option<Signed>, DialogueError>,
    line: &Line<'_>,
    purpose: Purpose,
    (tries, consent, right): (u8, LastTry, bool),
) {
    if line.card.is_none() || tries == 1 && consent == LastTry::Refuse {
        assert_eq!(line.verifies, 0, "a PIN that nobody may have");
    }
    if let Ok(Some(signed)) = outcome {
        let (number, credential) = match purpose {
            Purpose::Authentication => (1, &WORLD.authentication),
            Purpose::Signature => (2, &WORLD.signature),
        };
        let seen = line.card.as_ref().expect("nobody signs without a card").snapshot();
        assert!(right, "a wrong PIN signs nothing");
        assert_eq!(*signed.certificate, credential.certificate);
        let [made] = seen.signatures.as_slice() else { panic!("{} signatures", seen.signatures.len()) };
        assert!(made.key == number && made.digest_info.ends_with(&HASH));
        assert!(credential.key.public().verifies(&made.digest_info, &signed.signature));
    }
}

fn typed(characters: &str) -> Pin {
    let mut pin = Pin::new();
    for character in characters.chars() {
        pin.push(character, u8::MAX);
    }
    pin
}

async fn dialogue(
    line: &mut Line<'_>,
    profile: &Profile,
    pin: &str,
    (consent, purpose): (LastTry, Purpose),
) -> Result<Option<Signed>, DialogueError> {
    // Other numbers than when an honest card was recorded: who plays the recording again must not pass for the card.
    let mut random = Seeded(if line.card.is_some() { 7 } else { 8 });
    match begin(line, profile, Some(&WORLD.parameters), &mut random).await? {
        Opened::Signs(card) => card.sign(&typed(pin), consent, purpose, &HASH).await.map(Some),
        Opened::Number(number) => {
            assert!((1..=64).contains(&number.as_str().len()));
            Ok(None)
        }
    }
}

/// Between the kiosk and its card, or in the card's place.
struct Line<'a> {
    card: Option<VirtualCard>,
    input: Input<'a>,
    again: Option<&'a [u8]>,
    /// Answers that pass before the next one is changed.
    pass: u8,
    last: Vec<u8>,
    pin: &'a [u8],
    channel: bool,
    commands: u32,
    verifies: u32,
}

impl Card for Line<'_> {
    async fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        self.look_at(command);
        match self.card.clone() {
            Some(card) => self.changed(&card, command),
            None => self.written(),
        }
    }
}

impl Line<'_> {
    fn look_at(&mut self, command: &[u8]) {
        self.commands += 1;
        assert!(self.commands <= MOST_COMMANDS, "a dialogue without end");
        let (class, instruction, data) = (command[0], command[1], command.get(5..).unwrap_or_default());
        let shows = self.pin.windows(RESEMBLES).any(|part| command.windows(RESEMBLES).any(|it| it == part));
        let sealed = class & 0x0C == 0x0C;
        // Without a PIN there is the checksum alone in the channel, and nothing outside.
        let pin = instruction == VERIFY
            && if sealed { data.first() == Some(&CRYPTOGRAM) } else { !data.is_empty() };
        self.verifies += u32::from(pin);
        assert!(!shows || pin, "a PIN in {instruction:02X}");
        assert!(!self.channel || !shows && (sealed || !pin), "a PIN in plain");
    }

    /// The next answer of the input: its length, its bytes.
    fn written(&mut self) -> Result<Vec<u8>, CardError> {
        if let (true, Some(script)) = (self.input.is_empty(), self.again) {
            self.input = Input::new(script);
        }
        match self.input.next() {
            None => Err(CardError::Removed),
            Some(255) => {
                let length = 255 + usize::from(self.input.byte());
                Ok(self.input.take(length).to_vec())
            }
            Some(length) => Ok(self.input.take(usize::from(length)).to_vec()),
        }
    }

    fn changed(&mut self, card: &VirtualCard, command: &[u8]) -> Result<Vec<u8>, CardError> {
        let mut answer = card.transmit(command).bytes().unwrap_or_default();
        let honest = answer.clone();
        if self.pass > 0 || self.input.is_empty() {
            self.pass = self.pass.saturating_sub(1);
            self.last = honest;
            return Ok(answer);
        }
        let (kind, data) = (self.input.byte(), answer.len().saturating_sub(2));
        let count = usize::from(kind >> 4);
        match kind & 15 {
            0 => answer.truncate(usize::from(self.input.byte())),
            1 => {
                let (at, bits) = (usize::from(self.input.byte()), self.input.byte());
                let at = at % answer.len().max(1);
                answer.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
            }
            2 => drop(answer.splice(data.., self.input.pair().to_be_bytes())),
            3 => answer = self.input.take(count * 4).to_vec(),
            4 => drop(answer.splice(data..data, self.input.take(count).iter().copied())),
            5 => {
                let at = usize::from(self.input.byte()).min(data);
                answer.iter_mut().skip(at).zip(self.input.take(count)).for_each(|(old, new)| *old = *new);
            }
            6 => answer.clone_from(&self.last),
            7 => drop(answer.drain(..data)),
            // An answer to a command of somebody else's, or once more to this one.
            8 => answer = card.transmit(self.input.take(count)).bytes().unwrap_or_default(),
            9 => answer = card.transmit(command).bytes().unwrap_or_default(),
            10 => drop(card.power_on()),
            11 => return Err(CardError::Removed),
            12 => return Err(CardError::Reset),
            13 => return Err(CardError::Mute),
            // In pieces, and with another length.
            14 => drop(answer.splice(data.., [0x61, self.input.byte()])),
            _ => answer = vec![0x6C, self.input.byte()],
        }
        self.last = honest;
        self.pass = self.input.byte();
        Ok(answer)
    }
}

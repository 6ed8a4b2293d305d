//! A simulated card in a line, and what a kiosk has beside it. Time is the runtime's.
#![allow(dead_code, reason = "each test file uses its own part")]
use std::time::Duration;

use hal_smartcard::dialogue::{DialogueError, LastTry, Opened, Pin, Purpose, Signed, SigningCard, begin};
use hal_smartcard::parameters::ComponentParameters;
use hal_smartcard::profile::{Profile, ProfileTable, Recognition, SHIPPED};
use hal_smartcard::{Card, CardError, RandomError, RandomSource};
use sha2::{Digest, Sha256};
use simulators::smartcard::{
    CardFault, CitizenPki, DrawerCard, Reply, VirtualCard, from_drawer, terminal_parameters,
};
use tokio::time::{sleep, timeout};

/// A moment of 2026.
pub const NOW: u64 = 1_774_000_000;

/// The rows of a town whose cards are in the drawer.
const TOWN: &str = include_str!("../../../../tests/board/card-profiles.toml");

/// A simulated card as the dialogues see it.
pub struct Line(pub VirtualCard);

/// Longest wait for an answer, as the reader's task has it.
const DEADLINE: Duration = Duration::from_secs(20);

impl Card for Line {
    async fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        match self.0.transmit(command) {
            Reply::Answer { bytes, after } => {
                timeout(DEADLINE, sleep(after)).await.map_err(|_| CardError::Hung(DEADLINE.as_secs()))?;
                Ok(bytes)
            }
            Reply::Mute => Err(CardError::Hung(DEADLINE.as_secs())),
            Reply::Pulled => Err(CardError::Removed),
        }
    }
}

/// Random bytes by seed (splitmix64).
pub struct Seeded(pub u64);

impl RandomSource for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for byte in bytes {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 40) as u8;
        }
        Ok(())
    }
}

pub fn table() -> ProfileTable {
    ProfileTable::parse(TOWN).unwrap().followed_by(ProfileTable::parse(SHIPPED).unwrap())
}

/// A card of the drawer in a reader, powered.
pub struct Kiosk {
    pub drawn: DrawerCard,
    pub line: Line,
    pub profile: Profile,
    pub parameters: ComponentParameters,
    pub random: Seeded,
}

pub fn draw(name: &str) -> DrawerCard {
    from_drawer(&CitizenPki::at(NOW), name).expect("a card of this name in the drawer")
}

impl Kiosk {
    pub fn with(name: &str) -> Kiosk {
        Kiosk::with_card(draw(name))
    }

    pub fn with_card(drawn: DrawerCard) -> Kiosk {
        let atr = drawn.card.power_on();
        let table = table();
        let Recognition::Known(profile) = table.recognise(atr.as_deref()) else {
            panic!("{} is not a card in use: {atr:02X?}", drawn.name);
        };
        Kiosk {
            line: Line(drawn.card.clone()),
            drawn,
            profile: profile.clone(),
            parameters: ComponentParameters::parse(&terminal_parameters()).unwrap(),
            random: Seeded(7),
        }
    }

    pub async fn begin(&mut self) -> Result<Opened<'_, Line>, DialogueError> {
        begin(&mut self.line, &self.profile, Some(&self.parameters), &mut self.random).await
    }

    pub async fn waiting(&mut self) -> Result<Box<SigningCard<'_, Line>>, DialogueError> {
        match self.begin().await? {
            Opened::Signs(card) => Ok(card),
            Opened::Number(_) => panic!("a number where a signature was expected"),
        }
    }

    /// The whole dialogue, with this PIN.
    pub async fn sign_with(&mut self, pin: &str, last_try: LastTry) -> Result<Signed, DialogueError> {
        self.sign_for(Purpose::Authentication, pin, last_try).await
    }

    /// The same, for this purpose.
    pub async fn sign_for(
        &mut self,
        purpose: Purpose,
        pin: &str,
        last_try: LastTry,
    ) -> Result<Signed, DialogueError> {
        self.waiting().await?.sign(&typed(pin), last_try, purpose, &challenge()).await
    }

    /// The whole dialogue, with the card's PIN.
    pub async fn sign(&mut self) -> Result<Signed, DialogueError> {
        let pin = self.drawn.pin.expect("a card with a PIN");
        self.sign_with(pin, LastTry::Refuse).await
    }
}

pub fn typed(pin: &str) -> Pin {
    let mut typed = Pin::new();
    // What no keypad has cannot be typed.
    for character in pin.chars() {
        typed.push(character, u8::MAX);
    }
    typed
}

pub fn challenge() -> [u8; 32] {
    Sha256::digest(b"a challenge").into()
}

/// Pulls a card at each command of a dialogue in turn, before and after the card has acted on it: that is told, and the
/// card has signed once at most, with this key, and lost one try at most.
pub async fn pulled_at_each_command(purpose: Purpose, key: u8) {
    for acted in [false, true] {
        let mut pulled = 0;
        for command in 1.. {
            let mut kiosk = Kiosk::with("ordinary");
            kiosk.drawn.card.fault(CardFault::Pulled { command, acted });
            let pin = kiosk.drawn.pin.expect("a card with a PIN");
            let result = kiosk.sign_for(purpose, pin, LastTry::Refuse).await;
            let seen = kiosk.drawn.card.snapshot();
            assert!(seen.counts.verifies <= 1 && seen.signatures.len() <= 1);
            assert!(seen.signatures.iter().all(|signature| signature.key == key));
            match result {
                Err(DialogueError::Card(CardError::Removed)) => pulled += 1,
                // Pulled while the channel was closed: the signature is there.
                Ok(_) => break,
                Err(other) => panic!("command {command}: {other:?}"),
            }
        }
        assert!(pulled > 60, "{pulled} commands");
    }
}

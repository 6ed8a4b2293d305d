//! Sessions: one a kiosk, over by five minutes without a request, by the kiosk's word, and by the next one.
//!
//! A session that is over is forgotten with all that it knew, and asking in it is answered like asking in one that
//! never was. One whose citizen was refused is over too, but says so again when the same entry comes again.
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::citizen_wire::{Entry, Level};

/// How long a session lasts after its last request.
const LASTS: SignedDuration = SignedDuration::from_mins(5);

/// The citizen of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    /// Number in the padrón.
    pub number: String,
    pub level: Level,
    /// Number of the card, where nothing but that was shown.
    pub card: Option<String>,
}

struct Session {
    number: String,
    challenge: [u8; 32],
    last_request: Timestamp,
    /// What came, and the body of the answer.
    entry: Option<(Entry, String)>,
    holder: Option<Holder>,
}

/// By the kiosk's name.
pub(crate) struct Sessions {
    seed: u64,
    opened: u64,
    open: BTreeMap<String, Session>,
}

/// What an entry meets.
pub(crate) enum Entering {
    /// Nobody has entered: the challenge that is to be signed.
    New([u8; 32]),
    /// The same came before: the first answer.
    Known(String),
    /// Something else came before.
    Conflict,
    /// There is no such session.
    Over,
}

impl Sessions {
    pub fn new(seed: u64) -> Sessions {
        Sessions { seed, opened: 0, open: BTreeMap::new() }
    }

    /// Number, challenge, and until when somebody may enter.
    pub fn open(&mut self, kiosk: &str, now: Timestamp) -> (String, [u8; 32], Timestamp) {
        self.opened += 1;
        let hash = self.hash("session", kiosk);
        let number = format!("S-{}", hash.iter().take(16).map(|b| format!("{b:02x}")).collect::<String>());
        let challenge = self.hash("challenge", kiosk);
        let session =
            Session { number: number.clone(), challenge, last_request: now, entry: None, holder: None };
        self.open.insert(kiosk.into(), session);
        (number, challenge, now + LASTS)
    }

    pub fn enter(&mut self, kiosk: &str, entry: &Entry, now: Timestamp) -> Entering {
        let Some(session) = self.live(kiosk, entry.session(), now) else { return Entering::Over };
        match &session.entry {
            None => Entering::New(session.challenge),
            Some((first, answer)) if first == entry => Entering::Known(answer.clone()),
            Some(_) => Entering::Conflict,
        }
    }

    /// Keeps what was answered to an entry. Without a holder the citizen was refused.
    pub fn entered(&mut self, kiosk: &str, entry: Entry, answer: String, holder: Option<Holder>) {
        if let Some(session) = self.open.get_mut(kiosk).filter(|it| it.number == entry.session()) {
            session.entry = Some((entry, answer));
            session.holder = holder;
        }
    }

    /// The citizen of a session, for a request in it.
    pub fn holder(&mut self, kiosk: &str, number: &str, now: Timestamp) -> Option<Holder> {
        self.live(kiosk, number, now).and_then(|session| session.holder.clone())
    }

    pub fn end(&mut self, kiosk: &str, number: &str) {
        if self.open.get(kiosk).is_some_and(|session| session.number == number) {
            self.open.remove(kiosk);
        }
    }

    /// Whether a session of this kiosk goes on; asking that does not lengthen it.
    pub fn is_live(&self, kiosk: &str, number: &str, now: Timestamp) -> bool {
        self.open.get(kiosk).is_some_and(|it| it.number == number && now < it.last_request + LASTS)
    }

    /// How many are open.
    pub fn count(&self, now: Timestamp) -> usize {
        self.open.values().filter(|it| now < it.last_request + LASTS).count()
    }

    fn live(&mut self, kiosk: &str, number: &str, now: Timestamp) -> Option<&mut Session> {
        if self.open.get(kiosk).is_some_and(|session| now >= session.last_request + LASTS) {
            self.open.remove(kiosk);
        }
        let session = self.open.get_mut(kiosk).filter(|session| session.number == number)?;
        session.last_request = now;
        Some(session)
    }

    fn hash(&self, what: &str, kiosk: &str) -> [u8; 32] {
        Sha256::digest(format!("{} {what} {kiosk} {}", self.seed, self.opened).as_bytes()).into()
    }
}

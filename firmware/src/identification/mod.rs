//! Who the citizen is: from the card in the reader to a name that the sede knows.
//!
//! A pure state machine like session and payment; every procedure for somebody known begins with it, and it lives until
//! the card is out. What card and sede are to do goes out as an [`Action`]; what came of it comes back as an [`Answer`].
//! The PIN is asked for once a dialogue with the card, is handed on once, and is gone. Without the card in the reader
//! nobody is known.

mod page;
mod pin;
mod step;
#[cfg(test)]
mod tests;

use hal_smartcard::dialogue::Pin;
use private::{PrivateBytes, PrivateText};
use ui::{CardProblem, CardRefusal};

use crate::sede::Level;

pub use pin::{PinEntry, PinRules, PinWish, Typing};

/// What is in the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Card {
    /// Nothing, or no reader.
    #[default]
    Absent,
    /// Something without a sign of a chip: upside down, or the wrong way round.
    Mute,
    /// A card; each insertion has its number.
    Present(u64),
}

/// What a card is, as far as it tells before a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// It has a certificate behind a PIN.
    Certificate(PinRules),
    /// It has nothing but a number.
    Record {
        /// Its profile.
        profile: String,
        /// What its record holds.
        number: PrivateText,
    },
}

/// Why a dialogue with the card led nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardFailure {
    /// It can be tried again with the card anew.
    Problem(CardProblem),
    /// It cannot.
    Refused(CardRefusal),
    /// It was not the PIN; the card has counted it.
    WrongPin {
        /// Tries that are left; `None` when the card does not tell.
        tries_left: Option<u8>,
    },
    /// One try is left, and the citizen does not know it: the card was not given the PIN.
    LastTry,
}

/// What proves to the sede who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A certificate, and the signature of the sede's challenge.
    Certificate {
        /// X.509, DER.
        certificate: PrivateBytes,
        /// The authorities that the card holds, the issuer first.
        chain: Vec<Vec<u8>>,
        /// The kiosk's part of what was signed.
        kiosk_nonce: [u8; 32],
        /// The signature.
        signature: PrivateBytes,
        /// The card has another certificate, for signatures that bind.
        own_signature: bool,
    },
    /// A number.
    Record {
        /// The card's profile.
        profile: String,
        /// Its number.
        number: PrivateText,
    },
}

/// Why the sede, or the check before it, did not let the citizen in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryFailure {
    /// The sede could not be asked.
    Unreachable,
    /// For good.
    Refused(CardRefusal),
}

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Name, in the sede's words.
    pub name: PrivateText,
    /// What the card has proved.
    pub level: Level,
    /// The card has a certificate for signatures that bind.
    pub own_signature: bool,
}

/// What came of an action.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Of [`Action::Recognise`].
    Recognised(Result<Recognised, CardFailure>),
    /// Of [`Action::OpenSession`]; false: the sede could not be asked.
    Opened(bool),
    /// Of [`Action::Sign`].
    Signed(Result<Proof, CardFailure>),
    /// Of [`Action::Enter`].
    Entered(Result<Holder, EntryFailure>),
}

/// What is to be done. An answer to an older action than the last of its kind does not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Find out what the card is.
    Recognise,
    /// Open a session at the sede: its challenge is kept beside the dialogue, until [`Action::Forget`].
    OpenSession,
    /// Give the card this PIN, once, and have the challenge signed.
    Sign {
        /// The PIN.
        pin: Pin,
        /// The citizen knows that it is the last try.
        last_try: bool,
    },
    /// Check the proof, and enter the sede with it.
    Enter(Proof),
    /// End the session at the sede, let go of the card, and drop every dialogue but a print.
    Forget,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A card is waited for.
    Inserting(Option<CardProblem>),
    /// The card is being recognised.
    Recognising,
    /// The sede is asked for a challenge.
    Opening(Recognised),
    /// The PIN is asked for.
    Pin(PinEntry),
    /// The card has the PIN.
    Signing(PinRules),
    /// The proof is being checked.
    Entering,
    /// The card, or who holds it, cannot go on.
    Refused(CardRefusal),
    /// Somebody is known.
    Entered(Holder),
    /// The citizen has turned back, or is gone.
    Over,
}

/// One visit with a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification {
    /// How far it is.
    pub state: State,
    /// The insertion it works with.
    card: Option<u64>,
    /// An insertion that has had its turn: it is to be taken out first.
    spent: Option<u64>,
}

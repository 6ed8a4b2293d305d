//! A certificate of the padrón, from the card in the reader to the paper in the citizen's hand.
//!
//! A pure state machine like session and payment. What the card, the sede and the printer are to do goes out as an
//! [`Action`]; what came of it comes back as an [`Answer`]. The PIN is asked for once a dialogue with the card, is handed
//! on once, and is gone. Without the card in the reader nothing of the citizen stays: its removal ends everything but
//! the paper that is already on its way out.

mod page;
mod step;
#[cfg(test)]
mod tests;

use std::time::Duration;

use hal_smartcard::dialogue::Pin;
use ui::{CardProblem, CardRefusal, DocumentTrouble, Language, PinKeys, PinProblem};

use crate::private::{PrivateBytes, PrivateText};
use crate::sede::IssuedCertificate;

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

/// What it may look at beside itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Monotonic time.
    pub now: Duration,
    /// What is in the reader.
    pub card: Card,
    /// The page printer can print.
    pub printer: bool,
    /// The citizen's language.
    pub language: Language,
    /// How long the last page stays while a card is left in the reader.
    pub last_page: Duration,
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

/// What is known of a card's PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinRules {
    /// It is a DNIe.
    pub dnie: bool,
    /// Fewest characters.
    pub shortest: u8,
    /// Most characters.
    pub longest: u8,
    /// Tries that are left; `None` when the card does not tell.
    pub tries_left: Option<u8>,
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

/// A type of certificate that the sede offers, in the citizen's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The sede's word for it.
    pub kind: String,
    /// For the page: one in each language of the kiosk.
    pub shown: [ui::CertificateKind; 3],
    /// The languages in which it can be issued; never empty.
    pub languages: Vec<Language>,
}

/// Who it is, and what can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Name, in the sede's words.
    pub name: PrivateText,
    /// What can be had.
    pub offers: Vec<Offer>,
}

/// The sede's answer to a request; words in each language of the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// Here it is.
    Document(IssuedCertificate),
    /// A person will issue it.
    Queued {
        /// Reference of the file.
        reference: String,
        /// Working days.
        working_days: u16,
    },
    /// It cannot be had.
    Refused {
        /// Why.
        text: [String; 3],
        /// What to do.
        next: [String; 3],
    },
}

/// How far a print is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// This page is being printed, from 1.
    Page(u16),
    /// All of it waits in the slot.
    InTheSlot,
    /// The citizen has it.
    Taken,
    /// It did not go well; this is the end of this print.
    Trouble(DocumentTrouble),
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
    Entered(Result<Entered, EntryFailure>),
    /// Of [`Action::Issue`]; `None`: the sede could not be asked.
    Issued(Option<Issued>),
    /// Of [`Action::Print`]; several.
    Print(Print),
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
    /// Ask for a certificate.
    Issue {
        /// The sede's word for it.
        kind: String,
        /// In which language.
        language: Language,
    },
    /// Print a document: fetched, compared, drawn, printed.
    Print(IssuedCertificate),
    /// Tell the town hall what became of a paper; survives a restart.
    Report {
        /// The sede's number of the document.
        certificate: String,
        /// What became of it.
        outcome: PaperOutcome,
    },
    /// End the session at the sede, let go of the card, and drop every dialogue but a print.
    Forget,
}

/// What became of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperOutcome {
    /// In the citizen's hand.
    Printed,
    /// Not on paper, void, or taken back by the machine.
    Unprinted,
    /// Nobody can tell.
    Unknown,
}

impl PaperOutcome {
    /// The event that tells of it (contract, `KioskEvent`).
    pub fn kind(self) -> &'static str {
        match self {
            PaperOutcome::Printed => "certificate-printed",
            PaperOutcome::Unprinted => "certificate-unprinted",
            PaperOutcome::Unknown => "certificate-unknown",
        }
    }
}

/// The PIN as it is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typing {
    /// What is known of it.
    pub rules: PinRules,
    /// So far.
    pub pin: Pin,
    /// The keys.
    pub keys: PinKeys,
    /// What was wrong before.
    pub problem: Option<PinProblem>,
    /// The citizen knows that it is the last try.
    pub last_try: bool,
}

/// Where the citizen is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A card is waited for.
    Inserting(Option<CardProblem>),
    /// The card is being recognised.
    Recognising,
    /// The sede is asked for a challenge.
    Opening(Recognised),
    /// A wrong PIN would block the card: go on?
    LastTry(PinRules),
    /// The PIN.
    Typing(Typing),
    /// The card has the PIN.
    Signing(PinRules),
    /// The proof is being checked.
    Entering,
    /// The card, or who holds it, cannot go on.
    Refused(CardRefusal),
    /// Which certificate?
    Choosing,
    /// This one?
    Looking {
        /// Which of the offers.
        offer: usize,
        /// In which language.
        language: Language,
    },
    /// The sede makes it.
    Issuing {
        /// Which of the offers.
        offer: usize,
        /// In which language.
        language: Language,
    },
    /// It cannot be had: why, what to do.
    Denied {
        /// Which of the offers.
        offer: usize,
        /// Why, in each language.
        text: [String; 3],
        /// What to do.
        next: [String; 3],
    },
    /// The sede could not be asked for it.
    Unanswered {
        /// Which of the offers.
        offer: usize,
        /// In which language.
        language: Language,
    },
    /// A person will issue it.
    Queued {
        /// Which of the offers.
        offer: usize,
        /// Reference.
        reference: String,
        /// Working days.
        working_days: u16,
    },
    /// It is being printed.
    Printing {
        /// The paper.
        paper: Paper,
        /// The page, from 1.
        page: u16,
    },
    /// It waits in the slot.
    Taking(Paper),
    /// It is in the citizen's hand.
    Taken(Paper),
    /// It did not go well.
    Trouble(Paper, DocumentTrouble),
    /// All is over: take the card.
    Leaving {
        /// Since when.
        since: Duration,
    },
    /// Nothing is left to do.
    Over,
}

/// A document on its way to paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The document.
    pub document: IssuedCertificate,
    /// Its name, in each language.
    pub title: [String; 3],
}

/// One visit with a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Padron {
    /// Where it is.
    pub state: State,
    /// The insertion it works with.
    card: Option<u64>,
    /// An insertion that has had its turn: it is to be taken out first.
    spent: Option<u64>,
    /// Who it is; gone with the card.
    entered: Option<Entered>,
}

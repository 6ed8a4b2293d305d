//! What is shown of a card, of who holds it, and of the documents he can have.
use serde::{Deserialize, Serialize};

use super::Day;

/// What was wrong with the card, said on the page where it is inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardProblem {
    /// No sign of a chip: upside down, the wrong way round, or dirty.
    Mute,
    /// Taken out before the end; nothing was done.
    TakenOut,
    /// It stopped answering properly: insert it again.
    Failed,
    /// The sede could not be asked.
    SedeUnreachable,
}

/// What was wrong with the PIN before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinProblem {
    /// It was not that one.
    Wrong,
    /// Too few characters.
    TooShort,
}

/// The keys under the PIN. Most PINs are digits alone; a card may have letters in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinKeys {
    /// Ten digits.
    #[default]
    Digits,
    /// Small letters.
    Small,
    /// Capital letters.
    Capital,
}

/// Why a card, or the citizen behind it, cannot go on here: each has a page of its own, with what to do and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardRefusal {
    /// No card that this kiosk knows.
    UnknownCard,
    /// A DNIe at the end of its life, or never put into use: to a police station.
    DeadCard,
    /// The PIN is blocked: to a police update point (DNIe), or to the card's issuer.
    PinBlocked {
        /// It is a DNIe.
        dnie: bool,
    },
    /// There is no certificate on it: a minor's, or never activated.
    NoCertificates,
    /// The card may be good, its certificates are over: renewed without appointment at a police update point.
    CertificatesExpired {
        /// Since when.
        on: Day,
        /// It is a DNIe.
        dnie: bool,
    },
    /// Not valid yet.
    NotYetValid,
    /// Revoked.
    Revoked,
    /// Whether it was revoked cannot be found out now.
    RevocationUnknown,
    /// Its authority is not one that the town hall accepts, or it does not prove to be what it says.
    Untrusted,
    /// The citizen is not in this town's padrón.
    NotRegistered,
    /// A town's card that was lost or replaced.
    CardCancelled,
    /// The town's card does not open this service: a DNIe does.
    NeedsCertificate,
    /// There is no document for this citizen now; the words are the sede's, in the citizen's language.
    NothingOffered {
        /// Why.
        text: String,
        /// What to do.
        next: String,
    },
    /// The sede does not let the citizen in, for another reason.
    Other,
}

/// How a certificate would be issued; said before it is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Issue {
    /// At once.
    AtOnce,
    /// At once, but only those who have agreed are named on it.
    ConsentingOnly {
        /// So many are named.
        shown: u8,
        /// So many are registered in the dwelling.
        registered: u8,
    },
    /// A person issues it, in so many working days.
    Queued {
        /// Working days.
        working_days: u16,
    },
    /// It cannot be had now; the words are the sede's, in the citizen's language.
    Refused {
        /// Why.
        text: String,
        /// What to do.
        next: String,
    },
}

/// A kind of certificate that the citizen can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateKind {
    /// Its name, in the citizen's language, in the sede's words.
    pub title: String,
    /// A certificate for every administration; else an informative note (volante).
    pub authoritative: bool,
    /// Everybody registered in the dwelling; else the citizen alone.
    pub collective: bool,
    /// How it would be issued.
    pub issue: Issue,
}

/// A document whose print did not go well. It is issued all the same, and printed again from the same document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentTrouble {
    /// The printer stopped in the middle: what is out is void, it is printed again when the printer is well.
    Torn,
    /// Whether it was printed cannot be told.
    Unknown,
    /// It was left in the slot and taken back by the machine, to be destroyed.
    Retracted,
    /// The printer is out of service: the document can be had in the sede, or at the office.
    NoPrinter,
    /// The sede could not be asked for it; nothing was printed.
    NotReceived,
}

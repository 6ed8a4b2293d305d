//! A certificate of the padrón, from its choice by a known citizen to the paper in his hand.
//!
//! A pure state machine like session and payment. What sede and printer are to do goes out as an [`Action`]; what came
//! of it comes back as an [`Answer`]. Without the card in the reader nothing of the citizen stays: its removal ends
//! everything but the paper that is already on its way out.

mod page;
mod step;
#[cfg(test)]
mod tests;

use ui::{DocumentTrouble, Language};

use crate::sede::IssuedCertificate;

/// What it may look at beside itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The citizen's name, while his card is in the reader.
    pub name: Option<&'a str>,
    /// The page printer can print.
    pub printer: bool,
    /// The citizen's language.
    pub language: Language,
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

/// What can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// These.
    Certificates(Vec<Offer>),
    /// A number alone opens nothing.
    NeedsCertificate,
    /// Nothing now; words in each language of the kiosk.
    Nothing {
        /// Why.
        text: [String; 3],
        /// What to do.
        next: [String; 3],
    },
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
    /// Of [`Action::AskOffers`]; `None`: the sede could not be asked.
    Offered(Option<Offered>),
    /// Of [`Action::Issue`]; `None`: the sede could not be asked.
    Issued(Option<Issued>),
    /// Of [`Action::Print`]; several.
    Print(Print),
}

/// What is to be done. An answer to an older action than the last of its kind does not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask what can be had.
    AskOffers,
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

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The citizen wants something else.
    Menu,
    /// He is done.
    Done,
    /// The sede could not be asked what there is.
    Unreachable,
}

/// Where the citizen is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// What can be had?
    Asking,
    /// A number alone opens nothing.
    NeedsCertificate,
    /// There is nothing for this citizen now.
    Nothing {
        /// Why, in each language.
        text: [String; 3],
        /// What to do.
        next: [String; 3],
    },
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
    /// It is over.
    Over(End),
}

/// A document on its way to paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The document.
    pub document: IssuedCertificate,
    /// Its name, in each language.
    pub title: [String; 3],
}

/// The choice and issue of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Padron {
    /// Where it is.
    pub state: State,
    /// What can be had; gone with the card.
    offers: Vec<Offer>,
}

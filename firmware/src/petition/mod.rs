//! A petition (instancia genérica; Ley 39/2015, article 66): from the body it is addressed to, over what is asked for
//! and the documents that go with it, to the entry in the registry.
//!
//! A pure state machine like the certificates. What scanner, sede and printer are to do goes out as an [`Action`]; what
//! came of it comes back as an [`Answer`]. It becomes the citizen's act by his consent, or by his card's own signature
//! after its PIN (`signing`). Everything that the citizen wrote and scanned is in here, and ends with it.

mod documents;
mod form;
mod page;
mod papers;
mod signing;
mod step;
#[cfg(test)]
mod tests;
mod written;

use std::sync::Arc;

use digitisation::DigitisedPage;
use hal_smartcard::dialogue::Pin;
use private::PrivateText;
use ui::{PetitionTrouble, Picture, ScanProblem, SignatureProblem, Slip};

use crate::identification::{CardFailure, PinRules};
use crate::sede::{self, PetitionOptions, RegisteredPetition, Will};
use crate::words::Words;
use crate::writing::Editor;

pub use documents::{Document, Scans};
pub use form::{Contact, Field, Form, Represented, postal_address, telephone};
pub use signing::Signing;

type Actions = Vec<Action>;

/// What it may look at beside itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The citizen's name.
    pub name: &'a str,
    /// The citizen's language.
    pub language: ui::Language,
    /// A feeder takes sheets now.
    pub feeder: bool,
    /// The glass takes a sheet now.
    pub flatbed: bool,
    /// The card has a certificate for signatures that bind.
    pub own_signature: bool,
    /// What a petition may hold.
    pub limits: sede::PetitionLimits,
}

/// From where a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Sheet by sheet.
    Feeder,
    /// The one on the glass.
    Flatbed,
}

/// What came of an action.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Of [`Action::AskOptions`]; `None`: the sede could not be asked.
    Options(Option<Result<PetitionOptions, Told>>),
    /// Of [`Action::Scan`]: a page more.
    Page(DigitisedPage),
    /// Of [`Action::Scan`]: the end of it. Pages that came before are good.
    Scanned(Result<(), ScanProblem>),
    /// Of [`Action::Make`]: the files of the document, or that it is too large.
    Made(Option<Vec<File>>),
    /// Of [`Action::Present`] and [`Action::Prepare`]: how far it is.
    Sent {
        /// The file, from 1.
        file: u8,
        /// Of so many.
        of: u8,
        /// Of all bytes.
        percent: u8,
    },
    /// Of [`Action::Present`] and [`Action::Register`]: its end. Of [`Action::Prepare`]: why nothing is there to sign.
    Presented(Presented),
    /// Of [`Action::Prepare`]: the draft waits for the card's signature.
    Prepared,
    /// Of [`Action::ReadCard`]: how the card wants its PIN.
    Card(Result<PinRules, CardFailure>),
    /// Of [`Action::Sign`]: the signature, which the kiosk has judged.
    Signed(Result<Box<Will>, CardFailure>),
    /// Of [`Action::PrintReceipt`]: whether it is in the tray.
    Printed(bool),
}

/// The sede's words to something that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Why.
    pub text: Words,
    /// What to do.
    pub next: Words,
}

/// How a presentation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// It is in the registry.
    Registered(Box<RegisteredPetition>),
    /// It is not.
    Refused(Told),
    /// It is not: the sede could not be asked.
    NotSent,
    /// The sede was told to register it, and has not answered.
    Unknown {
        /// By what the town hall finds out.
        reference: String,
    },
}

/// A file that is to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// PDF/A.
    pub pdf: Arc<private::PrivateBytes>,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
    /// Its pages.
    pub pages: u16,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ask to whom a petition can be addressed, and what is known of the citizen.
    AskOptions,
    /// Read sheets.
    Scan(Source),
    /// Read no more.
    StopScan,
    /// Make the files of a document of these pages.
    Make {
        /// The pages, with their turns.
        pages: Vec<DigitisedPage>,
        /// Its name.
        title: PrivateText,
    },
    /// Open, upload, register by the citizen's consent.
    Present(Box<Form>, Vec<Document>),
    /// Open and upload: what the card is to sign.
    Prepare(Box<Form>, Vec<Document>),
    /// Begin a dialogue with the card for its signature.
    ReadCard,
    /// Give the card this PIN, once, and have what was prepared signed.
    Sign {
        /// The PIN.
        pin: Pin,
        /// The citizen knows that it is the last try.
        last_try: bool,
    },
    /// Register what was prepared, by this signature.
    Register(Box<Will>),
    /// Throw away what was prepared, and let go of the card.
    Discard,
    /// Print the receipt.
    PrintReceipt(Box<RegisteredPetition>),
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
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// To whom can it be addressed?
    Asking,
    /// He cannot present one.
    Denied(Told),
    /// To whom?
    Body,
    /// For himself, or for somebody else?
    OnBehalf,
    /// Something is being written.
    Writing(Field, Editor, Option<ui::WriteProblem>),
    /// On paper or at the sede?
    Notification,
    /// The documents so far.
    Documents,
    /// One of them.
    Document(usize),
    /// What kind of document is it?
    Naming,
    /// Where does it lie?
    From(Option<ScanProblem>),
    /// Sheets are being read.
    Scanning,
    /// A page that was read.
    Page(usize),
    /// Are those all sheets?
    MoreSheets,
    /// Its files are being made.
    Making,
    /// Is everything right?
    Check,
    /// He agrees and presents it.
    Consent,
    /// His card signs it.
    Signing(Signing),
    /// It is on its way.
    Sending {
        /// The file, from 1; 0 before the first.
        file: u8,
        /// Of so many.
        of: u8,
        /// Of all bytes.
        percent: u8,
    },
    /// It is in the registry.
    Registered(Box<RegisteredPetition>, Slip),
    /// It is not, or nobody knows.
    Trouble(PetitionTrouble),
    /// The sede does not take it.
    Refused(Told),
    /// The citizen wants to go: is what he wrote and scanned to be lost?
    GiveUp(Box<State>),
    /// It is over.
    Over(End),
}

/// A petition of one citizen.
#[derive(Clone, Debug, PartialEq)]
pub struct Petition {
    /// Where it is.
    pub state: State,
    options: Option<PetitionOptions>,
    form: Form,
    documents: Vec<Document>,
    scans: Scans,
    /// How the page that is shown looks.
    picture: Picture,
    /// A part is being changed that stood on the check page: back to it.
    changing: bool,
    /// Why the card has not signed before.
    unsigned: Option<SignatureProblem>,
    /// The card is out: what was agreed to goes on, and nothing else.
    alone: bool,
}

impl std::fmt::Debug for File {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("File").field("pages", &self.pages).finish_non_exhaustive()
    }
}

//! What is shown of a petition: to whom, for whom, scanned documents, what is signed, and what became of it.
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What is chosen from a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Question {
    /// To which body a petition goes.
    Body,
    /// What kind of document is scanned.
    AttachmentKind,
    /// For what an appointment is wanted.
    AppointmentService,
    /// At which office.
    AppointmentOffice,
    /// On which day.
    AppointmentDay,
    /// At what time.
    AppointmentHour,
    /// Which of the citizen's own appointments.
    OwnAppointments,
}

/// An entry of a list. Title and text are words from outside, in the citizen's language; `Debug` leaves them out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, derive_more::Debug)]
pub struct Item {
    /// What it is called.
    #[debug(skip)]
    pub title: String,
    /// More about it; empty if there is nothing to say. Why not, where it cannot be had.
    #[debug(skip)]
    pub text: String,
    /// Cannot be had now.
    pub off: bool,
}

/// Why a sheet was not scanned. Nothing that was scanned before is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScanProblem {
    /// There is no sheet in the feeder.
    FeederEmpty,
    /// A sheet is stuck.
    Jam,
    /// Two sheets went in at once.
    DoubleFeed,
    /// The cover is open.
    CoverOpen,
    /// The scanner is at something else.
    Busy,
    /// It is not ready yet.
    WarmingUp,
    /// It does not answer properly.
    Failed,
    /// With this sheet the documents would be too large.
    TooLarge,
    /// There are as many sheets as one document may have.
    TooManyPages,
}

/// A scanned sheet to look at: red, green, blue, eight bits each, row by row from the top, without gaps.
///
/// Pixels are never printed and never recorded: a picture that was read back from a record has none, and is shown
/// as an empty sheet. The same holds for one whose pixels are not as many as its size says.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, derive_more::Debug)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Three bytes a pixel.
    #[serde(skip)]
    #[debug(skip)]
    pub pixels: Arc<[u8]>,
}

/// A document that goes with a petition.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, derive_more::Debug)]
pub struct Attachment {
    /// What the citizen calls it.
    #[debug(skip)]
    pub name: String,
    /// Its sheets.
    pub pages: u16,
    /// Size of its file or files.
    pub bytes: u32,
}

/// The parts of a petition, in the order of the page where it is checked: `Intent::Choose` there counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PetitionPart {
    /// The body it goes to.
    To,
    /// Who presents it; comes from the card and is not changed.
    Person,
    /// For whom.
    Represented,
    /// Facts and reasons.
    Facts,
    /// What is asked for.
    Request,
    /// How notifications come.
    Notification,
    /// Where the citizen is told of them.
    Contact,
    /// The documents.
    Attachments,
}

impl PetitionPart {
    /// All parts, in their order.
    pub const ALL: [Self; 8] = [
        Self::To,
        Self::Person,
        Self::Represented,
        Self::Facts,
        Self::Request,
        Self::Notification,
        Self::Contact,
        Self::Attachments,
    ];
}

/// Why the citizen's card did not sign; the other way to sign is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureProblem {
    /// The PIN is blocked.
    PinBlocked,
    /// The certificate for signatures is expired, revoked, or none that the town hall accepts.
    Unusable,
    /// The card stopped answering properly, or its certificate cannot be checked now: it can be tried again.
    Failed,
}

/// Why a petition is not registered, or not surely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PetitionTrouble {
    /// The sede could not be reached; nothing was registered. Confirm tries again.
    NotSent,
    /// The sede did not answer whether it is registered: it must not be presented again.
    RegisteredUnknown {
        /// By what the town hall finds out; empty if there is nothing.
        reference: String,
    },
    /// The sede does not take it; the words are the sede's, in the citizen's language.
    Refused {
        /// Why.
        text: String,
        /// What to do.
        next: String,
    },
    /// The documents are too large together. Confirm leads back to them.
    TooLarge,
}

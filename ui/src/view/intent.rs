//! What the citizen wants.
use serde::{Deserialize, Serialize};

use super::{Language, PinKeys, Service, WriteKeys};

/// What the citizen wants.
///
/// A digit or a letter may be one of a PIN, or of what is written of a person. `Debug` does not tell it; whoever
/// records intents leaves it out.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, derive_more::Debug)]
pub enum Intent {
    /// A language; from the attract page it begins the session.
    Language(Language),
    /// The language button of the bar.
    Languages,
    /// A service of the menu.
    Service(Service),
    /// Type the document's numbers.
    TypeDocument,
    /// A digit.
    #[debug("Digit(_)")]
    Digit(u8),
    /// Take the last character back: the one before the cursor where there is one.
    Erase,
    /// A letter or a sign: of the PIN, or of what is written (then also a space, and `\n` where it has lines).
    #[debug("Letter(_)")]
    Letter(char),
    /// Other keys for the PIN.
    PinKeys(PinKeys),
    /// Other keys for what is written.
    WriteKeys(WriteKeys),
    /// Take back the last change of what is written.
    Undo,
    /// The cursor, one character back.
    CursorBack,
    /// The cursor, one character on.
    CursorForward,
    /// Leave a field empty that may be.
    Skip,
    /// An entry of a list, from 0; at most 250.
    Choose(u8),
    /// The language of a document.
    DocumentLanguage(Language),
    /// Print the document once more.
    PrintAgain,
    /// The primary action of the page: confirm, accept the terms, taken, finish.
    Confirm,
    /// Pay in cash.
    PayCash,
    /// Pay by card.
    PayCard,
    /// Turn the scanned sheet by a quarter, clockwise.
    Turn,
    /// Take the scanned sheet out of the document.
    RemovePage,
    /// Leave out all pages that look empty.
    RemoveBlank,
    /// Scan again: this sheet on its page, the whole document on its own.
    ScanAgain,
    /// Look at the sheet before.
    PageBack,
    /// Look at the next sheet.
    PageForward,
    /// Another sheet of the same document.
    AddPage,
    /// Another document.
    AddAttachment,
    /// Take the document out of the petition.
    RemoveAttachment,
    /// Give the document another name.
    Rename,
    /// Sign with the signature certificate of the card, and present.
    SignWithCard,
    /// Cancel the appointment; asked once more.
    CancelAppointment,
    /// Cancel, giving back what was inserted.
    Cancel,
    /// One page back.
    Back,
    /// Help; once more closes it.
    Help,
    /// Another errand; another appointment than the one that is proposed.
    Another,
    /// A sign of life: touch or key while the idle warning is shown.
    StillHere,
}

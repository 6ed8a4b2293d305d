//! What the engine shows, and what the citizen wants: the two values that cross between engine and pages.
//!
//! Both are plain data, so that a session can be recorded and replayed. A view says what is the case; words,
//! layout and speech are made of it here, in the citizen's language.
mod appointment;
mod identity;
mod intent;
mod page;
mod petition;
mod writing;

use serde::{Deserialize, Serialize};

pub use appointment::*;
pub use identity::*;
pub use intent::Intent;
pub use page::Page;
pub use petition::*;
pub use writing::*;

/// The languages of the kiosk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Spanish.
    #[default]
    #[serde(rename = "es")]
    Spanish,
    /// Valencian.
    #[serde(rename = "ca-valencia")]
    Valencian,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// An amount to show, in euro cents. The engine computes with its own money type; here nothing is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Amount(pub i64);

/// A calendar day to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Year, four digits.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month, 1 to 31.
    pub day: i8,
}

/// The reduction that is in the amount of a fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// What is to be paid without it.
    pub full_amount: Amount,
    /// Its last day.
    pub until: Day,
}

/// A service of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Service {
    /// Padrón certificate.
    Padron,
    /// Pay a bill or a fine.
    Payment,
    /// Petition.
    Petition,
    /// Appointment.
    Appointment,
}

/// Why something is not offered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unavailable {
    /// The town hall does not offer it at this kiosk.
    NotOffered,
    /// The sede cannot be reached.
    SedeUnreachable,
    /// The device that it needs is out of service.
    DeviceOut,
    /// No change can be given, whatever note is inserted.
    NoChange,
    /// The amount is above what may be paid in cash.
    AboveCashLimit,
    /// The receipt printer is out of paper or out of service.
    NoPrinter,
}

/// One entry of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceEntry {
    /// The service.
    pub service: Service,
    /// Why it cannot be used now; `None` when it can.
    pub unavailable: Option<Unavailable>,
}

/// What was wrong with a document, said on the page where it is scanned or typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentProblem {
    /// The barcode or the typed digits do not add up: read again or type it.
    Unreadable,
    /// A barcode of another kind than a collection document.
    NotADocument,
    /// The control digits do not fit what was typed: compare with the paper.
    ControlDigits,
    /// The sede could not be asked.
    SedeUnreachable,
}

/// Why a document cannot be paid here: each has a page of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The term is over: to the collection office, never at the old amount.
    Lapsed {
        /// The last day, if known.
        last_day: Option<Day>,
    },
    /// The sede does not know it.
    Unknown,
    /// Already paid.
    AlreadyPaid {
        /// When, if known.
        paid_on: Option<Day>,
    },
    /// Known, but another body collects it.
    NotPayableHere {
        /// Who collects it, in the sede's words; empty if unknown.
        collector: String,
        /// Where to turn, in the sede's words; empty if unknown.
        advice: String,
    },
    /// An operation of this kiosk with an unknown outcome bars it until the town hall has settled it.
    BeingSettled,
}

/// The fields that a citizen types when there is no barcode, in the order of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypedField {
    /// Issuer, 6 digits.
    Issuer,
    /// Reference with control digits, 12 digits.
    Reference,
    /// Identification, 7 or 10 digits.
    Identification,
    /// Amount in cents, up to 8 digits, shown as euros.
    Amount,
}

/// A note, the coins, or how they are taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denomination {
    /// Its value.
    pub value: Amount,
    /// A coin, else a note.
    pub coin: bool,
    /// Taken now; if not, the change for it could not be given (or it would exceed a limit).
    pub accepted: bool,
}

/// What the machine is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// Asking the sede about a document.
    AskingSede,
    /// Preparing the cash devices.
    PreparingCash,
    /// Booking the payment at the sede.
    Booking,
    /// Counting out change: given so far, of.
    GivingChange {
        /// Out so far.
        given: Amount,
        /// To give.
        of: Amount,
    },
    /// Giving inserted money back.
    GivingBack {
        /// Out so far.
        given: Amount,
        /// To give.
        of: Amount,
    },
    /// Printing.
    Printing,
    /// After a restart: an operation that was open is being completed.
    Recovering,
    /// Reading the card: do not take it out.
    ReadingCard,
    /// The card checks the PIN and signs: do not take it out.
    CheckingPin,
    /// The sede checks who it is.
    Identifying,
    /// The sede makes the document.
    Issuing,
    /// Printing the document.
    PrintingDocument {
        /// The page, from 1.
        page: u16,
        /// Of so many.
        of: u16,
    },
    /// Asking the sede to whom a petition can go.
    AskingBodies,
    /// A sheet is being scanned.
    Scanning {
        /// Which, from 1; sheets of this document.
        page: u16,
    },
    /// A document is on its way to the sede.
    Uploading {
        /// Which, from 1.
        attachment: u8,
        /// Of so many.
        of: u8,
        /// How much of it is there, 0 to 100.
        percent: u8,
    },
    /// The sede registers the petition.
    Registering,
    /// A document is made of the scanned sheets.
    MakingDocument,
    /// Asking the sede about appointments.
    AskingAppointments,
    /// Booking an appointment.
    BookingAppointment,
    /// Cancelling an appointment.
    CancellingAppointment,
}

/// What the citizen is told has happened when not all went well. Each page first says what is safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IncidentKind {
    /// Paid; not all change could be given.
    ChangeOwed,
    /// Cancelled; not all inserted money could be given back.
    RefundOwed,
    /// Paid with the sede unreachable: received, to be confirmed.
    PaymentToConfirm,
    /// The sede has refused the payment after money was taken: the money is owed back.
    PaymentRefused,
    /// A note is in the machine and cannot be told where: staff will look.
    NoteUnknown,
    /// How many coins were given cannot be told: staff will count.
    PayoutUnknown,
    /// Money may have been inserted that was not counted.
    MoneyUncounted,
    /// The machine restarted in the middle and completed what was open.
    Interrupted,
}

/// An incident page, and what its slip says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// What happened.
    pub kind: IncidentKind,
    /// The bill is paid.
    pub paid: bool,
    /// What is owed to the citizen for certain; zero if nothing or unknown.
    pub owed: Amount,
    /// What is being settled (a note, a payout whose count is unknown); zero if nothing.
    pub in_question: Amount,
    /// Reference of the claim, as on the slip.
    pub claim: String,
    /// The slip: being printed, printed, or cannot be printed (then the reference is to be noted down).
    pub slip: Slip,
}

/// State of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slip {
    /// On its way.
    Printing,
    /// In the tray.
    Printed,
    /// Not to be had: write the reference down; the town hall has it too.
    Impossible,
}

/// Everything that is shown at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The citizen's language.
    pub language: Language,
    /// Step and number of steps, where there are steps.
    pub step: Option<(u8, u8)>,
    /// The page.
    pub page: Page,
    /// Seconds until the session ends for lack of a sign of life; the page is covered by the warning.
    pub idle_warning: Option<u32>,
    /// The back button does something.
    pub back: bool,
}

/// How the town hall looks; from its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branding {
    /// Name of the town hall.
    pub name: String,
    /// One or two letters in the shield where there is no picture.
    pub initials: String,
    /// Shield as PNG, if there is one.
    #[serde(default)]
    pub shield_png: Option<Vec<u8>>,
    /// Colour of what can be done, 0xRRGGBB; at least 7:1 on white.
    pub action_colour: u32,
    /// The line of the attract page, by language (Spanish, Valencian, English); empty for the usual one.
    #[serde(default)]
    pub attract_line: [String; 3],
    /// Where to turn for help, by language: an office, a telephone.
    pub help_line: [String; 3],
}

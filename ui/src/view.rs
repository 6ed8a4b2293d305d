//! What the engine shows, and what the citizen wants: the two values that cross between engine and pages.
//!
//! Both are plain data, so that a session can be recorded and replayed. A view says what is the case; words,
//! layout and speech are made of it here, in the citizen's language.
mod identity;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use identity::*;

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

/// A page with its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Page {
    /// Nobody is here. Shows what can be done, and the languages: touching one begins a session.
    Attract {
        /// The services, as in the menu.
        services: Vec<ServiceEntry>,
    },
    /// Choose another language (the bar's language button).
    Languages,
    /// Choose a service.
    Menu {
        /// All services, those that cannot be used with the reason.
        services: Vec<ServiceEntry>,
    },
    /// Hold the barcode under the reader, or type.
    Scan {
        /// A barcode reader works; otherwise only typing is offered.
        reader: bool,
        /// What was wrong with the last one.
        problem: Option<DocumentProblem>,
    },
    /// Type one field of the document.
    Type {
        /// Which.
        field: TypedField,
        /// The digits so far.
        digits: String,
        /// How many digits the field takes at most.
        longest: u8,
        /// The field can be confirmed.
        complete: bool,
        /// What was wrong.
        problem: Option<DocumentProblem>,
    },
    /// The bill, and how to pay it.
    Bill {
        /// Concept, in the sede's words.
        concept: String,
        /// Masked name.
        masked_name: String,
        /// Reference.
        reference: String,
        /// Last day of the term, if it has one.
        last_day: Option<Day>,
        /// What is to be paid now.
        amount: Amount,
        /// The reduction that is in it; the last day is then that of the full amount.
        reduction: Option<Reduction>,
        /// Why cash is not offered; `None` when it is.
        cash: Option<Unavailable>,
        /// Why cards are not offered; `None` when they are.
        card: Option<Unavailable>,
    },
    /// What is given up for the reduction of a fine; nothing is charged before this is confirmed.
    Waiver {
        /// What is to be paid now, with the reduction.
        amount: Amount,
        /// The reduction.
        reduction: Reduction,
        /// Last day of the full amount, if it has one.
        last_day: Option<Day>,
    },
    /// A document that cannot be paid here.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// What will be taken and given, said before the first coin.
    CashTerms {
        /// To pay.
        amount: Amount,
        /// What is taken.
        denominations: Vec<Denomination>,
        /// Coins at most.
        coin_limit: u32,
        /// Only the exact amount: no change can be given.
        exact_only: bool,
    },
    /// Insert notes and coins.
    Cash {
        /// To pay.
        amount: Amount,
        /// Counted so far.
        inserted: Amount,
        /// What is taken now.
        denominations: Vec<Denomination>,
        /// A note is being looked at.
        checking: bool,
        /// The last note or coin came back.
        rejected: bool,
        /// What cancelling gives back in coins; the rest is a claim slip.
        returnable: Amount,
    },
    /// The machine works; nothing to do.
    Working {
        /// On what.
        work: Work,
    },
    /// Paid: change, receipt.
    Paid {
        /// Concept.
        concept: String,
        /// The bill.
        amount: Amount,
        /// Inserted.
        inserted: Amount,
        /// Change given.
        change: Amount,
        /// Operation number, as on the receipt.
        operation: String,
        /// The receipt.
        receipt: Slip,
    },
    /// Cancelled before or after money went in; all is given back.
    Cancelled {
        /// Given back.
        returned: Amount,
    },
    /// Insert the card, chip up.
    Card {
        /// What was wrong with the last one.
        problem: Option<CardProblem>,
    },
    /// Type the PIN; each character is a dot.
    Pin {
        /// Characters so far.
        characters: u8,
        /// At most so many.
        longest: u8,
        /// It can be confirmed.
        complete: bool,
        /// Tries that are left; `None` when the card does not tell.
        tries_left: Option<u8>,
        /// What was wrong before.
        problem: Option<PinProblem>,
        /// The keys.
        keys: PinKeys,
    },
    /// One try is left: a wrong PIN blocks the card. Confirm goes on to the PIN.
    LastTry,
    /// The card, or the citizen behind it, cannot go on.
    CardRefused {
        /// Why.
        refusal: CardRefusal,
    },
    /// Choose a certificate. The citizen is greeted by name.
    Certificates {
        /// Name, in the sede's words.
        name: String,
        /// What can be had; those that are refused with the reason.
        kinds: Vec<CertificateKind>,
    },
    /// One certificate before it is issued: what it is, what to know before, in which language it is wanted.
    Certificate {
        /// Which.
        kind: CertificateKind,
        /// The languages it can be issued in.
        languages: Vec<Language>,
        /// The one that is chosen.
        chosen: Language,
    },
    /// It cannot be had; the words are the sede's.
    CertificateRefused {
        /// Its name.
        title: String,
        /// Why.
        text: String,
        /// What to do.
        next: String,
    },
    /// A person will issue it.
    CertificateQueued {
        /// Its name.
        title: String,
        /// Reference of the file.
        reference: String,
        /// Working days.
        working_days: u16,
    },
    /// The paper is in the slot: take it.
    TakeDocument {
        /// Its name.
        title: String,
        /// Sheets.
        pages: u16,
    },
    /// Taken. Another errand, or take the card and leave.
    DocumentTaken {
        /// Its name.
        title: String,
    },
    /// The print did not go well.
    DocumentTrouble {
        /// Its name.
        title: String,
        /// What.
        trouble: DocumentTrouble,
        /// It can be printed again now.
        again: bool,
    },
    /// The errand is over: take the card out.
    TakeCard,
    /// Not all went well.
    Incident(Incident),
    /// Help for the page before.
    Help,
    /// Nothing can be offered now.
    OutOfService,
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

/// What the citizen wants.
///
/// A digit or a letter may be one of a PIN. `Debug` does not tell it; whoever records intents leaves it out.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    Digit(u8),
    /// Take the last digit back.
    Erase,
    /// A letter of the PIN.
    Letter(char),
    /// Other keys for the PIN.
    PinKeys(PinKeys),
    /// An entry of a list, from 0.
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
    /// Cancel, giving back what was inserted.
    Cancel,
    /// One page back.
    Back,
    /// Help; once more closes it.
    Help,
    /// Another errand.
    Another,
    /// A sign of life: touch or key while the idle warning is shown.
    StillHere,
}

impl fmt::Debug for Intent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Language(language) => formatter.debug_tuple("Language").field(language).finish(),
            Self::Languages => formatter.write_str("Languages"),
            Self::Service(service) => formatter.debug_tuple("Service").field(service).finish(),
            Self::TypeDocument => formatter.write_str("TypeDocument"),
            Self::Digit(_) => formatter.write_str("Digit(_)"),
            Self::Erase => formatter.write_str("Erase"),
            Self::Letter(_) => formatter.write_str("Letter(_)"),
            Self::PinKeys(keys) => formatter.debug_tuple("PinKeys").field(keys).finish(),
            Self::Choose(place) => formatter.debug_tuple("Choose").field(place).finish(),
            Self::DocumentLanguage(language) => {
                formatter.debug_tuple("DocumentLanguage").field(language).finish()
            }
            Self::PrintAgain => formatter.write_str("PrintAgain"),
            Self::Confirm => formatter.write_str("Confirm"),
            Self::PayCash => formatter.write_str("PayCash"),
            Self::PayCard => formatter.write_str("PayCard"),
            Self::Cancel => formatter.write_str("Cancel"),
            Self::Back => formatter.write_str("Back"),
            Self::Help => formatter.write_str("Help"),
            Self::Another => formatter.write_str("Another"),
            Self::StillHere => formatter.write_str("StillHere"),
        }
    }
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

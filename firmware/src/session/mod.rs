//! The session of one citizen: which page, what his wishes mean, when he is gone.
//!
//! A pure state machine like the payment: no clock, no device, no I/O. Everything of the citizen lives in
//! [`Session`] and ends with it.

mod citizen;
mod page;
mod paying;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use page::{day, moment};

use std::time::Duration;

use hal_device::Cents;
use jiff::civil::Date;
use ui::{DocumentProblem, Language, Page, Refusal, ServiceEntry};

use crate::appointment::{self, Appointment};
use crate::documents::{TypedEntry, TypedField};
use crate::identification::{self, Card, Identification};
use crate::padron::{self, Padron};
use crate::payment::{Machine, Payment, Terms};
use crate::petition::{self, Petition};
use crate::sede::{DebtAnswer, PetitionLimits, Quote, Reduction};

/// Patience with a citizen who does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until the warning.
    pub warn_after: Duration,
    /// From the warning to the end.
    pub end_after: Duration,
    /// A last page stays this long.
    pub last_page: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            warn_after: Duration::from_secs(60),
            end_after: Duration::from_secs(30),
            last_page: Duration::from_secs(30),
        }
    }
}

/// What the session may look at beside itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Monotonic time since the process started.
    pub now: Duration,
    /// The services, with the reason where one cannot be used.
    pub services: &'a [ServiceEntry],
    /// A barcode reader works.
    pub reader: bool,
    /// The cash devices and the printer.
    pub machine: &'a Machine,
    /// Limits of a payment.
    pub terms: &'a Terms,
    /// Most that may be paid in cash for one debt.
    pub cash_max_per_debt: Cents,
    /// Debts of open operations whose outcome is not settled.
    pub being_settled: &'a [String],
    /// The running payment.
    pub payment: Option<&'a Payment>,
    /// Coins of the running dispense that are out so far, in money.
    pub dispensing: Cents,
    /// What is in the card reader.
    pub card: Card,
    /// The page printer can print.
    pub page_printer: bool,
    /// Cards can be read.
    pub card_reader: bool,
    /// The scanner's feeder takes sheets.
    pub feeder: bool,
    /// The scanner's glass takes a sheet.
    pub flatbed: bool,
    /// What a petition may hold.
    pub petition_limits: PetitionLimits,
    /// Appointments are given without a card, too.
    pub without_card: bool,
    /// The day, by the sede's clock.
    pub today: Date,
    /// Patience.
    pub patience: &'a Patience,
}

/// Where the citizen is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Screen {
    /// Nobody is here.
    #[default]
    Attract,
    /// The menu.
    Menu,
    /// Scan.
    Scan(Option<DocumentProblem>),
    /// Type.
    Type {
        /// What was typed.
        entry: TypedEntry,
        /// The field.
        field: TypedField,
        /// What was wrong.
        problem: Option<DocumentProblem>,
    },
    /// The sede is being asked.
    Asking {
        /// The document.
        digits: String,
    },
    /// A document that cannot be paid.
    Refused(Refusal),
    /// The bill.
    Bill(Offer),
    /// What is given up for the reduction that is in the offer.
    Waiver(Offer, Reduction),
    /// What will be taken and given.
    Terms(Offer),
    /// A payment is running.
    Paying,
    /// Who is it? Then this.
    Identifying(Errand),
    /// A certificate of the padrón.
    Padron(Padron),
    /// A petition.
    Petition(Box<Petition>),
    /// An appointment.
    Appointment(Box<Appointment>),
    /// All is over, and this card is still in the reader.
    TakeCard {
        /// Its insertion.
        card: u64,
        /// Since when.
        since: Duration,
    },
    /// The last page.
    Ended(Page),
}

/// What somebody known came for.
#[derive(Clone, Debug, PartialEq)]
pub enum Errand {
    /// A certificate of the padrón.
    Padron,
    /// A petition.
    Petition,
    /// An appointment, as far as it has come.
    Appointment(Box<Appointment>),
}

/// A quote, and what is needed to know when it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The quote.
    pub quote: Quote,
    /// Its document, to ask again.
    pub digits: String,
    /// When it is over, by the kiosk's monotonic clock and the sede's own term.
    pub expires: Duration,
}

/// What covers the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Help.
    Help,
    /// Choice of language.
    Languages,
}

/// What a session is told.
#[derive(Clone, Debug)]
pub enum Event {
    /// From the page.
    Intent(ui::Intent),
    /// From the barcode reader.
    Scan(String),
    /// What came of an action of [`Action::Identify`].
    Identification(identification::Answer),
    /// What came of an action of [`Action::Padron`].
    Padron(padron::Answer),
    /// What came of an action of [`Action::Petition`].
    Petition(petition::Answer),
    /// What came of an action of [`Action::Appointment`].
    Appointment(appointment::Answer),
    /// Answer to [`Action::AskDebt`]; `None`: the sede could not be asked.
    Debt(Option<DebtAnswer>),
    /// Time has passed, or the devices or the payment have changed.
    Tick,
}

/// What it asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ask the sede about a document.
    AskDebt(String),
    /// What an identification needs.
    Identify(identification::Action),
    /// What a certificate of the padrón needs.
    Padron(padron::Action),
    /// What a petition needs.
    Petition(petition::Action),
    /// What an appointment needs.
    Appointment(appointment::Action),
    /// Open a payment.
    OpenPayment(Box<Offer>),
    /// The citizen touched something while paying.
    Touched,
    /// The citizen wants his money back, or waits no longer for a paper.
    CancelPayment,
    /// The session is over: forget everything of it.
    Wipe,
}

/// One session. The default is the attract page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// The citizen's language.
    pub language: Language,
    /// Where he is.
    pub screen: Screen,
    /// The citizen's card, and who it is: not asked twice in a session.
    pub citizen: Option<Identification>,
    /// Help or languages above it.
    pub cover: Option<Cover>,
    /// Last sign of life.
    pub touched: Duration,
    /// What was in the card reader at the last look; outlives the session.
    pub reader: Card,
}

//! The values that cross between kiosk and sede. Money is whole cents, instants are RFC 3339 in UTC.
use hal_device::Cents;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{AppointmentRules, PetitionLimits};

/// The kiosk's own number of an operation, `K07-000412`: printed, journalled, and the idempotency key at the sede.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub String);

/// What the town hall offers at this kiosk now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Identifiers of the services: `padron`, `payment`, `petition`, `appointment`; unknown ones are ignored.
    pub services: Vec<String>,
    /// Most that may be paid in cash for one debt, summed over its partial payments.
    pub cash_max_per_debt: Cents,
    /// Most coins in one payment.
    pub coin_limit: u32,
    /// What a petition may hold; those of the contract where the sede says nothing.
    #[serde(default)]
    pub petitions: PetitionLimits,
    /// Who may make an appointment; only with a card where the sede says nothing.
    #[serde(default)]
    pub appointments: AppointmentRules,
}

/// A debt that can be paid here and now, at an amount that holds until it expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The sede's number of this quote.
    pub quote: String,
    /// The sede's number of the debt.
    pub debt: String,
    /// Concept, as to be shown and printed.
    pub concept: String,
    /// Masked name of the debtor.
    pub masked_name: String,
    /// Reference, as on the paper.
    pub reference: String,
    /// What is to be paid.
    pub amount: Cents,
    /// Last day of the term; with a reduction, of the full amount.
    pub last_day: Option<Date>,
    /// The reduction that is in the amount, if there is one.
    #[serde(default)]
    pub reduction: Option<Reduction>,
    /// Until when the amount holds.
    pub expires_at: Timestamp,
    /// The sede's own time when it answered; the kiosk measures the rest of the term from here.
    pub issued_at: Timestamp,
    /// Cash that was already paid for this debt.
    pub cash_paid_before: Cents,
    /// The body that collects, for the receipt.
    pub collecting_body: String,
}

/// The reduction of a traffic fine that is paid soon. Its price is the waiver of allegations and administrative
/// appeals. Whether it is granted is the sede's word alone: the kiosk shows the day and never judges by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// What is to be paid without it; more than the quote's amount.
    pub full_amount: Cents,
    /// Last day on which it is granted.
    pub reduced_until: Date,
}

/// What the sede says to a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum DebtAnswer {
    /// To be paid.
    Payable(Quote),
    /// The term is over.
    Lapsed {
        /// Its last day.
        last_day: Option<Date>,
    },
    /// Not known.
    Unknown,
    /// Paid already.
    AlreadyPaid {
        /// When.
        paid_on: Option<Date>,
    },
    /// Somebody else collects it.
    NotPayableHere {
        /// Who.
        collector: String,
        /// Where to turn.
        advice: String,
    },
}

/// A payment that was taken, to be booked. Repeated with the same operation for as long as it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentOrder {
    /// The kiosk's number: the idempotency key.
    pub operation: OperationId,
    /// The quote.
    pub quote: String,
    /// The debt.
    pub debt: String,
    /// What was paid of it.
    pub amount: Cents,
    /// Means of payment: `cash`.
    pub means: String,
    /// What was inserted.
    pub inserted: Cents,
    /// When the money was complete, by the kiosk's clock.
    pub taken_at: Timestamp,
    /// The kiosk was sure of its clock.
    pub clock_sure: bool,
}

/// The sede's answer to a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum PaymentAnswer {
    /// The debt is paid.
    Booked(Booking),
    /// It cannot be booked, now or ever: the money is owed back.
    Refused {
        /// Stable code.
        code: String,
        /// For the citizen.
        text: String,
    },
}

/// A booked payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// The sede's number of the payment.
    pub payment: String,
    /// Código seguro de verificación of the proof.
    pub csv: String,
    /// Where the CSV is checked.
    pub verification_url: String,
    /// When it was booked.
    pub booked_at: Timestamp,
}

/// Something the town hall should know: an incident with money, a device out of service, a change of cash level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskEvent {
    /// Idempotency key.
    pub id: String,
    /// When, by the kiosk's clock.
    pub at: Timestamp,
    /// The clock was sure.
    #[serde(default)]
    pub clock_sure: bool,
    /// Stable kind, `refund-owed`, `note-unknown`, `device-out`, …
    pub kind: String,
    /// The operation it belongs to.
    pub operation: Option<OperationId>,
    /// Amount it is about.
    pub amount: Option<Cents>,
    /// Claim reference, as on the citizen's slip.
    pub claim: Option<String>,
    /// Device and details, never personal data.
    pub detail: String,
}

/// The code of a draft that is over, or never was.
pub(super) const DRAFT_UNKNOWN: &str = "draft-unknown";

/// Why a call failed. All of these may be repeated with the same key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SedeError {
    /// No connection, or it broke, or the deadline passed: whether the sede has acted is unknown.
    #[error("the sede cannot be reached: {0}")]
    Unreachable(String),
    /// TLS failed; the text says whether dates were the reason.
    #[error("no trusted connection to the sede: {0}")]
    Untrusted(String),
    /// An answer outside the contract.
    #[error("the sede answered outside the contract: {0}")]
    Malformed(String),
    /// The sede says that it cannot answer now (5xx, 429).
    #[error("the sede cannot answer now: status {0}")]
    Unavailable(u16),
    /// The sede refuses the call itself (4xx): a fault of ours or of the settings.
    #[error("the sede refused the call: status {status}, {text}")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// Its text.
        text: String,
    },
}

impl SedeError {
    /// The same call may have another answer later; a call that was refused is refused again.
    #[must_use]
    pub fn is_worth_repeating(&self) -> bool {
        !matches!(self, SedeError::Rejected { .. })
    }

    /// The session has ended, or never was: the citizen begins anew.
    #[must_use]
    pub fn is_session_over(&self) -> bool {
        matches!(self, SedeError::Rejected { status: 410, .. })
    }

    /// The draft of a petition was registered or discarded, or has died with its session: nothing more goes into it.
    #[must_use]
    pub fn is_draft_over(&self) -> bool {
        matches!(self, SedeError::Rejected { status: 404, text } if text == DRAFT_UNKNOWN)
    }
}

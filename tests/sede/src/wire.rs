//! The bodies of the contract (`firmware/sede-api.yaml`) and the limits of what a kiosk sends.
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// `Catalogue` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Services that are offered.
    pub services: Vec<String>,
    /// Most cash for one debt, in cents.
    pub cash_max_per_debt: i64,
    /// Most coins in a payment.
    pub coin_limit: u32,
    /// What a petition may hold.
    #[serde(default)]
    pub petitions: PetitionLimits,
    /// Who may make an appointment.
    #[serde(default)]
    pub appointments: AppointmentRules,
}

/// Limits of petitions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetitionLimits {
    /// Attachments.
    pub attachments: usize,
    /// Bytes of one.
    pub attachment_bytes: usize,
    /// Bytes of all.
    pub total_bytes: usize,
    /// Characters of the facts.
    pub facts: usize,
    /// Characters of what is asked for.
    pub asks: usize,
}

impl Default for PetitionLimits {
    fn default() -> PetitionLimits {
        PetitionLimits {
            attachments: 5,
            attachment_bytes: 10_000_000,
            total_bytes: 15_000_000,
            facts: 4000,
            asks: 4000,
        }
    }
}

/// Rules of appointments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentRules {
    /// Also for a number that was typed.
    pub without_card: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DebtLookup {
    pub digits: String,
}

/// `Reduction` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Reduction {
    pub full_amount: i64,
    pub reduced_until: Date,
}

/// `DebtAnswer` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum DebtAnswer {
    Payable {
        quote: String,
        debt: String,
        concept: String,
        masked_name: String,
        reference: String,
        amount: i64,
        last_day: Option<Date>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reduction: Option<Reduction>,
        expires_at: Timestamp,
        issued_at: Timestamp,
        cash_paid_before: i64,
        collecting_body: String,
    },
    Lapsed {
        last_day: Option<Date>,
    },
    Unknown,
    AlreadyPaid {
        paid_on: Option<Date>,
    },
    NotPayableHere {
        collector: String,
        advice: String,
    },
}

/// `PaymentOrder` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentOrder {
    /// The kiosk's number.
    pub operation: String,
    /// The quote.
    pub quote: String,
    /// The debt.
    pub debt: String,
    /// Cents that were paid.
    pub amount: i64,
    /// `cash`.
    pub means: String,
    /// Cents that were inserted.
    pub inserted: i64,
    /// When the money was complete.
    pub taken_at: Timestamp,
    /// Whether the kiosk was sure of that time.
    pub clock_sure: bool,
}

/// `PaymentAnswer` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum PaymentAnswer {
    /// Paid.
    Booked {
        /// The sede's number.
        payment: String,
        /// Código seguro de verificación.
        csv: String,
        /// Where it is checked.
        verification_url: String,
        /// When it was booked.
        booked_at: Timestamp,
    },
    /// Refused for good.
    Refused {
        /// Stable code.
        code: String,
        /// For the citizen.
        text: String,
    },
}

#[derive(Debug, Deserialize)]
pub(crate) struct EventBatch {
    pub events: Vec<KioskEvent>,
}

/// `KioskEvent` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskEvent {
    /// Idempotency key.
    pub id: String,
    /// When, by the kiosk's clock.
    pub at: Timestamp,
    /// The clock was sure.
    pub clock_sure: bool,
    /// Kind.
    pub kind: String,
    /// Operation.
    #[serde(default)]
    pub operation: Option<String>,
    /// Cents.
    #[serde(default)]
    pub amount: Option<i64>,
    /// Claim on the citizen's slip.
    #[serde(default)]
    pub claim: Option<String>,
    /// Circumstances.
    pub detail: String,
}

/// A body with fields that have limits.
pub(crate) trait Limited {
    /// The name of the first field that is outside its limits.
    fn outside(&self) -> Option<&'static str>;
}

impl Limited for DebtLookup {
    fn outside(&self) -> Option<&'static str> {
        let fits = (10..=64).contains(&self.digits.len()) && self.digits.bytes().all(|b| b.is_ascii_digit());
        (!fits).then_some("digits")
    }
}

impl Limited for PaymentOrder {
    fn outside(&self) -> Option<&'static str> {
        first(&[
            ("operation", is_operation(&self.operation)),
            ("quote", is_id(&self.quote, 64)),
            ("debt", is_id(&self.debt, 64)),
            ("amount", (1..=MOST).contains(&self.amount)),
            ("means", is_word(&self.means)),
            ("inserted", (self.amount..=MOST).contains(&self.inserted)),
        ])
    }
}

impl Limited for EventBatch {
    fn outside(&self) -> Option<&'static str> {
        if self.events.is_empty() || self.events.len() > 50 {
            return Some("events");
        }
        self.events.iter().find_map(KioskEvent::outside)
    }
}

impl KioskEvent {
    fn outside(&self) -> Option<&'static str> {
        first(&[
            ("id", is_id(&self.id, 64)),
            ("kind", is_word(&self.kind)),
            ("operation", self.operation.as_deref().is_none_or(is_operation)),
            ("amount", self.amount.is_none_or(|sum| (0..=MOST).contains(&sum))),
            ("claim", self.claim.as_deref().is_none_or(|claim| is_id(claim, 40))),
            ("detail", self.detail.chars().count() <= 500 && self.detail.chars().all(is_plain)),
        ])
    }
}

const MOST: i64 = 9_999_999_999;

pub(crate) fn first(fields: &[(&'static str, bool)]) -> Option<&'static str> {
    fields.iter().find(|(_, fits)| !fits).map(|(name, _)| *name)
}

/// A kiosk's name, a hyphen, a number.
pub(crate) fn is_operation(text: &str) -> bool {
    let capital = |part: &str| part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    text.split_once('-').is_some_and(|(kiosk, number)| {
        kiosk.starts_with(|c: char| c.is_ascii_uppercase())
            && kiosk.len() <= 12
            && capital(kiosk)
            && (1..=20).contains(&number.len())
            && capital(number)
    })
}

pub(crate) fn is_id(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

pub(crate) fn is_word(text: &str) -> bool {
    text.len() <= 48
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(crate) fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}'..='\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

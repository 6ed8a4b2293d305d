//! Citizens and debts of the fictional town.
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Somebody of the fictional town.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizen {
    /// NIF or NIE, with its letter.
    pub nif: String,
    /// Name and surnames.
    pub name: String,
}

impl Citizen {
    /// The name as anybody may see it: the first letter of each word.
    pub fn masked_name(&self) -> String {
        masked(&self.name)
    }
}

pub(crate) fn masked(name: &str) -> String {
    let mask = |word: &str| format!("{}***", word.chars().take(1).collect::<String>());
    name.split_whitespace().map(mask).collect::<Vec<_>>().join(" ")
}

/// What the town hall knows of a debt. That its term is over is not here: the day decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum DebtState {
    /// To be paid, as long as its term runs.
    Open,
    /// Paid.
    Paid {
        /// The day, if known.
        paid_on: Option<Date>,
        /// The operation of a kiosk, if it was one.
        operation: Option<String>,
    },
    /// Another body collects it.
    Elsewhere {
        /// Who.
        collector: String,
        /// Where to turn.
        advice: String,
    },
    /// Annulled: not known any more.
    Withdrawn,
    /// A paper that no town hall ever issued.
    Forged,
}

/// What happens between a quote and its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Surprise {
    /// The debt is annulled.
    Withdrawn,
    /// Somebody else pays it.
    PaidByOther,
}

/// The reduction of a traffic fine that is paid soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// What is to be paid with it, in cents.
    pub amount: i64,
    /// Its last day, in Madrid.
    pub until: Date,
}

/// A debt and the bill that was sent for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// What scenarios call it: `vehicle-tax`.
    pub name: String,
    /// The sede's number.
    pub id: String,
    /// Concept.
    pub concept: String,
    /// The debtor.
    pub debtor: Citizen,
    /// Reference, as on the paper.
    pub reference: String,
    /// Number of the document's format.
    pub format: u64,
    /// All digits of the document.
    pub digits: String,
    /// Amount on the paper, in cents; none on an autoliquidación.
    pub printed_amount: Option<i64>,
    /// What is to be paid, without a reduction, in cents.
    pub amount: i64,
    /// Its reduction, if it has one.
    #[serde(default)]
    pub reduction: Option<Reduction>,
    /// Cash that was paid before, in cents.
    pub cash_paid_before: i64,
    /// Last day of the term.
    pub last_day: Option<Date>,
    /// How long a quote holds.
    pub quote_seconds: i64,
    /// What goes wrong between quote and payment.
    pub surprise: Option<Surprise>,
    /// What is known now.
    #[serde(flatten)]
    pub state: DebtState,
}

impl Debt {
    /// The reduction, on a day on which it is granted.
    pub fn reduced(&self, day: Date) -> Option<Reduction> {
        self.reduction.filter(|reduction| day <= reduction.until)
    }

    /// What is to be paid on a day, in cents.
    pub fn due(&self, day: Date) -> i64 {
        self.reduced(day).map_or(self.amount, |reduction| reduction.amount)
    }
}

//! What the town hall does with a look-up, an order and an event. No I/O, no clock: the instant comes in.
//!
//! Nothing is forgotten: an order's first answer is kept word for word, and given again.
use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::debt::{Debt, DebtState, Surprise};
use crate::documents::DoesNotFit;
use crate::record::{BookingRecord, EventRecord};
use crate::seeds::{self, Seeder};
use crate::wire::{
    AppointmentRules, Catalogue, DebtAnswer, KioskEvent, PaymentAnswer, PaymentOrder, PetitionLimits,
    Reduction,
};

/// The fictional town hall. It collects what it is owed itself.
pub const COLLECTING_BODY: &str = "Ayuntamiento de Prueba";
const VERIFICATION: &str = "https://sede.example/csv/";

pub(crate) struct Quote {
    debt: String,
    amount: i64,
    expires_at: Timestamp,
}

/// An order and what was answered to it.
pub(crate) struct Payment {
    pub order: PaymentOrder,
    /// The body, as it was sent the first time.
    pub answer: String,
    pub booking: Option<BookingRecord>,
    pub received: u32,
}

pub(crate) struct Town {
    pub catalogue: Catalogue,
    pub debts: Vec<Debt>,
    pub quotes: BTreeMap<String, Quote>,
    /// By operation.
    pub payments: BTreeMap<String, Payment>,
    /// By identifier.
    pub events: BTreeMap<String, EventRecord>,
    seed: u64,
}

/// The operation came before with another content.
pub(crate) struct Conflict;

impl Town {
    pub fn new(seed: u64, now: Timestamp) -> Result<Town, DoesNotFit> {
        Ok(Town {
            catalogue: Catalogue {
                services: ["padron", "payment", "petition", "appointment"].map(str::to_owned).to_vec(),
                cash_max_per_debt: 99999,
                coin_limit: 50,
                petitions: PetitionLimits::default(),
                appointments: AppointmentRules { without_card: true },
            },
            debts: seeds::debts(madrid(now))?,
            quotes: BTreeMap::new(),
            payments: BTreeMap::new(),
            events: BTreeMap::new(),
            seed,
        })
    }

    /// Issues another 521 bill, payable until `last_day`.
    pub fn add_bill(
        &mut self,
        name: &str,
        concept: &str,
        amount: u64,
        last_day: Date,
        now: Timestamp,
    ) -> Result<Debt, DoesNotFit> {
        let mut seeder = Seeder::resume(madrid(now), std::mem::take(&mut self.debts));
        let added = seeder.dated(name, concept, amount, last_day).cloned();
        self.debts = seeder.debts;
        added
    }

    pub fn look_up(&mut self, digits: &str, now: Timestamp) -> DebtAnswer {
        let Some(debt) = self.debts.iter().find(|debt| debt.digits == digits) else {
            return DebtAnswer::Unknown;
        };
        match &debt.state {
            DebtState::Forged | DebtState::Withdrawn => DebtAnswer::Unknown,
            DebtState::Paid { paid_on, .. } => DebtAnswer::AlreadyPaid { paid_on: *paid_on },
            DebtState::Elsewhere { collector, advice } => {
                DebtAnswer::NotPayableHere { collector: collector.clone(), advice: advice.clone() }
            }
            DebtState::Open if has_lapsed(debt, now) => DebtAnswer::Lapsed { last_day: debt.last_day },
            DebtState::Open => {
                let quote = format!("Q-{:06}", self.quotes.len() + 1);
                let expires_at = now + SignedDuration::from_secs(debt.quote_seconds);
                let amount = debt.due(madrid(now));
                let reduction = debt
                    .reduced(madrid(now))
                    .map(|reduction| Reduction { full_amount: debt.amount, reduced_until: reduction.until });
                let kept = Quote { debt: debt.id.clone(), amount, expires_at };
                self.quotes.insert(quote.clone(), kept);
                DebtAnswer::Payable {
                    quote,
                    debt: debt.id.clone(),
                    concept: debt.concept.clone(),
                    masked_name: debt.debtor.masked_name(),
                    reference: debt.reference.clone(),
                    amount,
                    last_day: debt.last_day,
                    reduction,
                    expires_at,
                    issued_at: now,
                    cash_paid_before: debt.cash_paid_before,
                    collecting_body: COLLECTING_BODY.into(),
                }
            }
        }
    }

    /// The answer's body. `forced` is a refusal that the scenario wants.
    pub fn book(
        &mut self,
        order: PaymentOrder,
        forced: Option<PaymentAnswer>,
        now: Timestamp,
    ) -> Result<String, Conflict> {
        if let Some(known) = self.payments.get_mut(&order.operation) {
            known.received += 1;
            return if known.order == order { Ok(known.answer.clone()) } else { Err(Conflict) };
        }
        let decision = match forced {
            Some(answer) => answer,
            None => match self.refusal(&order) {
                Some((code, text)) => PaymentAnswer::Refused { code: code.into(), text: text.into() },
                None => self.booked(&order, now),
            },
        };
        let booking = self.settle(&order, &decision, now);
        let answer = serde_json::to_string(&decision).unwrap_or_default();
        let operation = order.operation.clone();
        self.payments.insert(operation, Payment { order, answer: answer.clone(), booking, received: 1 });
        Ok(answer)
    }

    fn refusal(&mut self, order: &PaymentOrder) -> Option<(&'static str, &'static str)> {
        let quote = self.quotes.get(&order.quote).filter(|quote| quote.debt == order.debt);
        let debt = self.debts.iter_mut().find(|debt| debt.id == order.debt);
        let (Some(quote), Some(debt)) = (quote, debt) else {
            return Some(("quote-unknown", "La sede no conoce esta consulta de deuda."));
        };
        match debt.surprise.take() {
            Some(Surprise::Withdrawn) => debt.state = DebtState::Withdrawn,
            Some(Surprise::PaidByOther) => debt.state = DebtState::Paid { paid_on: None, operation: None },
            None => {}
        }
        if order.means != "cash" {
            return Some(("means-not-accepted", "La sede no admite este medio de pago."));
        }
        if order.amount != quote.amount {
            return Some(("amount-differs", "El importe no es el que se comunicó."));
        }
        match debt.state {
            DebtState::Open => {}
            DebtState::Paid { .. } => return Some(("already-paid", "Este recibo ya se ha pagado.")),
            DebtState::Elsewhere { .. } | DebtState::Withdrawn | DebtState::Forged => {
                return Some(("debt-withdrawn", "Este recibo se ha anulado."));
            }
        }
        if debt.cash_paid_before + order.amount > self.catalogue.cash_max_per_debt {
            return Some(("cash-limit", "El importe supera el límite legal de pagos en efectivo."));
        }
        if order.clock_sure && order.taken_at > quote.expires_at {
            return Some(("quote-expired", "El importe comunicado ya no era válido al pagar."));
        }
        None
    }

    fn booked(&self, order: &PaymentOrder, now: Timestamp) -> PaymentAnswer {
        let csv = self.csv(&order.operation);
        PaymentAnswer::Booked {
            payment: format!("P-{:06}", self.payments.len() + 1),
            verification_url: format!("{VERIFICATION}{csv}"),
            csv,
            booked_at: now,
        }
    }

    fn settle(
        &mut self,
        order: &PaymentOrder,
        decision: &PaymentAnswer,
        now: Timestamp,
    ) -> Option<BookingRecord> {
        let PaymentAnswer::Booked { payment, csv, .. } = decision else { return None };
        let debt = self.debts.iter_mut().find(|debt| debt.id == order.debt)?;
        debt.state = DebtState::Paid { paid_on: Some(madrid(now)), operation: Some(order.operation.clone()) };
        debt.cash_paid_before += order.amount;
        Some(BookingRecord {
            operation: order.operation.clone(),
            debt: debt.id.clone(),
            bill: debt.name.clone(),
            amount: order.amount,
            payment: payment.clone(),
            csv: csv.clone(),
            booked_at: now,
        })
    }

    pub fn note(&mut self, event: KioskEvent, now: Timestamp) {
        let number = self.events.len();
        self.events.entry(event.id.clone()).and_modify(|known| known.received += 1).or_insert(EventRecord {
            number,
            event,
            received_at: now,
            received: 1,
        });
    }

    /// Twenty characters that cannot be taken for one another, the same for the same seed and operation.
    fn csv(&self, operation: &str) -> String {
        const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let hash = Sha256::digest(format!("{} {operation}", self.seed).as_bytes());
        let letters: Vec<char> =
            hash.iter().take(20).map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
        letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

/// A term ends with its last day in Madrid.
pub(crate) fn has_lapsed(debt: &Debt, now: Timestamp) -> bool {
    debt.last_day.is_some_and(|last_day| last_day < madrid(now))
}

pub(crate) fn madrid(now: Timestamp) -> Date {
    now.to_zoned_datetime(zone()).date()
}

/// The town's own.
pub(crate) fn zone() -> TimeZone {
    // The zone is part of this binary; without it the day in UTC is right for 22 hours of 24.
    TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC)
}

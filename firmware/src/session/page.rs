//! From the session to the view: what is shown on each page.
use std::collections::BTreeSet;

use hal_device::Cents;
use ui::{Amount, Day, Denomination, Page, Service, Unavailable, View};

use super::*;
use crate::documents::{FieldState, TypedEntry, TypedField};
use crate::sede::{Quote, Reduction};

/// Money, to be shown.
pub(super) fn amount(cents: Cents) -> Amount {
    Amount(cents.0)
}

/// A day, to be shown.
pub(crate) fn day(date: jiff::civil::Date) -> Day {
    Day { year: date.year(), month: date.month(), day: date.day() }
}

/// A moment of the town's clock with its weekday, to be shown or printed.
pub(crate) fn moment(of: &crate::sede::MadridTime, language: ui::Language) -> String {
    ui::moment(language, day(of.day()), of.time().hour(), of.time().minute())
}

/// A reduction, to be shown.
fn reduction(it: Reduction) -> ui::Reduction {
    ui::Reduction { full_amount: amount(it.full_amount), until: day(it.reduced_until) }
}

/// A field has as many digits as it wants.
pub(super) fn complete(entry: &TypedEntry, field: TypedField) -> bool {
    matches!(entry.state(field), FieldState::Complete | FieldState::Doubtful)
}

impl Facts<'_> {
    /// This service can be used now.
    pub(super) fn offers(&self, service: Service) -> bool {
        self.services.iter().any(|entry| entry.service == service && entry.unavailable.is_none())
    }

    /// Why this quote cannot be paid in cash here and now.
    pub(super) fn cash(&self, quote: &Quote) -> Option<Unavailable> {
        let together = quote.amount.plus(quote.cash_paid_before);
        if !together.is_ok_and(|together| together <= self.cash_max_per_debt) {
            return Some(Unavailable::AboveCashLimit);
        }
        if self.machine.notes.is_empty() && self.machine.coins.is_empty() {
            return Some(Unavailable::DeviceOut);
        }
        // Without paper neither a receipt nor a claim can be given into the citizen's hand.
        if !self.machine.printer {
            return Some(Unavailable::NoPrinter);
        }
        let accepted = self.accepted(quote.amount);
        if accepted.is_empty() { Some(Unavailable::NoChange) } else { None }
    }

    fn accepted(&self, missing: Cents) -> BTreeSet<Cents> {
        let acceptance = self.machine.acceptance(self.terms, &BTreeSet::new(), missing, 0);
        acceptance.notes.into_iter().chain(acceptance.coins).collect()
    }

    /// Every note and coin that the machine knows, with whether it is taken.
    pub(super) fn denominations(&self, accepted: &BTreeSet<Cents>) -> Vec<Denomination> {
        let notes = self.machine.notes.iter().map(|value| (*value, false));
        let coins = self.machine.coins.iter().map(|value| (*value, true));
        notes
            .chain(coins)
            .map(|(value, coin)| Denomination {
                value: amount(value),
                coin,
                accepted: accepted.contains(&value),
            })
            .collect()
    }

    fn exact_only(&self) -> bool {
        let reach = self.machine.reach(&BTreeSet::new(), self.terms.change_max);
        !reach.largest(self.terms.change_max).is_positive()
    }
}

impl Session {
    /// What is to be shown now.
    pub fn view(&self, facts: &Facts<'_>) -> View {
        let nothing_works = facts.services.iter().all(|entry| entry.unavailable.is_some());
        let page = match (&self.cover, &self.screen) {
            (Some(Cover::Help), _) => Page::Help,
            (Some(Cover::Languages), _) => Page::Languages,
            (None, Screen::Attract) if nothing_works => Page::OutOfService,
            (None, screen) => self.page(facts, screen),
        };
        View {
            language: self.language,
            step: self.progress(),
            page,
            idle_warning: self.warning(facts),
            back: self.cover.is_some()
                || !matches!(self.screen, Screen::Attract | Screen::Asking { .. } | Screen::Paying),
        }
    }

    fn progress(&self) -> Option<(u8, u8)> {
        match &self.screen {
            Screen::Identifying(_) => self.citizen.as_ref().and_then(Identification::progress),
            Screen::Padron(padron) => padron.progress(),
            Screen::Petition(petition) => petition.progress(),
            Screen::Appointment(appointment) => appointment.progress(),
            Screen::Attract | Screen::Menu | Screen::Refused(_) | Screen::TakeCard { .. } => None,
            Screen::Scan(_) | Screen::Type { .. } | Screen::Asking { .. } => Some((1, 4)),
            Screen::Bill(_) => Some((2, 4)),
            Screen::Waiver(..) | Screen::Terms(_) | Screen::Paying => Some((3, 4)),
            Screen::Ended(_) => Some((4, 4)),
        }
    }

    fn page(&self, facts: &Facts<'_>, screen: &Screen) -> Page {
        match screen {
            Screen::Attract => Page::Attract { services: facts.services.to_vec() },
            Screen::Menu => Page::Menu { services: facts.services.to_vec() },
            Screen::Scan(problem) => Page::Scan { reader: facts.reader, problem: problem.clone() },
            Screen::Type { entry, field, problem } => Page::Type {
                field: match field {
                    TypedField::Issuer => ui::TypedField::Issuer,
                    TypedField::Reference => ui::TypedField::Reference,
                    TypedField::Identification => ui::TypedField::Identification,
                    TypedField::Amount => ui::TypedField::Amount,
                },
                digits: entry.text(*field).to_owned(),
                longest: u8::try_from(field.longest()).unwrap_or(u8::MAX),
                complete: complete(entry, *field),
                problem: problem.clone(),
            },
            Screen::Asking { .. } => Page::Working { work: ui::Work::AskingSede },
            Screen::Refused(refusal) => Page::Refused { refusal: refusal.clone() },
            Screen::Bill(offer) => Page::Bill {
                concept: offer.quote.concept.clone(),
                masked_name: offer.quote.masked_name.clone(),
                reference: offer.quote.reference.clone(),
                last_day: offer.quote.last_day.map(day),
                amount: amount(offer.quote.amount),
                reduction: offer.quote.reduction.map(reduction),
                cash: facts.cash(&offer.quote),
                card: Some(Unavailable::NotOffered),
            },
            Screen::Waiver(offer, reduced) => Page::Waiver {
                amount: amount(offer.quote.amount),
                reduction: reduction(*reduced),
                last_day: offer.quote.last_day.map(day),
            },
            Screen::Terms(offer) => Page::CashTerms {
                amount: amount(offer.quote.amount),
                denominations: facts.denominations(&facts.accepted(offer.quote.amount)),
                coin_limit: facts.terms.coin_limit,
                exact_only: facts.exact_only(),
            },
            Screen::Paying => paying::page(facts),
            Screen::Identifying(_) => {
                self.citizen.as_ref().map_or(Page::Card { problem: None }, Identification::page)
            }
            Screen::Padron(padron) => padron.page(&self.padron_facts(facts)),
            Screen::Petition(petition) => petition.page(&self.petition_facts(facts)),
            Screen::Appointment(appointment) => appointment.page(&self.appointment_facts(facts)),
            Screen::TakeCard { .. } => Page::TakeCard,
            Screen::Ended(page) => page.clone(),
        }
    }
}

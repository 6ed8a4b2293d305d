//! The pages of a running payment and its last page.
use hal_device::Cents;
use ui::{Amount, Incident, IncidentKind, Page, Slip, Work};

use super::Facts;
use super::page::amount;
use crate::ledger::{Account, BookingState, ClaimKind, Paper, PrintOutcome, Purpose};
use crate::payment::{Payment, State};

/// What is shown while a payment runs.
pub(super) fn page(facts: &Facts<'_>) -> Page {
    let Some(payment) = facts.payment else { return Page::Working { work: Work::PreparingCash } };
    let account = &payment.account;
    match &payment.state {
        State::Opening => Page::Working { work: Work::PreparingCash },
        State::Collecting { .. } => collecting(facts, payment),
        State::Closing { .. } if payment.interrupted => Page::Working { work: Work::Recovering },
        // The amount stays in sight until it is booked; nothing is taken any more.
        State::Closing { .. } if account.cancelled.is_none() => collecting(facts, payment),
        State::Closing { .. } => giving_back(facts, account),
        State::Booking { .. } => Page::Working { work: Work::Booking },
        State::Paying(_) => match payment.purpose() {
            Purpose::Change => Page::Working {
                work: Work::GivingChange {
                    given: given(facts, account),
                    of: amount(account.inserted.minus(account.kept).unwrap_or_default()),
                },
            },
            Purpose::Refund => giving_back(facts, account),
        },
        State::Printing(_) | State::Finished => last_page(payment),
    }
}

fn given(facts: &Facts<'_>, account: &Account) -> Amount {
    amount(account.given.plus(facts.dispensing).unwrap_or(account.given))
}

fn giving_back(facts: &Facts<'_>, account: &Account) -> Page {
    let of = amount(account.inserted.minus(account.kept).unwrap_or_default());
    Page::Working { work: Work::GivingBack { given: given(facts, account), of } }
}

fn collecting(facts: &Facts<'_>, payment: &Payment) -> Page {
    let account = &payment.account;
    let reach = facts.machine.reach(&payment.excluded, account.inserted);
    // Only what a read-back says is on is shown as taken.
    let mut accepted = facts.machine.accepting.clone();
    accepted
        .retain(|value| payment.requested.notes.contains(value) || payment.requested.coins.contains(value));
    Page::Cash {
        amount: amount(account.debt.amount),
        inserted: amount(account.inserted),
        denominations: facts.denominations(&accepted),
        checking: payment.shown.checking,
        rejected: payment.shown.rejected,
        returnable: amount(reach.largest(account.inserted)),
    }
}

fn slip(payment: &Payment, paper: Paper) -> Slip {
    if payment.given_up.contains(&paper) {
        return Slip::Impossible;
    }
    match payment.account.paper(paper).map(|state| state.outcome) {
        Some(Some(PrintOutcome::Printed)) => Slip::Printed,
        // Waiting for a printer that is not well: the citizen can already write the number down.
        Some(Some(PrintOutcome::Torn | PrintOutcome::NotStarted)) => Slip::Impossible,
        Some(None) | None => Slip::Printing,
    }
}

/// What is shown at the end, and while papers are printed.
pub(super) fn last_page(payment: &Payment) -> Page {
    let account = &payment.account;
    let paid = account.kept.is_positive();
    if !account.claims.is_empty() {
        return Page::Incident(incident(payment));
    }
    if !paid {
        return Page::Cancelled { returned: amount(account.given) };
    }
    if account.booking == BookingState::Due {
        return Page::Incident(Incident {
            kind: IncidentKind::PaymentToConfirm,
            paid: false,
            owed: Amount(0),
            in_question: Amount(0),
            claim: account.operation.0.clone(),
            slip: slip(payment, Paper::Receipt),
        });
    }
    Page::Paid {
        concept: account.debt.concept.clone(),
        amount: amount(account.debt.amount),
        inserted: amount(account.inserted),
        change: amount(account.given),
        operation: account.operation.0.clone(),
        receipt: slip(payment, Paper::Receipt),
    }
}

fn incident(payment: &Payment) -> Incident {
    let account = &payment.account;
    let last = account.claims.last();
    let kind = match last.map(|claim| claim.about) {
        Some(ClaimKind::ChangeOwed) | None => IncidentKind::ChangeOwed,
        Some(ClaimKind::RefundOwed) if payment.interrupted => IncidentKind::Interrupted,
        Some(ClaimKind::RefundOwed) => IncidentKind::RefundOwed,
        Some(ClaimKind::PaymentRefused) => IncidentKind::PaymentRefused,
        Some(ClaimKind::NoteUnknown) => IncidentKind::NoteUnknown,
        Some(ClaimKind::PayoutUnknown) => IncidentKind::PayoutUnknown,
        Some(ClaimKind::MoneyUncounted) => IncidentKind::MoneyUncounted,
    };
    let sum = |of: fn(&crate::ledger::Claim) -> Cents| {
        amount(Cents::sum(account.claims.iter().map(of)).unwrap_or_default())
    };
    Incident {
        kind,
        paid: account.kept.is_positive(),
        owed: sum(|claim| claim.owed),
        in_question: sum(|claim| claim.in_question),
        claim: last.map(|claim| claim.claim.clone()).unwrap_or_default(),
        slip: slip(payment, Paper::Claim),
    }
}

//! Samples from the money on.
use super::Add;
use crate::view::*;

fn money(refused: &[i64]) -> Vec<Denomination> {
    let notes = [500, 1000, 2000, 5000].map(|value| (value, false));
    let coins = [1, 2, 5, 10, 20, 50, 100, 200].map(|value| (value, true));
    notes
        .into_iter()
        .chain(coins)
        .map(|(value, coin)| Denomination { value: Amount(value), coin, accepted: !refused.contains(&value) })
        .collect()
}

pub(super) fn cash(add: Add<'_>) {
    let amount = Amount(6540);
    let terms = |refused: &[i64], exact_only| Page::CashTerms {
        amount,
        denominations: money(refused),
        coin_limit: 50,
        exact_only,
    };
    add("terms", Some((3, 4)), true, terms(&[1, 2, 5000], false));
    add("terms-exact", Some((3, 4)), true, terms(&[500, 1000, 2000, 5000], true));
    let page = |inserted, refused: &[i64], checking, rejected, returnable| Page::Cash {
        amount: Amount(if refused.is_empty() { 999_999 } else { 6540 }),
        inserted: Amount(inserted),
        denominations: money(refused),
        checking,
        rejected,
        returnable: Amount(returnable),
    };
    add("cash-empty", Some((3, 4)), true, page(0, &[], false, false, 0));
    add("cash-half", Some((3, 4)), false, page(5000, &[1, 2, 5000], false, false, 5000));
    add("cash-checking", Some((3, 4)), false, page(5000, &[2000, 5000], true, false, 3000));
    add("cash-rejected", Some((3, 4)), false, page(5000, &[2000, 5000, 10, 20], false, true, 3000));
    add("cash-slip-only", Some((3, 4)), false, page(5000, &[1000, 2000, 5000], false, false, 0));
    let none = [500, 1000, 2000, 5000, 1, 2, 5, 10, 20, 50, 100, 200];
    add("cash-full", Some((3, 4)), false, page(7000, &none, false, false, 7000));
}

pub(super) fn working(add: Add<'_>) {
    for (name, work) in [
        ("asking", Work::AskingSede),
        ("preparing", Work::PreparingCash),
        ("booking", Work::Booking),
        ("change", Work::GivingChange { given: Amount(200), of: Amount(460) }),
        ("giving-back", Work::GivingBack { given: Amount(0), of: Amount(5000) }),
        ("printing", Work::Printing),
        ("recovering", Work::Recovering),
        ("reading-card", Work::ReadingCard),
        ("checking-pin", Work::CheckingPin),
        ("identifying", Work::Identifying),
        ("issuing", Work::Issuing),
        ("printing-document", Work::PrintingDocument { page: 1, of: 2 }),
        ("printing-long-document", Work::PrintingDocument { page: 39, of: 40 }),
        ("asking-bodies", Work::AskingBodies),
        ("scanning", Work::Scanning { page: 1 }),
        ("scanning-many", Work::Scanning { page: 198 }),
        ("uploading", Work::Uploading { attachment: 2, of: 5, percent: 45 }),
        ("uploaded", Work::Uploading { attachment: 5, of: 5, percent: 255 }),
        ("registering", Work::Registering),
        ("making-document", Work::MakingDocument),
        ("asking-appointments", Work::AskingAppointments),
        ("booking-appointment", Work::BookingAppointment),
        ("cancelling-appointment", Work::CancellingAppointment),
    ] {
        add(&format!("working-{name}"), Some((4, 4)), false, Page::Working { work });
    }
}

pub(super) fn outcomes(add: Add<'_>) {
    for (name, change, receipt) in [
        ("paid", 460, Slip::Printed),
        ("paid-printing", 460, Slip::Printing),
        ("paid-no-receipt", 460, Slip::Impossible),
        ("paid-exact", 0, Slip::Printed),
    ] {
        let page = Page::Paid {
            concept: "Impuesto sobre vehículos de tracción mecánica 2026".to_owned(),
            amount: Amount(6540),
            inserted: Amount(6540 + change),
            change: Amount(change),
            operation: "2026-00412-K07".to_owned(),
            receipt,
        };
        add(name, Some((4, 4)), false, page);
    }
    add("cancelled", None, false, Page::Cancelled { returned: Amount(5000) });
    add("cancelled-nothing", None, false, Page::Cancelled { returned: Amount(0) });
}

pub(super) fn incidents(add: Add<'_>) {
    for (name, kind, paid, owed, in_question, slip) in [
        ("change-owed", IncidentKind::ChangeOwed, true, 260, 0, Slip::Printing),
        ("refund-owed", IncidentKind::RefundOwed, false, 5000, 0, Slip::Printed),
        ("to-confirm", IncidentKind::PaymentToConfirm, false, 0, 0, Slip::Printed),
        ("refused", IncidentKind::PaymentRefused, false, 7000, 0, Slip::Impossible),
        ("note-unknown", IncidentKind::NoteUnknown, false, 2000, 5000, Slip::Impossible),
        ("payout-unknown", IncidentKind::PayoutUnknown, true, 0, 460, Slip::Printed),
        ("money-uncounted", IncidentKind::MoneyUncounted, true, 0, 0, Slip::Printed),
        ("interrupted", IncidentKind::Interrupted, true, 0, 0, Slip::Printed),
        ("interrupted-open", IncidentKind::Interrupted, false, 0, 0, Slip::Impossible),
    ] {
        let incident = Incident {
            kind,
            paid,
            owed: Amount(owed),
            in_question: Amount(in_question),
            claim: "7F3K-92".to_owned(),
            slip,
        };
        add(&format!("incident-{name}"), None, false, Page::Incident(incident));
    }
}

//! A traffic fine at half its amount: paid so only by who has confirmed what he gives up for it.
use ciberkiosco::ledger::Entry;
use ui::{Amount, Intent, Reduction};

use super::*;

/// From the attract page to the page that says what is given up.
async fn to_waiver(world: &World, kiosk: &mut Kiosk, fine: &str) -> Page {
    kiosk.until_open().await;
    world.scan(fine);
    let page = kiosk.until("the fine", |page| matches!(page, Page::Bill { .. })).await;
    let Page::Bill { amount, reduction, .. } = page else { unreachable!() };
    assert_eq!((amount, reduction.map(|it| it.full_amount)), (Amount(10_000), Some(Amount(20_000))));
    kiosk.wish(Intent::PayCash).await;
    kiosk.until("what is given up", |page| matches!(page, Page::Waiver { .. })).await
}

/// Nobody paid, and nothing of a payment is in the books.
fn check_untouched(world: &World) {
    world.check_money();
    assert!(world.balance().operations.is_empty());
    assert!(world.sede.bookings().is_empty());
    assert!(world.printer.papers().is_empty());
}

#[tokio::test(start_paused = true)]
async fn confirmed_it_is_paid_and_booked_at_the_reduced_amount_and_the_receipt_says_so() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let page = to_waiver(&world, &mut kiosk, "fine-reduced").await;
    let Page::Waiver { amount, reduction: Reduction { full_amount, until }, last_day } = page else {
        unreachable!()
    };
    assert_eq!((amount, full_amount), (Amount(10_000), Amount(20_000)));
    assert_eq!((until.month, until.day), (11, 20));
    assert_eq!(last_day.map(|day| (day.month, day.day)), Some((12, 20)));

    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the terms", |page| matches!(page, Page::CashTerms { amount: Amount(10_000), .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.insert_note(&world, 5000).await;
    kiosk.insert_note(&world, 5000).await;
    let page = kiosk.until_over().await;
    assert!(matches!(page, Page::Paid { amount: Amount(10_000), change: Amount(0), .. }), "{page:?}");

    world.check_end();
    let bookings = world.sede.bookings();
    assert_eq!((bookings[0].bill.as_str(), bookings[0].amount), ("fine-reduced", 10_000));
    let opened = world.records().into_iter().find_map(|record| match record.entry {
        Entry::PaymentOpened { debt, .. } => debt.reduction,
        _ => None,
    });
    let waived = opened.expect("what was given up is in the ledger");
    assert_eq!((waived.full_amount.0, waived.waiver), (20_000, ui::WAIVER_VERSION));

    let receipt = world.printer.last_paper().expect("a receipt").text;
    for words in ["PAGADO", "100,00 €", "Importe completo", "200,00 €", "Pago con reducción"] {
        assert!(receipt.contains(words), "{words} is on the receipt:\n{receipt}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_goes_back_is_charged_nothing_and_the_fine_stays_as_it_was() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_waiver(&world, &mut kiosk, "fine-reduced").await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the fine", |page| matches!(page, Page::Bill { reduction: Some(_), .. })).await;
    kiosk.wish(Intent::Cancel).await;
    kiosk.until("the attract page", |page| matches!(page, Page::Attract { .. })).await;
    check_untouched(&world);
    to_waiver(&world, &mut kiosk, "fine-reduced").await;
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_is_forgotten() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_waiver(&world, &mut kiosk, "fine-reduced").await;
    kiosk
        .until_view("the warning", |view| {
            matches!(view.page, Page::Waiver { .. }) && view.idle_warning.is_some()
        })
        .await;
    kiosk.until("the attract page", |page| matches!(page, Page::Attract { .. })).await;
    check_untouched(&world);
}

/// Sits on the page with a sign of life now and then until the quote is over, and confirms then.
async fn confirm_too_late(kiosk: &mut Kiosk) {
    // A quote holds for a quarter of an hour, the warning comes after a minute.
    for _ in 0..16 {
        kiosk.until_view("the warning", |view| view.idle_warning.is_some()).await;
        kiosk.wish(Intent::StillHere).await;
        kiosk.until_view("no warning", |view| view.idle_warning.is_none()).await;
    }
    assert!(matches!(kiosk.page(), Page::Waiver { .. }), "{:?}", kiosk.page());
    kiosk.wish(Intent::Confirm).await;
}

#[tokio::test(start_paused = true)]
async fn a_quote_that_is_over_when_it_is_confirmed_is_asked_for_anew() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_waiver(&world, &mut kiosk, "fine-reduced").await;
    confirm_too_late(&mut kiosk).await;
    kiosk.until("the fine", |page| matches!(page, Page::Bill { reduction: Some(_), .. })).await;
    check_untouched(&world);
    // The new offer is confirmed for itself.
    kiosk.wish(Intent::PayCash).await;
    kiosk.until("what is given up", |page| matches!(page, Page::Waiver { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn a_reduction_that_ends_at_midnight_is_gone_when_the_sede_says_so() {
    let world = World::new();
    // Ten in the morning, plus this: ten minutes to midnight of the last day.
    for clock in [&world.clock, &world.sede_clock, &world.kiosk_clock] {
        clock.set_wrong((13 * 60 + 50) * 60);
    }
    let mut kiosk = Kiosk::start(&world);
    to_waiver(&world, &mut kiosk, "fine-reduced-today").await;
    confirm_too_late(&mut kiosk).await;
    let page = kiosk.until("the fine", |page| matches!(page, Page::Bill { .. })).await;
    let Page::Bill { amount, reduction, .. } = page else { unreachable!() };
    assert_eq!((amount, reduction), (Amount(20_000), None));
    kiosk.wish(Intent::PayCash).await;
    kiosk.until("the terms", |page| matches!(page, Page::CashTerms { amount: Amount(20_000), .. })).await;
    check_untouched(&world);
}

#[tokio::test(start_paused = true)]
async fn a_kiosk_whose_own_clock_is_months_ahead_believes_the_sede() {
    let world = World::new();
    // Past the reduction's last day and past the term, but not past the sede's certificate.
    world.kiosk_clock.set_wrong(200 * 24 * 3600);
    let mut kiosk = Kiosk::start(&world);
    to_waiver(&world, &mut kiosk, "fine-reduced-today").await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the terms", |page| matches!(page, Page::CashTerms { amount: Amount(10_000), .. })).await;
}

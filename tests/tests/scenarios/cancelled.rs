//! The citizen wants his money back, or goes away.
use ui::{Amount, Intent};

use super::*;

#[tokio::test(start_paused = true)]
async fn a_cancelled_payment_gives_back_what_was_inserted() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 2000).await;
    kiosk.insert_coin(&world, 50).await;
    kiosk.wish(Intent::Cancel).await;
    let page = kiosk.until_over().await;
    assert_eq!(page, Page::Cancelled { returned: Amount(2050) });
    world.check_end();
    assert_eq!(world.cash.truth().coins_paid_out.cents(), 2050);
    assert!(world.sede.bookings().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_the_hoppers_cannot_give_back_is_on_a_claim_slip() {
    let world = World::with_coins([2, 2, 5, 5]);
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    kiosk.wish(Intent::Cancel).await;
    let Page::Incident(incident) = kiosk.until_over().await else { panic!("{:?}", kiosk.page()) };
    assert_eq!(incident.kind, ui::IncidentKind::RefundOwed);
    assert_eq!(incident.owed, Amount(5000 - 575));
    world.check_end();
    let slip = world.printer.last_paper().expect("a slip");
    assert!(slip.text.contains(&incident.claim), "{}", slip.text);
}

#[tokio::test(start_paused = true)]
async fn money_that_nobody_watches_is_given_back() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 1000).await;
    kiosk.until_view("the warning", |view| view.idle_warning.is_some()).await;
    kiosk.wish(Intent::StillHere).await;
    kiosk.until_view("no warning", |view| view.idle_warning.is_none()).await;
    let page = kiosk.until_over().await;
    assert_eq!(page, Page::Cancelled { returned: Amount(1000) });
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn an_idle_session_ends_and_is_wiped() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.scan("vehicle-tax");
    kiosk.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
    kiosk.until_view("the warning", |view| view.idle_warning.is_some()).await;
    let view = kiosk.until_view("the attract page", |view| matches!(view.page, Page::Attract { .. })).await;
    assert_eq!(view.language, ui::Language::Spanish);
    assert!(world.balance().operations.is_empty());
}

//! The sede is away before, during and after a payment; or changes its mind.
use std::time::Duration;

use reference_sede::{Endpoint, Fault};
use ui::{IncidentKind, Intent, Service};

use super::*;

#[tokio::test(start_paused = true)]
async fn away_before_the_payment_it_is_not_offered() {
    let world = World::new();
    world.sede.set_fault(Some(Fault::Refuse));
    let mut kiosk = Kiosk::start(&world);
    kiosk
        .until("payments not offered", |page| match page {
            Page::Attract { services } => services.iter().any(|entry| {
                entry.service == Service::Payment
                    && entry.unavailable == Some(ui::Unavailable::SedeUnreachable)
            }),
            Page::OutOfService => true,
            _ => false,
        })
        .await;
    world.sede.set_fault(None);
    kiosk.until_open().await;
}

#[tokio::test(start_paused = true)]
async fn away_for_three_days_the_payment_is_booked_once_it_is_back() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.sede.set_fault(Some(Fault::Refuse));
    kiosk.insert_note(&world, 2000).await;
    let Page::Incident(incident) = kiosk.until_over().await else { panic!("{:?}", kiosk.page()) };
    assert_eq!(incident.kind, IncidentKind::PaymentToConfirm);
    assert_eq!(world.cash.truth().coins_paid_out.cents(), 460, "the change is given all the same");
    assert!(world.sede.bookings().is_empty());
    world.check_end();

    // Three days switched off, then ten minutes on with the sede still away.
    kiosk.die().await;
    tokio::time::sleep(Duration::from_secs(3 * 24 * 3600)).await;
    let mut kiosk = Kiosk::start(&world);
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert!(world.sede.bookings().is_empty());
    world.sede.set_fault(None);
    kiosk.until_open().await;
    let booked = async {
        while world.sede.bookings().is_empty() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(600), booked).await.expect("booked once it is back");
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_after_booking_does_not_book_twice() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.sede.fail_nth(1, Some(Endpoint::Pay), Fault::LoseAnswer);
    let page = kiosk.pay(&world).await;
    assert!(matches!(page, Page::Paid { .. }), "{page:?}");
    assert_eq!(world.sede.bookings().len(), 1);
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn a_debt_that_was_paid_elsewhere_meanwhile_gives_the_money_back() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.sede.fail_nth(
        1,
        Some(Endpoint::Pay),
        Fault::RefusePayment { code: "already-paid".into(), text: "Ya está pagado.".into() },
    );
    let page = kiosk.pay(&world).await;
    world.check_end();
    let balance = world.balance();
    assert_eq!(balance.kept.0, 0, "nothing is kept: {page:?}");
    assert_eq!(balance.given.0 + balance.owed.0, 7000);
    assert!(world.sede.bookings().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_quote_that_runs_out_is_asked_for_again() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.scan("quote-of-a-minute");
    kiosk.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
    tokio::time::sleep(Duration::from_secs(55)).await;
    kiosk.wish(Intent::StillHere).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let before = world.sede.requests();
    kiosk.wish(Intent::PayCash).await;
    let asked = async {
        while world.sede.requests() == before {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked).await.expect("the sede is asked again");
    kiosk.until("a fresh bill", |page| matches!(page, Page::Bill { .. })).await;
    kiosk.wish(Intent::PayCash).await;
    kiosk.until("the terms", |page| matches!(page, Page::CashTerms { .. })).await;
}

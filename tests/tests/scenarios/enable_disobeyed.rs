//! The validator acknowledges that it is on, and stays off.
use simulators::cctalk::ValidatorFault;

use super::*;

#[tokio::test(start_paused = true)]
async fn notes_are_not_invited_before_a_read_back_says_on() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.cash.validator_fault(ValidatorFault::StayInhibited { times: 2 }).expect("fitted");
    let page = kiosk.pay(&world).await;
    assert!(matches!(page, Page::Paid { .. }), "{page:?}");
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn a_validator_that_stays_off_leaves_the_coins() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.cash.validator_fault(ValidatorFault::StayInhibitedForEver).expect("fitted");
    world.scan("coins-only");
    kiosk
        .until("a bill that can be paid in cash", |page| matches!(page, Page::Bill { cash: None, .. }))
        .await;
    kiosk.wish(ui::Intent::PayCash).await;
    kiosk.until("the terms", |page| matches!(page, Page::CashTerms { .. })).await;
    kiosk.wish(ui::Intent::Confirm).await;
    let page = kiosk
        .until("coins only", |page| match page {
            Page::Cash { denominations, .. } => denominations.iter().any(|of| of.accepted),
            _ => false,
        })
        .await;
    let Page::Cash { denominations, .. } = page else { unreachable!() };
    assert!(denominations.iter().all(|of| of.coin || !of.accepted), "no note is invited");
    for cents in [50, 20, 10, 5] {
        kiosk.insert_coin(&world, cents).await;
    }
    let page = kiosk.until_over().await;
    assert!(matches!(page, Page::Paid { .. }), "{page:?}");
    world.check_end();
    // The outbox makes its round every half minute.
    tokio::time::sleep(std::time::Duration::from_secs(120)).await;
    let told = world.sede.events().iter().filter(|event| event.event.kind == "acceptance-failed").count();
    assert_eq!(told, 1, "one alert, not a flood");
}

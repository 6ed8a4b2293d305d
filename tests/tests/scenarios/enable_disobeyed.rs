//! The validator acknowledges that it is on, and stays off.
use simulators::cctalk::ValidatorFault;

use super::*;

#[tokio::test(start_paused = true)]
async fn notes_are_not_invited_before_a_read_back_says_on() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.cash.validator_fault(ValidatorFault::StayInhibited { times: 2 }).expect("fitted");
    let page = pay(&world, &mut kiosk).await;
    assert!(matches!(page, Page::Paid { .. }), "{page:?}");
    check_end(&world);
}

#[tokio::test(start_paused = true)]
async fn a_validator_that_stays_off_leaves_the_coins() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.cash.validator_fault(ValidatorFault::StayInhibitedForEver).expect("fitted");
    world.scan("one-cent");
    kiosk.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
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
    kiosk.insert_coin(&world, 1).await;
    let page = kiosk.until_over().await;
    assert!(matches!(page, Page::Paid { .. }), "{page:?}");
    check_end(&world);
    let told = world.sede.events().iter().filter(|event| event.event.kind == "device-out").count();
    assert_eq!(told, 1, "one alert, not a flood");
}

//! A cable is pulled and put back in the middle of a payment.
use std::time::Duration;

use super::*;

#[tokio::test(start_paused = true)]
async fn the_cash_line_unplugged_between_two_notes() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.cash_port.unplug();
    tokio::time::sleep(Duration::from_secs(20)).await;
    world.cash_port.plug();
    kiosk.insert_note(&world, 2000).await;
    let page = kiosk.until_over().await;
    let Page::Paid { change, .. } = page else { panic!("{page:?}") };
    assert_eq!(change.0, 460);
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn the_cash_line_unplugged_for_ever() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.cash_port.unplug();
    let Page::Incident(incident) = kiosk.until_over().await else { panic!("{:?}", kiosk.page()) };
    assert_eq!(incident.owed.0, 5000, "all that was inserted is on the slip");
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn the_printer_unplugged_while_paying() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.printer_port.unplug();
    kiosk.insert_note(&world, 2000).await;
    let page = kiosk
        .until("paid without a receipt", |page| {
            matches!(page, Page::Paid { receipt: ui::Slip::Impossible, .. })
        })
        .await;
    let Page::Paid { change, .. } = page else { unreachable!() };
    assert_eq!(change.0, 460);
    world.printer_port.plug();
    kiosk.until("the receipt", |page| matches!(page, Page::Paid { receipt: ui::Slip::Printed, .. })).await;
    world.check_end();
}

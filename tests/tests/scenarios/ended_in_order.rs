//! systemd stops the service: for an update, or because a technician asked.
use ciberkiosco::supervisor::End;

use super::*;

#[tokio::test(start_paused = true)]
async fn ended_while_nobody_is_there() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let views = kiosk.views.clone();
    assert_eq!(kiosk.end().await, End::Finished("engine"));
    assert_eq!(views.borrow().page, Page::OutOfService, "nobody is invited any more");
    revive(&world).await;
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn ended_with_money_inside_gives_it_back_first() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    assert_eq!(kiosk.end().await, End::Finished("engine"));
    assert_eq!(world.cash.truth().coins_paid_out.cents(), 5000);
    assert!(world.sede.bookings().is_empty());
    world.check_end();
    revive(&world).await;
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn ended_with_the_last_note_on_its_way_finishes_the_payment() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    kiosk.insert_note(&world, 2000).await;
    assert_eq!(kiosk.end().await, End::Finished("engine"));
    assert_eq!(world.cash.truth().coins_paid_out.cents(), 460);
    assert_eq!(world.sede.bookings().len(), 1);
    assert!(world.printer.last_paper().is_some_and(|paper| paper.text.contains("PAGADO")));
    world.check_end();
}

//! A citizen pays a tax bill in cash.
use hal_device::Cents;
use qa::scenario::{Kiosk, World};
use ui::{Amount, Page, Slip};

#[tokio::test(start_paused = true)]
async fn fifty_and_twenty_for_sixty_five_forty_give_four_sixty_in_change() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    kiosk.insert_note(&world, 2000).await;
    let page = kiosk.until_over().await;
    let Page::Paid { amount, inserted, change, receipt, operation, .. } = page else { panic!("{page:?}") };
    assert_eq!((amount, inserted, change), (Amount(6540), Amount(7000), Amount(460)));
    assert_eq!((receipt, operation.as_str()), (Slip::Printed, "K07-000001"));

    world.check_money();
    assert_eq!(world.cash.truth().coins_paid_out.cents(), 460);
    let bookings = world.sede.bookings();
    assert_eq!(bookings.len(), 1);
    assert_eq!((bookings[0].bill.as_str(), bookings[0].amount), ("vehicle-tax", 6540));
    let balance = world.balance();
    assert_eq!((balance.kept, balance.given, balance.owed), (Cents(6540), Cents(460), Cents(0)));

    let papers = world.printer.papers();
    assert_eq!(papers.len(), 1);
    for words in ["PAGADO", "65,40 €", "4,60 €", "K07-000001"] {
        assert!(papers[0].text.contains(words), "{words} is on the receipt:\n{}", papers[0].text);
    }
}

#[tokio::test(start_paused = true)]
async fn payments_are_offered_once_all_change_is_known() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let cash = kiosk.services.cash.as_ref().expect("the cabinet takes cash").status().borrow().clone();
    let ready = cash.hoppers.iter().filter(|hopper| hopper.device.status.usable()).count();
    assert_eq!(ready, 4, "{:?}", cash.hoppers);
}

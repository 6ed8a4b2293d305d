//! The card reader is unplugged, its service hangs, two cards are swapped.
use super::*;

fn no_reader(page: &Page) -> bool {
    match page {
        Page::Attract { services } => services.iter().any(|entry| {
            entry.service == ui::Service::Padron && entry.unavailable == Some(ui::Unavailable::DeviceOut)
        }),
        _ => false,
    }
}

#[tokio::test(start_paused = true)]
async fn unplugged_with_a_card_inside_the_visit_is_over() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.identify(&world, "ordinary").await;
    world.card_reader.plug(false);
    kiosk.until("a kiosk without reader", no_reader).await;
    assert_eq!(world.sede.sessions(), 0);
    world.cards.remove();
    world.card_reader.plug(true);
    kiosk.identify(&world, "ordinary").await;
    check_verified(&card, 2);
}

#[tokio::test(start_paused = true)]
async fn hung_its_service_is_asked_to_be_started_again() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_identifies().await;
    world.card_reader.hang(true);
    kiosk.until("a kiosk without reader", no_reader).await;
    let asked = world.data.path().join("restart/pcscd");
    assert!(asked.exists());
    world.card_reader.hang(false);
    kiosk.until_identifies().await;
}

#[tokio::test(start_paused = true)]
async fn hung_while_the_card_has_the_pin_it_is_not_given_again() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "ordinary").await;
    kiosk.until("the page of the PIN", |page| matches!(page, Page::Pin { .. })).await;
    kiosk.press(PIN).await;
    world.card_reader.hang(true);
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("an end", |page| no_reader(page) || matches!(page, Page::Card { problem: Some(_) })).await;
    world.card_reader.hang(false);
    check_verified(&card, 0);
}

#[tokio::test(start_paused = true)]
async fn another_card_in_its_place_is_another_citizen() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    world.cards.insert(world.card("first-generation"));
    let page = kiosk
        .until("no name", |page| is_attract(page) || matches!(page, Page::Menu { .. } | Page::Card { .. }))
        .await;
    assert!(!matches!(page, Page::Certificates { .. }));
    assert_eq!(world.page_printer.papers().len(), 0);
}

//! Who writes slowly is waited for, at the kiosk and at the sede; who has gone is forgotten.
use super::*;

#[tokio::test(start_paused = true)]
async fn who_writes_for_half_an_hour_is_still_known_to_the_sede() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.come_for(Service::Petition, &world, "ordinary").await;
    kiosk.type_pin(PIN).await;
    kiosk.until("to whom", |page| matches!(page, Page::Choose { .. })).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.until("the facts", |page| matches!(page, Page::Write { .. })).await;
    for letter in FACTS.chars() {
        kiosk.wish(Intent::Letter(letter)).await;
        tokio::time::sleep(Duration::from_secs(45)).await;
    }
    kiosk.wish(Intent::Confirm).await;
    kiosk.write(WriteField::Request, REQUEST).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    to_check(&mut kiosk).await;
    let ended = present(&mut kiosk).await;
    assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
    check_registered(&world, 0);
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn who_has_gone_is_warned_and_then_everything_is_forgotten() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_documents(&mut kiosk, &world).await;
    kiosk.until_view("the warning", |view| view.idle_warning.is_some()).await;
    kiosk.until("the card to be taken", |page| *page == Page::TakeCard).await;
    check_nothing_is_left(&mut kiosk, &world).await;
    assert_eq!(world.sede.petitions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_touch_on_the_red_key_loses_nothing() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_documents(&mut kiosk, &world).await;
    kiosk.wish(Intent::Cancel).await;
    kiosk.until("the question", |page| *page == Page::GiveUp).await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    kiosk.wish(Intent::Cancel).await;
    kiosk.until("the question", |page| *page == Page::GiveUp).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the menu", |page| matches!(page, Page::Menu { .. })).await;
}

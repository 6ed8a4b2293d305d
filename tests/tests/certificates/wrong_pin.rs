//! A PIN that is not that one: counted by the card, told to the citizen, never sent twice.
use ui::PinProblem;

use super::*;

const WRONG: &str = "Prueba2025";

#[tokio::test(start_paused = true)]
async fn once_and_then_the_right_one() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "ordinary").await;
    kiosk.type_pin(WRONG).await;
    kiosk
        .until("what was wrong", |page| {
            matches!(
                page,
                Page::Pin { problem: Some(PinProblem::Wrong), tries_left: Some(2), characters: 0, .. }
            )
        })
        .await;
    check_verified(&card, 1);
    kiosk.type_pin(PIN).await;
    kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
    check_verified(&card, 2);
    assert_eq!(card.snapshot().tries_left, Some(3));
}

#[tokio::test(start_paused = true)]
async fn on_a_card_without_a_channel() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "pkcs15").await;
    kiosk.type_pin("9999").await;
    kiosk
        .until("what was wrong", |page| matches!(page, Page::Pin { problem: Some(PinProblem::Wrong), .. }))
        .await;
    kiosk.type_pin("2468").await;
    kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
    check_verified(&card, 2);
}

#[tokio::test(start_paused = true)]
async fn the_last_try_is_used_by_nobody_who_was_not_warned() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "ordinary").await;
    kiosk.type_pin(WRONG).await;
    kiosk.until("two tries", |page| matches!(page, Page::Pin { tries_left: Some(2), .. })).await;
    kiosk.type_pin(WRONG).await;
    kiosk.until("the warning", |page| *page == Page::LastTry).await;
    check_verified(&card, 2);
    kiosk.wish(Intent::Cancel).await;
    kiosk.until("the card to be given back", |page| *page == Page::TakeCard).await;
    check_verified(&card, 2);
    assert_eq!(card.snapshot().tries_left, Some(1));
}

#[tokio::test(start_paused = true)]
async fn the_last_try_is_used_by_who_wants_to() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "last-try").await;
    kiosk.until("the warning", |page| *page == Page::LastTry).await;
    check_verified(&card, 0);
    kiosk.wish(Intent::Confirm).await;
    kiosk.type_pin(PIN).await;
    kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
    check_verified(&card, 1);
    assert_eq!(card.snapshot().tries_left, Some(3));
}

#[tokio::test(start_paused = true)]
async fn the_last_try_blocks_the_card_and_that_is_said() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "last-try").await;
    kiosk.until("the warning", |page| *page == Page::LastTry).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.type_pin(WRONG).await;
    let blocked = Page::CardRefused { refusal: CardRefusal::PinBlocked { dnie: true } };
    kiosk.until("a blocked card", |page| *page == blocked).await;
    check_verified(&card, 1);
}

#[tokio::test(start_paused = true)]
async fn too_short_or_given_up_it_never_reaches_the_card() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "ordinary").await;
    kiosk.type_pin("1234567").await;
    kiosk
        .until("what is missing", |page| {
            matches!(page, Page::Pin { problem: Some(PinProblem::TooShort), .. })
        })
        .await;
    kiosk.press("8").await;
    kiosk.wish(Intent::Cancel).await;
    kiosk.until("the card to be given back", |page| *page == Page::TakeCard).await;
    check_verified(&card, 0);
    kiosk.leave(&world).await;
}

#[tokio::test(start_paused = true)]
async fn who_walks_away_from_the_keys_leaves_no_pin() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.come_with(&world, "ordinary").await;
    kiosk.until("the page of the PIN", |page| matches!(page, Page::Pin { .. })).await;
    kiosk.press("12345678").await;
    kiosk.until("the end of patience", |page| *page == Page::TakeCard).await;
    check_verified(&card, 0);
    assert_eq!(world.sede.sessions(), 0);
}

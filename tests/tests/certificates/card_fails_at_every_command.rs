//! The card is pulled, falls silent, answers noise or lies at its n-th command, for every n of a whole dialogue.
//!
//! Each time the citizen gets a page that says so, and the same card goes on to a certificate afterwards.
use simulators::smartcard::{Counts, Spoil};

use super::*;

/// Commands of a whole dialogue with a card, from the first SELECT to the end.
async fn commands(card: &str) -> u32 {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let inserted = kiosk.identify(&world, card).await;
    u32::try_from(inserted.snapshot().commands).expect("few")
}

/// One visit in which something happens to the card. What is shown then, and what the card had counted by then.
async fn struck(card: &str, fault: CardFault) -> (Page, Counts) {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_identifies().await;
    let inserted = world.card(card);
    inserted.fault(fault);
    let pin = world.citizens.card(card).and_then(|card| card.pin).expect("a card with a PIN");
    kiosk.come_with(&world, card).await;
    let stopped = |page: &Page| match page {
        Page::Card { problem } => problem.is_some(),
        Page::CardRefused { .. } | Page::Certificates { .. } => true,
        _ => false,
    };
    let mut typed = 0;
    let page =
        kiosk.until("the PIN, or an end", |page| matches!(page, Page::Pin { .. }) || stopped(page)).await;
    let page = if stopped(&page) {
        page
    } else {
        kiosk.type_pin(pin).await;
        typed += 1;
        kiosk.until("an end", stopped).await
    };
    let counts = inserted.snapshot().counts;
    let given = counts.verifies;
    assert!(given <= typed, "{fault:?}: typed {typed}, given {given}");
    assert_eq!(counts.wrong_pins, 0, "{fault:?}");
    // Once more, with the same card in order.
    if !matches!(page, Page::Certificates { .. }) {
        inserted.fault(CardFault::Clear);
        world.cards.remove();
        kiosk.until("a place for a card", |page| matches!(page, Page::Card { .. }) || is_attract(page)).await;
        if is_attract(&kiosk.page()) {
            kiosk.come_with(&world, card).await;
        } else {
            world.cards.insert(inserted.clone());
        }
        kiosk.type_pin(pin).await;
        kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
        assert_eq!(inserted.snapshot().counts.verifies, given + 1, "{fault:?}");
    }
    let clear = inserted.snapshot().counts.verifies_in_the_clear;
    assert!(clear == 0 || card == "pkcs15", "{fault:?}");
    (page, counts)
}

#[tokio::test(start_paused = true)]
async fn pulled() {
    for card in ["ordinary", "first-generation", "pkcs15"] {
        for command in 1..=commands(card).await {
            for acted in [false, true] {
                let (page, _) = struck(card, CardFault::Pulled { command, acted }).await;
                let problem = Page::Card { problem: Some(CardProblem::TakenOut) };
                let fine = page == problem || matches!(page, Page::Certificates { .. });
                assert!(fine, "{card}, command {command}, acted {acted}: {page:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn silent() {
    for card in ["ordinary", "pkcs15"] {
        for command in 1..=commands(card).await {
            struck(card, CardFault::Mute { command }).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn noise() {
    for card in ["ordinary", "first-generation", "pkcs15"] {
        for answer in 1..=commands(card).await {
            struck(card, CardFault::Garbage { answer }).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_power_for_a_moment() {
    for card in ["ordinary", "pkcs15"] {
        for command in 1..=commands(card).await {
            struck(card, CardFault::PowerLost { command }).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn lies_inside_the_channel_are_believed_by_nobody() {
    let commands = commands("ordinary").await;
    for how in [Spoil::Checksum, Spoil::Counter, Spoil::Replay, Spoil::Plain, Spoil::NoStatus, Spoil::Padding]
    {
        let mut spoiled = 0;
        for answer in 1..=commands {
            let (page, counts) = struck("ordinary", CardFault::Spoiled { answer, how }).await;
            let believed = matches!(page, Page::Certificates { .. });
            assert_eq!(believed, counts.spoiled == 0, "{how:?}, answer {answer}: {page:?}");
            spoiled += counts.spoiled;
            if believed && how != Spoil::Padding {
                // So many answers never go through the channel.
                break;
            }
        }
        assert!(spoiled >= 20, "{how:?}: {spoiled} of {commands}");
    }
}

#[tokio::test(start_paused = true)]
async fn slow_it_is_waited_for() {
    let (page, counts) = struck("ordinary", CardFault::Slow { millis: 3000 }).await;
    assert!(matches!(page, Page::Certificates { .. }), "{page:?}");
    assert_eq!(counts.verifies, 1);
}

//! The way as it should be, with every kind of card that can have a certificate.
use simulators::escpos::PaperFate;
use ui::{Issue, Language};

use super::*;

/// The card, and how often it is given its PIN.
async fn visit(card: &str, wanted: fn(&ui::CertificateKind) -> bool, language: Option<Language>) -> World {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let inserted = kiosk.identify(&world, card).await;
    let Page::Certificates { kinds, name } = kiosk.page() else { unreachable!() };
    assert!(!name.is_empty() && !kinds.is_empty());
    let place = kinds.iter().position(wanted).expect("it is offered");
    kiosk.wish(Intent::Choose(place as u8)).await;
    kiosk.until("its page", |page| matches!(page, Page::Certificate { .. })).await;
    if let Some(language) = language {
        kiosk.wish(Intent::DocumentLanguage(language)).await;
        kiosk
            .until(
                "the language",
                |page| matches!(page, Page::Certificate { chosen, .. } if *chosen == language),
            )
            .await;
    }
    kiosk.wish(Intent::Confirm).await;
    kiosk.take_paper(&world).await;
    kiosk.until("thanks", |page| matches!(page, Page::DocumentTaken { .. })).await;
    check_verified(&inserted, 1);
    kiosk.leave(&world).await;
    let issued = world.sede.certificates();
    let [issued] = issued.as_slice() else { panic!("{issued:?}") };
    assert_eq!(told(&world).await, [("certificate-printed".to_owned(), issued.certificate.clone())]);
    let papers = world.page_printer.papers();
    assert!(papers.iter().all(|paper| paper.fate == PaperFate::Taken), "{papers:?}");
    assert_eq!(papers.len(), 1);
    assert_eq!(world.sede.sessions(), 0, "the session is over");
    assert!(!inserted.snapshot().powered || inserted.snapshot().channel.is_none());
    world
}

#[tokio::test(start_paused = true)]
async fn with_a_dnie_of_each_generation() {
    for card in ["ordinary", "first-generation", "renewed-key"] {
        visit(card, individual, None).await;
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_card_of_the_fnmt_and_one_of_the_town() {
    for card in ["fnmt", "pkcs15"] {
        visit(card, individual, None).await;
    }
}

#[tokio::test(start_paused = true)]
async fn for_everybody_in_the_dwelling() {
    visit("ordinary", |kind| kind.collective && kind.issue == Issue::AtOnce, None).await;
}

#[tokio::test(start_paused = true)]
async fn for_those_in_the_dwelling_who_agree_which_is_said_before() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "renewed-key").await;
    kiosk
        .ask_for(|kind| {
            kind.collective && matches!(kind.issue, Issue::ConsentingOnly { shown: 2, registered: 3 })
        })
        .await;
    kiosk.take_paper(&world).await;
}

#[tokio::test(start_paused = true)]
async fn in_valencian() {
    let world = visit("ordinary", individual, Some(Language::Valencian)).await;
    let issued = &world.sede.certificates()[0];
    assert_eq!(issued.language, reference_sede::Language::Ca);
}

#[tokio::test(start_paused = true)]
async fn two_in_one_visit_and_the_pin_once() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.identify(&world, "ordinary").await;
    for _ in 0..2 {
        kiosk.ask_for(individual).await;
        kiosk.take_paper(&world).await;
        kiosk.until("thanks", |page| matches!(page, Page::DocumentTaken { .. })).await;
        kiosk.wish(Intent::Another).await;
        kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
    }
    check_verified(&card, 1);
    assert_eq!(world.sede.certificates().len(), 2, "two documents, each with its own number");
}

#[tokio::test(start_paused = true)]
async fn the_card_may_be_taken_out_before_the_paper() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    kiosk.ask_for(individual).await;
    kiosk.until("the print", |page| matches!(page, Page::Working { .. })).await;
    world.cards.remove();
    kiosk.take_paper(&world).await;
    kiosk.until("the attract page", is_attract).await;
    assert_eq!(told(&world).await.len(), 1);
    assert_eq!(world.sede.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_next_citizen_finds_nothing_of_the_one_before() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    kiosk.leave(&world).await;
    kiosk.come_with(&world, "first-generation").await;
    let page = kiosk.until("the page of the PIN", |page| matches!(page, Page::Pin { .. })).await;
    assert!(matches!(page, Page::Pin { characters: 0, problem: None, tries_left: Some(3), .. }), "{page:?}");
    kiosk.type_pin(PIN).await;
    let page = kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
    let Page::Certificates { name, .. } = page else { unreachable!() };
    assert!(name.contains("Empadronada"), "{name}");
}

//! The sede is away, slow or wrong at each request of a visit: nobody is let in who is not known, no paper is printed
//! that is not the one that was sealed, and no certificate is issued twice for one wish.
use reference_sede::{Endpoint, Fault};

use super::*;

#[tokio::test(start_paused = true)]
async fn before_the_citizen_is_known_he_is_told_and_can_begin_anew() {
    for endpoint in [Endpoint::Sessions, Endpoint::Revocation, Endpoint::Enter, Endpoint::Offers] {
        for fault in [Fault::Refuse, Fault::LoseAnswer, Fault::MalformedJson, Fault::Unavailable] {
            let world = World::new();
            let mut kiosk = Kiosk::start(&world);
            kiosk.until_identifies().await;
            // Lost once: the answer to a second question may come. Every time, until it is cleared:
            world.sede.add_fault(reference_sede::Rule {
                endpoint: Some(endpoint),
                nth: None,
                fault: fault.clone(),
            });
            let card = kiosk.come_with(&world, "ordinary").await;
            let asked = |page: &Page| matches!(page, Page::Pin { .. } | Page::Card { problem: Some(_) });
            let mut typed = 0;
            if let Page::Pin { .. } = kiosk.until("the PIN, or why not", asked).await {
                kiosk.type_pin(PIN).await;
                typed += 1;
            }
            let away = Page::Card { problem: Some(CardProblem::SedeUnreachable) };
            kiosk.until("why it does not go on", |page| *page == away).await;
            check_verified(&card, typed);
            world.sede.set_fault(None);
            world.cards.remove();
            kiosk.until("a place for a card", |page| matches!(page, Page::Card { .. })).await;
            world.cards.insert(card.clone());
            kiosk.type_pin(PIN).await;
            kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
            check_verified(&card, typed + 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_answer_is_lost_is_repeated_and_not_made_twice() {
    for fault in [Fault::LoseAnswer, Fault::CutAnswer, Fault::MalformedJson] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        kiosk.identify(&world, "ordinary").await;
        for nth in 1..=3 {
            world.sede.fail_nth(nth, Some(Endpoint::Certificates), fault.clone());
        }
        kiosk.ask_for(individual).await;
        let unanswered = |page: &Page| {
            matches!(page, Page::DocumentTrouble { trouble: DocumentTrouble::NotReceived, again: true, .. })
        };
        let done = |page: &Page| matches!(page, Page::TakeDocument { .. });
        for _ in 0..4 {
            if done(&kiosk.until("an end", |page| unanswered(page) || done(page)).await) {
                break;
            }
            kiosk.wish(Intent::PrintAgain).await;
            // The page of the work in between may be too short to be seen.
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
        kiosk.take_paper(&world).await;
        assert_eq!(world.sede.certificates().len(), 1, "{fault:?}");
        assert_eq!(told(&world).await.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_document_that_is_not_the_announced_one_is_not_printed() {
    for fault in [Fault::Truncated, Fault::HugeDocument, Fault::LoseAnswer, Fault::CutAnswer] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        kiosk.identify(&world, "ordinary").await;
        let rule =
            reference_sede::Rule { endpoint: Some(Endpoint::Document), nth: None, fault: fault.clone() };
        world.sede.add_fault(rule);
        kiosk.ask_for(individual).await;
        kiosk
            .until("trouble", |page| {
                matches!(page, Page::DocumentTrouble { trouble: DocumentTrouble::NotReceived, .. })
            })
            .await;
        assert_eq!(world.page_printer.papers().len(), 0, "{fault:?}");
        // The same document, once the sede sends it whole.
        world.sede.set_fault(None);
        kiosk.wish(Intent::PrintAgain).await;
        kiosk.take_paper(&world).await;
        assert_eq!(outcomes(&world).await, ["certificate-unprinted", "certificate-printed"], "{fault:?}");
        assert_eq!(world.sede.certificates().len(), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_hash_is_believed_by_nobody() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    let rule =
        reference_sede::Rule { endpoint: Some(Endpoint::Certificates), nth: None, fault: Fault::WrongHash };
    world.sede.add_fault(rule);
    kiosk.ask_for(individual).await;
    kiosk.until("trouble", |page| matches!(page, Page::DocumentTrouble { .. })).await;
    assert_eq!(world.page_printer.papers().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_document_that_trickles_is_printed_whole() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    let rule = reference_sede::Rule {
        endpoint: Some(Endpoint::Document),
        nth: None,
        fault: Fault::Trickle { millis: 100 },
    };
    world.sede.add_fault(rule);
    kiosk.ask_for(individual).await;
    kiosk.take_paper(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_in_its_own_words() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    let fault = Fault::RefuseCertificate { code: "renewal-pending".to_owned() };
    world.sede.add_fault(reference_sede::Rule { endpoint: Some(Endpoint::Certificates), nth: None, fault });
    kiosk.ask_for(individual).await;
    let page = kiosk.until("the refusal", |page| matches!(page, Page::CertificateRefused { .. })).await;
    let Page::CertificateRefused { text, next, .. } = page else { unreachable!() };
    assert!(!text.is_empty() && !next.is_empty());
    kiosk.wish(Intent::Another).await;
    kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn that_nothing_is_offered_is_told_in_its_own_words_in_the_language_of_the_moment() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let fault = Fault::RefuseCertificate { code: "renewal-pending".to_owned() };
    world.sede.add_fault(reference_sede::Rule { endpoint: Some(Endpoint::Offers), nth: None, fault });
    kiosk.come_with(&world, "ordinary").await;
    kiosk.type_pin(PIN).await;
    let told = |page: &Page| match page {
        Page::CardRefused { refusal: ui::CardRefusal::NothingOffered { text, .. } } => Some(text.clone()),
        _ => None,
    };
    let spanish = told(&kiosk.until("why", |page| told(page).is_some()).await).unwrap();
    kiosk.wish(Intent::Language(ui::Language::English)).await;
    let english = kiosk.until("the same in English", |page| told(page).is_some_and(|it| it != spanish)).await;
    assert_eq!(told(&english).as_deref(), Some("This document cannot be issued now."));
    kiosk.leave(&world).await;
    assert_eq!(world.sede.sessions(), 0, "nobody is in");
}

#[tokio::test(start_paused = true)]
async fn away_no_certificates_are_offered_until_it_is_back() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_identifies().await;
    world.sede.set_fault(Some(Fault::Refuse));
    kiosk
        .until("a kiosk without the sede", |page| match page {
            Page::OutOfService => true,
            Page::Attract { services } => services.iter().all(|entry| entry.unavailable.is_some()),
            _ => false,
        })
        .await;
    world.sede.set_fault(None);
    kiosk.until_identifies().await;
}

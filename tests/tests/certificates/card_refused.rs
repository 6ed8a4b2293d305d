//! A card with which nobody goes on: each has its own page, and most are given no PIN.
use super::*;

/// Comes with a card, types the PIN if one is asked for, and is refused; how often the card was given a PIN.
async fn refused(card: &str) -> (CardRefusal, u32) {
    let world = World::new();
    refused_in(&world, card).await
}

async fn refused_in(world: &World, card: &str) -> (CardRefusal, u32) {
    let mut kiosk = Kiosk::start(world);
    let inserted = kiosk.come_with(world, card).await;
    let asked = |page: &Page| matches!(page, Page::Pin { .. } | Page::CardRefused { .. });
    if let Page::Pin { .. } = kiosk.until("a PIN to be asked for, or not", asked).await {
        kiosk.type_pin(PIN).await;
    }
    let page = kiosk.until("a refusal", |page| matches!(page, Page::CardRefused { .. })).await;
    let Page::CardRefused { refusal } = page else { unreachable!() };
    assert_eq!(world.sede.certificates().len(), 0);
    let counts = inserted.snapshot().counts;
    assert_eq!(counts.verifies_in_the_clear, 0);
    // The page stays until the card is out.
    kiosk.leave(world).await;
    assert_eq!(world.sede.sessions(), 0, "nobody is in");
    (refusal, counts.verifies)
}

#[tokio::test(start_paused = true)]
async fn before_a_pin() {
    let blocked = CardRefusal::PinBlocked { dnie: true };
    for (card, refusal) in
        [("unknown", CardRefusal::UnknownCard), ("dead", CardRefusal::DeadCard), ("blocked", blocked)]
    {
        assert_eq!(refused(card).await, (refusal, 0), "{card}");
    }
}

#[tokio::test(start_paused = true)]
async fn for_what_is_behind_the_pin() {
    for (card, refusal) in [
        ("no-certificates", CardRefusal::NoCertificates),
        ("signature-only", CardRefusal::NoCertificates),
        ("stranger", CardRefusal::Untrusted),
        ("weak-key", CardRefusal::Revoked),
        ("revoked", CardRefusal::Revoked),
    ] {
        assert_eq!(refused(card).await, (refusal, 1), "{card}");
    }
}

#[tokio::test(start_paused = true)]
async fn for_its_certificates_that_are_over() {
    let (refusal, given) = refused("expired").await;
    assert!(matches!(refusal, CardRefusal::CertificatesExpired { dnie: true, .. }), "{refusal:?}");
    assert_eq!(given, 1);
}

#[tokio::test(start_paused = true)]
async fn for_a_clock_that_is_wrong_nobody_is_refused() {
    // Ten years ahead every certificate is over; the sede's time says otherwise.
    let mut world = World::new();
    world.certificate = None;
    world.kiosk_clock.set_wrong(10 * 365 * 86_400);
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
}

#[tokio::test(start_paused = true)]
async fn whose_holder_lives_elsewhere() {
    let world = World::new();
    let mut padron = world.sede.padron();
    padron.dwellings.clear();
    world.sede.set_padron(padron);
    assert_eq!(refused_in(&world, "ordinary").await, (CardRefusal::NotRegistered, 1));
}

#[tokio::test(start_paused = true)]
async fn a_number_alone_opens_nothing_of_the_padron() {
    assert_eq!(refused("municipal").await, (CardRefusal::NeedsCertificate, 0));
}

#[tokio::test(start_paused = true)]
async fn a_number_that_was_cancelled() {
    let world = World::new();
    let mut padron = world.sede.padron();
    padron.cards.iter_mut().for_each(|card| card.cancelled = true);
    world.sede.set_padron(padron);
    assert_eq!(refused_in(&world, "municipal").await, (CardRefusal::CardCancelled, 0));
}

#[tokio::test(start_paused = true)]
async fn upside_down_it_is_asked_for_again() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.come_with(&world, "upside-down").await;
    let mute = Page::Card { problem: Some(CardProblem::Mute) };
    kiosk.until("words about the side", |page| *page == mute).await;
    world.cards.remove();
    world.cards.insert(world.card("ordinary"));
    kiosk.type_pin(PIN).await;
    kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
}

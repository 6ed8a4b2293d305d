//! A petition that the citizen's DNIe signs with its certificate for signatures: registered once and by that, or not at
//! all, and then the other way to sign is still there. Each typed PIN goes to the card once.
use reference_sede::{Endpoint, Fault, Revocation, Rule};
use simulators::smartcard::{CardFault, VirtualCard};
use ui::{PetitionTrouble, PinProblem, SignatureProblem, Work};

use super::*;

const WRONG: &str = "Prueba2025";

/// With a card of the drawer and a document of several parts, on the consent.
async fn to_consent(kiosk: &mut Kiosk, world: &World, card: &str) -> VirtualCard {
    world.sede.set_part_bytes(16 * 1024);
    let drawn = world.citizens.card(card).expect("a card of this name in the drawer");
    let inserted = kiosk.come_for(Service::Petition, world, card).await;
    kiosk.type_pin(drawn.pin.expect("a card with a PIN")).await;
    write_petition(kiosk).await;
    add_document(kiosk, 0).await;
    from_the_glass(kiosk, world, 3).await;
    to_check(kiosk).await;
    kiosk.wish(Intent::Confirm).await;
    consent(kiosk, None).await;
    inserted
}

/// The consent, with this problem; whether the card's own signature is offered.
async fn consent(kiosk: &mut Kiosk, wanted: Option<SignatureProblem>) -> bool {
    let is_it = |page: &Page| matches!(page, Page::Consent { problem, .. } if *problem == wanted);
    let page = kiosk.until("the consent", is_it).await;
    matches!(page, Page::Consent { own_signature: true, .. })
}

/// From the consent to the PIN that signs.
async fn to_pin(kiosk: &mut Kiosk) {
    kiosk.wish(Intent::SignWithCard).await;
    kiosk.until("the PIN to sign", |page| matches!(page, Page::Pin { signs: true, characters: 0, .. })).await;
}

/// The card's PINs and signatures so far, and the channel that is open to it.
#[track_caller]
fn check_card(card: &VirtualCard, channel: Option<&str>, verifies: u32, keys: &[u8]) {
    let seen = card.snapshot();
    assert_eq!((seen.counts.verifies, seen.counts.verifies_in_the_clear), (verifies, 0));
    assert_eq!(seen.signatures.iter().map(|of| of.key).collect::<Vec<_>>(), keys);
    assert_eq!(seen.channel, channel);
}

/// Nothing is registered, and no draft is left.
async fn check_nothing_is_registered(world: &World) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((world.sede.petitions().len(), world.sede.drafts()), (0, 0));
}

/// The way by consent still works.
async fn consents(kiosk: &mut Kiosk, world: &World) {
    kiosk.wish(Intent::Confirm).await;
    let ended = kiosk.until("an end", is_end).await;
    assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
    let petition = check_registered(world, 1);
    assert!(petition.will.starts_with("consent"), "{}", petition.will);
    check_nothing_is_left(kiosk, world).await;
}

#[tokio::test(start_paused = true)]
async fn every_generation_of_the_dnie_registers_by_its_own_signature() {
    for card in ["ordinary", "first-generation", "renewed-key"] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        let inserted = to_consent(&mut kiosk, &world, card).await;
        check_card(&inserted, None, 1, &[1]);
        to_pin(&mut kiosk).await;
        assert_eq!((world.sede.petitions().len(), world.sede.drafts()), (0, 1), "uploaded before the PIN");
        kiosk.type_pin(PIN).await;
        let ended = kiosk.until("an end", is_end).await;
        assert!(matches!(ended, Page::Registered { receipt: Slip::Printed, .. }), "{card}: {ended:?}");
        let petitions = world.sede.petitions();
        let [petition] = petitions.as_slice() else { panic!("{petitions:#?}") };
        assert_eq!((petition.will.as_str(), petition.files.len()), ("signature", 1), "{card}");
        let number = world.citizens.card(card).unwrap().citizen.unwrap().number;
        assert_eq!(petition.holder, number);
        check_card(&inserted, None, 2, &[1, 2]);
        check_nothing_is_left(&mut kiosk, &world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_without_a_certificate_for_signatures_is_not_offered_it() {
    for (card, pin, key) in [("pkcs15", "2468", 3), ("fnmt", PIN, 1)] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        let inserted = kiosk.come_for(Service::Petition, &world, card).await;
        kiosk.type_pin(pin).await;
        write_petition(&mut kiosk).await;
        to_check(&mut kiosk).await;
        kiosk.wish(Intent::Confirm).await;
        assert!(!consent(&mut kiosk, None).await, "{card}");
        kiosk.wish(Intent::SignWithCard).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert!(matches!(kiosk.page(), Page::Consent { .. }), "{card}");
        check_card(&inserted, None, 1, &[key]);
        check_nothing_is_left(&mut kiosk, &world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_pin_is_typed_again_for_the_same_draft() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = to_consent(&mut kiosk, &world, "ordinary").await;
    to_pin(&mut kiosk).await;
    kiosk.type_pin(WRONG).await;
    let is_wrong = |page: &Page| {
        let wrong = Some(PinProblem::Wrong);
        matches!(page, Page::Pin { problem, tries_left: Some(2), characters: 0, signs: true, .. } if *problem == wrong)
    };
    kiosk.until("what was wrong", is_wrong).await;
    check_card(&card, Some("pin"), 2, &[1]);
    assert_eq!((world.sede.petitions().len(), world.sede.drafts()), (0, 1));
    kiosk.type_pin(PIN).await;
    let ended = kiosk.until("an end", is_end).await;
    assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
    assert_eq!(check_registered(&world, 1).will, "signature");
    check_card(&card, None, 3, &[1, 2]);
    assert_eq!(card.snapshot().tries_left, Some(3));
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn the_last_try_is_used_by_who_wants_to_and_by_nobody_else() {
    for uses in [true, false] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        let card = to_consent(&mut kiosk, &world, "ordinary").await;
        card.fault(CardFault::TriesLeft { tries: 1 });
        kiosk.wish(Intent::SignWithCard).await;
        kiosk.until("the warning", |page| *page == Page::LastTry).await;
        check_card(&card, Some("pin"), 1, &[1]);
        if uses {
            kiosk.wish(Intent::Confirm).await;
            kiosk.type_pin(PIN).await;
            let ended = kiosk.until("an end", is_end).await;
            assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
            assert_eq!(check_registered(&world, 1).will, "signature");
            check_card(&card, None, 2, &[1, 2]);
            check_nothing_is_left(&mut kiosk, &world).await;
        } else {
            kiosk.wish(Intent::Cancel).await;
            assert!(consent(&mut kiosk, None).await);
            check_nothing_is_registered(&world).await;
            check_card(&card, None, 1, &[1]);
            assert_eq!(card.snapshot().tries_left, Some(1));
            consents(&mut kiosk, &world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pin_that_is_blocked_is_said_and_consent_is_still_a_way() {
    for typed in [true, false] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        let card = to_consent(&mut kiosk, &world, "ordinary").await;
        card.fault(CardFault::TriesLeft { tries: u8::from(typed) });
        kiosk.wish(Intent::SignWithCard).await;
        if typed {
            kiosk.until("the warning", |page| *page == Page::LastTry).await;
            kiosk.wish(Intent::Confirm).await;
            kiosk.type_pin(WRONG).await;
        }
        assert!(!consent(&mut kiosk, Some(SignatureProblem::PinBlocked)).await);
        check_nothing_is_registered(&world).await;
        check_card(&card, None, 1 + u32::from(typed), &[1]);
        consents(&mut kiosk, &world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_certificate_for_signatures_that_was_revoked_signs_nothing() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = to_consent(&mut kiosk, &world, "ordinary").await;
    // The drawer's ordinary card has 1000 for authentication and 1001 for signatures.
    let revoked = Revocation::Revoked { since: world.clock.time() };
    world.sede.set_revocation(Some(&1001u64.to_be_bytes()), revoked);
    to_pin(&mut kiosk).await;
    kiosk.type_pin(PIN).await;
    assert!(!consent(&mut kiosk, Some(SignatureProblem::Unusable)).await);
    check_nothing_is_registered(&world).await;
    check_card(&card, None, 2, &[1, 2]);
    consents(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn who_turns_back_from_the_pin_leaves_no_draft_and_can_begin_again() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = to_consent(&mut kiosk, &world, "ordinary").await;
    for intent in [Intent::Back, Intent::Cancel] {
        to_pin(&mut kiosk).await;
        kiosk.press("1234").await;
        kiosk.wish(intent).await;
        assert!(consent(&mut kiosk, None).await);
        check_nothing_is_registered(&world).await;
        check_card(&card, None, 1, &[1]);
    }
    to_pin(&mut kiosk).await;
    kiosk.type_pin(PIN).await;
    kiosk.until("an end", is_end).await;
    assert_eq!(check_registered(&world, 1).will, "signature");
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn a_card_taken_out_before_it_has_signed_ends_it_and_nothing_is_registered() {
    for stage in ["reading", "keys", "signing"] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        let card = to_consent(&mut kiosk, &world, "ordinary").await;
        card.fault(CardFault::Slow { millis: 100 });
        kiosk.wish(Intent::SignWithCard).await;
        if stage == "reading" {
            kiosk.until("the card", |page| *page == Page::Working { work: Work::ReadingCard }).await;
        } else {
            kiosk.until("the PIN", |page| matches!(page, Page::Pin { signs: true, .. })).await;
            kiosk.press(PIN).await;
        }
        if stage == "signing" {
            kiosk.wish(Intent::Confirm).await;
            kiosk.until("the card at work", |page| *page == Page::Working { work: Work::CheckingPin }).await;
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
        check_nothing_is_left(&mut kiosk, &world).await;
        assert_eq!(world.sede.petitions().len(), 0, "{stage}");
        let seen = card.snapshot();
        assert_eq!(seen.counts.verifies, 1 + u32::from(stage == "signing"), "{stage}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_that_fails_at_any_command_after_its_pin_registers_nothing() {
    for command in [1, 2, 6, 12, 18, 24] {
        for fault in [
            CardFault::Pulled { command, acted: false },
            CardFault::Pulled { command, acted: true },
            CardFault::PowerLost { command },
        ] {
            let world = World::new();
            let mut kiosk = Kiosk::start(&world);
            let card = to_consent(&mut kiosk, &world, "ordinary").await;
            to_pin(&mut kiosk).await;
            card.fault(fault);
            kiosk.type_pin(PIN).await;
            let failed = Some(SignatureProblem::Failed);
            let is_over = |page: &Page| {
                is_attract(page) || matches!(page, Page::Consent { problem, .. } if *problem == failed)
            };
            kiosk.until("that nothing was signed", is_over).await;
            check_nothing_is_registered(&world).await;
            let seen = card.snapshot();
            assert!(seen.counts.verifies <= 2 && seen.signatures.len() == 1, "{fault:?}: {seen:?}");
            check_nothing_is_left(&mut kiosk, &world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn once_the_card_has_signed_it_is_registered_without_it() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_consent(&mut kiosk, &world, "ordinary").await;
    to_pin(&mut kiosk).await;
    // Longer than the kiosk waits: it asks again.
    world.sede.fail_nth(1, Some(Endpoint::RegisterPetition), Fault::Slow { millis: 20_000 });
    kiosk.type_pin(PIN).await;
    kiosk.until("the registry", |page| *page == Page::Working { work: Work::Registering }).await;
    world.cards.remove();
    let ended = kiosk.until("an end", is_end).await;
    assert!(matches!(ended, Page::Registered { receipt: Slip::Printed, .. }), "{ended:?}");
    assert_eq!(check_registered(&world, 1).will, "signature");
    kiosk.wish(Intent::Confirm).await;
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn what_the_sede_loses_is_asked_for_again_and_signed_and_registered_once() {
    for endpoint in [Endpoint::OpenPetition, Endpoint::UploadPart, Endpoint::RegisterPetition] {
        for fault in [Fault::Refuse, Fault::LoseAnswer, Fault::CutAnswer, Fault::Unavailable] {
            let world = World::new();
            let mut kiosk = Kiosk::start(&world);
            let card = to_consent(&mut kiosk, &world, "ordinary").await;
            world.sede.fail_nth(1, Some(endpoint), fault.clone());
            to_pin(&mut kiosk).await;
            kiosk.type_pin(PIN).await;
            let ended = kiosk.until("an end", is_end).await;
            assert!(matches!(ended, Page::Registered { .. }), "{endpoint:?} {fault:?}: {ended:?}");
            assert_eq!(check_registered(&world, 1).will, "signature");
            check_card(&card, None, 2, &[1, 2]);
            check_nothing_is_left(&mut kiosk, &world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_sede_is_away_nothing_is_registered_and_it_can_be_sent_again() {
    for endpoint in [Endpoint::OpenPetition, Endpoint::UploadPart, Endpoint::Revocation] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        let card = to_consent(&mut kiosk, &world, "ordinary").await;
        world.sede.add_fault(Rule { endpoint: Some(endpoint), nth: None, fault: Fault::Refuse });
        let not_sent = Page::PetitionTrouble { trouble: PetitionTrouble::NotSent };
        if endpoint == Endpoint::Revocation {
            to_pin(&mut kiosk).await;
            kiosk.type_pin(PIN).await;
        } else {
            kiosk.wish(Intent::SignWithCard).await;
        }
        kiosk.until("that it is not sent", |page| *page == not_sent).await;
        check_nothing_is_registered(&world).await;
        world.sede.set_fault(None);
        kiosk.wish(Intent::Confirm).await;
        assert!(consent(&mut kiosk, None).await);
        let before = card.snapshot().counts.verifies;
        to_pin(&mut kiosk).await;
        kiosk.type_pin(PIN).await;
        let ended = kiosk.until("an end", |page| is_end(page) && *page != not_sent).await;
        assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
        assert_eq!(check_registered(&world, 1).will, "signature");
        assert_eq!(card.snapshot().counts.verifies, before + 1);
        check_nothing_is_left(&mut kiosk, &world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_from_the_pin_is_forgotten_as_soon_as_from_any_other() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = to_consent(&mut kiosk, &world, "ordinary").await;
    to_pin(&mut kiosk).await;
    kiosk.press("12345678").await;
    let before = tokio::time::Instant::now();
    kiosk.until("the card to be taken", |page| *page == Page::TakeCard).await;
    assert!(before.elapsed() <= Duration::from_secs(95), "{:?}", before.elapsed());
    check_nothing_is_registered(&world).await;
    check_card(&card, None, 1, &[1]);
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn the_power_goes_before_the_card_has_signed_and_nothing_is_registered() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_consent(&mut kiosk, &world, "ordinary").await;
    to_pin(&mut kiosk).await;
    kiosk.press(PIN).await;
    kiosk.die().await;
    world.cards.remove();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_offered(Service::Petition).await;
    check_nothing_is_left(&mut kiosk, &world).await;
    assert_eq!(world.sede.petitions().len(), 0);
}

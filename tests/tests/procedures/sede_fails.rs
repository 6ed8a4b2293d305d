//! The sede is away, slow or wrong while a petition is on its way: it is registered once, or not at all and said so.
use reference_sede::{Endpoint, Fault, Rule};
use ui::PetitionTrouble;

use super::*;

/// With a document of several parts, on the page where everything is checked.
async fn checked() -> (World, Kiosk) {
    let world = World::new();
    world.sede.set_part_bytes(16 * 1024);
    let mut kiosk = Kiosk::start(&world);
    to_documents(&mut kiosk, &world).await;
    add_document(&mut kiosk, 0).await;
    from_the_glass(&mut kiosk, &world, 3).await;
    to_check(&mut kiosk).await;
    (world, kiosk)
}

#[tokio::test(start_paused = true)]
async fn what_is_lost_once_at_any_step_is_asked_for_again_and_registered_once() {
    for endpoint in [Endpoint::OpenPetition, Endpoint::UploadPart, Endpoint::RegisterPetition] {
        for fault in
            [Fault::Refuse, Fault::LoseAnswer, Fault::CutAnswer, Fault::MalformedJson, Fault::Unavailable]
        {
            for nth in 1..=2 {
                let (world, mut kiosk) = checked().await;
                world.sede.fail_nth(nth, Some(endpoint), fault.clone());
                let ended = present(&mut kiosk).await;
                assert!(matches!(ended, Page::Registered { .. }), "{endpoint:?} {fault:?}: {ended:?}");
                check_registered(&world, 1);
                check_nothing_is_left(&mut kiosk, &world).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn away_for_long_it_is_said_that_nothing_is_registered_and_it_can_be_sent_again() {
    for endpoint in [Endpoint::OpenPetition, Endpoint::UploadPart] {
        let (world, mut kiosk) = checked().await;
        world.sede.add_fault(Rule { endpoint: Some(endpoint), nth: None, fault: Fault::Refuse });
        let ended = present(&mut kiosk).await;
        let not_sent = Page::PetitionTrouble { trouble: PetitionTrouble::NotSent };
        assert_eq!(ended, not_sent, "{endpoint:?}");
        assert_eq!(world.sede.petitions().len(), 0);
        world.sede.set_fault(None);
        kiosk.wish(Intent::Confirm).await;
        kiosk.until("the consent", |page| matches!(page, Page::Consent { .. })).await;
        kiosk.wish(Intent::Confirm).await;
        let ended = kiosk.until("an end", |page| is_end(page) && *page != not_sent).await;
        assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
        check_registered(&world, 1);
        check_nothing_is_left(&mut kiosk, &world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn when_nobody_knows_whether_it_is_registered_that_is_said_with_a_number() {
    let (world, mut kiosk) = checked().await;
    world.sede.add_fault(Rule {
        endpoint: Some(Endpoint::RegisterPetition),
        nth: None,
        fault: Fault::LoseAnswer,
    });
    let ended = present(&mut kiosk).await;
    let Page::PetitionTrouble { trouble: PetitionTrouble::RegisteredUnknown { reference } } = ended else {
        panic!("{ended:?}")
    };
    let petitions = world.sede.petitions();
    assert_eq!(petitions.iter().map(|of| of.request.as_str()).collect::<Vec<_>>(), [reference]);
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn a_part_that_is_damaged_on_the_way_is_sent_again() {
    let (world, mut kiosk) = checked().await;
    for nth in [1, 2, 3] {
        world.sede.fail_nth(nth, Some(Endpoint::UploadPart), Fault::WrongHash);
    }
    let ended = present(&mut kiosk).await;
    assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
    check_registered(&world, 1);
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn without_the_sede_nobody_begins_to_write() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_offered(Service::Petition).await;
    world.sede.add_fault(Rule {
        endpoint: Some(Endpoint::PetitionOptions),
        nth: None,
        fault: Fault::Unavailable,
    });
    kiosk.come_for(Service::Petition, &world, "ordinary").await;
    kiosk.type_pin(PIN).await;
    let away = Page::Card { problem: Some(ui::CardProblem::SedeUnreachable) };
    kiosk.until("why it does not go on", |page| *page == away).await;
    check_nothing_is_left(&mut kiosk, &world).await;
}

//! The power goes at each request of a presentation: it is registered once or not at all, and the kiosk that comes
//! back knows nobody.
use reference_sede::{Endpoint, Fault, Rule};

use super::*;

#[tokio::test(start_paused = true)]
async fn at_each_request_it_is_registered_once_or_not_at_all() {
    for (endpoint, nth, registered) in [
        (Endpoint::OpenPetition, 1, false),
        (Endpoint::UploadPart, 1, false),
        (Endpoint::UploadPart, 3, false),
        (Endpoint::RegisterPetition, 1, true),
    ] {
        let world = World::new();
        world.sede.set_part_bytes(16 * 1024);
        let mut kiosk = Kiosk::start(&world);
        to_documents(&mut kiosk, &world).await;
        add_document(&mut kiosk, 0).await;
        from_the_glass(&mut kiosk, &world, 3).await;
        to_check(&mut kiosk).await;
        // The request arrives, and its answer does not: the power goes while it is waited for.
        if registered {
            world.sede.add_fault(Rule { endpoint: Some(endpoint), nth: None, fault: Fault::LoseAnswer });
        } else {
            world.sede.fail_nth(nth, Some(endpoint), Fault::Hang);
        }
        kiosk.wish(Intent::Confirm).await;
        kiosk.until("the consent", |page| matches!(page, Page::Consent { .. })).await;
        kiosk.wish(Intent::Confirm).await;
        kiosk.until("the work", |page| matches!(page, Page::Working { .. })).await;
        // Shorter than any deadline: the request is under way.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(world.sede.drafts(), usize::from(endpoint == Endpoint::UploadPart), "{endpoint:?} {nth}");
        kiosk.die().await;
        world.cards.remove();
        world.sede.set_fault(None);
        let mut kiosk = Kiosk::start(&world);
        kiosk.until_offered(Service::Petition).await;
        check_nothing_is_left(&mut kiosk, &world).await;
        assert_eq!(world.sede.petitions().len(), usize::from(registered), "{endpoint:?} {nth}");
    }
}

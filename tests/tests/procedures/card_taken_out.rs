//! The card is taken out on each page of a petition: before it is agreed to nothing is presented and nothing is left;
//! what was agreed to is registered, and its receipt printed.
use super::*;

/// Leads to one page of the petition.
async fn lead(kiosk: &mut Kiosk, world: &World, stage: usize) {
    if stage == 0 {
        kiosk.come_for(Service::Petition, world, "ordinary").await;
        kiosk.type_pin(PIN).await;
        kiosk.until("to whom", |page| matches!(page, Page::Choose { .. })).await;
        return;
    }
    to_documents(kiosk, world).await;
    if stage >= 2 {
        add_document(kiosk, 0).await;
    }
    if stage >= 3 {
        world.saned.lay(sheet(9));
        kiosk.until("a scanner", |page| matches!(page, Page::ScanFrom { flatbed: true, .. })).await;
        kiosk.wish(Intent::Choose(1)).await;
        kiosk.until("the page", |page| matches!(page, Page::ScannedPage { .. })).await;
    }
    if stage >= 4 {
        kiosk.wish(Intent::Confirm).await;
        kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
        to_check(kiosk).await;
    }
    if stage >= 5 {
        kiosk.wish(Intent::Confirm).await;
        kiosk.until("the consent", |page| matches!(page, Page::Consent { .. })).await;
    }
}

#[tokio::test(start_paused = true)]
async fn before_it_is_agreed_to_nothing_is_presented() {
    for stage in 0..=5 {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        lead(&mut kiosk, &world, stage).await;
        check_nothing_is_left(&mut kiosk, &world).await;
        assert_eq!(world.sede.petitions().len(), 0, "stage {stage}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_agreed_to_is_registered_without_the_card() {
    let world = World::new();
    world.sede.set_part_bytes(4096);
    let mut kiosk = Kiosk::start(&world);
    lead(&mut kiosk, &world, 5).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk
        .until("the upload", |page| matches!(page, Page::Working { work: ui::Work::Uploading { .. } }))
        .await;
    world.cards.remove();
    let ended = kiosk.until("an end", is_end).await;
    assert!(matches!(ended, Page::Registered { receipt: Slip::Printed, .. }), "{ended:?}");
    check_registered(&world, 1);
    kiosk.wish(Intent::Another).await;
    kiosk.until("the attract page", is_attract).await;
    check_nothing_is_left(&mut kiosk, &world).await;
}

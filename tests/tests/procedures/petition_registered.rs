//! Three documents, one of them of five sheets; a page is turned, one is removed, and one is scanned again.
use super::*;

#[tokio::test(start_paused = true)]
async fn what_is_scanned_is_what_the_registry_has_and_the_receipt_says() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    to_documents(&mut kiosk, &world).await;

    add_document(&mut kiosk, 0).await;
    world.saned.feed((1..=5).map(|seed| sheet(seed).into()));
    kiosk.wish(Intent::Choose(0)).await;
    // Both sides of each are read.
    kiosk.until("all sheets", |page| *page == Page::MoreSheets { pages: 10, blanks: 5 }).await;
    kiosk.wish(Intent::RemoveBlank).await;
    let on =
        |number: u16| move |page: &Page| matches!(page, Page::ScannedPage { page, .. } if *page == number);
    kiosk.until("the first page", on(1)).await;
    kiosk.wish(Intent::PageForward).await;
    let Page::ScannedPage { picture: before, .. } = kiosk.until("the second page", on(2)).await else {
        panic!()
    };
    kiosk.wish(Intent::Turn).await;
    let is_turned =
        |page: &Page| matches!(page, Page::ScannedPage { picture, .. } if picture.width == before.height);
    kiosk.until("the page on its side", is_turned).await;
    kiosk.wish(Intent::PageForward).await;
    kiosk.until("the third page", on(3)).await;
    kiosk.wish(Intent::RemovePage).await;
    kiosk.until("four pages", |page| matches!(page, Page::ScannedPage { page: 3, pages: 4, .. })).await;
    kiosk.wish(Intent::ScanAgain).await;
    kiosk.until("where it lies", |page| matches!(page, Page::ScanFrom { pages: 4, .. })).await;
    world.saned.lay(sheet(40));
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("its new picture", |page| matches!(page, Page::ScannedPage { page: 3, pages: 4, .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk
        .until("the documents", |page| matches!(page, Page::Attachments { items, .. } if items.len() == 1))
        .await;

    for kind in [1, 2] {
        add_document(&mut kiosk, kind).await;
        from_the_glass(&mut kiosk, &world, 50 + kind).await;
    }
    to_check(&mut kiosk).await;
    let ended = present(&mut kiosk).await;
    assert!(matches!(ended, Page::Registered { receipt: Slip::Printed, .. }), "{ended:?}");
    let petition = check_registered(&world, 3);
    let pages: Vec<u32> = petition.files.iter().map(|file| file.pages).collect();
    assert_eq!((pages, petition.body.as_str()), (vec![4, 1, 1], "LA0030149"));
    assert_eq!((petition.notified.as_str(), petition.represented), ("electronic", None));
    assert!(petition.will.starts_with("consent"), "{}", petition.will);
    kiosk.wish(Intent::Confirm).await;
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn without_documents_for_somebody_else_and_by_post() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.come_for(Service::Petition, &world, "ordinary").await;
    kiosk.type_pin(PIN).await;
    kiosk.until("to whom", |page| matches!(page, Page::Choose { .. })).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.write(WriteField::RepresentedNumber, "X1234567L").await;
    kiosk.write(WriteField::RepresentedName, "Vecino").await;
    kiosk.write(WriteField::RepresentedSurnames, "de Prueba").await;
    kiosk.write(WriteField::Facts, FACTS).await;
    kiosk.write(WriteField::Request, REQUEST).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("how to notify", |page| matches!(page, Page::Notification { .. })).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.write(WriteField::PostalAddress, "C/ Mayor, 12\n30149 Villa de Prueba").await;
    kiosk.write(WriteField::Telephone, "600 000 000").await;
    kiosk.skip(WriteField::Email).await;
    kiosk.until("the check", |page| matches!(page, Page::PetitionCheck { represented: Some(_), .. })).await;
    let ended = present(&mut kiosk).await;
    assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
    let petition = check_registered(&world, 0);
    assert_eq!(petition.notified, "postal");
    assert!(petition.represented.is_some_and(|of| of.contains("X1234567L")));
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn who_has_come_for_a_certificate_is_known_for_a_petition() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    let card = kiosk.identify(&world, "ordinary").await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the menu", |page| matches!(page, Page::Menu { .. })).await;
    kiosk.wish(Intent::Service(Service::Petition)).await;
    kiosk.until("to whom", |page| matches!(page, Page::Choose { .. })).await;
    assert_eq!(card.snapshot().counts.verifies, 1, "the PIN is typed once");
}

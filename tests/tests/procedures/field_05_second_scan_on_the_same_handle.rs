//! Field case 5: a scanner without a name whose driver refuses a second START after CANCEL until it is opened anew.
//! The citizen scans, looks, scans the page again, and two more.
use simulators::saned::{Call, SanedFault};

use super::*;

/// SANE_STATUS_INVAL.
const INVAL: u32 = 4;

async fn nameless() -> (World, Kiosk) {
    let world = World::new();
    world.saned.change(|config| (config.vendor, config.model) = (None, Some(String::new())));
    world.saned.fault(SanedFault::NoStartAfterCancel);
    let mut kiosk = Kiosk::start(&world);
    to_documents(&mut kiosk, &world).await;
    add_document(&mut kiosk, 0).await;
    scan(&mut kiosk, &world, 1).await;
    (world, kiosk)
}

/// Scans what is laid on the glass, to the page that shows it.
async fn scan(kiosk: &mut Kiosk, world: &World, seed: u8) {
    world.saned.lay(sheet(seed));
    kiosk.until("a scanner", |page| matches!(page, Page::ScanFrom { flatbed: true, .. })).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("the page", |page| matches!(page, Page::ScannedPage { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn a_page_is_scanned_again_and_two_more_follow_in_their_order() {
    let (world, mut kiosk) = nameless().await;
    kiosk.wish(Intent::ScanAgain).await;
    scan(&mut kiosk, &world, 2).await;
    for (seed, pages) in [(3, 2), (4, 3)] {
        kiosk.wish(Intent::AddPage).await;
        scan(&mut kiosk, &world, seed).await;
        let page = kiosk.page();
        assert!(
            matches!(page, Page::ScannedPage { page: at, pages: all, .. } if (at, all) == (pages, pages)),
            "{page:?}"
        );
    }
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    to_check(&mut kiosk).await;
    present(&mut kiosk).await;
    assert_eq!(check_registered(&world, 1).files[0].pages, 3);
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn when_it_cannot_be_opened_again_the_petition_is_not_lost() {
    let (world, mut kiosk) = nameless().await;
    world.saned.fault(SanedFault::Refuse { call: Call::Open, after: 0, status: INVAL });
    kiosk.wish(Intent::AddPage).await;
    world.saned.lay(sheet(2));
    kiosk.until("a scanner", |page| matches!(page, Page::ScanFrom { .. })).await;
    kiosk.wish(Intent::Choose(1)).await;
    let told =
        |page: &Page| matches!(page, Page::ScanFrom { pages: 1, problem: Some(ScanProblem::Failed), .. });
    kiosk.until("what went wrong", told).await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the page that there is", |page| matches!(page, Page::ScannedPage { pages: 1, .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    to_check(&mut kiosk).await;
    present(&mut kiosk).await;
    assert_eq!(check_registered(&world, 1).files[0].pages, 1);
}

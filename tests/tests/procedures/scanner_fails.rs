//! The scanner fails in every way: what was read so far is kept, the citizen is told what to do, and goes on.
use simulators::saned::{Call, SanedFault};

use super::*;

/// SANE_Status.
const JAMMED: u32 = 6;
const COVER_OPEN: u32 = 8;
const IO_ERROR: u32 = 9;

/// Pages that are kept, and what is said.
async fn told(kiosk: &mut Kiosk) -> (u16, ScanProblem) {
    let page =
        kiosk.until("what went wrong", |page| matches!(page, Page::ScanFrom { problem: Some(_), .. })).await;
    let Page::ScanFrom { pages, problem: Some(problem), .. } = page else { panic!() };
    (pages, problem)
}

/// On the page that asks where the sheets lie.
async fn to_the_scanner() -> (World, Kiosk) {
    let world = World::new();
    world.saned.change(|config| config.double_feed_switch = true);
    let mut kiosk = Kiosk::start(&world);
    to_documents(&mut kiosk, &world).await;
    add_document(&mut kiosk, 0).await;
    kiosk.until("a scanner", |page| matches!(page, Page::ScanFrom { feeder: true, .. })).await;
    (world, kiosk)
}

/// The rest of the sheets is read, and the petition is registered.
async fn goes_on(kiosk: &mut Kiosk, world: &World, pages: u16) {
    if world.saned.snapshot().sheets_left == 0 {
        world.saned.feed([sheet(77).into()]);
    }
    kiosk.until("a scanner", |page| matches!(page, Page::ScanFrom { feeder: true, .. })).await;
    kiosk.wish(Intent::Choose(0)).await;
    let read = |page: &Page| matches!(page, Page::MoreSheets { .. } | Page::ScannedPage { .. });
    if let Page::MoreSheets { .. } = kiosk.until("the page", read).await {
        kiosk.wish(Intent::RemoveBlank).await;
    }
    let all = |page: &Page| matches!(page, Page::ScannedPage { pages: all, .. } if *all == pages);
    kiosk.until("the pages", all).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    to_check(kiosk).await;
    let ended = present(kiosk).await;
    assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
    assert_eq!(check_registered(world, 1).files[0].pages, u32::from(pages));
    check_nothing_is_left(kiosk, world).await;
}

#[tokio::test(start_paused = true)]
async fn at_the_second_sheet_the_first_is_kept() {
    for (fault, problem) in [
        (SanedFault::NoPage { page: 2, status: JAMMED }, ScanProblem::Jam),
        (SanedFault::NoPage { page: 2, status: COVER_OPEN }, ScanProblem::CoverOpen),
        (SanedFault::NoPage { page: 2, status: IO_ERROR }, ScanProblem::Failed),
        (SanedFault::TornPage { page: 2, rows: 100, status: 6 }, ScanProblem::Jam),
        (SanedFault::DoubleFeed { page: 2 }, ScanProblem::DoubleFeed),
    ] {
        let (world, mut kiosk) = to_the_scanner().await;
        world.saned.feed([sheet(1).into(), sheet(2).into()]);
        world.saned.fault(fault);
        kiosk.wish(Intent::Choose(0)).await;
        assert_eq!(told(&mut kiosk).await, (1, problem), "{fault:?}");
        world.saned.clear_faults();
        goes_on(&mut kiosk, &world, 2).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_feeder_is_said_and_nothing_is_lost() {
    let (world, mut kiosk) = to_the_scanner().await;
    kiosk.wish(Intent::Choose(0)).await;
    assert_eq!(told(&mut kiosk).await, (0, ScanProblem::FeederEmpty));
    goes_on(&mut kiosk, &world, 1).await;
}

#[tokio::test(start_paused = true)]
async fn the_scan_service_is_killed_in_the_middle_of_a_page() {
    let (world, mut kiosk) = to_the_scanner().await;
    world.saned.feed([sheet(1).into()]);
    world.saned.fault(SanedFault::Silent { after: 5000 });
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.until("the scan", |page| matches!(page, Page::Working { .. })).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    world.saned.kill();
    assert_eq!(told(&mut kiosk).await, (0, ScanProblem::Failed));
    world.saned.clear_faults();
    world.saned.start();
    goes_on(&mut kiosk, &world, 1).await;
}

#[tokio::test(start_paused = true)]
async fn one_that_hears_nothing_is_to_be_started_again() {
    for fault in
        [SanedFault::Deaf(Call::Start), SanedFault::Deaf(Call::Open), SanedFault::Silent { after: 5000 }]
    {
        let (world, mut kiosk) = to_the_scanner().await;
        world.saned.feed([sheet(1).into()]);
        world.saned.fault(fault);
        kiosk.wish(Intent::Choose(0)).await;
        assert_eq!(told(&mut kiosk).await.1, ScanProblem::Failed, "{fault:?}");
        let request = world.data.path().join("restart/saned");
        kiosk
            .until("no scanner", |page| matches!(page, Page::ScanFrom { feeder: false, flatbed: false, .. }))
            .await;
        assert!(request.exists(), "{fault:?}: whoever starts services is asked");
        world.saned.kill();
        world.saned.clear_faults();
        world.saned.start();
        goes_on(&mut kiosk, &world, 1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn unplugged_it_is_not_offered_and_the_petition_goes_without() {
    let (world, mut kiosk) = to_the_scanner().await;
    world.saned.plug(false);
    kiosk
        .until("no scanner", |page| matches!(page, Page::ScanFrom { feeder: false, flatbed: false, .. }))
        .await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    to_check(&mut kiosk).await;
    let ended = present(&mut kiosk).await;
    assert!(matches!(ended, Page::Registered { .. }), "{ended:?}");
    check_registered(&world, 0);
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn the_citizen_stops_it_and_it_lets_go_of_the_paper() {
    let (world, mut kiosk) = to_the_scanner().await;
    world.saned.feed((1..=4).map(|seed| sheet(seed).into()));
    world.saned.fault(SanedFault::Slow { milliseconds: 500 });
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.until("the scan", |page| matches!(page, Page::Working { .. })).await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the question", |page| matches!(page, Page::ScanFrom { problem: None, .. })).await;
    world.saned.clear_faults();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let left = world.saned.snapshot().sheets_left;
    assert!(left >= 3, "the rest is not drawn in: {left}");
    kiosk.wish(Intent::Choose(0)).await;
    let read = |page: &Page| matches!(page, Page::MoreSheets { .. });
    kiosk.until("the rest", read).await;
}

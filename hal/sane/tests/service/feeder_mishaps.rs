//! Paper.
use hal_device::Status;
use hal_sane::{Remedy, ScanError, ScanWish, Source};
use simulators::saned::{Picture, SanedConfig, SanedFault, Sheet};

use crate::kiosk::{FEEDER, GLASS, Kiosk, reason, sheets, shows};

async fn kiosk(count: u8) -> Kiosk {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    kiosk.saned.feed(sheets(count).into_iter().map(Sheet::from));
    kiosk
}

#[tokio::test(start_paused = true)]
async fn an_empty_feeder_and_then_one_with_paper() {
    let kiosk = kiosk(0).await;
    let error = kiosk.error(FEEDER).await;
    assert_eq!((&error, error.remedy()), (&ScanError::FeederEmpty, Remedy::PutPaper));
    assert_eq!(kiosk.status(|_| true).await, Status::Ready, "nothing is wrong with the scanner");
    kiosk.saned.feed(sheets(2).into_iter().map(Sheet::from));
    let (pages, end) = kiosk.scan(FEEDER).await;
    assert_eq!((pages.len(), end), (2, Ok(())));
}

#[tokio::test(start_paused = true)]
async fn each_trouble_at_each_page_leaves_the_pages_before_it_good() {
    let troubles = [
        (6, ScanError::Jammed, Remedy::ClearJam, Some("jam")),
        (8, ScanError::CoverOpen, Remedy::CloseCover, Some("cover-open")),
        (2, ScanError::Cancelled, Remedy::TryAgain, None),
        (3, ScanError::Busy, Remedy::Wait, None),
        (9, ScanError::Device(String::new()), Remedy::TryAgain, Some("device-error")),
        (10, ScanError::Device(String::new()), Remedy::TryAgain, Some("device-error")),
        (12, ScanError::WarmingUp, Remedy::Wait, None),
        (13, ScanError::Locked, Remedy::CallStaff, Some("locked")),
        (99, ScanError::Device(String::new()), Remedy::TryAgain, Some("device-error")),
    ];
    for (status, error, remedy, id) in troubles {
        for page in 1..=3 {
            // In answer to START, and inside the image.
            let faults = [
                SanedFault::NoPage { page, status },
                SanedFault::TornPage { page, rows: 0, status: status as u8 },
                SanedFault::TornPage { page, rows: 7, status: status as u8 },
            ];
            for fault in faults {
                let kiosk = kiosk(4).await;
                kiosk.saned.fault(fault);
                let (pages, end) = kiosk.scan(FEEDER).await;
                assert_eq!(pages.len() as u32, page - 1, "{fault:?}");
                assert!(pages.iter().zip(sheets(4)).all(|(page, sheet)| shows(page, &sheet)));
                let told = end.unwrap_err();
                let same = std::mem::discriminant(&told) == std::mem::discriminant(&error);
                assert!(same && told.remedy() == remedy, "{fault:?}: {told}");
                let now = kiosk.status(Status::usable).await;
                assert_eq!(reason(&now).map(|reason| &*reason.id), id, "{fault:?}");
                assert!(!kiosk.snapshot().engaged, "the paper is let go");
                kiosk.mended().await;
                assert_eq!(kiosk.status(Status::usable).await, Status::Ready, "forgotten with the next page");
                kiosk.snapshot();
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_sheets_at_once_are_told_where_the_scanner_tells() {
    for (double_feed_switch, error) in [(true, ScanError::DoubleFeed), (false, ScanError::Jammed)] {
        let kiosk = Kiosk::ready(SanedConfig { double_feed_switch, ..SanedConfig::default() }).await;
        kiosk.saned.feed(sheets(3).into_iter().map(Sheet::from));
        kiosk.saned.fault(SanedFault::DoubleFeed { page: 2 });
        let (pages, end) = kiosk.scan(FEEDER).await;
        assert_eq!((pages.len(), end), (1, Err(error)));
        kiosk.mended().await;
    }
}

/// A driver that says "feeder empty" though paper is left, as sane-airscan does when its scanner is slow
/// (alexpevzner/sane-airscan#39): the batch has ended well, and the next one goes on with the paper that is left.
#[tokio::test(start_paused = true)]
async fn a_feeder_that_says_it_is_empty_too_early() {
    let kiosk = kiosk(5).await;
    kiosk.saned.fault(SanedFault::NoPage { page: 3, status: 7 });
    let (first, end) = kiosk.scan(FEEDER).await;
    assert_eq!((first.len(), end), (2, Ok(())));
    kiosk.saned.clear_faults();
    let (rest, end) = kiosk.scan(FEEDER).await;
    assert_eq!((rest.len(), end), (3, Ok(())));
    let all = first.iter().chain(&rest);
    assert!(all.zip(sheets(5)).all(|(page, sheet)| shows(page, &sheet)));
}

#[tokio::test(start_paused = true)]
async fn a_feeder_that_says_it_is_empty_by_an_empty_image() {
    let kiosk = kiosk(3).await;
    kiosk.saned.fault(SanedFault::TornPage { page: 3, rows: 0, status: 7 });
    let (pages, end) = kiosk.scan(FEEDER).await;
    assert_eq!((pages.len(), end), (2, Ok(())));
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_breaks_off_with_an_empty_feeder_is_torn() {
    let kiosk = kiosk(3).await;
    kiosk.saned.fault(SanedFault::TornPage { page: 2, rows: 9, status: 7 });
    let (pages, end) = kiosk.scan(FEEDER).await;
    assert_eq!(pages.len(), 1);
    assert!(matches!(end, Err(ScanError::Torn(_))), "{end:?}");
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_short_sheet_in_the_feeder_is_a_short_page_and_on_the_glass_a_torn_one() {
    let kiosk = kiosk(1).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk.saned.fault(SanedFault::FewerRows { rows: 15 });
    let (pages, end) = kiosk.scan(FEEDER).await;
    assert_eq!((pages[0].height, pages[0].pixels.len(), end), (25, 25 * 31, Ok(())));
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Torn(_)), "{error}");
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_jam_between_front_and_back() {
    let kiosk = kiosk(2).await;
    kiosk.saned.fault(SanedFault::NoPage { page: 2, status: 6 });
    let (pages, end) = kiosk.scan(ScanWish { source: Source::FeederDuplex, ..FEEDER }).await;
    assert_eq!((pages.len(), end), (1, Err(ScanError::Jammed)));
    kiosk.mended().await;
}

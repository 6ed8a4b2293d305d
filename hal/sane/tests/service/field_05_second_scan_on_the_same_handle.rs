//! alexpevzner/sane-airscan#332: START after CANCEL gives "invalid" until the device is opened again;
//! SimulPiscator/AirSane#10: a scanner without maker, model and kind.
use hal_device::Status;
use hal_sane::ScanError;
use simulators::saned::{Call, Picture, SanedConfig, SanedFault, Sheet};

use crate::kiosk::{FEEDER, GLASS, Kiosk, sheets, shows};

fn nameless() -> SanedConfig {
    SanedConfig { vendor: None, model: Some(String::new()), ..SanedConfig::default() }
}

async fn kiosk() -> Kiosk {
    let kiosk = Kiosk::ready(nameless()).await;
    kiosk.saned.fault(SanedFault::NoStartAfterCancel);
    kiosk
}

#[tokio::test(start_paused = true)]
async fn the_citizen_scans_looks_repeats_and_scans_two_more() {
    let kiosk = kiosk().await;
    assert_eq!(kiosk.abilities().unwrap().name, "scanner");
    let seen = kiosk.snapshot();
    let all: Vec<Picture> = sheets(4);
    for (number, picture) in (1..).zip(&all) {
        kiosk.saned.lay(picture.clone());
        let (pages, end) = kiosk.scan(GLASS).await;
        assert_eq!((pages.len(), end), (1, Ok(())), "no error page");
        assert!(shows(&pages[0], picture), "in their order");
        let snapshot = kiosk.snapshot();
        // One open for the first; one close, one open and all options again for each that follows.
        assert_eq!(snapshot.opens - seen.opens, number);
        assert_eq!(snapshot.closes - seen.closes, number - 1);
        assert_eq!(snapshot.set("resolution").len() as u32, 2 * number - 1);
        assert_eq!(snapshot.set("source").last(), Some(&"Flatbed"));
        assert_eq!(kiosk.status(|_| true).await, Status::Ready);
    }
    let snapshot = kiosk.snapshot();
    assert_eq!((snapshot.starts, snapshot.cancels), (7, 4));
    assert_eq!(snapshot.connections - seen.connections, 1, "all of it on one connection");
}

#[tokio::test(start_paused = true)]
async fn the_feeder_likewise() {
    let kiosk = kiosk().await;
    for _ in 0..2 {
        kiosk.saned.feed(sheets(3).into_iter().map(Sheet::from));
        let (pages, end) = kiosk.scan(FEEDER).await;
        assert_eq!((pages.len(), end), (3, Ok(())));
        assert!(pages.iter().zip(sheets(3)).all(|(page, sheet)| shows(page, &sheet)));
    }
}

#[tokio::test(start_paused = true)]
async fn the_second_open_fails_too() {
    let kiosk = kiosk().await;
    let picture = Picture::marked(30, 40, 1, 1);
    kiosk.saned.lay(picture.clone());
    let (pages, _) = kiosk.scan(GLASS).await;
    kiosk.saned.fault(SanedFault::Refuse { call: Call::Open, after: 0, status: 9 });
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Device(_)), "{error}");
    // The answer comes behind the status: the menu no longer offers what does not work.
    assert!(!kiosk.scanner.status().borrow().usable());
    kiosk.out_of_service("no-scanner").await;
    assert!(shows(&pages[0], &picture), "what was scanned is not lost");
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_fresh_handle_that_refuses_is_not_opened_again() {
    let kiosk = Kiosk::ready(nameless()).await;
    let seen = kiosk.snapshot();
    kiosk.saned.fault(SanedFault::Refuse { call: Call::Start, after: 0, status: 4 });
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Device(_)), "{error}");
    let snapshot = kiosk.snapshot();
    assert_eq!((snapshot.opens - seen.opens, snapshot.starts), (1, 1));
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_handle_that_refuses_still_after_it_was_opened_again() {
    let kiosk = kiosk().await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    assert_eq!(kiosk.scan(GLASS).await.1, Ok(()));
    kiosk.saned.fault(SanedFault::Refuse { call: Call::Start, after: 0, status: 4 });
    let seen = kiosk.snapshot();
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Device(_)), "{error}");
    let snapshot = kiosk.snapshot();
    assert_eq!((snapshot.opens - seen.opens, snapshot.starts - seen.starts), (1, 2), "no endless loop");
    kiosk.mended().await;
}

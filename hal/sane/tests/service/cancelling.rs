//! The citizen, or the session, has had enough.
use std::time::Duration;

use hal_sane::ScanError;
use simulators::saned::{Picture, SanedConfig, SanedFault, Sheet};
use tokio::time::{Instant, sleep};

use crate::kiosk::{FEEDER, GLASS, Kiosk, pages, sheets, shows};

async fn in_the_middle_of_a_page() -> Kiosk {
    let kiosk = Kiosk::ready(SanedConfig { record: 400, ..SanedConfig::default() }).await;
    kiosk.saned.fault(SanedFault::Slow { milliseconds: 500 });
    kiosk
}

#[tokio::test(start_paused = true)]
async fn cancel_in_the_middle_of_a_page_lets_go_of_the_paper() {
    let kiosk = in_the_middle_of_a_page().await;
    kiosk.saned.feed(sheets(3).into_iter().map(Sheet::from));
    let mut batch = kiosk.scanner.scan(FEEDER).await.unwrap();
    assert!(shows(&batch.next_page().await.unwrap().unwrap(), &sheets(1)[0]));
    sleep(Duration::from_secs(1)).await;
    assert!(kiosk.saned.snapshot().engaged);
    let before = Instant::now();
    batch.cancel().await;
    assert!(before.elapsed() < Duration::from_secs(1));
    let snapshot = kiosk.snapshot();
    assert_eq!((snapshot.engaged, snapshot.cancels, snapshot.sheets_left), (false, 1, 1));
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_dropped_is_cancelled() {
    let kiosk = in_the_middle_of_a_page().await;
    kiosk.saned.lay(sheets(1).remove(0));
    let batch = kiosk.scanner.scan(GLASS).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    drop(batch);
    sleep(Duration::from_secs(1)).await;
    let snapshot = kiosk.snapshot();
    assert_eq!((snapshot.starts, snapshot.cancels, snapshot.pages), (1, 1, 0));
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_dropped_at_once_leaves_nothing_open_for_long() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    drop(kiosk.scanner.scan(GLASS).await.unwrap());
    sleep(Duration::from_secs(40)).await;
    let snapshot = kiosk.snapshot();
    assert!(!snapshot.open && !snapshot.engaged);
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn nobody_else_scans_meanwhile() {
    let kiosk = in_the_middle_of_a_page().await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    let mut batch = kiosk.scanner.scan(GLASS).await.unwrap();
    assert_eq!(kiosk.scanner.scan(GLASS).await.err(), Some(ScanError::Busy));
    let (pages, end) = pages(&mut batch).await;
    assert_eq!((pages.len(), end), (1, Ok(())));
    // Asked again, it says the same.
    assert_eq!(batch.next_page().await, Ok(None));
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_scans_right_after_a_batch_was_dropped_waits_for_its_end() {
    let kiosk = in_the_middle_of_a_page().await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    let batch = kiosk.scanner.scan(GLASS).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    drop(batch);
    let (pages, end) = kiosk.scan(GLASS).await;
    assert_eq!((pages.len(), end), (1, Ok(())));
    assert_eq!(kiosk.snapshot().cancels, 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_nobody_takes_ends_the_batch_after_five_minutes() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    kiosk.saned.feed(sheets(3).into_iter().map(Sheet::from));
    let mut batch = kiosk.scanner.scan(FEEDER).await.unwrap();
    sleep(Duration::from_secs(299)).await;
    assert!(kiosk.saned.snapshot().engaged);
    sleep(Duration::from_secs(5)).await;
    assert!(!kiosk.snapshot().engaged);
    let (pages, end) = pages(&mut batch).await;
    assert_eq!((pages.len(), end), (1, Err(ScanError::Cancelled)), "what was scanned is good");
    kiosk.mended().await;
}

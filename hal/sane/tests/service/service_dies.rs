//! saned is not there, is killed, and comes back.
use std::time::Duration;

use hal_device::Status;
use hal_sane::{ScanError, ScannerConfig};
use simulators::saned::{Picture, Saned, SanedConfig, SanedFault};
use tokio::time::{Instant, sleep};

use crate::kiosk::{GLASS, Kiosk, shows};

#[tokio::test(start_paused = true)]
async fn not_there_at_first() {
    let saned = Saned::new(SanedConfig::default());
    saned.kill();
    let kiosk = Kiosk::of(saned, ScannerConfig::default());
    kiosk.out_of_service("no-service").await;
    assert!(matches!(kiosk.error(GLASS).await, ScanError::NotReady(_)));
    sleep(Duration::from_secs(3600)).await;
    kiosk.saned.start();
    let before = Instant::now();
    kiosk.status(|status| *status == Status::Ready).await;
    assert!(before.elapsed() <= Duration::from_secs(11), "the longest pause");
    kiosk.mended().await;
    kiosk.snapshot();
}

#[tokio::test(start_paused = true)]
async fn killed_while_idle() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    kiosk.saned.kill();
    kiosk.out_of_service("no-service").await;
    assert_eq!(kiosk.abilities(), None);
    kiosk.saned.start();
    kiosk.mended().await;
    assert!(kiosk.abilities().is_some());
}

#[tokio::test(start_paused = true)]
async fn killed_in_the_middle_of_a_page() {
    let kiosk = Kiosk::ready(SanedConfig { record: 100, ..SanedConfig::default() }).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk.saned.fault(SanedFault::Slow { milliseconds: 200 });
    let mut batch = kiosk.scanner.scan(GLASS).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    kiosk.saned.kill();
    let error = batch.next_page().await.unwrap_err();
    assert!(matches!(error, ScanError::Torn(_) | ScanError::Gone(_)), "{error}");
    assert_eq!(batch.next_page().await, Err(error), "asked again, it says the same");
    kiosk.out_of_service("no-service").await;
    kiosk.saned.start();
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn killed_while_the_scanner_is_held_for_another_page() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    let picture = Picture::marked(30, 40, 1, 1);
    kiosk.saned.lay(picture.clone());
    assert_eq!(kiosk.scan(GLASS).await.1, Ok(()));
    let connections = kiosk.snapshot().connections;
    kiosk.saned.kill();
    kiosk.saned.start();
    // Another connection, without a word about it.
    let (pages, end) = kiosk.scan(GLASS).await;
    assert_eq!(end, Ok(()));
    assert!(shows(&pages[0], &picture));
    assert!(kiosk.snapshot().connections > connections);
}

#[tokio::test(start_paused = true)]
async fn killed_while_the_scanner_is_held_is_noticed_at_once() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    assert_eq!(kiosk.scan(GLASS).await.1, Ok(()));
    let before = Instant::now();
    kiosk.saned.kill();
    kiosk.out_of_service("no-service").await;
    assert!(before.elapsed() < Duration::from_secs(1));
    kiosk.saned.start();
    kiosk.mended().await;
}

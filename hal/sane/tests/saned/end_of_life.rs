//! saned is killed, or hangs.
use std::time::{Duration, Instant};

use hal_sane::{Colour, ScanError, ScanWish, Source};

use crate::daemon::{Daemon, Kiosk, pages};

const GLASS: ScanWish = ScanWish { source: Source::Flatbed, colour: Colour::Grey, dpi: 100 };
const SLOW: &str = "read-delay true\nread-delay-duration 200000\ntest-picture Grid";

#[tokio::test]
async fn killed_in_the_middle_of_a_page_and_started_again() {
    let mut daemon = Daemon::start(SLOW);
    let kiosk = Kiosk::ready(&daemon).await;
    let batch = kiosk.scanner.scan(ScanWish { dpi: 600, ..GLASS }).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    daemon.kill();
    let (none, end) = pages(batch).await;
    assert_eq!(none, []);
    assert!(matches!(end, Err(ScanError::Torn(_) | ScanError::Gone(_))), "{end:?}");
    kiosk.status("no-service").await;
    daemon.start_again();
    kiosk.status("ready").await;
    kiosk.page(GLASS).await;
}

#[tokio::test]
async fn stopped_it_is_given_up_and_taken_up_again() {
    let daemon = Daemon::start("");
    let kiosk = Kiosk::ready(&daemon).await;
    kiosk.page(GLASS).await;
    daemon.signal("STOP");
    let before = Instant::now();
    let (_, end) = kiosk.scan(GLASS).await;
    assert_eq!(end, Err(ScanError::Deaf { what: "CONTROL_OPTION", seconds: 10 }));
    assert!(before.elapsed() < Duration::from_secs(12), "{:?}", before.elapsed());
    kiosk.status("hung").await;
    daemon.signal("CONT");
    kiosk.status("ready").await;
    kiosk.page(GLASS).await;
}

#[tokio::test]
async fn killed_while_the_scanner_is_held() {
    let mut daemon = Daemon::start("");
    let kiosk = Kiosk::ready(&daemon).await;
    kiosk.page(GLASS).await;
    daemon.restart();
    kiosk.status("ready").await;
    let page = loop {
        match kiosk.scan(GLASS).await {
            (mut pages, Ok(())) => break pages.remove(0),
            // It was looked at while nobody was there.
            (_, Err(ScanError::NotReady(_))) => tokio::time::sleep(Duration::from_millis(100)).await,
            (_, Err(error)) => panic!("{error}"),
        }
    };
    assert_eq!(page.height, 787);
}

//! No answer, or no image. Every wait has an end; the reason `hung` has saned started anew.
use std::time::Duration;

use hal_sane::ScanError;
use simulators::saned::{Call, Picture, SanedConfig, SanedFault};
use tokio::time::{Instant, sleep};

use crate::kiosk::{GLASS, Kiosk};

async fn kiosk() -> Kiosk {
    let kiosk = Kiosk::ready(SanedConfig { record: 400, ..SanedConfig::default() }).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk
}

fn deaf(what: &'static str, seconds: u64) -> ScanError {
    ScanError::Deaf { what, seconds }
}

#[tokio::test(start_paused = true)]
async fn every_request_has_its_deadline() {
    let all = [
        (Call::Init, "INIT", 10),
        (Call::Open, "OPEN", 20),
        (Call::Descriptors, "GET_OPTION_DESCRIPTORS", 10),
        (Call::Control, "CONTROL_OPTION", 10),
        (Call::Start, "START", 60),
        (Call::Parameters, "GET_PARAMETERS", 60),
    ];
    for (call, what, seconds) in all {
        let kiosk = kiosk().await;
        kiosk.saned.fault(SanedFault::Deaf(call));
        let before = Instant::now();
        assert_eq!(kiosk.error(GLASS).await, deaf(what, seconds));
        let waited = before.elapsed().as_secs();
        // A page that had begun is cancelled before it is told.
        assert!((seconds..seconds + 2).contains(&waited), "{what}: {waited} s");
        kiosk.out_of_service("hung").await;
        assert_eq!(kiosk.abilities(), None);
        // As whoever starts services does; one that waits for a data connection would never end.
        kiosk.saned.kill();
        kiosk.saned.start();
        kiosk.mended().await;
        kiosk.snapshot();
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_has_deadlines_as_well() {
    for (call, seconds) in [(Call::Init, 10), (Call::Devices, 20)] {
        let kiosk = kiosk().await;
        kiosk.saned.fault(SanedFault::Deaf(call));
        let before = Instant::now();
        let reason = kiosk.out_of_service("hung").await;
        let waited = before.elapsed().as_secs();
        assert!((seconds..seconds + 16).contains(&waited), "{call:?}: {waited} s, {reason:?}");
        assert!(matches!(kiosk.error(GLASS).await, ScanError::NotReady(_)));
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn no_byte_of_the_image_ever() {
    for fault in [SanedFault::Silent { after: 0 }, SanedFault::OnlyEmptyRecords] {
        let kiosk = kiosk().await;
        kiosk.saned.fault(fault);
        let before = Instant::now();
        assert_eq!(kiosk.error(GLASS).await, deaf("the image", 60));
        assert_eq!(before.elapsed().as_secs(), 60);
        kiosk.out_of_service("hung").await;
        // It heard the cancelling, and the data connection was not closed under it.
        let snapshot = kiosk.snapshot();
        assert_eq!((snapshot.cancels, snapshot.engaged), (1, false));
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_image_that_stops() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::Silent { after: 700 });
    let before = Instant::now();
    assert_eq!(kiosk.error(GLASS).await, deaf("the image", 30));
    assert_eq!(before.elapsed().as_secs(), 30);
    kiosk.out_of_service("hung").await;
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn an_image_that_is_whole_but_never_ends() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::Silent { after: 30 * 40 });
    assert_eq!(kiosk.error(GLASS).await, deaf("the image", 30));
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_data_port_that_nobody_listens_at_or_that_takes_nobody_in() {
    for fault in [SanedFault::NoDataPort, SanedFault::HangingDataPort] {
        let kiosk = kiosk().await;
        kiosk.saned.fault(fault);
        let before = Instant::now();
        assert_eq!(kiosk.error(GLASS).await, deaf("the data connection", 5));
        assert!(before.elapsed() <= Duration::from_secs(6));
        kiosk.out_of_service("hung").await;
        // The process of saned waits for the data connection for ever; the control connection was given up.
        sleep(Duration::from_secs(60)).await;
        kiosk.saned.kill();
        kiosk.saned.start();
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_holds_the_scanner_and_does_not_end_is_started_anew() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::NoDataPort);
    kiosk.error(GLASS).await;
    kiosk.saned.clear_faults();
    kiosk.out_of_service("in-use").await;
    kiosk.out_of_service("hung").await;
    kiosk.saned.kill();
    kiosk.saned.start();
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_saned_that_hears_no_cancelling() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::Slow { milliseconds: 5000 });
    let batch = kiosk.scanner.scan(GLASS).await.unwrap();
    sleep(Duration::from_secs(3)).await;
    kiosk.saned.fault(SanedFault::Deaf(Call::Cancel));
    let before = Instant::now();
    batch.cancel().await;
    assert_eq!(before.elapsed().as_secs(), 30);
    kiosk.out_of_service("hung").await;
    kiosk.mended().await;
}

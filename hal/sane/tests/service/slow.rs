//! Slow is not deaf, until it is.
use std::time::Duration;

use hal_sane::ScanError;
use simulators::saned::{Picture, SanedConfig, SanedFault};
use tokio::time::Instant;

use crate::kiosk::{GLASS, Kiosk, shows};

#[tokio::test(start_paused = true)]
async fn a_slow_page_is_a_page() {
    let kiosk = Kiosk::ready(SanedConfig { record: 100, ..SanedConfig::default() }).await;
    let picture = Picture::marked(30, 40, 1, 1);
    kiosk.saned.lay(picture.clone());
    kiosk.saned.fault(SanedFault::Slow { milliseconds: 29_000 });
    let before = Instant::now();
    let (pages, end) = kiosk.scan(GLASS).await;
    assert_eq!(end, Ok(()));
    assert!(shows(&pages[0], &picture));
    assert_eq!(before.elapsed().as_secs(), 12 * 29);
    kiosk.snapshot();
}

#[tokio::test(start_paused = true)]
async fn a_page_that_trickles_has_an_end_as_well() {
    let kiosk = Kiosk::ready(SanedConfig { record: 10, ..SanedConfig::default() }).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk.saned.fault(SanedFault::Slow { milliseconds: 29_000 });
    let before = Instant::now();
    assert_eq!(kiosk.error(GLASS).await, ScanError::Deaf { what: "the whole image", seconds: 600 });
    assert!(before.elapsed() <= Duration::from_secs(601));
    kiosk.out_of_service("hung").await;
    kiosk.mended().await;
}

//! The scanner's own plug, and scanners that no list shows.
use std::time::Duration;

use hal_device::Status;
use hal_sane::{ScanError, ScannerConfig};
use simulators::saned::{Picture, SanedConfig, SanedFault};
use tokio::time::{Instant, sleep};

use crate::kiosk::{GLASS, Kiosk};

/// Hidden, as saned hides scanners of the network.
fn hidden() -> (SanedConfig, ScannerConfig) {
    let device = "airscan:e0:Escáner".to_owned();
    let config = ScannerConfig { device: Some(device.clone()), ..ScannerConfig::default() };
    (SanedConfig { device, listed: false, ..SanedConfig::default() }, config)
}

#[tokio::test(start_paused = true)]
async fn unplugged_and_plugged_in_while_idle() {
    let (saned, config) = hidden();
    for (saned, config) in [(saned, config), (SanedConfig::default(), ScannerConfig::default())] {
        let kiosk = Kiosk::new(saned, config);
        kiosk.status(Status::usable).await;
        for _ in 0..2 {
            kiosk.saned.plug(false);
            let before = Instant::now();
            kiosk.out_of_service("no-scanner").await;
            assert!(before.elapsed() <= Duration::from_secs(16));
            assert_eq!(kiosk.abilities(), None);
            assert!(matches!(kiosk.error(GLASS).await, ScanError::NotReady(_)));
            kiosk.saned.plug(true);
            kiosk.status(Status::usable).await;
            assert!(kiosk.abilities().is_some());
        }
        kiosk.mended().await;
        sleep(Duration::from_secs(60)).await;
        assert!(!kiosk.snapshot().open, "not kept open for ever");
    }
}

#[tokio::test(start_paused = true)]
async fn a_scanner_that_no_list_shows_opens_by_its_name() {
    let (saned, config) = hidden();
    let kiosk = Kiosk::new(saned.clone(), config);
    kiosk.status(Status::usable).await;
    assert_eq!(kiosk.abilities().unwrap().name, "scanner");
    kiosk.mended().await;
    // Without its name it cannot be found.
    let kiosk = Kiosk::new(saned, ScannerConfig::default());
    kiosk.out_of_service("no-scanner").await;
}

#[tokio::test(start_paused = true)]
async fn the_scanner_of_the_board_file_and_no_other() {
    let config = ScannerConfig { device: Some("other:1".to_owned()), ..ScannerConfig::default() };
    let kiosk = Kiosk::new(SanedConfig::default(), config);
    let reason = kiosk.out_of_service("no-scanner").await;
    assert!(reason.detail.contains("OPEN"), "{reason:?}");
}

#[tokio::test(start_paused = true)]
async fn unplugged_in_the_middle_of_a_page() {
    let kiosk = Kiosk::ready(SanedConfig { record: 100, ..SanedConfig::default() }).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk.saned.fault(SanedFault::Slow { milliseconds: 200 });
    let mut batch = kiosk.scanner.scan(GLASS).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    kiosk.saned.plug(false);
    let error = batch.next_page().await.unwrap_err();
    assert!(matches!(error, ScanError::Device(_)), "{error}");
    kiosk.out_of_service("no-scanner").await;
    kiosk.saned.plug(true);
    kiosk.mended().await;
    kiosk.snapshot();
}

#[tokio::test(start_paused = true)]
async fn another_scanner_is_plugged_in_instead() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    kiosk.saned.change(|config| {
        config.device = "virtual:usb:001:009".to_owned();
        config.model = Some("Hoja 600".to_owned());
        config.resolutions = vec![600];
    });
    sleep(Duration::from_secs(20)).await;
    let abilities = kiosk.abilities().unwrap();
    assert_eq!(abilities.name, "Talleres Ruiz Hoja 600");
    kiosk.mended().await;
}

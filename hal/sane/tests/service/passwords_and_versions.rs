//! A service that is set up wrongly, or is another one.
use hal_sane::{Remedy, ScanError, ScannerConfig};
use simulators::saned::{Call, SanedConfig, SanedFault};

use crate::kiosk::{GLASS, Kiosk};

#[tokio::test(start_paused = true)]
async fn a_password_is_never_given_and_is_a_matter_of_configuration() {
    for call in [Call::Open, Call::Control, Call::Start] {
        let kiosk = Kiosk::ready(SanedConfig::default()).await;
        kiosk.saned.fault(SanedFault::Password(call));
        let error = kiosk.error(GLASS).await;
        assert!(matches!(error, ScanError::Configuration(_)), "{call:?}: {error}");
        assert_eq!(error.remedy(), Remedy::CallStaff);
        kiosk.out_of_service("configuration").await;
        kiosk.mended().await;
        kiosk.snapshot();
    }
}

#[tokio::test(start_paused = true)]
async fn access_denied() {
    for call in [Call::Init, Call::Open, Call::Start] {
        let kiosk = Kiosk::ready(SanedConfig::default()).await;
        kiosk.saned.fault(SanedFault::Refuse { call, after: 0, status: 11 });
        let error = kiosk.error(GLASS).await;
        assert!(matches!(error, ScanError::Configuration(_)), "{call:?}: {error}");
        kiosk.out_of_service("configuration").await;
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_protocol() {
    for version in [0, 0x0200_0003, 0x0100_0002, 0x0100_0004, u32::MAX] {
        let kiosk = Kiosk::new(SanedConfig::default(), ScannerConfig::default());
        kiosk.saned.fault(SanedFault::Version(version));
        kiosk.out_of_service("service-failed").await;
        assert!(matches!(kiosk.error(GLASS).await, ScanError::NotReady(_)));
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lamp_that_is_not_warm_is_waited_for() {
    let kiosk = Kiosk::new(SanedConfig::default(), ScannerConfig::default());
    kiosk.saned.fault(SanedFault::Refuse { call: Call::Open, after: 0, status: 12 });
    kiosk.status(|status| *status == hal_device::Status::Starting).await;
    tokio::time::sleep(std::time::Duration::from_secs(30)).await;
    assert_eq!(*kiosk.scanner.status().borrow(), hal_device::Status::Starting);
    kiosk.mended().await;
}

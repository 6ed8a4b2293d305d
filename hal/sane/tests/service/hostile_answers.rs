//! Answers that are none.
use hal_sane::ScanError;
use simulators::saned::{Call, Picture, SanedConfig, SanedFault, Spoilt};
use tokio::time::Instant;

use crate::kiosk::{GLASS, Kiosk};

const CALLS: [Call; 6] =
    [Call::Init, Call::Open, Call::Descriptors, Call::Control, Call::Parameters, Call::Start];

async fn kiosk() -> Kiosk {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk
}

#[tokio::test(start_paused = true)]
async fn each_answer_spoilt_in_each_way() {
    let ways = [Spoilt::Giant, Spoilt::Longer(1), Spoilt::Longer(4096), Spoilt::Torn, Spoilt::Ones];
    for call in CALLS {
        for how in ways {
            let kiosk = kiosk().await;
            kiosk.saned.fault(SanedFault::Spoil(call, how));
            let before = Instant::now();
            let error = kiosk.error(GLASS).await;
            assert!(before.elapsed().as_secs() <= 61, "{call:?} {how:?}");
            let expected = match error {
                ScanError::Protocol(_)
                | ScanError::Gone(_)
                | ScanError::Device(_)
                | ScanError::Deaf { .. } => true,
                ScanError::OutOfBounds(_) => call == Call::Parameters,
                _ => false,
            };
            assert!(expected, "{call:?} {how:?}: {error}");
            kiosk.saned.clear_faults();
            kiosk.saned.kill();
            kiosk.saned.start();
            kiosk.mended().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_devices_that_makes_no_sense() {
    for how in [Spoilt::Giant, Spoilt::Longer(3), Spoilt::Torn, Spoilt::Ones] {
        let kiosk = kiosk().await;
        kiosk.saned.fault(SanedFault::Spoil(Call::Devices, how));
        kiosk.out_of_service("service-failed").await;
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_connection_is_closed_in_place_of_each_answer() {
    for call in [CALLS.as_slice(), &[Call::Cancel, Call::Close]].concat() {
        let kiosk = kiosk().await;
        kiosk.saned.fault(SanedFault::Hangup(call));
        let (pages, end) = kiosk.scan(GLASS).await;
        match call {
            // After the page: it is good.
            Call::Cancel | Call::Close => assert_eq!((pages.len(), end), (1, Ok(()))),
            _ => assert!(matches!(end, Err(ScanError::Gone(_))), "{call:?}: {end:?}"),
        }
        kiosk.mended().await;
        kiosk.snapshot();
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_byte_by_byte_is_an_answer() {
    for call in CALLS {
        let kiosk = kiosk().await;
        // The longest, that of the options, takes seconds.
        kiosk.saned.fault(SanedFault::Spoil(call, Spoilt::Slow(3)));
        let (pages, end) = kiosk.scan(GLASS).await;
        assert_eq!((pages.len(), end), (1, Ok(())), "{call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_byte_by_byte_is_waited_for_no_longer_than_another() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::Spoil(Call::Control, Spoilt::Slow(900)));
    let before = Instant::now();
    assert_eq!(kiosk.error(GLASS).await, ScanError::Deaf { what: "CONTROL_OPTION", seconds: 10 });
    assert_eq!(before.elapsed().as_secs(), 10);
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn ports_where_no_image_can_be() {
    for port in [0, 22, 1023, 65_536, u32::MAX] {
        let kiosk = kiosk().await;
        kiosk.saned.fault(SanedFault::Port(port));
        let error = kiosk.error(GLASS).await;
        assert!(matches!(error, ScanError::Protocol(_)), "{port}: {error}");
        kiosk.out_of_service("service-failed").await;
        kiosk.saned.kill();
        kiosk.saned.start();
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_port_outside_the_range_of_the_board_file() {
    use hal_sane::{PortRange, ScannerConfig};
    let data_ports = Some(PortRange { first: 10_000, last: 10_001 });
    let kiosk = Kiosk::new(SanedConfig::default(), ScannerConfig { data_ports, ..ScannerConfig::default() });
    kiosk.status(hal_device::Status::usable).await;
    for _ in 0..2 {
        assert_eq!(kiosk.scan(GLASS).await.1, Ok(()));
    }
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Protocol(_)), "{error}");
}

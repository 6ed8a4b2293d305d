//! Every status that reading can end with. After each the scanner serves again.
use hal_sane::{Colour, ScanError, ScanWish, Source};

use crate::daemon::{Daemon, Kiosk};

const GLASS: ScanWish = ScanWish { source: Source::Flatbed, colour: Colour::Grey, dpi: 100 };

#[tokio::test]
async fn each_status_of_a_read() {
    let device = || ScanError::Device(String::new());
    let all = [
        ("UNSUPPORTED", device(), "device-error"),
        ("CANCELLED", ScanError::Cancelled, "ready"),
        ("DEVICE_BUSY", ScanError::Busy, "ready"),
        ("INVAL", device(), "device-error"),
        ("EOF", ScanError::Torn(String::new()), "ready"),
        ("JAMMED", ScanError::Jammed, "jam"),
        ("NO_DOCS", ScanError::FeederEmpty, "ready"),
        ("COVER_OPEN", ScanError::CoverOpen, "cover-open"),
        ("IO_ERROR", device(), "device-error"),
        ("NO_MEM", device(), "device-error"),
        ("ACCESS_DENIED", ScanError::Configuration(String::new()), "configuration"),
    ];
    for (name, expected, status) in all {
        // saned waits for the driver's first bytes: cancelled before them, its thread is killed inside malloc now and
        // then, and saned waits for it for ever.
        let daemon = Daemon::start(&format!("select-fd true\nread-status-code SANE_STATUS_{name}"));
        let kiosk = Kiosk::ready(&daemon).await;
        // More than once, as saned sends rubbish behind such an end and may die of it.
        for _ in 0..3 {
            let (pages, end) = kiosk.scan(GLASS).await;
            let error = end.unwrap_err();
            if status == "configuration" && matches!(error, ScanError::NotReady(_)) {
                continue;
            }
            assert_eq!(pages, [], "{name}");
            assert_eq!(std::mem::discriminant(&error), std::mem::discriminant(&expected), "{name}: {error}");
            kiosk.status(status).await;
        }
    }
}

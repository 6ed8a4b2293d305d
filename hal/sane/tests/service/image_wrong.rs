//! Images that are not what was announced, or announced as what no page is.
use hal_device::Status;
use hal_sane::ScanError;
use simulators::saned::{Call, Field, Picture, SanedConfig, SanedFault};

use crate::kiosk::{GLASS, Kiosk};

async fn kiosk() -> Kiosk {
    let kiosk = Kiosk::ready(SanedConfig { record: 400, ..SanedConfig::default() }).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk
}

#[tokio::test(start_paused = true)]
async fn parameters_that_are_not_true() {
    let faults = [
        SanedFault::Wrong(Field::Format, 0x0B),
        SanedFault::Wrong(Field::Format, -1),
        SanedFault::Wrong(Field::Depth, 12),
        SanedFault::Wrong(Field::Depth, 16),
        SanedFault::Wrong(Field::Lines, 0),
        SanedFault::Wrong(Field::Lines, 39),
        SanedFault::Wrong(Field::Lines, i32::MAX),
        SanedFault::Wrong(Field::PixelsPerLine, 0),
        SanedFault::Wrong(Field::PixelsPerLine, 31),
        SanedFault::Wrong(Field::PixelsPerLine, 7),
        SanedFault::Wrong(Field::PixelsPerLine, i32::MAX),
        SanedFault::Wrong(Field::BytesPerLine, 0),
        SanedFault::Wrong(Field::BytesPerLine, 29),
        SanedFault::Wrong(Field::BytesPerLine, i32::MIN),
        SanedFault::MoreRows { rows: 1 },
        SanedFault::MoreRows { rows: 10_000 },
    ];
    for fault in faults {
        let kiosk = kiosk().await;
        kiosk.saned.fault(fault);
        let error = kiosk.error(GLASS).await;
        assert!(matches!(error, ScanError::OutOfBounds(_)), "{fault:?}: {error}");
        assert_eq!(kiosk.status(|_| true).await, Status::Ready);
        // It heard the cancelling, with the data connection open until then.
        let snapshot = kiosk.snapshot();
        assert_eq!((snapshot.cancels, snapshot.engaged), (1, false), "{fault:?}");
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn rows_that_do_not_come_out_even() {
    for fault in [SanedFault::Wrong(Field::BytesPerLine, 31), SanedFault::Wrong(Field::Lines, 41)] {
        let kiosk = kiosk().await;
        kiosk.saned.fault(fault);
        let error = kiosk.error(GLASS).await;
        assert!(matches!(error, ScanError::Torn(_)), "{fault:?}: {error}");
        kiosk.mended().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_of_a_gigabyte() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::GiantRecord);
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Protocol(_)), "{error}");
    kiosk.mended().await;
    kiosk.snapshot();
}

#[tokio::test(start_paused = true)]
async fn parameters_that_are_refused() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::Refuse { call: Call::Parameters, after: 0, status: 9 });
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Device(_)), "{error}");
    assert_eq!(kiosk.snapshot().cancels, 1);
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_grey_page_where_a_coloured_one_was_wanted_says_so() {
    use hal_sane::{Colour, ScanWish};
    let kiosk = kiosk().await;
    kiosk.saned.lay(Picture::marked(30, 40, 3, 1));
    // A driver without a choice of modes, so to speak.
    kiosk.saned.fault(SanedFault::Wrong(Field::Format, 0));
    kiosk.saned.fault(SanedFault::Wrong(Field::PixelsPerLine, 90));
    let (pages, end) = kiosk.scan(ScanWish { colour: Colour::Colour, ..GLASS }).await;
    assert_eq!((pages[0].channels, end), (1, Ok(())));
}

//! Images that end where no page can.
use hal_device::Status;
use hal_sane::ScanError;
use simulators::saned::{Picture, SanedConfig, SanedFault, Sheet};
use tokio::time::Instant;

use crate::kiosk::{FEEDER, GLASS, Kiosk, sheets, shows};

async fn kiosk() -> Kiosk {
    let kiosk = Kiosk::ready(SanedConfig { record: 400, ..SanedConfig::default() }).await;
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    kiosk
}

#[tokio::test(start_paused = true)]
async fn torn_images_are_no_pages() {
    let faults = [
        SanedFault::CloseInsideRecord { after: 0 },
        SanedFault::CloseInsideRecord { after: 1 },
        SanedFault::CloseInsideRecord { after: 777 },
        SanedFault::NoMarker,
        SanedFault::HalfRow,
        SanedFault::FewerRows { rows: 1 },
        SanedFault::FewerRows { rows: 40 },
    ];
    for fault in faults {
        let kiosk = kiosk().await;
        kiosk.saned.fault(fault);
        let error = kiosk.error(GLASS).await;
        assert!(matches!(error, ScanError::Torn(_)), "{fault:?}: {error}");
        assert_eq!(kiosk.status(|_| true).await, Status::Ready, "{fault:?}: it may be tried again at once");
        assert!(!kiosk.snapshot().engaged);
        kiosk.mended().await;
        kiosk.snapshot();
    }
}

#[tokio::test(start_paused = true)]
async fn the_pages_before_a_torn_one_are_good() {
    let kiosk = kiosk().await;
    kiosk.saned.feed(sheets(3).into_iter().map(Sheet::from));
    let mut batch = kiosk.scanner.scan(FEEDER).await.unwrap();
    let first = batch.next_page().await.unwrap().unwrap();
    // The second is on its way already; the third is torn.
    kiosk.saned.fault(SanedFault::NoMarker);
    let (rest, end) = crate::kiosk::pages(&mut batch).await;
    assert!(matches!(end, Err(ScanError::Torn(_))), "{end:?}");
    let good: Vec<_> = std::iter::once(first).chain(rest).collect();
    assert!(good.iter().zip(sheets(3)).all(|(page, sheet)| shows(page, &sheet)));
    kiosk.mended().await;
}

/// saned sends rubbish of its buffer behind the end, and dies of a data connection that is closed meanwhile.
#[tokio::test(start_paused = true)]
async fn rubbish_behind_the_end_is_read_away() {
    for bytes in [0, 4, 32_771, 200_000] {
        let kiosk = kiosk().await;
        kiosk.saned.fault(SanedFault::Junk { bytes });
        for _ in 0..2 {
            let (pages, end) = kiosk.scan(GLASS).await;
            assert_eq!((pages.len(), end), (1, Ok(())), "{bytes}");
        }
        kiosk.snapshot();
    }
}

#[tokio::test(start_paused = true)]
async fn rubbish_without_an_end_is_not_read_for_ever() {
    let kiosk = kiosk().await;
    kiosk.saned.fault(SanedFault::Junk { bytes: 64 << 20 });
    let before = Instant::now();
    let (pages, end) = kiosk.scan(GLASS).await;
    assert_eq!((pages.len(), end), (1, Ok(())), "the page was whole");
    assert!(before.elapsed().as_secs() <= 30);
    // This saned has died of it.
    assert_eq!(kiosk.saned.snapshot().wrong, ["the data connection was closed under saned"]);
    kiosk.saned.clear_faults();
    kiosk.saned.lay(Picture::marked(30, 40, 1, 2));
    kiosk.status(Status::usable).await;
    assert_eq!(kiosk.scan(GLASS).await.1, Ok(()));
}

//! Drivers that refuse every setting until their options were read again, and whose options come and go.
use hal_sane::{Colour, ScanError, ScanWish, Source};
use simulators::saned::{Call, Picture, SanedConfig, SanedFault, Sheet};

use crate::kiosk::{FEEDER, GLASS, Kiosk, sheets, shows};

/// sebastian-fischer/naps2 281: the size of the paper limits the area, and is set first. It is there in the feeder only.
#[tokio::test(start_paused = true)]
async fn the_size_of_the_paper_is_set_before_the_area() {
    let kiosk = Kiosk::ready(SanedConfig { paper: true, ..SanedConfig::default() }).await;
    kiosk.saned.feed(sheets(1).into_iter().map(Sheet::from));
    let before = kiosk.snapshot().sets.len();
    assert_eq!(kiosk.scan(FEEDER).await.1, Ok(()));
    let snapshot = kiosk.snapshot();
    let sets: Vec<(&str, &str)> =
        snapshot.sets[before..].iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [
        ("source", "ADF"),
        ("mode", "Gray"),
        ("resolution", "300"),
        ("page-width", "216"),
        ("page-height", "356"),
        ("tl-x", "0"),
        ("tl-y", "0"),
        ("br-x", "216"),
        ("br-y", "356"),
    ];
    assert_eq!(sets, expected);
    let feeder = kiosk.abilities().unwrap();
    assert_eq!(feeder.at(Source::Feeder).unwrap().largest_mm, Some((224, 864)));
    assert_eq!(feeder.at(Source::Flatbed).unwrap().largest_mm, Some((216, 297)));
    // On the glass it is not there, and is not set.
    kiosk.saned.lay(Picture::marked(30, 40, 1, 1));
    let before = kiosk.snapshot().sets.len();
    assert_eq!(kiosk.scan(GLASS).await.1, Ok(()));
    let snapshot = kiosk.snapshot();
    let glass: Vec<&str> = snapshot.sets[before..].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(glass, ["source", "mode", "resolution", "tl-x", "tl-y", "br-x", "br-y"]);
}

#[tokio::test(start_paused = true)]
async fn every_change_of_source_and_mode() {
    let kiosk = Kiosk::ready(SanedConfig { paper: true, ..SanedConfig::default() }).await;
    let picture = Picture::marked(30, 40, 3, 1);
    kiosk.saned.lay(picture.clone());
    for source in
        [Source::Flatbed, Source::Feeder, Source::FeederDuplex, Source::Flatbed, Source::FeederDuplex]
    {
        for (colour, channels) in [(Colour::Grey, 1), (Colour::Colour, 3), (Colour::Grey, 1)] {
            kiosk.saned.feed([Sheet::from(picture.clone())]);
            let (pages, end) = kiosk.scan(ScanWish { source, colour, dpi: 200 }).await;
            assert_eq!(end, Ok(()), "{source:?} {colour:?}");
            assert!(shows(&pages[0], &picture.in_channels(channels)));
            assert_eq!(pages[0].dpi, 200);
        }
    }
    kiosk.snapshot();
}

#[tokio::test(start_paused = true)]
async fn a_range_of_resolutions_is_kept_in_its_steps() {
    let kiosk = Kiosk::ready(SanedConfig { resolutions: vec![], ..SanedConfig::default() }).await;
    for (wanted, taken) in [(50, 75), (200, 200), (210, 225), (9000, 600)] {
        let (pages, end) = kiosk.scan(ScanWish { dpi: wanted, ..GLASS }).await;
        assert_eq!((pages[0].dpi, end), (taken, Ok(())));
    }
    kiosk.snapshot();
}

#[tokio::test(start_paused = true)]
async fn a_setting_that_is_refused_begins_no_page() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    for (status, same) in [(3, ScanError::Busy), (8, ScanError::CoverOpen)] {
        kiosk.saned.fault(SanedFault::Refuse { call: Call::Control, after: 1, status });
        assert_eq!(kiosk.error(GLASS).await, same);
        assert_eq!(kiosk.snapshot().starts, 0);
        kiosk.saned.clear_faults();
    }
    kiosk.mended().await;
}

//! Nothing goes wrong.
use hal_device::Status;
use hal_sane::{Colour, Resolutions, ScanError, ScanWish, ScannerConfig, Source};
use simulators::saned::{Picture, SanedConfig, SanedSource, Sheet};

use crate::kiosk::{FEEDER, GLASS, Kiosk, sheets, shows};

#[tokio::test(start_paused = true)]
async fn a_scanner_is_seen_with_all_it_can_do_and_left_alone() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    let abilities = kiosk.abilities().unwrap();
    assert_eq!(abilities.name, "Talleres Ruiz Hoja 300");
    let sources: Vec<Source> = abilities.sources.iter().map(|abilities| abilities.source).collect();
    assert_eq!(sources, [Source::Flatbed, Source::Feeder, Source::FeederDuplex]);
    let glass = abilities.at(Source::Flatbed).unwrap();
    assert_eq!(glass.colours, [Colour::Grey, Colour::Colour]);
    assert_eq!(glass.resolutions, Resolutions::Listed(vec![100, 200, 300, 600]));
    assert_eq!(glass.largest_mm, Some((216, 297)));
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    let snapshot = kiosk.snapshot();
    assert_eq!(
        (snapshot.opens, snapshot.closes, snapshot.starts),
        (1, 1, 0),
        "looks do not open what is listed"
    );
    assert_eq!(snapshot.exits, snapshot.connections);
    assert!((40..=42).contains(&snapshot.connections), "a look every 15 s: {}", snapshot.connections);
    assert_eq!((snapshot.open, snapshot.open_connections), (false, 0));
}

#[tokio::test(start_paused = true)]
async fn one_page_from_the_glass_in_grey_and_in_colour() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    let picture = Picture::marked(248, 351, 3, 5);
    kiosk.saned.lay(picture.clone());
    let (pages, end) = kiosk.scan(GLASS).await;
    assert_eq!((pages.len(), end), (1, Ok(())));
    assert!(shows(&pages[0], &picture.in_channels(1)));
    assert_eq!(pages[0].dpi, 300);
    let (pages, _) = kiosk.scan(ScanWish { colour: Colour::Colour, dpi: 150, ..GLASS }).await;
    assert!(shows(&pages[0], &picture));
    assert_eq!(pages[0].dpi, 200, "the next that there is, as the scanner says itself");
    let snapshot = kiosk.snapshot();
    assert_eq!((snapshot.starts, snapshot.cancels, snapshot.pages), (2, 2, 2));
    assert_eq!((snapshot.opens, snapshot.closes), (2, 1), "once to look, once for both pages");
    assert_eq!(snapshot.set("source"), ["Flatbed", "ADF", "ADF Duplex", "Flatbed", "Flatbed"]);
    assert_eq!(snapshot.set("resolution"), ["300", "200"]);
    assert_eq!((snapshot.set("br-x"), snapshot.set("tl-y")), (vec!["216", "216"], vec!["0", "0"]));
    // Half a minute later it is closed.
    tokio::time::sleep(std::time::Duration::from_secs(31)).await;
    assert!(!kiosk.snapshot().open);
    assert_eq!(kiosk.status(|_| true).await, Status::Ready);
}

#[tokio::test(start_paused = true)]
async fn the_feeder_until_it_is_empty() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    let all = sheets(12);
    kiosk.saned.feed(all.iter().cloned().map(Sheet::from));
    let (pages, end) = kiosk.scan(FEEDER).await;
    assert_eq!((pages.len(), end), (12, Ok(())));
    assert!(pages.iter().zip(&all).all(|(page, sheet)| shows(page, sheet)), "in their order");
    let snapshot = kiosk.snapshot();
    assert_eq!(
        (snapshot.starts, snapshot.cancels, snapshot.pages),
        (13, 1, 12),
        "cancelled once, at the end"
    );
    assert!(!snapshot.engaged);
}

#[tokio::test(start_paused = true)]
async fn fronts_and_backs_in_turn() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    let [one, two, three, four] = sheets(4).try_into().unwrap();
    let sheet = |front: &Picture, back: &Picture| Sheet { front: front.clone(), back: Some(back.clone()) };
    kiosk.saned.feed([sheet(&one, &two), sheet(&three, &four), Sheet::from(one.clone())]);
    let (pages, end) = kiosk.scan(ScanWish { source: Source::FeederDuplex, ..FEEDER }).await;
    assert_eq!((pages.len(), end), (6, Ok(())));
    assert!(pages.iter().zip([&one, &two, &three, &four, &one]).all(|(page, side)| shows(page, side)));
    assert!(pages[5].pixels.iter().all(|&value| value == 255));
}

#[tokio::test(start_paused = true)]
async fn a_wish_that_the_scanner_cannot_fulfil() {
    let sources = vec![SanedSource::Glass];
    let kiosk = Kiosk::ready(SanedConfig { sources, ..SanedConfig::default() }).await;
    assert_eq!(kiosk.error(FEEDER).await, ScanError::Unsupported("a feeder"));
    assert_eq!(kiosk.snapshot().starts, 0);
    kiosk.mended().await;
}

#[tokio::test(start_paused = true)]
async fn a_feeder_without_a_glass_and_without_a_choice() {
    let sources = Vec::new();
    let saned = SanedConfig { sources, lone_source: SanedSource::Feeder, ..SanedConfig::default() };
    let config = ScannerConfig { only_source: Source::Feeder, ..ScannerConfig::default() };
    let kiosk = Kiosk::new(saned, config);
    kiosk.status(Status::usable).await;
    kiosk.saned.feed(sheets(2).into_iter().map(Sheet::from));
    let (pages, end) = kiosk.scan(FEEDER).await;
    assert_eq!((pages.len(), end), (2, Ok(())));
    assert_eq!(kiosk.error(GLASS).await, ScanError::Unsupported("a flatbed"));
}

#[tokio::test(start_paused = true)]
async fn every_depth_and_three_passes_give_the_same_page_of_8_bits() {
    let picture = Picture::marked(45, 33, 3, 9);
    for three_pass in [false, true] {
        for (depth, big_endian) in [(1, false), (8, false), (16, false), (16, true)] {
            let depths = vec![depth];
            let kiosk = Kiosk::ready(SanedConfig {
                depths,
                three_pass,
                big_endian,
                record: 77,
                ..SanedConfig::default()
            })
            .await;
            kiosk.saned.lay(picture.clone());
            for (colour, channels) in [(Colour::Grey, 1), (Colour::Colour, 3)] {
                let (pages, end) = kiosk.scan(ScanWish { colour, ..GLASS }).await;
                assert_eq!((pages.len(), end), (1, Ok(())), "{depth} {three_pass}");
                assert!(
                    shows(&pages[0], &picture.in_channels(channels).at_depth(depth)),
                    "{depth} {three_pass} {colour:?}"
                );
            }
            assert_eq!(kiosk.snapshot().pages, 2);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn eight_bits_are_asked_for_where_there_is_a_choice() {
    let kiosk = Kiosk::ready(SanedConfig { depths: vec![1, 16, 8], ..SanedConfig::default() }).await;
    let picture = Picture::marked(20, 20, 1, 1);
    kiosk.saned.lay(picture.clone());
    let (pages, _) = kiosk.scan(GLASS).await;
    assert!(shows(&pages[0], &picture));
    assert_eq!(kiosk.snapshot().set("depth"), ["8"]);
}

#[tokio::test(start_paused = true)]
async fn padding_and_rows_of_unknown_number_change_nothing() {
    use simulators::saned::SanedFault::{EmptyRecords, Padding, UnknownHeight};
    let kiosk = Kiosk::ready(SanedConfig { record: 100, ..SanedConfig::default() }).await;
    let picture = Picture::marked(50, 1500, 1, 3);
    kiosk.saned.lay(picture.clone());
    for fault in [Padding { bytes: 13 }, UnknownHeight, EmptyRecords { count: 3 }] {
        kiosk.saned.fault(fault);
        let (pages, end) = kiosk.scan(GLASS).await;
        assert_eq!((pages.len(), end), (1, Ok(())), "{fault:?}");
        assert!(shows(&pages[0], &picture), "{fault:?}");
    }
    kiosk.snapshot();
}

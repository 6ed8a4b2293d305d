//! Pages through the whole client, pixel by pixel, in all the ways the driver can make it hard.
use std::time::{Duration, Instant};

use hal_sane::{Colour, Resolutions, ScanError, ScanWish, Source};

use crate::daemon::{Daemon, Kiosk};
use crate::pictures::{Drawn, drawn, first_difference, pixels_of};

const DPI: u16 = 100;
const GLASS: ScanWish = ScanWish { source: Source::Flatbed, colour: Colour::Grey, dpi: DPI };
const COLOURS: [(Colour, u8); 2] = [(Colour::Grey, 1), (Colour::Colour, 3)];

/// Scans with these settings of the driver, in grey and in colour, and compares every pixel.
async fn exactly(settings: &str, picture: Drawn, size_mm: (u32, u32), lost: u32) {
    let daemon = Daemon::start(&format!("test-picture \"{}\"\n{settings}", picture.name()));
    let kiosk = Kiosk::ready(&daemon).await;
    let size = (pixels_of(size_mm.0, DPI) - lost, pixels_of(size_mm.1, DPI));
    for (colour, channels) in COLOURS {
        let page = kiosk.page(ScanWish { colour, ..GLASS }).await;
        assert_eq!(
            (page.width, page.height, page.channels, page.dpi),
            (size.0, size.1, channels, DPI),
            "{settings}"
        );
        let expected = drawn(picture, size, DPI, channels == 3, 8);
        let difference = first_difference(&page.pixels, &expected, size.0 as usize * usize::from(channels));
        assert_eq!(difference, None, "{settings} {picture:?} {colour:?} (at, row, got, expected)");
    }
}

#[tokio::test]
async fn every_picture() {
    for picture in Drawn::ALL {
        exactly("", picture, (200, 200), 0).await;
    }
}

#[tokio::test]
async fn small_pieces() {
    exactly("read-limit true\nread-limit-size 1\ngeometry_max 40", Drawn::Pattern, (40, 40), 0).await;
    exactly("read-limit true\nread-limit-size 777", Drawn::Pattern, (200, 200), 0).await;
}

#[tokio::test]
async fn slowly() {
    exactly("read-delay true\nread-delay-duration 50000", Drawn::Grid, (200, 200), 0).await;
}

#[tokio::test]
async fn rows_longer_than_their_pixels() {
    exactly("ppl-loss 5", Drawn::Pattern, (200, 200), 5).await;
    exactly("ppl-loss 128", Drawn::Pattern, (200, 200), 128).await;
}

#[tokio::test]
async fn a_hand_scanner_that_does_not_know_its_rows() {
    exactly("hand-scanner true", Drawn::Pattern, (110, 170), 0).await;
}

#[tokio::test]
async fn three_passes() {
    for order in ["RGB", "BGR"] {
        exactly(&format!("three-pass true\nthree-pass-order {order}"), Drawn::Pattern, (200, 200), 0).await;
    }
}

#[tokio::test]
async fn estimates_before_the_start_that_are_wrong() {
    exactly("fuzzy-parameters true", Drawn::Pattern, (200, 200), 0).await;
}

#[tokio::test]
async fn with_a_descriptor_to_wait_on() {
    exactly("select-fd true", Drawn::Grid, (200, 200), 0).await;
    exactly("non-blocking true\nselect-fd true", Drawn::Grid, (200, 200), 0).await;
}

/// Without one, this driver takes "nothing yet" for a record of -1 bytes, which is the end marker, and saned sends that
/// with a status that is none. Such an image is no page, whatever it looks like; the next one may be. When the end comes
/// so early that the driver's thread is killed inside malloc, that process of saned waits for it for ever; the next one
/// serves.
#[tokio::test]
async fn a_driver_that_does_not_wait_ends_its_images_at_random() {
    let daemon = Daemon::start("non-blocking true\ntest-picture Grid");
    let kiosk = Kiosk::ready(&daemon).await;
    let mut good = 0;
    for _ in 0..12 {
        match kiosk.scan(GLASS).await {
            (pages, Ok(())) => {
                let size = (pixels_of(200, DPI), pixels_of(200, DPI));
                assert!(pages.len() == 1 && pages[0].pixels == drawn(Drawn::Grid, size, DPI, false, 8));
                good += 1;
            }
            (pages, Err(ScanError::Device(words))) => {
                assert!(pages.is_empty() && words.contains("status 255"), "{words}");
            }
            (pages, Err(ScanError::Deaf { .. })) => {
                assert_eq!(pages, []);
                kiosk.status("ready").await;
                break;
            }
            (_, Err(other)) => panic!("{other}"),
        }
    }
    println!("{good} whole pages");
}

#[tokio::test]
async fn what_the_scanner_can_do() {
    let daemon = Daemon::start("");
    let kiosk = Kiosk::ready(&daemon).await;
    let abilities = kiosk.scanner.abilities().borrow().clone().unwrap();
    assert_eq!(abilities.name, "Noname frontend-tester");
    let sources: Vec<Source> = abilities.sources.iter().map(|abilities| abilities.source).collect();
    assert_eq!(sources, [Source::Flatbed, Source::Feeder]);
    for source in &abilities.sources {
        assert_eq!(source.colours, [Colour::Grey, Colour::Colour]);
        assert_eq!(source.resolutions, Resolutions::Range { least: 50, most: 1200, step: 1 });
        assert_eq!(source.largest_mm, Some((200, 200)));
    }
    assert_eq!(
        kiosk.scan(ScanWish { source: Source::FeederDuplex, ..GLASS }).await.1,
        Err(ScanError::Unsupported("a feeder for both sides"))
    );
}

#[tokio::test]
async fn the_ten_pages_of_the_feeder_twice() {
    let daemon = Daemon::start("test-picture Grid");
    let kiosk = Kiosk::ready(&daemon).await;
    let size = (pixels_of(200, DPI), pixels_of(200, DPI));
    let expected = drawn(Drawn::Grid, size, DPI, false, 8);
    for _ in 0..2 {
        let (pages, end) = kiosk.scan(ScanWish { source: Source::Feeder, ..GLASS }).await;
        assert_eq!((pages.len(), end), (10, Ok(())));
        assert!(pages.iter().all(|page| page.pixels == expected));
    }
}

#[tokio::test]
async fn an_a4_page_of_300_dpi_in_colour() {
    let daemon = Daemon::start("geometry_max 297\ntest-picture \"Color pattern\"");
    let kiosk = Kiosk::ready(&daemon).await;
    let before = Instant::now();
    let page = kiosk.page(ScanWish { colour: Colour::Colour, dpi: 300, ..GLASS }).await;
    let size = (pixels_of(216, 300), pixels_of(297, 300));
    assert_eq!((page.width, page.height, page.dpi), (size.0, size.1, 300));
    assert!(page.pixels == drawn(Drawn::Pattern, size, 300, true, 8));
    println!("{page:?} in {:?}", before.elapsed());
}

#[tokio::test]
async fn cancelled_in_the_middle_of_a_page_and_scanned_again() {
    let daemon = Daemon::start("read-delay true\nread-delay-duration 200000\ntest-picture Grid");
    let kiosk = Kiosk::ready(&daemon).await;
    for _ in 0..3 {
        let batch = kiosk.scanner.scan(ScanWish { dpi: 600, ..GLASS }).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        batch.cancel().await;
        let batch = kiosk.scanner.scan(ScanWish { dpi: 600, ..GLASS }).await.unwrap();
        drop(batch);
    }
    let page = kiosk.page(GLASS).await;
    let size = (page.width, page.height);
    assert!(page.pixels == drawn(Drawn::Grid, size, DPI, false, 8));
    kiosk.status("ready").await;
}

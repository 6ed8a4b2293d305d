//! Pages that lie about themselves.
use proptest::prelude::*;

use super::*;

/// A page of which something is not as it was.
fn with(mut page: RawPage, edit: impl FnOnce(&mut RawPage)) -> RawPage {
    edit(&mut page);
    page
}

fn refused(page: RawPage) -> DigitisationError {
    digitise(page, &Settings::default()).expect_err("a refusal")
}

#[test]
fn sizes_that_no_scanner_has_are_refused_before_anything_is_read() {
    let sized = |width, height| RawPage { width, height, channels: 3, dpi: 200, pixels: Vec::new() };
    for (width, height) in [(0, 0), (0, 100), (15, 100), (100, 15), (20_001, 16), (u32::MAX, u32::MAX)] {
        assert_eq!(refused(sized(width, height)), DigitisationError::Size { width, height });
    }
    assert_eq!(refused(sized(20_000, 20_000)), DigitisationError::Large { bytes: 1_200_000_000 });
    assert_eq!(refused(sized(100, 100)), DigitisationError::Cut { wanted: 30_000, found: 0 });
}

#[test]
fn dots_more_or_fewer_than_the_size_are_refused() {
    for change in [-1_i32, 1] {
        let mut raw = page(40, 50, 3, 1);
        raw.pixels.resize((raw.pixels.len() as i32 + change) as usize, 9);
        let found = raw.pixels.len();
        assert_eq!(refused(raw), DigitisationError::Cut { wanted: 6000, found });
    }
}

#[test]
fn channels_and_resolutions_that_there_are_not_are_refused() {
    for channels in [0, 2, 4, 255] {
        let raw = with(page(40, 50, 1, 1), |raw| raw.channels = channels);
        assert_eq!(refused(raw), DigitisationError::Channels { channels });
    }
    for (width, height, dpi) in [(119, 300, 1200), (300, 119, 1200), (7501, 20, 75), (20, 7501, 75)] {
        let raw = with(page(width, height, 1, 1), |raw| raw.dpi = dpi);
        assert_eq!(refused(raw), DigitisationError::Extent { width, height, dpi });
    }
    for dpi in [0, 74, 1201, u16::MAX] {
        assert_eq!(
            refused(with(page(40, 50, 1, 1), |raw| raw.dpi = dpi)),
            DigitisationError::Resolution { dpi }
        );
    }
}

#[test]
fn settings_outside_their_limits_are_refused() {
    for settings in [
        Settings { quality: 49, ..Settings::default() },
        Settings { quality: 96, ..Settings::default() },
        Settings { page_bytes: SMALLEST_FILE - 1, ..Settings::default() },
    ] {
        assert!(matches!(digitise(page(40, 50, 1, 1), &settings), Err(DigitisationError::Setting(_))));
    }
}

#[test]
fn the_smallest_page_at_the_highest_resolution_is_a_page() {
    let raw = with(page(120, 120, 3, 1), |raw| raw.dpi = HIGHEST_DPI);
    let page = digitise(raw, &Settings::default()).unwrap();
    let shown = page.preview(LARGEST_PREVIEW).unwrap();
    assert_eq!((shown.width, shown.height, shown.pixels.as_slice().len()), (10, 10, 300));
    assert_eq!(documents(&[page], &about(), &Limits::default()).unwrap().len(), 1);
}

#[test]
fn debug_shows_sizes_and_no_dots() {
    let raw = page(40, 50, 3, 1);
    assert_eq!(format!("{raw:?}"), "RawPage(40 × 50 × 3, 200 dpi)");
    let page = digitise(raw, &Settings { colours: Colours::Grey, ..Settings::default() }).unwrap();
    let shown = format!("{page:?} {:?}", page.preview(100).unwrap());
    assert!(
        shown.starts_with("DigitisedPage(40 × 50 at 200 dpi, grey") && shown.ends_with("Preview(20 × 25)"),
        "{shown}"
    );
    assert!(shown.len() < 140, "{shown}");
    let files = documents(&[page], &about(), &Limits::default()).unwrap();
    let shown = format!("{files:?} {:?}", about());
    assert!(shown.starts_with("[Document(pages 0..1, ") && !shown.contains("Instancia"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_page_becomes_one_that_keeps_its_promises(
        (width, height) in (20_u32..160, 20_u32..160),
        channels in prop::sample::select(vec![1_u8, 3]),
        dpi in 75_u16..=200,
        seed: u64,
        // Noise, stripes, black, white: whatever makes a line or an edge.
        kind in 0_u8..6,
        turns in 0_u8..4,
    ) {
        let mut raw = with(page(width, height, channels, seed), |raw| raw.dpi = dpi);
        let row = width as usize * usize::from(channels);
        for (y, line) in raw.pixels.chunks_exact_mut(row).enumerate() {
            match kind {
                1 => line.fill(if y / 7 % 2 == 0 { 20 } else { 240 }),
                2 => line.fill(0),
                3 => line.fill(255),
                4 => line[..row / 3].fill(10),
                5 => line.iter_mut().for_each(|value| *value = 225 + *value / 16),
                _ => {}
            }
        }
        let mut page = digitise(raw, &Settings::default()).unwrap();
        page.set_quarter_turns(turns);
        prop_assert_eq!(page.size(), (width, height));
        prop_assert!(page.skew().abs() <= 10.0 && (channels == 3 || !page.is_coloured()));
        let layout = page.layout();
        let diagonal = f64::from(width).hypot(f64::from(height)) + 1e-6;
        prop_assert!(layout.width > 0.0 && layout.width <= diagonal && layout.height > 0.0 && layout.height <= diagonal);
        let shown = page.preview(90).unwrap();
        prop_assert!((1..=90).contains(&shown.width) && (1..=90).contains(&shown.height));
        prop_assert_eq!(shown.pixels.as_slice().len(), (shown.width * shown.height * 3) as usize);
        let files = documents(&[page], &about(), &Limits::default()).unwrap();
        prop_assert_eq!(files.len(), 1);
    }
}

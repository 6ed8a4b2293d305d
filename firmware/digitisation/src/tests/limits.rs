//! What a receiver takes, and what is said of a file.
use sha2::{Digest, Sha256};

use super::*;

/// Pages of some 80 kB each.
fn pages(count: u64) -> Vec<DigitisedPage> {
    (0..count).map(|seed| digitise(page(360, 360, 1, seed), &Settings::default()).unwrap()).collect()
}

#[test]
fn files_are_split_between_pages_and_each_is_within_the_limit() {
    let pages = pages(7);
    let one = pages[0].jpeg().len();
    assert!((60_000..130_000).contains(&one), "{one}");
    let limits = Limits { file_bytes: 2 * one + one / 2, ..Limits::default() };
    let files = documents(&pages, &about(), &limits).unwrap();
    let parts: Vec<_> = files.iter().map(|file| file.pages.clone()).collect();
    assert_eq!(parts, [0..2, 2..4, 4..6, 6..7]);
    for file in &files {
        let bytes = file.pdf.as_slice();
        assert!(bytes.len() <= limits.file_bytes && bytes.starts_with(b"%PDF-1.7"));
        assert_eq!(file.sha256[..], Sha256::digest(bytes)[..]);
        // Each page is in there as it is.
        for page in &pages[file.pages.clone()] {
            assert!(bytes.windows(page.jpeg().len()).any(|window| window == page.jpeg()));
        }
    }
    let whole = documents(&pages, &about(), &Limits::default()).unwrap();
    assert_eq!((whole.len(), whole[0].pages.clone()), (1, 0..7));
}

#[test]
fn the_same_pages_make_the_same_file() {
    let pages = pages(2);
    let file = || documents(&pages, &about(), &Limits::default()).unwrap();
    assert_eq!(file()[0].sha256, file()[0].sha256);
}

#[test]
fn limits_of_files_bytes_and_pages_are_errors_that_say_so() {
    let pages = pages(5);
    let one = pages[0].jpeg().len();
    let with = |limits: Limits| documents(&pages, &about(), &limits).err().unwrap();
    let file_bytes = one + one / 2;
    assert_eq!(
        with(Limits { file_bytes, files: 4, ..Limits::default() }),
        DigitisationError::ManyFiles { files: 5, most: 4 }
    );
    assert!(matches!(
        with(Limits { total_bytes: 4 * one, ..Limits::default() }),
        DigitisationError::ManyBytes { bytes, most } if bytes > 5 * one && most == 4 * one
    ));
    assert_eq!(
        with(Limits { pages: 4, ..Limits::default() }),
        DigitisationError::ManyPages { pages: 5, most: 4 }
    );
    assert!(matches!(
        with(Limits { file_bytes: 65_535, ..Limits::default() }),
        DigitisationError::Setting(_)
    ));
    assert_eq!(documents(&[], &about(), &Limits::default()).err(), Some(DigitisationError::NoPages));
    let many = vec![pages[0].clone(); MOST_PAGES + 1];
    let limits = Limits { pages: usize::MAX, ..Limits::default() };
    assert_eq!(
        documents(&many, &about(), &limits).err(),
        Some(DigitisationError::ManyPages { pages: 101, most: 100 })
    );
}

#[test]
fn a_page_too_large_for_a_file_is_compressed_again_and_the_others_are_not() {
    let small = digitise(page(100, 100, 1, 1), &Settings::default()).unwrap();
    let large = digitise(page(360, 360, 1, 2), &Settings { quality: 95, ..Settings::default() }).unwrap();
    let limits = Limits { file_bytes: large.jpeg().len() * 3 / 4, ..Limits::default() };
    let files = documents(&[small.clone(), large.clone()], &about(), &limits).unwrap();
    let held = |page: &DigitisedPage| {
        files
            .iter()
            .any(|file| file.pdf.as_slice().windows(page.jpeg().len()).any(|window| window == page.jpeg()))
    };
    assert!(held(&small) && !held(&large));
    assert!(files.iter().all(|file| file.pdf.as_slice().len() <= limits.file_bytes));
    assert_eq!(files.last().unwrap().pages.end, 2);
}

#[test]
fn a_page_that_does_not_fit_at_the_lowest_quality_is_named() {
    let pages = [pages(1), vec![digitise(page(600, 600, 3, 3), &Settings::default()).unwrap()]].concat();
    let limits = Limits { file_bytes: 200_000, ..Limits::default() };
    assert!(matches!(
        documents(&pages, &about(), &limits),
        Err(DigitisationError::PageTooLarge { page: 2, limit: ..200_000 })
    ));
    let settings = Settings { page_bytes: SMALLEST_FILE, ..Settings::default() };
    assert_eq!(
        digitise(page(600, 600, 3, 3), &settings).err(),
        Some(DigitisationError::PageTooLarge { page: 0, limit: SMALLEST_FILE })
    );
}

#[test]
fn a_page_over_its_own_limit_is_made_coarser_at_once() {
    let full = digitise(page(360, 360, 1, 2), &Settings::default()).unwrap();
    let settings = Settings { page_bytes: full.jpeg().len() - 1, ..Settings::default() };
    let coarser = digitise(page(360, 360, 1, 2), &settings).unwrap();
    assert!(full.quality() == 80 && (50..80).contains(&coarser.quality()));
    assert!(coarser.jpeg().len() < full.jpeg().len());
}

#[test]
fn titles_that_cannot_stand_in_a_document_are_refused() {
    let pages = pages(1);
    for title in ["", "  ", "a\nb", "a\0", "\u{FFFE}", &"ñ".repeat(201)] {
        let about = About { title: title.to_owned().into(), ..about() };
        assert_eq!(
            documents(&pages, &about, &Limits::default()).err(),
            Some(DigitisationError::Title),
            "{title:?}"
        );
    }
    // What XML and PDF write in their own way.
    let title = format!("<&>\"')(\\ ñ€漢🏛 {}", "&".repeat(180));
    let about = About { title: title.into(), ..about() };
    assert_eq!(documents(&pages, &about, &Limits::default()).unwrap().len(), 1);
}

#[test]
fn a_time_that_cannot_stand_in_a_document_is_refused() {
    let created = "-000044-03-15T10:00:00+00:00[UTC]".parse().unwrap();
    let about = About { created, ..about() };
    assert_eq!(documents(&pages(1), &about, &Limits::default()).err(), Some(DigitisationError::Created));
}

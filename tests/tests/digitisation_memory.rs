//! A batch of twenty pages of A4 in colour at 300 dots an inch stays within 128 MB, from the scanner to the files.
//!
//! Everything that is allocated in this process is counted, so this is a program of its own with one test.
use std::time::{Duration, Instant};

use ciberkiosco::words::{part, tag};
use digitisation::{About, Limits, RawPage, Settings, digitise, documents};
use peak_alloc::PeakAlloc;
use scans::{BLUE, Place, RED, Scanner, letter};
use ui::Language;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const PAGES: usize = 20;
const MOST: usize = 128_000_000;

/// The page as it comes from the line: other noise on each.
fn arrives(template: &RawPage, number: usize) -> RawPage {
    let mut pixels = template.pixels.clone();
    let bytes = pixels.len();
    pixels.iter_mut().skip(number).step_by(PAGES).for_each(|value| *value = value.wrapping_sub(7));
    assert_eq!(pixels.len(), bytes);
    let RawPage { width, height, channels, dpi, .. } = *template;
    RawPage { width, height, channels, dpi, pixels }
}

#[test]
fn twenty_pages_in_colour_stay_within_128_mb() {
    let mut sheet = letter(&Place { dpi: 300, angle: 0.6, ..Place::default() });
    sheet.stamp((160.0, 265.0), 28.0, RED);
    sheet.signature((60.0, 280.0), 0.4, BLUE);
    let template = Scanner { noise: 3.0, ..Scanner::default() }.colour(&sheet);
    drop(sheet);
    assert_eq!(template.pixels.len(), 2480 * 3508 * 3);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();

    let mut pages = Vec::new();
    let mut took = Vec::new();
    let mut next = Some(arrives(&template, 0));
    for number in 1..=PAGES {
        let page = next.take().unwrap();
        // While this one is worked on, the scanner has read the next.
        next = (number < PAGES).then(|| arrives(&template, number));
        let start = Instant::now();
        pages.push(digitise(page, &Settings::default()).unwrap());
        took.push(start.elapsed());
    }
    assert!(pages.iter().all(|page| page.is_coloured() && page.preview(1000).unwrap().height <= 1000));
    let scanned = MEMORY.peak_usage() - before;
    let kept = MEMORY.current_usage() - before;
    let about = About {
        title: "Veinte páginas".to_owned().into(),
        language: tag(Language::Spanish),
        part: part(Language::Spanish),
        created: "2026-11-29T10:00:00+01:00[Europe/Madrid]".parse().unwrap(),
    };
    let limits = Limits { total_bytes: 100_000_000, ..Limits::default() };
    let start = Instant::now();
    let files = documents(&pages, &about, &limits).unwrap();
    let written = start.elapsed();
    let peak = MEMORY.peak_usage() - before;

    let megabytes = |bytes: usize| bytes as f64 / 1e6;
    let jpeg: usize = pages.iter().map(|page| page.jpeg().len()).sum();
    let sizes: Vec<f64> = files.iter().map(|file| megabytes(file.pdf.as_slice().len())).collect();
    println!(
        "{PAGES} pages of 26.1 MB, two of them at a time: at most {:.1} MB while they were scanned, {:.1} MB kept \
         ({:.1} MB of pictures), {:.1} MB with their files of {sizes:.1?} MB",
        megabytes(scanned),
        megabytes(kept),
        megabytes(jpeg),
        megabytes(peak),
    );
    let mean = took.iter().sum::<Duration>() / PAGES as u32;
    println!("a page took {mean:.0?}, the files {written:.0?}");
    assert_eq!(files.iter().map(|file| file.pages.len()).sum::<usize>(), PAGES);
    assert!(peak <= MOST, "{peak} bytes");
    // The count sees what there is: two pages as scanned are in it.
    assert!(scanned > 2 * template.pixels.len());
}

//! How long a scanned page takes, and a batch of them until it is a file.
use std::time::Instant;

use anyhow::{Context, Result};
use ciberkiosco::words::{part, tag};
use digitisation::{About, Limits, RawPage, Settings, digitise, documents};
use scans::{Place, RED, Scanner, letter};
use ui::Language;

use super::statistics::{Sample, number};
use super::table::Table;

/// How many pages.
const PAGES: usize = 20;

/// Adds the time of a page in colour and in grey, and of the file of a batch.
pub fn measure(table: &mut Table) -> Result<()> {
    let mut sheet = letter(&Place { dpi: 300, angle: 0.6, ..Place::default() });
    let grey = Scanner::default().grey(&sheet);
    sheet.stamp((160.0, 265.0), 28.0, RED);
    let colour = Scanner::default().colour(&sheet);
    drop(sheet);
    let mut pages = Vec::new();
    for (name, page) in [("grey", grey), ("colour", colour)] {
        let mut took = Vec::new();
        pages.clear();
        for _ in 0..PAGES {
            let RawPage { width, height, channels, dpi, ref pixels } = page;
            let page = RawPage { width, height, channels, dpi, pixels: pixels.clone() };
            let start = Instant::now();
            pages.push(digitise(page, &Settings::default())?);
            took.push(start.elapsed());
        }
        let size = pages.first().context("a page")?.jpeg().len();
        let how = format!("{PAGES} times, A4 at 300 dots an inch, {} kB each", size / 1000);
        table.add(
            format!("a scanned page in {name}, looked at and compressed"),
            Sample::milliseconds(took)?.usual_and_worst("ms"),
            how,
        );
    }
    let about = About {
        title: "Veinte páginas".to_owned().into(),
        language: tag(Language::Spanish),
        part: part(Language::Spanish),
        created: jiff::Timestamp::from_second(1_795_600_000)?.to_zoned_datetime(jiff::tz::TimeZone::UTC),
    };
    let start = Instant::now();
    let files = documents(&pages, &about, &Limits { total_bytes: 100_000_000, ..Limits::default() })?;
    let took = start.elapsed().as_secs_f64() * 1000.0;
    let how = format!("{PAGES} pages in colour, in {} files", files.len());
    table.add("scanned pages to the files that are sent", format!("{} ms", number(took)), how);
    Ok(())
}

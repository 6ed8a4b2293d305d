//! What a citizen with papers waits for: from the last page in the scanner to its picture on the screen, and until the
//! registry has his documents.
//!
//! Scanner and line take no time here, so that what is measured is the kiosk's own work, with that of the simulated
//! scan service and of the town hall in the same process.
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use simulators::saned::Picture;
use ui::{Intent, Page, Service, WriteField};

use super::statistics::number;
use super::table::Table;
use crate::scenario::{Kiosk, World};
use scans::{Place, RED, Scanner, letter};

/// Sheets of the batch; both sides are read.
const SHEETS: usize = 5;

/// Adds the rows.
pub fn measure(table: &mut Table) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let Times { glass, feeder, sent, bytes } = runtime.block_on(visit())?;
    let seconds = |of: Duration| number(of.as_secs_f64());
    table.add(
        "last page in the scanner to its preview",
        format!("{} s", seconds(glass)),
        "one page of A4 in colour at 200 dots an inch from the glass, read, looked at, compressed and painted small",
    );
    let pages = u32::try_from(2 * SHEETS)?;
    table.add(
        "a batch from the feeder to the question whether that is all",
        format!("{} s, {} s a page", seconds(feeder), seconds(feeder / pages)),
        format!("{SHEETS} sheets, both sides of each, the same otherwise"),
    );
    let rate = bytes as f64 / 1e6 / sent.as_secs_f64();
    table.add(
        "upload of a petition's documents",
        format!("{} MB/s", number(rate)),
        format!(
            "{:.1} MB in parts of 512 KiB, opened to registered, hashes compared; in memory, without TLS",
            bytes as f64 / 1e6
        ),
    );
    Ok(())
}

struct Times {
    glass: Duration,
    feeder: Duration,
    sent: Duration,
    bytes: u64,
}

/// A letter with a stamp, as the scanner's driver gives it.
fn sheet() -> Picture {
    let mut sheet = letter(&Place { dpi: 200, angle: 0.6, ..Place::default() });
    sheet.stamp((160.0, 265.0), 28.0, RED);
    let mut page = Scanner::default().colour(&sheet);
    let pixels = std::mem::take(&mut page.pixels);
    Picture { width: page.width, height: page.height, channels: 3, pixels }
}

async fn visit() -> Result<Times> {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.come_for(Service::Petition, &world, "ordinary").await;
    let pin = world.citizens.card("ordinary").and_then(|card| card.pin).context("a card with a PIN")?;
    kiosk.type_pin(pin).await;
    kiosk.until("to whom", |page| matches!(page, Page::Choose { .. })).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.write(WriteField::Facts, "Hay un bache.").await;
    kiosk.write(WriteField::Request, "Que se repare.").await;
    let sheet = sheet();
    add_document(&mut kiosk).await;
    world.saned.lay(sheet.clone());
    let start = Instant::now();
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("the page", |page| matches!(page, Page::ScannedPage { .. })).await;
    let glass = start.elapsed();
    kiosk.wish(Intent::Confirm).await;
    add_document(&mut kiosk).await;
    world.saned.feed((0..SHEETS).map(|_| sheet.clone().into()));
    let start = Instant::now();
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.until("all sheets", |page| matches!(page, Page::MoreSheets { .. })).await;
    let feeder = start.elapsed();
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the page", |page| matches!(page, Page::ScannedPage { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk
        .until("the documents", |page| matches!(page, Page::Attachments { items, .. } if items.len() == 2))
        .await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("how to notify", |page| matches!(page, Page::Notification { .. })).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.skip(WriteField::Telephone).await;
    kiosk.skip(WriteField::Email).await;
    kiosk.until("the check", |page| matches!(page, Page::PetitionCheck { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the consent", |page| matches!(page, Page::Consent { .. })).await;
    let start = Instant::now();
    kiosk.wish(Intent::Confirm).await;
    let page =
        kiosk.until("an end", |page| !matches!(page, Page::Consent { .. } | Page::Working { .. })).await;
    let sent = start.elapsed();
    anyhow::ensure!(matches!(page, Page::Registered { .. }), "{page:?}");
    let petitions = world.sede.petitions();
    let files = petitions.iter().flat_map(|petition| &petition.files);
    let bytes = files.map(|file| u64::try_from(file.bytes).unwrap_or(0)).sum();
    Ok(Times { glass, feeder, sent, bytes })
}

async fn add_document(kiosk: &mut Kiosk) {
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
    kiosk.wish(Intent::AddAttachment).await;
    kiosk.until("what kind", |page| matches!(page, Page::Choose { .. })).await;
    kiosk.wish(Intent::Choose(0)).await;
    let ready = |page: &Page| matches!(page, Page::ScanFrom { feeder: true, flatbed: true, .. });
    kiosk.until("where it lies", ready).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_share_is_measured() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let Times { glass, feeder, sent, bytes } = runtime.block_on(visit()).unwrap();
        assert!([glass, feeder, sent].iter().all(|time| !time.is_zero()));
        // Eleven pages, five of them with nothing on them.
        assert!(bytes > 500_000, "{bytes}");
    }
}

//! How many entries a second the ledger takes, each on the disk before the next, and what the disk alone would do.
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use ciberkiosco::ledger::{Ledger, Record};
use ciberkiosco::sede::OperationId;

use super::statistics::{Sample, number};
use super::table::Table;
use crate::scenario::{Kiosk, World};

/// Payments that are written.
const PAYMENTS: usize = 20;

/// A page of the file that SQLite's log takes at least.
const PAGE: [u8; 4096] = [0x5A; 4096];

/// Adds both; `folder` is on the disk that is measured.
pub fn measure(table: &mut Table, folder: &Path) -> Result<()> {
    let payment = one_payment()?;
    let folder = tempfile::tempdir_in(folder).context("no folder for a ledger")?;
    let disk = bare_disk(folder.path())?;
    let commits = commits(folder.path(), &payment)?;
    table.add(
        "ledger commits",
        format!("{} a second; {}", number(1000.0 / commits.median()), commits.usual_and_worst("ms")),
        format!(
            "{} entries: {PAYMENTS} payments of {} entries, as Ledger::open sets it (WAL, synchronous=FULL)",
            commits.count(),
            payment.len()
        ),
    );
    table.add(
        "a ledger commit against one bare page and fdatasync",
        format!(
            "{} times; the page: {}",
            number(commits.median() / disk.median()),
            disk.usual_and_worst("ms")
        ),
        format!("medians; {} pages appended to a file beside the ledger", disk.count()),
    );
    Ok(())
}

/// The entries of the usual payment, with two notes, change and receipt.
fn one_payment() -> Result<Vec<Record>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
    let records = runtime.block_on(async {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        kiosk.pay(&world).await;
        kiosk.die().await;
        world.records()
    });
    Ok(records.into_iter().filter(|record| record.operation.is_some()).collect())
}

fn commits(folder: &Path, payment: &[Record]) -> Result<Sample> {
    let mut ledger = Ledger::open(&folder.join("ledger.db"), "K07")?;
    let mut took = Vec::new();
    for number in 1..=PAYMENTS {
        let operation = OperationId(format!("K07-{number:06}"));
        for Record { at, clock_sure, entry, .. } in payment {
            let (operation, entry) = (Some(operation.clone()), entry.clone());
            let start = Instant::now();
            ledger.append(*at, *clock_sure, operation, entry)?;
            took.push(start.elapsed());
        }
    }
    Sample::milliseconds(took)
}

fn bare_disk(folder: &Path) -> Result<Sample> {
    let mut file = OpenOptions::new().create_new(true).append(true).open(folder.join("pages"))?;
    let mut took = Vec::new();
    for _ in 0..PAYMENTS * 20 {
        let start = Instant::now();
        file.write_all(&PAGE)?;
        file.sync_data()?;
        took.push(start.elapsed());
    }
    Sample::milliseconds(took)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_a_ledger_that_verifies() {
        let payment = one_payment().unwrap();
        assert!(payment.len() > 10, "{} entries", payment.len());
        let folder = tempfile::tempdir().unwrap();
        let commits = commits(folder.path(), &payment).unwrap();
        let written = Ledger::inspect(&folder.path().join("ledger.db")).unwrap();
        assert_eq!((written.len(), commits.count()), (PAYMENTS * payment.len(), PAYMENTS * payment.len()));
    }
}

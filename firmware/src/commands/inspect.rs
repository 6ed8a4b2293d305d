//! Commands that look and change nothing.
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ciberkiosco::board;
use ciberkiosco::ledger::{Balance, Ledger};

/// Prints what is wrong with a board file.
pub fn check(path: &Path) -> Result<()> {
    let board = board::load(path)?;
    let remarks = board::check(&board);
    for remark in &remarks {
        println!("{}: {remark}", path.display());
    }
    if !remarks.is_empty() {
        bail!("{}: {} remarks", path.display(), remarks.len());
    }
    println!("{}: {}", path.display(), board.description);
    Ok(())
}

/// Checks a ledger and prints its balance.
pub fn ledger_verify(path: &Path) -> Result<()> {
    let records = Ledger::inspect(path).with_context(|| path.display().to_string())?;
    let balance = Balance::of(&records)?;
    println!("{}: {} rows, every one in its place and unchanged", path.display(), records.len());
    print!("{balance}");
    if !balance.balanced()? {
        bail!("{}: the sums do not balance", path.display());
    }
    Ok(())
}

/// Prints every row.
pub fn ledger_show(path: &Path) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for record in Ledger::inspect(path).with_context(|| path.display().to_string())? {
        serde_json::to_writer(&mut out, &record)?;
        writeln!(out)?;
    }
    Ok(())
}

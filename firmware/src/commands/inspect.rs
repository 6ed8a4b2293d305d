//! Commands that look and change nothing. Whoever reads their output may stop reading at any line: that is no
//! fault, and what was found still decides how the command ends.
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use ciberkiosco::board;
use ciberkiosco::ledger::{Balance, Ledger};

/// Standard output, whose reader may go away.
struct Output<W> {
    writer: W,
    /// The reader has gone, or the output failed: nothing more is written.
    closed: bool,
    failure: Option<io::Error>,
}

impl Output<io::StdoutLock<'static>> {
    fn standard() -> Self {
        Output { writer: io::stdout().lock(), closed: false, failure: None }
    }
}

impl<W: Write> Output<W> {
    fn line(&mut self, text: &str) {
        self.attempt(|writer| writeln!(writer, "{text}"));
    }

    fn attempt(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) {
        if self.closed {
            return;
        }
        if let Err(error) = write(&mut self.writer) {
            self.closed = true;
            self.failure = (error.kind() != io::ErrorKind::BrokenPipe).then_some(error);
        }
    }

    /// Everything is written, or nobody wanted the rest.
    fn end(mut self) -> Result<()> {
        self.attempt(W::flush);
        self.failure.map_or(Ok(()), |error| Err(error).context("the output cannot be written"))
    }
}

/// Prints what is wrong with a board file.
pub fn check(path: &Path) -> Result<()> {
    let board = board::load(path)?;
    let remarks = board::check(&board);
    let mut out = Output::standard();
    for remark in &remarks {
        out.line(&format!("{}: {remark}", path.display()));
    }
    if remarks.is_empty() {
        out.line(&format!("{}: {}", path.display(), board.description));
    }
    out.end()?;
    match remarks.len() {
        0 => Ok(()),
        1 => bail!("{}: cannot be used as it is", path.display()),
        many => bail!("{}: cannot be used as it is, for {many} reasons", path.display()),
    }
}

/// Checks a ledger and prints its balance.
pub fn ledger_verify(path: &Path) -> Result<()> {
    let records = Ledger::inspect(path).with_context(|| path.display().to_string())?;
    let balance = Balance::of(&records)?;
    let mut out = Output::standard();
    out.line(&format!("{}: {} rows, every one in its place and unchanged", path.display(), records.len()));
    out.attempt(|writer| write!(writer, "{balance}"));
    out.end()?;
    if !balance.balanced()? {
        bail!("{}: the sums do not balance", path.display());
    }
    Ok(())
}

/// Prints every row, up to the first that is wrong.
pub fn ledger_show(path: &Path) -> Result<()> {
    let mut out = Output::standard();
    let shown = Ledger::inspect_each(path, |record| match serde_json::to_string(&record) {
        Ok(row) => out.line(&row),
        Err(error) => out.failure = Some(error.into()),
    });
    out.end()?;
    shown.with_context(|| path.display().to_string())
}

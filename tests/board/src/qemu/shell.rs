//! A root shell in the guest for tests that break it from inside, on a serial line of its own.
//!
//! The guest's half is a unit that is in the image only when asked for: it runs each line, and says when it is done.
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::Mutex;

use super::Console;

/// The unit of the guest's half.
pub const SHELL_UNIT: &str = "test-shell.service";

/// Its text. A line is a token and a command; the answer is the command's output, the token and the exit status.
pub const SHELL_UNIT_TEXT: &str = r#"[Unit]
Description=Shell for tests

[Service]
ExecStart=/bin/sh -c 'stty -echo -onlcr; while read -r token line; do eval "$$line" 2>&1; echo "done-$$token-$$?"; done'
StandardInput=tty
TTYPath=/dev/ttyS1
Restart=always
"#;

/// The line to it. One command at a time.
pub struct Shell {
    line: Mutex<OwnedWriteHalf>,
    console: Console,
    next: AtomicU64,
}

impl Shell {
    /// Over the connected line; what comes is added to the file `log`.
    pub(super) fn new(stream: UnixStream, log: &Path) -> Result<Shell> {
        let (read, write) = stream.into_split();
        Ok(Shell { line: Mutex::new(write), console: Console::new(read, log)?, next: AtomicU64::new(1) })
    }

    /// Runs one line of shell and gives what it says. The guest's shell must be up, as it is when a page is shown.
    ///
    /// # Errors
    /// It does not answer, or ends with another status than 0.
    pub async fn run(&self, command: &str) -> Result<String> {
        let mut line = self.line.lock().await;
        let token = self.next.fetch_add(1, Ordering::Relaxed);
        let from = self.console.end();
        line.write_all(format!("{token} {command}\n").as_bytes()).await?;
        let done = format!("done-{token}-");
        let end = self.console.wait_for(&done, from).await.with_context(|| command.to_owned())?;
        let status = self.console.wait_for("\n", end).await?;
        let text = self.console.text();
        let said = text.get(from..end - done.len()).unwrap_or_default().trim().to_owned();
        match text.get(end..status).map(str::trim) {
            Some("0") => Ok(said),
            status => anyhow::bail!("{command}: status {status:?}: {said}"),
        }
    }

    /// Sends a line that will never be answered: it ends whoever would.
    pub async fn send(&self, command: &str) -> Result<()> {
        Ok(self.line.lock().await.write_all(format!("last {command}\n").as_bytes()).await?)
    }
}

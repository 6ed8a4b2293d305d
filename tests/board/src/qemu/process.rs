//! A child that never outlives its owner.
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};

/// A child process that is killed when this is dropped; what it says goes to a log file.
pub struct KilledChild {
    child: Child,
    name: String,
    log: PathBuf,
}

impl KilledChild {
    /// Starts it with its output in the file `log`.
    pub fn spawn(mut command: Command, log: &Path) -> Result<KilledChild> {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let out = File::create(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        Ok(KilledChild { child, name, log: log.to_owned() })
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.with_context(|| format!("{} cannot be killed", self.name))
    }

    /// True while it runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// What it said before it ended.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        format!("{} ended: {}", self.name, log.trim())
    }
}

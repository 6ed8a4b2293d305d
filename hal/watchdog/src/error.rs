//! What can go wrong with a watchdog.
use std::io;
use std::path::PathBuf;

/// A watchdog that cannot be found, opened, fed or stopped.
#[derive(Debug, thiserror::Error)]
pub enum WatchdogError {
    /// No watchdog fits the board file.
    #[error("no watchdog {wanted}; the kernel has: {found}")]
    NotFound {
        /// What was looked for.
        wanted: String,
        /// What there is.
        found: String,
    },
    /// The device cannot be opened.
    #[error("{}: the watchdog cannot be opened ({source}); does another program (systemd's RuntimeWatchdogSec?) hold it?", path.display())]
    Open {
        /// The device.
        path: PathBuf,
        /// What the kernel said.
        source: io::Error,
    },
    /// The kernel refused a request.
    #[error("{}: {doing} failed: {source}", path.display())]
    Request {
        /// The device.
        path: PathBuf,
        /// What was asked.
        doing: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The driver cannot be stopped, so the reset will come.
    #[error("{}: the watchdog cannot be stopped (no magic close, or nowayout); the board will be reset", path.display())]
    CannotStop {
        /// The device.
        path: PathBuf,
    },
}

//! Asks for another service to be started again: a file of its name in a directory that systemd watches.
//!
//! The kiosk itself may start and stop nothing. Whoever starts the service removes the file.
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use hal_device::Status;
use tokio::sync::watch;

/// A service that hangs still so long after it was to be started again is asked for once more.
const ONCE_MORE: Duration = Duration::from_secs(60);

/// Takes requests.
#[derive(Clone, Debug)]
pub struct Restarts {
    directory: PathBuf,
}

impl Restarts {
    /// Into the directory of the image.
    pub fn new() -> Restarts {
        Restarts::into("/run/ciberkiosco/restart".into())
    }

    /// Into this directory.
    pub fn into(directory: PathBuf) -> Restarts {
        Restarts { directory }
    }

    /// Asks for a service whenever a device's status has the reason `hung`, until the status is gone.
    pub async fn when_hung(&self, service: &str, mut status: watch::Receiver<Status>) {
        let hangs = |status: &Status| matches!(status, Status::OutOfService(why) if why.id == "hung");
        while status.wait_for(hangs).await.is_ok() {
            self.ask(service);
            // Either way it is looked at again.
            let _ = tokio::time::timeout(ONCE_MORE, status.wait_for(|now| !hangs(now))).await;
        }
    }

    fn ask(&self, service: &str) {
        tracing::warn!(service, "it hangs, and is to be started again");
        let file = self.directory.join(service);
        let asked = fs::create_dir_all(&self.directory).and_then(|()| fs::write(file, ""));
        if let Err(error) = asked {
            tracing::error!(%error, service, "it cannot be asked for");
        }
    }
}

impl Default for Restarts {
    fn default() -> Restarts {
        Restarts::new()
    }
}

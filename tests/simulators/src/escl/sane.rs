//! SANE of one's own for this scanner: other people's programs with sane-airscan, told where the scanner is.
//!
//! Debian 12; the packages are installed when this process may. Nothing of the machine's own configuration is read.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::packages::{PackagesError, ensure};

/// Package, and a file of it.
const PACKAGES: [(&str, &str); 4] = [
    ("sane-utils", "/usr/bin/scanimage"),
    ("sane-airscan", "/usr/lib/x86_64-linux-gnu/sane/libsane-airscan.so.1"),
    // What reads what was scanned.
    ("tesseract-ocr", "/usr/bin/tesseract"),
    ("tesseract-ocr-spa", "/usr/share/tesseract-ocr/5/tessdata/spa.traineddata"),
];
const START: Duration = Duration::from_secs(20);

#[derive(Debug, thiserror::Error)]
pub enum SaneHostError {
    #[error(transparent)]
    Packages(#[from] PackagesError),
    #[error("saned did not start; its words are in {0}")]
    DidNotStart(PathBuf),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A folder with a configuration of SANE; it goes when this is dropped.
#[derive(Debug)]
pub struct SaneHost {
    folder: TempDir,
    device: String,
}

impl SaneHost {
    /// For the scanner that is served at this address. Installs what is missing.
    ///
    /// # Errors
    /// When packages are missing, or the folder cannot be made.
    pub async fn new(scanner: SocketAddr) -> Result<Self, SaneHostError> {
        ensure(&PACKAGES).await?;
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("dll.conf"), "airscan\n")?;
        fs::write(folder.path().join("airscan.conf"), "[options]\ndiscovery = disable\n")?;
        fs::write(folder.path().join("saned.conf"), "127.0.0.1\n")?;
        Ok(Self { folder, device: device(scanner) })
    }

    /// The scanner's name for SANE.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// A folder that goes with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A program that reads this configuration and no other.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("SANE_CONFIG_DIR", self.folder.path()).env("LC_ALL", "C").kill_on_drop(true);
        command
    }

    /// Starts a saned on the loopback.
    ///
    /// # Errors
    /// When it does not listen after a while.
    pub async fn saned(&self) -> Result<Saned, SaneHostError> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let log = self.folder.path().join(format!("saned-{}.log", address.port()));
        let words = fs::File::create(&log)?;
        let child = self
            .command("saned")
            .args(["-l", "-b", "127.0.0.1", "-e", "-p", &address.port().to_string()])
            .stdin(Stdio::null())
            .stdout(words.try_clone()?)
            .stderr(words)
            .spawn()?;
        let mut saned = Saned { child, address };
        let ready = async {
            while !listens(address.port()) {
                if saned.child.try_wait()?.is_some() {
                    return Err(SaneHostError::DidNotStart(log.clone()));
                }
                sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        };
        timeout(START, ready).await.unwrap_or_else(|_| Err(SaneHostError::DidNotStart(log.clone())))?;
        Ok(saned)
    }
}

/// A running saned. Dropping it ends it.
#[derive(Debug)]
pub struct Saned {
    child: Child,
    address: SocketAddr,
}

impl Saned {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills it, as the kernel or a supervisor would; clients it has forked for live on.
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub async fn kill(&mut self) -> io::Result<()> {
        self.child.kill().await
    }
}

impl Drop for Saned {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.start_kill();
    }
}

/// The name of the scanner at this address for SANE: sane-airscan takes the address out of it.
fn device(scanner: SocketAddr) -> String {
    format!("airscan:escl:KioskScan:http://{scanner}/eSCL")
}

/// Looked up: a connection would be a client to it.
fn listens(port: u16) -> bool {
    let wanted = format!("0100007F:{port:04X} 00000000:0000 0A");
    fs::read_to_string("/proc/net/tcp").is_ok_and(|table| table.contains(&wanted))
}

//! A real pcscd of one's own, with vpcd's reader in it: for trying cards with other people's programs (reference 2.1,
//! 2.2).
//!
//! It runs without systemd, in a mount namespace where its folder takes the place of `/run/pcscd`, so that several run
//! beside each other and beside the machine's. Dropping it ends it. Debian 12; the packages are installed when this
//! process may.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::packages::{PackagesError, ensure};

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// Package, and a file of it.
const PACKAGES: [(&str, &str); 4] = [
    ("pcscd", "/usr/sbin/pcscd"),
    ("vsmartcard-vpcd", DRIVER),
    ("opensc", "/usr/bin/pkcs15-tool"),
    ("openssl", "/usr/bin/openssl"),
];
const START: Duration = Duration::from_secs(20);

/// What pcscd looks for in the machine's folders, in a shell that gets the folder and the configuration.
const SCRIPT: &str = "mount --bind \"$0\" /run/pcscd && exec pcscd --foreground --config \"$1\"";

#[derive(Debug, thiserror::Error)]
pub enum PcscdError {
    #[error(transparent)]
    Packages(#[from] PackagesError),
    #[error("pcscd with vpcd's reader did not start; its words are in {0}")]
    DidNotStart(PathBuf),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A running pcscd.
#[derive(Debug)]
pub struct Pcscd {
    child: Child,
    folder: PathBuf,
    vpcd: SocketAddr,
}

impl Pcscd {
    /// Installs what is missing and starts one.
    ///
    /// # Errors
    /// When packages or rights for a namespace are missing.
    pub async fn start() -> Result<Self, PcscdError> {
        ensure(&PACKAGES).await?;
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("cards-{}-{number}", std::process::id()));
        let run = folder.join("run");
        fs::create_dir_all(&run)?;
        fs::create_dir_all("/run/pcscd")?;
        let vpcd = SocketAddr::from((Ipv4Addr::LOCALHOST, free_pair()?));
        let configuration = folder.join("reader.conf");
        let port = vpcd.port();
        let text = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x{port:04X}\nLIBPATH {DRIVER}\nCHANNELID 0x{port:04X}\n"
        );
        fs::write(&configuration, text)?;
        let log = folder.join("log");
        let words = fs::File::create(&log)?;
        let child = Command::new("unshare")
            .args(["--mount", "sh", "-c", SCRIPT])
            .args([&run, &configuration])
            .stdin(Stdio::null())
            .stdout(words.try_clone()?)
            .stderr(words)
            .kill_on_drop(true)
            .spawn()?;
        let mut pcscd = Self { child, folder, vpcd };
        let ready = async {
            while !pcscd.socket().exists() || !listens(port) {
                if pcscd.child.try_wait()?.is_some() {
                    return Err(PcscdError::DidNotStart(log.clone()));
                }
                sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        };
        timeout(START, ready).await.unwrap_or_else(|_| Err(PcscdError::DidNotStart(log.clone())))?;
        Ok(pcscd)
    }

    /// Its socket: the value of `PCSCLITE_CSOCK_NAME` for programs that use this pcscd.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.join("run/pcscd.comm")
    }

    /// A folder that goes with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where [`serve_vpcd`](super::serve_vpcd) connects to.
    #[must_use]
    pub fn vpcd(&self) -> SocketAddr {
        self.vpcd
    }

    /// A program that finds this pcscd.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PCSCLITE_CSOCK_NAME", self.socket()).kill_on_drop(true);
        command
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        // It may have ended by itself; the folder is of no use in either case.
        let _ended = self.child.start_kill();
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

/// The first of two neighbouring ports: vpcd takes one a slot.
fn free_pair() -> io::Result<u16> {
    loop {
        let first = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        let port = first.local_addr()?.port();
        let Some(next) = port.checked_add(1) else { continue };
        if TcpListener::bind((Ipv4Addr::UNSPECIFIED, next)).is_ok() {
            return Ok(port);
        }
    }
}

/// Looked up, as a connection would be a card.
fn listens(port: u16) -> bool {
    let wanted = format!("00000000:{port:04X} 00000000:0000 0A");
    fs::read_to_string("/proc/net/tcp").is_ok_and(|table| table.contains(&wanted))
}

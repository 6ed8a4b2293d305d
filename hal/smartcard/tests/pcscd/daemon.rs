//! A pcscd of our own that is stopped and started at the same place, and a card in its virtual reader.
//!
//! Client and daemon find each other in `/run/pcscd`: the test runs in a mount namespace of its own, beside whatever
//! pcscd this machine has.
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use simulators::smartcard::{VirtualCard, VirtualReader, serve_vpcd};
use tokio::task::JoinHandle;
use tokio::time::sleep;

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// Set in the namespace.
const INSIDE: &str = "CARDS_IN_A_NAMESPACE";
const SCRIPT: &str = "mount --bind \"$0\" /run/pcscd && exec \"$@\"";

/// A folder that goes when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("cards-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs this very test once more, in a namespace; true when that was done, false inside of it.
pub fn ran_in_a_namespace(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    std::fs::create_dir_all("/run/pcscd").expect("the rights to make /run/pcscd");
    let folder = Folder::new("run");
    let done = Command::new("unshare")
        .args(["--mount", "sh", "-c", SCRIPT])
        .arg(&folder.0)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "yes")
        .status();
    assert!(done.expect("unshare is installed").success(), "see above");
    true
}

pub struct Pcscd {
    child: Child,
    vpcd: SocketAddr,
    _folder: Folder,
}

impl Pcscd {
    pub fn start() -> Pcscd {
        assert!(Path::new(DRIVER).exists(), "install vsmartcard-vpcd");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = Folder::new(&format!("pcscd-{port}"));
        let text = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {DRIVER}\nCHANNELID 0x{port:X}\n"
        );
        let config = folder.0.join("reader.conf");
        std::fs::write(&config, text).unwrap();
        let child = Command::new("pcscd")
            .args(["--foreground", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pcscd is installed");
        Pcscd { child, vpcd: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), _folder: folder }
    }

    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(done.unwrap().success());
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A card in the virtual reader; dropped, it is pulled.
pub struct Inserted(JoinHandle<()>);

impl Inserted {
    pub fn new(pcscd: &Pcscd, card: &VirtualCard) -> Inserted {
        let (reader, vpcd) = (VirtualReader::new(), pcscd.vpcd);
        reader.insert(card.clone());
        Inserted(tokio::spawn(async move {
            // A daemon that was just started does not listen yet.
            while serve_vpcd(&reader, vpcd).await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
        }))
    }
}

impl Drop for Inserted {
    fn drop(&mut self) {
        self.0.abort();
    }
}

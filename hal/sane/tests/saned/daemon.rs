//! A saned of our own: its settings in a folder of its own, its port one that was free.
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use hal_device::Status;
use hal_sane::{Batch, RawPage, ScanError, ScanWish, Scanner, ScannerConfig, TcpSane};
use tokio::time::timeout;

const SANED: &str = "/usr/sbin/saned";
const START: Duration = Duration::from_secs(20);

pub struct Daemon {
    child: Child,
    folder: PathBuf,
    pub address: SocketAddr,
}

impl Daemon {
    /// With one device of the `test` driver, and these lines in its settings.
    pub fn start(settings: &str) -> Daemon {
        assert!(Path::new(SANED).exists(), "install sane-utils");
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("sane-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("dll.conf", "test\n");
        write("saned.conf", "127.0.0.1\n");
        write("test.conf", &format!("number_of_devices 1\n{settings}\n"));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut daemon = Daemon { child: spawn(&folder, address), folder, address };
        daemon.wait();
        daemon
    }

    fn wait(&mut self) {
        let end = Instant::now() + START;
        while TcpStream::connect(self.address).is_err() {
            assert!(self.child.try_wait().unwrap().is_none() && Instant::now() < end, "saned does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// At the same port once more.
    pub fn restart(&mut self) {
        self.kill();
        self.start_again();
    }

    pub fn start_again(&mut self) {
        self.child = spawn(&self.folder, self.address);
        self.wait();
    }

    /// Kills it with all its processes.
    pub fn kill(&mut self) {
        self.signal("KILL");
        self.child.wait().unwrap();
    }

    /// Sends a signal to it and all its processes.
    pub fn signal(&self, name: &str) {
        let mut all = vec![self.child.id()];
        let mut at = 0;
        while let Some(&process) = all.get(at) {
            let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
            all.extend(
                children.unwrap_or_default().split_whitespace().filter_map(|id| id.parse::<u32>().ok()),
            );
            at += 1;
        }
        // The parent first: it starts no other meanwhile. One that has ended already needs no signal.
        for process in all {
            let _ = Command::new("kill")
                .arg(format!("-{name}"))
                .arg(process.to_string())
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.kill();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn spawn(folder: &Path, address: SocketAddr) -> Child {
    Command::new(SANED)
        .args(["-l", "-b", "127.0.0.1", "-p", &address.port().to_string()])
        .env("SANE_CONFIG_DIR", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A kiosk's scanner on it.
pub struct Kiosk {
    pub scanner: Scanner,
}

impl Kiosk {
    pub fn new(daemon: &Daemon) -> Kiosk {
        let config = ScannerConfig { address: daemon.address, ..ScannerConfig::default() };
        let port = Arc::new(TcpSane { address: daemon.address, name: "scanner".to_owned() });
        let (scanner, mut task) = Scanner::new(port, config);
        tokio::spawn(async move { task.run(&|| {}).await });
        Kiosk { scanner }
    }

    pub async fn ready(daemon: &Daemon) -> Kiosk {
        let kiosk = Kiosk::new(daemon);
        kiosk.status("ready").await;
        kiosk
    }

    pub async fn status(&self, wanted: &str) {
        let fits = |status: &Status| match status {
            Status::Ready => wanted == "ready",
            Status::Degraded(reason) | Status::OutOfService(reason) => reason.id == wanted,
            _ => false,
        };
        let mut status = self.scanner.status();
        let found = timeout(Duration::from_secs(90), status.wait_for(fits)).await;
        found.unwrap_or_else(|_| panic!("no `{wanted}`: {:?}", self.scanner.status().borrow())).unwrap();
    }

    pub async fn scan(&self, wish: ScanWish) -> (Vec<RawPage>, Result<(), ScanError>) {
        match self.scanner.scan(wish).await {
            Ok(batch) => pages(batch).await,
            Err(error) => (Vec::new(), Err(error)),
        }
    }

    /// The only page.
    pub async fn page(&self, wish: ScanWish) -> RawPage {
        let (mut pages, end) = self.scan(wish).await;
        assert_eq!((pages.len(), end), (1, Ok(())));
        pages.remove(0)
    }
}

pub async fn pages(mut batch: Batch) -> (Vec<RawPage>, Result<(), ScanError>) {
    let mut pages = Vec::new();
    loop {
        match timeout(Duration::from_secs(90), batch.next_page()).await.expect("an end in time") {
            Ok(Some(page)) => pages.push(page),
            Ok(None) => return (pages, Ok(())),
            Err(error) => return (pages, Err(error)),
        }
    }
}

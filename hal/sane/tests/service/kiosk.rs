//! The scanner's task, and a simulated service behind its port.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hal_device::{Line, OpenFuture, Reason, Status};
use hal_sane::{
    Abilities, Batch, Colour, RawPage, SanePort, ScanError, ScanWish, Scanner, ScannerConfig, Source,
};
use simulators::saned::{Picture, Saned, SanedConfig, SanedSnapshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// Lines in memory.
pub struct Memory(pub Saned);

impl SanePort for Memory {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move { Ok(Box::new(self.0.connect()?) as Box<dyn Line>) })
    }

    fn open_data(&self, port: u16) -> OpenFuture<'_> {
        Box::pin(async move { Ok(Box::new(self.0.connect_data(port).await?) as Box<dyn Line>) })
    }

    fn name(&self) -> &str {
        "memory"
    }
}

pub struct Kiosk {
    pub saned: Saned,
    pub scanner: Scanner,
    _task: JoinHandle<()>,
    beats: Arc<AtomicU64>,
    longest: Arc<AtomicU64>,
}

pub const GLASS: ScanWish = ScanWish { source: Source::Flatbed, colour: Colour::Grey, dpi: 300 };
pub const FEEDER: ScanWish = ScanWish { source: Source::Feeder, colour: Colour::Grey, dpi: 300 };

impl Kiosk {
    /// A kiosk, once it has seen the scanner.
    pub async fn ready(saned: SanedConfig) -> Kiosk {
        let kiosk = Kiosk::new(saned, ScannerConfig::default());
        kiosk.status(|status| *status == Status::Ready).await;
        kiosk
    }

    pub fn new(saned: SanedConfig, config: ScannerConfig) -> Kiosk {
        Kiosk::of(Saned::new(saned), config)
    }

    pub fn of(saned: Saned, config: ScannerConfig) -> Kiosk {
        let port = Arc::new(Memory(saned.clone()));
        Kiosk::on(port, saned, config)
    }

    pub fn on(port: Arc<dyn SanePort>, saned: Saned, config: ScannerConfig) -> Kiosk {
        let (scanner, mut task) = Scanner::new(port, config);
        let beats = Arc::new(AtomicU64::new(0));
        let longest = Arc::new(AtomicU64::new(0));
        let (count, gap) = (Arc::clone(&beats), Arc::clone(&longest));
        let began = Instant::now();
        let last = AtomicU64::new(0);
        let task = tokio::spawn(async move {
            let beat = move || {
                let now = began.elapsed().as_millis() as u64;
                gap.fetch_max(now - last.swap(now, Ordering::Relaxed), Ordering::Relaxed);
                count.fetch_add(1, Ordering::Relaxed);
            };
            let _unused = task.run(&beat).await;
        });
        Kiosk { saned, scanner, _task: task, beats, longest }
    }

    pub async fn status(&self, wanted: impl Fn(&Status) -> bool) -> Status {
        let mut status = self.scanner.status();
        let found = timeout(Duration::from_secs(300), status.wait_for(wanted)).await;
        found.unwrap_or_else(|_| panic!("{:?}", self.scanner.status().borrow())).unwrap().clone()
    }

    /// Waits until it is out of service for this reason.
    pub async fn out_of_service(&self, id: &str) -> Reason {
        let status = self.status(|status| reason(status).is_some_and(|reason| reason.id == id)).await;
        assert!(!status.usable(), "{status:?}");
        reason(&status).unwrap().clone()
    }

    pub fn abilities(&self) -> Option<Abilities> {
        self.scanner.abilities().borrow().clone()
    }

    /// All pages of a scan, and how it ended.
    pub async fn scan(&self, wish: ScanWish) -> (Vec<RawPage>, Result<(), ScanError>) {
        let mut batch = match self.scanner.scan(wish).await {
            Ok(batch) => batch,
            Err(error) => return (Vec::new(), Err(error)),
        };
        pages(&mut batch).await
    }

    /// How a scan without a page ended.
    pub async fn error(&self, wish: ScanWish) -> ScanError {
        let (pages, end) = self.scan(wish).await;
        assert_eq!(pages, []);
        end.unwrap_err()
    }

    /// What happened, in which nothing is wrong; and the task has never been without a heartbeat for long, by a clock
    /// that this machine does not slow down.
    pub fn snapshot(&self) -> SanedSnapshot {
        let snapshot = self.saned.snapshot();
        assert_eq!(snapshot.wrong, [""; 0]);
        let longest = self.longest.load(Ordering::Relaxed);
        assert!(
            longest <= 1000 && self.beats.load(Ordering::Relaxed) > 0,
            "{longest} ms without a heartbeat"
        );
        snapshot
    }

    /// After whatever happened: the fault is mended, and the scanner serves again.
    pub async fn mended(&self) {
        self.saned.clear_faults();
        self.status(Status::usable).await;
        let picture = Picture::marked(21, 30, 1, 77);
        self.saned.lay(picture.clone());
        // A look that is under way may still find what was.
        let end = Instant::now() + Duration::from_secs(60);
        let pages = loop {
            match self.scan(GLASS).await {
                (pages, Ok(())) => break pages,
                (_, Err(error)) if Instant::now() > end => panic!("{error}"),
                _ => sleep(Duration::from_secs(1)).await,
            }
        };
        assert!(shows(&pages[0], &picture));
    }
}

pub async fn pages(batch: &mut Batch) -> (Vec<RawPage>, Result<(), ScanError>) {
    let mut pages = Vec::new();
    loop {
        match timeout(Duration::from_secs(3600), batch.next_page()).await.expect("an end in time") {
            Ok(Some(page)) => pages.push(page),
            Ok(None) => return (pages, Ok(())),
            Err(error) => return (pages, Err(error)),
        }
    }
}

pub fn reason(status: &Status) -> Option<&Reason> {
    match status {
        Status::Degraded(reason) | Status::OutOfService(reason) => Some(reason),
        _ => None,
    }
}

/// A page shows exactly this picture.
pub fn shows(page: &RawPage, picture: &Picture) -> bool {
    (page.width, page.height, page.channels) == (picture.width, picture.height, picture.channels)
        && page.pixels == picture.pixels
}

/// Sheets that can be told apart, as they are seen in grey.
pub fn sheets(count: u8) -> Vec<Picture> {
    (1..=count).map(|seed| Picture::marked(30 + u32::from(seed), 40, 1, seed)).collect()
}

//! Pages as jobs of the printer's task, against the simulated page printer with a citizen's hand. A file a mishap.
mod held_back;
mod left_in_the_mouth;
mod taken;
mod torn;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hal_device::{Line, OpenFuture, Port, Status};
use hal_escpos::{HandOver, PageFeed, PrintError, Printer, PrinterConfig, PrinterModel, PrinterTask};
use simulators::escpos::{Paper, Printer as Machine, PrinterConfig as Mechanics};
use tokio::time::{Instant, timeout_at};

/// Rows of A4 at 204 dots an inch.
pub const A4_ROWS: usize = 2385;
/// How long a page is held out.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The USB line of a simulated printer.
pub struct Plug {
    machine: Machine,
    pub plugged: AtomicBool,
}

impl Port for Plug {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            if !self.plugged.load(Ordering::Relaxed) {
                return Err(io::Error::from(io::ErrorKind::NotFound));
            }
            let (near, far) = tokio::io::duplex(4096);
            let machine = self.machine.clone();
            tokio::spawn(async move { machine.run(far).await });
            Ok(Box::new(near) as Box<dyn Line>)
        })
    }
    fn name(&self) -> &str {
        "page printer"
    }
}

pub fn mechanics() -> Mechanics {
    Mechanics { start_time: Duration::from_millis(2500), ..Mechanics::page() }
}

/// A page printer with its driver.
pub fn page_printer(mechanics: Mechanics) -> (Printer, PrinterTask, Machine) {
    let machine = Machine::new(mechanics);
    let port = Arc::new(Plug { machine: machine.clone(), plugged: AtomicBool::new(true) });
    let config =
        PrinterConfig { dpi: 204, cutter_rows: 160, ..PrinterConfig::new(PrinterModel::Custom, 1600) };
    let (printer, task) = Printer::new(port, config);
    (printer, task, machine)
}

/// Runs a test beside the driver's task.
pub async fn beside<T>(task: &mut PrinterTask, test: impl Future<Output = T>) -> T {
    tokio::select! {
        biased;
        result = test => result,
        ended = task.run(&|| {}) => panic!("the task ended: {ended:?}"),
    }
}

pub async fn ready(printer: &Printer) {
    let mut status = printer.status();
    let deadline = Instant::now() + Duration::from_secs(120);
    while status.borrow_and_update().status != Status::Ready {
        let changed = timeout_at(deadline, status.changed()).await;
        changed.unwrap_or_else(|_| panic!("still {:?}", status.borrow())).unwrap();
    }
}

/// A page with a white top and a frame, all its bytes among those that look like commands.
pub fn row(page: usize, at: usize) -> Vec<u8> {
    let mut row = vec![0_u8; 200];
    if (200..A4_ROWS - 100).contains(&at) {
        let marks = [0x10, 0x04, 0x14, 0x1D, 0x1B, 0x13, 0x11, 0x80];
        row[20] = 0xFF;
        row[100] = marks[at % marks.len()];
        row[101] = marks[(at / 8 + page) % marks.len()];
        row[180] = 0xFF;
    }
    row
}

/// Feeds so many pages.
pub async fn feed(mut feed: PageFeed, pages: usize) {
    for page in 1..=pages {
        let rows: Vec<u8> = (0..A4_ROWS).flat_map(|at| row(page, at)).collect();
        for band in rows.chunks(200 * 128) {
            if feed.band(band).await.is_err() {
                return;
            }
        }
        if feed.page_end().await.is_err() {
            return;
        }
    }
    // A job that has ended takes no end.
    let _ = feed.finish().await;
}

/// Prints so many pages.
pub async fn print(printer: &Printer, pages: usize) -> Result<HandOver, PrintError> {
    let (source, job) = printer.pages(PATIENCE);
    let (outcome, ()) = tokio::join!(job.printed(), feed(source, pages));
    outcome
}

/// The sheet's picture has the page's ink, but for dots that break up real-time commands.
pub fn shows(paper: &Paper, page: usize) -> bool {
    let ink: u32 = (0..A4_ROWS).flat_map(|at| row(page, at)).map(u8::count_ones).sum();
    let more = paper.black_dots.saturating_sub(u64::from(ink));
    paper.cut && paper.black_dots >= u64::from(ink) && more < 600
}

//! The shipped binary on the emulated board: from power-on to the first page, from a touch to another page, and what
//! it takes while nobody is there. The board is emulated, in software where KVM does not answer: no kiosk is so slow.
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use emulated_board::board::{Board, BoardOptions};
use emulated_board::firmware::static_firmware;
use emulated_board::image::{RootContents, base, root_image};
use emulated_board::packages;
use emulated_board::places::Places;
use emulated_board::qemu::{Accelerator, SEDE_ADDRESS};
use emulated_board::town::SEDE_NAME;
use tokio::time::{sleep, timeout};

use super::console::{FIRST_FRAME, UNIT_STARTS, stamp};
use super::guest;
use super::qemu::Qemu;
use super::statistics::{Sample, mebibytes, number};
use super::table::Table;
use crate::display::{OPEN, is_action, is_open};

/// Where the first button of most pages is, and the last language of the first page.
const BUTTON: (u32, u32) = (540, 1700);

/// Taps on the board.
const TAPS: usize = 10;

/// A person looks before touching; a touch right after a page has changed is taken for a bounce.
const LOOK: Duration = Duration::from_secs(1);

/// How long the kiosk is left alone, twice.
const IDLE: Duration = Duration::from_secs(60);

/// No page takes so long, whatever else the host does.
const PATIENCE: Duration = Duration::from_secs(300);

/// Adds everything that needs the board; it is switched on `boots` times. Returns how it runs.
pub async fn measure(table: &mut Table, boots: usize) -> Result<Accelerator> {
    packages::ensure()?;
    let places = Places::of_workspace();
    let binary = static_firmware(&places)?;
    sizes(table, &places, &binary)?;
    let mut board = Board::build(BoardOptions { shell: true, ..BoardOptions::new(binary) }).await?;
    let accelerator = board.accelerator();
    let mut started = Boots::default();
    for boot in 0..boots.max(1) {
        if boot > 0 {
            board.power_cut().await?;
        }
        started.one(&mut board).await?;
    }
    started.add_to(table, accelerator)?;
    idle(table, &board).await?;
    taps(table, &board).await?;
    board.power_cut().await?;
    Ok(accelerator)
}

fn sizes(table: &mut Table, places: &Places, binary: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let base = base(places)?;
    let contents = RootContents {
        binary: binary.to_owned(),
        board: BoardOptions::new(binary.to_owned()).board,
        hosts: vec![(SEDE_ADDRESS.into(), SEDE_NAME.into())],
        files: Vec::new(),
    };
    let root = std::fs::metadata(root_image(places, &base, &contents)?)?;
    let size = |path| std::fs::metadata(path).map(|file| mebibytes(file.len()));
    table.add("binary", size(binary)?, "static, stripped, with fonts, words and time zones");
    table.add(
        "image of the emulated board",
        format!(
            "root {} ({} of it in use), kernel {} unpacked, initramfs {}",
            mebibytes(root.len()),
            mebibytes(root.blocks() * 512),
            size(&base.kernel)?,
            size(&base.initramfs)?
        ),
        "Debian's kernel and systemd; not the image that is shipped",
    );
    Ok(())
}

/// What was measured at every power-on.
#[derive(Default)]
struct Boots {
    first_page: Vec<Duration>,
    open: Vec<Duration>,
    guest: Vec<Duration>,
    unit_to_frame: Vec<Duration>,
    process_to_frame: Vec<Duration>,
}

impl Boots {
    async fn one(&mut self, board: &mut Board) -> Result<()> {
        let start = Instant::now();
        board.power_on().await?;
        let machine = board.machine()?;
        machine.wait_for_screen(|screen| is_action(screen, OPEN[0])).await?;
        self.first_page.push(start.elapsed());
        machine.wait_for_screen(is_open).await?;
        self.open.push(start.elapsed());
        // The journal may be behind what is on the screen.
        machine.console().wait_for(FIRST_FRAME, 0).await?;
        let log = machine.console().text();
        let frame = stamp(&log, FIRST_FRAME)?;
        self.guest.push(frame);
        self.unit_to_frame.push(frame.saturating_sub(stamp(&log, UNIT_STARTS)?));
        self.process_to_frame.push(frame.saturating_sub(guest::read(board).await?.start));
        Ok(())
    }

    fn add_to(self, table: &mut Table, accelerator: Accelerator) -> Result<()> {
        let seconds =
            |values: Vec<Duration>| Sample::new(values.into_iter().map(|value| value.as_secs_f64()));
        let count = self.open.len();
        let how = format!("{count} cold starts under {}", name(accelerator));
        table.add(
            "power-on to a page on the display",
            seconds(self.first_page)?.usual_and_range("s"),
            format!("{how}, the start of QEMU included; looked at five times a second"),
        );
        table.add(
            "power-on to the first page with payments open",
            seconds(self.open)?.usual_and_range("s"),
            "the same; the cash devices are identified, and the sede has answered",
        );
        table.add(
            "the guest's kernel to the first frame",
            seconds(self.guest)?.usual_and_range("s"),
            "the guest's own clock, by the console's stamps",
        );
        table.add(
            "systemd's start of the unit to the first frame",
            seconds(self.unit_to_frame)?.usual_and_range("s"),
            "the guest's own clock, by the console's stamps; the ledger is opened and checked on the way",
        );
        table.add(
            "start of the process to the first frame",
            Sample::milliseconds(self.process_to_frame)?.usual_and_range("ms"),
            "the guest's own clock; the start by /proc, in steps of 10 ms, the frame by the console's stamp",
        );
        Ok(())
    }
}

/// Over a minute with the first page shown, a minute after all that a start needs.
async fn idle(table: &mut Table, board: &Board) -> Result<()> {
    let qemu = Qemu::of_this_process()?;
    sleep(IDLE).await;
    let before = guest::read(board).await?;
    let (host_before, start) = (qemu.processor()?, Instant::now());
    sleep(IDLE).await;
    let host = share(qemu.processor()?.saturating_sub(host_before), start.elapsed());
    let after = guest::read(board).await?;
    let used = after.processor.saturating_sub(before.processor);
    let over = after.at.saturating_sub(before.at);
    table.add(
        "resident memory of the process",
        format!("{} (peak {})", mebibytes(after.resident), mebibytes(after.peak)),
        "in the guest, two minutes after the start, first page shown, all devices polled",
    );
    table.add(
        "processor of the process, idle",
        format!("{} % of a core of the guest", number(share(used, over))),
        format!("in the guest, over {} s on the first page, all devices polled", number(over.as_secs_f64())),
    );
    table.add(
        "processor of the whole board, idle",
        format!("{} % of a core of the host; QEMU has {} resident", number(host), qemu.memory()?),
        "QEMU with the guest's system in it, over the same time",
    );
    Ok(())
}

/// In percent.
fn share(used: Duration, over: Duration) -> f64 {
    used.as_secs_f64() * 100.0 / over.as_secs_f64().max(f64::MIN_POSITIVE)
}

/// From the first page to the menu and back, by touch there and by key back.
async fn taps(table: &mut Table, board: &Board) -> Result<()> {
    let machine = board.machine()?;
    let (mut took, mut looks) = (Vec::new(), Vec::new());
    let attract = machine.screen().await?;
    ensure!(is_open(&attract), "the first page is gone");
    board.tap(BUTTON.0, BUTTON.1).await?;
    machine.wait_for_screen(|screen| !is_open(screen)).await?;
    sleep(LOOK).await;
    let menu = machine.screen().await?;
    for _ in 0..TAPS {
        board.key("esc").await?;
        machine.wait_for_screen(|screen| *screen == attract).await?;
        sleep(LOOK).await;
        let start = Instant::now();
        board.tap(BUTTON.0, BUTTON.1).await?;
        let shown = async {
            loop {
                let look = Instant::now();
                let screen = machine.screen().await?;
                looks.push(look.elapsed());
                if screen == menu {
                    return anyhow::Ok(());
                }
            }
        };
        timeout(PATIENCE, shown).await.context("a tap does not lead to the menu")??;
        took.push(start.elapsed());
        sleep(LOOK).await;
    }
    table.add(
        "touch on the board to the next page on its display",
        Sample::milliseconds(took)?.usual_and_range("ms"),
        format!(
            "{TAPS} taps by QMP until a picture of the display is the next page; a picture takes {} ms",
            number(Sample::milliseconds(looks)?.median())
        ),
    );
    Ok(())
}

/// As it is written in the table.
pub fn name(accelerator: Accelerator) -> &'static str {
    match accelerator {
        Accelerator::Tcg => "TCG (software emulation)",
        Accelerator::Kvm => "KVM",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_of_one_core() {
        assert_eq!(share(Duration::from_secs(3), Duration::from_secs(60)), 5.0);
        assert_eq!(share(Duration::ZERO, Duration::ZERO), 0.0);
    }
}

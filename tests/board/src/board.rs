//! The whole board: the machine, the peripherals at its wires, and the town hall.
//!
//! Peripherals and town hall live on while the board is off. A wire that is plugged in is connected at each power-on.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reference_sede::Sede;
use simulators::Fault;
use simulators::barcode::{BarcodeConfig, BarcodeScanner};
use simulators::cctalk::CashBus;
use simulators::escl::{Scanner, ScannerConfig};
use simulators::escpos::{Printer, PrinterConfig as PagePrinterConfig};
use simulators::line::{Framing, Line};
use simulators::smartcard::VirtualReader;
use tokio::task::JoinHandle;

use crate::cabinet::Cabinet;
use crate::citizens::Citizens;
use crate::image::{DataFile, RootContents, base, data_image, read_data_file, root_image};
use crate::peripherals::{NetworkScanner, cable, usb_card_reader, usb_printer};
use crate::places::Places;
use crate::qemu::{
    Accelerator, DataDisk, Machine, MachineConfig, SEDE_ADDRESS, SHELL_UNIT, SHELL_UNIT_TEXT, Wire,
};
use crate::town::{SEDE_NAME, Town};
use crate::usbredir::printer::PrinterDevice;

/// Where a board with a shell takes faults of its tasks.
pub const FAULTS: &str = "/run/ciberkiosco/faults";

fn shell_files() -> Vec<(String, String)> {
    let units = "/usr/lib/systemd/system";
    let run = "/usr/bin/ciberkiosco run --board /usr/share/ciberkiosco/board.toml";
    vec![
        (format!("{units}/{SHELL_UNIT}"), SHELL_UNIT_TEXT.into()),
        (
            format!("{units}/ciberkiosco.service.d/faults.conf"),
            format!("[Service]\nExecStart=\nExecStart={run} --faults {FAULTS}\n"),
        ),
    ]
}

/// What is to be built.
#[derive(Clone, Debug)]
pub struct BoardOptions {
    /// The static binary for the guest.
    pub binary: PathBuf,
    /// The name of a file of `board-configs/`.
    pub board: String,
    /// A power cut loses what was not flushed.
    pub power_cut_loses: bool,
    /// Files of the data partition beside settings and keys; one of the same name takes their place.
    pub data: Vec<DataFile>,
    /// The board's clock at power-on, as `2026-03-01T09:00:00`; this host's without it.
    pub clock: Option<String>,
    /// Makes the sede's numbers.
    pub seed: u64,
    /// A root shell for the test, and the firmware's own pipe of faults at [`FAULTS`].
    pub shell: bool,
    /// How the guest runs; found out without it.
    pub accelerator: Option<Accelerator>,
}

impl BoardOptions {
    /// The emulated board with this binary.
    pub fn new(binary: PathBuf) -> BoardOptions {
        BoardOptions {
            binary,
            board: "qemu-x86_64".into(),
            power_cut_loses: true,
            data: Vec::new(),
            clock: None,
            seed: 1,
            shell: false,
            accelerator: None,
        }
    }
}

/// The board, on or off. Dropping it cuts the power and removes its disks.
pub struct Board {
    /// The cash devices and the money around them.
    pub cash: CashBus,
    /// The receipt printer.
    pub printer: Printer,
    /// The page printer; it stands there unused on a board whose file has none.
    pub page_printer: Printer,
    /// The barcode reader.
    pub barcode: BarcodeScanner,
    /// The slot of the card reader: cards are put in and taken out here, while the board is on or off.
    pub cards: VirtualReader,
    /// The document scanner, on the cabinet's network; its cable is its own (see [`Scanner::plug`]).
    pub scanner: Scanner,
    /// The cable of the cash devices.
    pub cash_line: Line,
    /// The cable of the barcode reader.
    pub barcode_line: Line,
    config: MachineConfig,
    town: Town,
    network_scanner: NetworkScanner,
    machine: Option<Machine>,
    plugged: BTreeSet<Wire>,
    running: BTreeMap<Wire, JoinHandle<()>>,
    network: bool,
    data: PathBuf,
    folder: Folder,
}

/// A folder of its own, short enough for the names of sockets, which goes with the board.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder> {
        static BOARDS: AtomicU32 = AtomicU32::new(0);
        let number = BOARDS.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("kiosk-board-{}-{number}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}

impl Board {
    /// Builds the board and switches it on.
    pub async fn start(options: BoardOptions) -> Result<Board> {
        let mut board = Board::build(options).await?;
        board.power_on().await?;
        Ok(board)
    }

    /// Builds images, peripherals and town hall; the board is off and everything is plugged in.
    pub async fn build(options: BoardOptions) -> Result<Board> {
        let places = Places::of_workspace();
        let base = base(&places)?;
        let contents = RootContents {
            binary: options.binary,
            board: options.board.clone(),
            hosts: vec![(SEDE_ADDRESS.into(), SEDE_NAME.into())],
            files: if options.shell { shell_files() } else { Vec::new() },
        };
        let root = root_image(&places, &base, &contents)?;
        let cabinet = Cabinet::of(&places.board_files().join(format!("{}.toml", options.board)))?;
        let town = Town::open(options.seed, &cabinet.cash).await?;
        let scanner = Scanner::new(ScannerConfig { seed: options.seed, ..ScannerConfig::kiosk() });
        let network_scanner = NetworkScanner::serve(scanner.clone()).await?;
        let folder = Folder::new()?;
        let data = folder.0.join("data.ext4");
        let own: BTreeSet<&str> = options.data.iter().map(|file| file.path.as_str()).collect();
        let mut files: Vec<DataFile> =
            town.files.iter().filter(|file| !own.contains(file.path.as_str())).cloned().collect();
        files.extend(options.data.iter().cloned());
        data_image(&data, 64, &files, &folder.0)?;
        let accelerator = match options.accelerator {
            Some(accelerator) => accelerator,
            None => Accelerator::choose(&places, &base).await?,
        };
        let disk = if options.power_cut_loses { DataDisk::LosesUnflushed } else { DataDisk::PlainFile };
        let config = MachineConfig {
            base,
            root,
            data: disk(data.clone()),
            accelerator,
            sede_port: Some(town.port),
            scanner_port: Some(network_scanner.address.port()),
            display: (1080, 1920),
            clock: options.clock,
            shell: options.shell,
            kernel_words: Vec::new(),
        };
        let echo = cabinet.cash.echo;
        Ok(Board {
            cash: CashBus::new(cabinet.cash),
            printer: Printer::new(cabinet.printer),
            page_printer: Printer::new(cabinet.page_printer.unwrap_or_else(PagePrinterConfig::page)),
            barcode: BarcodeScanner::new(BarcodeConfig { seed: options.seed, ..BarcodeConfig::default() }),
            cards: VirtualReader::new(),
            scanner,
            cash_line: Line::new(Framing::CcTalk { echo }),
            barcode_line: Line::new(Framing::Silence(Duration::from_millis(50))),
            config,
            town,
            network_scanner,
            machine: None,
            plugged: Wire::ALL.into(),
            running: BTreeMap::new(),
            network: true,
            data,
            folder,
        })
    }

    /// Switches it on with everything that is plugged in.
    pub async fn power_on(&mut self) -> Result<()> {
        if self.is_on() {
            bail!("the board is on already");
        }
        let machine = Machine::build(&self.config, &self.folder.0).await?;
        if !self.network {
            machine.set_network(false).await?;
        }
        self.machine = Some(machine);
        for wire in self.plugged.clone() {
            self.connect(wire).await?;
        }
        self.machine()?.power_on().await
    }

    /// Pulls the mains plug of the board; peripherals with their own supply go on.
    pub async fn power_cut(&mut self) -> Result<()> {
        let Some(machine) = self.machine.take() else { bail!("the board is off already") };
        machine.power_cut().await?;
        for (_, task) in std::mem::take(&mut self.running) {
            task.abort();
        }
        Ok(())
    }

    /// The reset button.
    pub async fn reset(&self) -> Result<()> {
        self.machine()?.reset().await
    }

    /// Plugs a wire in.
    pub async fn plug(&mut self, wire: Wire) -> Result<()> {
        self.plugged.insert(wire);
        if self.is_on() && !self.is_connected(wire) { self.connect(wire).await } else { Ok(()) }
    }

    /// Pulls a wire out.
    pub async fn unplug(&mut self, wire: Wire) {
        self.plugged.remove(&wire);
        if let Some(task) = self.running.remove(&wire) {
            task.abort();
            // Its stream is closed when the task is gone; that it was aborted is what was wanted.
            let _ = task.await;
        }
    }

    /// Puts the network cable in or pulls it out.
    pub async fn set_network(&mut self, plugged: bool) -> Result<()> {
        self.network = plugged;
        match &self.machine {
            Some(machine) => machine.set_network(plugged).await,
            None => Ok(()),
        }
    }

    /// True while the network cable is in.
    pub fn network(&self) -> bool {
        self.network
    }

    /// True when the wire is in; a cable fault may have pulled it.
    pub fn is_plugged(&mut self, wire: Wire) -> bool {
        if self.is_on() && !self.is_connected(wire) {
            self.plugged.remove(&wire);
        }
        self.plugged.contains(&wire)
    }

    fn is_connected(&self, wire: Wire) -> bool {
        self.running.get(&wire).is_some_and(|task| !task.is_finished())
    }

    /// True while the machine runs.
    pub fn is_on(&mut self) -> bool {
        self.machine.as_mut().is_some_and(Machine::is_running)
    }

    /// The machine, while it is on.
    pub fn machine(&self) -> Result<&Machine> {
        self.machine.as_ref().context("the board is off")
    }

    /// Runs a line of shell in the guest, as root.
    pub async fn shell(&self, command: &str) -> Result<String> {
        self.machine()?.shell()?.run(command).await
    }

    /// The town hall.
    pub fn sede(&self) -> &Sede {
        &self.town.sede
    }

    /// The people of the town who have cards.
    pub fn citizens(&self) -> &Citizens {
        &self.town.citizens
    }

    /// Where the scanner is on this host's loopback, for other people's programs.
    pub fn scanner_address(&self) -> SocketAddr {
        self.network_scanner.address
    }

    /// How the guest runs.
    pub fn accelerator(&self) -> Accelerator {
        self.config.accelerator
    }

    /// Pixels across and down.
    pub fn display(&self) -> (u32, u32) {
        self.config.display
    }

    /// A finger on the screen; a tap is a press and a release.
    pub async fn touch(&self, x: u32, y: u32, down: bool) -> Result<()> {
        let (width, height) = self.config.display;
        self.machine()?.qmp().touch(x, y, width, height, down).await
    }

    /// Presses and releases at a place, in two reports.
    pub async fn tap(&self, x: u32, y: u32) -> Result<()> {
        self.touch(x, y, true).await?;
        self.touch(x, y, false).await
    }

    /// A key of the keypad, by QEMU's name, pressed and released.
    pub async fn key(&self, name: &str) -> Result<()> {
        let qmp = self.machine()?.qmp();
        qmp.key(name, true).await?;
        qmp.key(name, false).await
    }

    /// Sets a fault of a peripheral; a fault of the line strikes the cash devices' cable.
    pub fn fault(&self, fault: Fault) -> Result<()> {
        match fault {
            Fault::Printer(fault) => self.printer.fault(fault),
            Fault::PagePrinter(fault) => self.page_printer.fault(fault),
            Fault::Scanner(fault) => self.scanner.fault(fault),
            Fault::Barcode(fault) => self.barcode.fault(fault),
            Fault::Line(fault) => self.cash_line.fault(fault),
            Fault::Card(fault) => self.cards.card().context("there is no card in the reader")?.fault(fault),
            cash => self.cash.fault(cash)?,
        }
        Ok(())
    }

    /// A file of the data partition of a board that is off, as the next boot will find it.
    pub fn data_file(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        if self.is_on() {
            bail!("the data partition can be read when the board is off");
        }
        read_data_file(&self.data, path, &self.folder.0)
    }

    /// The whole log of the console, over all power cuts.
    pub fn console_log(&self) -> PathBuf {
        self.folder.0.join("console.log")
    }

    /// Where the board keeps its files.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    async fn connect(&mut self, wire: Wire) -> Result<()> {
        let stream = self.machine.as_mut().context("the board is off")?.plug(wire).await?;
        let task =
            match wire {
                Wire::Cctalk => {
                    let bus = self.cash.clone();
                    cable(wire, self.cash_line.clone(), stream, move |end| async move { bus.run(end).await })
                }
                Wire::Barcode => {
                    let scanner = self.barcode.clone();
                    cable(wire, self.barcode_line.clone(), stream, move |end| async move {
                        scanner.run(end).await
                    })
                }
                Wire::Printer => usb_printer(wire, &self.printer, stream, |status| {
                    PrinterDevice::epson("RECEIPT01", status)
                }),
                Wire::PagePrinter => usb_printer(wire, &self.page_printer, stream, |status| {
                    PrinterDevice::custom("PAGE01", status)
                }),
                Wire::CardReader => usb_card_reader(self.cards.clone(), stream),
            };
        self.running.insert(wire, task);
        Ok(())
    }
}

//! The cabinet, the town hall and the ledger's disk.
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use ciberkiosco::board::{self, Board};
use ciberkiosco::ledger::{Balance, Ledger, Record};
use ciberkiosco::settings::Settings;
use emulated_board::cabinet::Cabinet;
use emulated_board::citizens::Citizens;
use emulated_board::places::Places;
use emulated_board::town;
use hal_device::Port;
use hal_sane::SanePort;
use hal_smartcard::reader::ReaderPort;
use jiff::{Timestamp, ToSpan};
use simulators::barcode::{BarcodeConfig, BarcodeScanner};
use simulators::cctalk::CashBus;
use simulators::escpos::Printer;
use simulators::saned::{Saned, SanedConfig};
use simulators::smartcard::VirtualReader;
use tempfile::TempDir;

use super::sede::MemorySede;
use super::{MemoryPort, MemoryReader, MemoryScanner, TownClock};

/// Everything that is there without the kiosk's process.
pub struct World {
    /// The cash devices and the money in and around them.
    pub cash: CashBus,
    /// The printer.
    pub printer: Printer,
    /// The page printer.
    pub page_printer: Printer,
    /// The barcode reader.
    pub barcode: BarcodeScanner,
    /// The slot of the card reader.
    pub cards: VirtualReader,
    /// The reader's plug, and its service.
    pub card_reader: MemoryReader,
    /// The scan service, its scanner and the paper in it.
    pub saned: Saned,
    /// Those who have cards, and the authorities behind them.
    pub citizens: Citizens,
    /// Their plugs.
    pub cash_port: MemoryPort,
    /// The printer's.
    pub printer_port: MemoryPort,
    /// The page printer's.
    pub page_printer_port: MemoryPort,
    /// The barcode reader's.
    pub barcode_port: MemoryPort,
    /// The town hall.
    pub sede: reference_sede::Sede,
    /// The days between which its certificate is valid; none: always.
    pub certificate: Option<Range<Timestamp>>,
    /// The right time.
    pub clock: TownClock,
    /// The town hall's own clock.
    pub sede_clock: TownClock,
    /// The kiosk's own clock.
    pub kiosk_clock: TownClock,
    /// The board file.
    pub board: Board,
    /// The town hall's settings.
    pub settings: Settings,
    /// The data partition.
    pub data: TempDir,
}

/// Where the peripherals are plugged in.
pub struct Ports {
    /// The cash devices.
    pub cash: Arc<dyn Port>,
    /// The printer.
    pub printer: Arc<dyn Port>,
    /// The page printer.
    pub page_printer: Arc<dyn Port>,
    /// The barcode reader.
    pub barcode: Arc<dyn Port>,
    /// The service of the card reader.
    pub cards: Arc<dyn ReaderPort>,
    /// The scan service.
    pub scanner: Arc<dyn SanePort>,
}

impl World {
    /// The usual cabinet with full hoppers, and the usual town.
    pub fn new() -> World {
        World::with_hoppers(None)
    }

    /// The same with so many coins in each hopper (2 €, 50 c, 10 c, 5 c).
    pub fn with_coins(coins: [u64; 4]) -> World {
        World::with_hoppers(Some(coins))
    }

    fn with_hoppers(coins: Option<[u64; 4]>) -> World {
        let board_file = Places::of_workspace().board_files().join("qemu-x86_64.toml");
        let board = board::load(&board_file).expect("the emulated board's file");
        let mut cabinet = Cabinet::of(&board_file).expect("the emulated board's cabinet");
        for (hopper, coins) in cabinet.cash.hoppers.iter_mut().zip(coins.into_iter().flatten()) {
            hopper.coins = coins;
        }
        let settings: Settings = toml::from_str(&town::settings(&cabinet.cash)).expect("the town's settings");
        let clock = TownClock::new();
        let sede_clock = clock.another();
        let office_clock = sede_clock.clone();
        let sede =
            reference_sede::Sede::new(Arc::new(move || office_clock.time()), 1).expect("the seeds fit");
        let citizens = Citizens::of(&sede, clock.time()).expect("the citizens' authorities");
        let data = tempfile::tempdir().expect("a temporary directory");
        for file in citizens.files() {
            let path = data.path().join(file.path);
            std::fs::create_dir_all(path.parent().expect("below the directory")).expect("a folder");
            std::fs::write(path, file.content).expect("the data partition");
        }
        let scanner = board.scanner.clone().and_then(|of| of.device);
        let device = scanner.expect("the emulated board's scanner has a name");
        let saned = Saned::new(SanedConfig { device, listed: false, ..SanedConfig::default() });
        let cards = VirtualReader::new();
        let certificate = Some(clock.time() - 24.hours()..clock.time() + (365 * 24).hours());
        let cash = CashBus::new(cabinet.cash);
        let printer = Printer::new(cabinet.printer);
        let barcode = BarcodeScanner::new(BarcodeConfig::default());
        // An end of the line is what unplugging and dying are; nothing is to be done about it.
        let page_printer = Printer::new(cabinet.page_printer.expect("the emulated board prints pages"));
        let (one, two, three) = (cash.clone(), printer.clone(), barcode.clone());
        let four = page_printer.clone();
        World {
            cash_port: MemoryPort::new("cash", move |stream| {
                let simulator = one.clone();
                async move { drop(simulator.run(stream).await) }
            }),
            printer_port: MemoryPort::new("printer", move |stream| {
                let simulator = two.clone();
                async move { drop(simulator.run(stream).await) }
            }),
            page_printer_port: MemoryPort::new("page printer", move |stream| {
                let simulator = four.clone();
                async move { drop(simulator.run(stream).await) }
            }),
            barcode_port: MemoryPort::new("barcode", move |stream| {
                let simulator = three.clone();
                async move { drop(simulator.run(stream).await) }
            }),
            cash,
            printer,
            page_printer,
            barcode,
            card_reader: MemoryReader::new(cards.clone()),
            cards,
            saned,
            citizens,
            sede,
            certificate,
            kiosk_clock: clock.another(),
            sede_clock,
            clock,
            board,
            settings,
            data,
        }
    }

    /// The ports as the firmware takes them.
    pub(super) fn ports(&self) -> Ports {
        Ports {
            cash: Arc::new(self.cash_port.clone()),
            printer: Arc::new(self.printer_port.clone()),
            page_printer: Arc::new(self.page_printer_port.clone()),
            barcode: Arc::new(self.barcode_port.clone()),
            cards: Arc::new(self.card_reader.clone()),
            scanner: Arc::new(MemoryScanner(self.saned.clone())),
        }
    }

    /// The way to the sede.
    pub(super) fn way_to_sede(&self) -> MemorySede {
        let (sede, clock) = (self.sede.clone(), self.kiosk_clock.clone());
        MemorySede { sede, clock, certificate: self.certificate.clone() }
    }

    /// The ledger, read and verified apart from the kiosk.
    pub fn records(&self) -> Vec<Record> {
        Ledger::inspect(&self.data.path().join("ledger.db")).expect("the ledger verifies")
    }

    /// Its sums.
    pub fn balance(&self) -> Balance {
        Balance::of(&self.records()).expect("sums of money")
    }

    /// A citizen holds this bill of the town's shelf under the reader.
    pub fn scan(&self, bill: &str) {
        let digits = self.sede.digits(bill).expect("a bill of the shelf");
        self.barcode.scan(digits.as_bytes());
    }

    /// Ledger, physical truth and sede agree: what is inside was counted, what is out was given, what is kept is
    /// booked or will be. Allows for what is in question.
    pub fn check_money(&self) {
        self.cash.check_conservation().expect("the simulators lose nothing themselves");
        let balance = self.balance();
        assert!(balance.balanced().expect("sums"), "the ledger balances:\n{balance}");
        let truth = self.cash.truth();
        let inside =
            truth.notes_stacked.cents() + truth.coins_to_cash_box.cents() + truth.coins_to_hoppers.cents();
        let counted = balance.inserted.0 + balance.unattributed.0;
        let open = balance.notes_in_question.0;
        let lost = balance.operations.values().any(|account| account.events_lost);
        if !lost {
            assert!(
                counted <= inside && inside <= counted + open,
                "inside {inside}, counted {counted}, in question {open}\n{balance}"
            );
        }
        let out = truth.coins_paid_out.cents();
        let given = balance.given.0;
        assert!(
            given <= out && out <= given + balance.in_question.0,
            "out {out}, given {given}, in question {}\n{balance}",
            balance.in_question
        );
        for booking in self.sede.bookings() {
            let account = balance.operations.iter().find(|(operation, _)| operation.0 == booking.operation);
            let (_, account) = account.expect("what is booked has an operation");
            assert_eq!(account.kept.0, booking.amount, "what is booked is kept");
        }
    }
}

impl World {
    /// Every operation has come to an end, and no debt was booked twice, and none without money.
    pub fn check_end(&self) {
        self.check_money();
        for (operation, account) in &self.balance().operations {
            assert!(account.completed.is_some(), "{operation:?} has come to an end: {account:?}");
        }
        let bookings = self.sede.bookings();
        let debts: BTreeSet<&str> = bookings.iter().map(|booking| booking.debt.as_str()).collect();
        assert_eq!(debts.len(), bookings.len(), "no debt is booked twice: {bookings:?}");
    }
}

impl Default for World {
    fn default() -> World {
        World::new()
    }
}

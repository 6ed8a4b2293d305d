//! The kiosk over the real serial layer: its own port types on pseudo terminals, a simulator on the far end of
//! each, in real time. A few scenarios only; the rest run in memory.

mod cable;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cable::Cable;
use hal_device::{CharacterDevice, SerialPort, Status};
use qa::scenario::{Kill, Kiosk, MemoryScanner, Ports, World};
use tempfile::TempDir;
use ui::{Page, Slip};

/// Longer than any page takes in real time.
const PATIENCE: Duration = Duration::from_secs(45);

/// The cabinet with its cables.
struct Cabinet {
    world: World,
    cash: Cable,
    printer: Cable,
    barcode: Cable,
    _links: TempDir,
}

impl Cabinet {
    fn new() -> Cabinet {
        let world = World::new();
        let links = tempfile::tempdir().expect("a temporary directory");
        let link = |name: &str| links.path().join(name);
        let (cash, printer, barcode) = (world.cash.clone(), world.printer.clone(), world.barcode.clone());
        // An end of the line is what unplugging is; nothing is to be done about it.
        Cabinet {
            cash: Cable::new(link("usb-CCTALK-if00-port0"), move |line| {
                let simulator = cash.clone();
                async move { drop(simulator.run(line).await) }
            }),
            printer: Cable::new(link("lp0"), move |line| {
                let simulator = printer.clone();
                async move { drop(simulator.run(line).await) }
            }),
            barcode: Cable::new(link("usb-BARCODE-if00"), move |line| {
                let simulator = barcode.clone();
                async move { drop(simulator.run(line).await) }
            }),
            world,
            _links: links,
        }
    }

    fn power_on(&self) -> Kiosk {
        let serial = |link: &Path, name: &str| {
            Arc::new(SerialPort { path: link.to_owned(), baud: 9600, name: name.to_owned() })
        };
        let ports = Ports {
            cash: serial(self.cash.link(), "cash"),
            printer: Arc::new(CharacterDevice {
                path: self.printer.link().to_owned(),
                name: "printer".to_owned(),
            }),
            page_printer: Arc::new(self.world.page_printer_port.clone()),
            barcode: serial(self.barcode.link(), "barcode"),
            cards: Arc::new(self.world.card_reader.clone()),
            scanner: Arc::new(MemoryScanner(self.world.saned.clone())),
        };
        let mut kiosk = Kiosk::start_at(&self.world, ports, &Kill::never());
        kiosk.patience = PATIENCE;
        kiosk
    }
}

fn check_paid(cabinet: &Cabinet, page: &Page) {
    let Page::Paid { change, receipt, .. } = page else { panic!("{page:?}") };
    assert_eq!((change.0, *receipt), (460, Slip::Printed));
    cabinet.world.check_end();
    let balance = cabinet.world.balance();
    assert_eq!((balance.inserted.0, balance.kept.0, balance.given.0), (7000, 6540, 460));
    assert_eq!(cabinet.world.cash.truth().coins_paid_out.cents(), 460);
    let bookings = cabinet.world.sede.bookings();
    assert_eq!((bookings.len(), bookings[0].amount), (1, 6540));
    let receipt = cabinet.world.printer.last_paper().expect("a receipt").text;
    assert!(receipt.contains("PAGADO") && receipt.contains("4,60 €"), "{receipt}");
}

#[tokio::test]
async fn a_bill_is_paid_over_serial_lines() {
    let cabinet = Cabinet::new();
    let mut kiosk = cabinet.power_on();
    let page = kiosk.pay(&cabinet.world).await;
    check_paid(&cabinet, &page);
}

#[tokio::test]
async fn the_cash_line_comes_back_under_another_number_between_two_notes() {
    let mut cabinet = Cabinet::new();
    let mut kiosk = cabinet.power_on();
    kiosk.to_cash(&cabinet.world, "vehicle-tax").await;
    kiosk.insert_note(&cabinet.world, 5000).await;
    let mut status = kiosk.services.cash.as_ref().expect("fitted").status();
    let noticed = async {
        status.wait_for(|status| status.validator.status == Status::Absent).await.expect("it runs");
    };
    let noticed = async { tokio::time::timeout(PATIENCE, noticed).await.expect("the unplugging is noticed") };
    let (before, after) = cabinet.cash.replug(noticed).await;
    assert_ne!(before, after, "another device file behind the same name");
    kiosk.insert_note(&cabinet.world, 2000).await;
    let page = kiosk.until_over().await;
    check_paid(&cabinet, &page);
}

#[tokio::test]
async fn the_printer_comes_back_under_another_number_before_the_receipt() {
    let mut cabinet = Cabinet::new();
    let mut kiosk = cabinet.power_on();
    kiosk.to_cash(&cabinet.world, "vehicle-tax").await;
    kiosk.insert_note(&cabinet.world, 5000).await;
    let mut status = kiosk.services.printer.as_ref().expect("fitted").status();
    let noticed = async {
        status.wait_for(|status| status.status == Status::Absent).await.expect("it runs");
    };
    let noticed = async { tokio::time::timeout(PATIENCE, noticed).await.expect("the unplugging is noticed") };
    let (before, after) = cabinet.printer.replug(noticed).await;
    assert_ne!(before, after);
    kiosk.insert_note(&cabinet.world, 2000).await;
    let page = kiosk
        .until("the payment with its receipt", |page| {
            matches!(page, Page::Paid { receipt: Slip::Printed, .. } | Page::Incident(_))
        })
        .await;
    check_paid(&cabinet, &page);
}

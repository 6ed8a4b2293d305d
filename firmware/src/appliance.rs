//! The whole appliance, wired: every task and who talks to whom, from top to bottom.
//!
//! The same wiring serves the cabinet and the scenarios; only the ports, the clock and the sede's connection come
//! from outside.
use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use hal_barcode::{Barcode, BarcodeTask};
use hal_cctalk::{CashBus, CashTask, Resume};
use hal_device::Port;
use hal_escpos::{Printer, PrinterTask};
use hal_sane::{SanePort, Scanner, ScannerTask};
use hal_smartcard::reader::{Cards, CardsTask, ReaderPort};
use jiff::tz::TimeZone;
use tokio::sync::{Mutex, mpsc, watch};
use ui::{Intent, Language, Page, View};

use crate::board::{Board, PrinterSection};
use crate::clock::{CheckedClock, Clock};
use crate::engine::{Engine, Identity, Inbox, Outbox, Rules, Services};
use crate::identity::CardTrust;
use crate::ledger::{LedgerHandle, Place, Stock};
use crate::papers::Letterhead;
use crate::payment::Terms;
use crate::recorder::Recorder;
use crate::restarts::Restarts;
use crate::sede::Sede;
use crate::session::Patience;
use crate::settings::Settings;
use crate::supervisor::{Backoff, Supervisor};

/// A device task that is silent for so long is ended and started again.
const DEVICE_SILENCE: Duration = Duration::from_secs(15);

/// The engine waits for the disk at most so long.
const ENGINE_SILENCE: Duration = Duration::from_secs(20);

/// The sede may take two deadlines of ten seconds and a connection in one round.
const OUTBOX_SILENCE: Duration = Duration::from_secs(60);

/// What comes from outside.
pub struct Wiring {
    /// The ledger, open.
    pub ledger: LedgerHandle,
    /// The sede's client.
    pub sede: Sede,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// The line of the cash devices.
    pub cash: Option<Arc<dyn Port>>,
    /// The line of the printer.
    pub printer: Option<Arc<dyn Port>>,
    /// The line of the page printer.
    pub page_printer: Option<Arc<dyn Port>>,
    /// The barcode reader.
    pub barcode: Option<(Barcode, BarcodeTask)>,
    /// The service of the card reader, and what cards are judged by.
    pub cards: Option<(Arc<dyn ReaderPort>, Arc<CardTrust>)>,
    /// The scan service.
    pub scanner: Option<Arc<dyn SanePort>>,
    /// Where other services are asked to be started again.
    pub restarts: Restarts,
    /// The flight recorder.
    pub recorder: Recorder,
}

/// The wired appliance; [`Supervisor::run`] brings it to life.
pub struct Appliance {
    /// What is to be shown.
    pub views: watch::Receiver<View>,
    /// What the citizen wants.
    pub intents: mpsc::Sender<Intent>,
    /// The handles, to look at.
    pub services: Services,
    /// Send `true` for an orderly end.
    pub end: watch::Sender<bool>,
    /// All tasks.
    pub supervisor: Supervisor,
}

/// A device task ends only by an error, which the supervisor logs.
fn ended<E: Display>(result: Result<Infallible, E>) -> Result<(), String> {
    match result {
        Ok(never) => match never {},
        Err(error) => Err(error.to_string()),
    }
}

/// Before the engine has spoken.
fn first_view() -> View {
    let page = Page::Working { work: ui::Work::Recovering };
    View { language: Language::default(), step: None, page, idle_warning: None, back: false }
}

/// Wires everything.
pub fn assemble(board: &Board, settings: &Settings, wiring: Wiring) -> Appliance {
    let mut supervisor = Supervisor::new();
    let (cash_events, cash_inbox) = mpsc::channel(64);
    let (scans, scan_inbox) = mpsc::channel(8);
    let (intents, intent_inbox) = mpsc::channel(64);
    let (views, view_receiver) = watch::channel(first_view());
    let (catalogue_sender, catalogue) = watch::channel(None);
    let (end, ending) = watch::channel(false);

    // The bus starts with what the ledger shows open: a note in escrow, events that are money.
    let cash = board.cash.as_ref().zip(wiring.cash).map(|(section, port)| {
        let resume = wiring.ledger.with(|books| {
            let open = books.open.values().find(|account| account.completed.is_none());
            open.map_or_else(Resume::default, |account| account.resume())
        });
        let (bus, task) = CashBus::new(port, section.bus.clone(), resume);
        let task = Arc::new(Mutex::new(task));
        let cash_events = cash_events.clone();
        supervisor.task("cash", Backoff::patient(), DEVICE_SILENCE, move |beat| {
            let (task, events): (Arc<Mutex<CashTask>>, _) = (Arc::clone(&task), cash_events.clone());
            async move { ended(task.lock().await.run(&events, &|| beat.beat()).await) }
        });
        bus
    });

    let printer = board.printer.as_ref().zip(wiring.printer);
    let printer = printer.map(|(section, port)| printer_task(&mut supervisor, "printer", section, port));
    let pages = board.page_printer.as_ref().zip(wiring.page_printer);
    let pages = pages.map(|(section, port)| printer_task(&mut supervisor, "page-printer", section, port));

    let barcode = wiring.barcode.map(|(barcode, task)| {
        let task = Arc::new(Mutex::new(task));
        let scans = scans.clone();
        supervisor.task("barcode", Backoff::patient(), DEVICE_SILENCE, move |beat| {
            let (task, scans): (Arc<Mutex<BarcodeTask>>, _) = (Arc::clone(&task), scans.clone());
            async move { ended(task.lock().await.run(&scans, &|| beat.beat()).await) }
        });
        barcode.status()
    });

    let restarts = wiring.restarts;
    let (card_events, card_inbox) = mpsc::channel(8);
    let identity = board.card_reader.as_ref().zip(wiring.cards).map(|(config, (port, trust))| {
        let (cards, task) = Cards::new(port, config.clone());
        let task = Arc::new(Mutex::new(task));
        let (status, events, restarts) = (cards.status(), card_events.clone(), restarts.clone());
        supervisor.task("card-reader", Backoff::patient(), DEVICE_SILENCE, move |beat| {
            let (task, events): (Arc<Mutex<CardsTask>>, _) = (Arc::clone(&task), events.clone());
            let (status, restarts) = (status.clone(), restarts.clone());
            async move {
                tokio::select! {
                    result = async { task.lock().await.run(&events, &|| beat.beat()).await } => ended(result),
                    () = restarts.when_hung("pcscd", status) => Ok(()),
                }
            }
        });
        Identity { cards, trust }
    });

    let scanner = board.scanner.as_ref().zip(wiring.scanner).map(|(config, port)| {
        let (scanner, task) = Scanner::new(port, config.clone());
        let task = Arc::new(Mutex::new(task));
        let (status, restarts) = (scanner.status(), restarts.clone());
        supervisor.task("scanner", Backoff::patient(), DEVICE_SILENCE, move |beat| {
            let task: Arc<Mutex<ScannerTask>> = Arc::clone(&task);
            let (status, restarts) = (status.clone(), restarts.clone());
            async move {
                tokio::select! {
                    result = async { task.lock().await.run(&|| beat.beat()).await } => ended(result),
                    () = restarts.when_hung("saned", status) => Ok(()),
                }
            }
        });
        scanner
    });

    let services = Services {
        ledger: wiring.ledger,
        clock: CheckedClock::new(wiring.clock, wiring.sede.reachable()),
        sede: wiring.sede,
        catalogue,
        cash,
        printer,
        pages,
        identity,
        scanner,
        barcode,
        recorder: wiring.recorder,
    };

    let outbox = Arc::new(Outbox::new(services.clone(), catalogue_sender));
    supervisor.task("outbox", Backoff::strict(), OUTBOX_SILENCE, move |beat| {
        let outbox = Arc::clone(&outbox);
        async move { outbox.run(&beat).await.map_err(|error| error.to_string()) }
    });

    let inbox =
        Inbox { intents: intent_inbox, scans: scan_inbox, cash: cash_inbox, cards: card_inbox, end: ending };
    let engine = Engine::new(services.clone(), rules(board, settings), inbox, views);
    let engine = Arc::new(Mutex::new(engine));
    let first_load: Arc<[(u8, Stock)]> =
        settings.first_load.iter().map(|load| (load.hopper, load.coins)).collect();
    // The engine is not started again in place: an event that it had taken and not written down would be lost.
    // A new process asks the devices for all that came after the last written mark.
    supervisor.task("engine", Backoff::never(), ENGINE_SILENCE, move |beat| {
        // A cabinet without a device still has its queue.
        let _open = (&cash_events, &scans, &card_events);
        let (engine, first_load) = (Arc::clone(&engine), Arc::clone(&first_load));
        async move { engine.lock().await.run(&first_load, &beat).await.map_err(|error| error.to_string()) }
    });

    Appliance { views: view_receiver, intents, services, end, supervisor }
}

fn printer_task(
    supervisor: &mut Supervisor,
    name: &'static str,
    section: &PrinterSection,
    port: Arc<dyn Port>,
) -> Printer {
    let (printer, task) = Printer::new(port, section.model.clone());
    let task = Arc::new(Mutex::new(task));
    supervisor.task(name, Backoff::patient(), DEVICE_SILENCE, move |beat| {
        let task: Arc<Mutex<PrinterTask>> = Arc::clone(&task);
        async move { ended(task.lock().await.run(&|| beat.beat()).await) }
    });
    printer
}

fn rules(board: &Board, settings: &Settings) -> Rules {
    let cash = board.cash.as_ref();
    let paths = cash.map(|cash| cash.sorter.iter().map(|of| (of.path, Place::Hopper(of.hopper))).collect());
    let hoppers = cash.map(|cash| cash.bus.hoppers.iter().map(|hopper| hopper.coin).collect());
    // The town's own time is what papers show; a missing database entry must not stop the kiosk.
    let zone = TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC);
    Rules {
        letterhead: Letterhead { branding: settings.branding.clone(), kiosk: settings.kiosk.clone(), zone },
        terms: Terms {
            change_max: settings.cash.change_max_cents,
            coin_limit: settings.cash.coin_limit,
            ..Terms::default()
        },
        patience: Patience::default(),
        cash_max_per_debt: settings.cash.max_per_debt_cents,
        notes: settings.cash.notes_cents.clone(),
        hoppers: hoppers.unwrap_or_default(),
        paths: paths.unwrap_or_default(),
        payout_gap: Duration::from_secs(180),
        device_patience: Duration::from_secs(20),
    }
}

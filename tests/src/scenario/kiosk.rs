//! The kiosk's process, and the hands of a citizen.
use std::sync::Arc;
use std::time::Duration;

use ciberkiosco::appliance::{Wiring, assemble};
use ciberkiosco::engine::Services;
use ciberkiosco::ledger::{Ledger, LedgerHandle};
use ciberkiosco::recorder::Recorder;
use ciberkiosco::restarts::Restarts;
use ciberkiosco::sede::{Sede, Timeouts};
use ciberkiosco::supervisor::{End, Faults};
use hal_barcode::{Barcode, Source};
use rusqlite::Connection;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use ui::{Intent, Page, Service, View};

use super::{Kill, Ports, World};

/// Longer than anything a kiosk does by itself; in simulated time.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// A running kiosk.
pub struct Kiosk {
    /// What it shows.
    pub views: watch::Receiver<View>,
    /// Its handles.
    pub services: Services,
    /// Breaks its tasks.
    pub faults: Faults,
    /// How long each page is waited for.
    pub patience: Duration,
    intents: mpsc::Sender<Intent>,
    end: watch::Sender<bool>,
    running: JoinHandle<End>,
}

impl Kiosk {
    /// Powers on.
    pub fn start(world: &World) -> Kiosk {
        Kiosk::start_mortal(world, &Kill::never())
    }

    /// Powers on a kiosk that dies at the n-th write to its ledger, before it is on the disk.
    pub fn start_mortal(world: &World, writes: &Kill) -> Kiosk {
        Kiosk::start_at(world, world.ports(), writes)
    }

    /// The same with its peripherals on other ports than those in memory.
    pub fn start_at(world: &World, ports: Ports, writes: &Kill) -> Kiosk {
        // With RUST_LOG a failing scenario tells what the kiosk had to say.
        let filter = tracing_subscriber::EnvFilter::from_default_env();
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).without_time();
        let _ = log.with_test_writer().try_init();
        let path = world.data.path().join("ledger.db");
        let connection = Connection::open(path).expect("the data partition");
        let ledger = Ledger::with_connection(connection, &world.settings.kiosk, |connection| {
            let writes = writes.clone();
            connection.commit_hook(Some(move || writes.count()))
        })
        .expect("the ledger verifies");
        let trust = world.settings.card_trust(world.data.path()).expect("what cards are judged by");
        let wiring = Wiring {
            ledger: LedgerHandle::new(ledger),
            sede: Sede::new(
                Arc::new(world.way_to_sede()),
                "sede.pruebas.test".to_owned(),
                Timeouts::default(),
            ),
            clock: Arc::new(world.kiosk_clock.clone()),
            cash: Some(ports.cash),
            printer: Some(ports.printer),
            page_printer: Some(ports.page_printer),
            barcode: Some(Barcode::new(Source::Serial(ports.barcode))),
            cards: trust.map(|trust| (ports.cards, Arc::new(trust))),
            scanner: Some(ports.scanner),
            restarts: Restarts::into(world.data.path().join("restart")),
            recorder: Recorder::off(),
        };
        let appliance = assemble(&world.board, &world.settings, wiring);
        Kiosk {
            views: appliance.views,
            services: appliance.services,
            patience: PATIENCE,
            intents: appliance.intents,
            end: appliance.end,
            faults: appliance.supervisor.faults(),
            running: tokio::spawn(appliance.supervisor.run()),
        }
    }

    /// The process is gone, at once; what hangs on its lines stays.
    pub async fn die(self) {
        let Kiosk { views, services, intents, running, .. } = self;
        running.abort();
        // Ended tasks are dropped when the runtime comes round to them.
        let _ = running.await;
        drop((views, intents));
        for _ in 0..64 {
            tokio::task::yield_now().await;
        }
        // The system finishes a write that a dead process has begun.
        services.ledger.settled().await;
    }

    /// Asks the process to end, as systemd does, and waits until it has.
    pub async fn end(self) -> End {
        self.end.send_replace(true);
        let end = timeout(PATIENCE, self.running).await.expect("it ends").expect("without a panic");
        self.services.ledger.settled().await;
        end
    }

    /// Waits until the process ends by itself.
    pub async fn ended(&mut self) -> End {
        timeout(PATIENCE, &mut self.running).await.expect("it ends").expect("without a panic")
    }

    /// What is shown now.
    pub fn page(&self) -> Page {
        self.views.borrow().page.clone()
    }

    /// Waits for a page; says what is shown instead when it does not come.
    pub async fn until(&mut self, what: &str, mut wanted: impl FnMut(&Page) -> bool) -> Page {
        let view = self.until_view(what, |view| wanted(&view.page)).await;
        view.page
    }

    /// The same with the whole view.
    pub async fn until_view(&mut self, what: &str, mut wanted: impl FnMut(&View) -> bool) -> View {
        let waiting = async {
            loop {
                let view = self.views.borrow_and_update().clone();
                if wanted(&view) {
                    return view;
                }
                self.views.changed().await.expect("the engine runs");
            }
        };
        match timeout(self.patience, waiting).await {
            Ok(view) => view,
            Err(_) => panic!("waited for {what}; shown is {:?}", self.views.borrow()),
        }
    }

    /// The citizen touches something.
    pub async fn wish(&self, intent: Intent) {
        self.intents.send(intent).await.expect("the engine runs");
    }

    /// Until somebody could pay here.
    pub async fn until_open(&mut self) {
        self.until("a kiosk that takes payments", |page| match page {
            Page::Attract { services } => {
                services.iter().any(|entry| entry.service == Service::Payment && entry.unavailable.is_none())
            }
            _ => false,
        })
        .await;
    }

    /// From the attract page to the page that takes money.
    pub async fn to_cash(&mut self, world: &World, bill: &str) {
        self.until_open().await;
        world.scan(bill);
        self.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
        self.wish(Intent::PayCash).await;
        self.until("the terms", |page| matches!(page, Page::CashTerms { .. })).await;
        self.wish(Intent::Confirm).await;
        self.until("open slots", |page| match page {
            Page::Cash { denominations, .. } => denominations.iter().any(|of| of.accepted),
            _ => false,
        })
        .await;
    }

    /// Inserts a note and waits until it is counted.
    pub async fn insert_note(&mut self, world: &World, cents: u32) {
        self.until("a slot that takes this note", |page| takes(page, cents)).await;
        let sum = inserted(&self.page()).unwrap_or_default() + i64::from(cents);
        world.cash.insert_note(cents);
        self.until("the note to be counted", |page| inserted(page).is_none_or(|inserted| inserted == sum))
            .await;
    }

    /// Inserts a coin and waits until it is counted.
    pub async fn insert_coin(&mut self, world: &World, cents: u32) {
        self.until("a slot that takes this coin", |page| takes(page, cents)).await;
        let sum = inserted(&self.page()).unwrap_or_default() + i64::from(cents);
        world.cash.insert_coin(cents);
        self.until("the coin to be counted", |page| inserted(page).is_none_or(|inserted| inserted == sum))
            .await;
    }

    /// The usual payment, to its last page: 65.40 with a fifty and a twenty.
    pub async fn pay(&mut self, world: &World) -> Page {
        self.to_cash(world, "vehicle-tax").await;
        self.insert_note(world, 5000).await;
        self.insert_note(world, 2000).await;
        self.until_over().await
    }

    /// Until a last page with its papers settled, or the attract page.
    pub async fn until_over(&mut self) -> Page {
        self.until("the end", over).await
    }
}

/// A last page whose papers are printed or given up.
pub fn over(page: &Page) -> bool {
    match page {
        Page::Paid { receipt, .. } => *receipt != ui::Slip::Printing,
        Page::Incident(incident) => incident.slip != ui::Slip::Printing,
        Page::Cancelled { .. } | Page::Attract { .. } | Page::OutOfService => true,
        _ => false,
    }
}

/// A page with an open slot for this note or coin.
pub fn takes(page: &Page, cents: u32) -> bool {
    match page {
        Page::Cash { denominations, .. } => {
            denominations.iter().any(|of| of.accepted && of.value.0 == i64::from(cents))
        }
        _ => false,
    }
}

/// The sum that is inside, on the page that takes money.
pub fn inserted(page: &Page) -> Option<i64> {
    match page {
        Page::Cash { inserted, .. } => Some(inserted.0),
        _ => None,
    }
}

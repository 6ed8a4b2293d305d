//! The driver on a bus of peers, under a clock that jumps.
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hal_cctalk::{
    Acceptance, BusConfig, CashBus, CashEvent, CashStatus, CashTask, Checksum, Echo, HopperConfig, Place,
    Resume,
};
use hal_device::{Cents, Port};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Duration, sleep, timeout};

use super::World;
use super::acceptors::Acceptor;
use super::hopper::Hopper;

pub const BILL: u8 = 40;
pub const COIN: u8 = 2;
pub const HOPPER: u8 = 3;

pub struct Kiosk {
    pub world: World,
    pub bus: CashBus,
    pub events: mpsc::Receiver<CashEvent>,
    sender: mpsc::Sender<CashEvent>,
    task: Rc<Mutex<CashTask>>,
    running: JoinHandle<()>,
    pub beats: Arc<AtomicU64>,
}

/// Runs a test under a paused clock on one thread.
pub fn simulate<F: Future>(body: F) -> F::Output {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, body)
}

/// A validator with CRC, a coin acceptor and a hopper with simple checksums.
pub fn world() -> World {
    let world = World::new(true);
    world.add(BILL, Checksum::Crc16, Acceptor::validator());
    world.add(COIN, Checksum::Simple, Acceptor::coins());
    world.add(HOPPER, Checksum::Simple, Hopper::new());
    world
}

pub fn config() -> BusConfig {
    let hopper = HopperConfig {
        address: HOPPER,
        checksum: Checksum::Simple,
        coin: Cents(100),
        security: Default::default(),
        model: Default::default(),
    };
    BusConfig {
        echo: Echo::Auto,
        validator: Some(Place { address: BILL, checksum: Checksum::Crc16 }),
        coin_acceptor: Some(Place { address: COIN, checksum: Checksum::Simple }),
        hoppers: vec![hopper],
    }
}

pub fn everything() -> Acceptance {
    Acceptance { notes: [500, 1000, 2000].map(Cents).into(), coins: [10, 20, 50, 100, 200].map(Cents).into() }
}

pub fn cents<const N: usize>(values: [i64; N]) -> BTreeSet<Cents> {
    values.map(Cents).into()
}

impl Kiosk {
    pub fn start(world: &World, config: BusConfig, resume: Resume) -> Kiosk {
        Kiosk::plugged(world.clone(), Arc::new(world.clone()), config, resume)
    }

    /// On a line whose far end is no [`World`].
    pub fn over(port: Arc<dyn Port>, config: BusConfig) -> Kiosk {
        Kiosk::plugged(World::new(true), port, config, Resume::default())
    }

    fn plugged(world: World, port: Arc<dyn Port>, config: BusConfig, resume: Resume) -> Kiosk {
        let (bus, task) = CashBus::new(port, config, resume);
        let (sender, events) = mpsc::channel(64);
        let task = Rc::new(Mutex::new(task));
        let beats = Arc::new(AtomicU64::new(0));
        let running = run(&task, &sender, &beats);
        Kiosk { world, bus, events, sender, task, running, beats }
    }

    /// Up and ready, with nothing resumed.
    pub async fn ready() -> Kiosk {
        let kiosk = Kiosk::start(&world(), config(), Resume::default());
        kiosk.settle().await;
        kiosk
    }

    /// Waits until all devices that answer are set up.
    pub async fn settle(&self) {
        sleep(Duration::from_secs(8)).await;
    }

    /// Drops the future of the task and runs it again, as the supervisor does.
    pub async fn restart_task(&mut self) {
        self.running.abort();
        let _ = (&mut self.running).await;
        self.running = run(&self.task, &self.sender, &self.beats);
    }

    pub fn stop_task(&self) {
        self.running.abort();
    }

    pub fn status(&self) -> CashStatus {
        self.bus.status().borrow().clone()
    }

    /// The next event within ten minutes.
    pub async fn event(&mut self) -> CashEvent {
        timeout(Duration::from_secs(600), self.events.recv()).await.expect("an event").unwrap()
    }

    /// All events of the next while.
    pub async fn events_of(&mut self, length: Duration) -> Vec<CashEvent> {
        sleep(length).await;
        std::iter::from_fn(|| self.events.try_recv().ok()).collect()
    }

    pub fn bill<R>(&self, look: impl FnOnce(&mut Acceptor) -> R) -> R {
        self.world.with(BILL, look)
    }

    pub fn coin<R>(&self, look: impl FnOnce(&mut Acceptor) -> R) -> R {
        self.world.with(COIN, look)
    }

    pub fn hopper<R>(&self, look: impl FnOnce(&mut Hopper) -> R) -> R {
        self.world.with(HOPPER, look)
    }
}

fn run(
    task: &Rc<Mutex<CashTask>>,
    sender: &mpsc::Sender<CashEvent>,
    beats: &Arc<AtomicU64>,
) -> JoinHandle<()> {
    let (task, sender, beats) = (task.clone(), sender.clone(), beats.clone());
    tokio::task::spawn_local(async move {
        let mut task = task.lock().await;
        let beat = || {
            beats.fetch_add(1, Ordering::Relaxed);
        };
        let ended = is_send(task.run(&sender, &beat)).await;
        panic!("the task ended: {ended:?}");
    })
}

/// The supervisor may run the task on any thread.
fn is_send<F: Future + Send>(future: F) -> F {
    future
}

//! Runs the kiosk: the pages on this thread, everything else on another.
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use ciberkiosco::appliance::{Wiring, assemble};
use ciberkiosco::board::{self, BarcodeSection, Board, PrinterSection, SerialSection};
use ciberkiosco::clock::SystemClock;
use ciberkiosco::identity::CardTrust;
use ciberkiosco::ledger::{Ledger, LedgerHandle};
use ciberkiosco::recorder::{Recorder, Trace};
use ciberkiosco::restarts::Restarts;
use ciberkiosco::screen::Screen;
use ciberkiosco::sede::{Sede, TcpTls, Timeouts};
use ciberkiosco::settings::Settings;
use ciberkiosco::supervisor::{End, Feeder};
use hal_barcode::{Barcode, BarcodeTask, EvdevKeyboard, Source};
use hal_device::{CharacterDevice, Port, SerialPort};
use hal_sane::{SanePort, TcpSane};
use hal_smartcard::reader::ReaderPort;
use hal_watchdog::{Choice, Watchdog};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{oneshot, watch};

/// The screen paints a full page in well under a second, also in emulation; a longer silence is a hang.
const SCREEN_SILENCE: std::time::Duration = std::time::Duration::from_secs(15);

/// See the module.
pub fn run(path: &Path, faults: Option<&Path>) -> Result<()> {
    log();
    let board = board::load(path)?;
    if let Some(remark) = board::check(&board).first() {
        bail!("{}: {remark}", path.display());
    }
    let settings = Settings::load(&board.data_directory)?;
    let (screen, waker) =
        Screen::open(&board, settings.branding.clone()).context("the screen cannot be opened")?;

    let (ready, started) = oneshot::channel();
    let faults = faults.map(Path::to_owned);
    let engine = std::thread::Builder::new().name("engine".to_owned()).spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async move {
            let wiring = wire(&board, &settings)?;
            let mut appliance = assemble(&board, &settings, wiring);
            let beat = appliance.supervisor.thread("screen", SCREEN_SILENCE);
            if let Some(section) = &board.watchdog {
                feed_watchdog(&mut appliance.supervisor, section);
            }
            appliance.supervisor.feeder(Box::new(Systemd::default()));
            tokio::spawn(waker.forward(appliance.views.clone()));
            tokio::spawn(end_when_asked(appliance.end, signal(SignalKind::terminate())?));
            if let Some(path) = faults {
                let faults = appliance.supervisor.faults();
                tokio::spawn(async move { faults.serve(&path).await });
            }
            if ready.send((appliance.views, appliance.intents, beat)).is_err() {
                bail!("the screen has ended");
            }
            match appliance.supervisor.run().await {
                end @ End::Finished(_) => {
                    appliance.services.ledger.settled().await;
                    tracing::info!(%end, "the process ends");
                    Ok(())
                }
                // The thread that hangs cannot be asked to end: the process is left, systemd starts it anew.
                end @ (End::TaskFailed(_) | End::ThreadSilent(_)) => {
                    tracing::error!(%end, "the process ends");
                    std::process::exit(1);
                }
            }
        })
    })?;
    let Ok((views, intents, beat)) = started.blocking_recv() else {
        return match engine.join() {
            Ok(result) => result.context("the engine did not start"),
            Err(_) => bail!("the engine panicked at its start"),
        };
    };
    screen.run(views, &intents, &beat)?;
    engine.join().unwrap_or_else(|_| bail!("the engine panicked"))
}

/// systemd's way to stop a service.
async fn end_when_asked(end: watch::Sender<bool>, mut terminate: Signal) {
    if terminate.recv().await.is_some() {
        tracing::info!("asked to end");
        let stopping = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        if let Err(error) = stopping {
            tracing::warn!(%error, "systemd cannot be told");
        }
        end.send_replace(true);
    }
}

fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // journald stamps the time itself.
    let format = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).without_time();
    format.with_writer(std::io::stderr).init();
}

fn wire(board: &Board, settings: &Settings) -> Result<Wiring> {
    let data = &board.data_directory;
    let ledger = Ledger::open(&data.join("ledger.db"), &settings.kiosk)
        .context("without its ledger the kiosk takes no money")?;
    let recorder = Recorder::start(data, Arc::new(SystemClock)).unwrap_or_else(|error| {
        tracing::warn!(%error, "no flight recorder");
        Recorder::off()
    });
    recorder.trace(Trace::Started { version: env!("CARGO_PKG_VERSION").to_owned() });
    let keys = settings.keys(data)?;
    let connect = TcpTls::new(&settings.address(), &keys.ca, &keys.certificate, &keys.key)?;
    let host = connect.host();
    let serial = |section: &SerialSection, name: &str| -> Arc<dyn Port> {
        Arc::new(SerialPort { path: section.serial.clone(), baud: section.baud, name: name.to_owned() })
    };
    let printer = |section: &PrinterSection, name: &str| match (&section.device, &section.port) {
        (Some(path), _) => {
            let port = CharacterDevice { path: path.clone(), name: name.to_owned() };
            Some(Arc::new(port) as Arc<dyn Port>)
        }
        (None, Some(port)) => Some(serial(port, name)),
        (None, None) => None,
    };
    Ok(Wiring {
        ledger: LedgerHandle::new(ledger),
        sede: Sede::new(Arc::new(connect), host, Timeouts::default()),
        clock: Arc::new(SystemClock),
        cash: board.cash.as_ref().map(|section| serial(&section.port, "cash")),
        printer: board.printer.as_ref().and_then(|section| printer(section, "printer")),
        page_printer: board.page_printer.as_ref().and_then(|section| printer(section, "page-printer")),
        barcode: board.barcode.as_ref().and_then(barcode),
        cards: cards(board, settings),
        scanner: board.scanner.as_ref().map(|config| -> Arc<dyn SanePort> {
            Arc::new(TcpSane { address: config.address, name: "scanner".to_owned() })
        }),
        restarts: Restarts::new(),
        recorder,
    })
}

/// The card reader's service, where the cabinet has one and the town hall says whom to trust. Settings that cannot be
/// used cost this service, and no other.
fn cards(board: &Board, settings: &Settings) -> Option<(Arc<dyn ReaderPort>, Arc<CardTrust>)> {
    board.card_reader.as_ref()?;
    let trust = settings.card_trust(&board.data_directory);
    let trust = trust.inspect_err(|error| tracing::error!(%error, "nobody can identify here")).ok()??;
    Some((reader_port()?, Arc::new(trust)))
}

#[cfg(feature = "pcsc")]
fn reader_port() -> Option<Arc<dyn ReaderPort>> {
    Some(Arc::new(hal_smartcard::reader::PcscPort::new("card-reader")))
}

#[cfg(not(feature = "pcsc"))]
fn reader_port() -> Option<Arc<dyn ReaderPort>> {
    tracing::error!("this binary was built without the client of pcscd: nobody can identify here");
    None
}

fn barcode(section: &BarcodeSection) -> Option<(Barcode, BarcodeTask)> {
    let source = match (&section.port, &section.keyboard) {
        (Some(port), _) => Source::Serial(Arc::new(SerialPort {
            path: port.serial.clone(),
            baud: port.baud,
            name: "barcode".to_owned(),
        })),
        (None, Some(path)) => Source::Keyboard(Arc::new(EvdevKeyboard {
            device: path.display().to_string(),
            name: "barcode".to_owned(),
        })),
        (None, None) => return None,
    };
    Some(Barcode::new(source))
}

fn feed_watchdog(supervisor: &mut ciberkiosco::supervisor::Supervisor, section: &board::WatchdogSection) {
    let choice = section.identity.clone().map_or(Choice::First, Choice::Identity);
    let timeout = std::time::Duration::from_secs(u64::from(section.timeout_s));
    let opened = Watchdog::open(&choice).and_then(|mut watchdog| {
        watchdog.set_timeout(timeout)?;
        Ok(watchdog)
    });
    match opened {
        Ok(watchdog) => {
            tracing::info!(identity = watchdog.identity(), last = ?watchdog.last_reset(), "watchdog armed");
            supervisor.feeder(Box::new(Hardware(watchdog)));
        }
        // The kiosk is safer with it, but must not stay dark without it.
        Err(error) => tracing::error!(%error, "no hardware watchdog"),
    }
}

struct Hardware(Watchdog);

impl Feeder for Hardware {
    fn feed(&mut self) -> std::io::Result<()> {
        self.0.feed().map_err(std::io::Error::other)
    }

    fn end(self: Box<Self>) -> std::io::Result<()> {
        self.0.disarm().map_err(std::io::Error::other)
    }
}

/// systemd's own watchdog of this process; the first time also says that the start is over.
#[derive(Default)]
struct Systemd {
    ready: bool,
}

impl Feeder for Systemd {
    fn feed(&mut self) -> std::io::Result<()> {
        let ready = sd_notify::NotifyState::Ready;
        let watchdog = sd_notify::NotifyState::Watchdog;
        let states = if self.ready { vec![watchdog] } else { vec![ready, watchdog] };
        self.ready = true;
        sd_notify::notify(&states).map_err(std::io::Error::other)
    }

    /// It was told when the end was asked for.
    fn end(self: Box<Self>) -> std::io::Result<()> {
        Ok(())
    }
}

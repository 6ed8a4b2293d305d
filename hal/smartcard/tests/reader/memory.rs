//! A card service in memory, with faults.
use std::future::pending;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

use hal_smartcard::CardError;
use hal_smartcard::reader::{
    CardLine, Connection, PortFuture, Protocol, ReaderPort, ReaderService, ReaderState, ServiceError,
};
use tokio::sync::Notify;

pub const ATR: [u8; 2] = [0x3B, 0x00];

#[derive(Default)]
pub struct Service {
    pub stopped: bool,
    pub states_hang: bool,
    pub transmit_hangs: bool,
    /// No event is ever reported.
    pub deaf: bool,
    pub readers: Vec<ReaderState>,
    /// Shown by the next looks, one each, before `readers`.
    pub passing: Vec<Vec<ReaderState>>,
    /// How the next powers end; those that are not listed succeed.
    pub powers: Vec<CardError>,
    pub protocol: Option<Protocol>,
    /// How the next transmits end; those that are not listed answer 9000.
    pub answers: Vec<Result<Vec<u8>, CardError>>,
    pub log: Vec<String>,
}

#[derive(Clone, Default)]
pub struct Memory {
    service: Arc<Mutex<Service>>,
    changed: Arc<Notify>,
}

impl Memory {
    pub fn lock(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap()
    }

    /// Changes something, and reports it.
    pub fn change(&self, change: impl FnOnce(&mut Service)) {
        let mut service = self.lock();
        change(&mut service);
        if !service.deaf {
            self.changed.notify_waiters();
            self.changed.notify_one();
        }
    }

    pub fn log(&self) -> Vec<String> {
        self.lock().log.clone()
    }
}

pub fn reader(name: &str) -> ReaderState {
    ReaderState { name: name.to_owned(), ..ReaderState::default() }
}

pub fn with_card(name: &str, changes: u32) -> ReaderState {
    ReaderState { present: true, changes, atr: ATR.to_vec(), ..reader(name) }
}

pub fn with_mute_card(name: &str, changes: u32) -> ReaderState {
    ReaderState { mute: true, atr: Vec::new(), ..with_card(name, changes) }
}

impl ReaderPort for Memory {
    fn open(&self) -> PortFuture<'_, Box<dyn ReaderService>, ServiceError> {
        Box::pin(async move {
            self.lock().log.push("open".to_owned());
            match self.lock().stopped {
                true => Err(ServiceError::NotRunning),
                false => Ok(Box::new(self.clone()) as Box<dyn ReaderService>),
            }
        })
    }

    fn name(&self) -> &str {
        "memory"
    }
}

impl ReaderService for Memory {
    fn states(&self) -> PortFuture<'_, Vec<ReaderState>, ServiceError> {
        Box::pin(async move {
            if self.lock().states_hang {
                pending::<()>().await;
            }
            let mut service = self.lock();
            if service.stopped {
                return Err(ServiceError::NotRunning);
            }
            Ok(if service.passing.is_empty() { service.readers.clone() } else { service.passing.remove(0) })
        })
    }

    fn changed(&self) -> PortFuture<'_, (), ServiceError> {
        Box::pin(async move {
            self.changed.notified().await;
            if self.lock().stopped { Err(ServiceError::NotRunning) } else { Ok(()) }
        })
    }

    fn connect<'a>(&'a self, reader: &'a str) -> PortFuture<'a, Connection, CardError> {
        Box::pin(async move {
            let mut service = self.lock();
            service.log.push(format!("power {reader}"));
            if !service.powers.is_empty() {
                return Err(service.powers.remove(0));
            }
            let protocol = service.protocol.unwrap_or(Protocol::T1);
            Ok(Connection { line: Box::new(Line(self.clone())), atr: ATR.to_vec(), protocol })
        })
    }
}

struct Line(Memory);

impl CardLine for Line {
    fn transmit<'a>(&'a mut self, command: &'a [u8]) -> PortFuture<'a, Vec<u8>, CardError> {
        Box::pin(async move {
            self.0.lock().log.push(format!("transmit {command:02X?}"));
            if self.0.lock().transmit_hangs {
                pending::<()>().await;
            }
            let mut service = self.0.lock();
            if service.answers.is_empty() { Ok(vec![0x90, 0x00]) } else { service.answers.remove(0) }
        })
    }

    fn disconnect(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { self.0.lock().log.push("reset".to_owned()) })
    }
}

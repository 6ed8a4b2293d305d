//! The ports under the reader's task: a service that knows readers, and a line to one card.
//!
//! `pcsc` implements them over the real service; tests put one in memory behind them.
use std::future::Future;
use std::pin::Pin;

use crate::card::CardError;

/// What the methods of the ports return.
pub type PortFuture<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Why the service does not serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// Nobody runs it, or it stopped.
    #[error("the card service does not run")]
    NotRunning,
    /// It runs, and does not let us in.
    #[error("the card service refuses access: {0}")]
    NoAccess(String),
    /// Earlier calls never came back.
    #[error("the card service hangs")]
    Hung,
    /// Anything else.
    #[error("the card service failed: {0}")]
    Other(String),
}

/// What a reader shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReaderState {
    /// Its name.
    pub name: String,
    /// Something is in it.
    pub present: bool,
    /// What is in it does not answer to power.
    pub mute: bool,
    /// How often something came or went, modulo whatever the service counts to.
    pub changes: u32,
    /// What the card answered to power; empty when it did not.
    pub atr: Vec<u8>,
}

/// How a card is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Characters.
    T0,
    /// Blocks.
    T1,
}

/// A service that can be opened, as often as needed. One task owns a port.
pub trait ReaderPort: Send + Sync {
    /// Opens it.
    fn open(&self) -> PortFuture<'_, Box<dyn ReaderService>, ServiceError>;
    /// What the board file calls it, for logs.
    fn name(&self) -> &str;
}

/// An open service. A future may be dropped at any time.
pub trait ReaderService: Send + Sync {
    /// All readers, as they are now.
    fn states(&self) -> PortFuture<'_, Vec<ReaderState>, ServiceError>;
    /// Returns when a reader or a card came or went since the last [`ReaderService::states`], or some seconds later.
    fn changed(&self) -> PortFuture<'_, (), ServiceError>;
    /// Powers the card in this reader and takes it, for nobody else.
    fn connect<'a>(&'a self, reader: &'a str) -> PortFuture<'a, Connection, CardError>;
}

/// A card that was powered.
pub struct Connection {
    /// The line to it.
    pub line: Box<dyn CardLine>,
    /// What it answered to power.
    pub atr: Vec<u8>,
    /// What was agreed.
    pub protocol: Protocol,
}

/// A card's line. Dropped, the card is reset and let go.
pub trait CardLine: Send {
    /// Sends a command and gives its response. Dropped before its end, the next call must not give its answer.
    fn transmit<'a>(&'a mut self, command: &'a [u8]) -> PortFuture<'a, Vec<u8>, CardError>;
    /// Resets the card and lets it go; returns when that is done.
    fn disconnect(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

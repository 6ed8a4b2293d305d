//! The card reader: a task that owns the PC/SC service, events of cards, and exclusive sessions with one.
//!
//! At power-on the service is opened and a reader is chosen: by a part of its name, or the first. No reader is the
//! status absent; a service that is not there, shuts us out or hangs is out of service (`no-service`, `no-access`,
//! `hung`) and tried again with a growing pause; whoever starts services reads the reason `hung` and starts this one
//! anew. A card that does not answer to power gets a second chance after half a second, as cards pushed in fast do.
mod port;
mod session;
mod task;
mod watcher;

#[cfg(feature = "pcsc")]
mod pcsc;

#[cfg(feature = "pcsc")]
pub use self::pcsc::PcscPort;
pub use port::{
    CardLine, Connection, PortFuture, Protocol, ReaderPort, ReaderService, ReaderState, ServiceError,
};
pub use session::CardSession;
pub use task::{Cards, CardsTask, CardsTaskError, ReaderConfig};
pub use watcher::CardEvent;

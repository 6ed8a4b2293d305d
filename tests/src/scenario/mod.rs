//! A kiosk in its town, in one process: what the cabinet holds survives the kiosk's death; the ledger is a file.
//!
//! Everything runs on one thread with `tokio`'s clock paused, so that hours pass in seconds and the same actions
//! give the same trace.

mod citizen;
mod clock;
mod kill;
mod kiosk;
mod mishap;
mod port;
mod reader;
mod scanner;
mod sede;
mod visit;
mod world;

pub use citizen::{Citizen, Story};
pub use clock::TownClock;
pub use kill::Kill;
pub use kiosk::{Kiosk, inserted, over, takes};
pub use mishap::Mishap;
pub use port::MemoryPort;
pub use reader::MemoryReader;
pub use scanner::MemoryScanner;
pub use visit::individual;
pub use world::{Ports, World};

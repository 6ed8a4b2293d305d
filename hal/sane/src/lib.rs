//! The document scanner: a client of saned, over the SANE network protocol (version 3).
//!
//! `wire` is the codec, `page` puts rows together, `options` finds what to set: all three are pure. `client` speaks with
//! one saned over one connection; `task` owns the scanner and hands out pages.
//!
//! At power-on the task connects, opens the scanner, reads what it can do and closes it again; afterwards it looks every
//! 15 s, so that one that was unplugged is absent from the menu soon. A scan opens the scanner, and keeps it for half a
//! minute more, as a page that came out badly is scanned again at once. A jam or an open cover ends a batch; the pages
//! before it stay good. A saned that was killed is connected to again; one that answers nothing, or whose driver never
//! delivers, is out of service with the reason `hung`, which whoever starts services reads. What the scanner says is
//! bounded in every length, and every wait has an end.
//!
//! A page shows something of a citizen: it is only in memory, wiped when it is dropped, and never logged.
//!
//! Start reading at [`Scanner::scan`]; the protocol is in [`wire`].
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;
mod batch;
mod client;
mod error;
mod look;
pub mod options;
pub mod page;
mod patience;
mod port;
mod serve;
mod task;
pub mod wire;

pub use api::{
    Abilities, Colour, PortRange, RawPage, Resolutions, ScanWish, ScannerConfig, Source, SourceAbilities,
};
pub use batch::Batch;
pub use error::{Remedy, ScanError};
pub use port::{SanePort, TcpSane};
pub use task::{Scanner, ScannerTask, ScannerTaskError};

//! ESC/POS: 80 mm receipt printers of the Epson TM and Custom KPM families.
//!
//! The codec is sans-IO: `codepage`, `layout`, `raster`, `qr` and `render` turn a document into bytes; `classifier`,
//! `condition` and `proof` read what comes back. `task` owns the port.
//!
//! At power-on the task opens the port, asks for the status and the model, and empties the printer's buffer. On an
//! unplug the job under way is torn, the status is absent, and the port is opened again with a growing pause. On
//! paper end, an open cover or a jam in mid-job nothing more is sent; the buffer is cleared before the next job, so
//! that no half ticket comes out with it. A job is sent once and never again by this crate.
//!
//! Start reading at [`Printer::print`]; what a printer must prove is in `proof`.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;
pub mod classifier;
mod codepage;
mod condition;
mod custom;
mod epson;
mod layout;
pub mod proof;
mod qr;
pub mod raster;
mod render;
mod session;
mod task;
mod watcher;
mod wire;

pub use api::*;
pub use codepage::encode as encode_pc858;
pub use condition::Condition;
pub use render::{Job, PIECE_LIMIT, render};
pub use task::{Printer, PrinterTask, PrinterTaskError};

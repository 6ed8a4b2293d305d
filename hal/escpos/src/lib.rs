//! ESC/POS: receipt and page printers of the Epson TM and Custom KPM families.
//!
//! The codec is sans-IO: `codepage`, `layout`, `raster`, `qr` and `render` turn a document into bytes; `classifier`,
//! `condition` and `proof` read what comes back. `task` owns the port.
//!
//! At power-on the task opens the port, asks for the status and the model, and empties the printer's buffer. On an
//! unplug the job under way is torn, the status is absent, and the port is opened again with a growing pause. On
//! paper end, an open cover or a jam in mid-job nothing more is sent; the buffer is cleared before the next job, so
//! that no half ticket comes out with it. A job is sent once and never again by this crate.
//!
//! A receipt and the pages of a document are both jobs of the same task: sheets of pieces (`job`), each sheet cut and
//! proven by itself. A page is also held out until it is taken, and drawn in again when it is not.
//!
//! Start reading at [`Printer::print`] and [`Printer::pages`]; what a printer must prove is in `proof`.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;
pub mod classifier;
mod codepage;
mod condition;
mod custom;
mod epson;
mod job;
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
pub use job::{FeedError, HandOver, PAGE_BAND_ROWS, PageFeed, PageProgress, PagesJob};
pub use render::{Job, PIECE_LIMIT, render};
pub use task::{Printer, PrinterTask, PrinterTaskError};

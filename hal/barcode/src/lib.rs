//! Barcode readers: on a serial line, or as a USB HID keyboard. Both end in the same texts, one a scan.
//!
//! A reader only ever sends; nothing is asked of it, so a port that is open counts as ready. At power-on the port is
//! opened; on an unplug the half read scan is dropped, the status is absent, and the port is opened again with a
//! growing pause. A text is what the reader sent: prefixes such as `]C1` stay, what is no text is dropped and counted.
//!
//! `decoder` and `keyboard` are sans-IO; `task` owns the port. Start reading at [`Barcode::new`].
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod decoder;
mod keyboard;
mod source;
mod task;

pub use decoder::{LONGEST, ScanDecoder};
pub use keyboard::{KeyDecoder, KeyEvent};
pub use source::{EvdevKeyboard, KeyFuture, KeyPort, KeyStream, OpenKeys, Source};
pub use task::{Barcode, BarcodeTask, BarcodeTaskError};

//! ESC/POS: 80 mm receipt printers.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;

pub use api::*;

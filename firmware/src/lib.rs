//! The kiosk's engine: supervisor, session, procedures, payment, ledger, sede client.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod sede;

//! The kiosk's engine: supervisor, session, procedures, payment, ledger, sede client.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod appliance;
pub mod appointment;
pub mod board;
pub mod clock;
#[cfg(test)]
mod dice;
pub mod documents;
pub mod engine;
mod files;
pub mod identification;
pub mod identity;
pub mod ledger;
pub mod nif;
pub mod padron;
pub mod pages;
pub mod papers;
pub mod payment;
pub mod petition;
pub mod raster;
pub mod recorder;
pub mod restarts;
pub mod screen;
pub mod sede;
pub mod session;
pub mod settings;
pub mod supervisor;
pub mod words;
pub mod writing;

//! The hardware watchdog: resets the board when nobody feeds it.
//!
//! Kernel document: "The Linux Watchdog driver API" (`Documentation/watchdog/watchdog-api.rst`).
//!
//! - Power-on: opening arms it. [`Watchdog::last_reset`] says whether it was what restarted the board.
//! - The program dies: the watchdog stays armed, on purpose. The next start of the program has what is left of
//!   the timeout to open it again; else the board is reset.
//! - An orderly end (update, technician): [`Watchdog::disarm`] stops it by the magic close. A kernel with
//!   `nowayout` does not let it be stopped; the reset then comes.
//! - No such device: an error; the kiosk runs on without, and says so in its health.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod choice;
mod error;
mod ioctl;
mod watchdog;

pub use choice::{Choice, Found, find, list};
pub use error::WatchdogError;
pub use watchdog::{LastReset, Watchdog};

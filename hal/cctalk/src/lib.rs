//! ccTalk: one bus with a bill validator, a coin acceptor and up to eight hoppers.
//!
//! Start with `api.rs` (what the rest of the firmware sees) and `task.rs` (what drives the bus). Without I/O and
//! without a clock: `codec`, `command`, `events`, `ids`, `validator`, `escrow`, `coin_acceptor`, `hopper` and
//! `payout`; `bus` owns the line, and `setup`, `polling`, `accepting`, `hoppers` and `jobs` are the parts of the task.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accepting;
mod acceptor;
mod api;
mod bus;
pub mod codec;
mod coin_acceptor;
pub mod command;
mod escrow;
pub mod events;
mod handle;
pub mod hopper;
mod hoppers;
pub mod ids;
mod jobs;
mod outcome;
pub mod payout;
mod polling;
mod setup;
mod task;
mod validator;

pub use api::*;
pub use handle::CashBus;
pub use jobs::MAX_COINS;
pub use task::{CashTask, CashTaskError};

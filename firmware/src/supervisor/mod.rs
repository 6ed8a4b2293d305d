//! Every long-lived task beats; one that dies or falls silent is restarted with a growing pause; what cannot be
//! restarted ends the process, systemd restarts that, and the hardware watchdog restarts the board.
//!
//! The hardware watchdog and systemd are told that all is well only while every critical beat is fresh.

mod faults;
mod policy;
mod tasks;

pub use faults::{Fault, Faults};
pub use policy::{Backoff, Verdict};
pub use tasks::{Beat, End, Feeder, Supervisor, TaskReport};

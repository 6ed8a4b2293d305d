//! A saned for the faults that no real one makes, written from the description of its network protocol (reference 4).
//!
//! It speaks over any stream and serves pictures that are laid on its glass or into its feeder, as they are: the
//! resolution and the area that were set are remembered and change nothing in a picture. Its driver is as strict as
//! drivers can be: after a setting that says so the options must be read again before anything else is set, a second
//! START wants the page before it to have ended, and paper stays in the feeder's grip until CANCEL.
//! [`SanedSnapshot`] is what really happened, and what the other side did that no client may do.

mod config;
mod connection;
mod door;
mod fault;
mod options;
mod picture;
mod requests;
mod sender;
mod service;
mod snapshot;
mod world;
mod writer;

pub use config::{SanedConfig, SanedSource};
pub use fault::{Call, Field, SanedFault, Spoilt};
pub use picture::{Picture, Sheet};
pub use service::Saned;
pub use snapshot::SanedSnapshot;

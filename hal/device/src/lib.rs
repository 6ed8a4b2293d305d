//! What all peripherals share: the money type, the status every device reports, and the lines they sit on.
//!
//! A driver crate is a folder beside this one: a codec without I/O, and a task that owns one [`Port`].
//! At power-on a task opens its port; when the line fails (unplugged) it reports [`Status::Absent`] and opens
//! it again; nothing above needs to know.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod money;
mod port;
mod status;

pub use money::{Cents, MoneyError};
pub use port::{CharacterDevice, Line, OpenFuture, Port, SerialPort};
pub use status::{Reason, Status};

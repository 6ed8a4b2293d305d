//! The far side of every wire: simulators written from the protocol documents.
//!
//! Each one speaks bytes over any stream, keeps its state while it is unplugged, and moves
//! only with `tokio` time: with a paused clock and the same actions it gives the same bytes.
//! Nothing here knows the drivers that talk to it.

pub mod barcode;
pub mod cctalk;
pub mod escl;
pub mod escpos;
mod fault;
mod hook;
pub mod line;
mod packages;
mod pile;
mod rng;
pub mod saned;
pub mod smartcard;

pub use fault::Fault;
pub use hook::{CommandSeen, Decision, Device, Phase};
pub use packages::PackagesError;
pub use pile::Pile;
pub use rng::Rng;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic in a test thread must not turn every later look at the state into a second panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A line that breaks is an unplugged line: a pseudo-terminal or socket without its other end
/// reports it as an error instead of an end.
fn unplugged(result: std::io::Result<()>) -> std::io::Result<()> {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    /// EIO, which has no kind of its own.
    const PSEUDO_TERMINAL_CLOSED: i32 = 5;
    match result {
        Err(error)
            if matches!(
                error.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof
            ) || error.raw_os_error() == Some(PSEUDO_TERMINAL_CLOSED) =>
        {
            Ok(())
        }
        other => other,
    }
}

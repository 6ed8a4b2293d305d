//! Payment in cash: a pure state machine over the ledger's account of the operation.
//!
//! Nothing here waits, reads a clock or talks to a device. Whatever happens to the money is first an
//! [`Entry`](crate::ledger::Entry): the machine applies it to its account and hands it out to be written down
//! before the next action. After a restart the same entries lead to the same account, and [`Payment::resume`]
//! goes on from there.

mod accept;
mod change;
mod claim;
mod collect;
mod papers;
mod payout;
mod resume;
mod state;
mod step;

pub use change::{Reach, Supply};
pub use claim::reference;
pub use state::*;

#[cfg(test)]
mod tests;

//! The ledger: append-only rows in SQLite, chained by hash, on the disk before any command that moves money.
//!
//! At start the whole chain is checked and folded into what is open, what lies where, and what the sede must
//! still be told. A ledger that does not verify takes no money.

mod account;
mod balance;
mod entry;
mod handle;
mod inspect;
mod inventory;
mod schema;
mod store;
mod verify;

pub use account::{Account, BookingState, Claim, Held, OpenDispense, PaperState};
pub use balance::Balance;
pub use entry::*;
pub use handle::LedgerHandle;
pub use inventory::Inventory;
pub use store::{Books, Ledger, LedgerError, Written};
pub use verify::{Fault, Verified, verify, walk};

#[cfg(test)]
mod tests;

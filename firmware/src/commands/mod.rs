//! The commands of the program.

mod inspect;
mod run;

pub use inspect::{check, ledger_show, ledger_verify};
pub use run::run;

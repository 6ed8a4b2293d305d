//! The client of the town hall's electronic office (sede), by the contract in `firmware/sede-api.yaml`.
//!
//! At power-on nothing is known of the sede: [`Contact::Untried`]. Every call updates [`Reachability`], from
//! which the menu takes what it offers and the clock its time. Nothing here repeats an order on its own: the
//! outbox does, for days if need be, which the contract allows by its keys. When the line is unplugged a call
//! ends with [`SedeError::Unreachable`] within its deadlines, and the next one connects anew.
//!
//! `api` holds the values, `connect` the way there, `http` one exchange, `check` the limits of what comes back. What
//! is about an identified citizen has files of its own: `citizen`, `check_citizen`, `client_citizen`; so have petitions
//! (`petition_text` is what the citizen agrees to or signs) and appointments (`slip_code`, `madrid`).

mod api;
mod appointment;
mod check;
mod check_appointment;
mod check_citizen;
mod check_petition;
mod citizen;
mod client;
mod client_appointment;
mod client_citizen;
mod client_petition;
mod connect;
mod http;
mod madrid;
mod petition;
mod petition_text;
mod slip_code;
mod trouble;

pub use api::*;
pub use appointment::*;
pub use citizen::*;
pub use client::{Contact, Reachability, Sede, ServerTime};
pub use connect::{Connect, ConnectFuture, SedeAddress, SetupError, Stream, TcpTls};
pub use http::Timeouts;
pub use madrid::MadridTime;
pub use petition::*;
pub use slip_code::{SlipCode, SlipCodeError};

#[cfg(test)]
mod tests;

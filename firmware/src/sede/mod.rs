//! The client of the town hall's electronic office (sede), by the contract in `firmware/sede-api.yaml`.
//!
//! At power-on nothing is known of the sede: [`Contact::Untried`]. Every call updates [`Reachability`], from
//! which the menu takes what it offers and the clock its time. Nothing here repeats an order on its own: the
//! outbox does, for days if need be, which the contract allows by its keys. When the line is unplugged a call
//! ends with [`SedeError::Unreachable`] within its deadlines, and the next one connects anew.
//!
//! `api` holds the values, `connect` the way there, `http` one exchange, `check` the limits of what comes back.

mod api;
mod check;
mod client;
mod connect;
mod http;
mod trouble;

pub use api::*;
pub use client::{Contact, Reachability, Sede, ServerTime};
pub use connect::{Connect, ConnectFuture, SedeAddress, SetupError, Stream, TcpTls};
pub use http::Timeouts;

#[cfg(test)]
mod tests;

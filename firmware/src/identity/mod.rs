//! Who the citizen is, by the certificate on the card, and what it has signed: chain, revocation, name and number
//! (reference pages 1.6 and 1.7; RFC 5280, RFC 6960; `firmware/sede-api.yaml`, identification).
//!
//! Everything here is bytes in, verdict out: no I/O, and the time is an argument. Certificates and responses come
//! from a card and from a line and are hostile. The sede verifies all of it again; the kiosk does it first to tell
//! the citizen what is wrong with the card, and not to send a stranger's signature anywhere.
//!
//! `chain` answers whether the certificate is one of an authority that we trust, `ocsp` whether it was revoked,
//! `person` whose it is, `roca` whether its key can be guessed, `statement` what the card signs, `trust` holds what
//! the town hall says of all that.

mod certificate;
pub mod chain;
pub mod ocsp;
mod ocsp_asn1;
pub mod person;
mod raw;
pub mod roca;
mod signature;
pub mod statement;
mod trust;

#[cfg(test)]
mod tests;

pub use trust::{CardTrust, CardTrustError};

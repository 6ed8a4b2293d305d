//! Identity and citizen cards: DNIe, PKCS#15 and municipal cards, by their contacts through PC/SC.
//!
//! The codecs are sans-IO and bounded: `apdu`, `atr`, `tlv`, `fci`, `pkcs15`, `certificate_file`, `secure_messaging`,
//! `cwa14890`, `component_chain`; `parameters` and `profile` are data files. The dialogues (`dialogue`) are written over
//! one trait, [`Card`]. The reader (`reader`) is a task that owns the PC/SC service.
//!
//! At power-on the task opens the service, chooses a reader and reports what is in it. A card that is pulled in
//! mid-dialogue ends it with [`CardError::Removed`]; nothing is taken up again. A reader or service that hangs is given
//! up after a deadline and reported out of service with the reason `hung`. A PIN is sent at most once for each time it
//! was typed, never kept, and nothing of it is in a log.
//!
//! Start reading at [`dialogue::begin`] and [`reader::Cards`].
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod apdu;
pub mod atr;
mod card;
pub mod certificate_file;
pub mod component_chain;
pub mod cwa14890;
pub mod dialogue;
pub mod fci;
mod hex;
pub mod parameters;
pub mod pkcs15;
pub mod profile;
mod random;
pub mod reader;
mod rsa;
pub mod secure_messaging;
pub mod tlv;
mod told;
mod triple_des;
mod x509;

pub use card::{Card, CardError};
pub use random::{RandomError, RandomSource, SystemRandom};

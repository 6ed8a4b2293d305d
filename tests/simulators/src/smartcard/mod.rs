//! Smart cards: the DNIe of both generations, citizen cards, and what is no card at all.
//!
//! Written from the reference (sections 1 to 3 and 6), ISO 7816-4, PKCS#15 and CWA 14890-1. Keys and people are ours
//! and fictional. A card without power forgets everything but its tries; [`CardSnapshot`] is what really happened.

mod apdu;
mod card;
mod components;
mod crypto;
mod cv;
mod der;
mod dnie;
mod drawer;
mod fault;
mod files;
mod keys;
mod ocsp;
mod pcscd;
mod pkcs15;
mod pkcs15_card;
mod pki;
mod plain;
mod reader;
mod rsa;
mod snapshot;
mod vpcd;
mod x509;

pub use card::{Reply, VirtualCard};
pub use components::{ComponentSet, terminal_parameters, terminal_parameters_of};
pub use dnie::{Credential, DnieConfig, Generation, Life, Maker};
pub use drawer::{DrawerCard, NAMES as DRAWER_NAMES, REVOKED, drawer, from_drawer};
pub use fault::{CardFault, Spoil};
pub use ocsp::OcspFault;
pub use pcscd::{Pcscd, PcscdError};
pub use pkcs15_card::Pkcs15Config;
pub use pki::{CertificateRequest, Citizen, CitizenPki, Issuer, NumberForm, Purpose, Validity};
pub use plain::MUNICIPAL_APPLICATION;
pub use reader::VirtualReader;
pub use rsa::{Hash, PrivateKey, PublicKey};
pub use snapshot::{CardSnapshot, Counts, SignatureMade};
pub use vpcd::serve_vpcd;

//! What a DNIe is like, and what is written on its chip.

use std::sync::Arc;

use super::super::apdu::sw;
use super::super::components::ComponentSet;
use super::super::rsa::PrivateKey;

/// The two kinds of operating system (reference 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// ATR[15] below 4: checksums of 4 bytes, one channel for everything, certificates after the PIN.
    Old,
    /// ATR[15] of 4 and more (3.0, 4.0): checksums of 8 bytes, a channel for the PIN and one for the rest, a login
    /// before each signature.
    New,
}

impl Generation {
    pub(super) fn is_new(self) -> bool {
        self == Generation::New
    }

    pub(super) fn mac_length(self) -> usize {
        if self.is_new() { 8 } else { 4 }
    }

    pub(super) fn checksum_error(self) -> u16 {
        if self.is_new() { sw::SM_OBJECTS_WRONG } else { sw::CHECKSUM_WRONG }
    }
}

/// Life cycle (ATR[17]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// 03: in the citizen's hands.
    User,
    /// 0F: never again.
    Dead,
}

/// Bytes 6 to 10 of the ATR: sister cards have the same system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// `DNIe`.
    Dnie,
    /// `FNMT`, TC 4.30 and later.
    Fnmt,
}

/// A key with its certificate.
#[derive(Clone, Debug)]
pub struct Credential {
    /// DER.
    pub certificate: Vec<u8>,
    pub key: Arc<PrivateKey>,
}

/// One card.
#[derive(Clone, Debug)]
pub struct DnieConfig {
    pub maker: Maker,
    pub generation: Generation,
    pub life: Life,
    /// Root of the component certificates and of the terminal's.
    pub components: ComponentSet,
    /// Texts of the component certificates in UTF-8 instead of printable strings.
    pub utf8_names: bool,
    /// Support number (file 0006).
    pub support_number: String,
    pub serial: [u8; 7],
    pub pin: String,
    /// Tries left now.
    pub tries: u8,
    pub authentication: Option<Credential>,
    pub signature: Option<Credential>,
    /// DER of the issuer of both.
    pub intermediate: Vec<u8>,
    /// Certificate files are compressed.
    pub compressed: bool,
    /// The certificate directory looks empty before the login (reference 6, case 6).
    pub directory_hidden: bool,
    /// Chooses its random numbers.
    pub seed: u64,
}

/// Tries after a right PIN.
pub(super) const TRIES: u8 = 3;

impl DnieConfig {
    /// A card without citizen.
    #[must_use]
    pub fn new(generation: Generation) -> Self {
        let new = generation.is_new();
        Self {
            maker: Maker::Dnie,
            generation,
            life: Life::User,
            components: if new { ComponentSet::Second } else { ComponentSet::First },
            utf8_names: new,
            support_number: if new { "BMP200001" } else { "AGR148953" }.to_owned(),
            serial: if new { [6, 0x5B, 0, 0, 0, 0, 1] } else { [0x10, 0x2C, 0, 0, 0, 0, 1] },
            pin: "12345678".to_owned(),
            tries: TRIES,
            authentication: None,
            signature: None,
            intermediate: Vec::new(),
            compressed: true,
            directory_hidden: false,
            seed: 1,
        }
    }

    /// 20 bytes.
    pub(super) fn atr(&self) -> Vec<u8> {
        let (first, [maker, os, minor]): ([u8; 6], _) = match self.maker {
            Maker::Dnie if self.generation.is_new() => (*b"\0jDNIe", [0x10, 4, 0x21]),
            Maker::Dnie => (*b"\0jDNIe", [0x20, 1, 0x13]),
            Maker::Fnmt => (*b"\0jFNMT", [0x10, 4, 0x30]),
        };
        let last = match self.life {
            Life::User => [3, 0x90, 0],
            Life::Dead => [0x0F, 0x65, 0x81],
        };
        let mut out = vec![0x3B, 0x7F, 0x38, 0, 0];
        out.extend(first);
        out.extend([maker, 2, 0x4C, 0x34, os, minor]);
        out.extend(last);
        out
    }

    pub(super) fn version_text(&self) -> Option<&'static str> {
        self.generation.is_new().then_some("DNIe 04.21 A9 H 0155 EXP 1-(3.5-3)")
    }
}

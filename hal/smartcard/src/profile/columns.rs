//! The columns of the table of card profiles.
use serde::Deserialize;

use crate::hex;

/// Bytes, written as hexadecimal text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HexBytes(pub Vec<u8>);

impl TryFrom<String> for HexBytes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<HexBytes, &'static str> {
        hex::decode(&text).map(HexBytes).ok_or("not hexadecimal")
    }
}

/// A byte of the ATR and the least value it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtLeast {
    /// From 0.
    pub index: usize,
    /// The least value.
    pub value: u8,
}

/// How a dialogue begins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Select {
    /// SELECT by this name (text), then identifiers one by one.
    Name(String),
    /// SELECT by this application identifier.
    Aid(HexBytes),
}

impl Select {
    /// The name as it travels.
    pub fn name(&self) -> &[u8] {
        match self {
            Select::Name(name) => name.as_bytes(),
            Select::Aid(aid) => &aid.0,
        }
    }
}

/// The channel that a card wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// Commands in plain.
    None,
    /// CWA-14890, one channel for all; checksums of 4 bytes.
    Cwa,
    /// CWA-14890, the PIN in a channel of its own; checksums of 8 bytes.
    CwaWithPinChannel,
}

/// Where the citizen's certificate or number is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// In certificates, by the PKCS#15 directories under this path.
    #[serde(rename_all = "kebab-case")]
    Pkcs15 {
        /// The application's directory; empty when SELECT has chosen it.
        #[serde(default)]
        application: String,
    },
    /// READ RECORD.
    Record {
        /// Short file identifier, 1 to 30.
        file: u8,
        /// From 1.
        record: u8,
        /// Where in the record it begins.
        #[serde(default)]
        offset: usize,
        /// Its length in bytes.
        length: usize,
    },
    /// GET DATA.
    Data {
        /// P1 and P2.
        tag: u16,
        /// Where in the data it begins.
        #[serde(default)]
        offset: usize,
        /// Its length in bytes.
        length: usize,
    },
}

/// How a number on a card is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberRule {
    /// `serialNumber` of the certificate's subject, with the check letter of a NIF.
    SerialNumber,
    /// Digits.
    Digits,
    /// Digits, the last of which is Luhn's.
    Luhn,
    /// ASCII letters and digits.
    Alphanumeric,
}

/// The PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PinColumn {
    /// Reference, lengths: from the card's AODF; the other values stand where it has none.
    #[serde(default)]
    pub from_aodf: bool,
    /// P2 of VERIFY.
    #[serde(default)]
    pub reference: u8,
    /// Least characters.
    pub minimum: u8,
    /// Most characters.
    pub maximum: u8,
    /// The card tells the tries left without using one up (VERIFY without data).
    pub tries_query: bool,
}

/// Which keys may sign a challenge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyRule {
    /// Only one made for authentication; never one for qualified signatures.
    #[default]
    Authentication,
    /// Also one made for both, where the card has none for authentication alone.
    Mixed,
}

/// How a key is named to MSE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SignColumn {
    /// Data object 80: the algorithm; left out when not given.
    #[serde(default)]
    pub algorithm: Option<u8>,
    /// Name the key by its reference (one byte) instead of its file identifier (two bytes).
    #[serde(default)]
    pub by_reference: bool,
}

/// What the card proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Who the holder is, with PIN and signed challenge.
    Identifies,
    /// That it is the same card as before; never a petition in a citizen's name.
    Pseudonym,
}

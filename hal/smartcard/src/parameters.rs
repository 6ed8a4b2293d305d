//! The terminal's keys and certificates for the channel: a TOML file that provisioning replaces, never code.
//!
//! A file holds one or two sets, one a generation of component roots; a set holds the terminal of the user channel, and
//! of the PIN channel for cards from operating system 4 on. Each length is checked; an error names its key.
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::cwa14890::{PrivateKey, PublicKey};
use crate::hex;
use crate::told::told;

/// Longest file: two sets take about 5 KiB.
pub const LONGEST_FILE: usize = 64 * 1024;
/// Most sets.
pub const MOST_SETS: usize = 2;

/// What is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParametersError {
    /// Longer than any.
    #[error("the component parameters are {0} bytes; at most {LONGEST_FILE}")]
    TooLong(usize),
    /// No TOML, a key missing, or one that nobody knows.
    #[error("the component parameters cannot be read: {0}")]
    Toml(String),
    /// No set, or too many.
    #[error("the component parameters hold {0} sets; 1 or 2")]
    Sets(usize),
    /// Two sets for the same root.
    #[error("two sets of component parameters have the same `root_unit`")]
    SameUnit,
    /// A value that is no hexadecimal text.
    #[error("set {set}: `{key}` is not hexadecimal")]
    NotHexadecimal {
        /// From 1.
        set: usize,
        /// As in the file.
        key: &'static str,
    },
    /// A value of the wrong length.
    #[error("set {set}: `{key}` must be {wanted} bytes, is {found}")]
    Length {
        /// From 1.
        set: usize,
        /// As in the file.
        key: &'static str,
        /// In bytes.
        wanted: usize,
        /// In bytes.
        found: usize,
    },
    /// A number that can be no key.
    #[error("set {set}: `{key}` is no RSA key of 1024 bits")]
    Key {
        /// From 1.
        set: usize,
        /// As in the file.
        key: &'static str,
    },
    /// A text that is empty.
    #[error("set {set}: `root_unit` is empty")]
    NoUnit {
        /// From 1.
        set: usize,
    },
}

/// The terminal of one channel.
pub struct Terminal {
    /// C_CV_IFD.
    pub certificate: [u8; 209],
    /// SN.IFD.
    pub serial: [u8; 8],
    /// Its key.
    pub key: PrivateKey,
}

/// The parameters for the cards under one root.
pub struct ParameterSet {
    /// The organizational unit of the issuer of `6020`.
    pub root_unit: String,
    /// Of the root.
    pub root_modulus: [u8; 128],
    /// Of the root.
    pub root_exponent: [u8; 3],
    /// C_CV_CA.
    pub ca_certificate: [u8; 210],
    /// How the card names the key in it.
    pub ca_reference: [u8; 8],
    /// For reading and signing.
    pub user: Terminal,
    /// For the PIN on cards from operating system 4 on.
    pub pin: Option<Terminal>,
}

/// All sets.
pub struct ComponentParameters {
    sets: Vec<ParameterSet>,
}

impl ComponentParameters {
    /// Reads the file.
    ///
    /// # Errors
    /// See [`ParametersError`].
    pub fn parse(text: &str) -> Result<ComponentParameters, ParametersError> {
        if text.len() > LONGEST_FILE {
            return Err(ParametersError::TooLong(text.len()));
        }
        // Only the message, and of it no digits: the line holds a key, and so may what stands in a name's place.
        let file: File =
            toml::from_str(text).map_err(|error| ParametersError::Toml(told(error.message())))?;
        if file.set.is_empty() || file.set.len() > MOST_SETS {
            return Err(ParametersError::Sets(file.set.len()));
        }
        let sets: Vec<ParameterSet> =
            file.set.iter().zip(1..).map(|(set, number)| set.check(number)).collect::<Result<_, _>>()?;
        match sets.as_slice() {
            [first, second] if first.root_unit == second.root_unit => Err(ParametersError::SameUnit),
            _ => Ok(ComponentParameters { sets }),
        }
    }

    /// The set for a card whose component certificate was issued by one of these units.
    pub fn for_units(&self, units: &[String]) -> Option<&ParameterSet> {
        self.sets.iter().find(|set| units.contains(&set.root_unit))
    }

    /// The units for which there is a set.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        self.sets.iter().map(|set| set.root_unit.as_str())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    set: Vec<SetFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFile {
    root_unit: String,
    root_modulus: Zeroizing<String>,
    root_exponent: Zeroizing<String>,
    ca_certificate: Zeroizing<String>,
    ca_reference: Zeroizing<String>,
    user: TerminalFile,
    pin: Option<TerminalFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TerminalFile {
    certificate: Zeroizing<String>,
    serial: Zeroizing<String>,
    modulus: Zeroizing<String>,
    private_exponent: Zeroizing<String>,
}

impl SetFile {
    fn check(&self, set: usize) -> Result<ParameterSet, ParametersError> {
        let root_unit = self.root_unit.trim().to_owned();
        if root_unit.is_empty() {
            return Err(ParametersError::NoUnit { set });
        }
        let root_modulus: [u8; 128] = bytes(set, "root_modulus", &self.root_modulus)?;
        let root_exponent: [u8; 3] = bytes(set, "root_exponent", &self.root_exponent)?;
        PublicKey::new(&root_modulus, &root_exponent)
            .map_err(|_| ParametersError::Key { set, key: "root_modulus" })?;
        Ok(ParameterSet {
            root_unit,
            root_modulus,
            root_exponent,
            ca_certificate: bytes(set, "ca_certificate", &self.ca_certificate)?,
            ca_reference: bytes(set, "ca_reference", &self.ca_reference)?,
            user: self.user.check(set, &USER)?,
            pin: self.pin.as_ref().map(|pin| pin.check(set, &PIN)).transpose()?,
        })
    }
}

struct Keys {
    certificate: &'static str,
    serial: &'static str,
    modulus: &'static str,
    private_exponent: &'static str,
}

const USER: Keys = Keys {
    certificate: "user.certificate",
    serial: "user.serial",
    modulus: "user.modulus",
    private_exponent: "user.private_exponent",
};

const PIN: Keys = Keys {
    certificate: "pin.certificate",
    serial: "pin.serial",
    modulus: "pin.modulus",
    private_exponent: "pin.private_exponent",
};

impl TerminalFile {
    fn check(&self, set: usize, keys: &Keys) -> Result<Terminal, ParametersError> {
        let modulus: [u8; 128] = bytes(set, keys.modulus, &self.modulus)?;
        let exponent: Zeroizing<[u8; 128]> =
            Zeroizing::new(bytes(set, keys.private_exponent, &self.private_exponent)?);
        let key = PrivateKey::new(&modulus, &exponent)
            .map_err(|_| ParametersError::Key { set, key: keys.modulus })?;
        Ok(Terminal {
            certificate: bytes(set, keys.certificate, &self.certificate)?,
            serial: bytes(set, keys.serial, &self.serial)?,
            key,
        })
    }
}

fn bytes<const WANTED: usize>(
    set: usize,
    key: &'static str,
    text: &str,
) -> Result<[u8; WANTED], ParametersError> {
    let bytes = Zeroizing::new(hex::decode(text).ok_or(ParametersError::NotHexadecimal { set, key })?);
    <[u8; WANTED]>::try_from(bytes.as_slice()).map_err(|_| ParametersError::Length {
        set,
        key,
        wanted: WANTED,
        found: bytes.len(),
    })
}

//! Which cards are known, and how to talk to them: a table that is data, never code.
//!
//! The first row whose ATR fits wins. A card that fits none is not known, and nothing is sent to it: trying commands on
//! a stranger's card can block it. A card that gives no ATR is upside down, dirty or broken.
mod columns;

pub use columns::{
    AtLeast, ChannelKind, HexBytes, KeyRule, Level, NumberRule, PinColumn, Select, SignColumn, Source,
};

use serde::Deserialize;

use crate::atr::{Atr, LONGEST, LifeCycle};
use crate::hex;
use crate::pkcs15::Path;
use crate::told::told;

/// Most rows.
pub const MOST_PROFILES: usize = 64;
/// Longest file.
pub const LONGEST_FILE: usize = 64 * 1024;

/// What is wrong with the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Longer than any.
    #[error("the card profiles are {0} bytes; at most {LONGEST_FILE}")]
    TooLong(usize),
    /// No TOML, a key missing, or one that nobody knows.
    #[error("the card profiles cannot be read: {0}")]
    Toml(String),
    /// Too many rows.
    #[error("{0} card profiles; at most {MOST_PROFILES}")]
    TooMany(usize),
    /// A value that cannot be.
    #[error("card profile `{name}`: `{key}` {why}")]
    Value {
        /// The row.
        name: String,
        /// As in the file.
        key: &'static str,
        /// What is wrong.
        why: &'static str,
    },
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// Stable, for logs and tests.
    pub name: String,
    /// The ATR, and which bits of it count.
    pub atr: HexBytes,
    /// Set bits are compared; all of them when left out.
    #[serde(default)]
    pub mask: Option<HexBytes>,
    /// Bytes with a least value.
    #[serde(default)]
    pub at_least: Vec<AtLeast>,
    /// The byte of the ATR that holds the life cycle of the DNIe's family.
    #[serde(default)]
    pub life_cycle: Option<usize>,
    /// Known, and no use here: why. The other columns may then be left out.
    #[serde(default)]
    pub unsupported: Option<String>,
    /// How the dialogue begins.
    pub select: Option<Select>,
    /// The channel.
    #[serde(default = "Profile::no_channel")]
    pub channel: ChannelKind,
    /// Where the certificate or number is.
    pub source: Option<Source>,
    /// How the number is checked.
    pub number: Option<NumberRule>,
    /// The PIN; none for a card without.
    pub pin: Option<PinColumn>,
    /// Which keys may sign.
    #[serde(default)]
    pub keys: KeyRule,
    /// How they are named.
    #[serde(default)]
    pub sign: SignColumn,
    /// What the card proves.
    pub level: Level,
}

/// What an ATR says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognition<'t> {
    /// A card of this row, in use.
    Known(&'t Profile),
    /// A card of this row that is not in use any more, or not yet: a police station helps, this kiosk does not.
    Dead(&'t Profile, LifeCycle),
    /// A card of no row, or an ATR that is none.
    Unknown,
    /// No ATR: upside down, dirty or broken.
    Mute,
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileTable {
    profiles: Vec<Profile>,
}

/// The table that this crate ships: the cards of the State. Town halls put theirs in front of it.
pub const SHIPPED: &str = include_str!("../../profiles.toml");

impl ProfileTable {
    /// Reads a table.
    ///
    /// # Errors
    /// See [`ProfileError`].
    pub fn parse(text: &str) -> Result<ProfileTable, ProfileError> {
        if text.len() > LONGEST_FILE {
            return Err(ProfileError::TooLong(text.len()));
        }
        let File { profile: profiles } =
            toml::from_str(text).map_err(|error| ProfileError::Toml(told(error.message())))?;
        if profiles.len() > MOST_PROFILES {
            return Err(ProfileError::TooMany(profiles.len()));
        }
        for profile in &profiles {
            profile.check()?;
        }
        Ok(ProfileTable { profiles })
    }

    /// The rows of another table behind these.
    pub fn followed_by(mut self, other: ProfileTable) -> ProfileTable {
        self.profiles.extend(other.profiles);
        self
    }

    /// The rows.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// What card this is, by its ATR alone; `None` for a card that gave none. Sends nothing.
    pub fn recognise(&self, atr: Option<&[u8]>) -> Recognition<'_> {
        let atr = match atr {
            None | Some([]) => return Recognition::Mute,
            Some(atr) => atr,
        };
        if Atr::parse(atr).is_err() {
            return Recognition::Unknown;
        }
        let Some(profile) = self.profiles.iter().find(|profile| profile.fits(atr)) else {
            return Recognition::Unknown;
        };
        match profile.life_cycle.and_then(|index| atr.get(index)).map(|&byte| LifeCycle::from(byte)) {
            None | Some(LifeCycle::User) => Recognition::Known(profile),
            Some(other) => Recognition::Dead(profile, other),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    profile: Vec<Profile>,
}

impl Profile {
    fn no_channel() -> ChannelKind {
        ChannelKind::None
    }

    /// Whether an ATR is one of this row.
    pub fn fits(&self, atr: &[u8]) -> bool {
        let mask = self.mask.as_ref().map(|mask| mask.0.as_slice());
        let mut masks = mask.into_iter().flatten().copied().chain(std::iter::repeat(0xFF));
        atr.len() == self.atr.0.len()
            && atr
                .iter()
                .zip(&self.atr.0)
                .all(|(found, wanted)| (found ^ wanted) & masks.next().unwrap_or(0xFF) == 0)
            && self.at_least.iter().all(|least| atr.get(least.index).is_some_and(|&byte| byte >= least.value))
    }

    /// The path of the PKCS#15 application; `None` when SELECT has chosen it.
    pub fn application(&self) -> Option<Path> {
        match &self.source {
            Some(Source::Pkcs15 { application }) => {
                hex::decode(application).and_then(|bytes| Path::new(&bytes))
            }
            _ => None,
        }
    }

    fn check(&self) -> Result<(), ProfileError> {
        let wrong = |key, why| Err(ProfileError::Value { name: told(&self.name), key, why });
        if self.atr.0.is_empty() || self.atr.0.len() > LONGEST {
            return wrong("atr", "must be 1 to 33 bytes");
        }
        if self.mask.as_ref().is_some_and(|mask| mask.0.len() != self.atr.0.len()) {
            return wrong("mask", "must be as long as `atr`");
        }
        let indexes = self.at_least.iter().map(|least| least.index).chain(self.life_cycle);
        if indexes.into_iter().any(|index| index >= self.atr.0.len()) {
            return wrong("at-least", "and `life-cycle` must point into `atr`");
        }
        if self.unsupported.is_some() {
            return Ok(());
        }
        let Some(source) = &self.source else { return wrong("source", "is missing") };
        match &self.select {
            Some(select) if (1..=16).contains(&select.name().len()) => {}
            _ => return wrong("select", "must name 1 to 16 bytes"),
        }
        match source {
            Source::Pkcs15 { application } => {
                if !application.is_empty() && self.application().is_none() {
                    return wrong("source", "has an application that is no path");
                }
                if self.level == Level::Identifies && self.pin.is_none() {
                    return wrong("pin", "is missing: what identifies is signed behind a PIN");
                }
            }
            Source::Record { length, .. } | Source::Data { length, .. } => {
                if self.level == Level::Identifies {
                    return wrong(
                        "level",
                        "cannot be `identifies`: a number that anybody can read is a pseudonym",
                    );
                }
                if matches!(self.number, None | Some(NumberRule::SerialNumber)) || !(1..=64).contains(length)
                {
                    return wrong("number", "must be `digits`, `luhn` or `alphanumeric`, of 1 to 64 bytes");
                }
                if let Source::Record { file, .. } = source
                    && !(1..=30).contains(file)
                {
                    return wrong("source", "has a short file identifier outside 1 to 30");
                }
            }
        }
        match self.pin {
            Some(pin) if pin.minimum == 0 || pin.minimum > pin.maximum || pin.maximum > 32 => {
                wrong("pin", "must have lengths from 1 to 32, the least first")
            }
            _ => Ok(()),
        }
    }
}

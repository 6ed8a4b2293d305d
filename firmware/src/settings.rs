//! The town hall's settings, `settings.toml` on the data partition: who we are, whom we ask, how we look.
use std::path::{Path, PathBuf};

use hal_device::Cents;
use serde::Deserialize;
use ui::Branding;
use zeroize::Zeroizing;

use crate::files::read_small;
use crate::identity::{CardTrust, CardTrustError};
use crate::ledger::Stock;
use crate::sede::SedeAddress;

/// Settings are small; a larger file is something else.
const LARGEST: u64 = 1024 * 1024;

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("{path}: cannot be read: {source}; the kiosk is not provisioned")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is far too large.
    #[error("{0}: larger than {LARGEST} bytes")]
    Large(PathBuf),
    /// It is no TOML, or a key is unknown, missing or of the wrong kind.
    #[error("{path}: {text}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, key, and what was expected.
        text: String,
    },
    /// The kiosk's name cannot be part of an operation number.
    #[error("kiosk: \"{0}\" must be a capital letter and up to 11 more capitals or digits")]
    Kiosk(String),
    /// What citizens' cards are judged by cannot be used.
    #[error("identity: {0}")]
    Identity(#[from] CardTrustError),
}

/// All settings.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Name of this kiosk, at the head of every operation number: `K07`.
    pub kiosk: String,
    /// The sede.
    pub sede: SedeSection,
    /// How the town hall looks.
    pub branding: Branding,
    /// Payments in cash.
    #[serde(default)]
    pub cash: CashSettings,
    /// Citizens' cards; without it nobody identifies here.
    pub identity: Option<IdentitySection>,
    /// What was put into the hoppers when the kiosk was set up; counted into a ledger that is still empty.
    #[serde(default)]
    pub first_load: Vec<HopperLoad>,
}

/// The sede, and the keys to it; file names are relative to the settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SedeSection {
    /// `https://host:port`.
    pub url: String,
    /// The town hall's own certification authority, PEM.
    pub ca: PathBuf,
    /// The kiosk's certificate, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
}

/// What citizens' cards are judged by; file names are relative to the settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IdentitySection {
    /// Roots of the authorities that issue citizens' certificates, PEM.
    pub roots: PathBuf,
    /// The town's own cards, TOML; those of the State are known without it.
    pub card_profiles: Option<PathBuf>,
    /// The terminal's keys for cards with a secure channel, TOML.
    pub component_parameters: Option<PathBuf>,
}

/// Payments in cash.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CashSettings {
    /// Notes that are taken, if the validator knows them.
    pub notes_cents: Vec<Cents>,
    /// Most change given in coins.
    pub change_max_cents: Cents,
    /// Most that may be paid in cash for one debt, when the sede's catalogue says nothing lower.
    pub max_per_debt_cents: Cents,
    /// Most coins in one payment, when the sede's catalogue says nothing lower.
    pub coin_limit: u32,
}

impl Default for CashSettings {
    fn default() -> CashSettings {
        CashSettings {
            notes_cents: vec![Cents(5_00), Cents(10_00), Cents(20_00), Cents(50_00)],
            change_max_cents: Cents(50_00),
            // Ley 7/2012 art. 7: below 1,000.00.
            max_per_debt_cents: Cents(99_999),
            // Regulation (EC) 974/98 art. 11: nobody must take more in one payment.
            coin_limit: 50,
        }
    }
}

/// A hopper's first content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HopperLoad {
    /// Index in the board file.
    pub hopper: u8,
    /// Coins.
    pub coins: Stock,
}

/// The keys to the sede, read.
pub struct SedeKeys {
    /// Certification authority.
    pub ca: Vec<u8>,
    /// Certificate.
    pub certificate: Vec<u8>,
    /// Key.
    pub key: Vec<u8>,
}

fn read(path: &Path) -> Result<Vec<u8>, SettingsError> {
    let failed = |source| SettingsError::Read { path: path.to_owned(), source };
    read_small(path, LARGEST).map_err(failed)?.ok_or_else(|| SettingsError::Large(path.to_owned()))
}

fn read_text(path: &Path) -> Result<Zeroizing<String>, SettingsError> {
    let bytes = read(path)?;
    let parse = |text: String| SettingsError::Parse { path: path.to_owned(), text };
    String::from_utf8(bytes).map(Zeroizing::new).map_err(|error| parse(error.utf8_error().to_string()))
}

impl Settings {
    /// Reads `settings.toml` of a directory.
    pub fn load(directory: &Path) -> Result<Settings, SettingsError> {
        let path = directory.join("settings.toml");
        let parse = |text: String| SettingsError::Parse { path: path.clone(), text };
        let text = read_text(&path)?;
        let settings: Settings = toml::from_str(&text).map_err(|error| parse(error.to_string()))?;
        let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let name = settings.kiosk.as_bytes();
        let begins = name.first().is_some_and(u8::is_ascii_uppercase);
        if !begins || name.len() > 12 || !name.iter().copied().all(plain) {
            return Err(SettingsError::Kiosk(settings.kiosk));
        }
        Ok(settings)
    }

    /// Reads the keys to the sede.
    pub fn keys(&self, directory: &Path) -> Result<SedeKeys, SettingsError> {
        Ok(SedeKeys {
            ca: read(&directory.join(&self.sede.ca))?,
            certificate: read(&directory.join(&self.sede.certificate))?,
            key: read(&directory.join(&self.sede.key))?,
        })
    }

    /// Reads what citizens' cards are judged by; `None` where nobody is to identify.
    pub fn card_trust(&self, directory: &Path) -> Result<Option<CardTrust>, SettingsError> {
        let Some(section) = &self.identity else { return Ok(None) };
        let text =
            |path: &Option<PathBuf>| path.as_ref().map(|path| read_text(&directory.join(path))).transpose();
        let (town, parameters) = (text(&section.card_profiles)?, text(&section.component_parameters)?);
        let roots = read(&directory.join(&section.roots))?;
        let (town, parameters) =
            (town.as_ref().map(|it| it.as_str()), parameters.as_ref().map(|it| it.as_str()));
        Ok(Some(CardTrust::read(&roots, town, parameters)?))
    }

    /// Where the sede is.
    pub fn address(&self) -> SedeAddress {
        SedeAddress { url: self.sede.url.clone() }
    }
}

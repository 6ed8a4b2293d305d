//! What citizens' cards are recognised and judged by: data of the town hall, replaced without a new image.
//!
//! The State's cards are in the shipped table; the town's own rows stand before it. Without component parameters
//! every card that wants a secure channel (DNIe) is a stranger.
use hal_smartcard::parameters::{ComponentParameters, ParametersError};
use hal_smartcard::profile::{ProfileError, ProfileTable, SHIPPED};

use super::chain::{Roots, RootsError};

/// Why no card can be judged.
#[derive(Debug, thiserror::Error)]
pub enum CardTrustError {
    /// The roots.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// The town's profiles, or the shipped ones.
    #[error(transparent)]
    Profiles(#[from] ProfileError),
    /// The terminal's keys.
    #[error(transparent)]
    Parameters(#[from] ParametersError),
}

/// See the module.
pub struct CardTrust {
    /// Authorities of citizens' certificates.
    pub roots: Roots,
    /// Cards that are known.
    pub profiles: ProfileTable,
    /// For cards with a secure channel.
    pub parameters: Option<ComponentParameters>,
}

impl CardTrust {
    /// Of the files' contents: roots in PEM, the town's profiles and the component parameters in TOML.
    pub fn read(
        roots: &[u8],
        town: Option<&str>,
        parameters: Option<&str>,
    ) -> Result<CardTrust, CardTrustError> {
        let shipped = ProfileTable::parse(SHIPPED)?;
        let profiles = match town {
            Some(town) => ProfileTable::parse(town)?.followed_by(shipped),
            None => shipped,
        };
        let parameters = parameters.map(ComponentParameters::parse).transpose()?;
        Ok(CardTrust { roots: Roots::from_pem(roots)?, profiles, parameters })
    }
}

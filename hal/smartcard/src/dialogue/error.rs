//! How a dialogue with a card ends when it does not end well: what the pages must tell apart.
use crate::apdu::StatusWord;
use crate::card::CardError;
use crate::component_chain::ComponentChainError;
use crate::cwa14890::CwaError;
use crate::random::RandomError;
use crate::secure_messaging::SecureMessagingError;

/// Why a dialogue ended. Nothing in it tells anything of the citizen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DialogueError {
    /// The card or its reader is gone: pulled, reset by another program, mute, hung.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The PIN is wrong.
    #[error("the PIN is wrong; {tries_left} tries are left")]
    WrongPin {
        /// 1 or more.
        tries_left: u8,
    },
    /// The PIN is wrong, and the card does not say how many tries are left.
    #[error("the PIN is wrong")]
    WrongPinUncounted,
    /// The PIN is blocked; for a DNIe only a police station unblocks it.
    #[error("the PIN of the card is blocked")]
    PinBlocked,
    /// One try is left, and the citizen has not said that it may be used. Nothing was sent.
    #[error("one try is left before the PIN is blocked; the citizen must agree to use it")]
    LastTry,
    /// No PIN of this card can look like this. Nothing was sent.
    #[error("a PIN of this card has {minimum} to {maximum} characters")]
    PinLength {
        /// Least.
        minimum: u8,
        /// Most.
        maximum: u8,
    },
    /// The secure channel does not come about.
    #[error("the card and the kiosk do not trust each other: {0}")]
    ChannelRefused(#[from] ChannelRefusal),
    /// The secure channel broke.
    #[error("the secure channel to the card broke while {what}: {why}")]
    ChannelLost {
        /// What was being done.
        what: &'static str,
        /// How.
        why: SecureMessagingError,
    },
    /// A card that this kiosk cannot use.
    #[error("the card cannot be used here: {0}")]
    Unsupported(String),
    /// The card holds no certificates: of a minor, or not activated.
    #[error("the card holds no certificates")]
    NoCertificates,
    /// It holds certificates, but none for authentication.
    #[error("the card holds no key for authentication")]
    NoAuthenticationKey,
    /// It holds no certificate for signatures, or is of a kind that is not used for them here.
    #[error("the card holds no key for signatures")]
    NoSignatureKey,
    /// The card refused a command.
    #[error("the card refused {what}: {status}")]
    Refused {
        /// What was being done.
        what: &'static str,
        /// Its answer.
        status: StatusWord,
    },
    /// What the card holds or answers cannot be read.
    #[error("{what} of the card cannot be read: {why}")]
    Malformed {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The system gave no randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Why there is no channel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelRefusal {
    /// The kiosk was given no parameters.
    #[error("the kiosk has no component parameters")]
    NoParameters,
    /// None for this generation of cards.
    #[error("the kiosk has no component parameters for cards of {0:?}; they must be updated")]
    UnknownRoot(Vec<String>),
    /// None for the PIN channel of this card.
    #[error("the component parameters lack the terminal of the PIN channel")]
    NoPinTerminal,
    /// The card's own certificates are false.
    #[error("{0}")]
    FalseComponent(#[from] ComponentChainError),
    /// The card refused a step: the parameters do not fit.
    #[error("the card refused {step}: {status}")]
    Step {
        /// Which one.
        step: &'static str,
        /// Its answer.
        status: StatusWord,
    },
    /// The card does not prove its key, or a key of the parameters is bad.
    #[error("{0}")]
    Authentication(#[from] CwaError),
}

impl DialogueError {
    /// For what cannot be read.
    pub(crate) fn malformed(what: &'static str, why: impl ToString) -> DialogueError {
        DialogueError::Malformed { what, why: why.to_string() }
    }
}

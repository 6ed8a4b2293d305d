//! The line to one card: what every dialogue is written over.
//!
//! A card that is pulled, reset or mute is an error with a name; after any of them nothing on this line may be taken
//! up again: identify the card anew, ask for the PIN anew.
use std::future::Future;

/// Why a command got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The card was pulled out.
    #[error("the card was pulled out")]
    Removed,
    /// Another program reset the card; whatever was open on it is gone.
    #[error("the card was reset by another program; start again from its beginning")]
    Reset,
    /// The card does not answer to power: upside down, dirty or broken.
    #[error("the card does not answer; turn it, with the chip up and in front")]
    Mute,
    /// The reader or its service is gone.
    #[error("the card reader is gone")]
    ReaderGone,
    /// Neither the reader nor its service answers.
    #[error("the card reader has not answered for {0} s; its service must be started again")]
    Hung(u64),
    /// Another session holds the card.
    #[error("the card is in use")]
    InUse,
    /// An earlier command was given up before its answer came: what would come now belongs to that one.
    #[error("an earlier command was given up; connect to the card again")]
    Interrupted,
    /// Anything else that PC/SC reports.
    #[error("the card reader failed: {0}")]
    Reader(String),
}

/// A card that answers commands, one after another.
pub trait Card: Send {
    /// Sends the bytes of a command and gives the bytes of its response, with the status word.
    fn transmit(&mut self, command: &[u8]) -> impl Future<Output = Result<Vec<u8>, CardError>> + Send;
}

impl<C: Card> Card for &mut C {
    fn transmit(&mut self, command: &[u8]) -> impl Future<Output = Result<Vec<u8>, CardError>> + Send {
        (**self).transmit(command)
    }
}

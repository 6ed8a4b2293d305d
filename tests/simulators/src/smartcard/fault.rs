//! What can go wrong with a card.

use serde::{Deserialize, Serialize};

/// `command` and `answer` count from now: 1 is the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardFault {
    /// Pulled out of the reader while this command is under way; `acted`: after the card has done it. In again by
    /// [`put_in`](super::VirtualCard::put_in), which a reader's `insert` does.
    Pulled { command: u32, acted: bool },
    /// No answer to this command, nor to any later one, until it is powered anew.
    Mute { command: u32 },
    /// Upside down or dirty: no ATR.
    NoAtr,
    /// Every answer takes so long.
    Slow { millis: u32 },
    /// Loses its power for a moment before this command: channel and login are gone.
    PowerLost { command: u32 },
    /// The bytes of this answer are random.
    Garbage { answer: u32 },
    /// This answer of the channel is spoiled.
    Spoiled { answer: u32, how: Spoil },
    /// As many wrong PINs have been typed elsewhere that so many tries are left; 0: blocked.
    TriesLeft { tries: u8 },
    /// Ends what waits or lasts; tries stay as they are.
    Clear,
}

/// What is wrong with an answer of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spoil {
    /// The last bit of the checksum.
    Checksum,
    /// The send sequence counter has jumped.
    Counter,
    /// The answer before once more.
    Replay,
    /// Data and status without secure messaging.
    Plain,
    /// The status object is left out.
    NoStatus,
    /// The data's padding is none, under a right checksum.
    Padding,
}

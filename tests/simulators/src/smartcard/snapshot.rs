//! The physical truth about a card: what was done to it, whoever remembers it.

use serde::Serialize;

/// Everything a panel or a test may want to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardSnapshot {
    /// `dnie-old`, `dnie-new`, `fnmt`, `pkcs15`, `municipal`, `unknown`.
    pub profile: &'static str,
    pub powered: bool,
    /// Pulled by a fault and not put in again.
    pub pulled: bool,
    /// Commands ever received, GET RESPONSE among them.
    pub commands: u64,
    #[serde(flatten)]
    pub counts: Counts,
    /// `None` on cards without a PIN.
    pub tries_left: Option<u8>,
    /// `user` or `pin` while a channel is open.
    pub channel: Option<&'static str>,
    /// A PIN was accepted and has not been used up.
    pub logged_in: bool,
    pub signatures: Vec<SignatureMade>,
}

/// What was counted since the card was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub power_ons: u32,
    /// VERIFY commands that carried data, understood or not.
    pub verifies: u32,
    /// Those that came outside a channel on a card that has one: the PIN was on the wire.
    pub verifies_in_the_clear: u32,
    pub wrong_pins: u32,
    pub right_pins: u32,
    pub tries_queries: u32,
    pub channels_opened: u32,
    /// Channels that ended by an error, plain commands among them.
    pub channels_broken: u32,
    /// Answers that a fault has spoiled.
    pub spoiled: u32,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureMade {
    /// 1 authenticates, 2 binds the citizen.
    pub key: u8,
    /// DigestInfo that was signed.
    pub digest_info: Vec<u8>,
}

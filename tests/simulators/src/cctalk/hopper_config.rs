//! What a hopper is set to, its flag bits, and the faults that wait for it
//! (reference 1.5, 1.7, 1.9).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::common::Identity;
use super::frame::Checksum;

/// What header 167 wants before the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Only the count.
    None,
    /// The three bytes of the serial number.
    Serial,
    /// Eight bytes made from the key of header 160. The makers' ways are secret; this one is
    /// ours: byte i is key[7-i] xor secret[i].
    Cipher { secret: [u8; 8] },
    /// Any eight bytes, but 160 must have been asked before (SCH2-NOENCRYPT).
    AnyAfterKey,
}

/// How header 167 says yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DispenseReply {
    Counter,
    /// The old ones only acknowledge.
    Ack,
}

#[derive(Clone, Debug)]
pub struct HopperConfig {
    pub address: u8,
    pub checksum: Checksum,
    pub identity: Identity,
    /// Six characters of header 171.
    pub coin_id: String,
    pub cents: u32,
    pub coins: u64,
    pub capacity: u64,
    /// Below this many coins the low sensor sees none; `None`: not fitted.
    pub low_sensor: Option<u64>,
    /// From this many coins on the high sensor sees them; `None`: not fitted.
    pub high_sensor: Option<u64>,
    pub security: Security,
    pub pin: Option<[u8; 4]>,
    /// A missing PIN is answered by silence instead of NAK (Flow).
    pub silent_without_pin: bool,
    pub dispense_reply: DispenseReply,
    /// Refused commands count as events too (Flow).
    pub counts_refused: bool,
    /// Byte 1 bit 6 is used (not on Flow).
    pub power_up_flag: bool,
    /// Unpaid reads 0 after a timeout or stop (some models).
    pub forgets_unpaid: bool,
    /// Only 167 with a count of 1.
    pub single_coin: bool,
    /// Between two coins.
    pub coin_time: Duration,
    /// The motor turns this long without a coin, then gives up.
    pub payout_timeout: Duration,
    pub reset_deaf: Duration,
    pub power_deaf: Duration,
}

impl HopperConfig {
    /// A hopper with 200 coins of one value and no security.
    #[must_use]
    pub fn new(address: u8, cents: u32) -> Self {
        Self {
            address,
            checksum: Checksum::Simple,
            identity: Identity::new("Payout", "HP-2", 4_243_000 + u32::from(address)),
            coin_id: format!("EU{cents:03}A"),
            cents,
            coins: 200,
            capacity: 500,
            low_sensor: Some(30),
            high_sensor: Some(400),
            security: Security::None,
            pin: None,
            silent_without_pin: false,
            dispense_reply: DispenseReply::Counter,
            counts_refused: false,
            power_up_flag: true,
            forgets_unpaid: false,
            single_coin: false,
            coin_time: Duration::from_millis(200),
            payout_timeout: Duration::from_secs(3),
            reset_deaf: Duration::from_millis(130),
            power_deaf: Duration::from_millis(630),
        }
    }
}

/// The flag bits of header 163 that this hopper knows.
pub mod flags {
    pub const OVER_CURRENT: u8 = 1;
    pub const PAYOUT_TIMEOUT: u8 = 1 << 1;
    pub const OPTO_BLOCKED_IDLE: u8 = 1 << 3;
    pub const OPTO_BLOCKED_PAYOUT: u8 = 1 << 5;
    pub const POWER_UP: u8 = 1 << 6;
    pub const DISABLED: u8 = 1 << 7;
    pub const SINGLE_COIN: u8 = 1 << 1;
    pub const PIN_ON: u8 = 1 << 7;
    pub const POWER_LOST: u8 = 1;
    pub const PIN_WRONG: u8 = 1 << 2;
    pub const CIPHER_WRONG: u8 = 1 << 3;
    pub const ENCRYPTION_ON: u8 = 1 << 4;
    /// A reset is wanted before the next payout, by byte.
    pub const NEEDS_RESET: [u8; 3] = [0b0011_1001, 0b0011_1001, 0b0000_1111];
}

/// Faults waiting to strike; counts are coins paid by then in the next (or running) payout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// The coins still in the bowl stop coming.
    pub empty_after: Option<u32>,
    pub jam_after: Option<u32>,
    pub reset_after: Option<u32>,
    pub power_cut_after: Option<u32>,
    /// One more coin falls out than is counted.
    pub double_coin: bool,
    pub refuse: u32,
    /// The reply to the next 167 is lost.
    pub lose_dispense_reply: bool,
    /// A coin sticks in the exit until a person takes it out.
    pub jammed: bool,
    /// Coins bridge over the disc until a person stirs them.
    pub bridged: bool,
}

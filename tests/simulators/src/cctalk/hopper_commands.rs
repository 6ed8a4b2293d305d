//! What a hopper answers to each header (reference 1.3, 1.5, 1.7, 1.9).

use std::time::Duration;

use tokio::time::Instant;

use super::common::{Answer, core_answer};
use super::hopper::Hopper;
use super::hopper_config::{DispenseReply, Security, flags};
use crate::rng::Rng;

impl Hopper {
    /// One command whose frame was right.
    pub fn command(&mut self, header: u8, data: &[u8], now: Instant) -> Answer {
        self.advance(now);
        let address = self.config.address;
        if let Some(answer) =
            core_answer(&self.config.identity, &mut self.counters, address, [2, 20], header, data)
        {
            return answer;
        }
        match (header, data) {
            (232, []) => {
                let code = if self.pending.jammed { 49 } else { 0 };
                Answer::Data(vec![code]).after(Duration::from_millis(100))
            }
            (218, [a, b, c, d]) => self.pin([*a, *b, *c, *d]),
            (217, [] | [_]) => Answer::Data(vec![self.level()]),
            (172, []) => Answer::Data(vec![self.emergency_stop(now)]),
            (171, []) => Answer::text(&self.config.coin_id),
            (168, []) => {
                let [low, middle, high, _] = self.lifetime.to_le_bytes();
                Answer::Data(vec![low, middle, high])
            }
            (167, [security @ .., count]) => self.dispense(security, *count, now),
            (166, []) => Answer::Data(vec![self.counter, self.remaining, self.paid, self.unpaid]),
            (164, [code]) => {
                if *code == 165 {
                    self.enabled = true
                } else {
                    self.disable()
                }
                Answer::Ack
            }
            (163, []) => Answer::Data(self.flag_bytes().to_vec()),
            (161, seed) => match <[u8; 8]>::try_from(seed) {
                Ok(seed) => {
                    self.entropy ^= u64::from_le_bytes(seed);
                    Answer::Ack
                }
                Err(_) => Answer::Silence,
            },
            (160, []) => {
                let key = self.make_key();
                self.key = Some(key);
                Answer::Data(key.to_vec())
            }
            (1, []) => {
                // Told to reset, it forgets a power cut: whoever needs it has read 163 before.
                self.stop_motor();
                self.reset(now);
                Answer::Ack.after(Duration::from_millis(60))
            }
            _ => Answer::Silence,
        }
    }

    fn make_key(&mut self) -> [u8; 8] {
        self.keys_made += 1;
        let seed = self.entropy ^ u64::from(self.config.identity.serial) ^ (self.keys_made << 32);
        Rng::new(seed).next_u64().to_le_bytes()
    }

    fn pin(&mut self, given: [u8; 4]) -> Answer {
        let right = self.config.pin.is_none_or(|pin| pin == given);
        self.pin_given = right;
        if right {
            self.flags[2] &= !flags::PIN_WRONG;
            return Answer::Ack;
        }
        self.flags[2] |= flags::PIN_WRONG;
        Answer::Ack.after(Duration::from_millis(235))
    }

    fn level(&self) -> u8 {
        let mut level = 0;
        if let Some(low) = self.config.low_sensor {
            level |= 1 << 4;
            level |= u8::from(self.coins < low);
        }
        if let Some(high) = self.config.high_sensor {
            level |= 1 << 5;
            level |= u8::from(self.coins >= high) << 1;
        }
        level
    }

    fn dispense(&mut self, security: &[u8], count: u8, now: Instant) -> Answer {
        let key = self.key.take();
        let needed = match self.config.security {
            Security::None => 0,
            Security::Serial => 3,
            Security::Cipher { .. } | Security::AnyAfterKey => 8,
        };
        if security.len() != needed {
            return Answer::Silence;
        }
        let unlocked = self.config.pin.is_none() || self.pin_given;
        if !unlocked {
            return if self.config.silent_without_pin { Answer::Silence } else { self.refuse() };
        }
        let right = match self.config.security {
            Security::None => true,
            Security::Serial => security == self.config.identity.serial_bytes(),
            Security::AnyAfterKey => key.is_some(),
            Security::Cipher { secret } => key.is_some_and(|key| {
                security.iter().eq(key
                    .iter()
                    .rev()
                    .zip(secret)
                    .map(|(key, secret)| key ^ secret)
                    .collect::<Vec<_>>()
                    .iter())
            }),
        };
        if !right && matches!(self.config.security, Security::Cipher { .. }) {
            self.flags[2] |= flags::CIPHER_WRONG;
        }
        if self.pending.refuse > 0 {
            self.pending.refuse -= 1;
            return self.refuse();
        }
        let wrong_count = self.config.single_coin && count != 1;
        if !right || !self.enabled || self.payout.is_some() || wrong_count || self.needs_reset() {
            return self.refuse();
        }
        self.flags[0] &= !flags::PAYOUT_TIMEOUT;
        self.count_event();
        self.begin(count, now);
        match self.config.dispense_reply {
            DispenseReply::Counter => Answer::Data(vec![self.counter]),
            DispenseReply::Ack => Answer::Ack,
        }
    }

    fn refuse(&mut self) -> Answer {
        if self.config.counts_refused {
            self.count_event();
        }
        Answer::Nak
    }

    pub(super) fn count_event(&mut self) {
        self.counter = if self.counter == 255 { 1 } else { self.counter + 1 };
    }
}

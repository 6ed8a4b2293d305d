//! What the bill validator answers to each header (reference 1.3, 1.4).

use std::time::Duration;

use tokio::time::Instant;

use super::common::{Answer, core_answer};
use super::validator::{Transport, Validator};
use super::validator_config::Deafness;

impl Validator {
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
            (247, []) => {
                let types = u8::try_from(self.config.bills.len()).unwrap_or(u8::MAX);
                Answer::Data(vec![types, 1])
            }
            (232, []) => Answer::Data(vec![self.self_check()]).after(Duration::from_millis(400)),
            (231, [low, high]) => {
                self.inhibits = u16::from_le_bytes([*low, *high]);
                Answer::Ack
            }
            (230, []) => Answer::Data(self.inhibits.to_le_bytes().to_vec()),
            (228, [bits]) => {
                self.set_master(bits & 1 == 1, now);
                Answer::Ack
            }
            (227, []) => Answer::Data(vec![u8::from(self.read_master())]),
            (159, []) => {
                self.last_poll = now;
                Answer::Data(self.events.reply())
            }
            (157, [position]) => self.bill_id(*position),
            (156, country) => match country {
                [b'E', b'U'] => Answer::Data(vec![100, 0, 2]),
                [_, _] => Answer::Data(vec![0, 0, 0]),
                _ => Answer::Silence,
            },
            (155, [first, second]) => {
                let country = [*first, *second];
                let mask = self.config.bills.iter().take(16).enumerate().fold(0_u16, |mask, (bit, bill)| {
                    if bill.id.as_bytes().starts_with(&country) { mask | (1 << bit) } else { mask }
                });
                Answer::Data(mask.to_le_bytes().to_vec())
            }
            (154, [route]) => self.route(*route, now),
            (153, [mode]) => {
                self.mode = mode & 3;
                Answer::Ack
            }
            (152, []) => Answer::Data(vec![self.mode]),
            (145, [b'E', b'U']) => Answer::text("EUR0126"),
            (145, [_, _]) => Answer::text("......."),
            (1, []) => {
                self.reset(now);
                Answer::Ack
            }
            _ => Answer::Silence,
        }
    }

    fn set_master(&mut self, on: bool, now: Instant) {
        if !on {
            self.master = false;
            return;
        }
        // Without a working stacker the switch is acknowledged and changes nothing.
        if !self.stacker_ok() || matches!(self.transport, Transport::Jammed { .. }) {
            return;
        }
        match &mut self.pending.enable_ignored {
            Deafness::ForEver => return,
            Deafness::Times(left) if *left > 0 => {
                *left -= 1;
                return;
            }
            Deafness::None | Deafness::Times(_) | Deafness::Reads(_) => {}
        }
        self.master = true;
        self.last_poll = now;
    }

    fn read_master(&mut self) -> bool {
        match &mut self.pending.enable_ignored {
            Deafness::Reads(left) if *left > 0 && self.master => {
                *left -= 1;
                false
            }
            Deafness::None | Deafness::Times(_) | Deafness::Reads(_) | Deafness::ForEver => self.master,
        }
    }

    fn bill_id(&self, position: u8) -> Answer {
        let index = usize::from(position).checked_sub(1);
        match index.and_then(|index| self.config.bills.get(index)) {
            Some(bill) => Answer::text(&bill.id),
            None => Answer::text("......."),
        }
    }

    fn route(&mut self, route: u8, now: Instant) -> Answer {
        let Transport::Escrow { cents, bill, .. } = self.transport else {
            return if matches!(route, 0 | 1 | 255) { Answer::Data(vec![254]) } else { Answer::Silence };
        };
        if matches!(route, 0 | 1) && self.pending.route_fails > 0 {
            self.pending.route_fails -= 1;
            return Answer::Data(vec![255]);
        }
        match route {
            0 => self.send_back(cents, vec![(0, 1)], now),
            1 if !self.stacker_ok() => return Answer::Data(vec![255]),
            1 => self.transport = Transport::Stacking { cents, bill, until: now + self.config.stack },
            255 => {
                let until = now + self.config.escrow_timeout;
                self.transport = Transport::Escrow { cents, bill, until };
            }
            _ => return Answer::Silence,
        }
        Answer::Ack
    }
}

//! A hopper that pays a coin each 150 ms.
use tokio::time::{Duration, Instant};

use super::{Answer, Model, ack, data};

pub struct Hopper {
    pub category: &'static str,
    pub serial: u32,
    pub counter: u8,
    pub remaining: u8,
    pub paid: u8,
    pub unpaid: u8,
    pub dispensed: u32,
    pub flags: [u8; 3],
    pub enabled: bool,
    pub coins_inside: u32,
    pub coin: &'static str,
    pub level: Option<u8>,
    /// The power goes, and comes back, when this many coins of an order are out.
    pub power_cut_at: Option<u8>,
    /// Coins stop coming at this many, for ever, without an end.
    pub stuck_at: Option<u8>,
    /// Counts orders that it refuses.
    pub counts_refused: bool,
    /// Wants 160 before each 167, and eight bytes.
    pub keyed: bool,
    pub key: bool,
    /// Refuses so many orders.
    pub refuses: u32,
    /// It forgets a coin in the lifetime counter.
    pub miscounts: bool,
    /// Flags that a reset does not clear.
    pub stubborn: [u8; 3],
    pub deaf: bool,
    /// All coins that ever fell out, for the eye of the test.
    pub out: u32,
    pub next_coin: Option<Instant>,
    /// When it runs empty, one more coin drops out of the exit a moment later.
    pub late_coin: bool,
    pub late_at: Option<Instant>,
}

impl Hopper {
    pub fn new() -> Hopper {
        Hopper {
            category: "Payout",
            serial: 0x0a_0b_0c,
            counter: 7,
            remaining: 0,
            paid: 0,
            unpaid: 0,
            dispensed: 1000,
            flags: [0b1000_0000, 0, 0],
            enabled: false,
            coins_inside: 100,
            coin: "EU100A",
            level: Some(0b0011_0000),
            power_cut_at: None,
            stuck_at: None,
            counts_refused: false,
            keyed: false,
            key: false,
            refuses: 0,
            miscounts: false,
            stubborn: [0; 3],
            deaf: false,
            out: 0,
            next_coin: None,
            late_coin: false,
            late_at: None,
        }
    }

    fn reset(&mut self) {
        (self.counter, self.enabled, self.key, self.next_coin) = (0, false, false, None);
        self.flags = [0b1000_0000 | self.stubborn[0], self.stubborn[1], self.stubborn[2]];
    }

    pub fn power_cut(&mut self) {
        let lost = self.remaining > 0;
        self.unpaid = self.remaining;
        self.remaining = 0;
        self.reset();
        self.flags[0] |= 0b0100_0000;
        self.flags[2] |= u8::from(lost);
    }

    fn step(&mut self) {
        if self.late_at.is_some_and(|time| Instant::now() >= time) {
            self.late_at = None;
            self.out += 1;
            self.paid += 1;
            self.unpaid -= 1;
            self.dispensed += 1;
        }
        while let Some(time) = self.next_coin
            && Instant::now() >= time
        {
            if self.stuck_at == Some(self.paid) {
                return;
            }
            if self.coins_inside == 0 {
                self.flags[0] |= 0b0000_0010;
                self.unpaid = self.remaining;
                self.remaining = 0;
                self.next_coin = None;
                self.late_at = self.late_coin.then(|| Instant::now() + Duration::from_millis(150));
                return;
            }
            self.coins_inside -= 1;
            self.out += 1;
            self.paid += 1;
            self.remaining -= 1;
            self.dispensed += u32::from(!self.miscounts);
            self.miscounts = false;
            self.next_coin = (self.remaining > 0).then(|| time + Duration::from_millis(150));
            if self.power_cut_at == Some(self.paid) {
                self.power_cut_at = None;
                self.power_cut();
            }
        }
    }

    fn dispense(&mut self, asked: &[u8]) -> Option<Answer> {
        let (coins, security) = asked.split_last()?;
        let serial = self.serial.to_le_bytes();
        let right = if self.keyed { self.key && security.len() == 8 } else { security == &serial[..3] };
        self.key = false;
        let count = |counter: u8| if counter == 255 { 1 } else { counter + 1 };
        if !right || !self.enabled || self.remaining > 0 || self.refuses > 0 {
            self.refuses = self.refuses.saturating_sub(1);
            if self.counts_refused {
                self.counter = count(self.counter);
            }
            return Some(Answer::Nak);
        }
        self.counter = count(self.counter);
        (self.remaining, self.paid, self.unpaid) = (*coins, 0, 0);
        self.flags[0] &= !0b0000_0010;
        self.next_coin = Some(Instant::now() + Duration::from_millis(150));
        data(&[self.counter])
    }
}

impl Model for Hopper {
    fn answer(&mut self, header: u8, asked: &[u8]) -> Option<Answer> {
        self.step();
        if self.deaf {
            return None;
        }
        match (header, asked) {
            (254, []) => ack(),
            (246, []) => data(b"ACME"),
            (245, []) => data(self.category.as_bytes()),
            (244, []) => data(b"H1"),
            (242, []) => data(&self.serial.to_le_bytes()[..3]),
            (217, []) => data(&[self.level?]),
            (172, []) => {
                let left = self.remaining;
                (self.unpaid, self.remaining, self.next_coin) = (left, 0, None);
                data(&[left])
            }
            (171, []) => data(self.coin.as_bytes()),
            (168, []) => data(&self.dispensed.to_le_bytes()[..3]),
            (167, asked) => self.dispense(asked),
            (166, []) => data(&[self.counter, self.remaining, self.paid, self.unpaid]),
            (164, &[code]) => {
                self.enabled = code == 165;
                self.flags[0] = self.flags[0] & 0b0111_1111 | if self.enabled { 0 } else { 0b1000_0000 };
                ack()
            }
            (163, []) => data(&self.flags),
            (160, []) => {
                self.key = true;
                data(&[1, 2, 3, 4, 5, 6, 7, 8])
            }
            (1, []) => {
                self.reset();
                ack()
            }
            _ => None,
        }
    }

    fn any(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

//! A coin acceptor with a sorter: mechanism and commands (reference 1.2-1.4, 1.9).
//!
//! At power-on it is deaf for a moment; then, as on the models of 1.9, the master switch is on
//! and the mask is empty, so that the mask holds the coins back. Not polled for a second it
//! refuses coins until the next poll. A jam of the sorter refuses coins until it is cleared.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::common::{Answer, Identity, LineCounters, Link, core_answer};
use super::events::EventLog;
use super::frame::Checksum;

/// One position of the coin table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoinType {
    /// Six characters, "EU050A"; six points for an empty position.
    pub id: String,
    /// What the coin really is; 0 for an empty position.
    pub cents: u32,
    /// Sorter path 1.. ; 0 is the cash box.
    pub path: u8,
}

#[derive(Clone, Debug)]
pub struct CoinAcceptorConfig {
    pub address: u8,
    pub checksum: Checksum,
    pub identity: Identity,
    pub coins: Vec<CoinType>,
    /// From the slot to the credit sensor.
    pub travel: Duration,
    /// Between two coins a person puts in.
    pub spacing: Duration,
    pub poll_watchdog: Duration,
    pub reset_deaf: Duration,
    pub power_deaf: Duration,
    /// 227 after a reset; true on most models (1.9).
    pub master_at_start: bool,
    /// 230 after a reset; 0 on most models.
    pub inhibits_at_start: u16,
    /// An inhibited coin is reported as 128 + type - 1 instead of 2.
    pub inhibited_code_by_type: bool,
}

impl Default for CoinAcceptorConfig {
    fn default() -> Self {
        let mut coins: Vec<CoinType> = [1, 2, 5, 10, 20, 50, 100, 200]
            .map(|cents| CoinType { id: format!("EU{cents:03}A"), cents, path: 0 })
            .to_vec();
        coins.resize(16, CoinType { id: "......".into(), cents: 0, path: 0 });
        Self {
            address: 2,
            checksum: Checksum::Simple,
            identity: Identity::new("Coin Acceptor", "CA-16", 4_242_202),
            coins,
            travel: Duration::from_millis(400),
            spacing: Duration::from_millis(150),
            poll_watchdog: Duration::from_secs(1),
            reset_deaf: Duration::from_millis(250),
            power_deaf: Duration::from_millis(600),
            master_at_start: true,
            inhibits_at_start: 0,
            inhibited_code_by_type: false,
        }
    }
}

/// A coin on its way through the acceptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Falling {
    cents: u32,
    until: Instant,
}

/// Faults waiting to strike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// The next coin is kept without credit; true: reported as (0,36).
    pub swallow: Option<bool>,
    pub sorter_blocked: bool,
    pub reject_all: bool,
    pub lever_open: bool,
    pub fault_code: u8,
}

/// The coins that left the acceptor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoinMoves {
    /// Value and sorter path.
    pub kept: Vec<(u32, u8)>,
    pub returned: Vec<u32>,
}

#[derive(Clone, Debug)]
pub struct CoinAcceptor {
    pub config: CoinAcceptorConfig,
    pub link: Link,
    pub counters: LineCounters,
    pub events: EventLog,
    pub pending: Pending,
    pub inhibits: u16,
    pub master: bool,
    pub deaf_until: Instant,
    pub powered: bool,
    falling: VecDeque<Falling>,
    last_coin: Option<Instant>,
    last_poll: Instant,
    pub(super) moves: CoinMoves,
}

impl CoinAcceptor {
    #[must_use]
    pub fn new(config: CoinAcceptorConfig, now: Instant) -> Self {
        let mut acceptor = Self {
            config,
            link: Link::default(),
            counters: LineCounters::default(),
            events: EventLog::default(),
            pending: Pending::default(),
            inhibits: 0,
            master: false,
            deaf_until: now,
            powered: true,
            falling: VecDeque::new(),
            last_coin: None,
            last_poll: now,
            moves: CoinMoves::default(),
        };
        acceptor.start(now, Duration::ZERO);
        acceptor
    }

    fn start(&mut self, now: Instant, deaf: Duration) {
        self.events.clear();
        self.inhibits = self.config.inhibits_at_start;
        self.master = self.config.master_at_start;
        self.deaf_until = now + deaf;
        self.last_poll = now;
    }

    /// A reboot: coins on their way fall back into the tray, unreported.
    pub fn reset(&mut self, now: Instant) {
        self.drop_falling();
        self.start(now, self.config.reset_deaf);
    }

    pub fn power_off(&mut self, now: Instant) {
        self.advance(now);
        self.drop_falling();
        self.powered = false;
        self.start(now, Duration::ZERO);
    }

    pub fn power_on(&mut self, now: Instant) {
        if !self.powered {
            self.powered = true;
            self.start(now, self.config.power_deaf);
        }
    }

    fn drop_falling(&mut self) {
        self.moves.returned.extend(self.falling.drain(..).map(|coin| coin.cents));
    }

    #[must_use]
    pub fn falling(&self) -> Vec<u32> {
        self.falling.iter().map(|coin| coin.cents).collect()
    }

    fn asleep(&self, at: Instant) -> bool {
        at >= self.last_poll + self.config.poll_watchdog
    }

    #[must_use]
    pub fn accepting(&self, now: Instant) -> bool {
        self.powered
            && now >= self.deaf_until
            && self.master
            && self.inhibits != 0
            && !self.asleep(now)
            && !self.pending.sorter_blocked
            && !self.pending.lever_open
    }

    /// A person drops a coin in. It never blocks: without power it falls straight through.
    pub fn insert(&mut self, cents: u32, now: Instant) {
        self.advance(now);
        if !self.powered || now < self.deaf_until {
            self.moves.returned.push(cents);
            return;
        }
        let at = self.last_coin.map_or(now, |last| now.max(last + self.config.spacing));
        self.last_coin = Some(at);
        self.falling.push_back(Falling { cents, until: at + self.config.travel });
    }

    /// Several coins pass the sensors at one moment, between two polls.
    pub fn burst(&mut self, cents: u32, pieces: u32, now: Instant) {
        self.advance(now);
        for _ in 0..pieces {
            self.decide(cents, now);
        }
    }

    pub fn advance(&mut self, now: Instant) {
        while self.falling.front().is_some_and(|coin| coin.until <= now) {
            if let Some(coin) = self.falling.pop_front() {
                self.decide(coin.cents, coin.until);
            }
        }
    }

    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        self.falling.front().map(|coin| coin.until)
    }

    fn decide(&mut self, cents: u32, at: Instant) {
        let position = self.config.coins.iter().position(|coin| coin.cents == cents && cents > 0);
        let refusal = if !self.powered || at < self.deaf_until {
            Some(None)
        } else if self.pending.sorter_blocked {
            Some(Some(15))
        } else if self.pending.lever_open {
            Some(Some(254))
        } else if !self.master || self.asleep(at) {
            Some(Some(2))
        } else {
            match position {
                None => Some(Some(1)),
                Some(_) if self.pending.reject_all => Some(Some(1)),
                Some(index) if self.inhibits & (1 << index) == 0 => {
                    let by_type = u8::try_from(index).unwrap_or(31).saturating_add(128);
                    Some(Some(if self.config.inhibited_code_by_type { by_type } else { 2 }))
                }
                Some(_) => None,
            }
        };
        if let Some(code) = refusal {
            self.moves.returned.push(cents);
            if let Some(code) = code {
                self.events.push(0, code);
            }
            return;
        }
        if let Some(reported) = self.pending.swallow.take() {
            self.moves.kept.push((cents, 0));
            if reported {
                self.events.push(0, 36);
            }
            return;
        }
        let index = position.unwrap_or(0);
        let path = self.config.coins.get(index).map_or(0, |coin| coin.path);
        self.moves.kept.push((cents, path));
        self.events.push(u8::try_from(index + 1).unwrap_or(u8::MAX), path);
    }

    /// The sorter sticks: reported at once, and refuses everything until it is cleared.
    pub fn block_sorter(&mut self) {
        self.pending.sorter_blocked = true;
        self.events.push(0, 15);
    }

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
            (248, []) => Answer::Data(vec![u8::from(self.pending.lever_open)]),
            (232, []) => {
                let code = match self.pending.fault_code {
                    0 if self.pending.sorter_blocked => 8,
                    code => code,
                };
                Answer::Data(vec![code]).after(Duration::from_millis(200))
            }
            (231, [low, high]) => {
                self.inhibits = u16::from_le_bytes([*low, *high]);
                Answer::Ack
            }
            (230, []) => Answer::Data(self.inhibits.to_le_bytes().to_vec()),
            (228, [bits]) => {
                self.master = bits & 1 == 1;
                Answer::Ack
            }
            (227, []) => Answer::Data(vec![u8::from(self.master)]),
            (229, []) => {
                self.last_poll = now;
                Answer::Data(self.events.reply())
            }
            (184, [position]) => {
                let coin =
                    usize::from(*position).checked_sub(1).and_then(|index| self.config.coins.get(index));
                Answer::text(coin.map_or("......", |coin| coin.id.as_str()))
            }
            (218, [_, _, _, _]) => Answer::Ack,
            (1, []) => {
                self.reset(now);
                Answer::Ack
            }
            _ => Answer::Silence,
        }
    }
}

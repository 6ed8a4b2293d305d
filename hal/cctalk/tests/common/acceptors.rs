//! A bill validator and a coin acceptor.
use super::{Answer, Model, ack, data};

/// The event counter and the last five events.
#[derive(Default)]
pub struct Events {
    pub counter: u8,
    pub pairs: [(u8, u8); 5],
}

impl Events {
    pub fn push(&mut self, a: u8, b: u8) {
        self.counter = if self.counter == 255 { 1 } else { self.counter + 1 };
        self.pairs.rotate_right(1);
        self.pairs[0] = (a, b);
    }

    fn bytes(&self) -> Vec<u8> {
        let pairs = self.pairs.iter().flat_map(|(a, b)| [*a, *b]);
        std::iter::once(self.counter).chain(pairs).collect()
    }
}

/// What the validator does with a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// It obeys and tells.
    Obeys,
    /// It acknowledges and nothing happens.
    Idle,
    /// It says that the escrow is empty.
    Empty,
    /// It says that it failed.
    Fails,
}

pub struct Acceptor {
    pub category: &'static str,
    pub serial: u32,
    pub ids: Vec<&'static str>,
    pub mask: u32,
    pub master: bool,
    /// Answers headers 227 and 228.
    pub knows_master: bool,
    /// Times that "on" is acknowledged and not done.
    pub disobeys: u32,
    pub mode: u8,
    pub events: Events,
    pub fault: u8,
    pub status: u8,
    pub in_escrow: Option<u8>,
    pub transport: Transport,
    pub routes: Vec<u8>,
    /// Answers nothing.
    pub deaf: bool,
}

impl Acceptor {
    fn new(category: &'static str, serial: u32, ids: Vec<&'static str>) -> Acceptor {
        Acceptor {
            category,
            serial,
            ids,
            mask: 0,
            master: false,
            knows_master: true,
            disobeys: 0,
            mode: 0,
            events: Events::default(),
            fault: 0,
            status: 0,
            in_escrow: None,
            transport: Transport::Obeys,
            routes: Vec::new(),
            deaf: false,
        }
    }

    pub fn validator() -> Acceptor {
        let ids = vec!["EU0005A", "EU0010A", "EU0020A", "EU0050A", ".......", "EU0100A"];
        Acceptor::new("Bill Validator", 0x00_12_34, ids)
    }

    pub fn coins() -> Acceptor {
        let mut ids = vec!["EU010A", "EU020A", "EU050A", "EU100A", "EU200A", "TK000A"];
        ids.resize(16, "......");
        Acceptor::new("Coin Acceptor", 0x00_56_78, ids)
    }

    /// Power-up or reset.
    pub fn reset(&mut self) {
        self.events = Events::default();
        (self.mask, self.master, self.mode, self.in_escrow) = (0, false, 0, None);
    }

    pub fn accepts(&self, position: u8) -> bool {
        let master = self.master || !self.knows_master;
        !self.deaf && master && self.mask & (1 << (position - 1)) != 0
    }

    /// A citizen puts a note in; true when it reaches the escrow.
    pub fn insert_note(&mut self, kind: u8) -> bool {
        let taken = self.accepts(kind) && self.mode == 3;
        if taken {
            self.in_escrow = Some(kind);
            self.events.push(kind, 1);
        }
        taken
    }

    /// A citizen throws a coin in; true when it is taken.
    pub fn insert_coin(&mut self, position: u8) -> bool {
        let taken = self.accepts(position);
        if taken {
            self.events.push(position, 1);
        }
        taken
    }

    fn route(&mut self, code: u8) -> Option<Answer> {
        self.routes.push(code);
        match (self.transport, self.in_escrow) {
            (Transport::Empty, _) | (_, None) => return data(&[254]),
            (Transport::Fails, _) => return data(&[255]),
            (Transport::Idle, _) => {}
            (Transport::Obeys, Some(kind)) if code == 1 => {
                self.in_escrow = None;
                self.events.push(kind, 0);
            }
            (Transport::Obeys, Some(_)) if code == 0 => {
                self.in_escrow = None;
                self.events.push(0, 1);
            }
            (Transport::Obeys, Some(_)) => {}
        }
        ack()
    }
}

impl Model for Acceptor {
    fn answer(&mut self, header: u8, asked: &[u8]) -> Option<Answer> {
        if self.deaf {
            return None;
        }
        let bill = self.category.starts_with("Bill");
        match (header, asked) {
            (254, []) => ack(),
            (248, []) => data(&[self.status]),
            (247, []) if bill => data(&[self.ids.len() as u8, 1]),
            (246, []) => data(b"ACME"),
            (245, []) => data(self.category.as_bytes()),
            (244, []) => data(b"M1"),
            (242, []) => data(&self.serial.to_le_bytes()[..3]),
            (232, []) => data(&[self.fault]),
            (231, &[low, high]) => {
                self.mask = u32::from(low) | (u32::from(high) << 8);
                ack()
            }
            (230, []) => data(&[self.mask as u8, (self.mask >> 8) as u8]),
            (228, &[on]) if self.knows_master => {
                if on & 1 == 1 && self.disobeys > 0 {
                    self.disobeys -= 1;
                } else {
                    self.master = on & 1 == 1;
                }
                ack()
            }
            (227, []) if self.knows_master => data(&[u8::from(self.master)]),
            (229, []) if !bill => data(&self.events.bytes()),
            (159, []) if bill => data(&self.events.bytes()),
            (184, &[position]) if !bill => data(self.ids[usize::from(position) - 1].as_bytes()),
            (157, &[kind]) if bill => data(self.ids[usize::from(kind) - 1].as_bytes()),
            (156, b"EU") if bill => data(&[100, 0, 2]),
            (154, &[code]) if bill => self.route(code),
            (153, &[mode]) if bill => {
                self.mode = mode;
                ack()
            }
            (152, []) if bill => data(&[self.mode]),
            _ => None,
        }
    }

    fn any(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

//! Commands and answers of ISO 7816-4, and how long answers reach the terminal.
//!
//! T=0: a command without Le gets `61xx`, and GET RESPONSE fetches what waits. T=1: the answer comes whole.

/// A command as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub cla: u8,
    pub ins: u8,
    pub p1: u8,
    pub p2: u8,
    pub data: Vec<u8>,
    /// Most bytes wanted; `None` when Le is absent.
    pub le: Option<usize>,
}

impl Command {
    /// Reads a short or extended command; `None` when its lengths contradict each other.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (header, body) = bytes.split_first_chunk::<4>()?;
        let [cla, ins, p1, p2] = *header;
        let command = |data: &[u8], le| Some(Self { cla, ins, p1, p2, data: data.to_vec(), le });
        let short = |le: u8| if le == 0 { 256 } else { usize::from(le) };
        let long = |le: [u8; 2]| match usize::from(u16::from_be_bytes(le)) {
            0 => 65_536,
            le => le,
        };
        match body {
            [] => command(&[], None),
            [le] => command(&[], Some(short(*le))),
            [0, high, low] => command(&[], Some(long([*high, *low]))),
            [0, high, low, rest @ ..] => {
                let (data, le) = rest.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
                match le {
                    [] => command(data, None),
                    [high, low] => command(data, Some(long([*high, *low]))),
                    _ => None,
                }
            }
            [length, rest @ ..] => {
                let (data, le) = rest.split_at_checked(usize::from(*length))?;
                match le {
                    [] => command(data, None),
                    [le] => command(data, Some(short(*le))),
                    _ => None,
                }
            }
        }
    }

    /// The header as one number.
    pub fn ins_p1_p2(&self) -> (u8, u8, u8) {
        (self.ins, self.p1, self.p2)
    }
}

/// Status words.
pub(super) mod sw {
    pub const OK: u16 = 0x9000;
    pub const AUTHENTICATION_FAILED: u16 = 0x6300;
    pub const TRIES: u16 = 0x63C0;
    pub const CHECKSUM_WRONG: u16 = 0x6688;
    pub const LENGTH_WRONG: u16 = 0x6700;
    pub const SECURITY_STATUS: u16 = 0x6982;
    pub const BLOCKED: u16 = 0x6983;
    pub const CONDITIONS: u16 = 0x6985;
    pub const NO_FILE_CHOSEN: u16 = 0x6986;
    pub const SM_OBJECTS_MISSING: u16 = 0x6987;
    pub const SM_OBJECTS_WRONG: u16 = 0x6988;
    pub const DATA_WRONG: u16 = 0x6A80;
    pub const NOT_FOUND: u16 = 0x6A82;
    pub const PARAMETERS_WRONG: u16 = 0x6A86;
    pub const REFERENCE_NOT_FOUND: u16 = 0x6A88;
    pub const BEYOND_END: u16 = 0x6B00;
    pub const TAKE: u16 = 0x6100;
    pub const REPEAT_WITH: u16 = 0x6C00;
    pub const INS_UNKNOWN: u16 = 0x6D00;
    pub const CLA_UNKNOWN: u16 = 0x6E00;
}

/// What a command led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub data: Vec<u8>,
    pub sw: u16,
}

impl Answer {
    pub fn data(data: Vec<u8>) -> Self {
        Self { data, sw: sw::OK }
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.data.as_slice(), &self.sw.to_be_bytes()].concat()
    }
}

impl From<u16> for Answer {
    fn from(sw: u16) -> Self {
        Self { data: Vec::new(), sw }
    }
}

/// An answer that waits for GET RESPONSE.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    rest: Vec<u8>,
    last: u16,
}

impl Waiting {
    /// The part of an answer that may go now; the rest waits.
    pub fn deliver(&mut self, answer: Answer, le: Option<usize>) -> Vec<u8> {
        self.rest.clear();
        let room = le.unwrap_or(0);
        if answer.data.len() <= room || answer.data.is_empty() {
            return answer.bytes();
        }
        let (now, later) = answer.data.split_at(room);
        let out = Answer { data: now.to_vec(), sw: take(later.len()) }.bytes();
        (self.rest, self.last) = (later.to_vec(), answer.sw);
        out
    }

    /// GET RESPONSE.
    pub fn fetch(&mut self, command: &Command) -> Vec<u8> {
        let wanted = command.le.unwrap_or(256);
        match self.rest.len() {
            0 => sw::CONDITIONS.to_be_bytes().to_vec(),
            have if wanted > have && wanted != 256 => (sw::REPEAT_WITH + have as u16).to_be_bytes().to_vec(),
            _ => {
                let rest = std::mem::take(&mut self.rest);
                self.deliver(Answer { data: rest, sw: self.last }, Some(wanted))
            }
        }
    }

    pub fn clear(&mut self) {
        self.rest.clear();
    }
}

/// `61xx`; 00 stands for 256 and more.
fn take(waiting: usize) -> u16 {
    sw::TAKE + if waiting > 0xFF { 0 } else { waiting as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_lengths() {
        let le = |bytes: &[u8]| Command::parse(bytes).map(|command| (command.data, command.le));
        assert_eq!(le(&[0, 0x20, 0, 0]), Some((vec![], None)));
        assert_eq!(le(&[0, 0xB0, 0, 0, 0]), Some((vec![], Some(256))));
        assert_eq!(le(&[0, 0xA4, 0, 0, 2, 0x60, 0x20]), Some((vec![0x60, 0x20], None)));
        assert_eq!(le(&[0, 0xA4, 0, 0, 2, 0x60, 0x20, 8]), Some((vec![0x60, 0x20], Some(8))));
        assert_eq!(le(&[0, 0xB0, 0, 0, 0, 1, 0]), Some((vec![], Some(256))));
        assert_eq!(le(&[0, 0xA4, 0, 0, 0, 0, 1, 9, 0, 0]), Some((vec![9], Some(65_536))));
        assert_eq!(le(&[0, 0xA4, 0, 0, 3, 0x60, 0x20]), None);
        assert_eq!(le(&[0, 0xA4, 0]), None);
    }

    #[test]
    fn long_answers_wait_for_get_response() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.deliver(Answer::data(vec![7; 270]), None), [0x61, 0]);
        let get = |le: u8| Command::parse(&[0, 0xC0, 0, 0, le]).unwrap();
        let first = waiting.fetch(&get(0));
        assert_eq!((first.len(), &first[256..]), (258, &[0x61, 14][..]));
        assert_eq!(waiting.fetch(&get(20)), [0x6C, 14]);
        let last = waiting.fetch(&get(14));
        assert_eq!((last.len(), &last[14..]), (16, &[0x90, 0][..]));
        assert_eq!(waiting.fetch(&get(14)), [0x69, 0x85]);
    }
}

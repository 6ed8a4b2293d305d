//! What a printer sends, byte by byte: real-time answers, automatic status, queued answers, blocks and counters.
//!
//! Answers carry no number of the question, and strays come at any time, so bytes are told apart by their fixed bits
//! and never by order alone. Epson's automatic status and Custom's FULL STATUS both begin with 0x10: a classifier
//! serves one family. Bytes that fit nothing are dropped and counted.
use crate::PrinterModel;

/// Longest block or counter. Serial numbers and model names have less than 30.
const BLOCK_LIMIT: usize = 80;

/// Something that the printer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The answer to `DLE EOT n`; which `n` it does not say.
    RealTime(u8),
    /// Automatic status back, four bytes (Epson).
    Automatic([u8; 4]),
    /// The answer to `GS r`: all that was sent before it has been processed.
    Fence(u8),
    /// `GS ( H`: the data before this identifier has been printed.
    Printed([u8; 4]),
    /// `DLE DC4` 8: receive and print buffer are empty.
    Cleared,
    /// The answer to `GS I 65` to `69`.
    Text(String),
    /// Bytes of FULL STATUS (Custom): paper, user, recoverable, unrecoverable; only those that were sent.
    Full([Option<u8>; 4]),
    /// A counter (Custom): `2376 cuts`, `251550cm`.
    Counter {
        /// Its value.
        value: u64,
        /// `cuts`, `cm` or `ret`.
        unit: String,
    },
    /// The buffer is full (true) or has room again, on lines with that flow control.
    Hold(bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Idle,
    /// The bytes of an automatic status so far.
    Automatic(Vec<u8>),
    /// A block up to its NUL.
    Block(Vec<u8>),
    /// The mask is to come.
    FullMask,
    /// Which bytes of a FULL STATUS are still to come.
    Full {
        wanted: u8,
        bytes: [Option<u8>; 4],
    },
    /// Digits and letters of a counter.
    Counter(String),
}

/// Tells the bytes of one printer apart.
#[derive(Clone, Debug)]
pub struct Classifier {
    model: PrinterModel,
    state: State,
    junk: u64,
}

impl Classifier {
    /// One for a family, nothing read yet.
    pub fn new(model: PrinterModel) -> Classifier {
        Classifier { model, state: State::Idle, junk: 0 }
    }

    /// Bytes that fitted nothing.
    pub fn junk(&self) -> u64 {
        self.junk
    }

    /// The line fell silent: what is incomplete stays so, and is dropped.
    pub fn abandon(&mut self) {
        self.junk += match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => 0,
            State::Automatic(bytes) | State::Block(bytes) => bytes.len() as u64,
            State::FullMask => 1,
            State::Full { bytes, .. } => 2 + bytes.iter().flatten().count() as u64,
            State::Counter(text) => text.len() as u64,
        };
    }

    /// Takes a byte; gives what it completes.
    pub fn push(&mut self, byte: u8) -> Option<Report> {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => self.first(byte),
            State::Automatic(mut bytes) => {
                if byte & 0x90 != 0 {
                    // The rest was lost: this byte begins something else.
                    self.junk += bytes.len() as u64;
                    return self.first(byte);
                }
                bytes.push(byte);
                match <[u8; 4]>::try_from(bytes.as_slice()) {
                    Ok(four) => Some(Report::Automatic(four)),
                    Err(_) => {
                        self.state = State::Automatic(bytes);
                        None
                    }
                }
            }
            State::Block(bytes) if byte == 0 => self.block(&bytes),
            State::Block(bytes) if !(b' '..=b'~').contains(&byte) => {
                // No block holds such a byte: what looked like its beginning was a stray.
                self.junk += bytes.len() as u64;
                self.first(byte)
            }
            State::Block(mut bytes) => {
                bytes.push(byte);
                if bytes.len() > BLOCK_LIMIT {
                    self.junk += bytes.len() as u64;
                } else {
                    self.state = State::Block(bytes);
                }
                None
            }
            State::FullMask if byte & 0xF0 == 0 && byte != 0 => {
                self.state = State::Full { wanted: byte, bytes: [None; 4] };
                None
            }
            State::FullMask => {
                self.junk += 1;
                self.first(byte)
            }
            State::Full { wanted, mut bytes } => {
                // The lowest bit that is set says whose turn it is: paper, user, recoverable, unrecoverable.
                if let Some(slot) = bytes.get_mut(wanted.trailing_zeros() as usize) {
                    *slot = Some(byte);
                }
                let wanted = wanted & wanted.wrapping_sub(1);
                if wanted == 0 {
                    return Some(Report::Full(bytes));
                }
                self.state = State::Full { wanted, bytes };
                None
            }
            State::Counter(text) => self.counter(text, byte),
        }
    }

    fn first(&mut self, byte: u8) -> Option<Report> {
        match (self.model, byte) {
            (_, 0x11 | 0x13) => return Some(Report::Hold(byte == 0x13)),
            // On Custom 0x37 is the digit 7 of a counter.
            (PrinterModel::Epson, 0x37) | (_, 0x5F) => self.state = State::Block(vec![byte]),
            (PrinterModel::Custom, 0x10) => self.state = State::FullMask,
            (PrinterModel::Custom, b'0'..=b'9') => self.state = State::Counter(char::from(byte).to_string()),
            // Between texts Custom models send what their manuals do not list: a NUL, a line end.
            (PrinterModel::Custom, 0 | b'\r' | b'\n' | b' ') => {}
            (PrinterModel::Custom, _) => self.junk += 1,
            (PrinterModel::Epson, _) if byte & 0x93 == 0x12 => return Some(Report::RealTime(byte)),
            (PrinterModel::Epson, _) if byte & 0x93 == 0x10 => self.state = State::Automatic(vec![byte]),
            (PrinterModel::Epson, _) if byte & 0x90 == 0 => return Some(Report::Fence(byte)),
            (PrinterModel::Epson, _) => self.junk += 1,
        }
        None
    }

    fn block(&mut self, bytes: &[u8]) -> Option<Report> {
        match bytes {
            [0x37, 0x22, a, b, c, d] => Some(Report::Printed([*a, *b, *c, *d])),
            [0x37, 0x25] => Some(Report::Cleared),
            [0x5F, text @ ..] => Some(Report::Text(text.iter().map(|&byte| char::from(byte)).collect())),
            other => {
                self.junk += other.len() as u64 + 1;
                None
            }
        }
    }

    fn counter(&mut self, mut text: String, byte: u8) -> Option<Report> {
        let letters = text.ends_with(|last: char| last.is_ascii_alphabetic());
        match byte {
            b'0'..=b'9' if !letters => text.push(char::from(byte)),
            b'a'..=b'z' | b'A'..=b'Z' => text.push(char::from(byte.to_ascii_lowercase())),
            b' ' if !letters => {}
            _ => {
                self.junk += text.len() as u64;
                return self.first(byte);
            }
        }
        if text.len() > BLOCK_LIMIT {
            self.junk += text.len() as u64;
            return None;
        }
        let (digits, unit) = text.split_at(text.trim_end_matches(|last: char| last.is_alphabetic()).len());
        if matches!(unit, "cuts" | "cm" | "ret")
            && let Ok(value) = digits.parse()
        {
            return Some(Report::Counter { value, unit: unit.to_owned() });
        }
        self.state = State::Counter(text);
        None
    }
}

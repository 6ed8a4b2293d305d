//! Commands and responses (ISO/IEC 7816-3 section 12, 7816-4 section 5), and the chaining of T=0 as a pure helper.
//!
//! No card in here. A response is bounded before anything looks at it; a card that chains for ever is refused.
use std::fmt;

use zeroize::Zeroizing;

/// Most bytes of a response without its status word: the longest extended answer.
pub const LONGEST_RESPONSE: usize = 65536;
/// Most GET RESPONSE commands for one answer. An extended answer in pieces of 256 takes 256.
const MOST_PIECES: u16 = 256;
const SHORT_LONGEST: usize = 255;
const SHORT_EXPECTED: u32 = 256;
const EXTENDED_LONGEST: usize = 65535;
const EXTENDED_EXPECTED: u32 = 65536;
const GET_RESPONSE: u8 = 0xC0;

/// The two bytes that end each response.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// Done.
    pub const OK: StatusWord = StatusWord(0x9000);
    /// Checksum of secure messaging wrong (DNIe).
    pub const BAD_CHECKSUM: StatusWord = StatusWord(0x6688);
    /// A security condition does not hold: no channel, or no PIN.
    pub const SECURITY_STATUS: StatusWord = StatusWord(0x6982);
    /// The PIN is blocked.
    pub const BLOCKED: StatusWord = StatusWord(0x6983);
    /// Objects of secure messaging are missing.
    pub const OBJECTS_MISSING: StatusWord = StatusWord(0x6987);
    /// Objects of secure messaging are wrong.
    pub const OBJECTS_WRONG: StatusWord = StatusWord(0x6988);
    /// No such file.
    pub const NOT_FOUND: StatusWord = StatusWord(0x6A82);
    /// The offset lies behind the end of the file.
    pub const BEYOND_END: StatusWord = StatusWord(0x6B00);
    /// Fewer bytes were read than asked for: the end of the file.
    pub const END_REACHED: StatusWord = StatusWord(0x6282);

    /// `61xx`: so many bytes wait for GET RESPONSE; 256 for `6100`.
    pub fn waiting(self) -> Option<u16> {
        self.amount(0x61)
    }

    /// `6Cxx`: the command is to be sent again with this Le; 256 for `6C00`.
    pub fn right_length(self) -> Option<u16> {
        self.amount(0x6C)
    }

    /// `63Cx`: a PIN was wrong, or was asked about; so many tries are left.
    pub fn tries_left(self) -> Option<u8> {
        let [first, second] = self.0.to_be_bytes();
        (first == 0x63 && second & 0xF0 == 0xC0).then_some(second & 0x0F)
    }

    /// The card says that its secure messaging is over (`6688`, `6987`, `6988`).
    pub fn ends_channel(self) -> bool {
        matches!(self, Self::BAD_CHECKSUM | Self::OBJECTS_MISSING | Self::OBJECTS_WRONG)
    }

    fn amount(self, class: u8) -> Option<u16> {
        let [first, second] = self.0.to_be_bytes();
        (first == class).then_some(if second == 0 { 256 } else { u16::from(second) })
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

/// What cannot be a command or a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApduError {
    /// More data than a command holds.
    #[error("a command with {0} bytes of data does not exist; at most 65535")]
    DataTooLong(usize),
    /// Le out of range.
    #[error("a command cannot ask for {0} bytes; 1 to 65536")]
    ExpectedOutOfRange(u32),
    /// The bytes are no command of any case.
    #[error("{0} bytes that are no command")]
    NotACommand(usize),
    /// A response without its status word.
    #[error("a response of {0} bytes has no status word")]
    NoStatusWord(usize),
    /// A response longer than any can be.
    #[error("a response of more than 65536 bytes")]
    ResponseTooLong,
    /// The card keeps announcing more and does not come to an end.
    #[error("the card chains its answer without end")]
    EndlessChain,
}

/// A command. Its data is wiped when it goes; `Debug` shows the header only.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// CLA, INS, P1, P2.
    pub header: [u8; 4],
    /// The data; none for an empty one.
    pub data: Zeroizing<Vec<u8>>,
    /// How many bytes may come back (Le), 1 to 65536; 256 asks for all of a short answer.
    pub expected: Option<u32>,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [cla, ins, p1, p2] = self.header;
        write!(f, "{cla:02X} {ins:02X} {p1:02X} {p2:02X} with {} bytes", self.data.len())
    }
}

impl Command {
    /// A command without data that asks for nothing.
    pub fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Command {
        Command { header: [cla, ins, p1, p2], data: Zeroizing::default(), expected: None }
    }

    /// With this data.
    pub fn with_data(mut self, data: &[u8]) -> Command {
        self.data = Zeroizing::new(data.to_vec());
        self
    }

    /// That asks for so many bytes.
    pub fn expecting(mut self, bytes: u32) -> Command {
        self.expected = Some(bytes);
        self
    }

    /// The instruction byte.
    pub fn instruction(&self) -> u8 {
        let [_, ins, _, _] = self.header;
        ins
    }

    /// The bytes: short while the lengths permit, else extended.
    ///
    /// # Errors
    /// [`ApduError::DataTooLong`], [`ApduError::ExpectedOutOfRange`].
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, ApduError> {
        let length = self.data.len();
        let expected = self.expected.unwrap_or(1);
        if length > EXTENDED_LONGEST {
            return Err(ApduError::DataTooLong(length));
        }
        if expected == 0 || expected > EXTENDED_EXPECTED {
            return Err(ApduError::ExpectedOutOfRange(expected));
        }
        // The whole length at once: a vector that grows would leave copies of a PIN behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 9));
        bytes.extend_from_slice(&self.header);
        // Of 256 and 65536 only the low bytes are sent: zero.
        let [_, _, expected_high, expected_low] = expected.to_be_bytes();
        if length <= SHORT_LONGEST && expected <= SHORT_EXPECTED {
            if let Ok(length @ 1..) = u8::try_from(length) {
                bytes.push(length);
                bytes.extend_from_slice(&self.data);
            }
            if self.expected.is_some() {
                bytes.push(expected_low);
            }
        } else {
            bytes.push(0);
            if let Ok(length @ 1..) = u16::try_from(length) {
                bytes.extend_from_slice(&length.to_be_bytes());
                bytes.extend_from_slice(&self.data);
            }
            if self.expected.is_some() {
                bytes.extend_from_slice(&[expected_high, expected_low]);
            }
        }
        Ok(bytes)
    }

    /// Reads a command of any of the seven cases.
    ///
    /// # Errors
    /// [`ApduError::NotACommand`] for lengths that do not fit together.
    pub fn decode(bytes: &[u8]) -> Result<Command, ApduError> {
        let wrong = ApduError::NotACommand(bytes.len());
        let (&[cla, ins, p1, p2], body) = bytes.split_first_chunk::<4>().ok_or(wrong)?;
        let command = Command::new(cla, ins, p1, p2);
        let short = |le: u8| if le == 0 { SHORT_EXPECTED } else { u32::from(le) };
        let extended = |le: [u8; 2]| match u16::from_be_bytes(le) {
            0 => EXTENDED_EXPECTED,
            le => u32::from(le),
        };
        match body {
            [] => Ok(command),
            [le] => Ok(command.expecting(short(*le))),
            [0, high, low] => Ok(command.expecting(extended([*high, *low]))),
            [0, high, low, rest @ ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let (data, le) = rest.split_at_checked(length).filter(|_| length > 0).ok_or(wrong)?;
                match le {
                    [] => Ok(command.with_data(data)),
                    [high, low] => Ok(command.with_data(data).expecting(extended([*high, *low]))),
                    _ => Err(wrong),
                }
            }
            [length, rest @ ..] => {
                let (data, le) = rest.split_at_checked(usize::from(*length)).ok_or(wrong)?;
                match le {
                    [] => Ok(command.with_data(data)),
                    [le] => Ok(command.with_data(data).expecting(short(*le))),
                    _ => Err(wrong),
                }
            }
        }
    }
}

/// The bytes as a T=0 line wants them (ISO/IEC 7816-3 section 12.2): a command without body gets a fifth byte, and a
/// short one with data loses its Le, as what waits is fetched by GET RESPONSE.
pub fn for_t0(command: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(command.len() + 1));
    match command.get(4) {
        None if command.len() == 4 => {
            bytes.extend_from_slice(command);
            bytes.push(0);
        }
        Some(&length @ 1..) if command.len() == usize::from(length) + 6 => {
            bytes.extend_from_slice(command.get(..command.len() - 1).unwrap_or(command));
        }
        _ => bytes.extend_from_slice(command),
    }
    bytes
}

/// A response. Its data is wiped when it goes; `Debug` shows the length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The data, without the status word.
    pub data: Zeroizing<Vec<u8>>,
    /// The status word.
    pub status: StatusWord,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {} bytes", self.status, self.data.len())
    }
}

impl Response {
    /// Reads a response.
    ///
    /// # Errors
    /// [`ApduError::NoStatusWord`], [`ApduError::ResponseTooLong`].
    pub fn decode(bytes: &[u8]) -> Result<Response, ApduError> {
        let (data, status) = bytes.split_last_chunk::<2>().ok_or(ApduError::NoStatusWord(bytes.len()))?;
        if data.len() > LONGEST_RESPONSE {
            return Err(ApduError::ResponseTooLong);
        }
        Ok(Response { data: Zeroizing::new(data.to_vec()), status: StatusWord(u16::from_be_bytes(*status)) })
    }
}

/// What an [`Exchange`] wants next.
#[derive(Debug)]
pub enum Next {
    /// Send these bytes.
    Send(Zeroizing<Vec<u8>>),
    /// The whole answer.
    Done(Response),
}

/// One command and all that it takes to get its whole answer: `61xx` is followed by GET RESPONSE, `6Cxx` repeats the
/// command with the right Le.
///
/// Only a command that sends no data is repeated: a PIN is never sent twice, and a command of a secure channel, which
/// holds at least its checksum, would be out of step.
#[derive(Debug)]
pub struct Exchange {
    last: Command,
    repeatable: bool,
    pieces: u16,
    collected: Zeroizing<Vec<u8>>,
}

impl Exchange {
    /// Begins with a command; gives the bytes to send.
    ///
    /// # Errors
    /// Those of [`Command::encode`].
    pub fn begin(command: &Command) -> Result<(Exchange, Zeroizing<Vec<u8>>), ApduError> {
        let bytes = command.encode()?;
        let repeatable = command.data.is_empty() && command.expected.is_some();
        let header = Command { data: Zeroizing::default(), ..command.clone() };
        Ok((Exchange { last: header, repeatable, pieces: 0, collected: Zeroizing::default() }, bytes))
    }

    /// Takes an answer.
    ///
    /// # Errors
    /// An answer that is none, or a chain without end.
    pub fn answer(&mut self, bytes: &[u8]) -> Result<Next, ApduError> {
        let response = Response::decode(bytes)?;
        if let Some(length) = response.status.right_length()
            && self.repeatable
        {
            self.repeatable = false;
            self.last.expected = Some(u32::from(length));
            return Ok(Next::Send(self.last.encode()?));
        }
        if self.collected.len() + response.data.len() > LONGEST_RESPONSE {
            return Err(ApduError::ResponseTooLong);
        }
        let mut whole = Zeroizing::new(Vec::with_capacity(self.collected.len() + response.data.len()));
        whole.extend_from_slice(&self.collected);
        whole.extend_from_slice(&response.data);
        self.collected = whole;
        let Some(waiting) = response.status.waiting() else {
            let data = std::mem::take(&mut self.collected);
            return Ok(Next::Done(Response { data, status: response.status }));
        };
        self.pieces += 1;
        if self.pieces > MOST_PIECES {
            return Err(ApduError::EndlessChain);
        }
        // GET RESPONSE travels in plain, on the class of a plain command.
        self.last = Command::new(0x00, GET_RESPONSE, 0, 0).expecting(u32::from(waiting));
        self.repeatable = true;
        Ok(Next::Send(self.last.encode()?))
    }
}

#[cfg(test)]
#[path = "apdu_tests.rs"]
mod tests;

//! Secure messaging of CWA 14890-1 section 9 as the DNIe speaks it: every command encrypted and with a checksum.
//!
//! The counter moves by one for each command and each response. Cards with operating system 4 and later take 8 bytes
//! of checksum, older ones 4; all of them are compared, in constant time. Once the channel is open, an answer in plain
//! is an error and never data: whoever sits between reader and card could have cut the checksum off. After any error
//! the channel is closed for good; a new one begins with a plain SELECT of the master file.
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::apdu::{Command, Response, StatusWord};
use crate::tlv::{Reader, TlvError, write};
use crate::triple_des::{BLOCK, Key, decrypt, encrypt, pad, retail_mac, unpad};

/// Most data of a command in the channel, so that it stays a short command.
pub const LONGEST_DATA: usize = 231;
const SECURE_CLASS: u8 = 0x0C;
const CRYPTOGRAM: u8 = 0x87;
const PLAIN: u8 = 0x81;
const EXPECTED: u8 = 0x97;
const STATUS: u8 = 0x99;
const CHECKSUM: u8 = 0x8E;
const PADDING_INDICATOR: u8 = 0x01;

/// How many bytes of the checksum travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacLength {
    /// Cards before operating system 4.
    Four,
    /// Operating system 4 and later.
    Eight,
}

impl MacLength {
    /// In bytes.
    pub fn bytes(self) -> usize {
        match self {
            MacLength::Four => 4,
            MacLength::Eight => 8,
        }
    }
}

/// Why a command cannot be sent, or an answer not believed. The channel is closed after each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecureMessagingError {
    /// The channel was closed by an earlier error.
    #[error("the secure channel is closed")]
    Closed,
    /// The command does not fit.
    #[error("{0} bytes do not fit into a command of the secure channel; at most {LONGEST_DATA}")]
    TooLong(usize),
    /// An answer without protection, while the channel is open.
    #[error("the card answered in plain inside the secure channel: {0}")]
    Plain(StatusWord),
    /// The answer is not made as it must be.
    #[error("the card's protected answer is malformed: {0}")]
    Malformed(&'static str),
    /// The answer's objects cannot be read.
    #[error("the card's protected answer is malformed: {0}")]
    Objects(#[from] TlvError),
    /// The checksum is wrong.
    #[error("the checksum of the card's answer is wrong")]
    Checksum,
    /// The status outside is not the one that the checksum covers.
    #[error("the card's answer carries two states: {outside} outside, {inside} inside")]
    TwoStates {
        /// Not covered by the checksum.
        outside: StatusWord,
        /// Covered.
        inside: StatusWord,
    },
}

/// What both ends of a channel share. Wiped when it goes.
pub struct SessionKeys {
    pub(crate) encryption: Key,
    pub(crate) checksum: Key,
    pub(crate) counter: u64,
}

impl SessionKeys {
    /// Of keys and a counter that were agreed.
    pub fn new(encryption: [u8; 16], checksum: [u8; 16], counter: [u8; 8]) -> SessionKeys {
        SessionKeys {
            encryption: Zeroizing::new(encryption),
            checksum: Zeroizing::new(checksum),
            counter: u64::from_be_bytes(counter),
        }
    }

    /// The encryption key.
    pub fn encryption(&self) -> &[u8; 16] {
        &self.encryption
    }

    /// The key of the checksums.
    pub fn checksum(&self) -> &[u8; 16] {
        &self.checksum
    }

    /// The send sequence counter.
    pub fn counter(&self) -> [u8; 8] {
        self.counter.to_be_bytes()
    }
}

impl Drop for SessionKeys {
    fn drop(&mut self) {
        self.counter.zeroize();
    }
}

/// One end of a channel: the terminal's.
pub struct SecureMessaging {
    keys: Option<SessionKeys>,
    mac: MacLength,
}

impl SecureMessaging {
    /// A channel with these keys.
    pub fn new(keys: SessionKeys, mac: MacLength) -> SecureMessaging {
        SecureMessaging { keys: Some(keys), mac }
    }

    /// Wraps a command. Le travels for a command without data only, and not when it asks for all (256): the DNIe
    /// refuses both objects together.
    ///
    /// # Errors
    /// [`SecureMessagingError::Closed`], [`SecureMessagingError::TooLong`].
    pub fn protect(&mut self, command: &Command) -> Result<Command, SecureMessagingError> {
        let mac = self.mac;
        let keys = self.keys.as_mut().ok_or(SecureMessagingError::Closed)?;
        let length = command.data.len();
        if length > LONGEST_DATA {
            return Err(SecureMessagingError::TooLong(length));
        }
        let [class, instruction, p1, p2] = command.header;
        let header = [class | SECURE_CLASS, instruction, p1, p2];
        let mut objects = Vec::with_capacity(length + 32);
        if !command.data.is_empty() {
            let mut padded = Zeroizing::new(Vec::with_capacity(length + BLOCK));
            padded.extend_from_slice(&command.data);
            pad(&mut padded);
            encrypt(&keys.encryption, &mut padded);
            let value: Vec<u8> = std::iter::once(PADDING_INDICATOR).chain(padded.iter().copied()).collect();
            write(&mut objects, CRYPTOGRAM, &value);
        } else if let Some(expected @ 1..=255) = command.expected {
            let [.., low] = expected.to_be_bytes();
            write(&mut objects, EXPECTED, &[low]);
        }
        let mut padded_header = header.to_vec();
        pad(&mut padded_header);
        let sum = keys.next_checksum(&[&padded_header, &objects]);
        write(&mut objects, CHECKSUM, sum.get(..mac.bytes()).unwrap_or(&sum));
        Ok(Command { header, data: Zeroizing::new(objects), expected: Some(256) })
    }

    /// Checks and unwraps an answer: its data, and the status word that the checksum covers.
    ///
    /// # Errors
    /// Any doubt; the channel is closed then.
    pub fn open(&mut self, response: &Response) -> Result<Response, SecureMessagingError> {
        let mut keys = self.keys.take().ok_or(SecureMessagingError::Closed)?;
        let opened = open(&mut keys, self.mac, response)?;
        self.keys = Some(keys);
        Ok(opened)
    }
}

impl SessionKeys {
    /// Moves the counter, and sums over it and these parts, padded.
    fn next_checksum(&mut self, parts: &[&[u8]]) -> [u8; BLOCK] {
        self.counter = self.counter.wrapping_add(1);
        let mut bytes = self.counter.to_be_bytes().to_vec();
        for part in parts {
            bytes.extend_from_slice(part);
        }
        pad(&mut bytes);
        retail_mac(&self.checksum, &bytes)
    }
}

fn open(
    keys: &mut SessionKeys,
    mac: MacLength,
    response: &Response,
) -> Result<Response, SecureMessagingError> {
    use SecureMessagingError::Malformed;
    let bytes: &[u8] = &response.data;
    if bytes.is_empty() || response.status.ends_channel() {
        return Err(SecureMessagingError::Plain(response.status));
    }
    let mut objects = Reader::new(bytes);
    let cryptogram = objects.optional(u32::from(CRYPTOGRAM))?;
    let plain = objects.optional(u32::from(PLAIN))?;
    if cryptogram.is_some() && plain.is_some() {
        return Err(Malformed("both encrypted and plain data"));
    }
    let status = objects.expect(u32::from(STATUS))?;
    let covered = bytes.get(..bytes.len() - objects.rest().len()).unwrap_or_default();
    let checksum = objects.expect(u32::from(CHECKSUM))?;
    objects.end()?;
    let sum = keys.next_checksum(&[covered]);
    let wanted = sum.get(..mac.bytes()).unwrap_or(&sum);
    if checksum.value.len() != wanted.len() {
        return Err(Malformed("a checksum of the wrong length"));
    }
    if !bool::from(checksum.value.ct_eq(wanted)) {
        return Err(SecureMessagingError::Checksum);
    }
    let &[high, low] = status.value else { return Err(Malformed("a status of the wrong length")) };
    let inside = StatusWord(u16::from_be_bytes([high, low]));
    if response.status != inside && response.status != StatusWord::OK {
        return Err(SecureMessagingError::TwoStates { outside: response.status, inside });
    }
    let data = match (cryptogram, plain) {
        (Some(cryptogram), _) => {
            let Some((&PADDING_INDICATOR, encrypted)) = cryptogram.value.split_first() else {
                return Err(Malformed("encrypted data without its padding indicator"));
            };
            if encrypted.is_empty() || !encrypted.len().is_multiple_of(BLOCK) {
                return Err(Malformed("encrypted data that is no whole blocks"));
            }
            let mut data = Zeroizing::new(encrypted.to_vec());
            decrypt(&keys.encryption, &mut data);
            Zeroizing::new(unpad(&data).ok_or(Malformed("encrypted data without padding"))?.to_vec())
        }
        (None, Some(plain)) => Zeroizing::new(plain.value.to_vec()),
        (None, None) => Zeroizing::default(),
    };
    Ok(Response { data, status: inside })
}

//! Secure messaging of the channel (reference 1.4), the card's side.

use super::super::apdu::{Answer, Command, sw};
use super::super::crypto::{Key, cbc_decrypt, cbc_encrypt, derive, pad, retail_mac, unpad};
use super::super::cv::Role;
use super::super::der::{self, Objects};
use super::super::fault::Spoil;
use super::Generation;

/// An open channel. Any error in a command ends it.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub role: Role,
    encryption: Key,
    checksum: Key,
    counter: u64,
    generation: Generation,
    /// The last answer that went out, for a card that repeats itself.
    previous: Vec<u8>,
}

impl Channel {
    pub fn new(role: Role, generation: Generation, secret: &[u8; 32], counter: [u8; 8]) -> Self {
        let (encryption, checksum) = derive(secret);
        let counter = u64::from_be_bytes(counter);
        Self { role, encryption, checksum, counter, generation, previous: Vec::new() }
    }

    fn mac(&self, data: &[u8]) -> Vec<u8> {
        let whole = [self.counter.to_be_bytes().as_slice(), data].concat();
        retail_mac(&self.checksum, &whole)[..self.generation.mac_length()].to_vec()
    }

    /// The command inside. The status word of the error otherwise.
    pub fn open(&mut self, command: &Command) -> Result<Command, u16> {
        self.counter = self.counter.wrapping_add(1);
        let objects = Objects(&command.data).all().ok_or(sw::SM_OBJECTS_WRONG)?;
        let (mut cryptogram, mut le, mut checksum) = (None, None, None);
        let mut guarded = Vec::new();
        for (tag, content) in objects {
            let place = match tag {
                0x87 => &mut cryptogram,
                0x97 => &mut le,
                0x8E => &mut checksum,
                _ => return Err(sw::SM_OBJECTS_WRONG),
            };
            if place.replace(content).is_some() {
                return Err(sw::SM_OBJECTS_WRONG);
            }
            if tag != 0x8E {
                guarded.extend(der::tlv(tag, content));
            }
        }
        let checksum = checksum.ok_or(sw::SM_OBJECTS_MISSING)?;
        if self.generation.is_new() && cryptogram.is_some() && le.is_some() {
            return Err(sw::SM_OBJECTS_WRONG);
        }
        let header = pad(&[command.cla, command.ins, command.p1, command.p2]);
        let expected = self.mac(&[header.as_slice(), &pad(&guarded)].concat());
        // Without objects there is nothing to pad; terminals differ in whether they do.
        let bare = guarded.is_empty().then(|| self.mac(&header));
        if checksum != expected && bare.as_deref() != Some(checksum) {
            return Err(self.generation.checksum_error());
        }
        let data = match cryptogram {
            None => Vec::new(),
            Some([1, blocks @ ..]) if !blocks.is_empty() && blocks.len().is_multiple_of(8) => {
                let plain = cbc_decrypt(&self.encryption, blocks);
                unpad(&plain).ok_or(sw::SM_OBJECTS_WRONG)?.to_vec()
            }
            Some(_) => return Err(sw::SM_OBJECTS_WRONG),
        };
        let le = match le {
            // Without it, as much as there is.
            None => Some(256),
            Some([0]) => Some(256),
            Some([le]) => Some(usize::from(*le)),
            Some(_) => return Err(sw::SM_OBJECTS_WRONG),
        };
        let Command { cla, ins, p1, p2, .. } = *command;
        Ok(Command { cla: cla & !0x0C, ins, p1, p2, data, le })
    }

    /// The answer as it goes out, whole or spoiled.
    pub fn seal(&mut self, answer: &Answer, spoil: Option<Spoil>) -> Answer {
        self.counter = self.counter.wrapping_add(1);
        let mut guarded = Vec::new();
        if !answer.data.is_empty() {
            let mut padded = pad(&answer.data);
            if let (Some(Spoil::Padding), Some(last)) = (spoil, padded.last_mut()) {
                *last = 7;
            }
            let cryptogram = [&[1], cbc_encrypt(&self.encryption, &padded).as_slice()].concat();
            guarded.extend(der::tlv(0x87, &cryptogram));
        }
        if spoil != Some(Spoil::NoStatus) {
            guarded.extend(der::tlv(0x99, &answer.sw.to_be_bytes()));
        }
        if spoil == Some(Spoil::Counter) {
            self.counter = self.counter.wrapping_add(1);
        }
        let mut checksum = self.mac(&pad(&guarded));
        if let (Some(Spoil::Checksum), Some(last)) = (spoil, checksum.last_mut()) {
            *last ^= 1;
        }
        let whole = [guarded, der::tlv(0x8E, &checksum)].concat();
        let data = match spoil {
            Some(Spoil::Replay) => self.previous.clone(),
            Some(Spoil::Plain) => answer.data.clone(),
            _ => whole.clone(),
        };
        self.previous = whole;
        let outside =
            if spoil == Some(Spoil::Plain) || !self.generation.is_new() { answer.sw } else { sw::OK };
        Answer { data, sw: outside }
    }
}

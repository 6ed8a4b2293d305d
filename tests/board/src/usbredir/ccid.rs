//! The messages of a CCID reader (DWG Smart-Card Integrated Circuit(s) Card Devices, rev 1.1, section 6), without I/O.
//!
//! Extended APDU level: the reader does the card's protocol by itself. A mute card is told as ICC_MUTE after the time
//! the reader waits for it; while a card takes long, the reader asks for more time. A card that is taken out loses its
//! power at once.
use std::time::Duration;

use simulators::smartcard::{Reply, VirtualReader};

/// Longest message that is believed, with its header (dwMaxCCIDMessageLength).
pub const MAX_MESSAGE: usize = 65_556;
const HEADER: usize = 10;
/// What the reader waits for a card before it says that it is mute.
const CARD_WAIT: Duration = Duration::from_secs(2);
/// How often it asks for more time.
const EXTENSION: Duration = Duration::from_secs(1);

mod command {
    pub const SET_PARAMETERS: u8 = 0x61;
    pub const POWER_ON: u8 = 0x62;
    pub const POWER_OFF: u8 = 0x63;
    pub const SLOT_STATUS: u8 = 0x65;
    pub const GET_PARAMETERS: u8 = 0x6C;
    pub const RESET_PARAMETERS: u8 = 0x6D;
    pub const TRANSFER: u8 = 0x6F;
}

const DATA_BLOCK: u8 = 0x80;
const SLOT: u8 = 0x81;
const PARAMETERS: u8 = 0x82;
/// bStatus: failed; and the three states of the card.
const FAILED: u8 = 0x40;
const TIME_EXTENSION: u8 = 0x80;
const ACTIVE: u8 = 0;
const INACTIVE: u8 = 1;
const NO_CARD: u8 = 2;
/// bError.
const NOT_SUPPORTED: u8 = 0;
const WRONG_LENGTH: u8 = 1;
const WRONG_SLOT: u8 = 5;
const ICC_MUTE: u8 = 0xFE;

/// RDR_to_PC_NotifySlotChange.
pub fn slot_change(inserted: bool) -> Vec<u8> {
    vec![0x50, if inserted { 3 } else { 2 }]
}

/// Bytes from the guest, cut into messages: a message may come in several transfers.
#[derive(Debug, Default)]
pub struct Messages(Vec<u8>);

impl Messages {
    /// Takes the bytes of a transfer.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    /// The next whole message. One that is longer than the reader's buffer throws away what there is.
    pub fn next_message(&mut self) -> Option<Vec<u8>> {
        let length = self.0.get(1..5)?.try_into().map(u32::from_le_bytes).ok()? as usize;
        if length > MAX_MESSAGE - HEADER {
            self.0.clear();
            return None;
        }
        if self.0.len() < HEADER + length {
            return None;
        }
        let rest = self.0.split_off(HEADER + length);
        Some(std::mem::replace(&mut self.0, rest))
    }
}

/// A message to the guest, so long after the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The time before it.
    pub after: Duration,
    /// The message.
    pub message: Vec<u8>,
}

/// The reader with its one slot.
#[derive(Debug)]
pub struct Ccid {
    reader: VirtualReader,
    powered: bool,
    /// What the guest has set, by protocol (T=0, T=1).
    parameters: [Vec<u8>; 2],
}

impl Ccid {
    /// A reader with this slot.
    pub fn new(reader: VirtualReader) -> Ccid {
        // Fi/Di 372/1; convention and check as in the ATR; no guard time; waiting times; clock is not stopped.
        let parameters = [vec![0x11, 0, 0, 0x0A, 0], vec![0x11, 0x10, 0, 0x4D, 0, 0xFE, 0]];
        Ccid { reader, powered: false, parameters }
    }

    /// A card was put in or taken out: what was in has no power.
    pub fn moved(&mut self) {
        self.powered = false;
    }

    fn status(&self) -> u8 {
        match self.reader.card() {
            None => NO_CARD,
            Some(_) if self.powered => ACTIVE,
            Some(_) => INACTIVE,
        }
    }

    /// Answers one message.
    pub fn answer(&mut self, message: &[u8]) -> Vec<Outgoing> {
        let Some((header, data)) = message.split_first_chunk::<HEADER>() else { return Vec::new() };
        let [kind, _, _, _, _, slot, sequence, first, ..] = *header;
        let at = |kind, status, error, last, data: &[u8]| {
            let [a, b, c, d] = (data.len() as u32).to_le_bytes();
            [&[kind, a, b, c, d, slot, sequence, status, error, last], data].concat()
        };
        let now = |message| vec![Outgoing { after: Duration::ZERO, message }];
        if slot != 0 {
            return now(at(answer_kind(kind), FAILED | NO_CARD, WRONG_SLOT, 0, &[]));
        }
        let failed = |status, error| at(answer_kind(kind), FAILED | status, error, 0, &[]);
        match kind {
            command::POWER_ON => {
                let Some(card) = self.reader.card() else { return now(failed(NO_CARD, ICC_MUTE)) };
                match card.power_on() {
                    Some(atr) => {
                        self.powered = true;
                        now(at(DATA_BLOCK, ACTIVE, 0, 0, &atr))
                    }
                    None => vec![Outgoing { after: CARD_WAIT, message: failed(INACTIVE, ICC_MUTE) }],
                }
            }
            command::POWER_OFF => {
                if let Some(card) = self.reader.card() {
                    card.power_off();
                }
                self.powered = false;
                now(at(SLOT, self.status(), 0, 0, &[]))
            }
            command::SLOT_STATUS => now(at(SLOT, self.status(), 0, 0, &[])),
            command::TRANSFER => {
                let Some(card) = self.reader.card().filter(|_| self.powered) else {
                    return now(failed(self.status(), ICC_MUTE));
                };
                match card.transmit(data) {
                    Reply::Answer { bytes, after } => {
                        let extension = at(DATA_BLOCK, TIME_EXTENSION, 1, 0, &[]);
                        let (times, rest) =
                            (after.as_millis() / EXTENSION.as_millis(), after.subsec_millis());
                        let mut out: Vec<Outgoing> = (0..times)
                            .map(|_| Outgoing { after: EXTENSION, message: extension.clone() })
                            .collect();
                        let after = Duration::from_millis(u64::from(rest));
                        out.push(Outgoing { after, message: at(DATA_BLOCK, ACTIVE, 0, 0, &bytes) });
                        out
                    }
                    Reply::Mute => vec![Outgoing { after: CARD_WAIT, message: failed(ACTIVE, ICC_MUTE) }],
                    Reply::Pulled => {
                        self.reader.remove();
                        self.powered = false;
                        now(failed(NO_CARD, ICC_MUTE))
                    }
                }
            }
            command::SET_PARAMETERS => {
                let Some(kept) = self.parameters.get_mut(usize::from(first)) else {
                    return now(failed(self.status(), 7));
                };
                if kept.len() != data.len() {
                    return now(failed(self.status(), WRONG_LENGTH));
                }
                *kept = data.to_vec();
                let kept = kept.clone();
                now(at(PARAMETERS, self.status(), 0, first, &kept))
            }
            command::GET_PARAMETERS | command::RESET_PARAMETERS => {
                let protocol = self.protocol();
                let kept = &self.parameters[usize::from(protocol)];
                now(at(PARAMETERS, self.status(), 0, protocol, kept))
            }
            _ => now(failed(self.status(), NOT_SUPPORTED)),
        }
    }

    /// First protocol that the card's ATR offers: 0 where TD1 is absent.
    fn protocol(&self) -> u8 {
        let atr = self.reader.card().and_then(|card| card.atr()).unwrap_or_default();
        let first = atr.get(1).copied().unwrap_or(0);
        let td = 2 + (first >> 4 & 7).count_ones() as usize;
        let offered = if first & 0x80 == 0 { 0 } else { atr.get(td).copied().unwrap_or(0) & 0x0F };
        // 3B 8x 80 01: T=0 is named first and T=1 second; this reader prefers the block protocol.
        let more = first & 0x80 != 0 && atr.get(td).is_some_and(|td| td & 0x80 != 0);
        u8::from(offered == 1 || more)
    }
}

fn answer_kind(command: u8) -> u8 {
    match command {
        command::POWER_ON | command::TRANSFER => DATA_BLOCK,
        command::SET_PARAMETERS | command::GET_PARAMETERS | command::RESET_PARAMETERS => PARAMETERS,
        _ => SLOT,
    }
}

#[cfg(test)]
mod tests {
    use simulators::smartcard::{CardFault, VirtualCard};

    use super::*;

    fn message(kind: u8, sequence: u8, data: &[u8]) -> Vec<u8> {
        let [a, b, c, d] = (data.len() as u32).to_le_bytes();
        [&[kind, a, b, c, d, 0, sequence, 0, 0, 0], data].concat()
    }

    fn only(mut answers: Vec<Outgoing>) -> Vec<u8> {
        assert_eq!(answers.len(), 1);
        answers.remove(0).message
    }

    fn with_card() -> (Ccid, VirtualReader, VirtualCard) {
        let (reader, card) = (VirtualReader::new(), VirtualCard::municipal("12345"));
        reader.insert(card.clone());
        (Ccid::new(reader.clone()), reader, card)
    }

    #[test]
    fn a_card_is_powered_asked_and_switched_off() {
        let (mut ccid, ..) = with_card();
        assert_eq!(only(ccid.answer(&message(0x65, 1, &[]))), [0x81, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
        let on = only(ccid.answer(&message(0x62, 2, &[])));
        assert_eq!(on[..10], [0x80, 13, 0, 0, 0, 0, 2, 0, 0, 0]);
        assert_eq!(on[10..14], [0x3B, 0x88, 0x80, 1]);
        let answer = only(ccid.answer(&message(0x6F, 3, &[0, 0xB2, 1, 0x0C, 0])));
        assert_eq!(answer, [0x80, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0x69, 0x85]);
        assert_eq!(only(ccid.answer(&message(0x63, 4, &[])))[7], 1);
        let refused = only(ccid.answer(&message(0x6F, 5, &[0, 0xB2, 1, 0x0C, 0])));
        assert_eq!(refused[7..9], [0x41, 0xFE]);
    }

    #[test]
    fn an_empty_slot_and_a_mute_card_are_told_apart() {
        let mut ccid = Ccid::new(VirtualReader::new());
        assert_eq!(only(ccid.answer(&message(0x62, 1, &[])))[7..9], [0x42, 0xFE]);
        let (mut ccid, _reader, card) = with_card();
        card.fault(CardFault::NoAtr);
        let answers = ccid.answer(&message(0x62, 1, &[]));
        assert_eq!((answers[0].after, &answers[0].message[7..9]), (CARD_WAIT, &[0x41, 0xFE][..]));
    }

    #[test]
    fn a_slow_card_gets_more_time_and_a_pulled_one_leaves_the_slot() {
        let (mut ccid, reader, card) = with_card();
        ccid.answer(&message(0x62, 1, &[]));
        card.fault(CardFault::Slow { millis: 2500 });
        let answers = ccid.answer(&message(0x6F, 2, &[0, 0xB2, 1, 0x0C, 0]));
        let status: Vec<u8> = answers.iter().map(|answer| answer.message[7]).collect();
        let time: Duration = answers.iter().map(|answer| answer.after).sum();
        assert_eq!((status, time), (vec![0x80, 0x80, 0], Duration::from_millis(2500)));
        card.fault(CardFault::Pulled { command: 1, acted: false });
        assert_eq!(only(ccid.answer(&message(0x6F, 3, &[0, 0xB2, 1, 0x0C, 0])))[7..9], [0x42, 0xFE]);
        assert!(reader.card().is_none());
    }

    #[test]
    fn parameters_follow_the_cards_protocol_and_unknown_messages_are_refused() {
        let (mut ccid, ..) = with_card();
        let told = only(ccid.answer(&message(0x6C, 1, &[])));
        assert_eq!((told[0], told[9], told.len()), (0x82, 1, 17));
        let mut set = message(0x61, 2, &[0x18, 0x10, 0, 0x45, 0, 0xFE, 0]);
        set[7] = 1;
        assert_eq!(only(ccid.answer(&set))[10..], [0x18, 0x10, 0, 0x45, 0, 0xFE, 0]);
        set[7] = 0;
        assert_eq!(only(ccid.answer(&set))[7..9], [0x41, 1], "T=0 has five bytes of parameters");
        assert_eq!(only(ccid.answer(&message(0x6B, 3, &[])))[..10], [0x81, 0, 0, 0, 0, 0, 3, 0x41, 0, 0]);
        let mut elsewhere = message(0x65, 4, &[]);
        elsewhere[5] = 1;
        assert_eq!(only(ccid.answer(&elsewhere))[7..9], [0x42, 5]);
    }

    #[test]
    fn messages_come_in_pieces_and_giants_are_thrown_away() {
        let mut messages = Messages::default();
        let whole = message(0x6F, 1, &[7; 600]);
        messages.take(&whole[..512]);
        assert_eq!(messages.next_message(), None);
        messages.take(&whole[512..]);
        messages.take(&message(0x65, 2, &[]));
        assert_eq!(messages.next_message(), Some(whole));
        assert_eq!(messages.next_message(), Some(message(0x65, 2, &[])));
        messages.take(&[0x6F, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0]);
        assert_eq!(messages.next_message(), None);
        messages.take(&message(0x65, 3, &[]));
        assert_eq!(messages.next_message(), Some(message(0x65, 3, &[])));
        assert!(Ccid::new(VirtualReader::new()).answer(&[1, 2, 3]).is_empty());
    }
}

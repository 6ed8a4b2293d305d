//! A smart card reader of the CCID class: bulk pipes for its messages, an interrupt pipe for cards that come and go.
//!
//! libccid's list knows this vendor and product; how it is driven follows from the class descriptor. The slot is a
//! [`VirtualReader`], in which tests and people move cards while the guest runs. Unplugged, the card stays where it is.
use simulators::smartcard::VirtualReader;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::ccid::{Ccid, MAX_MESSAGE, Messages, slot_change};
use super::{
    ControlAnswer, Descriptors, Device, EndpointKind, EndpointSpec, InterfaceSpec, Pipe, Setup, Speed,
};

const ABORT: u8 = 1;
const GET_CLOCK_FREQUENCIES: u8 = 2;
const GET_DATA_RATES: u8 = 3;
const CLOCK: u32 = 4000;
const DATA_RATE: u32 = 10_752;
/// Largest block of T=1.
const MAX_IFSD: u32 = 254;
/// Everything automatic; extended APDU level.
const FEATURES: u32 = 0x0004_007E;

/// Slot changes that may wait for the guest.
const NOTICES: usize = 16;

/// The reader.
pub struct CardReaderDevice {
    descriptors: Descriptors,
    reader: VirtualReader,
}

impl CardReaderDevice {
    /// An Identiv uTrust with this serial number and slot.
    pub fn identiv(serial: &str, reader: VirtualReader) -> CardReaderDevice {
        let endpoint =
            |address, kind, max_packet, interval| EndpointSpec { address, kind, max_packet, interval };
        let descriptors = Descriptors {
            speed: Speed::High,
            vendor: 0x04E6,
            product: 0x5790,
            release: 0x0100,
            texts: ["Identiv", "uTrust 3700 F CL Reader", serial].map(str::to_owned),
            interface: InterfaceSpec {
                class: [0x0B, 0, 0],
                class_descriptors: class_descriptor(),
                endpoints: vec![
                    endpoint(0x81, EndpointKind::Bulk, 512, 0),
                    endpoint(0x02, EndpointKind::Bulk, 512, 0),
                    endpoint(0x83, EndpointKind::Interrupt, 8, 8),
                ],
            },
        };
        CardReaderDevice { descriptors, reader }
    }
}

/// CCID 1.10, section 5.1.
fn class_descriptor() -> Vec<u8> {
    // Version, one slot, all voltages.
    let mut out = vec![54, 0x21, 0x10, 0x01, 0, 7];
    // T=0 and T=1; clocks, data rates.
    for number in [3, CLOCK, CLOCK] {
        out.extend(number.to_le_bytes());
    }
    out.push(0);
    for number in [DATA_RATE, DATA_RATE] {
        out.extend(number.to_le_bytes());
    }
    out.push(0);
    for number in [MAX_IFSD, 0, 0, FEATURES, MAX_MESSAGE as u32] {
        out.extend(number.to_le_bytes());
    }
    // Class of GET RESPONSE and ENVELOPE: the card's; no display, no keypad, one slot busy.
    out.extend([0xFF, 0xFF, 0, 0, 0, 1]);
    out
}

impl Device for CardReaderDevice {
    fn descriptors(&self) -> &Descriptors {
        &self.descriptors
    }

    fn control(&mut self, setup: Setup, _data: &[u8]) -> ControlAnswer {
        match (setup.request_type, setup.request) {
            (0x21, ABORT) => ControlAnswer::Done,
            (0xA1, GET_CLOCK_FREQUENCIES) => ControlAnswer::Data(CLOCK.to_le_bytes().to_vec()),
            (0xA1, GET_DATA_RATES) => ControlAnswer::Data(DATA_RATE.to_le_bytes().to_vec()),
            _ => ControlAnswer::Stall,
        }
    }

    fn pipes(&mut self) -> Vec<(u8, Pipe)> {
        let (answers, towards_guest) = mpsc::channel(1);
        let (from_guest, requests) = mpsc::channel(1);
        let (notices, changes) = mpsc::channel(NOTICES);
        // Ends when the session drops its ends of the channels.
        tokio::spawn(run(self.reader.clone(), requests, answers, notices));
        vec![(0x81, Pipe::In(towards_guest)), (0x02, Pipe::Out(from_guest)), (0x83, Pipe::In(changes))]
    }
}

async fn run(
    reader: VirtualReader,
    mut requests: mpsc::Receiver<Vec<u8>>,
    answers: mpsc::Sender<Vec<u8>>,
    notices: mpsc::Sender<Vec<u8>>,
) {
    let mut slot = reader.watch();
    let mut ccid = Ccid::new(reader);
    let mut messages = Messages::default();
    let mut inside = slot.borrow_and_update().is_some();
    if inside {
        notify(&notices, true);
    }
    loop {
        tokio::select! {
            moved = slot.changed() => {
                if moved.is_err() {
                    return;
                }
                ccid.moved();
                if inside {
                    notify(&notices, false);
                }
                inside = slot.borrow_and_update().is_some();
                if inside {
                    notify(&notices, true);
                }
            }
            bytes = requests.recv() => {
                let Some(bytes) = bytes else { return };
                messages.take(&bytes);
                while let Some(message) = messages.next_message() {
                    for outgoing in ccid.answer(&message) {
                        sleep(outgoing.after).await;
                        if answers.send(outgoing.message).await.is_err() {
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// A guest that has not fetched so many notices asks for the status anyway.
fn notify(notices: &mpsc::Sender<Vec<u8>>, inserted: bool) {
    let _full_or_gone = notices.try_send(slot_change(inserted));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_descriptor_has_the_length_it_says() {
        let descriptor = class_descriptor();
        assert_eq!(descriptor.len(), usize::from(descriptor[0]));
        assert_eq!(descriptor[40..44], FEATURES.to_le_bytes());
        assert_eq!(descriptor[44..48], 65_556_u32.to_le_bytes());
    }
}

//! The simulated devices driven by somebody else's host (crate `cctalk`) and read by a second one (`cc_talk_host`), so
//! that the driver and the simulators cannot share one misreading of the documents.
use std::time::Duration;

use cc_talk_core::cc_talk::{BillEvent as SecondBillEvent, BillRouteCode, HopperFlag};
use cc_talk_host::command::Command;
use cc_talk_host::device::device_commands as second;
use cctalk::client::{CCTalkClient, ClientError};
use cctalk::device::CCTalkDevice;
use cctalk::protocol::{Address, BillEvent, ChecksumType, ErrorType, HeaderType, Message, Payload};
use proptest::collection::vec;
use proptest::prelude::*;
use simulators::cctalk::{CashBus, CashConfig, Checksum, HopperConfig, decode, encode, flags};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use tokio::time::{sleep, timeout};

const REPLY_LIMIT: Duration = Duration::from_millis(300);

/// A bus with a note validator under CRC, a coin acceptor and a hopper of 1 euro, under a paused clock.
struct Wire {
    runtime: Runtime,
    local: LocalSet,
    line: DuplexStream,
    bus: CashBus,
}

impl Wire {
    fn new() -> Wire {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_time().start_paused(true).build().unwrap();
        let local = LocalSet::new();
        let (line, far) = tokio::io::duplex(4096);
        let bus = local.block_on(&runtime, async move {
            let hoppers = vec![HopperConfig::new(3, 100)];
            let bus = CashBus::new(CashConfig { hoppers, ..CashConfig::default() });
            let devices = bus.clone();
            tokio::task::spawn_local(async move { devices.run(far).await });
            // Deaf after power-up.
            sleep(Duration::from_secs(2)).await;
            bus
        });
        Wire { runtime, local, line, bus }
    }

    /// Sends a frame; gives every byte that comes back, the echo too.
    fn exchange(&mut self, frame: &[u8]) -> Vec<u8> {
        let line = &mut self.line;
        self.local.block_on(&self.runtime, async move {
            line.write_all(frame).await.unwrap();
            let mut bytes = Vec::new();
            let mut buffer = [0; 300];
            while let Ok(count) = timeout(REPLY_LIMIT, line.read(&mut buffer)).await {
                bytes.extend_from_slice(&buffer[..count.unwrap()]);
            }
            bytes
        })
    }

    fn wait(&mut self, time: Duration) {
        self.local.block_on(&self.runtime, async move { sleep(time).await });
    }

    /// A citizen's hand on the devices, under their clock.
    fn hand<R>(&self, act: impl FnOnce(&CashBus) -> R) -> R {
        let _clock = self.runtime.enter();
        act(&self.bus)
    }
}

/// The peer's client over the wire: the peer encodes, frames, checks and decodes.
struct Client(std::rc::Rc<std::cell::RefCell<Wire>>);

impl CCTalkClient for Client {
    fn send_and_check_reply(&mut self, message: &Message) -> Result<Payload, ClientError> {
        let mut bytes = self.0.borrow_mut().exchange(&message.encode());
        loop {
            let reply = match Message::decode(&mut bytes) {
                Err(ErrorType::PartialMessage) => return Err(ErrorType::NoResponse.into()),
                other => other?,
            };
            // The echo goes to the device.
            if reply.destination == self.get_address() {
                return match reply.payload.header {
                    HeaderType::Reply => Ok(reply.payload),
                    _ => Err(ErrorType::NotAReply.into()),
                };
            }
        }
    }

    fn get_address(&self) -> Address {
        1
    }

    fn set_bill_event(&mut self, _: BillEvent) {}
}

type Shared = std::rc::Rc<std::cell::RefCell<Wire>>;

fn wire() -> Shared {
    Shared::new(Wire::new().into())
}

/// The peer as the host of one device.
fn host(wire: &Shared, address: u8, checksum: ChecksumType) -> CCTalkDevice {
    let settings = serial::PortSettings {
        baud_rate: serial::Baud9600,
        char_size: serial::Bits8,
        parity: serial::ParityNone,
        stop_bits: serial::Stop1,
        flow_control: serial::FlowNone,
    };
    // As a mock, it opens no port.
    let mut host = CCTalkDevice::new(&String::new(), &settings, address, checksum, true).unwrap();
    host.client = Box::new(Client(wire.clone()));
    host
}

#[test]
fn somebody_elses_host_takes_a_note_through_escrow_into_the_stacker() {
    let wire = wire();
    let mut host = host(&wire, 40, ChecksumType::CRCChecksum);
    host.simple_poll().unwrap();
    assert_eq!(host.request_equipment_category().unwrap(), "Bill Validator");
    host.modify_bill_operating_mode(3).unwrap();
    host.modify_inhibit_status(vec![0xFF, 0xFF]).unwrap();
    host.modify_master_inhibit_status(1).unwrap();
    assert!(matches!(host.read_buffered_bill().unwrap(), (0, _)));
    assert!(wire.borrow().hand(|bus| bus.insert_note(2000)));
    wire.borrow_mut().wait(Duration::from_secs(2));
    let (counter, event) = host.read_buffered_bill().unwrap();
    assert!(matches!((counter, event), (1, BillEvent::BillTypeValidatedAndHeld3)));
    assert_eq!(wire.borrow().hand(|bus| bus.truth()).notes_stacked.pieces(), 0);
    assert!(host.route_bill(1).unwrap().data.is_empty());
    wire.borrow_mut().wait(Duration::from_secs(2));
    let (counter, event) = host.read_buffered_bill().unwrap();
    assert!(matches!((counter, event), (2, BillEvent::BillTypeValidatedAndSent3)));
    assert_eq!(wire.borrow().hand(|bus| bus.truth()).notes_stacked.of(2000), 1);
    assert_eq!(host.route_bill(1).unwrap().data, [254], "the escrow is empty");
    wire.borrow().hand(|bus| bus.check_conservation()).unwrap();
}

#[test]
fn somebody_elses_host_returns_a_note() {
    let wire = wire();
    let mut host = host(&wire, 40, ChecksumType::CRCChecksum);
    host.modify_inhibit_status(vec![0xFF, 0xFF]).unwrap();
    host.modify_master_inhibit_status(1).unwrap();
    assert!(wire.borrow().hand(|bus| bus.insert_note(500)));
    wire.borrow_mut().wait(Duration::from_secs(2));
    host.route_bill(0).unwrap();
    wire.borrow_mut().wait(Duration::from_secs(2));
    let (_, event) = host.read_buffered_bill().unwrap();
    assert!(matches!(event, BillEvent::BillReturnedFromEscrow));
    assert_eq!(wire.borrow().hand(|bus| bus.take_tray()).notes.of(500), 1);
}

#[test]
fn somebody_elses_host_accepts_coins_only_once_they_are_enabled() {
    let wire = wire();
    let mut host = host(&wire, 2, ChecksumType::SimpleChecksum);
    assert_eq!(host.request_equipment_category().unwrap(), "Coin Acceptor");
    wire.borrow().hand(|bus| bus.insert_coin(100));
    wire.borrow_mut().wait(Duration::from_secs(1));
    assert_eq!(wire.borrow().hand(|bus| bus.take_tray()).coins.of(100), 1, "it came back");
    host.modify_inhibit_status(vec![0xFF, 0xFF]).unwrap();
    host.modify_master_inhibit_status(1).unwrap();
    let before = host.read_buffered_credit().unwrap().data;
    wire.borrow().hand(|bus| bus.insert_coin(100));
    wire.borrow_mut().wait(Duration::from_millis(500));
    let after = host.read_buffered_credit().unwrap().data;
    assert_eq!((after.len(), after[0]), (11, before[0] + 1));
    let id = ask(&wire, 2, Checksum::Simple, &second::RequestCoinIdCommand::new(after[1])).unwrap();
    let cc_talk_core::cc_talk::CurrencyToken::Currency(coin) = id else { panic!("{id:?}") };
    assert_eq!((coin.country_code(), coin.smallest_unit_value()), ("EU", 100));
}

/// One question of the second peer: its header and data, its reading of the answer. `None` is NAK.
fn ask<C: Command>(wire: &Shared, to: u8, checksum: Checksum, command: &C) -> Option<C::Response> {
    let kind = match checksum {
        Checksum::Simple => ChecksumType::SimpleChecksum,
        Checksum::Crc16 => ChecksumType::CRCChecksum,
    };
    let header = HeaderType::from_u8(command.header() as u8);
    let payload = Payload { header, data: command.data().to_vec() };
    let message = Message::new(to, 1, payload, kind);
    match Client(wire.clone()).send_and_check_reply(&message) {
        Ok(reply) => match command.parse_response(&reply.data) {
            Ok(response) => Some(response),
            Err(error) => panic!("{error}: {:?}", reply.data),
        },
        Err(ClientError::CCTalkError(ErrorType::NotAReply)) => None,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn the_second_peer_pays_coins_out_and_reads_what_was_paid() {
    let wire = wire();
    let simple = Checksum::Simple;
    let flags_of = |wire: &Shared| ask(wire, 3, simple, &second::TestHopperCommand).unwrap();
    let named = flags_of(&wire);
    assert!(named.contains(&HopperFlag::PowerUpDetected) && named.contains(&HopperFlag::PayoutDisabled));
    let order = second::DispenseHopperCoinsCommand::new(4);
    assert_eq!(ask(&wire, 3, simple, &order), None, "NAK while it is disabled");
    ask(&wire, 3, simple, &second::EnableHopperCommand::new(true)).unwrap();
    assert!(!flags_of(&wire).contains(&HopperFlag::PayoutDisabled));
    let life = ask(&wire, 3, simple, &second::RequestHopperDispenseCountCommand).unwrap();
    let before = ask(&wire, 3, simple, &second::RequestHopperStatusCommand).unwrap();
    let order = second::DispenseHopperCoinsCommand::new(4);
    let counter = ask(&wire, 3, simple, &order).unwrap();
    assert_eq!(counter, Some(before.event_counter + 1));
    wire.borrow_mut().wait(Duration::from_secs(5));
    let after = ask(&wire, 3, simple, &second::RequestHopperStatusCommand).unwrap();
    assert_eq!((after.event_counter, after.coins_remaining), (before.event_counter + 1, 0));
    assert_eq!((after.paid, after.unpaid), (4, 0));
    assert_eq!(ask(&wire, 3, simple, &second::RequestHopperDispenseCountCommand), Some(life + 4));
    assert_eq!(wire.borrow().hand(|bus| bus.take_tray()).coins.of(100), 4);
}

#[test]
fn the_second_peer_reads_the_events_of_the_validator() {
    let wire = wire();
    let crc = Checksum::Crc16;
    let mut host = host(&wire, 40, ChecksumType::CRCChecksum);
    host.modify_inhibit_status(vec![0xFF, 0xFF]).unwrap();
    host.modify_master_inhibit_status(1).unwrap();
    assert_eq!(ask(&wire, 40, crc, &second::RequestBillOperatingModeCommand), Some((true, true)));
    wire.borrow().hand(|bus| bus.insert_note(1000));
    wire.borrow_mut().wait(Duration::from_secs(2));
    let events = ask(&wire, 40, crc, &second::ReadBufferedBillEventsCommand::new(0)).unwrap();
    assert_eq!(events.events.as_slice(), [SecondBillEvent::PendingCredit(2)]);
    assert_eq!(ask(&wire, 40, crc, &second::RouteBillCommand::new(BillRouteCode::Stack)), Some(None));
    wire.borrow_mut().wait(Duration::from_secs(2));
    let events = ask(&wire, 40, crc, &second::ReadBufferedBillEventsCommand::new(1)).unwrap();
    assert_eq!(events.events.as_slice(), [SecondBillEvent::Credit(2)]);
    for kind in 1..=7 {
        let id = ask(&wire, 40, crc, &second::RequestBillIdCommand::new(kind)).unwrap();
        let cc_talk_core::cc_talk::CurrencyToken::Currency(note) = id else { panic!("{id:?}") };
        let values = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
        assert_eq!(note.smallest_unit_value(), values[usize::from(kind) - 1]);
    }
}

#[test]
fn the_second_peer_names_the_flags_that_the_simulated_hopper_raises() {
    let named = |bytes: [u8; 3]| HopperFlag::parse_hopper_flags_heapless(&bytes);
    for (byte, flag, name) in [
        (0, flags::OVER_CURRENT, HopperFlag::AbsoluteMaximumCurrentExceeded),
        (0, flags::PAYOUT_TIMEOUT, HopperFlag::PayoutTimeoutOccurred),
        (0, flags::OPTO_BLOCKED_PAYOUT, HopperFlag::OptoBlockedPermanentlyDuringPayout),
        (0, flags::POWER_UP, HopperFlag::PowerUpDetected),
        (0, flags::DISABLED, HopperFlag::PayoutDisabled),
        (2, flags::POWER_LOST, HopperFlag::PowerDownDuringPayout),
        (2, flags::PIN_WRONG, HopperFlag::PinNumberIncorrect),
        (2, flags::CIPHER_WRONG, HopperFlag::IncorrectCipherKey),
    ] {
        let mut bytes = [0; 3];
        bytes[byte] = flag;
        assert_eq!(named(bytes).as_slice(), [name]);
    }
}

proptest! {
    #[test]
    fn the_frames_of_the_simulators_are_those_of_the_peer(
        destination: u8, source: u8, header: u8, data in vec(any::<u8>(), 0..=250), crc: bool,
    ) {
        let (ours, theirs) = match crc {
            true => (Checksum::Crc16, ChecksumType::CRCChecksum),
            false => (Checksum::Simple, ChecksumType::SimpleChecksum),
        };
        let bytes = encode(ours, destination, source, header, &data);
        let payload = Payload { header: HeaderType::from_u8(header), data: data.clone() };
        prop_assert_eq!(Message::new(destination, source, payload, theirs).encode(), bytes.clone());
        let read = decode(ours, &bytes).unwrap();
        prop_assert_eq!((read.destination, read.header, &read.data), (destination, header, &data));
        let theirs = Message::decode(&mut bytes.clone()).unwrap();
        prop_assert_eq!((theirs.destination, &theirs.payload.data), (destination, &data));
    }
}

//! Frames: the vectors of the documents, any bytes, and finding the start again after silence.
use std::time::Duration;

use hal_cctalk::Checksum;
use hal_cctalk::codec::{Assembler, Data, EchoMode, Frame, FrameError, GAP, crc16, decode, encode};
use hal_cctalk::command::{Command, Reply, ReplyError, RouteCode};
use proptest::collection::vec;
use proptest::prelude::*;

fn frame(destination: u8, source: Option<u8>, header: u8, data: &[u8]) -> Frame {
    Frame { destination, source, header, data: Data::from_slice(data).unwrap() }
}

fn request(address: u8, command: &Command, checksum: Checksum) -> Vec<u8> {
    encode(&frame(address, None, command.header(), &command.data()), checksum).to_vec()
}

#[test]
fn the_crc_vectors_hold() {
    for (bytes, crc) in [
        (&[0x49, 0xD5, 0xF2][..], 0xA6B3),
        (&[0x2F, 0xBD, 0x9D], 0x90B2),
        (&[0xD9, 0x53, 0xD1], 0x7BB5),
        (&[0x70, 0xB8, 0xD9, 0x64, 0x04, 0x15], 0xFB00),
        (&[0x72, 0x61, 0xB9, 0x4E, 0xD0, 0x78], 0x93E3),
        (&[0x63, 0xFA, 0xD1, 0x9F, 0xE6, 0x19], 0x5BB3),
    ] {
        assert_eq!(crc16(bytes.iter().copied()), crc, "{bytes:x?}");
    }
}

#[test]
fn the_frame_vectors_hold() {
    use Checksum::{Crc16, Simple};
    for (address, command, checksum, bytes) in [
        (40, Command::Reset, Crc16, &[40, 0, 70, 1, 63][..]),
        (40, Command::SimplePoll, Crc16, &[40, 0, 182, 254, 33]),
        (2, Command::Category, Simple, &[2, 0, 1, 245, 8]),
        (2, Command::ModifyInhibits { mask: 0xFFFF, bytes: 2 }, Simple, &[2, 2, 1, 231, 255, 255, 22]),
        (40, Command::BillEvents, Simple, &[40, 0, 1, 159, 56]),
        (40, Command::RouteBill(RouteCode::Stack), Simple, &[40, 1, 1, 154, 1, 59]),
        (40, Command::ModifyMaster(true), Crc16, &[0x28, 0x01, 0xEA, 0xE4, 0x01, 0x49]),
        (40, Command::RequestMaster, Crc16, &[0x28, 0x00, 0x2A, 0xE3, 0xE2]),
    ] {
        assert_eq!(request(address, &command, checksum), bytes, "{command:?}");
    }
    for (bytes, checksum, command, address, reply) in [
        (&[1, 0, 48, 0, 55][..], Crc16, Command::Reset, 40, Reply::Ack),
        (&[1, 0, 2, 0, 253], Simple, Command::SimplePoll, 2, Reply::Ack),
        (&[0x01, 0x01, 0x84, 0x00, 0x00, 0x41], Crc16, Command::RequestMaster, 40, Reply::Byte(0)),
        (&[0x01, 0x01, 0xA5, 0x00, 0x01, 0x51], Crc16, Command::RequestMaster, 40, Reply::Byte(1)),
    ] {
        let (frame, used) = decode(bytes, checksum).unwrap().unwrap();
        assert_eq!(used, bytes.len());
        assert_eq!(command.parse(address, &frame), Ok(reply));
    }
}

#[test]
fn a_reply_of_another_length_device_or_header_is_an_error_and_never_nothing() {
    let ours = |header, data: &[u8]| frame(1, Some(2), header, data);
    let poll = Command::CoinEvents;
    for length in (0..=255usize).filter(|length| *length != 11) {
        assert_eq!(poll.parse(2, &ours(0, &vec![0; length])), Err(ReplyError::Content(length)));
    }
    assert!(matches!(poll.parse(2, &ours(0, &[0; 11])), Ok(Reply::Events { counter: 0, .. })));
    assert!(matches!(poll.parse(3, &ours(0, &[0; 11])), Err(ReplyError::Address { .. })));
    assert!(matches!(poll.parse(2, &frame(9, Some(2), 0, &[0; 11])), Err(ReplyError::Address { .. })));
    assert_eq!(poll.parse(2, &ours(5, &[])), Err(ReplyError::Refused));
    assert_eq!(poll.parse(2, &ours(6, &[])), Err(ReplyError::Busy));
    assert_eq!(poll.parse(2, &ours(5, &[1])), Err(ReplyError::Content(1)));
    assert_eq!(poll.parse(2, &ours(229, &[0; 11])), Err(ReplyError::Header(229)));
    let route = Command::RouteBill(RouteCode::Return);
    assert_eq!(route.parse(2, &ours(0, &[254])), Ok(Reply::EscrowEmpty));
    assert_eq!(route.parse(2, &ours(0, &[255])), Ok(Reply::RouteFailed));
    assert_eq!(route.parse(2, &ours(0, &[1])), Err(ReplyError::Content(1)));
    assert_eq!(Command::Serial.parse(2, &ours(0, &[0x34, 0x12, 1])), Ok(Reply::Number(0x01_12_34)));
}

#[test]
fn only_commands_that_move_nothing_may_be_repeated() {
    let security = Default::default();
    for command in [
        Command::Dispense { security, coins: 1 },
        Command::RouteBill(RouteCode::Stack),
        Command::RouteBill(RouteCode::Extend),
        Command::Reset,
        Command::EmergencyStop,
    ] {
        assert!(!command.idempotent(), "{command:?}");
    }
    for command in [
        Command::BillEvents,
        Command::HopperStatus,
        Command::ModifyInhibits { mask: 1, bytes: 2 },
        Command::ModifyMaster(true),
        Command::EnableHopper(true),
        Command::ModifyBillMode(3),
    ] {
        assert!(command.idempotent(), "{command:?}");
    }
}

/// A frame after something that was cut short, with a silence between them or without.
fn after_rest(silence: Duration) -> Result<Option<Frame>, FrameError> {
    let sent = encode(&frame(40, None, 159, &[]), Checksum::Simple);
    let mut assembler = Assembler::new(sent, EchoMode::Absent, Checksum::Simple);
    // The beginning of a reply whose length byte claims 200 bytes.
    assert_eq!(assembler.push(&[1, 200, 40, 0, 7], Duration::ZERO), Ok(None));
    let whole = encode(&frame(1, Some(40), 0, &[3; 11]), Checksum::Simple);
    assembler.push(&whole, silence)
}

#[test]
fn only_fifty_milliseconds_of_silence_end_a_frame_that_was_cut_short() {
    assert_eq!(after_rest(GAP - Duration::from_millis(1)), Ok(None));
    assert_eq!(after_rest(GAP).unwrap().unwrap().data, [3; 11]);
}

#[test]
fn an_echo_that_differs_is_a_collision() {
    let sent = encode(&frame(2, None, 254, &[]), Checksum::Simple);
    let mut assembler = Assembler::new(sent.clone(), EchoMode::Expected, Checksum::Simple);
    assert_eq!(assembler.push(&sent[..3], Duration::ZERO), Ok(None));
    assert_eq!(assembler.push(&[0xFF], Duration::ZERO), Err(FrameError::Echo));
}

#[test]
fn whether_there_is_an_echo_shows_at_the_first_reply() {
    let sent = encode(&frame(2, None, 254, &[]), Checksum::Simple);
    let reply = encode(&frame(1, Some(2), 0, &[]), Checksum::Simple);
    let mut with = Assembler::new(sent.clone(), EchoMode::Unknown, Checksum::Simple);
    assert_eq!(with.push(&sent, Duration::ZERO), Ok(None));
    assert_eq!(with.echo_seen(), Some(true));
    assert!(with.push(&reply, Duration::ZERO).unwrap().is_some());
    let mut without = Assembler::new(sent, EchoMode::Unknown, Checksum::Simple);
    assert_eq!(without.echo_seen(), None);
    assert!(without.push(&reply, Duration::ZERO).unwrap().is_some());
    assert_eq!(without.echo_seen(), Some(false));
}

fn checksums() -> impl Strategy<Value = Checksum> {
    prop_oneof![Just(Checksum::Simple), Just(Checksum::Crc16)]
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(
        destination: u8, source: u8, header: u8, data in vec(any::<u8>(), 0..=255), checksum in checksums(),
        behind in vec(any::<u8>(), 0..20),
    ) {
        let source = (checksum == Checksum::Simple).then_some(source);
        let sent = frame(destination, source, header, &data);
        let bytes = encode(&sent, checksum);
        prop_assert_eq!(bytes.len(), data.len() + 5);
        let stream: Vec<u8> = bytes.iter().copied().chain(behind).collect();
        prop_assert_eq!(decode(&stream, checksum), Ok(Some((sent, bytes.len()))));
        for cut in 0..bytes.len() {
            prop_assert_eq!(decode(&bytes[..cut], checksum), Ok(None));
        }
    }

    #[test]
    fn one_wrong_bit_is_always_seen(
        data in vec(any::<u8>(), 0..40), checksum in checksums(), place: prop::sample::Index, bit in 0u8..8,
    ) {
        let bytes = encode(&frame(1, Some(40), 0, &data), checksum);
        let mut wrong = bytes.to_vec();
        wrong[place.index(bytes.len())] ^= 1 << bit;
        prop_assert!(!matches!(decode(&wrong, checksum), Ok(Some((_, used))) if used == wrong.len()));
    }

    #[test]
    fn any_bytes_in_any_pieces_neither_panic_nor_hide_the_frame_after_a_silence(
        pieces in vec((vec(any::<u8>(), 0..300), 0u64..80), 0..8), echo in 0usize..3, checksum in checksums(),
    ) {
        let mode = [EchoMode::Expected, EchoMode::Absent, EchoMode::Unknown][echo];
        let sent = encode(&frame(40, None, 159, &[]), checksum);
        let mut noise = Assembler::new(sent.clone(), mode, checksum);
        for (bytes, silence) in &pieces {
            if let Ok(Some(frame)) = noise.push(bytes, Duration::from_millis(*silence)) {
                let _ = Command::BillEvents.parse(40, &frame);
            }
        }
        let mut assembler = Assembler::new(sent, EchoMode::Absent, checksum);
        for (bytes, _) in pieces {
            let _ = assembler.push(&bytes, Duration::ZERO);
        }
        let source = (checksum == Checksum::Simple).then_some(40);
        let whole = frame(1, source, 0, &[9; 11]);
        prop_assert_eq!(assembler.push(&encode(&whole, checksum), GAP), Ok(Some(whole)));
    }

    #[test]
    fn any_reply_to_any_command_is_read_or_refused(header: u8, data in vec(any::<u8>(), 0..=255), which in 0usize..12) {
        let commands = [
            Command::SimplePoll, Command::Category, Command::SelfCheck, Command::CoinEvents, Command::CoinId(1),
            Command::HopperStatus, Command::TestHopper, Command::CountryScaling, Command::BillId(3),
            Command::RequestInhibits { bytes: 2 }, Command::CipherKey, Command::VariableSet,
        ];
        let _ = commands[which].parse(2, &frame(1, Some(2), header, &data));
    }
}

//! Vectors by the description of the protocol (reference 4.1, 4.2), each word on its own.
use hal_sane::wire::{
    Ack, ByteOrder, Capabilities, Constraint, ControlReply, Decoded, Descriptors, DevicesReply, InitReply,
    Kind, OpenReply, ParametersReply, Piece, RecordError, Records, Reply, Request, SaneStatus, StartReply,
    Text, Unit, Value, WireError, decode,
};

/// Bytes of hexadecimal digits; blanks part fields.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn whole<R: Reply>(text: &str) -> R {
    let bytes = hex(text);
    match decode::<R>(&bytes) {
        Ok(Decoded::Whole(reply, used)) if used == bytes.len() => reply,
        other => panic!("{:?}", other.map(|decoded| matches!(decoded, Decoded::More(_)))),
    }
}

fn bad<R: Reply>(text: &str) -> WireError {
    match decode::<R>(&hex(text)) {
        Err(error) => error,
        Ok(Decoded::Whole(..)) => panic!("it was taken"),
        Ok(Decoded::More(count)) => panic!("{count} bytes are wanted"),
    }
}

#[test]
fn every_request() {
    let (user, name) = (Text::from("k"), Text::from("test:0"));
    let expected = [
        (Request::Init { user: &user }, "00000000 01000003 00000002 6B00"),
        (Request::Devices, "00000001"),
        (Request::Open { name: &name }, "00000002 00000007 746573743A3000"),
        (Request::Open { name: &Text::default() }, "00000002 00000001 00"),
        (Request::Close { handle: 1 }, "00000003 00000001"),
        (Request::Descriptors { handle: 2 }, "00000004 00000002"),
        (
            Request::Get { handle: 0, option: 6, kind: Kind::Fixed, size: 4 },
            "00000005 00000000 00000006 00000000 00000002 00000004 00000001 00000000",
        ),
        (
            Request::Set { handle: 0, option: 6, kind: Kind::Fixed, size: 4, value: &Value::word(300 << 16) },
            "00000005 00000000 00000006 00000001 00000002 00000004 00000001 012C0000",
        ),
        (
            Request::Set {
                handle: 0,
                option: 2,
                kind: Kind::Text,
                size: 6,
                value: &Value::Text("Gray".into()),
            },
            "00000005 00000000 00000002 00000001 00000003 00000006 00000006 477261790000",
        ),
        (
            Request::Set { handle: 0, option: 9, kind: Kind::Button, size: 0, value: &Value::Nothing },
            "00000005 00000000 00000009 00000001 00000004 00000000 00000000",
        ),
        (
            Request::Get { handle: 0, option: 3, kind: Kind::Int, size: 12 },
            "00000005 00000000 00000003 00000000 00000001 0000000C 00000003 00000000 00000000 00000000",
        ),
        (Request::Automatic { handle: 0, option: 5 }, "00000005 00000000 00000005 00000002"),
        (Request::Parameters { handle: 0 }, "00000006 00000000"),
        (Request::Start { handle: 0 }, "00000007 00000000"),
        (Request::Cancel { handle: 0 }, "00000008 00000000"),
        (Request::Exit, "0000000A"),
    ];
    for (request, bytes) in expected {
        assert_eq!(request.encode(), hex(bytes), "{request:?}");
    }
}

#[test]
fn a_text_is_cut_before_its_last_byte_would_be_lost() {
    let value = Value::Text("Colour".into());
    let request = Request::Set { handle: 0, option: 0, kind: Kind::Text, size: 4, value: &value };
    assert!(request.encode().ends_with(&hex("00000004 436F6C00")));
}

#[test]
fn the_answer_of_saned_to_init() {
    let reply: InitReply = whole("00000000 01010003");
    assert_eq!(reply.status, SaneStatus::Good);
    assert!(reply.version.fits(), "the minor number is the daemon's own");
    for other in ["02000003", "01000002", "01010103", "00000000"] {
        assert!(!whole::<InitReply>(&format!("00000000 {other}")).version.fits(), "{other}");
    }
}

#[test]
fn a_list_of_devices_that_ends_in_a_null_pointer() {
    let reply: DevicesReply = whole(
        "00000000 00000003
         00000000 00000007 746573743A3000 00000007 4E6F6E616D6500 00000003 667400 00000003 767400
         00000000 00000002 6100 00000000 00000001 00 00000000
         00000001",
    );
    let [first, second] = reply.devices.as_slice() else { panic!("{reply:?}") };
    assert_eq!(first.name, Some("test:0".into()));
    assert_eq!(first.vendor, Some("Noname".into()));
    assert_eq!(second.name, Some("a".into()));
    assert_eq!((&second.vendor, &second.model, &second.kind), (&None, &Some(Text::default()), &None));
    let empty: DevicesReply = whole("00000000 00000000");
    assert_eq!(empty.devices, []);
}

#[test]
fn open_with_and_without_a_password() {
    let reply: OpenReply = whole("00000000 00000002 00000000");
    assert_eq!(reply, OpenReply { status: SaneStatus::Good, handle: 2, resource: None });
    let reply: OpenReply = whole("00000000 00000000 00000007 6E 244D4435 24 00");
    assert_eq!(reply.resource, Some("n$MD5$".into()));
    let reply: OpenReply = whole("00000003 00000000 00000000");
    assert_eq!(reply.status, SaneStatus::Busy);
}

#[test]
fn descriptors_of_every_kind_and_constraint() {
    let Descriptors(list) = whole(
        "00000007
         00000000 00000001 00 00000000 00000000 00000001 00000000 00000004 00000004 00000000
         00000000 00000000 00000002 5300 00000000 00000005 00000000 00000000 00000000 00000000
         00000001
         00000000 00000005 6D6F646500 00000000 00000000 00000003 00000000 00000006 00000005
            00000003 00000003 00000005 4772617900 00000006 436F6C6F7200 00000000
         00000000 00000006 646570746800 00000000 00000000 00000001 00000002 00000004 00000005
            00000002 00000004 00000003 00000001 00000008 00000010
         00000000 00000005 62722D7800 00000000 00000000 00000002 00000003 00000004 00000025
            00000001 00000000 00000000 00C80000 00010000
         00000000 00000002 6200 00000000 00000000 00000004 00000000 00000000 00000001 00000001 00000001",
    );
    let [count, group, None, mode, depth, area, button] = list.as_slice() else { panic!("{list:?}") };
    let kinds = [count, group, mode, depth, area, button].map(|option| option.as_ref().unwrap().kind);
    assert_eq!(kinds, [Kind::Int, Kind::Group, Kind::Text, Kind::Int, Kind::Fixed, Kind::Button]);
    let mode = mode.as_ref().unwrap();
    assert_eq!(mode.constraint, Constraint::Texts(vec!["Gray".into(), "Color".into()]));
    assert!(mode.capabilities.settable() && mode.capabilities.readable());
    assert_eq!(depth.as_ref().unwrap().constraint, Constraint::Words(vec![1, 8, 16]));
    let area = area.as_ref().unwrap();
    assert_eq!((area.unit, area.capabilities), (Unit::Millimetre, Capabilities(0x25)));
    assert!(!area.capabilities.active() && !area.capabilities.settable() && !area.capabilities.readable());
    assert_eq!(area.constraint, Constraint::Range { least: 0, most: 200 << 16, step: 1 << 16 });
    // A pointer to no range at all.
    assert_eq!(button.as_ref().unwrap().constraint, Constraint::None);
}

#[test]
fn values_of_every_kind() {
    let reply: ControlReply = whole("00000000 00000006 00000002 00000004 00000001 012C0000 00000000");
    assert_eq!(reply.value.only(), Some(300 << 16));
    assert!(reply.info.reload_options() && !reply.info.inexact());
    let reply: ControlReply = whole("00000000 00000001 00000003 00000006 00000006 477261790041 00000000");
    assert_eq!(reply.value, Value::Text("Gray".into()), "what stands behind the NUL is rubbish");
    assert!(reply.info.inexact() && !reply.info.reload_options());
    let reply: ControlReply = whole("00000004 00000000 00000004 00000000 00000000 00000000");
    assert_eq!((reply.status, reply.value), (SaneStatus::Invalid, Value::Nothing));
    let reply: ControlReply =
        whole("00000000 00000000 00000001 00000008 00000002 FFFFFFD6 00000007 00000000");
    assert_eq!(reply.value, Value::Words(vec![-42, 7]));
}

#[test]
fn parameters_start_and_acknowledgements() {
    let reply: ParametersReply = whole("00000000 00000001 00000001 00001D88 000009D8 FFFFFFFF 00000008");
    let parameters = reply.parameters;
    assert_eq!((parameters.format, parameters.last_frame, parameters.lines), (1, true, -1));
    assert_eq!((parameters.bytes_per_line, parameters.pixels_per_line, parameters.depth), (7560, 2520, 8));
    let reply: StartReply = whole("00000000 00002710 00001234 00000000");
    assert_eq!((reply.port, reply.order), (10000, Some(ByteOrder::Little)));
    assert_eq!(whole::<StartReply>("00000000 00002710 00004321 00000000").order, Some(ByteOrder::Big));
    assert_eq!(whole::<StartReply>("00000007 0000BEEF 00000000 00000000").status, SaneStatus::NoDocuments);
    assert_eq!(whole::<Ack>("00000000"), Ack);
}

#[test]
fn every_status_has_its_number() {
    let all = [
        SaneStatus::Good,
        SaneStatus::Unsupported,
        SaneStatus::Cancelled,
        SaneStatus::Busy,
        SaneStatus::Invalid,
        SaneStatus::EndOfImage,
        SaneStatus::Jammed,
        SaneStatus::NoDocuments,
        SaneStatus::CoverOpen,
        SaneStatus::DeviceError,
        SaneStatus::NoMemory,
        SaneStatus::AccessDenied,
        SaneStatus::WarmingUp,
        SaneStatus::Locked,
        SaneStatus::Other(14),
    ];
    for (number, status) in (0_u32..).zip(all) {
        assert_eq!(SaneStatus::from(number), status);
    }
}

#[test]
fn lengths_beyond_every_bound_are_errors_before_anything_is_made_room_for() {
    assert_eq!(bad::<OpenReply>("00000000 00000000 7FFFFFFF"), WireError::TextTooLong(0x7FFF_FFFF));
    assert_eq!(bad::<OpenReply>("00000000 00000000 00001001"), WireError::TextTooLong(4097));
    assert_eq!(bad::<OpenReply>("00000000 00000000 00000002 4142"), WireError::TextWithoutEnd);
    let too_many = |what, count, most| WireError::TooMany { what, count, most };
    assert_eq!(bad::<DevicesReply>("00000000 FFFFFFFF"), too_many("devices", u32::MAX, 33));
    assert_eq!(bad::<Descriptors>("00000201"), too_many("options", 513, 512));
    let option = "00000001 00000000 00000000 00000000 00000000 00000001 00000000 00000004 00000005";
    let list = |rest: &str| bad::<Descriptors>(&format!("{option} {rest}"));
    assert_eq!(list("00000002 00001001"), too_many("words to choose from", 4097, 4096));
    assert_eq!(list("00000003 00001001"), too_many("strings to choose from", 4097, 4096));
    assert_eq!(list("00000002 00000002 00000002 00000008"), WireError::WordList { said: 2, held: 1 });
    assert_eq!(list("00000004"), WireError::Unknown { what: "constraint", value: 4 });
    assert_eq!(
        bad::<ControlReply>("00000000 00000000 00000006 00000004 00000001"),
        WireError::Unknown { what: "value type", value: 6 }
    );
    assert_eq!(
        bad::<ControlReply>("00000000 00000000 00000001 00000004 00000002 00000000 00000000"),
        WireError::ValueSize { size: 4, count: 2 }
    );
}

#[test]
fn a_reply_of_more_than_a_mebibyte_is_given_up_before_it_is_whole() {
    let one =
        hex("00000000 00000000 00000000 00000000 00000001 00000000 00000004 00000005 00000003 00001000");
    let mut bytes = 300_u32.to_be_bytes().to_vec();
    bytes.extend(&one);
    let text = [hex("00001000"), vec![b'x'; 4095], vec![0]].concat();
    while bytes.len() < 1 << 20 {
        assert!(matches!(decode::<Descriptors>(&bytes), Ok(Decoded::More(_))), "{}", bytes.len());
        bytes.extend(&text);
    }
    assert_eq!(decode::<Descriptors>(&bytes), Err(WireError::ReplyTooLong));
}

/// The image and its end; then nothing more is taken.
fn records(mut input: &[u8]) -> (Vec<u8>, Option<SaneStatus>, usize) {
    let (mut records, mut image, mut end) = (Records::new(), Vec::new(), None);
    while let Some(piece) = records.next(&mut input).unwrap() {
        match piece {
            Piece::Image(bytes) => image.extend_from_slice(bytes),
            Piece::End(status) => end = Some(status),
        }
    }
    assert_eq!(records.ended(), end.is_some());
    (image, end, input.len())
}

#[test]
fn records_end_with_a_marker_and_a_status_and_what_follows_is_left_alone() {
    let bytes = hex("00000003 010203 00000000 00000002 0405 FFFFFFFF 05 00000000");
    assert_eq!(records(&bytes), (vec![1, 2, 3, 4, 5], Some(SaneStatus::EndOfImage), 4));
    assert_eq!(records(&hex("FFFFFFFF 07")), (vec![], Some(SaneStatus::NoDocuments), 0));
    assert_eq!(records(&hex("00000002 01")), (vec![1], None, 0));
    assert_eq!(records(&hex("FFFFFFFF")), (vec![], None, 0));
}

#[test]
fn a_record_longer_than_any_is_an_error() {
    for (bytes, length) in [("00010001", 65_537), ("7FFFFFFF", 0x7FFF_FFFF), ("FFFFFFFE", 0xFFFF_FFFE)] {
        let bytes = hex(bytes);
        assert_eq!(Records::new().next(&mut bytes.as_slice()), Err(RecordError::TooLong(length)));
    }
    let longest = [hex("00010000"), vec![7; 65_536], hex("FFFFFFFF 05")].concat();
    assert_eq!(records(&longest).0.len(), 65_536);
}

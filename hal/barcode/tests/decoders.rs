//! Bytes and keys, and the scans in them.
use hal_barcode::{KeyDecoder, KeyEvent, LONGEST, ScanDecoder};
use proptest::prelude::*;

const CODE: &str = "905210301490000123456651200266324000123450";

fn scans(bytes: &[u8]) -> (Vec<String>, u64) {
    let mut decoder = ScanDecoder::new();
    let mut scans: Vec<String> = bytes.iter().filter_map(|&byte| decoder.push(byte)).collect();
    scans.extend(decoder.end());
    (scans, decoder.dropped())
}

#[test]
fn line_ends_of_every_kind_end_a_scan_once() {
    for end in ["\r", "\n", "\r\n", "\r\n\r\n"] {
        assert_eq!(
            scans(format!("{CODE}{end}]C1{CODE}").as_bytes()),
            (vec![CODE.into(), format!("]C1{CODE}")], 0)
        );
    }
}

#[test]
fn a_separator_inside_a_code_stays() {
    assert_eq!(scans(b"]C1\x1d90523\r").0, ["]C1\u{1d}90523"]);
}

#[test]
fn what_is_no_text_is_dropped_and_counted() {
    assert_eq!(scans(b"\x00\x02905\xff23\x03\r"), (vec!["90523".to_owned()], 4));
}

#[test]
fn a_scan_that_is_too_long_is_dropped_whole_and_the_next_one_is_not() {
    let (found, dropped) = scans(format!("{}\r{CODE}\r", "7".repeat(LONGEST + 3)).as_bytes());
    assert_eq!(found, [CODE]);
    assert_eq!(dropped, LONGEST as u64 + 3);
    assert_eq!(scans("7".repeat(LONGEST).as_bytes()).0[0].len(), LONGEST);
}

#[test]
fn an_abandoned_scan_is_counted() {
    let mut decoder = ScanDecoder::new();
    for &byte in b"9052" {
        decoder.push(byte);
    }
    decoder.abandon();
    assert!(decoder.is_idle());
    assert_eq!((decoder.end(), decoder.dropped()), (None, 4));
}

/// Types a text as a reader does: each key down and up, Shift around each shifted key.
fn type_text(decoder: &mut KeyDecoder, text: &str) -> Option<String> {
    // Codes from input-event-codes.h, row by row.
    let rows: [(u16, &str, &str); 4] = [
        (2, "1234567890-=", "!@#$%^&*()_+"),
        (16, "qwertyuiop[]", "QWERTYUIOP{}"),
        (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
        (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    ];
    let mut last = None;
    for character in text.chars() {
        let mut keys = Vec::new();
        match character {
            '\r' => keys.push(28),
            ' ' => keys.push(57),
            '\u{1d}' => keys.extend([29, 27]),
            _ => {
                let found = rows.iter().find_map(|(first, plain, shifted)| {
                    let place =
                        |row: &str| row.chars().position(|c| c == character).map(|p| first + p as u16);
                    place(plain).map(|code| vec![code]).or_else(|| place(shifted).map(|code| vec![42, code]))
                });
                keys.extend(found.unwrap());
            }
        }
        for down in [true, false] {
            for &code in &keys {
                last = decoder.push(KeyEvent::Key { code, down }).or(last);
            }
        }
    }
    last
}

#[test]
fn digits_prefix_and_enter_are_typed() {
    let mut decoder = KeyDecoder::new();
    assert_eq!(type_text(&mut decoder, &format!("]C1\u{1d}{CODE}\r")), Some(format!("]C1\u{1d}{CODE}")));
    assert!(decoder.is_idle());
    assert_eq!(decoder.dropped(), 0);
}

#[test]
fn digits_of_the_keypad_are_digits_and_its_enter_ends_a_scan() {
    let mut decoder = KeyDecoder::new();
    let keys = [79, 80, 81, 75, 76, 77, 71, 72, 73, 82];
    for code in keys {
        assert_eq!(decoder.push(KeyEvent::Key { code, down: true }), None);
    }
    assert_eq!(decoder.push(KeyEvent::Key { code: 96, down: true }), Some("1234567890".to_owned()));
}

#[test]
fn keys_that_print_nothing_are_dropped_and_counted() {
    let mut decoder = KeyDecoder::new();
    for code in [1, 14, 15, 56, 58, 59, 111, 240, 500, u16::MAX] {
        decoder.push(KeyEvent::Key { code, down: true });
    }
    assert_eq!((decoder.dropped(), decoder.is_idle()), (10, true));
}

#[test]
fn events_that_the_kernel_lost_spoil_the_scan_and_not_the_next_one() {
    let mut decoder = KeyDecoder::new();
    type_text(&mut decoder, "9052");
    decoder.push(KeyEvent::Key { code: 42, down: true });
    decoder.push(KeyEvent::Lost);
    assert_eq!(type_text(&mut decoder, "90523\r"), Some("90523".to_owned()));
    assert_eq!(decoder.dropped(), 4);
}

proptest! {
    #[test]
    fn any_bytes_give_bounded_texts_and_every_byte_is_accounted_for(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let (found, dropped) = scans(&bytes);
        for scan in &found {
            prop_assert!((1..=LONGEST).contains(&scan.len()));
            prop_assert!(scan.bytes().all(|byte| byte == 0x1D || (b' '..=b'~').contains(&byte)));
        }
        let ends = bytes.iter().filter(|&&byte| byte == b'\r' || byte == b'\n').count();
        let kept: usize = found.iter().map(String::len).sum();
        prop_assert_eq!(kept + usize::try_from(dropped).unwrap() + ends, bytes.len());
    }

    #[test]
    fn what_is_sent_is_read(texts in prop::collection::vec("[ -~]{1,256}", 0..5)) {
        let sent: String = texts.iter().map(|text| format!("{text}\r\n")).collect();
        prop_assert_eq!(scans(sent.as_bytes()), (texts, 0));
    }

    #[test]
    fn what_is_typed_is_read(text in "[ -~]{1,256}") {
        let mut decoder = KeyDecoder::new();
        prop_assert_eq!(type_text(&mut decoder, &format!("{text}\r")), Some(text));
    }

    #[test]
    fn any_keys_are_survived(keys in prop::collection::vec((any::<u16>(), any::<bool>()), 0..1000)) {
        let mut decoder = KeyDecoder::new();
        for (code, down) in keys {
            if let Some(scan) = decoder.push(KeyEvent::Key { code, down }) {
                prop_assert!(scan.len() <= LONGEST);
            }
        }
    }
}

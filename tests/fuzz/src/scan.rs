//! Barcodes: bytes and keys of a reader, and the documents they may be.
use ciberkiosco::documents::{Document, TypedEntry, TypedField};
use hal_barcode::{KeyDecoder, KeyEvent, LONGEST, ScanDecoder};
use jiff::civil::date;

/// Bytes of a serial reader, and the same bytes as keys.
pub fn barcode(data: &[u8]) {
    let mut decoder = ScanDecoder::new();
    let mut delivered = 0;
    let ends = data.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    for scan in data.iter().map(|&byte| decoder.push(byte)).collect::<Vec<_>>().into_iter().flatten() {
        delivered += checked(&scan);
    }
    delivered += decoder.end().map_or(0, |scan| checked(&scan));
    assert!(decoder.is_idle());
    assert_eq!(
        delivered + decoder.dropped() as usize,
        data.len() - ends,
        "every byte is in a scan or counted"
    );

    let mut keys = KeyDecoder::new();
    for event in data.chunks_exact(2) {
        let event = match event {
            [255, _] => KeyEvent::Lost,
            [low, high] => {
                KeyEvent::Key { code: u16::from(*low) | u16::from(high & 2) << 7, down: high & 1 == 1 }
            }
            _ => continue,
        };
        if let Some(scan) = keys.push(event) {
            checked(&scan);
        }
    }
}

fn checked(scan: &str) -> usize {
    let plain = |byte: u8| (b' '..=b'~').contains(&byte) || byte == 0x1D;
    assert!((1..=LONGEST).contains(&scan.len()) && scan.bytes().all(plain), "{scan:?}");
    scan.len()
}

/// A text as a collection document, and the bytes as somebody typing one.
pub fn documents(data: &[u8]) {
    if let Ok(document) = Document::from_barcode(&String::from_utf8_lossy(data)) {
        read(&document);
    }
    let mut entry = TypedEntry::new();
    for &byte in data {
        let field = TypedField::ALL[usize::from(byte >> 6)];
        match byte & 0x3F {
            digit @ 0..=9 => drop(entry.push(field, char::from(b'0' + digit))),
            10 => drop(entry.erase(field)),
            11 => entry.clear(field),
            other => assert!(!entry.push(field, char::from(b'A' + other)), "only digits are typed"),
        }
        assert!(entry.text(field).len() <= field.longest());
        let _ = (entry.state(field), entry.next_field());
    }
    if let Ok(document) = entry.finish() {
        read(&document);
    }
}

/// What was read is written as digits that are read as the same.
fn read(document: &Document) {
    let digits = document.digits();
    assert!(
        (10..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()),
        "{digits}"
    );
    assert_eq!(Document::from_barcode(&digits).as_ref(), Ok(document), "{digits}");
    assert!(document.amount_on_paper().is_none_or(|amount| amount.0 >= 0));
    for today in [date(2020, 2, 29), date(2026, 11, 25), date(2029, 12, 31)] {
        let _ = (document.last_day(today), document.reference(), document.issuer());
    }
}

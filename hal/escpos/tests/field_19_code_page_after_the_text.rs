//! Klemen1337/node-thermal-printer#70: € came out as ñ because the code page was chosen after the text.
use hal_escpos::{Block, Document, PrintError, PrinterConfig, PrinterModel, encode_pc858, render};
use proptest::prelude::*;

fn row(label: &str, value: &str) -> Document {
    Document { blocks: vec![Block::Row { label: label.to_owned(), value: value.to_owned(), bold: false }] }
}

#[test]
fn the_page_is_chosen_before_the_first_letter_of_each_job() {
    let job = render(&PrinterConfig::new(PrinterModel::Epson, 576), &row("Señal", "12,34 €")).unwrap();
    let bytes = job.pieces.concat();
    assert!(bytes.starts_with(b"\x1b@\x1bt\x13"));
    let page = PrinterConfig { code_page: 40, ..PrinterConfig::new(PrinterModel::Epson, 576) };
    assert!(render(&page, &row("a", "b")).unwrap().pieces.concat().starts_with(b"\x1b@\x1bt\x28"));
    let text = b"Se\xa4al                                    12,34 \xd5\n";
    assert!(bytes.windows(text.len()).any(|window| window == text));
}

#[test]
fn every_letter_of_spanish_and_valencian_has_its_byte() {
    // The bytes are Python's, of its own cp858.
    let bytes = encode_pc858("àèéíïòóúüçñ·ºª¿¡€ÀÈÉÍÏÒÓÚÜÇÑ«»").unwrap();
    assert_eq!(
        bytes,
        [
            0x85, 0x8a, 0x82, 0xa1, 0x8b, 0x95, 0xa2, 0xa3, 0x81, 0x87, 0xa4, 0xfa, 0xa7, 0xa6, 0xa8, 0xad,
            0xd5, 0xb7, 0xd4, 0x90, 0xd6, 0xd8, 0xe3, 0xe0, 0xe9, 0x9a, 0x80, 0xa5, 0xae, 0xaf
        ]
    );
}

#[test]
fn letters_in_two_parts_are_the_letters_themselves() {
    assert_eq!(encode_pc858("n\u{303}a\u{300}c\u{327}"), encode_pc858("ñàç"));
}

#[test]
fn marks_of_typesetting_are_written_with_those_of_the_page() {
    assert_eq!(encode_pc858("l’hora “2” – …").unwrap(), b"l'hora \"2\" - ...");
    assert_eq!(encode_pc858("coŀlegi").unwrap(), b"col\xfalegi");
}

#[test]
fn a_character_that_the_page_lacks_is_an_error_and_is_not_quoted() {
    let error = encode_pc858("Vecina de Prueba 漢").unwrap_err();
    assert_eq!(
        error,
        PrintError::Unprintable("the code page of the printer lacks the character U+6F22".to_owned())
    );
    for control in ["\u{1b}@", "\u{10}\u{4}\u{1}", "\t", "\0", "\u{7f}", "\r", "\u{9b}"] {
        assert!(encode_pc858(control).is_err(), "{control:?} would be a command");
    }
}

proptest! {
    #[test]
    fn no_text_carries_a_command(text in any::<String>()) {
        if let Ok(bytes) = encode_pc858(&text) {
            prop_assert!(bytes.iter().all(|&byte| byte == b'\n' || (byte >= 0x20 && byte != 0x7F)));
        }
    }

    #[test]
    fn any_document_is_refused_or_becomes_bounded_pieces(
        text in "[ -~àñ€·\n]{0,400}", label in ".{0,60}", value in "[0-9 ,€]{0,60}",
        lines in any::<u8>(), width in any::<u16>(), command in any::<bool>(),
    ) {
        let blocks = vec![
            Block::Text { text, bold: true, size: hal_escpos::Size::Double, align: hal_escpos::Align::Right },
            Block::Row { label, value: value.clone(), bold: true },
            Block::Rule,
            Block::Feed(lines),
            Block::Qr(value),
        ];
        let config = PrinterConfig { qr_command: command, ..PrinterConfig::new(PrinterModel::Custom, width) };
        if let Ok(job) = render(&config, &Document { blocks }) {
            prop_assert!(job.pieces.iter().all(|piece| (1..=hal_escpos::PIECE_LIMIT).contains(&piece.len())));
        }
    }
}

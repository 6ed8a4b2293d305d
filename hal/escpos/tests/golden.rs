//! Whole tickets, byte for byte.
use hal_escpos::{Align, Block, Document, PrintError, PrinterConfig, PrinterModel, Size, render};

fn text(text: &str, bold: bool, size: Size, align: Align) -> Block {
    Block::Text { text: text.to_owned(), bold, size, align }
}

fn bytes(config: &PrinterConfig, blocks: Vec<Block>) -> Vec<u8> {
    render(config, &Document { blocks }).unwrap().pieces.concat()
}

#[test]
fn a_ticket_for_an_epson() {
    let blocks = vec![
        text("AYUNTAMIENTO", true, Size::Double, Align::Centre),
        Block::Rule,
        Block::Row { label: "Importe".to_owned(), value: "65,40 €".to_owned(), bold: true },
        Block::Feed(2),
        text("Gràcies", false, Size::Tall, Align::Right),
    ];
    let mut wanted = b"\x1b@\x1bt\x13\x1bR\0\x1da\x0e".to_vec();
    wanted.extend_from_slice(b"\x1ba\x01\x1bE\x01\x1d!\x11AYUNTAMIENTO\n\x1d!\0\x1bE\0\x1ba\0");
    wanted.extend_from_slice(&[0xC4; 48]);
    wanted.extend_from_slice(b"\nImporte                                  \x1bE\x0165,40 \xd5\x1bE\0\n");
    wanted.extend_from_slice(b"\x1bd\x02\x1ba\x02\x1bE\0\x1d!\x01Gr\x85cies\n\x1d!\0\x1bE\0\x1ba\0\x1dVA\0");
    let printed = bytes(&PrinterConfig::new(PrinterModel::Epson, 576), blocks);
    assert_eq!(printed.escape_ascii().to_string(), wanted.escape_ascii().to_string());
}

#[test]
fn a_ticket_for_a_custom_is_cut_and_presented() {
    let config = PrinterConfig { present_steps: 9, ..PrinterConfig::new(PrinterModel::Custom, 640) };
    let printed = bytes(&config, vec![Block::Rule]);
    let mut wanted = b"\x1b@\x1bt\x13\x1bR\0".to_vec();
    wanted.extend_from_slice(&[0xC4; 53]);
    wanted.extend_from_slice(b"\n\x1dVA\0\x1de\x03\x09");
    assert_eq!(printed.escape_ascii().to_string(), wanted.escape_ascii().to_string());
}

#[test]
fn a_qr_code_by_the_printers_own_command() {
    let config = PrinterConfig { qr_command: true, ..PrinterConfig::new(PrinterModel::Epson, 576) };
    let printed = bytes(&config, vec![Block::Qr("https://sede.example".to_owned())]);
    let wanted = b"\x1ba\x01\x1d(k\x04\x001A2\0\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\
        \x1d(k\x17\x001P0https://sede.example\x1d(k\x03\x001Q0\x1ba\0";
    assert!(printed.windows(wanted.len()).any(|window| window == wanted), "{}", printed.escape_ascii());
}

#[test]
fn wide_letters_are_half_as_many_a_line() {
    let config = PrinterConfig::new(PrinterModel::Epson, 576);
    let words = "uno dos tres cuatro cinco";
    let normal = bytes(&config, vec![text(words, false, Size::Normal, Align::Left)]);
    let double = bytes(&config, vec![text(words, false, Size::Double, Align::Left)]);
    let lines = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == b'\n').count();
    assert_eq!((lines(&normal), lines(&double)), (1, 2));
}

#[test]
fn pieces_are_short_and_end_with_a_command() {
    let config = PrinterConfig::new(PrinterModel::Epson, 576);
    let line = |n| text(&format!("Concepto {n} de una relación larga"), true, Size::Normal, Align::Left);
    let job = render(&config, &Document { blocks: (0..200).map(line).collect() }).unwrap();
    assert!(job.pieces.len() > 10);
    for piece in &job.pieces {
        assert!(piece.len() <= 512);
        let last = *piece.last().unwrap();
        assert!(last == b'\n' || last == 0, "{}", piece.escape_ascii());
    }
}

#[test]
fn a_head_that_does_not_exist_and_a_ticket_without_end_are_refused() {
    let unprintable = |width, blocks| {
        let result = render(&PrinterConfig::new(PrinterModel::Epson, width), &Document { blocks });
        matches!(result, Err(PrintError::Unprintable(_)))
    };
    assert!(unprintable(0, vec![Block::Rule]));
    assert!(unprintable(8000, vec![Block::Rule]));
    assert!(unprintable(576, vec![Block::Rule; 3000]));
    assert!(!unprintable(576, vec![Block::Rule; 300]));
}

//! Our bytes beside those of somebody else's writer (crate `escpos`): code page, and command for command.
use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer as Writer;
use escpos::printer_options::PrinterOptions;
use escpos::utils::{JustifyMode, PageCode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use hal_escpos::{Align, Block, Document, PrinterConfig, PrinterModel, Size, encode_pc858, render};
use proptest::prelude::*;

/// Keeps what it is given.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Driver for Kept {
    fn name(&self) -> String {
        "kept".to_owned()
    }
    fn write(&self, data: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }
    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

fn theirs(job: impl FnOnce(&mut Writer<Kept>) -> Result<()>) -> Vec<u8> {
    let kept = Kept::default();
    let options = PrinterOptions::new(Some(PageCode::PC858), None, 48);
    let mut writer = Writer::new(kept.clone(), Protocol::default(), Some(options));
    job(&mut writer).unwrap();
    writer.print().unwrap();
    kept.0.take()
}

fn ours(blocks: Vec<Block>) -> Vec<u8> {
    let config = PrinterConfig { qr_command: true, ..PrinterConfig::new(PrinterModel::Epson, 576) };
    render(&config, &Document { blocks }).unwrap().pieces.concat()
}

/// True when these bytes of the peer are in our job, in one piece.
fn holds(job: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && job.windows(part.len()).any(|window| window == part)
}

#[test]
fn the_peer_writes_the_letters_of_spanish_and_valencian_with_the_same_bytes() {
    let letters = "áéíóúüñçàèéíïòóúÁÉÍÓÚÜÑÇÀÈÍÏÚªº·€¡«»";
    for letter in letters.chars() {
        let text = letter.to_string();
        let written = theirs(|writer| writer.write(&text).map(drop));
        assert_eq!(encode_pc858(&text).unwrap(), written, "{letter}");
    }
}

#[test]
fn the_peer_knows_the_rest_of_the_page_but_for_its_four_slips() {
    // CP858 of Unicode has ¿ at A8, ® at A9 and Ò at E3; the peer has ® and ⌐ at A8 and A9, and Ô twice. It writes the
    // soft hyphen's place for a hyphen.
    let slips = ['¿', '®', 'Ò', 'Ô'];
    let mut compared = 0;
    for letter in ('\u{a1}'..='\u{25ff}').filter(|letter| !slips.contains(letter) && *letter != '\u{ad}') {
        let text = letter.to_string();
        let Ok(mine) = encode_pc858(&text) else { continue };
        let &[byte @ 0x80..=0xFF] = mine.as_slice() else { continue };
        assert_eq!(theirs(|writer| writer.write(&text).map(drop)), [byte], "{letter}");
        compared += 1;
    }
    assert!(compared >= 120, "{compared}");
    for (letter, byte) in [('¿', 0xA8), ('®', 0xA9), ('Ô', 0xE2), ('Ò', 0xE3)] {
        assert_eq!(encode_pc858(&letter.to_string()).unwrap(), [byte], "{letter}");
    }
}

#[test]
fn the_peer_selects_the_code_page_the_sizes_and_the_sides_with_the_same_bytes() {
    let text = |size, align| Block::Text { text: "Muñoz".to_owned(), bold: true, size, align };
    for (ours_size, (width, height)) in [(Size::Normal, (1, 1)), (Size::Double, (2, 2)), (Size::Tall, (1, 2))]
    {
        for (ours_align, theirs_align) in [
            (Align::Left, JustifyMode::LEFT),
            (Align::Centre, JustifyMode::CENTER),
            (Align::Right, JustifyMode::RIGHT),
        ] {
            let job = ours(vec![text(ours_size, ours_align)]);
            let written = theirs(|writer| {
                writer.justify(theirs_align)?.bold(true)?.size(width, height)?.write("Muñoz")?;
                Ok(())
            });
            assert!(holds(&job, &written), "{}", written.escape_ascii());
        }
    }
    let written = theirs(|writer| writer.init().map(drop));
    assert!(ours(Vec::new()).starts_with(&written), "{}", written.escape_ascii());
    let written = theirs(|writer| writer.cut().map(drop));
    assert!(ours(Vec::new()).ends_with(&written), "{}", written.escape_ascii());
    let written = theirs(|writer| writer.feeds(3).map(drop));
    assert!(holds(&ours(vec![Block::Feed(3)]), &written), "{}", written.escape_ascii());
}

proptest! {
    #[test]
    fn the_peer_asks_for_the_same_qr_code(text in "[ -~]{1,200}") {
        let job = ours(vec![Block::Qr(text.clone())]);
        // The size of a module is a choice: ours goes by the width of the paper.
        let option = |size| QRCodeOption::new(QRCodeModel::Model2, size, QRCodeCorrectionLevel::M);
        let found = (1..=16).any(|size| {
            holds(&job, &theirs(|writer| writer.qrcode_option(&text, option(size)).map(drop)))
        });
        prop_assert!(found, "{}", job.escape_ascii());
    }
}

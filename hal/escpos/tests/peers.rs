//! Our bytes beside those of somebody else's writer (crate `escpos`): code page, and command for command.
mod peer;

use escpos::errors::Result;
use escpos::utils::{JustifyMode, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use hal_escpos::{Align, Block, Document, PrinterConfig, PrinterModel, Size, encode_pc858, render};
use peer::{Writer, written};
use proptest::prelude::*;

/// What the peer prints for a job.
fn theirs(job: impl FnOnce(&mut Writer) -> Result<()>) -> Vec<u8> {
    written(|writer| {
        job(writer)?;
        writer.print().map(drop)
    })
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

/// 0x80 to 0xFF of CP858, as Unicode maps them.
const PAGE: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

#[test]
fn the_peer_knows_the_whole_page_but_for_its_slips() {
    // It has ® and ⌐ where ¿ and ® are, and Ô twice; a hyphen it writes as the page's soft hyphen.
    let slips = ['¿', '®', 'Ò', 'Ô', '\u{ad}'];
    assert_eq!(PAGE.chars().count(), 128);
    for (letter, byte) in PAGE.chars().zip(0x80..=0xFFu8) {
        let text = letter.to_string();
        let mine = encode_pc858(&text).unwrap();
        // A soft hyphen is for the layout, never for the paper.
        assert_eq!(mine, if letter == '\u{ad}' { Vec::new() } else { vec![byte] }, "{letter}");
        if !slips.contains(&letter) {
            assert_eq!(mine, theirs(|writer| writer.write(&text).map(drop)), "{letter}");
        }
    }
    assert_eq!(encode_pc858("-").unwrap(), b"-");
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

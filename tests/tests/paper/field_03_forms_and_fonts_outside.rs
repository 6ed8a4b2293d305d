//! Filled forms without appearances come out empty elsewhere, and fonts that are not inside the file as boxes.
use ciberkiosco::raster::RasterError;

use super::pdf::{Page, document, page, text};
use super::tools::{EDGE, poppler, printed, printed_page, read};

const PRINT: &str = "Importe: 1.234,56 €, Año, çÇ, pagui's, núm. 3º";

fn utf_16(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("<FEFF{units}>")
}

fn form(value: &str, appearance: &str) -> Vec<u8> {
    let catalog = "/AcroForm<</NeedAppearances true/DA(/Helv 0 Tf 0 g)\
        /DR<</Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>/Fields[3 0 R 4 0 R 5 0 R]>>";
    document(catalog, |file| {
        let widget = "/Type/Annot/Subtype/Widget/F 4";
        file.object(format!(
            "<<{widget}/FT/Tx/T(name)/V{value}/DA(/Helv 0 Tf 0 g)/Rect[60 600 320 622]{appearance}>>"
        ));
        file.object(format!("<<{widget}/FT/Btn/T(box)/V/Yes/AS/Yes/Rect[60 560 80 580]/MK<</BC[0]>>>>"));
        let lines = text("Primera linea de un texto bastante largo para partirse.\nSegunda linea");
        file.object(format!("<<{widget}/FT/Tx/Ff 4096/T(lines)/V{lines}/Rect[60 440 300 540]>>"));
        let empty = file.packed("/Type/XObject/Subtype/Form/BBox[0 0 260 22]", b"/Tx BMC EMC");
        assert_eq!(empty, 6);
        let content = format!("BT /F1 12 Tf 60 780 Td {} Tj ET", text("Solicitud")).into_bytes();
        vec![Page { content, keys: "/Annots[3 0 R 4 0 R 5 0 R]".to_owned(), ..Page::default() }]
    })
}

#[test]
fn values_and_tick_of_a_form_without_appearances_are_on_the_paper() {
    let printed = printed_page(&form(&utf_16("Muñoz i Col·lell"), ""));
    let words = read(&printed);
    for wanted in ["Solicitud", "Muñoz", "lell", "Primera linea de un texto", "Segunda linea"] {
        assert!(words.contains(wanted), "{wanted:?} in {words}");
    }
    // The tick: more than the frame of the box.
    let inside = printed.mean([63.0, 563.0, 14.0, 14.0], EDGE);
    assert!((60.0..240.0).contains(&inside), "{inside}");
}

#[test]
fn an_appearance_that_a_library_left_empty_is_none() {
    let words = read(&printed_page(&form(&utf_16("Vecina de Prueba"), "/AP<</N 6 0 R>>")));
    assert!(words.contains("Vecina de Prueba"), "{words}");
}

#[test]
fn a_value_that_cannot_be_written_refuses_the_form() {
    assert_eq!(printed(&form(&utf_16("Łódź, Ștefan"), "")).err(), Some(RasterError::FieldText));
}

#[test]
fn text_in_fonts_outside_the_file_is_read() {
    let line = text(PRINT);
    let content = format!(
        "BT /F1 12 Tf 60 700 Td {line} Tj /F2 12 Tf 0 -30 Td {line} Tj /F3 12 Tf 0 -30 Td {line} Tj ET"
    );
    let words = read(&printed_page(&page(content)));
    for wanted in ["Importe: 1.234,56 €", "Año,", "pagui's, núm. 3"] {
        assert_eq!(words.matches(wanted).count(), 3, "{wanted:?} in {words}");
    }
}

#[test]
fn every_character_of_fonts_outside_the_file_has_the_shape_that_poppler_draws() {
    let letters: Vec<char> = PRINT.chars().filter(|letter| *letter != ' ').collect();
    let place = |font: usize, at: usize| (40.0 + 13.0 * at as f64, 700.0 - 60.0 * font as f64);
    let mut content = String::new();
    for font in 0..3 {
        for (at, letter) in letters.iter().enumerate() {
            let (x, y) = place(font, at);
            content += &format!("BT /F{} 12 Tf {x} {y} Td {} Tj ET\n", font + 1, text(&letter.to_string()));
        }
    }
    let (ours, theirs) = (printed_page(&page(&content)), poppler(&page(&content)));
    for font in 0..3 {
        for (at, letter) in letters.iter().enumerate() {
            let (x, y) = place(font, at);
            let cell = [x - 1.0, y - 5.0, 12.5, 18.0];
            let (Some(one), Some(two)) = (ours.ink(cell, EDGE), theirs.ink(cell, 0)) else {
                panic!("{letter} of font {font} is not there");
            };
            // Their own substitutes differ by a millimetre at most.
            let apart = one.iter().zip(two).map(|(one, two)| one.abs_diff(two)).max();
            assert!(apart <= Some(8), "{letter} of font {font}: {one:?} and not {two:?}");
        }
    }
}

#[test]
fn columns_of_courier_stay_aligned() {
    let rows =
        ["Concepto      Importe", "IBI urbana     120,50", "iiiiiiiiii   1.234,56", "MMMMMMMMMM        |12"];
    let mut content = String::from("BT /F3 11 Tf 60 700 Td ");
    rows.iter().for_each(|row| content += &format!("{} Tj 0 -20 Td ", text(row)));
    let printed = printed_page(&page(content + "ET"));
    // The last letter of each row ends in the same cell of 0.6 of the size.
    let dots = |points: f64| points * 204.0 / 72.0;
    let cell = dots(11.0 * 0.6);
    for row in 0..rows.len() {
        let base = dots(841.89 - 700.0 + 20.0 * row as f64) as usize;
        let last = (0..1600).rev().find(|x| (base - 30..base + 6).any(|y| printed.at(*x, y) == 0)).unwrap();
        let end = dots(60.0) - EDGE as f64 + cell * 21.0;
        assert!(
            (end - cell..=end).contains(&(last as f64)),
            "row {row} ends at {last}, not in the cell before {end}"
        );
    }
}

#[test]
fn a_character_that_its_font_lacks_refuses_the_document() {
    let pdf = document("", |file| {
        let encoding = file.object(
            "<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[65/Lslash/Tcommaaccent/afii10017]>>",
        );
        let font =
            file.object(format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding {encoding} 0 R>>"));
        let frame = file.packed(
            &format!("/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</Font<</G {font} 0 R>>>>"),
            b"BT /G 12 Tf 60 700 Td (C) Tj ET",
        );
        let resources = format!("/XObject<</X {frame} 0 R>>");
        vec![Page { content: b"/X Do".to_vec(), resources, ..Page::default() }]
    });
    assert_eq!(printed(&pdf).err(), Some(RasterError::MissingCharacter { page: 1 }));
}

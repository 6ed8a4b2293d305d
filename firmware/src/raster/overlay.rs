//! A small PDF of our own, with the values of form fields, laid over the pages of a document that lacks them.
//! WinAnsi text in the standard fonts, one content a page, and the boxes of the page it belongs to.
use std::fmt::Write as _;

/// The boxes and turn of a page, as the document has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// Left, bottom, right, top.
    pub media: [f64; 4],
    /// The same of what is shown.
    pub crop: [f64; 4],
    /// Degrees clockwise.
    pub rotate: i32,
}

/// Writes the document: a frame and a content for each page.
pub(super) fn document(pages: &[(Frame, String)]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|page| format!("{} 0 R", 6 + 2 * page)).collect();
    let font = |name: &str, encoding: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/{name}{encoding}>>");
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {}/Kids[{}]>>", pages.len(), kids.join(" ")),
        font("Helvetica", "/Encoding/WinAnsiEncoding"),
        font("Courier", "/Encoding/WinAnsiEncoding"),
        font("ZapfDingbats", ""),
    ];
    for (frame, content) in pages {
        let list = |four: [f64; 4]| four.map(|side| format!("{side:.3}")).join(" ");
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[{}]/CropBox[{}]/Rotate {}/Resources<</Font<</F 3 0 R/C 4 0 R/Z 5 0 R>>>>/Contents {} 0 R>>",
            list(frame.media),
            list(frame.crop),
            frame.rotate,
            objects.len() + 2,
        ));
        objects.push(format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        // Writing into a string cannot fail.
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(file, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", places.len() + 1);
    file.into_bytes()
}

/// Bytes of WinAnsi as a PDF string in hexadecimal.
pub(super) fn string(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from("<"), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    }) + ">"
}

/// Text as WinAnsi; none for a character that it lacks.
pub(super) fn win_ansi(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|letter| match letter {
            ' '..='~' | '\u{A0}'..='\u{FF}' | '\n' => u8::try_from(u32::from(letter)).ok(),
            _ => HIGH.chars().position(|it| it == letter).and_then(|at| u8::try_from(at + 0x80).ok()),
        })
        .collect()
}

/// WinAnsi 0x80 to 0x9F; a space where it has none.
const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";

/// The width of WinAnsi text in Helvetica, in thousandths of its size (Adobe's font metrics).
pub(super) fn helvetica_width(bytes: &[u8]) -> f64 {
    bytes
        .iter()
        .map(|byte| {
            f64::from(
                byte.checked_sub(32).and_then(|at| HELVETICA.get(usize::from(at))).copied().unwrap_or(556),
            )
        })
        .sum()
}

#[rustfmt::skip]
const HELVETICA: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350,
    556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanish_and_valencian_fit_winansi_and_polish_does_not() {
        assert_eq!(win_ansi("Muñoz i Col·lell 5 €").unwrap(), b"Mu\xF1oz i Col\xB7lell 5 \x80");
        assert_eq!(win_ansi("Łódź"), None);
        assert_eq!(string(b"A\xF1"), "<41F1>");
    }

    #[test]
    fn the_library_opens_what_is_written() {
        let frame = Frame { media: [0.0, 0.0, 595.0, 842.0], crop: [10.0, 10.0, 585.0, 832.0], rotate: 90 };
        let pdf =
            hayro::hayro_syntax::Pdf::new(document(&[(frame, "BT ET".to_owned()), (frame, String::new())]))
                .unwrap();
        assert_eq!(pdf.pages().len(), 2);
        assert_eq!(pdf.pages()[0].render_dimensions(), (822.0, 575.0));
        assert_eq!(pdf.pages()[0].page_stream().unwrap(), b"BT ET");
    }
}

//! What other people's programs find in the file: poppler, MuPDF, qpdf.
use std::fs;
use std::process::Command;

use digitisation::DigitisedPage;
use scans::{BLACK_LID, Place, RED, Scanner, letter};

use super::tools::{OnDisk, digitised, one_file};

/// Grey and colour, straight and askew, cut and turned, of two resolutions.
pub fn mixed() -> Vec<DigitisedPage> {
    let straight = digitised(Scanner::default().grey(&letter(&Place::default())));
    let mut stamped = letter(&Place { dpi: 300, angle: 1.2, ..Place::default() });
    stamped.stamp((150.0, 270.0), 25.0, RED);
    let stamped = digitised(Scanner::default().colour(&stamped));
    let place = Place { paper: (148.0, 210.0), angle: -3.0, lid: BLACK_LID, ..Place::default() };
    let cut = digitised(Scanner::default().grey(&letter(&place)));
    let mut turned = digitised(Scanner::default().grey(&letter(&Place {
        window: (297.0, 210.0),
        angle: 90.0,
        ..Place::default()
    })));
    turned.set_quarter_turns(3);
    assert!(stamped.is_coloured() && stamped.skew() != 0.0 && cut.is_cropped());
    vec![straight, stamped, cut, turned]
}

#[test]
fn qpdf_finds_no_fault() {
    let told = OnDisk::new(&one_file(&mixed())).told("qpdf", &["--check"]);
    assert!(told.contains("No syntax or stream encoding errors found"), "{told}");
}

#[test]
fn mupdf_draws_every_page_without_a_word() {
    let file = OnDisk::new(&one_file(&mixed()));
    for (number, page) in (1..).zip(mixed()) {
        let drawn = file.drawn_by_mupdf(number, 72);
        let layout = page.layout();
        let points = 72.0 / f64::from(page.dpi());
        assert!((drawn.width as f64 - layout.width * points).abs() <= 1.0);
        assert!((drawn.height as f64 - layout.height * points).abs() <= 1.0);
    }
}

#[test]
fn poppler_reads_title_language_size_and_claim() {
    let file = OnDisk::new(&one_file(&mixed()));
    let told = file.told("pdfinfo", &["-isodates", "-f", "1", "-l", "4"]);
    let line = |name: &str| {
        let line =
            told.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in {told}"));
        line[name.len()..].trim_start_matches(':').trim().to_owned()
    };
    assert_eq!(line("Title"), "Instancia y planos <nº 3>");
    assert!(line("Producer").starts_with("ciberkiosco ") && line("Creator").starts_with("ciberkiosco "));
    assert_eq!(line("CreationDate"), "2026-07-29T10:20:30+02");
    assert_eq!(
        (line("Pages"), line("Encrypted"), line("JavaScript")),
        ("4".into(), "no".into(), "no".into())
    );
    let claim = file.told("pdfinfo", &["-meta"]);
    for part in ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>"] {
        assert!(claim.contains(part), "{part} in {claim}");
    }
    // 1654 × 2339 dots at 200 an inch.
    assert_eq!(line("Page    1 size"), "595.44 x 842.04 pts (A4)", "{told}");
    assert_eq!(line("Page    4 size"), "595.44 x 842.04 pts (A4)", "{told}");
    assert_eq!(line("Page    4 rot"), "0");
}

#[test]
fn each_picture_in_the_file_is_the_pages_own_jpeg_at_its_resolution() {
    let pages = mixed();
    let file = OnDisk::new(&one_file(&pages));
    let list = file.told("pdfimages", &["-list"]);
    let rows: Vec<Vec<&str>> = list.lines().skip(2).map(|row| row.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), pages.len(), "{list}");
    for (row, page) in rows.iter().zip(&pages) {
        // page num type width height color comp bpc enc interp object ID x-ppi y-ppi size ratio
        let (width, height) = page.size();
        assert_eq!(row[2..5], ["image", &width.to_string(), &height.to_string()], "{list}");
        let channels = if page.is_coloured() { "3" } else { "1" };
        // Calibrated: "icc".
        assert_eq!(row[5..10], ["icc", channels, "8", "jpeg", "no"], "{list}");
        for seen in [row[12], row[13]] {
            let seen: i32 = seen.parse().unwrap();
            assert!((seen - i32::from(page.dpi())).abs() <= 1, "{list}");
        }
    }
    let root = file.beside("picture");
    let taken =
        Command::new("pdfimages").arg("-j").args([file.path(), root.to_str().unwrap()]).status().unwrap();
    assert!(taken.success());
    for (number, page) in pages.iter().enumerate() {
        let bytes = fs::read(file.beside(&format!("picture-{number:03}.jpg"))).unwrap();
        assert!(bytes == page.jpeg(), "picture {number} is another");
    }
}

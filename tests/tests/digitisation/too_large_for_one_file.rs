//! Batches that do not fit into one file are split between pages, and say so.
use digitisation::{Limits, documents};
use scans::{Place, Scanner, letter};

use super::tools::{OnDisk, about, digitised};

#[test]
fn ten_pages_become_files_that_each_stand_for_themselves() {
    let sheet = letter(&Place { angle: 0.8, ..Place::default() });
    let pages: Vec<_> =
        (0..10).map(|seed| digitised(Scanner { seed, ..Scanner::default() }.grey(&sheet))).collect();
    let bytes: usize = pages.iter().map(|page| page.jpeg().len()).sum();
    let limits = Limits { file_bytes: bytes * 9 / 20, ..Limits::default() };
    let files = documents(&pages, &about(), &limits).unwrap();
    assert_eq!(files.len(), 3);
    let mut next = 0;
    for (number, file) in (1..).zip(&files) {
        assert_eq!(file.pages.start, next);
        next = file.pages.end;
        assert!(file.pdf.as_slice().len() <= limits.file_bytes);
        let disk = OnDisk::new(file);
        disk.told("qpdf", &["--check"]);
        let told = disk.told("pdfinfo", &[]);
        assert!(told.contains(&format!("Instancia y planos <nº 3> (part {number} de 3)")), "{told}");
        let count = told.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().to_owned();
        assert_eq!(count, file.pages.len().to_string());
        let sum = disk.told("sha256sum", &[]);
        let hash: String = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(sum.starts_with(&hash), "{sum}");
    }
    assert_eq!(next, 10);
}

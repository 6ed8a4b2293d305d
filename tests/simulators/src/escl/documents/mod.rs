//! The shelf: what fictional citizens bring to the scanner. Nobody on these papers exists.

mod card;
mod form;
mod letter;
mod notes;
mod paper;
mod plan;
mod strip;

use std::sync::OnceLock;

use super::sheet::Sheet;
use paper::Paper;

/// A document of the shelf.
pub struct Document {
    /// In the API of the panel.
    pub name: &'static str,
    pub description: &'static str,
    /// Words that are printed on it, for whoever reads what was scanned.
    pub words: &'static [&'static str],
    draw: fn() -> Vec<Sheet>,
    drawn: OnceLock<Vec<Sheet>>,
}

impl Document {
    const fn new(
        name: &'static str,
        description: &'static str,
        words: &'static [&'static str],
        draw: fn() -> Vec<Sheet>,
    ) -> Self {
        Self { name, description, words, draw, drawn: OnceLock::new() }
    }

    /// Its sheets; drawn the first time.
    pub fn sheets(&self) -> &[Sheet] {
        self.drawn.get_or_init(self.draw)
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("name", &self.name).finish_non_exhaustive()
    }
}

/// All documents.
pub static SHELF: [Document; 8] = [
    Document::new("letter", "Letter of one page", letter::WORDS, letter::one_page),
    Document::new("report", "Report of three pages, one-sided", letter::REPORT_WORDS, letter::report),
    Document::new("form", "Form, printed on both sides, stamped and signed", form::WORDS, form::sheets),
    Document::new("plan", "Plan of a flat with thin lines", plan::WORDS, plan::sheets),
    Document::new("identity-card", "Specimen of an identity card, for the glass", card::WORDS, card::sheets),
    Document::new("receipt", "Receipt strip of a shop", strip::WORDS, strip::sheets),
    Document::new("note", "A line in pencil on a white sheet", notes::WORDS, notes::pencil),
    Document::new("blank", "A blank sheet", &[], notes::blank),
];

/// The document with this name.
pub fn document(name: &str) -> Option<&'static Document> {
    SHELF.iter().find(|document| document.name == name)
}

/// A sheet with one printed side, or two.
fn sheet(name: &str, front: Paper, back: Option<Paper>) -> Sheet {
    let size = front.size();
    Sheet { name: name.into(), size, front: front.print(), back: back.map(Paper::print) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escl::MASTER_DPI;

    #[test]
    fn every_document_is_drawn_in_its_size() {
        for document in &SHELF {
            assert!(!document.sheets().is_empty(), "{}", document.name);
            for sheet in document.sheets() {
                let (width, height) = sheet.front.dimensions();
                let mm = |dots: u32| f64::from(dots) * 25.4 / f64::from(MASTER_DPI);
                assert!((mm(width) - sheet.size.width_mm).abs() < 0.1, "{}", sheet.name);
                assert!((mm(height) - sheet.size.height_mm).abs() < 0.1, "{}", sheet.name);
                assert_eq!(sheet.back.is_some(), ["form", "identity-card"].contains(&document.name));
            }
        }
        let names: std::collections::BTreeSet<&str> = SHELF.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), SHELF.len());
        assert!(document("letter").is_some() && document("none-such").is_none());
    }

    #[test]
    fn text_is_grey_and_a_stamp_is_coloured() {
        let colour = |name| document(name).unwrap().sheets()[0].front.pixels().unwrap().color().has_color();
        assert!(!colour("letter") && !colour("receipt") && !colour("blank"));
        assert!(colour("form") && colour("plan") && colour("identity-card"));
    }

    /// Writes all of them, to be looked at: `cargo test -p simulators --lib shelf_to_look_at -- --ignored`.
    #[test]
    #[ignore = "for the eye"]
    fn shelf_to_look_at() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/shelf");
        std::fs::create_dir_all(&folder).unwrap();
        for sheet in SHELF.iter().flat_map(Document::sheets) {
            std::fs::write(folder.join(format!("{}.png", sheet.name)), sheet.front.png()).unwrap();
            if let Some(back) = &sheet.back {
                std::fs::write(folder.join(format!("{}, back.png", sheet.name)), back.png()).unwrap();
            }
        }
    }
}

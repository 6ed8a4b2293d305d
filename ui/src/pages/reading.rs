//! A sheet to read that may be longer than the page: what stands on which part of it.
//!
//! Long texts are a citizen's own, and must be seen whole before they are signed. They are broken into rows here, so
//! that nothing is cut off and each part is filled.
use super::Presenter;
use crate::local::{CHANGE, TURN, TURN_BACK};
use crate::measure::rows;
use crate::phrase::{Phrase, written};
use crate::screen::{Line, Screen, Target};
use crate::texts::Text;

/// Width of the sheet within its padding, in thousandths of the size of its type, with a hair to spare.
const ACROSS: u32 = 22_500;
/// Heights in tenths of a millimetre: a name, a row of its text, the gap between two.
const NAME: usize = 175;
const ROW: usize = 185;
const GAP: usize = 70;
/// Rows of a text that begin on a part at least.
const LEAST_ROWS: usize = 2;
/// Height of the sheet, in the same.
const ROOM: usize = 2550;
/// Longest text that is looked at; a petition's are shorter by law.
const LONGEST: usize = 10_000;

/// A name and the citizen's words for it.
pub(super) type Paragraph = (Phrase, String);

impl Presenter<'_> {
    /// Puts the part of a sheet on the screen that is turned up, with what turns it and what changes it.
    pub(super) fn read(&self, screen: &mut Screen, paragraphs: &[Paragraph]) {
        let parts = parted(paragraphs);
        let part = self.local.part(parts.len());
        screen.stacked = true;
        for piece in parts.get(part).into_iter().flatten() {
            let Some((name, _)) = paragraphs.get(piece.paragraph) else { continue };
            let again = if piece.first { Phrase::default() } else { self.text(Text::CheckGoesOn) };
            let value = Phrase { shown: piece.rows.join("\n"), ..self.own_words(&piece.rows.join(" ")) };
            screen.lines.push(Line { key: name.joined(" ", &again), value });
        }
        let mut row = 0;
        if parts.len() > 1 {
            let half = crate::screen::ACROSS / 2;
            let turn = |intent, name, usable| Target::new(intent, self.text(name)).usable(usable);
            let back = turn(TURN_BACK, Text::PageBack, part > 0);
            let on = turn(TURN, Text::PageForward, part + 1 < parts.len());
            screen.keys.extend([back.at(row, 0, half), on.at(row, half, half)]);
            screen.lead = self.fill(Text::CheckPart, &self.of_parts(part, parts.len()));
            row += 1;
        }
        let change = Target::new(CHANGE, self.text(Text::CheckChange));
        screen.keys.push(change.at(row, 0, crate::screen::ACROSS));
    }
}

/// Rows of one text on one part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    paragraph: usize,
    /// The text begins here.
    first: bool,
    rows: Vec<String>,
}

fn parted(paragraphs: &[Paragraph]) -> Vec<Vec<Piece>> {
    let mut parts = vec![Vec::new()];
    let mut used = 0;
    for (place, (_, text)) in paragraphs.iter().enumerate() {
        let signs: Vec<char> = written(text).chars().take(LONGEST).collect();
        let broken = rows(&signs, ACROSS);
        let mut left: &[std::ops::Range<usize>] = &broken;
        let mut first = true;
        while !left.is_empty() {
            let fit = ROOM.saturating_sub(used + NAME) / ROW;
            if fit < left.len().min(LEAST_ROWS) && used > 0 {
                parts.push(Vec::new());
                used = 0;
                continue;
            }
            let (now, later) = left.split_at(fit.clamp(1, left.len()));
            let words = |row: &std::ops::Range<usize>| {
                let words: String = signs.get(row.clone()).unwrap_or_default().iter().collect();
                words.trim_end().to_owned()
            };
            let piece = Piece { paragraph: place, first, rows: now.iter().map(words).collect() };
            used += NAME + ROW * now.len() + GAP;
            if let Some(part) = parts.last_mut() {
                part.push(piece);
            }
            (left, first) = (later, false);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Paragraph {
        (Phrase { shown: "Nombre".to_owned(), spoken: "Nombre".to_owned() }, text.to_owned())
    }

    #[test]
    fn what_fits_is_on_one_part() {
        let parts = parted(&[paragraph("uno"), paragraph("dos"), paragraph("")]);
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].iter().map(|piece| piece.rows.len()).collect::<Vec<_>>(), [1, 1, 1]);
    }

    #[test]
    fn every_word_of_a_long_text_is_on_one_part_in_order() {
        let text: Vec<String> = (0..900).map(|number| format!("palabra{number}")).collect();
        for before in 0..12 {
            let mut all = vec![paragraph("corto"); before];
            all.push(paragraph(&text.join(" ")));
            let parts = parted(&all);
            assert!(parts.len() > 3);
            for part in &parts {
                let height: usize = part.iter().map(|piece| NAME + ROW * piece.rows.len() + GAP).sum();
                assert!(height <= ROOM + GAP && !part.is_empty(), "{height}");
            }
            let long = parts.iter().flatten().filter(|piece| piece.paragraph == before);
            let read: Vec<String> = long.flat_map(|piece| piece.rows.clone()).collect();
            assert_eq!(read.join(" "), text.join(" "));
        }
    }
}

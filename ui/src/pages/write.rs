//! Writing: a question, a box with what is written so far and where the cursor is, and the keyboard below.
//!
//! Of a long text the rows around the cursor are seen. The text is the citizen's: never for the loudspeaker.
use super::Presenter;
use super::keyboard::{Can, Form};
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::measure::{row_of, rows, width};
use crate::phrase::{Phrase, Value, written};
use crate::screen::{Field, Line, Note, Row, Screen, Target};
use crate::texts::Text;
use crate::view::{Intent, NumberKind, Page, WriteField, WriteProblem};

/// Width of a row of the box, in thousandths of its size of type: 351.3 mm less its padding, with a hair to spare.
const ACROSS: u32 = 20_900;
/// Rows that are seen: of a text with lines, of one while its page also tells what was wrong, of a single line.
const MANY_ROWS: usize = 5;
const FEWER_ROWS: usize = 3;
const FEW_ROWS: usize = 2;
/// Longest text: more is never asked for.
const LONGEST: u16 = 8000;
/// Words before the cursor that tell where it is.
const AROUND: usize = 4;

/// Question, explanation, name of the field, and help.
struct Words {
    heading: Text,
    lead: Text,
    name: Text,
    help: Text,
}

fn words(field: WriteField) -> Words {
    let (heading, lead, name, help) = match field {
        WriteField::RepresentedName => (
            Text::WriteRepresentedNameHeading,
            Text::WriteRepresentedNameLead,
            Text::WriteNameName,
            Text::HelpWriteName,
        ),
        WriteField::RepresentedSurnames => (
            Text::WriteRepresentedSurnamesHeading,
            Text::WriteRepresentedSurnamesLead,
            Text::WriteSurnamesName,
            Text::HelpWriteName,
        ),
        WriteField::RepresentedNumber => (
            Text::WriteRepresentedNumberHeading,
            Text::WriteRepresentedNumberLead,
            Text::WriteNumberName,
            Text::HelpWriteNumber,
        ),
        WriteField::Facts => {
            (Text::WriteFactsHeading, Text::WriteFactsLead, Text::WriteFactsName, Text::HelpWriteText)
        }
        WriteField::Request => {
            (Text::WriteRequestHeading, Text::WriteRequestLead, Text::WriteRequestName, Text::HelpWriteText)
        }
        WriteField::Email => {
            (Text::WriteEmailHeading, Text::WriteEmailLead, Text::WriteEmailName, Text::HelpWriteContact)
        }
        WriteField::Telephone => (
            Text::WriteTelephoneHeading,
            Text::WriteTelephoneLead,
            Text::WriteTelephoneName,
            Text::HelpWriteContact,
        ),
        WriteField::PostalAddress => (
            Text::WriteAddressHeading,
            Text::WriteAddressLead,
            Text::WriteAddressName,
            Text::HelpWriteAddress,
        ),
        WriteField::AttachmentName => (
            Text::WriteAttachmentHeading,
            Text::WriteAttachmentLead,
            Text::WriteAttachmentName,
            Text::HelpWriteAttachment,
        ),
        WriteField::OwnName => {
            (Text::WriteOwnNameHeading, Text::WriteOwnNameLead, Text::WriteNameName, Text::HelpWriteName)
        }
        WriteField::OwnNumber => {
            (Text::WriteOwnNumberHeading, Text::WriteNumberLead, Text::WriteNumberName, Text::HelpWriteNumber)
        }
        WriteField::SlipCode => {
            (Text::WriteSlipHeading, Text::WriteSlipLead, Text::WriteSlipName, Text::HelpWriteSlip)
        }
        WriteField::NumberEnd => (
            Text::WriteNumberEndHeading,
            Text::WriteNumberEndLead,
            Text::WriteNumberEndName,
            Text::HelpWriteSlip,
        ),
    };
    Words { heading, lead, name, help }
}

impl Presenter<'_> {
    pub(super) fn write(&self, page: &Page) -> Screen {
        let Page::Write { field, text, cursor, longest, lines, complete, optional, undo, keys, problem } =
            page
        else {
            return self.out_of_service();
        };
        let longest = (*longest).min(LONGEST);
        let Words { heading, lead, name, help } = words(*field);
        let mut screen = Screen::new(Kind::Write, self.text(heading)).help(help);
        let values = [("longest", Value::Number(longest.into()))];
        screen.problem = problem.map(|problem| self.write_problem(problem));
        // What was wrong says how to do it right: then there is room for nothing else.
        if problem.is_none() {
            screen.lead = self.fill(lead, &values);
            if *optional {
                screen.lead = screen.lead.joined(" ", &self.text(Text::WriteOptional));
            }
        }
        let signs: Vec<char> = written(text).chars().take(longest.into()).collect();
        let cursor = usize::from(*cursor).min(signs.len());
        let seen = match (*lines, problem) {
            (false, _) => FEW_ROWS,
            (true, Some(_)) => FEWER_ROWS,
            (true, None) => MANY_ROWS,
        };
        let empty = signs.is_empty();
        let enter = if *lines { Some(Intent::Letter('\n')) } else { complete.then_some(Intent::Confirm) };
        screen.field = Some(Field {
            line: Line { key: self.text(name), value: self.so_far(&signs, cursor) },
            empty,
            dots: 0,
            enter,
            rows: self.seen(&signs, cursor, seen),
        });
        if *lines {
            let number = |number: usize| Value::Number(u32::try_from(number).unwrap_or(u32::MAX));
            let values = [("count", number(signs.len())), ("longest", number(longest.into()))];
            screen.footnote = self.fill(Text::WriteCount, &values);
        }
        let can = Can { lines: *lines, back: cursor > 0, forward: cursor < signs.len(), undo: *undo };
        screen.keys = self.keyboard(Form::of(*field), *keys, can);
        let confirm = Target::new(Intent::Confirm, self.text(Text::TypeConfirm)).primary();
        let why = if *complete { Phrase::default() } else { self.text(Text::WriteIncomplete) };
        screen.actions = vec![confirm.text(why).usable(*complete)];
        if *optional {
            screen.actions.insert(0, Target::new(Intent::Skip, self.text(Text::WriteSkip)));
        }
        screen
    }

    /// What is written, and for the ear where the cursor is, if it is not at the end.
    fn so_far(&self, signs: &[char], cursor: usize) -> Phrase {
        let text: String = signs.iter().collect();
        if text.is_empty() {
            return self.text(Text::TypeEmpty);
        }
        let mut value = self.own_words(&text);
        if cursor < signs.len() {
            let before: String = signs.iter().take(cursor).collect();
            let words: Vec<&str> = before.split_whitespace().collect();
            let last = words.get(words.len().saturating_sub(AROUND)..).unwrap_or_default().join(" ");
            let place = if last.is_empty() {
                self.text(Text::WriteCursorStart)
            } else {
                self.fill(Text::WriteCursorBehind, &[("words", Value::Phrase(&self.own_words(&last)))])
            };
            value.spoken = format!("{}. {}", value.spoken.trim_end_matches('.'), place.spoken);
        }
        value
    }

    /// The citizen's own words, however many.
    pub(super) fn own_words(&self, text: &str) -> Phrase {
        Phrase { shown: text.to_owned(), spoken: crate::speech::speakable(self.language, text) }
    }

    /// So many rows, the one with the cursor among them, and one behind it if there is one.
    fn seen(&self, signs: &[char], cursor: usize, count: usize) -> Vec<Row> {
        let all = rows(signs, ACROSS);
        let at = row_of(&all, cursor);
        let roomy = count > FEW_ROWS;
        let last = (at + if roomy { 2 } else { 1 }).min(all.len());
        let mut first = last.saturating_sub(count);
        let mut seen = Vec::new();
        if first > 0 && roomy {
            first += 1;
            seen.push(Row { before: self.text(Text::WriteAbove).shown, about: true, ..Row::default() });
        }
        for (place, row) in all.iter().enumerate().skip(first).take(count - seen.len()) {
            let row_signs = signs.get(row.clone()).unwrap_or_default();
            let split = if place == at {
                cursor.saturating_sub(row.start).min(row_signs.len())
            } else {
                row_signs.len()
            };
            let (before, after) = row_signs.split_at(split);
            let (words, spaces) = before.split_at(without_spaces(before));
            let (after, _) = after.split_at(without_spaces(after));
            // Spaces hang over the edge of a row; the cursor stays at it.
            let gap = width(spaces).min(ACROSS.saturating_sub(width(words)));
            seen.push(Row {
                before: words.iter().collect(),
                gap: gap as f32 / 1000.0,
                cursor: place == at,
                after: after.iter().collect(),
                about: false,
            });
        }
        seen.resize(count, Row::default());
        seen
    }

    fn write_problem(&self, problem: WriteProblem) -> Note {
        let text = match problem {
            WriteProblem::TooShort => Text::WriteProblemTooShort,
            WriteProblem::NotAnEmail => Text::WriteProblemEmail,
            WriteProblem::NotATelephone => Text::WriteProblemTelephone,
            WriteProblem::NotAnAddress => Text::WriteProblemAddress,
            WriteProblem::NumberForm => Text::WriteProblemForm,
            WriteProblem::NumberLetterMissing => Text::WriteProblemLetterMissing,
            WriteProblem::NumberLetter => Text::WriteProblemLetter,
            WriteProblem::NumberKind(NumberKind::Company) => Text::WriteProblemCompany,
            WriteProblem::NumberKind(NumberKind::NotNie) => Text::WriteProblemNie,
            WriteProblem::NumberKind(NumberKind::Own) => Text::WriteProblemOwn,
            WriteProblem::SlipCode => Text::WriteProblemSlip,
            WriteProblem::NotFound => Text::WriteProblemNotFound,
            WriteProblem::TooManyTries => Text::WriteProblemTries,
            WriteProblem::SedeUnreachable => Text::ProblemSedeUnreachable,
        };
        self.note(Tone::Attention, Icon::AlertTriangle, self.text(Text::ProblemTitle), self.text(text))
    }
}

/// How many signs there are before the spaces at the end.
fn without_spaces(signs: &[char]) -> usize {
    signs.iter().rposition(|sign| *sign != ' ').map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use crate::local::Local;
    use crate::pages::present;
    use crate::samples;
    use crate::screen::Row;
    use crate::texts::Text;
    use crate::view::{Language, Page};

    fn rows(name: &str, at: Option<u16>) -> Vec<Row> {
        let view = samples::all(Language::Spanish).into_iter().find(|(known, _)| known == name);
        let (_, mut view) = view.expect("there is such a sample");
        if let (Page::Write { cursor, .. }, Some(at)) = (&mut view.page, at) {
            *cursor = at;
        }
        let local = Local::default();
        let screen = present(&view, &samples::branding(), &samples::places(), Text::HelpGeneral, local);
        screen.field.expect("a field").rows
    }

    fn text(name: &str) -> String {
        let view = samples::all(Language::Spanish).into_iter().find(|(known, _)| known == name);
        match view.expect("there is such a sample").1.page {
            Page::Write { text, .. } => text,
            other => panic!("{other:?} is no writing"),
        }
    }

    #[test]
    fn of_a_long_text_the_words_before_the_cursor_are_seen() {
        let text = text("write-facts-longest");
        for cursor in (0..=4000).step_by(31) {
            let rows = rows("write-facts-longest", Some(cursor));
            assert_eq!(rows.len(), 5);
            assert_eq!(rows.iter().filter(|row| row.cursor).count(), 1);
            assert!(rows.iter().skip(1).all(|row| !row.about));
            let before: String = text.chars().take(cursor.into()).collect();
            let word = before.split_whitespace().next_back().unwrap_or_default().to_owned();
            let seen: Vec<&str> = rows.iter().take_while(|row| !row.cursor).map(|row| &*row.before).collect();
            let own = rows.iter().find(|row| row.cursor).expect("a row").before.clone();
            assert!(format!("{} {own}", seen.join(" ")).trim_end().ends_with(&word), "{cursor}: {rows:?}");
        }
        assert!(rows("write-facts-longest", None).first().is_some_and(|row| row.about));
        assert!(rows("write-facts-longest", Some(0)).first().is_some_and(|row| row.cursor && !row.about));
    }

    #[test]
    fn the_cursor_stands_behind_the_words_and_their_spaces() {
        let rows = rows("write-own-name", Some(7));
        let row = rows.first().expect("a row");
        assert_eq!((row.before.as_str(), row.after.as_str(), row.cursor), ("Vecina", "de Prueba", true));
        assert!(row.gap > 0.1 && row.gap < 0.5, "{}", row.gap);
    }

    #[test]
    fn a_single_line_that_is_long_shows_its_end() {
        let rows = rows("write-own-name-longest", None);
        assert_eq!(rows.len(), 2);
        assert!(rows.last().is_some_and(|row| row.cursor && row.before.ends_with("CONCEPCION")), "{rows:?}");
    }
}

//! The keyboard on the screen: which keys there are, where they lie, and what they are called.
//!
//! A Spanish typewriter with the letters of Valencian, digits above, what moves and mends below. A keyboard has as
//! many rows as its field needs; all of them are equally high together, so that the large buttons stay where they are.
use super::Presenter;
use crate::icon::Icon;
use crate::phrase::{Phrase, Value};
use crate::screen::{ACROSS, Target};
use crate::signs::spoken_sign;
use crate::texts::Text;
use crate::view::{Intent, WriteField, WriteKeys};

/// Widths of keys, in parts of a row: a letter, a digit (ten of them leave room for the key that erases), a key with
/// a word, one with a longer word.
const LETTER: u8 = 20;
const DIGIT: u8 = 19;
const WORD: u8 = 40;
const LONG_WORD: u8 = 50;

/// Which keyboard a field needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Words of Spanish and Valencian.
    Words,
    /// An address of electronic mail.
    Email,
    /// Capital letters and digits.
    Code,
    /// Digits, and the sign of a foreign number.
    Telephone,
}

impl Form {
    pub(super) fn of(field: WriteField) -> Self {
        match field {
            WriteField::RepresentedName
            | WriteField::RepresentedSurnames
            | WriteField::Facts
            | WriteField::Request
            | WriteField::PostalAddress
            | WriteField::AttachmentName
            | WriteField::OwnName => Self::Words,
            WriteField::Email => Self::Email,
            WriteField::RepresentedNumber
            | WriteField::OwnNumber
            | WriteField::SlipCode
            | WriteField::NumberEnd => Self::Code,
            WriteField::Telephone => Self::Telephone,
        }
    }
}

/// What can be done to the text now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Can {
    pub lines: bool,
    pub back: bool,
    pub forward: bool,
    pub undo: bool,
}

impl Presenter<'_> {
    pub(super) fn keyboard(&self, form: Form, keys: WriteKeys, can: Can) -> Vec<Target> {
        match (form, keys) {
            (Form::Words, WriteKeys::Symbols) => self.symbols(can),
            (Form::Words, _) => self.words(keys, can),
            (Form::Email, _) => self.email(can),
            (Form::Code, _) => self.code(can),
            (Form::Telephone, _) => self.telephone(can),
        }
    }

    fn words(&self, keys: WriteKeys, can: Can) -> Vec<Target> {
        let capital = keys != WriteKeys::Small;
        let signs = |row: u8, from: u8, signs: &str| self.signs(row, from, LETTER, signs, capital);
        let mut all = self.digits(can);
        all.extend(signs(1, 0, "qwertyuiop'/"));
        all.extend(signs(2, 0, "asdfghjklñç·"));
        all.push(self.shift(keys).at(3, 0, WORD));
        all.extend(signs(3, WORD, "zxcvbnm,.-"));
        all.extend(signs(4, 0, "áàéèíïóòúü:€"));
        let to_symbols = self.switch(WriteKeys::Symbols, Text::WriteSymbols);
        all.extend(self.below(5, to_symbols, can));
        all
    }

    fn symbols(&self, can: Can) -> Vec<Target> {
        const EACH: u8 = ACROSS / 8;
        let mut all = self.digits(can);
        for (row, signs) in (1..).zip([".,;:?!¿¡", "()/-_+=*", "@#&%€$ºª", "'\"«»·[]§"]) {
            all.extend(self.signs(row, 0, EACH, signs, false));
        }
        let to_letters = self.switch(WriteKeys::Small, Text::PinLetters);
        all.extend(self.below(5, to_letters, can));
        all
    }

    fn email(&self, can: Can) -> Vec<Target> {
        const WIDE: u8 = 2 * LETTER;
        let mut all = self.digits(can);
        all.extend(self.signs(1, 0, ACROSS / 10, "qwertyuiop", false));
        all.extend(self.signs(2, 0, LETTER, "asdfghjkl", false));
        all.extend(self.signs(2, 9 * LETTER, 3 * LETTER, "@", false));
        all.extend(self.signs(3, 0, LETTER, "zxcvbnm", false));
        all.extend(self.signs(3, 7 * LETTER, WIDE, ".", false));
        all.extend(self.signs(3, 9 * LETTER, LETTER, "-_+", false));
        let (back, forward, undo) = self.moves(can);
        let quarter = ACROSS / 4;
        all.extend([
            back.at(4, 0, quarter),
            forward.at(4, quarter, quarter),
            undo.at(4, 2 * quarter, 2 * quarter),
        ]);
        all
    }

    fn code(&self, can: Can) -> Vec<Target> {
        const MIDDLE: u8 = 26;
        let mut all = self.digits(can);
        all.extend(self.signs(1, 0, ACROSS / 10, "qwertyuiop", true));
        all.extend(self.signs(2, (ACROSS - 9 * MIDDLE) / 2, MIDDLE, "asdfghjkl", true));
        all.extend(self.signs(3, 0, LETTER, "zxcvbnm", true));
        let (back, forward, undo) = self.moves(can);
        let (from, each) = (7 * LETTER, (ACROSS - 7 * LETTER - LONG_WORD) / 2);
        all.extend([
            back.at(3, from, each),
            forward.at(3, from + each, each),
            undo.at(3, from + 2 * each, LONG_WORD),
        ]);
        all
    }

    fn telephone(&self, can: Can) -> Vec<Target> {
        const EACH: u8 = ACROSS / 3;
        let key = |place: u8, target: Target| target.at(place / 3, place % 3 * EACH, EACH);
        let mut all: Vec<Target> = (1..=9).map(|digit| key(digit - 1, self.digit(digit))).collect();
        all.push(key(9, self.sign('+', false)));
        all.push(key(10, self.digit(0)));
        all.push(key(11, self.erase(can)));
        all
    }

    /// The row of digits, and the key that erases.
    fn digits(&self, can: Can) -> Vec<Target> {
        let digits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];
        let mut row: Vec<Target> =
            (0..).zip(digits).map(|(place, digit)| self.digit(digit).at(0, place * DIGIT, DIGIT)).collect();
        row.push(self.erase(can).at(0, 10 * DIGIT, LONG_WORD));
        row
    }

    /// What moves and mends, in the lowest row.
    fn below(&self, row: u8, switch: Target, can: Can) -> Vec<Target> {
        let newline =
            Target::new(Intent::Letter('\n'), self.named(Text::WriteNewline, Text::WriteNewlineSpoken));
        let mut keys = vec![switch.at(row, 0, WORD)];
        let tail = 2 * LETTER + LONG_WORD + if can.lines { WORD } else { 0 };
        let space = Target::new(Intent::Letter(' '), self.text(Text::WriteSpace)).private();
        let mut at = WORD;
        let mut put = |target: Target, span: u8| {
            keys.push(target.at(row, at, span));
            at = at.saturating_add(span);
        };
        put(space, ACROSS - WORD - tail);
        if can.lines {
            put(newline, WORD);
        }
        let (back, forward, undo) = self.moves(can);
        put(back, LETTER);
        put(forward, LETTER);
        put(undo, LONG_WORD);
        keys
    }

    fn moves(&self, can: Can) -> (Target, Target, Target) {
        let arrow = |intent, name, icon| Target::new(intent, self.text(name)).bare(icon);
        (
            arrow(Intent::CursorBack, Text::WriteCursorBack, Icon::ArrowLeft).usable(can.back),
            arrow(Intent::CursorForward, Text::WriteCursorForward, Icon::ArrowRight).usable(can.forward),
            Target::new(Intent::Undo, self.text(Text::WriteUndo)).usable(can.undo),
        )
    }

    fn erase(&self, can: Can) -> Target {
        Target::new(Intent::Erase, self.text(Text::TypeErase)).usable(can.back)
    }

    /// Capitals for one letter; touched again, for all that come; once more, small letters.
    fn shift(&self, keys: WriteKeys) -> Target {
        let (to, shown, spoken) = match keys {
            WriteKeys::Small | WriteKeys::Symbols => {
                (WriteKeys::Capital, Text::WriteShift, Text::WriteShiftSpoken)
            }
            WriteKeys::Capital => (WriteKeys::CapitalLock, Text::WriteShift, Text::WriteShiftLock),
            WriteKeys::CapitalLock => (WriteKeys::Small, Text::WriteShiftLocked, Text::WriteShiftOff),
        };
        Target::new(Intent::WriteKeys(to), self.named(shown, spoken)).chosen(keys != WriteKeys::Small)
    }

    fn switch(&self, to: WriteKeys, name: Text) -> Target {
        Target::new(Intent::WriteKeys(to), self.text(name))
    }

    /// A short word on the key, a longer one for the ear.
    fn named(&self, shown: Text, spoken: Text) -> Phrase {
        Phrase { shown: self.text(shown).shown, spoken: self.text(spoken).spoken }
    }

    fn digit(&self, digit: u8) -> Target {
        Target::new(Intent::Digit(digit), self.value(Value::Number(digit.into()))).private()
    }

    fn signs(&self, row: u8, from: u8, span: u8, signs: &str, capital: bool) -> Vec<Target> {
        let places = (0..).map(|place: u8| from.saturating_add(place.saturating_mul(span)));
        signs.chars().zip(places).map(|(sign, at)| self.sign(sign, capital).at(row, at, span)).collect()
    }

    /// A key with one sign. What is written is the citizen's, so that the loudspeaker does not name it.
    fn sign(&self, sign: char, capital: bool) -> Target {
        let sign = if capital { sign.to_uppercase().next().unwrap_or(sign) } else { sign };
        let name = Phrase { shown: sign.to_string(), spoken: spoken_sign(self.language, sign) };
        Target::new(Intent::Letter(sign), name).private()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::samples;
    use crate::view::Language;

    const ALL: Can = Can { lines: true, back: true, forward: true, undo: true };

    fn presenter<'a>(branding: &'a crate::Branding, places: &'a crate::Places) -> Presenter<'a> {
        let (beneath, local) = (Text::HelpGeneral, crate::local::Local::default());
        Presenter { language: Language::Spanish, branding, places, beneath, local }
    }

    fn written(keys: &[Target]) -> BTreeSet<char> {
        let sign = |key: &Target| match key.intent {
            Intent::Letter(letter) => Some(letter),
            Intent::Digit(digit) => char::from_digit(digit.into(), 10),
            _ => None,
        };
        keys.iter().filter_map(sign).collect()
    }

    #[test]
    fn the_letters_of_both_languages_and_all_digits_are_always_there() {
        let (branding, places) = (samples::branding(), samples::places());
        let presenter = presenter(&branding, &places);
        let letters = "abcdefghijklmnñopqrstuvwxyzçàáèéíïòóúü·0123456789 \n,.-";
        for (keys, expected) in [
            (WriteKeys::Small, letters.to_owned()),
            (WriteKeys::Capital, letters.to_uppercase()),
            (WriteKeys::CapitalLock, letters.to_uppercase()),
            (WriteKeys::Symbols, ".,;:?!¿¡()/@_+-\"€%º&#ª0123456789 \n".to_owned()),
        ] {
            let there = written(&presenter.keyboard(Form::Words, keys, ALL));
            let missing: String = expected.chars().filter(|sign| !there.contains(sign)).collect();
            assert_eq!(missing, "", "{keys:?}");
        }
    }

    #[test]
    fn a_code_a_telephone_and_an_address_have_the_signs_they_are_made_of() {
        let (branding, places) = (samples::branding(), samples::places());
        let presenter = presenter(&branding, &places);
        for (form, expected) in [
            (Form::Code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
            (Form::Telephone, "+0123456789"),
            (Form::Email, "abcdefghijklmnopqrstuvwxyz0123456789@._-+"),
        ] {
            let there: String =
                written(&presenter.keyboard(form, WriteKeys::Small, ALL)).into_iter().collect();
            let expected: String = expected.chars().collect::<BTreeSet<_>>().into_iter().collect();
            assert_eq!(there, expected, "{form:?}");
        }
    }

    #[test]
    fn keys_lie_in_their_rows_from_left_to_right_and_no_row_is_too_long() {
        let (branding, places) = (samples::branding(), samples::places());
        let presenter = presenter(&branding, &places);
        for form in [Form::Words, Form::Email, Form::Code, Form::Telephone] {
            for keys in [WriteKeys::Small, WriteKeys::Capital, WriteKeys::CapitalLock, WriteKeys::Symbols] {
                for lines in [false, true] {
                    let all = presenter.keyboard(form, keys, Can { lines, ..ALL });
                    let places: Vec<_> = all.iter().map(|key| key.place.expect("a place")).collect();
                    for pair in places.windows(2) {
                        let (one, next) = (pair[0], pair[1]);
                        let beside = next.row == one.row && next.at >= one.at + one.span;
                        assert!(beside || next.row == one.row + 1, "{form:?} {keys:?}: {one:?}, {next:?}");
                    }
                    assert!(places.iter().all(|place| place.at.checked_add(place.span) <= Some(ACROSS)));
                    let intents: Vec<_> = all.iter().map(|key| key.intent).collect();
                    let twice = intents.iter().enumerate().find(|(at, one)| intents[..*at].contains(one));
                    assert!(
                        twice.is_none(),
                        "{form:?} {keys:?}: {:?} is there twice",
                        twice.map(|(at, _)| at)
                    );
                }
            }
        }
    }

    #[test]
    fn touched_twice_capitals_stay_and_touched_again_they_go() {
        let (branding, places) = (samples::branding(), samples::places());
        let presenter = presenter(&branding, &places);
        let mut keys = WriteKeys::Small;
        for expected in [WriteKeys::Capital, WriteKeys::CapitalLock, WriteKeys::Small] {
            let shift = presenter.shift(keys);
            assert_eq!(shift.intent, Intent::WriteKeys(expected));
            assert_eq!(shift.chosen, keys != WriteKeys::Small);
            keys = expected;
        }
    }
}

//! A text with its values, in the two forms in which it leaves: written and spoken.
use crate::format;
use crate::speech;
use crate::texts::{Text, fill};
use crate::view::{Amount, Day, Language};

/// What the screen shows and what the voice says of it; both come from the same values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// On the screen. An amount does not part at the end of a line.
    pub shown: String,
    /// For the ear.
    pub spoken: String,
}

/// A value that stands in a text.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Amount(Amount),
    Day(Day),
    /// Read sign by sign: references, operation numbers.
    Code(&'a str),
    /// Words from outside, not ours: of the sede, of the town hall's settings.
    Words(&'a str),
    /// A text from outside that has to be shown whole.
    Paragraph(&'a str),
    Number(u32),
    Phrase(&'a Phrase),
}

/// Longest text from outside that is shown; the rest of it is cut off.
const LONGEST: usize = 160;
/// Longest text that has to be shown whole (`firmware/sede-api.yaml`, `Paragraph`).
const LONGEST_PARAGRAPH: usize = 600;
/// Longest word from outside; a longer one is parted so that it fits between the margins.
const LONGEST_WORD: usize = 22;

impl Phrase {
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// A text without values.
    pub fn text(language: Language, id: Text) -> Self {
        Self::fill(language, id, &[])
    }

    /// A text with its values.
    pub fn fill(language: Language, id: Text, values: &[(&str, Value<'_>)]) -> Self {
        let phrases: Vec<(&str, Self)> =
            values.iter().map(|(name, value)| (*name, Self::value(language, *value))).collect();
        let shown: Vec<(&str, &str)> = phrases.iter().map(|(name, phrase)| (*name, &*phrase.shown)).collect();
        let spoken: Vec<(&str, &str)> =
            phrases.iter().map(|(name, phrase)| (*name, &*phrase.spoken)).collect();
        Self { shown: fill(language, id, &shown), spoken: fill(language, id, &spoken) }
    }

    /// A value by itself.
    pub fn value(language: Language, value: Value<'_>) -> Self {
        match value {
            Value::Amount(amount) => Self {
                shown: format::amount(language, amount).replace(' ', "\u{a0}"),
                spoken: speech::spoken_amount(language, amount),
            },
            Value::Day(day) => {
                Self { shown: format::long_day(language, day), spoken: speech::spoken_day(language, day) }
            }
            Value::Code(code) => {
                let code = printable(code);
                Self { spoken: speech::spoken_code(language, &code), shown: format::grouped_digits(&code) }
            }
            Value::Words(words) => {
                let shown = printable(words);
                Self { spoken: speech::speakable(language, &shown), shown }
            }
            Value::Paragraph(words) => {
                let shown = printable_to(words, LONGEST_PARAGRAPH);
                Self { spoken: speech::speakable(language, &shown), shown }
            }
            Value::Number(number) => Self { shown: number.to_string(), spoken: number.to_string() },
            Value::Phrase(phrase) => phrase.clone(),
        }
    }

    /// Two phrases as one sentence and the next, or as a list.
    pub fn joined(&self, mark: &str, next: &Self) -> Self {
        match (self.is_empty(), next.is_empty()) {
            (true, _) => next.clone(),
            (_, true) => self.clone(),
            _ => Self {
                shown: format!("{}{mark}{}", self.shown, next.shown),
                spoken: format!("{}{mark}{}", self.spoken, next.spoken),
            },
        }
    }
}

/// Words from outside as the fonts can show them: one line, known signs, bounded.
pub(crate) fn printable(words: &str) -> String {
    printable_to(words, LONGEST)
}

fn printable_to(words: &str, longest: usize) -> String {
    let mut clean = String::new();
    for word in
        words.split(|sign: char| sign.is_whitespace() || sign.is_control()).filter(|word| !word.is_empty())
    {
        if !clean.is_empty() {
            clean.push(' ');
        }
        for (place, sign) in word.chars().enumerate() {
            if place > 0 && place % LONGEST_WORD == 0 {
                clean.push(' ');
            }
            match sign {
                'ŀ' => clean.push_str("l·"),
                'Ŀ' => clean.push_str("L·"),
                known if is_known(known) => clean.push(known),
                _ => clean.push('?'),
            }
        }
        if clean.chars().count() > longest {
            clean = clean.chars().take(longest).collect::<String>();
            clean.push('…');
            break;
        }
    }
    clean
}

/// What a citizen has written, sign by sign as it is: its lines are kept, what the fonts do not have is marked.
pub(crate) fn written(text: &str) -> String {
    let shown = |sign: char| match sign {
        '\n' => '\n',
        space if space.is_whitespace() || space.is_control() => ' ',
        known if is_known(known) => known,
        _ => '?',
    };
    text.chars().map(shown).collect()
}

/// Words from outside, whole ones of them, where there is room for so many signs only: "Certificado de…".
pub(crate) fn shortened(words: &str, longest: usize) -> String {
    let words = printable(words);
    if words.chars().count() <= longest {
        return words;
    }
    let mut short = String::new();
    for word in words.split(' ') {
        if short.chars().count() + word.chars().count() + 2 > longest {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short.push('…');
    short
}

/// Letters of the embedded fonts beyond Latin-1: names of the whole Union.
const FURTHER: &str =
    "ĀāĂăĄąĆćĊċČčĎďĐđĒēĖėĘęĚěĞğĠġĢģĦħĪīĮįİıĲĳĶķĹĺĻļĽľŁłŃńŅņŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚț";

/// The embedded fonts have this sign.
pub(crate) fn is_known(sign: char) -> bool {
    match sign {
        ' '..='~' => true,
        '\u{ad}' | 'µ' => false,
        '\u{a0}'..='ÿ' => true,
        '–' | '—' | '‘' | '’' | '‚' | '“' | '”' | '„' | '•' | '…' | '‹' | '›' | '€' | '™' => {
            true
        }
        _ => FURTHER.contains(sign),
    }
}

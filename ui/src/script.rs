//! What a page says: the same words as on the screen, in the order in which they are read.
use serde::Serialize;

use crate::generated::Kind;
use crate::phrase::Phrase;
use crate::screen::{Line, Screen, Target};
use crate::texts::{Text, fill, text};
use crate::view::Language;

/// What an entry of the script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The question of the page.
    Heading,
    /// To be read.
    Text,
    /// What was wrong: said before everything else.
    Alert,
    /// Can be chosen.
    Button,
    /// Is being typed.
    Field,
}

/// State of an entry that can have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Can be chosen.
    Usable,
    /// Cannot be chosen now; the label says why.
    Unavailable,
    /// The one that holds now.
    Chosen,
}

/// One thing that the page says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Number of the target if it can have the focus, from 0.
    pub target: Option<usize>,
    /// What it is.
    pub role: Role,
    /// The words as on the screen.
    pub label: String,
    /// The words for the ear: amounts, days and references made speakable.
    pub spoken: String,
    /// What a field holds, as on the screen; empty for all others.
    pub value: String,
    /// The value for the ear.
    pub spoken_value: String,
    /// State.
    pub state: State,
    /// Personal data: never to the loudspeaker.
    pub private: bool,
}

/// The page as it is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Script {
    /// The language of the page, and of the voice.
    pub language: Language,
    /// All entries in reading order.
    pub entries: Vec<Entry>,
    /// Target that has the focus.
    pub focus: Option<usize>,
}

impl Script {
    /// The whole page for the ear, sentence by sentence: what was wrong first, then from top to bottom.
    /// `private`: the citizen alone hears it; else entries with personal data are left out.
    #[must_use]
    pub fn page(&self, private: bool) -> Vec<String> {
        let alerts = self.entries.iter().filter(|entry| entry.role == Role::Alert);
        let rest = self.entries.iter().filter(|entry| entry.role != Role::Alert && entry.target.is_none());
        alerts
            .chain(rest)
            .filter(|entry| private || !entry.private)
            .map(|entry| entry.spoken.clone())
            .collect()
    }

    /// What has the focus, for the ear: label, role, state, position. `None` without a focus.
    #[must_use]
    pub fn focused(&self, private: bool) -> Option<String> {
        let focus = self.focus?;
        let count = self.entries.iter().filter(|entry| entry.target.is_some()).count();
        let entry = self.entries.iter().find(|entry| entry.target == Some(focus))?;
        let role = if entry.role == Role::Field { Text::SpeechField } else { Text::SpeechButton };
        let label = entry.spoken.trim_end_matches('.').to_owned();
        // Aloud, a button of the citizen's own is only a button: a key of the PIN, a reason that names a trouble.
        let secret = entry.private && !private && entry.role == Role::Button;
        let mut parts = if secret { Vec::new() } else { vec![label] };
        parts.push(text(self.language, role).to_owned());
        if !entry.spoken_value.is_empty() && (private || !entry.private) {
            parts.push(entry.spoken_value.clone());
        }
        match entry.state {
            State::Usable => {}
            State::Unavailable => parts.push(text(self.language, Text::SpeechUnavailable).to_owned()),
            State::Chosen => parts.push(text(self.language, Text::SpeechSelected).to_owned()),
        }
        let values = [("position", (focus + 1).to_string()), ("count", count.to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        parts.push(fill(self.language, Text::SpeechPosition, &values));
        Some(parts.join(", "))
    }
}

/// The script of a screen.
pub(crate) fn script(screen: &Screen, town: &str, language: Language, focus: Option<usize>) -> Script {
    let mut list = List { entries: Vec::new(), targets: 0 };
    if screen.kind == Kind::Attract {
        list.text(&Phrase { shown: town.to_owned(), spoken: town.to_owned() }, false);
    }
    list.text(&screen.step, false);
    list.push(Role::Heading, &screen.heading, false);
    let attract = screen.kind == Kind::Attract;
    if !attract {
        list.text(&screen.lead, false);
    }
    if let Some(problem) = &screen.problem {
        list.push(Role::Alert, &problem.title.joined(". ", &problem.text), problem.private);
    }
    if let Some(field) = &screen.field {
        list.field(&field.line);
    }
    if screen.kind != Kind::Bill {
        list.figure(screen);
    }
    if screen.kind != Kind::Paid {
        list.lines(screen);
    }
    if screen.kind == Kind::Bill {
        list.figure(screen);
    }
    list.text(&screen.chips_title, false);
    for chip in &screen.chips {
        list.text(chip, false);
    }
    list.text(&screen.chips_coins, false);
    list.text(&screen.chips_off, false);
    for note in &screen.notes {
        list.text(&note.title.joined(". ", &note.text), note.private);
    }
    if screen.kind == Kind::Paid {
        list.lines(screen);
    }
    for offer in &screen.offers {
        list.text(&offer.title.joined(". ", &offer.text), false);
    }
    if attract {
        list.text(&screen.lead, false);
    }
    list.text(&screen.footnote, false);
    list.targets(&screen.keys);
    list.targets(&screen.choices);
    list.targets(&screen.actions);
    list.targets(&screen.bar);
    if let Some(entry) = list.entries.last_mut().filter(|_| !screen.bar.is_empty()) {
        entry.spoken = crate::pages::spoken_language_button(language, &entry.spoken);
    }
    Script { language, entries: list.entries, focus }
}

/// The label of a line: name and value as one.
pub(crate) fn line_label(line: &Line) -> Phrase {
    line.key.joined(": ", &line.value)
}

struct List {
    entries: Vec<Entry>,
    targets: usize,
}

impl List {
    fn push(&mut self, role: Role, phrase: &Phrase, private: bool) {
        if phrase.is_empty() {
            return;
        }
        self.entries.push(Entry {
            target: None,
            role,
            label: plain(&phrase.shown),
            spoken: phrase.spoken.clone(),
            value: String::new(),
            spoken_value: String::new(),
            state: State::Usable,
            private,
        });
    }

    fn text(&mut self, phrase: &Phrase, private: bool) {
        self.push(Role::Text, phrase, private);
    }

    fn figure(&mut self, screen: &Screen) {
        if let Some(figure) = &screen.figure {
            self.text(&line_label(figure), true);
        }
    }

    fn lines(&mut self, screen: &Screen) {
        for line in &screen.lines {
            self.text(&line_label(line), true);
        }
    }

    fn field(&mut self, line: &Line) {
        self.push(Role::Field, &line.key, true);
        if let Some(entry) = self.entries.last_mut() {
            entry.target = Some(self.targets);
            entry.value = plain(&line.value.shown);
            entry.spoken_value = line.value.spoken.clone();
        }
        self.targets += 1;
    }

    fn targets(&mut self, targets: &[Target]) {
        for target in targets {
            self.push(Role::Button, &target.label(), target.private);
            if let Some(entry) = self.entries.last_mut() {
                entry.target = Some(self.targets);
                entry.state = match (target.usable, target.chosen) {
                    (false, _) => State::Unavailable,
                    (true, true) => State::Chosen,
                    (true, false) => State::Usable,
                };
            }
            self.targets += 1;
        }
    }
}

/// On the screen an amount does not part at the end of a line; in the script it is plain text.
pub(crate) fn plain(words: &str) -> String {
    words.replace('\u{a0}', " ")
}

//! What a citizen writes on the keyboard of the screen: a text with a cursor, and the way back from a slip of the hand.
//!
//! Pure, like the sessions that use it. What is written is the citizen's own: `Debug` shows only how long it is, and
//! the allocator wipes it when it is dropped.

#[cfg(test)]
mod tests;

use std::fmt;

use ui::{Intent, WriteKeys};

/// Steps back that are kept.
const STEPS: usize = 64;

/// What may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Most characters.
    pub longest: u16,
    /// Several lines.
    pub lines: bool,
}

/// What the last change was: a run of the same is one step back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Writing,
    Erasing,
    None,
}

/// A text that is being written.
#[derive(Clone, PartialEq, Eq)]
pub struct Editor {
    rules: Rules,
    text: Vec<char>,
    /// Characters before the cursor.
    cursor: usize,
    /// Which keys are shown.
    keys: WriteKeys,
    before: Vec<(Vec<char>, usize)>,
    run: Run,
}

impl Editor {
    /// With this text, the cursor behind it. What is longer than allowed or not allowed is left out.
    pub fn new(rules: Rules, text: &str) -> Editor {
        let allowed = text.chars().filter(|character| allowed(rules, *character));
        let text: Vec<char> = allowed.take(rules.longest.into()).collect();
        let cursor = text.len();
        let keys = if text.is_empty() { WriteKeys::Capital } else { WriteKeys::Small };
        Editor { rules, text, cursor, keys, before: Vec::new(), run: Run::None }
    }

    /// What is written.
    pub fn text(&self) -> String {
        self.text.iter().collect()
    }

    /// Characters before the cursor.
    pub fn cursor(&self) -> u16 {
        u16::try_from(self.cursor).unwrap_or(u16::MAX)
    }

    /// What may be written.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Which keys are shown.
    pub fn keys(&self) -> WriteKeys {
        self.keys
    }

    /// There is a step back.
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Nothing but blanks.
    pub fn is_blank(&self) -> bool {
        self.text.iter().all(|character| character.is_whitespace())
    }

    /// Writes a character at the cursor; false when it may not be written or there is no more room.
    pub fn write(&mut self, character: char) -> bool {
        if !allowed(self.rules, character) || self.text.len() >= usize::from(self.rules.longest) {
            return false;
        }
        // A word is a step.
        let begins = character.is_whitespace() != self.behind().is_none_or(char::is_whitespace);
        if self.run != Run::Writing || begins {
            self.keep();
        }
        self.run = Run::Writing;
        self.text.insert(self.cursor, character);
        self.cursor += 1;
        if self.keys == WriteKeys::Capital && character.is_alphabetic() {
            self.keys = WriteKeys::Small;
        }
        true
    }

    /// Takes the character before the cursor away.
    pub fn erase(&mut self) -> bool {
        let Some(at) = self.cursor.checked_sub(1) else { return false };
        if self.run != Run::Erasing {
            self.keep();
        }
        self.run = Run::Erasing;
        self.text.remove(at);
        self.cursor = at;
        true
    }

    /// Moves the cursor back by a character.
    pub fn back(&mut self) {
        self.cursor = self.cursor.saturating_sub(1);
        self.run = Run::None;
    }

    /// Moves the cursor on by a character.
    pub fn forward(&mut self) {
        self.cursor = (self.cursor + 1).min(self.text.len());
        self.run = Run::None;
    }

    /// Takes the last step back: a word that was written, or what was erased.
    pub fn undo(&mut self) -> bool {
        let Some((text, cursor)) = self.before.pop() else { return false };
        (self.text, self.cursor, self.run) = (text, cursor, Run::None);
        true
    }

    /// Shows other keys.
    pub fn show_keys(&mut self, keys: WriteKeys) {
        self.keys = keys;
    }

    /// Does what a touch on the keyboard means; false when it means nothing here.
    pub fn touch(&mut self, intent: Intent) -> bool {
        match intent {
            Intent::Letter(character) => self.write(character),
            Intent::Digit(digit) => {
                char::from_digit(u32::from(digit), 10).is_some_and(|digit| self.write(digit))
            }
            Intent::Erase => self.erase(),
            Intent::Undo => self.undo(),
            Intent::CursorBack => {
                self.back();
                true
            }
            Intent::CursorForward => {
                self.forward();
                true
            }
            Intent::WriteKeys(keys) => {
                self.show_keys(keys);
                true
            }
            _ => false,
        }
    }

    fn behind(&self) -> Option<char> {
        self.cursor.checked_sub(1).and_then(|at| self.text.get(at)).copied()
    }

    fn keep(&mut self) {
        if self.before.len() == STEPS {
            self.before.remove(0);
        }
        self.before.push((self.text.clone(), self.cursor));
    }
}

/// Letters of any language, digits, blanks, and the signs of the keyboard; no control characters but the line feed.
fn allowed(rules: Rules, character: char) -> bool {
    match character {
        '\n' => rules.lines,
        ' ' => true,
        _ => character.is_alphanumeric() || is_sign(character),
    }
}

/// The signs that the keyboard has.
pub fn is_sign(character: char) -> bool {
    ".,;:?!¿¡()/@_+-\"'€%ºª&#*=·".contains(character)
}

impl fmt::Debug for Editor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Editor").field("characters", &self.text.len()).finish_non_exhaustive()
    }
}

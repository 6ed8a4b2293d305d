//! What fingers and keys do: which presses count, and for what.
//!
//! A finger acts when it is lifted inside of what it pressed; sliding off cancels. What shakes or bounces counts
//! once: a second press of the same thing within 300 ms, and any press within 300 ms of one that has changed the
//! page, so that a double tap cannot press the button that has come up beneath the finger.
//! Key repeat is the keyboard driver's: here every key event is a press of its own.
use std::fmt;
use std::time::Duration;

use crate::view::Intent;

/// A touch or key as the driver tells it. Points are in pixels of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputEvent {
    /// The first finger is down; others are ignored until it is up.
    Press {
        /// From the left.
        x: i32,
        /// From the top.
        y: i32,
    },
    /// It moves.
    Move {
        /// From the left.
        x: i32,
        /// From the top.
        y: i32,
    },
    /// It is up.
    Release {
        /// From the left.
        x: i32,
        /// From the top.
        y: i32,
    },
    /// A key of the keypad was pressed; a held key tells it once.
    Key(Key),
}

/// The keys of the keypad, and of a keyboard.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Previous item; where there is a keyboard on the screen, the row above.
    Up,
    /// Next item; where there is a keyboard on the screen, the row below.
    Down,
    /// Previous item. In a text that is being written, the cursor goes back as long as it can.
    Left,
    /// Next item. In a text that is being written, the cursor goes on as long as it can.
    Right,
    /// Next item everywhere: the one that moves, of two switches.
    Next,
    /// Chooses what has the focus.
    Select,
    /// One page back.
    Back,
    /// Help, and back from it.
    Help,
    /// The page of languages.
    Language,
    /// Cancels the errand, giving back what was inserted.
    Cancel,
    /// Takes the last character back.
    Clear,
    /// A digit, 0 to 9.
    Digit(u8),
    /// A character of a keyboard, where something is typed.
    Character(char),
}

/// A digit or character may be one of a PIN: it is never printed.
impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Up => "Up",
            Self::Down => "Down",
            Self::Left => "Left",
            Self::Right => "Right",
            Self::Next => "Next",
            Self::Select => "Select",
            Self::Back => "Back",
            Self::Help => "Help",
            Self::Language => "Language",
            Self::Cancel => "Cancel",
            Self::Clear => "Clear",
            Self::Digit(_) => "Digit(_)",
            Self::Character(_) => "Character(_)",
        })
    }
}

/// Within this time a press of the same thing is the same press.
const BOUNCE: Duration = Duration::from_millis(300);

/// A press that is under way.
#[derive(Clone, Copy)]
pub(crate) struct Press {
    at: Duration,
    /// The page that was touched.
    page: u64,
    /// The finger acts on something; else it is followed, and nothing comes of it.
    pub counts: bool,
}

/// What was chosen last.
#[derive(Clone, Copy)]
struct Chosen {
    intent: Intent,
    pressed: Duration,
    done: Duration,
    page: u64,
}

/// Tells which presses count.
#[derive(Default)]
pub(crate) struct Finger {
    pub press: Option<Press>,
    chosen: Option<Chosen>,
}

impl Finger {
    /// The finger is down, on this page.
    pub fn press(&mut self, at: Duration, page: u64) -> bool {
        if self.press.is_some() {
            return false;
        }
        let counts =
            !self.chosen.is_some_and(|last| last.page != page && at.saturating_sub(last.done) < BOUNCE);
        self.press = Some(Press { at, page, counts });
        counts
    }

    /// The finger is up; the press if something may come of it.
    pub fn release(&mut self) -> Option<Press> {
        self.press.take().filter(|press| press.counts)
    }

    /// The page has changed: what was chosen on the one before may be a sign of a secret, and only its time counts
    /// from now on.
    pub fn forget(&mut self) {
        if let Some(last) = &mut self.chosen {
            last.intent = Intent::StillHere;
        }
    }

    /// A press has chosen this: whether it counts.
    pub fn choose(&mut self, press: Press, now: Duration, page: u64, intent: Intent) -> bool {
        if press.page != page {
            return false;
        }
        self.count(intent, press.at, now, page)
    }

    /// The select key has chosen this: whether it counts.
    pub fn select(&mut self, now: Duration, page: u64, intent: Intent) -> bool {
        if self.chosen.is_some_and(|last| last.page != page && now.saturating_sub(last.done) < BOUNCE) {
            return false;
        }
        self.count(intent, now, now, page)
    }

    fn count(&mut self, intent: Intent, pressed: Duration, now: Duration, page: u64) -> bool {
        let again = self.chosen.is_some_and(|last| {
            last.intent == intent && last.page == page && pressed.saturating_sub(last.pressed) < BOUNCE
        });
        if !again {
            self.chosen = Some(Chosen { intent, pressed, done: now, page });
        }
        !again
    }
}

//! The Spanish keyboard: which character a key gives, with Shift, Caps Lock, AltGr and the dead accents. Pure.
//!
//! The table is that of the keys themselves (layout `es` of xkeyboard-config, its Windows variant, three levels): what
//! is printed on a keyboard that is bought in Spain. À, È and Ò of Valencian come of the dead grave accent, l·l of
//! Shift and 3. A dead accent before a letter that never bears it is lost, and the letter stays.
use std::fmt;

use evdev::KeyCode;

/// What a key gives by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// Nothing.
    None,
    /// This character.
    Is(char),
    /// An accent for the letter that comes next, and what it is alone.
    Dead(char),
}

use Sign::{Dead, Is, None as No};

const GRAVE: Sign = Dead('`');
const CIRCUMFLEX: Sign = Dead('^');
const ACUTE: Sign = Dead('´');
const DIAERESIS: Sign = Dead('¨');
const TILDE: Sign = Dead('~');

/// By the number of the key: alone, with Shift, with AltGr.
const TABLE: [(KeyCode, [Sign; 3]); 21] = [
    (KeyCode::KEY_1, [Is('1'), Is('!'), Is('|')]),
    (KeyCode::KEY_2, [Is('2'), Is('"'), Is('@')]),
    (KeyCode::KEY_3, [Is('3'), Is('·'), Is('#')]),
    (KeyCode::KEY_4, [Is('4'), Is('$'), Is('~')]),
    (KeyCode::KEY_5, [Is('5'), Is('%'), Is('€')]),
    (KeyCode::KEY_6, [Is('6'), Is('&'), Is('¬')]),
    (KeyCode::KEY_7, [Is('7'), Is('/'), Is('{')]),
    (KeyCode::KEY_8, [Is('8'), Is('('), Is('[')]),
    (KeyCode::KEY_9, [Is('9'), Is(')'), Is(']')]),
    (KeyCode::KEY_0, [Is('0'), Is('='), Is('}')]),
    (KeyCode::KEY_MINUS, [Is('\''), Is('?'), Is('\\')]),
    (KeyCode::KEY_EQUAL, [Is('¡'), Is('¿'), No]),
    (KeyCode::KEY_LEFTBRACE, [GRAVE, CIRCUMFLEX, Is('[')]),
    (KeyCode::KEY_RIGHTBRACE, [Is('+'), Is('*'), Is(']')]),
    (KeyCode::KEY_APOSTROPHE, [ACUTE, DIAERESIS, Is('{')]),
    (KeyCode::KEY_GRAVE, [Is('º'), Is('ª'), Is('\\')]),
    (KeyCode::KEY_102ND, [Is('<'), Is('>'), Is('|')]),
    (KeyCode::KEY_COMMA, [Is(','), Is(';'), No]),
    (KeyCode::KEY_DOT, [Is('.'), Is(':'), Is('·')]),
    (KeyCode::KEY_SLASH, [Is('-'), Is('_'), No]),
    (KeyCode::KEY_SPACE, [Is(' '), Is(' '), Is(' ')]),
];

/// Letters, which Caps Lock makes capital, and what AltGr makes of their keys.
const LETTERS: [(KeyCode, char, Sign); 28] = [
    (KeyCode::KEY_Q, 'q', No),
    (KeyCode::KEY_W, 'w', No),
    (KeyCode::KEY_E, 'e', Is('€')),
    (KeyCode::KEY_R, 'r', No),
    (KeyCode::KEY_T, 't', No),
    (KeyCode::KEY_Y, 'y', No),
    (KeyCode::KEY_U, 'u', No),
    (KeyCode::KEY_I, 'i', No),
    (KeyCode::KEY_O, 'o', No),
    (KeyCode::KEY_P, 'p', No),
    (KeyCode::KEY_A, 'a', No),
    (KeyCode::KEY_S, 's', No),
    (KeyCode::KEY_D, 'd', No),
    (KeyCode::KEY_F, 'f', No),
    (KeyCode::KEY_G, 'g', No),
    (KeyCode::KEY_H, 'h', No),
    (KeyCode::KEY_J, 'j', No),
    (KeyCode::KEY_K, 'k', No),
    (KeyCode::KEY_L, 'l', No),
    (KeyCode::KEY_SEMICOLON, 'ñ', TILDE),
    (KeyCode::KEY_BACKSLASH, 'ç', Is('}')),
    (KeyCode::KEY_Z, 'z', No),
    (KeyCode::KEY_X, 'x', No),
    (KeyCode::KEY_C, 'c', No),
    (KeyCode::KEY_V, 'v', No),
    (KeyCode::KEY_B, 'b', No),
    (KeyCode::KEY_N, 'n', No),
    (KeyCode::KEY_M, 'm', No),
];

/// Signs of the number pad that are no digits.
const PAD: [(KeyCode, char); 5] = [
    (KeyCode::KEY_KPSLASH, '/'),
    (KeyCode::KEY_KPASTERISK, '*'),
    (KeyCode::KEY_KPMINUS, '-'),
    (KeyCode::KEY_KPPLUS, '+'),
    (KeyCode::KEY_KPDOT, '.'),
];

/// Letters that bear an accent, and what they become, in the same order.
const ACCENTED: [(Sign, &str, &str); 5] = [
    (GRAVE, "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
    (CIRCUMFLEX, "aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
    (ACUTE, "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
    (DIAERESIS, "aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
    (TILDE, "anoANO", "ãñõÃÑÕ"),
];

/// Keys that change what others give while they are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    shift: [bool; 2],
    level: bool,
    /// Control, Alt and the logo: what they do is no character.
    command: [bool; 5],
}

/// The state of a keyboard: what is held, and the accent that waits for its letter.
#[derive(Clone, Default)]
pub(crate) struct Layout {
    held: Held,
    capitals: bool,
    accent: Option<char>,
}

/// An accent may be one of a name: it is not printed.
impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout").field("held", &self.held).finish_non_exhaustive()
    }
}

impl Layout {
    /// A key that changes others went down or up; false for every other key.
    pub(crate) fn hold(&mut self, code: u16, down: bool) -> bool {
        let held = match KeyCode(code) {
            KeyCode::KEY_LEFTSHIFT => &mut self.held.shift[0],
            KeyCode::KEY_RIGHTSHIFT => &mut self.held.shift[1],
            KeyCode::KEY_RIGHTALT => &mut self.held.level,
            KeyCode::KEY_LEFTCTRL => &mut self.held.command[0],
            KeyCode::KEY_RIGHTCTRL => &mut self.held.command[1],
            KeyCode::KEY_LEFTALT => &mut self.held.command[2],
            KeyCode::KEY_LEFTMETA => &mut self.held.command[3],
            KeyCode::KEY_RIGHTMETA => &mut self.held.command[4],
            KeyCode::KEY_CAPSLOCK => {
                self.capitals ^= down;
                return true;
            }
            _ => return false,
        };
        *held = down;
        true
    }

    /// Events were lost: these keys are held now. Caps Lock stays as it was.
    pub(crate) fn restore(&mut self, held: &[u16]) {
        self.held = Held::default();
        self.accent = None;
        for code in held.iter().filter(|code| **code != KeyCode::KEY_CAPSLOCK.code()) {
            self.hold(*code, true);
        }
    }

    /// Forgets an accent that waits: a key without a character came.
    pub(crate) fn forget(&mut self) {
        self.accent = None;
    }

    /// What a key gives now; `None` for nothing, or nothing yet.
    pub(crate) fn press(&mut self, code: u16) -> Option<char> {
        if self.held.command.contains(&true) {
            return None;
        }
        match (self.sign(KeyCode(code)), self.accent.take()) {
            (No, accent) => {
                self.accent = accent;
                None
            }
            // Twice the same accent, or a space behind it: the accent alone.
            (Dead(accent), Some(before)) if accent == before => Some(accent),
            (Dead(accent), _) => {
                self.accent = Some(accent);
                None
            }
            (Is(' '), Some(accent)) => Some(accent),
            (Is(character), Some(accent)) => Some(accented(accent, character).unwrap_or(character)),
            (Is(character), None) => Some(character),
        }
    }

    fn sign(&self, key: KeyCode) -> Sign {
        let shift = self.held.shift.contains(&true);
        if let Some((_, letter, level)) = LETTERS.iter().find(|(known, ..)| *known == key) {
            return match (self.held.level, shift != self.capitals) {
                (true, _) => *level,
                (false, false) => Is(*letter),
                (false, true) => letter.to_uppercase().next().map_or(No, Is),
            };
        }
        if let Some((_, [plain, shifted, level])) = TABLE.iter().find(|(known, _)| *known == key) {
            return match (self.held.level, shift) {
                (true, _) => *level,
                (false, true) => *shifted,
                (false, false) => *plain,
            };
        }
        PAD.iter().find(|(known, _)| *known == key).map_or(No, |(_, sign)| Is(*sign))
    }
}

/// A letter with its accent, if there is such a letter.
fn accented(accent: char, letter: char) -> Option<char> {
    let (_, plain, with) = ACCENTED.iter().find(|(dead, ..)| *dead == Dead(accent))?;
    plain.chars().zip(with.chars()).find(|(known, _)| *known == letter).map(|(_, with)| with)
}

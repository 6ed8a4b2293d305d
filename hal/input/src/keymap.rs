//! Which key of the kernel means what. The default fits a keyboard, a numeric pad and the Storm keypads as they
//! are delivered; a board file changes single keys, as those keypads can be programmed.
use std::collections::BTreeMap;
use std::str::FromStr;

use evdev::KeyCode;

use crate::event::Keycode;

/// The table from the kernel's keys to the kiosk's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMap {
    keys: BTreeMap<u16, Keycode>,
}

/// A name in a board file that is no key of the kernel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no key of the kernel: write KEY_F1, or its number from linux/input-event-codes.h")]
pub struct UnknownKey(pub String);

impl KeyMap {
    /// A table without keys.
    pub fn empty() -> KeyMap {
        KeyMap { keys: BTreeMap::new() }
    }

    /// What the key with this number means, if anything.
    pub fn get(&self, code: u16) -> Option<Keycode> {
        self.keys.get(&code).copied()
    }

    /// The numbers of the keys that mean something.
    pub fn codes(&self) -> impl Iterator<Item = u16> + '_ {
        self.keys.keys().copied()
    }

    /// Gives a key a meaning, or with `None` takes it away.
    pub fn set(&mut self, code: u16, keycode: Option<Keycode>) {
        match keycode {
            Some(keycode) => self.keys.insert(code, keycode),
            None => self.keys.remove(&code),
        };
    }

    /// The number of a key by its name in `linux/input-event-codes.h`, or by a decimal number.
    ///
    /// # Errors
    /// The kernel has no such key.
    pub fn code(name: &str) -> Result<u16, UnknownKey> {
        let unknown = || UnknownKey(name.to_owned());
        let code = match name.parse::<u16>() {
            Ok(number) => number,
            Err(_) => KeyCode::from_str(name).map_err(|_| unknown())?.code(),
        };
        // KEY_MAX of the kernel; past it no key can ever be reported.
        if code <= 0x2ff { Ok(code) } else { Err(unknown()) }
    }
}

impl Default for KeyMap {
    fn default() -> KeyMap {
        let digits = [
            (KeyCode::KEY_0, KeyCode::KEY_KP0),
            (KeyCode::KEY_1, KeyCode::KEY_KP1),
            (KeyCode::KEY_2, KeyCode::KEY_KP2),
            (KeyCode::KEY_3, KeyCode::KEY_KP3),
            (KeyCode::KEY_4, KeyCode::KEY_KP4),
            (KeyCode::KEY_5, KeyCode::KEY_KP5),
            (KeyCode::KEY_6, KeyCode::KEY_KP6),
            (KeyCode::KEY_7, KeyCode::KEY_KP7),
            (KeyCode::KEY_8, KeyCode::KEY_KP8),
            (KeyCode::KEY_9, KeyCode::KEY_KP9),
        ];
        let others = [
            (KeyCode::KEY_UP, Keycode::Up),
            (KeyCode::KEY_DOWN, Keycode::Down),
            (KeyCode::KEY_LEFT, Keycode::Left),
            (KeyCode::KEY_RIGHT, Keycode::Right),
            (KeyCode::KEY_ENTER, Keycode::Enter),
            (KeyCode::KEY_KPENTER, Keycode::Enter),
            (KeyCode::KEY_OK, Keycode::Enter),
            (KeyCode::KEY_SELECT, Keycode::Enter),
            (KeyCode::KEY_ESC, Keycode::Escape),
            (KeyCode::KEY_CANCEL, Keycode::Escape),
            (KeyCode::KEY_BACKSPACE, Keycode::Backspace),
            (KeyCode::KEY_DELETE, Keycode::Backspace),
            (KeyCode::KEY_CLEAR, Keycode::Backspace),
            (KeyCode::KEY_TAB, Keycode::Tab),
            (KeyCode::KEY_F1, Keycode::Help),
            (KeyCode::KEY_HELP, Keycode::Help),
            (KeyCode::KEY_F2, Keycode::Language),
            (KeyCode::KEY_LANGUAGE, Keycode::Language),
            (KeyCode::KEY_F3, Keycode::Repeat),
            (KeyCode::KEY_F4, Keycode::HideScreen),
            (KeyCode::KEY_F5, Keycode::RateDown),
            (KeyCode::KEY_F6, Keycode::RateUp),
            (KeyCode::KEY_VOLUMEUP, Keycode::VolumeUp),
            (KeyCode::KEY_VOLUMEDOWN, Keycode::VolumeDown),
            (KeyCode::KEY_PAUSE, Keycode::Pause),
            (KeyCode::KEY_PLAYPAUSE, Keycode::Pause),
        ];
        let mut keys = BTreeMap::new();
        for (digit, (row, pad)) in (0..).zip(digits) {
            keys.insert(row.code(), Keycode::Digit(digit));
            keys.insert(pad.code(), Keycode::Digit(digit));
        }
        keys.extend(others.map(|(key, keycode)| (key.code(), keycode)));
        KeyMap { keys }
    }
}

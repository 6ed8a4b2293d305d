//! A reader that types: key codes of Linux (`input-event-codes.h`) as a US keyboard would type them.
//!
//! Readers are set to the US layout and type FNC1 as Control and `]`. Keys that print nothing are dropped and
//! counted. Enter ends a scan.
use crate::ScanDecoder;

/// A key that went down or up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEvent {
    /// A key changed.
    Key {
        /// Its code.
        code: u16,
        /// Down; otherwise up.
        down: bool,
    },
    /// The kernel lost events: the scan under way is not whole.
    Lost,
}

/// The characters of codes 2 to 57, plain. A space stands for keys that print nothing, but code 57 itself.
const PLAIN: &[u8; 56] = b"1234567890-=  qwertyuiop[]  asdfghjkl;'` \\zxcvbnm,./ *  ";
/// The same with Shift.
const SHIFTED: &[u8; 56] = b"!@#$%^&*()_+  QWERTYUIOP{}  ASDFGHJKL:\"~ |ZXCVBNM<>? *  ";
/// Codes 71 to 83: the keypad.
const KEYPAD: &[u8; 13] = b"789-456+1230.";

const FIRST: u16 = 2;
const SPACE: u16 = 57;
const FIRST_OF_KEYPAD: u16 = 71;
const ENTER: [u16; 2] = [28, 96];
const SHIFT: [u16; 2] = [42, 54];
const CONTROL: [u16; 2] = [29, 97];
const RIGHT_BRACKET: u16 = 27;
const GROUP_SEPARATOR: u8 = 0x1D;

/// Collects the keys of one scan.
#[derive(Clone, Debug, Default)]
pub struct KeyDecoder {
    scan: ScanDecoder,
    shift: [bool; 2],
    control: [bool; 2],
    odd_keys: u64,
}

impl KeyDecoder {
    /// No key down.
    pub fn new() -> KeyDecoder {
        KeyDecoder::default()
    }

    /// Takes an event; gives the scan that it ends.
    pub fn push(&mut self, event: KeyEvent) -> Option<String> {
        let KeyEvent::Key { code, down } = event else {
            self.shift = [false; 2];
            self.control = [false; 2];
            self.scan.abandon();
            return None;
        };
        for (codes, held) in [(SHIFT, &mut self.shift), (CONTROL, &mut self.control)] {
            for (held, _) in held.iter_mut().zip(codes).filter(|(_, held_code)| *held_code == code) {
                *held = down;
            }
        }
        if !down || SHIFT.contains(&code) || CONTROL.contains(&code) {
            return None;
        }
        if ENTER.contains(&code) {
            return self.scan.end();
        }
        let shift = self.shift.contains(&true);
        let character = match self.control.contains(&true) {
            true => (code == RIGHT_BRACKET).then_some(GROUP_SEPARATOR),
            false => character(code, shift),
        };
        match character {
            Some(character) => self.scan.push(character),
            None => {
                self.odd_keys += 1;
                None
            }
        }
    }

    /// Drops what was typed of a scan whose Enter does not come.
    pub fn abandon(&mut self) {
        self.scan.abandon();
    }

    /// True between two scans.
    pub fn is_idle(&self) -> bool {
        self.scan.is_idle()
    }

    /// Characters and keys that belong to no scan, since the start.
    pub fn dropped(&self) -> u64 {
        self.scan.dropped() + self.odd_keys
    }
}

fn character(code: u16, shift: bool) -> Option<u8> {
    if code == SPACE {
        return Some(b' ');
    }
    if let Some(place) = code.checked_sub(FIRST_OF_KEYPAD)
        && let Some(character) = KEYPAD.get(usize::from(place))
    {
        return Some(*character);
    }
    let table = if shift { SHIFTED } else { PLAIN };
    let place = usize::from(code.checked_sub(FIRST)?);
    table.get(place).copied().filter(|&character| character != b' ')
}

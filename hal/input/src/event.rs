//! What goes in (raw events of the kernel) and what comes out (touches and keys).
use std::fmt;
use std::str::FromStr;

/// An event as the kernel gives it, without its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawEvent {
    /// `EV_…`.
    pub kind: u16,
    /// `KEY_…`, `ABS_…`, `SYN_…`, by the kind.
    pub code: u16,
    /// The state or position.
    pub value: i32,
}

impl RawEvent {
    /// An event.
    pub const fn new(kind: u16, code: u16, value: i32) -> RawEvent {
        RawEvent { kind, code, value }
    }
}

/// What a citizen did. Coordinates are physical pixels in the panel's own orientation, inside the screen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum InputEvent {
    /// The first finger touched the screen.
    Press {
        /// From the left edge.
        x: u32,
        /// From the top edge.
        y: u32,
    },
    /// That finger moved.
    Move {
        /// From the left edge.
        x: u32,
        /// From the top edge.
        y: u32,
    },
    /// That finger was lifted, or its device is gone.
    Release {
        /// From the left edge.
        x: u32,
        /// From the top edge.
        y: u32,
    },
    /// A key was pressed; holding it gives no more.
    Key(Keycode),
    /// A key of a keyboard that gives a character, of the Spanish layout; digits without a modifier are
    /// [`Keycode::Digit`] instead. May be one of a PIN or of a name: `Debug` does not tell it.
    Character(char),
    /// Headphones are in the jack, or no longer. Comes once at start, and at each change.
    Headphones(bool),
}

impl fmt::Debug for InputEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point = |f: &mut fmt::Formatter<'_>, name, x: &u32, y: &u32| {
            f.debug_struct(name).field("x", x).field("y", y).finish()
        };
        match self {
            InputEvent::Press { x, y } => point(f, "Press", x, y),
            InputEvent::Move { x, y } => point(f, "Move", x, y),
            InputEvent::Release { x, y } => point(f, "Release", x, y),
            InputEvent::Key(key) => f.debug_tuple("Key").field(key).finish(),
            InputEvent::Character(_) => f.write_str("Character(_)"),
            InputEvent::Headphones(on) => f.debug_tuple("Headphones").field(on).finish(),
        }
    }
}

/// What a key means to the kiosk, whatever the keypad sends for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keycode {
    /// 0 to 9.
    Digit(u8),
    /// To the element above.
    Up,
    /// To the element below.
    Down,
    /// Back, or to the left.
    Left,
    /// On, or to the right.
    Right,
    /// Does what has the focus; the green key.
    Enter,
    /// Ends or goes back; the red key.
    Escape,
    /// Takes back the last character; the yellow key.
    Backspace,
    /// To the next element: the "move" of two switches.
    Tab,
    /// Explains, and calls the staff.
    Help,
    /// The next language.
    Language,
    /// Louder.
    VolumeUp,
    /// Quieter.
    VolumeDown,
    /// Faster speech.
    RateUp,
    /// Slower speech.
    RateDown,
    /// Stops and goes on with the speech.
    Pause,
    /// Says it again.
    Repeat,
    /// Blanks the screen for the privacy of who listens.
    HideScreen,
}

/// A name in a board file that is no [`Keycode`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no key of the kiosk: digit-0 to digit-9, {known}", known = known())]
pub struct UnknownKeycode(pub String);

const NAMES: [(&str, Keycode); 17] = [
    ("up", Keycode::Up),
    ("down", Keycode::Down),
    ("left", Keycode::Left),
    ("right", Keycode::Right),
    ("enter", Keycode::Enter),
    ("escape", Keycode::Escape),
    ("backspace", Keycode::Backspace),
    ("tab", Keycode::Tab),
    ("help", Keycode::Help),
    ("language", Keycode::Language),
    ("volume-up", Keycode::VolumeUp),
    ("volume-down", Keycode::VolumeDown),
    ("rate-up", Keycode::RateUp),
    ("rate-down", Keycode::RateDown),
    ("pause", Keycode::Pause),
    ("repeat", Keycode::Repeat),
    ("hide-screen", Keycode::HideScreen),
];

fn known() -> String {
    NAMES.map(|(name, _)| name).join(", ")
}

/// The names of board files: `enter`, `volume-up`, `digit-5`.
impl FromStr for Keycode {
    type Err = UnknownKeycode;

    fn from_str(text: &str) -> Result<Keycode, UnknownKeycode> {
        let digit =
            text.strip_prefix("digit-").and_then(|digit| digit.parse().ok()).filter(|digit| *digit <= 9);
        let named = || NAMES.iter().find(|(name, _)| *name == text).map(|(_, keycode)| *keycode);
        digit.map(Keycode::Digit).or_else(named).ok_or_else(|| UnknownKeycode(text.to_owned()))
    }
}

impl fmt::Display for Keycode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Keycode::Digit(digit) = self {
            return write!(f, "digit-{digit}");
        }
        f.write_str(NAMES.iter().find(|(_, keycode)| keycode == self).map_or("", |(name, _)| name))
    }
}

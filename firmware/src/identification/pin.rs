//! The PIN of a card on its pages: the warning before the last try, the keys, what was wrong before. Shared by whoever
//! has a card sign.
use hal_smartcard::dialogue::Pin;
use ui::{Intent, Page, PinKeys, PinProblem};

/// What is known of a card's PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinRules {
    /// It is a DNIe.
    pub dnie: bool,
    /// Fewest characters.
    pub shortest: u8,
    /// Most characters.
    pub longest: u8,
    /// Tries that are left; `None` when the card does not tell.
    pub tries_left: Option<u8>,
}

/// The PIN as it is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typing {
    /// What is known of it.
    pub rules: PinRules,
    /// So far.
    pub pin: Pin,
    /// The keys.
    pub keys: PinKeys,
    /// What was wrong before.
    pub problem: Option<PinProblem>,
    /// The citizen knows that it is the last try.
    pub last_try: bool,
}

/// A PIN that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinEntry {
    /// A wrong PIN would block the card: go on?
    LastTry(PinRules),
    /// The PIN.
    Typing(Typing),
}

/// What a wish means to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinWish {
    /// It goes on being asked for.
    Stay,
    /// The citizen turns back: nothing of it is left, and the card was given nothing.
    Leave,
    /// It is to be given to the card, once.
    Give {
        /// The PIN.
        pin: Pin,
        /// The citizen knows that it is the last try.
        last_try: bool,
    },
}

impl PinEntry {
    /// Asks for it anew; `None`: it is blocked.
    #[must_use]
    pub fn ask(rules: PinRules, problem: Option<PinProblem>) -> Option<PinEntry> {
        match rules.tries_left {
            Some(0) => None,
            Some(1) => Some(PinEntry::LastTry(rules)),
            _ => Some(PinEntry::Typing(Typing { problem, ..Typing::new(rules, false) })),
        }
    }

    /// What is known of it.
    #[must_use]
    pub fn rules(&self) -> PinRules {
        match self {
            PinEntry::LastTry(rules) | PinEntry::Typing(Typing { rules, .. }) => *rules,
        }
    }

    /// The citizen's wish.
    #[must_use = "it says what is to become of the PIN"]
    pub fn wish(&mut self, intent: Intent) -> PinWish {
        match (self, intent) {
            (_, Intent::Cancel | Intent::Back) => PinWish::Leave,
            (entry @ PinEntry::LastTry(_), Intent::Confirm) => {
                *entry = PinEntry::Typing(Typing::new(entry.rules(), true));
                PinWish::Stay
            }
            (PinEntry::LastTry(_), _) => PinWish::Stay,
            (PinEntry::Typing(typing), intent) => typing.wish(intent),
        }
    }

    /// What is to be shown; `signs`: it is for a signature that binds.
    #[must_use]
    pub fn page(&self, signs: bool) -> Page {
        match self {
            PinEntry::LastTry(_) => Page::LastTry,
            PinEntry::Typing(typing) => Page::Pin {
                characters: typing.pin.len(),
                longest: typing.rules.longest,
                complete: typing.pin.len() >= typing.rules.shortest,
                tries_left: typing.rules.tries_left,
                problem: typing.problem,
                keys: typing.keys,
                signs,
            },
        }
    }
}

impl Typing {
    fn new(rules: PinRules, last_try: bool) -> Typing {
        Typing { rules, pin: Pin::new(), keys: PinKeys::default(), problem: None, last_try }
    }

    fn wish(&mut self, intent: Intent) -> PinWish {
        let longest = self.rules.longest;
        let changed = match intent {
            Intent::Digit(digit) => {
                char::from_digit(u32::from(digit), 10).is_some_and(|digit| self.pin.push(digit, longest))
            }
            Intent::Letter(letter) => self.pin.push(letter, longest),
            Intent::Erase => {
                self.pin.erase();
                true
            }
            Intent::PinKeys(keys) => {
                self.keys = keys;
                false
            }
            Intent::Confirm if self.pin.len() < self.rules.shortest => {
                self.problem = Some(PinProblem::TooShort);
                false
            }
            Intent::Confirm => {
                return PinWish::Give { pin: self.pin.clone(), last_try: self.last_try };
            }
            _ => false,
        };
        if changed {
            self.problem = None;
        }
        PinWish::Stay
    }
}

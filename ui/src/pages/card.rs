//! The citizen's card: putting it in, its PIN, the last try, taking it out.
//!
//! Of the PIN only the number of its characters comes here. What is drawn is a dot a character, what is said is
//! their number (EN 301 549, 5.1.3.8); the keys are private, so that the loudspeaker never names one.
use super::Presenter;
use crate::generated::{Kind, Picture, Tone};
use crate::icon::Icon;
use crate::phrase::{Phrase, Value};
use crate::screen::{Field, Line, Note, Offer, Screen, Target};
use crate::texts::Text;
use crate::view::{CardProblem, Intent, Page, PinKeys, PinProblem};

impl Presenter<'_> {
    pub(super) fn card(&self, problem: Option<CardProblem>) -> Screen {
        let mut screen = Screen::new(Kind::Card, self.text(Text::CardHeading)).help(Text::HelpCard);
        screen.lead = self.text(Text::CardLead);
        screen.problem = problem.map(|problem| self.card_problem(problem));
        let place = self.setting(&self.places.card);
        if !place.is_empty() {
            screen.notes.push(self.note(Tone::Plain, Icon::MapPin, self.text(Text::CardPlace), place));
        }
        let caption = |icon, title, text, usable| Offer { icon, title, text, usable };
        if problem == Some(CardProblem::Mute) {
            // Beside the right way the wrong one, which this citizen has just tried.
            screen.picture = Picture::CardTurned;
            screen.offers = vec![
                caption(Icon::Check, self.text(Text::CardRightShort), Phrase::default(), true),
                caption(Icon::X, self.text(Text::CardWrongShort), Phrase::default(), false),
            ];
        } else {
            screen.picture = Picture::CardIn;
            screen.offers = vec![caption(
                Icon::ArrowUp,
                self.text(Text::CardRight),
                self.text(Text::CardRightText),
                true,
            )];
        }
        // The first layer of the notice on personal data (Ley Orgánica 3/2018, article 11).
        screen.footnote = self.fill(Text::CardData, &[("town", Value::Words(&self.branding.name))]);
        screen
    }

    fn card_problem(&self, problem: CardProblem) -> Note {
        let (title, text) = match problem {
            CardProblem::Mute => (Text::CardMuteTitle, Text::CardMuteText),
            CardProblem::TakenOut => (Text::CardTakenOutTitle, Text::CardTakenOutText),
            CardProblem::Failed => (Text::CardFailedTitle, Text::CardFailedText),
            CardProblem::SedeUnreachable => (Text::ProblemTitle, Text::ProblemSedeUnreachable),
        };
        self.note(Tone::Attention, Icon::AlertTriangle, self.text(title), self.text(text))
    }

    pub(super) fn take_card(&self) -> Screen {
        let mut screen = Screen::new(Kind::TakeCard, self.text(Text::TakeCardHeading));
        screen.lead = self.text(Text::TakeCardLead);
        screen.picture = Picture::CardOut;
        screen
    }

    pub(super) fn pin(&self, page: &Page) -> Screen {
        let Page::Pin { characters, longest, complete, tries_left, problem, keys, signs } = page else {
            return self.out_of_service();
        };
        let (heading, lead) = match signs {
            true => (Text::PinSignHeading, Text::PinSignLead),
            false => (Text::PinHeading, Text::PinLead),
        };
        let mut screen = Screen::new(Kind::Pin, self.text(heading)).help(Text::HelpPin);
        screen.lead = self.text(lead);
        match (problem, tries_left) {
            (Some(problem), _) => screen.problem = Some(self.pin_problem(*problem, *tries_left)),
            (None, Some(1)) => {
                let (title, text) = (self.text(Text::LastTryHeading), self.text(Text::PinTriesLast));
                screen.problem = Some(self.note(Tone::Attention, Icon::AlertTriangle, title, text));
            }
            (None, Some(tries)) => screen.lead = screen.lead.joined(" ", &self.tries(*tries)),
            (None, None) => {}
        }
        let count = (*characters).min(*longest);
        let value = match count {
            0 => self.text(Text::TypeEmpty),
            1 => self.text(Text::PinCharactersOne),
            _ => self.fill(Text::PinCharactersMany, &[("count", Value::Number(count.into()))]),
        };
        let line = Line { key: self.text(Text::PinName), value };
        let enter = complete.then_some(Intent::Confirm);
        screen.field = Some(Field { line, empty: count == 0, dots: count, enter, rows: Vec::new() });
        screen.keys = self.pin_keys(*keys, count > 0);
        let why = if *complete { Phrase::default() } else { self.text(Text::PinIncomplete) };
        let confirm = Target::new(Intent::Confirm, self.text(Text::TypeConfirm)).primary();
        screen.actions = vec![confirm.text(why).usable(*complete)];
        screen
    }

    fn tries(&self, tries: u8) -> Phrase {
        match tries {
            1 => self.text(Text::PinTriesOne).joined(" ", &self.text(Text::PinTriesLast)),
            _ => self.fill(Text::PinTriesMany, &[("tries", Value::Number(tries.into()))]),
        }
    }

    fn pin_problem(&self, problem: PinProblem, tries_left: Option<u8>) -> Note {
        let (title, text) = match problem {
            PinProblem::Wrong => (Text::PinWrongTitle, Text::PinWrongText),
            PinProblem::TooShort => (Text::PinShortTitle, Text::PinShortText),
        };
        // How many tries are left is said before the next one.
        let tries = tries_left.map(|tries| self.tries(tries)).unwrap_or_default();
        let text = match (problem, tries_left) {
            (PinProblem::Wrong, Some(1)) => tries,
            (PinProblem::Wrong, _) => tries.joined(" ", &self.text(text)),
            (PinProblem::TooShort, _) => self.text(text).joined(" ", &tries),
        };
        self.note(Tone::Attention, Icon::AlertTriangle, self.text(title), text)
    }

    /// Digits as on the keypad beside the screen; letters in the order of the alphabet, which everybody knows and
    /// which is heard in order. The last three change the keys or take a character back.
    fn pin_keys(&self, keys: PinKeys, any: bool) -> Vec<Target> {
        let erase = Target::new(Intent::Erase, self.text(Text::TypeErase)).usable(any);
        let named = |shown: &str, id| Phrase { shown: shown.to_owned(), ..self.text(id) };
        let switch = |to: PinKeys| {
            let name = match to {
                PinKeys::Digits => named("123", Text::PinKeysDigits),
                PinKeys::Small => named("abc", Text::PinKeysSmall),
                PinKeys::Capital => named("ABC", Text::PinKeysCapital),
            };
            Target::new(Intent::PinKeys(to), name)
        };
        let digit =
            |digit: u8| Target::new(Intent::Digit(digit), self.value(Value::Number(digit.into()))).private();
        match keys {
            PinKeys::Digits => {
                let letters = Target::new(Intent::PinKeys(PinKeys::Small), self.text(Text::PinLetters));
                (1..=9).map(digit).chain([letters, digit(0), erase.icon(Icon::Backspace)]).collect()
            }
            PinKeys::Small => ('a'..='z')
                .map(|letter| self.letter(letter))
                .chain([switch(PinKeys::Capital), switch(PinKeys::Digits), erase])
                .collect(),
            PinKeys::Capital => ('A'..='Z')
                .map(|letter| self.letter(letter))
                .chain([switch(PinKeys::Small), switch(PinKeys::Digits), erase])
                .collect(),
        }
    }

    fn letter(&self, letter: char) -> Target {
        let shown = letter.to_string();
        let spoken = if letter.is_ascii_uppercase() {
            self.fill(Text::PinCapital, &[("letter", Value::Words(&shown))]).spoken
        } else {
            shown.clone()
        };
        Target::new(Intent::Letter(letter), Phrase { shown, spoken }).private()
    }

    pub(super) fn last_try(&self) -> Screen {
        let mut screen = Screen::new(Kind::LastTry, self.text(Text::LastTryHeading))
            .help(Text::HelpLastTry)
            .mark(Tone::Attention, Icon::AlertTriangle);
        screen.lead = self.text(Text::LastTryLead);
        let note = |tone, icon, title, text| self.note(tone, icon, self.text(title), self.text(text));
        screen.notes = vec![
            note(Tone::Attention, Icon::Lock, Text::LastTryUnblockTitle, Text::LastTryUnblockText),
            note(Tone::Plain, Icon::InfoCircle, Text::LastTryDoubtTitle, Text::LastTryDoubtText),
        ];
        screen.actions = vec![
            Target::new(Intent::Confirm, self.text(Text::LastTryConfirm)).primary(),
            Target::new(Intent::Cancel, self.text(Text::LastTryLeave)),
        ];
        screen
    }
}

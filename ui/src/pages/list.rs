//! Lists of any length, with words from outside. What does not fit within reach is on further parts of the list;
//! turning them is the pages' own business.
use super::Presenter;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::local::{ENTRIES, TURN};
use crate::measure::width;
use crate::phrase::{Phrase, Value, shortened};
use crate::screen::{Note, Screen, Target};
use crate::texts::Text;
use crate::view::{Intent, Item, Question};

/// Height of a card without its words, of a line of its title and of its text, of the gap below it, and of the least
/// card, which is also the one that turns the list; in millimetres.
const CARD: usize = 14;
const TITLE_LINE: usize = 20;
const TEXT_LINE: usize = 17;
const GAP: usize = 8;
const LEAST_CARD: usize = 47;
/// Signs of a title and of a text that surely fit on a line of a card.
const TITLE_SIGNS: usize = 32;
const TEXT_SIGNS: usize = 40;
/// Longest title and reason on a card; all of it is on the page that the card leads to.
pub(super) const TITLE_LONGEST: usize = 60;
pub(super) const REASON_LONGEST: usize = 64;
/// Choices on a page at most, the one that turns the list among them.
const MOST_CHOICES: usize = 6;
/// Hours on a page, four in a row, where they all fit and where there is one that turns them; and their signs.
const HOURS: usize = 16;
const HOURS_TURNED: usize = 12;
const HOUR_SIGNS: usize = 7;

/// Rows that fit within reach, and the widest name on one, in thousandths of its size of type.
const ROWS: usize = 7;
const ROW: u32 = 18_000;

/// Height that a list has within reach of a wheelchair, in millimetres.
const REACH: usize = 246;

impl Presenter<'_> {
    /// Puts the part of a list on the screen that is turned up. `names`: of the card that turns it on, and of the one
    /// that turns it to its beginning.
    pub(super) fn list(&self, screen: &mut Screen, cards: Vec<Target>, names: (Text, Text)) {
        let parts = parted(&cards.iter().map(height).collect::<Vec<_>>());
        self.part(screen, cards, &parts, names);
    }

    pub(super) fn part(
        &self,
        screen: &mut Screen,
        cards: Vec<Target>,
        parts: &[(usize, usize)],
        (more, first): (Text, Text),
    ) {
        let part = self.local.part(parts.len());
        let (from, count) = parts.get(part).copied().unwrap_or_default();
        screen.choices = cards.into_iter().skip(from).take(count).collect();
        if parts.len() > 1 {
            let last = part + 1 == parts.len();
            screen.choices.push(
                Target::new(TURN, self.text(if last { first } else { more }))
                    .icon(if last { Icon::ArrowUp } else { Icon::ArrowDown })
                    .text(self.fill(Text::CertificatesPart, &self.of_parts(part, parts.len()))),
            );
        }
    }

    /// Which part, from 1, of so many.
    pub(super) fn of_parts(&self, part: usize, parts: usize) -> [(&'static str, Value<'static>); 2] {
        let number = |number: usize| Value::Number(u32::try_from(number).unwrap_or(u32::MAX));
        [("part", number(part + 1)), ("parts", number(parts))]
    }

    pub(super) fn choose(&self, question: Question, name: &str, items: &[Item]) -> Screen {
        if items.is_empty() {
            return self.nothing_to_choose(question);
        }
        let (heading, help, icon) = match question {
            Question::Body => (Text::ChooseBodyHeading, Text::HelpChooseBody, Icon::Building),
            Question::AttachmentKind => (Text::ChooseKindHeading, Text::HelpChooseKind, Icon::Files),
            Question::AppointmentService => {
                (Text::ChooseServiceHeading, Text::HelpChooseAppointment, Icon::CalendarEvent)
            }
            Question::AppointmentOffice => {
                (Text::ChooseOfficeHeading, Text::HelpChooseAppointment, Icon::MapPin)
            }
            Question::AppointmentDay => {
                (Text::ChooseDayHeading, Text::HelpChooseAppointment, Icon::CalendarEvent)
            }
            Question::AppointmentHour => (Text::ChooseHourHeading, Text::HelpChooseAppointment, Icon::Clock),
            Question::OwnAppointments => (Text::ChooseOwnHeading, Text::HelpChooseOwn, Icon::CalendarEvent),
        };
        let mut screen = Screen::new(Kind::List, self.text(heading)).help(help);
        if !name.trim().is_empty() {
            screen.notes = vec![self.hello(name)];
        }
        let own = question == Question::OwnAppointments;
        let cards: Vec<Target> =
            (0..ENTRIES).zip(items).map(|(place, item)| self.item(place, item, icon, own)).collect();
        let short = |card: &Target| card.text.is_empty() && card.title.shown.chars().count() <= HOUR_SIGNS;
        let names = (Text::ListMore, Text::ListFirst);
        if question == Question::AppointmentHour && cards.iter().all(short) {
            screen.kind = Kind::Hours;
            let parts = even(cards.len(), HOURS, HOURS_TURNED);
            self.part(&mut screen, cards, &parts, names);
        } else if !fits(&cards) && cards.iter().all(fits_row) {
            // Short names alone: more of them are seen at once in rows.
            screen.kind = Kind::Rows;
            let parts = even(cards.len(), ROWS, ROWS - 1);
            self.part(&mut screen, cards, &parts, names);
        } else {
            self.list(&mut screen, cards, names);
        }
        screen
    }

    /// Who is greeted; not aloud.
    pub(super) fn hello(&self, name: &str) -> Note {
        let hello = self.fill(Text::CertificatesHello, &[("name", Value::Words(name))]);
        Note { private: true, ..self.note(Tone::Plain, Icon::User, Phrase::default(), hello) }
    }

    /// An entry in words from outside.
    pub(super) fn item(&self, place: u8, item: &Item, icon: Icon, private: bool) -> Target {
        let words = |words: &str, longest| self.value(Value::Words(&shortened(words, longest)));
        let target = Target::new(Intent::Choose(place), words(&item.title, TITLE_LONGEST)).icon(icon);
        let target = target.text(words(&item.text, REASON_LONGEST)).off(item.off);
        if private { target.private() } else { target }
    }

    fn nothing_to_choose(&self, question: Question) -> Screen {
        let heading = match question {
            Question::Body | Question::AttachmentKind => Text::ChooseNothingHeading,
            Question::AppointmentService
            | Question::AppointmentOffice
            | Question::AppointmentDay
            | Question::AppointmentHour => Text::NoAppointmentsHeading,
            Question::OwnAppointments => Text::ChooseNoneOwnHeading,
        };
        let own = question == Question::OwnAppointments;
        let advice = if own { Text::AppointmentNoneText } else { Text::RefusedNotPayableText };
        let lead = Text::CardRefusedNothingDone;
        let mut screen =
            self.told(Kind::CertificateRefused, self.text(heading), self.text(lead), self.text(advice));
        screen.actions = vec![Target::new(Intent::Cancel, self.text(Text::RefusedUnderstood)).primary()];
        screen
    }
}

/// All of these cards are within reach at once.
pub(super) fn fits(cards: &[Target]) -> bool {
    parted(&cards.iter().map(height).collect::<Vec<_>>()).len() == 1
}

/// Height of a card, in millimetres, rounded up.
fn height(card: &Target) -> usize {
    let lines = |words: &Phrase, signs: usize| words.shown.chars().count().div_ceil(signs);
    let words = TITLE_LINE * lines(&card.title, TITLE_SIGNS) + TEXT_LINE * lines(&card.text, TEXT_SIGNS);
    (CARD + words).max(LEAST_CARD)
}

/// The parts of a list whose cards are so high: where each begins, and how many cards it has.
fn parted(heights: &[usize]) -> Vec<(usize, usize)> {
    let whole: usize = heights.iter().map(|height| height + GAP).sum();
    if whole <= REACH + GAP && heights.len() <= MOST_CHOICES {
        return vec![(0, heights.len())];
    }
    let room = REACH.saturating_sub(CARD + TITLE_LINE + TEXT_LINE);
    let mut parts = Vec::new();
    let (mut from, mut used, mut count) = (0, 0, 0);
    for height in heights {
        let next = height + GAP;
        if count > 0 && (used + next > room || count + 1 >= MOST_CHOICES) {
            parts.push((from, count));
            (from, used, count) = (from + count, 0, 0);
        }
        used += next;
        count += 1;
    }
    parts.push((from, count));
    parts
}

/// There is a name alone, and it fits on a row.
fn fits_row(card: &Target) -> bool {
    let signs: Vec<char> = card.title.shown.chars().collect();
    card.text.is_empty() && !card.off && width(&signs) <= ROW
}

/// The parts of so many entries that are equally high: all on one, or so many on each beside what turns them.
pub(super) fn even(count: usize, whole: usize, turned: usize) -> Vec<(usize, usize)> {
    if count <= whole {
        return vec![(0, count)];
    }
    (0..count).step_by(turned).map(|from| (from, turned.min(count - from))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_of_a_list_is_on_one_part_of_it_in_order() {
        for length in 0..=24 {
            for height in [46, 57, 74, 91, 108, 300] {
                let parts = parted(&vec![height; length]);
                let mut next = 0;
                for (from, count) in &parts {
                    assert_eq!(*from, next);
                    assert!(*count >= 1 || length == 0, "{length} cards of {height}: an empty part");
                    assert!(*count * (height + GAP) <= REACH + GAP || *count == 1, "{length} of {height}");
                    next += count;
                }
                assert_eq!(next, length);
            }
        }
    }

    #[test]
    fn what_fits_is_not_parted() {
        assert_eq!(parted(&[54, 54, 54, 54]), [(0, 4)]);
        assert_eq!(parted(&[54, 54, 54, 54, 54]), [(0, 3), (3, 2)]);
        assert_eq!(even(16, HOURS, HOURS_TURNED), [(0, 16)]);
        assert_eq!(even(30, HOURS, HOURS_TURNED), [(0, 12), (12, 12), (24, 6)]);
        assert_eq!(even(0, 5, 4), [(0, 0)]);
    }
}

//! Certificates of the padrón: which, how, in which language; and what becomes of those that are not printed now.
//!
//! The list is as long as the sede makes it. What does not fit within reach is on further parts of the list; turning
//! them is the pages' own business.
use super::Presenter;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::phrase::{Phrase, Value, shortened};
use crate::screen::{Line, Note, Screen, TURN, Target};
use crate::texts::{Text, own_name};
use crate::view::{CertificateKind, Intent, Issue, Language};

/// Height that the list has within reach of a wheelchair, in millimetres; then that of a card without its words, of
/// a line of its title and of its text, of the gap below it, and of the card that turns the list.
const REACH: usize = 246;
const CARD: usize = 14;
const TITLE_LINE: usize = 20;
const TEXT_LINE: usize = 17;
const GAP: usize = 8;
const LEAST_CARD: usize = 47;
/// Signs of a title and of a text that surely fit on a line of a card.
const TITLE_SIGNS: usize = 32;
const TEXT_SIGNS: usize = 40;
/// Longest title and reason on a card; all of it is on the page that the card leads to.
const TITLE_LONGEST: usize = 60;
const REASON_LONGEST: usize = 64;
/// Choices on a page at most, the one that turns the list among them.
const MOST_CHOICES: usize = 6;

impl Presenter<'_> {
    pub(super) fn certificates(&self, name: &str, kinds: &[CertificateKind]) -> Screen {
        if kinds.is_empty() {
            let (heading, lead) = (Text::CertificatesNoneHeading, Text::CardRefusedNothingDone);
            let advice = self.text(Text::RefusedNotPayableText);
            let mut screen = self.told(Kind::CertificateRefused, self.text(heading), self.text(lead), advice);
            screen.actions = vec![Target::new(Intent::Cancel, self.text(Text::RefusedUnderstood)).primary()];
            return screen;
        }
        let mut screen = Screen::new(Kind::Certificates, self.text(Text::CertificatesHeading));
        let hello = self.fill(Text::CertificatesHello, &[("name", Value::Words(name))]);
        screen.notes =
            vec![Note { private: true, ..self.note(Tone::Plain, Icon::User, Phrase::default(), hello) }];
        let cards: Vec<Target> =
            (0..TURN_AT).zip(kinds).map(|(place, kind)| self.kind(place, kind)).collect();
        let parts = parted(&cards.iter().map(height).collect::<Vec<_>>());
        let part = self.turned.checked_rem(parts.len()).unwrap_or_default();
        let (from, count) = parts.get(part).copied().unwrap_or_default();
        screen.choices = cards.into_iter().skip(from).take(count).collect();
        if parts.len() > 1 {
            let last = part + 1 == parts.len();
            let name = if last { Text::CertificatesFirst } else { Text::CertificatesMore };
            let number = |number: usize| Value::Number(u32::try_from(number).unwrap_or(u32::MAX));
            let values = [("part", number(part + 1)), ("parts", number(parts.len()))];
            screen.choices.push(
                Target::new(TURN, self.text(name))
                    .icon(if last { Icon::ArrowUp } else { Icon::ArrowDown })
                    .text(self.fill(Text::CertificatesPart, &values)),
            );
        }
        screen
    }

    fn kind(&self, place: u8, kind: &CertificateKind) -> Target {
        let title = self.value(Value::Words(&shortened(&kind.title, TITLE_LONGEST)));
        let icon = if kind.collective { Icon::Users } else { Icon::User };
        let who = self.text(if kind.collective { Text::KindCollective } else { Text::KindSingle });
        let how = match &kind.issue {
            Issue::AtOnce => self.text(Text::KindAtOnce),
            Issue::ConsentingOnly { shown, registered } => {
                self.fill(Text::KindConsenting, &of(*shown, *registered))
            }
            Issue::Queued { working_days: 0 } => self.text(Text::KindQueuedSoon),
            Issue::Queued { working_days } => {
                self.fill(Text::KindQueued, &[("days", Value::Phrase(&self.days(*working_days)))])
            }
            Issue::Refused { text, .. } => {
                let why = [("why", Value::Words(&shortened(text, REASON_LONGEST)))];
                let refused = Target::new(Intent::Choose(place), title).icon(Icon::FileAlert);
                return refused.text(self.fill(Text::KindRefused, &why)).off(true).private();
            }
        };
        Target::new(Intent::Choose(place), title).icon(icon).text(who.joined(" ", &how))
    }

    fn days(&self, days: u16) -> Phrase {
        match days {
            1 => self.text(Text::DaysOne),
            _ => self.fill(Text::DaysMany, &[("days", Value::Number(days.into()))]),
        }
    }

    pub(super) fn certificate(
        &self,
        kind: &CertificateKind,
        languages: &[Language],
        chosen: Language,
    ) -> Screen {
        if let Issue::Refused { text, next } = &kind.issue {
            return self.certificate_refused(&kind.title, text, next);
        }
        let mut screen = Screen::new(Kind::Certificate, self.text(Text::CertificateHeading));
        let people = match (&kind.issue, kind.collective) {
            (Issue::ConsentingOnly { shown, registered }, _) => {
                self.fill(Text::CertificatePeopleSome, &of(*shown, *registered))
            }
            (_, true) => self.text(Text::CertificatePeopleAll),
            (_, false) => self.text(Text::CertificatePeopleSingle),
        };
        let when = match kind.issue {
            Issue::Queued { working_days: 0 } => self.text(Text::CertificateWhenLater),
            Issue::Queued { working_days } => {
                self.fill(Text::CertificateWhenQueued, &[("days", Value::Phrase(&self.days(working_days)))])
            }
            Issue::AtOnce | Issue::ConsentingOnly { .. } | Issue::Refused { .. } => {
                self.text(Text::CertificateWhenNow)
            }
        };
        let title = self.value(Value::Words(&kind.title));
        for (key, value) in [
            (Text::CertificateTitle, title),
            (Text::CertificatePeople, people),
            (Text::CertificateWhen, when),
        ] {
            screen.lines.push(Line { key: self.text(key), value });
        }
        screen.notes = self.before_issue(kind);
        if languages.len() > 1 {
            screen.footnote = self.text(Text::CertificateLanguageChoose);
            screen.choices =
                languages.iter().take(3).map(|language| language_choice(*language, chosen)).collect();
        } else {
            let value = self.value(Value::Words(own_name(chosen)));
            screen.lines.push(Line { key: self.text(Text::CertificateLanguage), value });
        }
        let queued = matches!(kind.issue, Issue::Queued { .. });
        let confirm = if queued { Text::CertificateRequest } else { Text::CertificatePrint };
        let icon = if queued { Icon::Clock } else { Icon::Printer };
        screen.actions = vec![Target::new(Intent::Confirm, self.text(confirm)).icon(icon).primary()];
        screen
    }

    /// What is to be known before a document is issued.
    fn before_issue(&self, kind: &CertificateKind) -> Vec<Note> {
        let (tone, icon) =
            if kind.authoritative { (Tone::Ok, Icon::ShieldCheck) } else { (Tone::Plain, Icon::InfoCircle) };
        let usage = if kind.authoritative {
            Text::CertificateUseAuthoritative
        } else {
            Text::CertificateUseInformative
        };
        let mut notes = vec![self.note(tone, icon, self.text(Text::CertificateUseTitle), self.text(usage))];
        match &kind.issue {
            Issue::ConsentingOnly { shown, registered } => {
                let text = self.fill(Text::CertificateSomeText, &of(*shown, *registered));
                let title = self.text(Text::CertificateSomeTitle);
                let note = self.note(Tone::Attention, Icon::Users, title, text);
                notes.push(Note { private: true, ..note });
            }
            Issue::Queued { .. } => {
                let (title, text) =
                    (self.text(Text::CertificateQueuedTitle), self.text(Text::CertificateQueuedText));
                notes.push(self.note(Tone::Attention, Icon::Clock, title, text));
            }
            Issue::AtOnce | Issue::Refused { .. } => {}
        }
        notes
    }

    pub(super) fn certificate_refused(&self, title: &str, text: &str, next: &str) -> Screen {
        self.refused_in_words(Kind::CertificateRefused, Text::CertificateRefusedHeading, title, text, next)
    }

    /// A page that tells in the sede's words what cannot be had, why, and what to do.
    pub(super) fn refused_in_words(
        &self,
        kind: Kind,
        heading: Text,
        title: &str,
        text: &str,
        next: &str,
    ) -> Screen {
        let words = |words: &str, otherwise| {
            let words = self.value(Value::Words(words));
            if words.is_empty() { self.text(otherwise) } else { words }
        };
        let advice = words(next, Text::RefusedNotPayableText);
        let lead = self.text(Text::CardRefusedNothingDone);
        let mut screen = self.told(kind, self.text(heading), lead, advice);
        let title = self.value(Value::Words(title));
        let title = if title.is_empty() { self.text(Text::CertificateRefusedWhy) } else { title };
        let why = self.note(Tone::Attention, Icon::FileAlert, title, self.value(Value::Words(text)));
        screen.notes.insert(0, Note { private: true, ..why });
        screen
    }

    pub(super) fn queued(&self, title: &str, reference: &str, working_days: u16) -> Screen {
        let mut screen =
            Screen::new(Kind::Queued, self.text(Text::QueuedHeading)).mark(Tone::Ok, Icon::Check);
        screen.lead = self.text(Text::QueuedLead);
        let own = |note: Note| Note { private: true, ..note };
        let reference = self.value(Value::Code(reference));
        let time = match working_days {
            0 => self.text(Text::QueuedTimeUnknown),
            _ => self.days(working_days),
        };
        screen.notes = vec![
            own(self.note(Tone::Attention, Icon::FilePencil, self.text(Text::QueuedNote), reference)),
            own(self.note(
                Tone::Plain,
                Icon::FileCertificate,
                self.text(Text::CertificateTitle),
                self.value(Value::Words(title)),
            )),
            own(self.note(Tone::Plain, Icon::Clock, self.text(Text::QueuedTime), time)),
        ];
        screen.actions = self.ending();
        screen
    }
}

/// Entries of a list at most: the number after them turns it.
const TURN_AT: u8 = u8::MAX;

fn of(shown: u8, registered: u8) -> [(&'static str, Value<'static>); 2] {
    [("shown", Value::Number(shown.into())), ("registered", Value::Number(registered.into()))]
}

fn language_choice(language: Language, chosen: Language) -> Target {
    let name = own_name(language).to_owned();
    let mut target =
        Target::new(Intent::DocumentLanguage(language), Phrase { spoken: name.clone(), shown: name });
    target.chosen = language == chosen;
    if target.chosen {
        target.icon = Some(Icon::Check);
    }
    target
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
    }
}

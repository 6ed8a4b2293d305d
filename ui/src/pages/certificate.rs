//! Certificates of the padrón: which, how, in which language; and what becomes of those that are not printed now.
use super::Presenter;
use super::list::{REASON_LONGEST, TITLE_LONGEST};
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::local::ENTRIES;
use crate::phrase::{Phrase, Value, shortened};
use crate::screen::{Line, Note, Screen, Target};
use crate::texts::{Text, own_name};
use crate::view::{CertificateKind, Intent, Issue, Language};

impl Presenter<'_> {
    pub(super) fn certificates(&self, name: &str, kinds: &[CertificateKind]) -> Screen {
        if kinds.is_empty() {
            let (heading, lead) = (Text::CertificatesNoneHeading, Text::CardRefusedNothingDone);
            let advice = self.text(Text::RefusedNotPayableText);
            let mut screen = self.told(Kind::CertificateRefused, self.text(heading), self.text(lead), advice);
            screen.actions = vec![Target::new(Intent::Cancel, self.text(Text::RefusedUnderstood)).primary()];
            return screen;
        }
        let mut screen =
            Screen::new(Kind::List, self.text(Text::CertificatesHeading)).help(Text::HelpCertificates);
        screen.notes = vec![self.hello(name)];
        let cards = (0..ENTRIES).zip(kinds).map(|(place, kind)| self.kind(place, kind)).collect();
        self.list(&mut screen, cards, (Text::CertificatesMore, Text::CertificatesFirst));
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
        let mut screen =
            Screen::new(Kind::Certificate, self.text(Text::CertificateHeading)).help(Text::HelpCertificate);
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
        let (title, text) = (self.value(Value::Words(title)), self.value(Value::Words(text)));
        if !title.is_empty() || !text.is_empty() {
            let title = if title.is_empty() { self.text(Text::CertificateRefusedWhy) } else { title };
            let why = self.note(Tone::Attention, Icon::FileAlert, title, text);
            screen.notes.insert(0, Note { private: true, ..why });
        }
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

//! Appointments: who asks, the first free one, booking, and those that are there already.
use super::Presenter;
use super::list::fits;
use super::petition::NAME_LONGEST;
use crate::generated::{Kind, Tone};
use crate::icon::Icon;
use crate::local::ENTRIES;
use crate::measure::{NOTICE, SHEET, clipped};
use crate::phrase::{Phrase, Value, printable, shortened};
use crate::screen::{Line, Note, Screen, Target};
use crate::texts::Text;
use crate::view::{AppointmentTrouble, Day, Intent, Item, Page, Slip};

/// Longest code that is shown.
const CODE_LONGEST: usize = 40;
/// Rows of one of its facts at most.
const LONG: usize = 2;
/// Appointments that are offered at once in the place of one that is gone.
const NEXT: usize = 3;

impl Presenter<'_> {
    pub(super) fn appointment_start(&self) -> Screen {
        let (heading, lead) = (Text::AppointmentStartHeading, Text::MenuLead);
        let mut screen = self.question(heading, lead, Text::HelpAppointmentStart);
        screen.choices = vec![
            self.answer(0, Icon::CalendarPlus, Text::AppointmentStartNew, Text::AppointmentStartNewText),
            self.answer(1, Icon::CalendarSearch, Text::AppointmentStartFind, Text::AppointmentStartFindText),
        ];
        screen
    }

    pub(super) fn who_is(&self) -> Screen {
        let mut screen = self.question(Text::WhoIsHeading, Text::WhoIsLead, Text::HelpWhoIs);
        screen.choices = vec![
            self.answer(0, Icon::Id, Text::WhoIsCard, Text::WhoIsCardText),
            self.answer(1, Icon::Keyboard, Text::WhoIsNumber, Text::WhoIsNumberText),
        ];
        // The first layer of the notice on personal data (Ley Orgánica 3/2018, article 11).
        screen.footnote = self.fill(Text::AppointmentData, &[("town", Value::Words(&self.branding.name))]);
        screen
    }

    pub(super) fn number_confirm(&self, number: &str) -> Screen {
        let mut screen =
            Screen::new(Kind::Facts, self.text(Text::NumberConfirmHeading)).help(Text::HelpWriteNumber);
        screen.lead = self.text(Text::NumberConfirmLead);
        let value = self.value(Value::Code(number));
        screen.lines = vec![Line { key: self.text(Text::WriteNumberName), value }];
        screen.actions = vec![
            Target::new(Intent::Confirm, self.text(Text::NumberConfirmYes)).primary(),
            Target::new(Intent::Back, self.text(Text::NumberConfirmNo)),
        ];
        screen
    }

    /// When, for what, where; what is not known is left out, and what is long takes so many rows at most.
    fn appointment(&self, words: [&str; 4], rows: usize) -> Vec<Line> {
        let names = [
            Text::AppointmentWhen,
            Text::AppointmentService,
            Text::AppointmentOffice,
            Text::AppointmentAddress,
        ];
        let known = names.into_iter().zip(words).filter(|(_, words)| !words.trim().is_empty());
        known.map(|(name, words)| self.fact(name, words, rows)).collect()
    }

    /// A name and words from outside.
    pub(super) fn fact(&self, name: Text, words: &str, rows: usize) -> Line {
        let words = clipped(&printable(words), SHEET, rows);
        Line { key: self.text(name), value: self.value(Value::Words(&words)) }
    }

    pub(super) fn appointment_first(&self, service: &str, office: &str, when: &str) -> Screen {
        let mut screen = Screen::new(Kind::Facts, self.text(Text::AppointmentFirstHeading))
            .help(Text::HelpAppointmentFirst);
        screen.lines = self.appointment([when, service, office, ""], LONG);
        screen.actions = vec![
            Target::new(Intent::Confirm, self.text(Text::AppointmentFirstTake)).primary(),
            Target::new(Intent::Another, self.text(Text::AppointmentOther)),
        ];
        screen
    }

    pub(super) fn no_appointments(&self, service: &str, until: Option<Day>, channels: &str) -> Screen {
        let lead = match until {
            Some(day) => self.fill(Text::NoAppointmentsUntil, &[("day", Value::Day(day))]),
            None => self.text(Text::NoAppointmentsLead),
        };
        let advice = self.value(Value::Words(channels));
        let advice = if advice.is_empty() { self.text(Text::RefusedNotPayableText) } else { advice };
        let mut screen = self.told(Kind::Told, self.text(Text::NoAppointmentsHeading), lead, advice);
        let service = self.value(Value::Words(&shortened(service, NAME_LONGEST)));
        if !service.is_empty() {
            let title = self.text(Text::AppointmentService);
            let note = self.note(Tone::Attention, Icon::CalendarOff, title, service);
            screen.notes.insert(0, Note { private: true, ..note });
        }
        screen
    }

    pub(super) fn appointment_check(&self, page: &Page) -> Screen {
        let Page::AppointmentCheck { service, office, address, when } = page else {
            return self.out_of_service();
        };
        let mut screen = Screen::new(Kind::Facts, self.text(Text::AppointmentCheckHeading))
            .help(Text::HelpAppointmentCheck);
        screen.lead = self.text(Text::AppointmentCheckLead);
        screen.lines = self.appointment([when, service, office, address], LONG);
        screen.actions =
            vec![Target::new(Intent::Confirm, self.text(Text::AppointmentCheckConfirm)).primary()];
        screen
    }

    pub(super) fn appointment_taken(&self, when: &str, next: &[Item]) -> Screen {
        let mut screen = Screen::new(Kind::List, self.text(Text::AppointmentTakenHeading))
            .help(Text::HelpChooseAppointment);
        let when = shortened(when, NAME_LONGEST);
        let gone = self.fill(Text::AppointmentTakenText, &[("when", Value::Words(&when))]);
        screen.notes = vec![self.note(Tone::Plain, Icon::InfoCircle, Phrase::default(), gone)];
        let other =
            Target::new(Intent::Another, self.text(Text::AppointmentOther)).icon(Icon::CalendarSearch);
        let cards = |count: usize| -> Vec<Target> {
            let next = (0..ENTRIES).zip(next.iter().take(count));
            let next = next.map(|(place, item)| self.item(place, item, Icon::CalendarEvent, false));
            next.chain([other.clone()]).collect()
        };
        // So many that the way to others is on the same page.
        let count = (1..=NEXT).rev().find(|count| fits(&cards(*count))).unwrap_or(1);
        self.list(&mut screen, cards(count), (Text::ListMore, Text::ListFirst));
        screen
    }

    pub(super) fn appointed(&self, page: &Page) -> Screen {
        let Page::Appointed { code, service, office, address, when, bring, slip } = page else {
            return self.out_of_service();
        };
        let mut screen = Screen::new(Kind::Facts, self.text(Text::AppointedHeading))
            .mark(Tone::Ok, Icon::Check)
            .help(Text::HelpAppointed);
        // Without a slip the page has to say all that is to be brought; what the appointment is for is known.
        let noted = *slip == Slip::Impossible;
        let (service, rows) = if noted { ("", 4) } else { (service.as_str(), 2) };
        screen.lines = self.appointment(["", service, "", ""], 1);
        screen.lines.insert(0, self.fact(Text::AppointmentWhen, when, LONG));
        let place = if address.trim().is_empty() { office.clone() } else { format!("{office}. {address}") };
        screen.lines.push(self.fact(Text::AppointmentOffice, &place, 2));
        let code = self.value(Value::Code(&shortened(code, CODE_LONGEST)));
        screen.lines.insert(0, Line { key: self.text(Text::WriteSlipName), value: code });
        let bring = self.value(Value::Words(&clipped(&printable(bring), NOTICE, rows)));
        if !bring.is_empty() {
            let title = self.text(Text::AppointedBring);
            screen.notes.push(self.note(Tone::Attention, Icon::FileAlert, title, bring));
        }
        let mut receipt = self.receipt(*slip, Text::AppointedNoteDown);
        if !noted {
            receipt.text = Phrase::default();
        }
        screen.notes.push(receipt);
        screen.actions = self.ending();
        screen
    }

    pub(super) fn own_appointment(&self, page: &Page) -> Screen {
        let Page::OwnAppointment { service, office, address, when, code } = page else {
            return self.out_of_service();
        };
        let mut screen =
            Screen::new(Kind::Facts, self.text(Text::OwnAppointmentHeading)).help(Text::HelpOwnAppointment);
        screen.lines = self.appointment([when, service, office, address], LONG);
        let code = self.value(Value::Code(&shortened(code, CODE_LONGEST)));
        if !code.is_empty() {
            screen.lines.push(Line { key: self.text(Text::WriteSlipName), value: code });
        }
        screen.actions = vec![
            Target::new(Intent::PrintAgain, self.text(Text::OwnAppointmentPrint))
                .icon(Icon::Printer)
                .primary(),
            Target::new(Intent::CancelAppointment, self.text(Text::OwnAppointmentCancel)).stop(),
        ];
        screen
    }

    pub(super) fn appointment_cancel(&self, service: &str, when: &str) -> Screen {
        let mut screen = Screen::new(Kind::Facts, self.text(Text::AppointmentCancelHeading))
            .mark(Tone::Attention, Icon::AlertTriangle)
            .help(Text::HelpOwnAppointment);
        screen.lead = self.text(Text::AppointmentCancelLead);
        screen.lines = self.appointment([when, service, "", ""], LONG);
        screen.actions = vec![
            Target::new(Intent::Back, self.text(Text::AppointmentCancelKeep)).primary(),
            Target::new(Intent::Confirm, self.text(Text::AppointmentCancelConfirm)).stop(),
        ];
        screen
    }

    pub(super) fn appointment_cancelled(&self, service: &str, when: &str) -> Screen {
        let mut screen = Screen::new(Kind::Facts, self.text(Text::AppointmentCancelledHeading))
            .mark(Tone::Ok, Icon::Check);
        screen.lead = self.text(Text::AppointmentCancelledLead);
        screen.lines = self.appointment([when, service, "", ""], LONG);
        screen.actions = self.ending();
        screen
    }

    pub(super) fn appointment_trouble(&self, trouble: &AppointmentTrouble) -> Screen {
        let told = |heading, lead, advice| {
            self.told(Kind::Told, self.text(heading), self.text(lead), self.text(advice))
        };
        match trouble {
            AppointmentTrouble::NotBooked => {
                let mut screen = told(
                    Text::AppointmentNotBookedHeading,
                    Text::AppointmentNotBookedLead,
                    Text::AppointmentNotBookedText,
                );
                screen.actions = vec![
                    Target::new(Intent::Confirm, self.text(Text::DocumentNotReceivedRetry)).primary(),
                    Target::new(Intent::Cancel, self.text(Text::PetitionLeave)),
                ];
                screen
            }
            AppointmentTrouble::BookedUnknown => {
                told(Text::AppointmentUnknownHeading, Text::PetitionUnknownLead, Text::AppointmentUnknownText)
            }
            AppointmentTrouble::CancelledUnknown => told(
                Text::AppointmentUncancelledHeading,
                Text::PetitionUnknownLead,
                Text::AppointmentUncancelledText,
            ),
            AppointmentTrouble::None => {
                told(Text::ChooseNoneOwnHeading, Text::CardRefusedNothingDone, Text::AppointmentNoneText)
            }
            AppointmentTrouble::Refused { text, next } => {
                self.refused_in_words(Kind::Told, Text::AppointmentRefusedHeading, "", text, next)
            }
        }
    }
}

//! From the state to the page.
use ui::{AppointmentTrouble, Item, Page, Question, Work, WriteField};

use super::*;
use crate::session::{day, moment};
use crate::words::{in_language, words};

impl Appointment {
    /// What is to be shown now.
    pub fn page(&self, facts: &Facts<'_>) -> Page {
        let language = facts.language;
        let translated = |of: &Translated| in_language(&words(of), language).clone();
        let choose = |question, items| Page::Choose {
            question,
            name: facts.name.unwrap_or_default().to_owned(),
            items,
        };
        match &self.state {
            State::Start => Page::AppointmentStart,
            State::Asking | State::AskingSlots | State::Finding => {
                Page::Working { work: Work::AskingAppointments }
            }
            State::Service => {
                let services = self.offers.iter().flat_map(|offers| &offers.services);
                let items = services.map(|service| item(translated(&service.name), String::new()));
                choose(Question::AppointmentService, items.collect())
            }
            State::First(free) => Page::AppointmentFirst {
                service: self.service(facts),
                office: self.office(&free.first.office, facts).0,
                when: moment(&free.first.start, language),
            },
            State::Full { until, channels } => Page::NoAppointments {
                service: self.service(facts),
                until: until.map(day),
                channels: channels.iter().map(translated).collect::<Vec<_>>().join(" "),
            },
            State::Office => {
                let offices = self.offices();
                let items =
                    offices.iter().map(|office| item(translated(&office.name), office.address.clone()));
                choose(Question::AppointmentOffice, items.collect())
            }
            State::Day(free) => {
                let items =
                    free.days.iter().map(|of| item(ui::full_day(language, day(of.day)), String::new()));
                choose(Question::AppointmentDay, items.collect())
            }
            State::Hour(free, at) => {
                let times = free.days.get(*at).map(|of| of.times.as_slice()).unwrap_or_default();
                let items = times
                    .iter()
                    .map(|time| item(format!("{}:{:02}", time.hour(), time.minute()), String::new()));
                choose(Question::AppointmentHour, items.collect())
            }
            State::WhoIs => Page::WhoIs,
            State::Identifying => Page::Working { work: Work::Identifying },
            State::Writing(field, editor, problem) => Page::Write {
                field: shown(*field),
                text: editor.text(),
                cursor: editor.cursor(),
                longest: editor.rules().longest,
                lines: false,
                complete: !editor.is_blank(),
                optional: false,
                undo: editor.can_undo(),
                keys: editor.keys(),
                problem: *problem,
            },
            State::NumberConfirm(number) => Page::NumberConfirm { shown: number.as_str().to_owned() },
            State::Check => {
                let slot = self.slot.as_ref();
                let (office, address) = slot.map(|slot| self.office(&slot.office, facts)).unwrap_or_default();
                Page::AppointmentCheck {
                    service: self.service(facts),
                    office,
                    address,
                    when: slot.map(|slot| moment(&slot.start, language)).unwrap_or_default(),
                }
            }
            State::Booking => Page::Working { work: Work::BookingAppointment },
            State::Taken(next) => Page::AppointmentTaken {
                when: self.slot.as_ref().map(|slot| moment(&slot.start, language)).unwrap_or_default(),
                next: next
                    .iter()
                    .map(|slot| item(moment(&slot.start, language), self.office(&slot.office, facts).0))
                    .collect(),
            },
            State::Made(booked, slip) => Page::Appointed {
                code: booked.code.grouped().to_string(),
                service: translated(&booked.service_name),
                office: translated(&booked.office.name),
                address: booked.office.address.clone(),
                when: moment(&booked.start, language),
                bring: booked.bring.iter().map(translated).collect::<Vec<_>>().join(" "),
                slip: *slip,
            },
            State::Own => {
                let items = self
                    .own
                    .iter()
                    .map(|own| item(moment(&own.start, language), translated(&own.service_name)));
                choose(Question::OwnAppointments, items.collect())
            }
            State::OwnOne(which, _) => match self.own.get(*which) {
                Some(own) => Page::OwnAppointment {
                    service: translated(&own.service_name),
                    office: translated(&own.office.name),
                    address: own.office.address.clone(),
                    when: moment(&own.start, language),
                    code: own.code.grouped().to_string(),
                },
                None => Page::AppointmentTrouble { trouble: AppointmentTrouble::None },
            },
            State::Cancel(which) => {
                let (service, when) = self.own_one(*which, facts);
                Page::AppointmentCancel { service, when }
            }
            State::Cancelling(_) => Page::Working { work: Work::CancellingAppointment },
            State::Cancelled(which) => {
                let (service, when) = self.own_one(*which, facts);
                Page::AppointmentCancelled { service, when }
            }
            State::Trouble(trouble) => Page::AppointmentTrouble { trouble: trouble.clone() },
            State::Refused(told) => Page::AppointmentTrouble {
                trouble: AppointmentTrouble::Refused {
                    text: in_language(&told.text, language).clone(),
                    next: in_language(&told.next, language).clone(),
                },
            },
            State::Over(_) => Page::TakeCard,
        }
    }

    /// Step of three: what, when and where, for whom.
    pub fn progress(&self) -> Option<(u8, u8)> {
        match &self.state {
            State::Asking | State::Service => Some((1, 3)),
            State::AskingSlots | State::First(_) | State::Office | State::Day(_) | State::Hour(..) => {
                Some((2, 3))
            }
            State::WhoIs | State::Writing(..) | State::NumberConfirm(_) | State::Identifying
                if self.purpose == Purpose::New =>
            {
                Some((3, 3))
            }
            State::Check | State::Booking => Some((3, 3)),
            _ => None,
        }
    }

    fn service(&self, facts: &Facts<'_>) -> String {
        let service = self.offers.as_ref().and_then(|of| of.services.get(self.service));
        service.map(|of| in_language(&words(&of.name), facts.language).clone()).unwrap_or_default()
    }

    /// Name and address of an office.
    fn office(&self, word: &str, facts: &Facts<'_>) -> (String, String) {
        let offices = self.offers.iter().flat_map(|offers| &offers.offices);
        let found = offices.into_iter().find(|office| office.office == word);
        let named = |of: &crate::sede::Office| {
            (in_language(&words(&of.name), facts.language).clone(), of.address.clone())
        };
        found.map(named).unwrap_or_default()
    }

    fn own_one(&self, which: usize, facts: &Facts<'_>) -> (String, String) {
        let named = |own: &Booked| {
            (
                in_language(&words(&own.service_name), facts.language).clone(),
                moment(&own.start, facts.language),
            )
        };
        self.own.get(which).map(named).unwrap_or_default()
    }
}

fn item(title: String, text: String) -> Item {
    Item { title, text, off: false }
}

fn shown(field: Field) -> WriteField {
    match field {
        Field::Number => WriteField::OwnNumber,
        Field::Name => WriteField::OwnName,
        Field::Telephone => WriteField::Telephone,
        Field::SlipCode => WriteField::SlipCode,
        Field::NumberEnd => WriteField::NumberEnd,
    }
}

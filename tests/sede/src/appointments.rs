//! Appointments: made, found, cancelled. Pure: the instant comes in.
//!
//! To a number that was only typed nothing is told of what is known about its owner.
use std::collections::BTreeMap;

use jiff::{Timestamp, ZonedDateTime};

use crate::appointment_record::AppointmentRecord;
use crate::appointment_seeds::{bring, channels, offices, refusal, services};
use crate::appointment_wire::{
    Appointment, AppointmentAnswer, AppointmentRequest, CancelAnswer, Slot, SlotsAnswer, SlotsRequest, Who,
};
use crate::petitions::Known;
use crate::sessions::Holder;
use crate::slip::code;
use crate::slots::{self, Taken};
use crate::town::madrid;
use crate::tries::Tries;

/// Free slots that are offered instead of a taken one.
const NEXT: usize = 6;
/// Appointments in an answer.
const FOUND: usize = 16;

pub(crate) struct Appointments {
    seed: u64,
    /// The request and the body of its answer, by the kiosk's number.
    answered: BTreeMap<String, (AppointmentRequest, String)>,
    /// In the order in which they were made.
    made: Vec<AppointmentRecord>,
    /// Slots that somebody else took since the start.
    others: Taken,
    pub tries: Tries,
}

impl Appointments {
    pub fn new(seed: u64) -> Appointments {
        Appointments {
            seed,
            answered: BTreeMap::new(),
            made: Vec::new(),
            others: Taken::new(),
            tries: Tries::default(),
        }
    }

    pub fn free(&self, asked: &SlotsRequest, now: Timestamp) -> SlotsAnswer {
        let from = asked.from.max(madrid(now));
        let taken = self.taken();
        let places = services().into_iter().find(|it| it.service == asked.service).map(|it| it.offices);
        let places = places.unwrap_or_default();
        let wanted = |office: &&str| asked.office.as_deref().is_none_or(|it| it == *office);
        let first = places
            .iter()
            .copied()
            .filter(wanted)
            .filter_map(|office| {
                let first = slots::free(&asked.service, office, from, &taken, now).next()?;
                Some((first.timestamp(), office, first))
            })
            .min_by_key(|(at, _, _)| *at);
        match first {
            Some((_, office, first)) => {
                let starts = slots::free(&asked.service, office, from, &taken, now);
                SlotsAnswer::Free {
                    first: slots::slot(office, &first),
                    office: office.into(),
                    days: slots::days(starts, asked.from),
                    last_day: slots::last_day(now),
                }
            }
            None => {
                let until = Some(slots::full_until(now)).filter(|until| *until >= asked.from);
                SlotsAnswer::Full { until, channels: channels() }
            }
        }
    }

    /// Whether a request came before.
    pub fn known(&self, request: &AppointmentRequest) -> Known {
        match self.answered.get(&request.request) {
            None => Known::New,
            Some((first, answer)) if first == request => Known::Answer(answer.clone()),
            Some(_) => Known::Conflict,
        }
    }

    /// The body of the answer. The holder is none for a number that was typed.
    pub fn book(
        &mut self,
        request: AppointmentRequest,
        holder: Option<&Holder>,
        forced: Option<&str>,
        somebody_else: bool,
        now: Timestamp,
    ) -> String {
        let answer = match forced {
            Some(code) => AppointmentAnswer::Refused(refusal(code)),
            None => self.decide(&request, holder, somebody_else, now),
        };
        let answer = serde_json::to_string(&answer).unwrap_or_default();
        self.answered.insert(request.request.clone(), (request, answer.clone()));
        answer
    }

    fn decide(
        &mut self,
        request: &AppointmentRequest,
        holder: Option<&Holder>,
        somebody_else: bool,
        now: Timestamp,
    ) -> AppointmentAnswer {
        let given = services().iter().any(|it| {
            it.service == request.service && it.offices.iter().any(|office| *office == request.office)
        });
        let start = slots::read(&request.start)
            .filter(|start| given && slots::exists(&request.service, &request.office, start, now));
        let Some(start) = start else { return AppointmentAnswer::Refused(refusal("not-offered")) };
        let of_service = |it: &&AppointmentRecord| it.service == request.service;
        if holder.is_some_and(|holder| self.of(holder, now).iter().any(of_service)) {
            return AppointmentAnswer::Refused(refusal("already-booked"));
        }
        let slot = (request.service.clone(), request.office.clone(), start.timestamp());
        if somebody_else {
            self.others.insert(slot.clone());
        }
        if self.taken().contains(&slot) || slots::is_others(&request.service, &request.office, &start) {
            return AppointmentAnswer::SlotTaken { next: self.next(request, &start, now) };
        }
        match self.make(request, holder, &start, now) {
            Some(made) => AppointmentAnswer::Booked(made),
            None => AppointmentAnswer::Refused(refusal("not-offered")),
        }
    }

    fn next(&self, request: &AppointmentRequest, start: &ZonedDateTime, now: Timestamp) -> Vec<Slot> {
        let taken = self.taken();
        slots::free(&request.service, &request.office, start.date(), &taken, now)
            .filter(|free| free.timestamp() > start.timestamp())
            .take(NEXT)
            .map(|free| slots::slot(&request.office, &free))
            .collect()
    }

    fn make(
        &mut self,
        request: &AppointmentRequest,
        holder: Option<&Holder>,
        start: &ZonedDateTime,
        now: Timestamp,
    ) -> Option<Appointment> {
        let is_new = |code: &String| !self.made.iter().any(|it| it.code == *code);
        let code = (0..).map(|attempt| code(self.seed, &request.request, attempt)).find(is_new)?;
        let same_day =
            |it: &&AppointmentRecord| it.office == request.office && it.start[..10] == request.start[..10];
        let letter = if request.office == "centre" { 'A' } else { 'B' };
        let ticket = format!("{letter}-{:03}", self.made.iter().filter(same_day).count() + 1);
        let (number, typed) = match (&request.who, holder) {
            (Who::Typed { number, name, phone }, _) => (number.clone(), Some((name.clone(), phone.clone()))),
            (Who::Session { .. }, holder) => (holder?.number.clone(), None),
        };
        let record = AppointmentRecord {
            request: request.request.clone(),
            code,
            ticket,
            service: request.service.clone(),
            office: request.office.clone(),
            start: slots::written(start),
            number,
            card: holder.and_then(|it| it.card.clone()),
            typed,
            booked_at: now,
            cancelled_at: None,
        };
        let made = shown(&record)?;
        self.made.push(record);
        Some(made)
    }

    /// Appointments of a session's holder that are still to come, in order of their beginning.
    fn of(&self, holder: &Holder, now: Timestamp) -> Vec<&AppointmentRecord> {
        let open =
            |it: &&AppointmentRecord| owns(holder, it) && it.cancelled_at.is_none() && is_to_come(it, now);
        let mut all: Vec<&AppointmentRecord> = self.made.iter().filter(open).collect();
        all.sort_by_key(|it| slots::read(&it.start).map(|start| start.timestamp()));
        all
    }

    pub fn find(&self, holder: &Holder, now: Timestamp) -> Vec<Appointment> {
        self.of(holder, now).into_iter().filter_map(shown).take(FOUND).collect()
    }

    /// The appointment of a slip, over or not; `None` where code and end of the number do not belong together.
    pub fn of_slip(&self, code: &str, number_end: &str) -> Option<&AppointmentRecord> {
        self.made.iter().find(|it| it.code == code && it.number.ends_with(number_end))
    }

    pub fn find_slip(&self, found: &AppointmentRecord, now: Timestamp) -> Vec<Appointment> {
        let open = found.cancelled_at.is_none() && is_to_come(found, now);
        shown(found).into_iter().filter(|_| open).collect()
    }

    /// Whether the holder of a session has an appointment with this code.
    pub fn is_own(&self, holder: &Holder, code: &str) -> bool {
        self.made.iter().any(|it| it.code == code && owns(holder, it))
    }

    /// Cancels an appointment whose owner asks for it.
    pub fn cancel(&mut self, code: &str, now: Timestamp) -> CancelAnswer {
        match self.made.iter_mut().find(|it| it.code == code) {
            None => CancelAnswer::Refused(refusal("appointment-unknown")),
            Some(AppointmentRecord { cancelled_at: Some(at), .. }) => {
                CancelAnswer::Cancelled { cancelled_at: *at }
            }
            Some(it) if !is_to_come(it, now) => CancelAnswer::Refused(refusal("too-late")),
            Some(it) => {
                it.cancelled_at = Some(now);
                CancelAnswer::Cancelled { cancelled_at: now }
            }
        }
    }

    /// In the order in which they were made.
    pub fn records(&self) -> Vec<AppointmentRecord> {
        self.made.clone()
    }

    /// Somebody else has this slot.
    pub fn take(&mut self, service: &str, office: &str, start: &str) -> bool {
        let start = slots::read(start);
        start.is_some_and(|it| self.others.insert((service.into(), office.into(), it.timestamp())))
    }

    fn taken(&self) -> Taken {
        let slot = |it: &AppointmentRecord| {
            let start = slots::read(&it.start)?;
            Some((it.service.clone(), it.office.clone(), start.timestamp()))
        };
        let made = self.made.iter().filter(|it| it.cancelled_at.is_none()).filter_map(slot);
        self.others.iter().cloned().chain(made).collect()
    }
}

/// A certificate proves who somebody is; a card with a number alone opens what was made with it.
fn owns(holder: &Holder, it: &AppointmentRecord) -> bool {
    it.number == holder.number && (holder.card.is_none() || it.card == holder.card)
}

fn is_to_come(it: &AppointmentRecord, now: Timestamp) -> bool {
    slots::read(&it.start).is_some_and(|start| start.timestamp() > now)
}

fn shown(it: &AppointmentRecord) -> Option<Appointment> {
    Some(Appointment {
        code: it.code.clone(),
        ticket: it.ticket.clone(),
        service: it.service.clone(),
        service_name: services().into_iter().find(|one| one.service == it.service)?.name,
        office: offices().into_iter().find(|one| one.office == it.office)?,
        start: it.start.clone(),
        bring: bring(&it.service),
    })
}

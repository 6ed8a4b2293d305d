//! The table: what happens on each page of an appointment.
use ui::{AppointmentTrouble, Intent, Slip, WriteProblem};

use super::*;
use crate::nif::NifError;
use crate::petition::telephone;
use crate::writing::Rules;

type Actions = Vec<Action>;

impl Appointment {
    /// Begins.
    pub fn begin() -> Appointment {
        Appointment {
            state: State::Start,
            purpose: Purpose::New,
            offers: None,
            service: 0,
            asked_office: false,
            slot: None,
            typed: Typed::default(),
            by_typing: false,
            proof: None,
            code: None,
            own: Vec::new(),
        }
    }

    /// The kiosk is at work: no citizen is idle who waits for it.
    pub fn works(&self) -> bool {
        match &self.state {
            State::Asking | State::AskingSlots | State::Booking | State::Finding | State::Cancelling(_) => {
                true
            }
            State::Made(_, slip) | State::OwnOne(_, Some(slip)) => *slip == Slip::Printing,
            State::Start
            | State::Service
            | State::First(_)
            | State::Full { .. }
            | State::Office
            | State::Day(_)
            | State::Hour(..)
            | State::WhoIs
            | State::Identifying
            | State::Writing(..)
            | State::NumberConfirm(_)
            | State::Check
            | State::Taken(_)
            | State::Own
            | State::OwnOne(_, None)
            | State::Cancel(_)
            | State::Cancelled(_)
            | State::Trouble(_)
            | State::Refused(_)
            | State::Over(_) => false,
        }
    }

    /// The citizen's wish.
    #[must_use = "the actions are what the citizen asked for"]
    pub fn wish(&mut self, facts: &Facts<'_>, intent: Intent) -> Vec<Action> {
        let mut out = Actions::new();
        let may_type = self.may_type(facts);
        match (&mut self.state, intent) {
            (State::Writing(..), intent) => self.write(intent, &mut out),
            (
                State::Asking
                | State::AskingSlots
                | State::Booking
                | State::Finding
                | State::Cancelling(_)
                | State::Identifying
                | State::Over(_),
                _,
            ) => {}
            (State::Made(..) | State::Cancelled(_), Intent::Another) => self.state = State::Over(End::Menu),
            (State::Made(..) | State::Cancelled(_), Intent::Confirm | Intent::Back | Intent::Cancel) => {
                self.state = State::Over(End::Done);
            }
            (_, Intent::Cancel) => self.state = State::Over(End::Menu),

            (State::Start, Intent::Choose(0)) => {
                self.purpose = Purpose::New;
                out.push(Action::AskOffers);
                self.state = State::Asking;
            }
            (State::Start, Intent::Choose(_)) => {
                self.purpose = Purpose::Own;
                self.who_is(facts, &mut out);
            }
            (State::Start, Intent::Back) => self.state = State::Over(End::Menu),
            (State::Service, Intent::Choose(service)) => {
                if self.offers.as_ref().is_some_and(|of| usize::from(service) < of.services.len()) {
                    self.service = service.into();
                    self.ask_slots(facts, None, &mut out);
                }
            }
            (State::Service, Intent::Back) => self.state = State::Start,
            (State::First(free), Intent::Confirm) => {
                self.slot = Some(free.first.clone());
                self.who_is(facts, &mut out);
            }
            (State::First(_) | State::Taken(_), Intent::Another) => self.state = State::Office,
            (State::First(_) | State::Full { .. } | State::Office, Intent::Back) => {
                self.state = State::Service
            }
            (State::Full { .. }, Intent::Confirm) => self.state = State::Over(End::Done),
            (State::Full { .. }, Intent::Another) => self.state = State::Over(End::Menu),
            (State::Office, Intent::Choose(office)) => {
                if let Some(office) = self.offices().get(usize::from(office)).map(|of| of.office.clone()) {
                    self.ask_slots(facts, Some(office), &mut out);
                }
            }
            (State::Day(free), Intent::Choose(day)) => {
                if usize::from(day) < free.days.len() {
                    self.state = State::Hour(free.clone(), day.into());
                }
            }
            (State::Day(_), Intent::Back) => self.state = State::Office,
            (State::Hour(free, day), Intent::Choose(hour)) => {
                if let Some(slot) = slot(free, *day, hour.into()) {
                    self.slot = Some(slot);
                    self.who_is(facts, &mut out);
                }
            }
            (State::Hour(free, _), Intent::Back) => self.state = State::Day(free.clone()),
            (State::WhoIs, Intent::Choose(0)) if facts.card => {
                self.by_typing = false;
                self.state = State::Identifying;
            }
            (State::WhoIs, Intent::Choose(1)) if may_type => self.begin_typing(),
            (State::WhoIs, Intent::Back) => {
                self.state = if self.purpose == Purpose::Own { State::Start } else { State::Office };
            }
            (State::NumberConfirm(number), Intent::Confirm) => {
                self.typed.number = Some(number.clone());
                self.open(Field::Name);
            }
            (State::NumberConfirm(_), Intent::Back) => self.open(Field::Number),
            (State::Check, Intent::Confirm) => self.book(&mut out),
            (State::Check, Intent::Back) => {
                self.state = if self.by_typing { State::WhoIs } else { State::Office };
            }
            (State::Taken(next), Intent::Choose(which)) => {
                if let Some(slot) = next.get(usize::from(which)).cloned() {
                    self.slot = Some(slot);
                    self.state = State::Check;
                }
            }
            (State::Taken(_), Intent::Back) => self.state = State::Office,
            (State::Own, Intent::Choose(which)) => {
                if usize::from(which) < self.own.len() {
                    self.state = State::OwnOne(which.into(), None);
                }
            }
            (State::Own, Intent::Back | Intent::Confirm) => self.state = State::Over(End::Menu),
            (State::OwnOne(which, _), Intent::CancelAppointment) => self.state = State::Cancel(*which),
            (State::OwnOne(which, slip), Intent::PrintAgain) => {
                if let Some(own) = self.own.get(*which) {
                    out.push(Action::PrintSlip(Box::new(own.clone())));
                    *slip = Some(Slip::Printing);
                }
            }
            (State::OwnOne(..), Intent::Back) => self.state = State::Own,
            (State::OwnOne(..), Intent::Confirm) => self.state = State::Over(End::Done),
            (State::Cancel(which), Intent::Confirm) => {
                let which = *which;
                if let (Some(own), Some(proof)) = (self.own.get(which), self.proof.clone()) {
                    out.push(Action::CancelOwn { code: own.code.clone(), proof });
                    self.state = State::Cancelling(which);
                }
            }
            (State::Cancel(which), Intent::Back) => self.state = State::OwnOne(*which, None),
            (State::Trouble(AppointmentTrouble::NotBooked), Intent::Confirm) if self.slot.is_some() => {
                self.state = State::Check;
            }
            (State::Trouble(_) | State::Refused(_), Intent::Confirm | Intent::Back) => {
                self.state = State::Over(End::Menu);
            }
            (
                State::Start
                | State::Service
                | State::First(_)
                | State::Full { .. }
                | State::Office
                | State::Day(_)
                | State::Hour(..)
                | State::WhoIs
                | State::NumberConfirm(_)
                | State::Check
                | State::Taken(_)
                | State::Made(..)
                | State::Own
                | State::OwnOne(..)
                | State::Cancel(_)
                | State::Cancelled(_)
                | State::Trouble(_)
                | State::Refused(_),
                _,
            ) => {}
        }
        out
    }

    /// What came of an action.
    #[must_use = "the actions are what is to be done next"]
    pub fn answer(&mut self, facts: &Facts<'_>, answer: Answer) -> Vec<Action> {
        let mut out = Actions::new();
        match (&mut self.state, answer) {
            (State::Asking, Answer::Offers(Some(offers))) => {
                self.offers = Some(offers);
                self.state = State::Service;
            }
            (State::Asking, Answer::Offers(None)) | (State::AskingSlots, Answer::Slots(None)) => {
                self.slot = None;
                self.state = State::Trouble(AppointmentTrouble::NotBooked);
            }
            (State::AskingSlots, Answer::Slots(Some(SlotsAnswer::Full { until, channels }))) => {
                self.state = State::Full { until, channels };
            }
            (State::AskingSlots, Answer::Slots(Some(SlotsAnswer::Free(free)))) => {
                // The first one is offered at once; days are shown to who wants another one.
                self.state = if self.asked_office { State::Day(free) } else { State::First(free) };
            }
            (State::Booking, Answer::Booked(booking)) => self.booked(booking, &mut out),
            (State::Made(_, slip), Answer::Printed(printed)) if *slip == Slip::Printing => {
                *slip = done(printed)
            }
            (State::OwnOne(_, Some(slip)), Answer::Printed(printed)) if *slip == Slip::Printing => {
                *slip = done(printed);
            }
            (State::Finding, Answer::Found(found)) => self.found(found),
            (State::Cancelling(which), Answer::Cancelled(cancelling)) => {
                let which = *which;
                self.state = match cancelling {
                    Cancelling::Cancelled => State::Cancelled(which),
                    Cancelling::Refused(told) => State::Refused(told),
                    Cancelling::Unknown => State::Trouble(AppointmentTrouble::CancelledUnknown),
                };
            }
            // Asked before the citizen turned back.
            (_, _) => {}
        }
        let _ = facts;
        out
    }

    /// The card has told who it is, or has not: `known`.
    #[must_use = "the actions are what is to be done next"]
    pub fn identified(&mut self, facts: &Facts<'_>, known: bool) -> Vec<Action> {
        let mut out = Actions::new();
        if self.state != State::Identifying {
            return out;
        }
        if known {
            self.who_is(facts, &mut out);
        } else {
            self.state = State::WhoIs;
        }
        out
    }

    /// It is ordered or cancelled, and that goes on whether the card is there or not.
    pub fn is_ordered(&self) -> bool {
        matches!(
            self.state,
            State::Booking | State::Made(..) | State::Cancelling(_) | State::Cancelled(_) | State::Taken(_)
        )
    }

    /// Goes on with who is known, or asks.
    fn who_is(&mut self, facts: &Facts<'_>, out: &mut Actions) {
        match (facts.name, self.purpose) {
            (Some(_), Purpose::New) if !self.by_typing => self.state = State::Check,
            (Some(_), Purpose::Own) => {
                self.proof = Some(Proof::Card);
                out.push(Action::Find(Proof::Card));
                self.state = State::Finding;
            }
            (_, Purpose::New) if self.by_typing && self.typed.number.is_some() => self.state = State::Check,
            _ if !facts.card && self.may_type(facts) => self.begin_typing(),
            _ => self.state = State::WhoIs,
        }
    }

    fn may_type(&self, facts: &Facts<'_>) -> bool {
        // A slip is proof enough, whatever the town hall wants for a new one.
        facts.without_card || self.purpose == Purpose::Own
    }

    fn begin_typing(&mut self) {
        self.by_typing = true;
        match self.purpose {
            Purpose::New => self.open(Field::Number),
            Purpose::Own => self.open(Field::SlipCode),
        }
    }

    fn ask_slots(&mut self, facts: &Facts<'_>, office: Option<String>, out: &mut Actions) {
        let service = self.offers.as_ref().and_then(|of| of.services.get(self.service));
        let Some(service) = service.map(|service| service.service.clone()) else { return };
        self.asked_office = office.is_some();
        out.push(Action::AskSlots { service, office, from: facts.today });
        self.state = State::AskingSlots;
    }

    fn book(&mut self, out: &mut Actions) {
        let service = self.offers.as_ref().and_then(|of| of.services.get(self.service));
        let (Some(service), Some(slot)) = (service, self.slot.clone()) else { return };
        let who = self.by_typing.then(|| self.typed.clone());
        out.push(Action::Book { service: service.service.clone(), slot, who });
        self.state = State::Booking;
    }

    fn booked(&mut self, booking: Booking, out: &mut Actions) {
        self.state = match booking {
            Booking::Booked(booked) => {
                out.push(Action::PrintSlip(booked.clone()));
                State::Made(booked, Slip::Printing)
            }
            Booking::Taken(next) => State::Taken(next),
            Booking::Refused(told) => State::Refused(told),
            Booking::NotAsked => State::Trouble(AppointmentTrouble::NotBooked),
            Booking::Unknown => State::Trouble(AppointmentTrouble::BookedUnknown),
        };
    }

    fn found(&mut self, found: Option<Tried<Vec<Booked>>>) {
        let by_slip = matches!(self.proof, Some(Proof::Slip { .. }));
        let problem = match found {
            Some(Tried::Answered(own)) if !own.is_empty() => {
                self.state = if own.len() == 1 { State::OwnOne(0, None) } else { State::Own };
                self.own = own;
                return;
            }
            Some(Tried::Answered(_)) => WriteProblem::NotFound,
            Some(Tried::TooMany { .. }) => WriteProblem::TooManyTries,
            None => WriteProblem::SedeUnreachable,
        };
        if by_slip {
            self.open(Field::NumberEnd);
            if let State::Writing(.., shown) = &mut self.state {
                *shown = Some(problem);
            }
        } else {
            self.state = State::Trouble(match problem {
                WriteProblem::NotFound => AppointmentTrouble::None,
                _ => AppointmentTrouble::NotBooked,
            });
        }
    }

    fn open(&mut self, field: Field) {
        let (longest, text) = match field {
            Field::Number => (24, self.typed.number.as_ref().map_or("", Nif::as_str)),
            Field::Name => (120, self.typed.name.as_str()),
            Field::Telephone => (20, self.typed.telephone.as_str()),
            Field::SlipCode => (16, ""),
            Field::NumberEnd => (4, ""),
        };
        let editor = Editor::new(Rules { longest, lines: false }, text);
        self.state = State::Writing(field, editor, None);
    }

    fn write(&mut self, intent: Intent, out: &mut Actions) {
        let State::Writing(field, editor, problem) = &mut self.state else { return };
        let field = *field;
        match intent {
            Intent::Confirm => {
                let text = editor.text();
                if let Err(why) = self.wrote(field, text.trim(), out)
                    && let State::Writing(_, _, problem) = &mut self.state
                {
                    *problem = Some(why);
                }
            }
            Intent::Back => match field {
                Field::Number | Field::SlipCode => self.state = State::WhoIs,
                Field::Name => self.open(Field::Number),
                Field::Telephone => self.open(Field::Name),
                Field::NumberEnd => self.open(Field::SlipCode),
            },
            Intent::Cancel => self.state = State::Over(End::Menu),
            intent => {
                if editor.touch(intent) {
                    *problem = None;
                }
            }
        }
    }

    fn wrote(&mut self, field: Field, text: &str, out: &mut Actions) -> Result<(), WriteProblem> {
        if text.is_empty() {
            return Err(WriteProblem::TooShort);
        }
        match field {
            Field::Number => {
                let typed = Nif::typed(text).map_err(number_problem)?;
                if typed.completed {
                    self.state = State::NumberConfirm(typed.nif);
                } else {
                    self.typed.number = Some(typed.nif);
                    self.open(Field::Name);
                }
            }
            Field::Name => {
                self.typed.name = text.to_owned().into();
                self.open(Field::Telephone);
            }
            Field::Telephone => {
                self.typed.telephone = telephone(text).ok_or(WriteProblem::NotATelephone)?;
                self.state = State::Check;
            }
            Field::SlipCode => {
                self.code = Some(SlipCode::typed(text).map_err(|_| WriteProblem::SlipCode)?);
                self.open(Field::NumberEnd);
            }
            Field::NumberEnd => {
                let end = text.to_uppercase();
                let good = end.len() == 4
                    && end.bytes().take(3).all(|byte| byte.is_ascii_digit())
                    && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
                let code = self.code.clone().filter(|_| good).ok_or(WriteProblem::NumberForm)?;
                let proof = Proof::Slip { code, number_end: end.into() };
                self.proof = Some(proof.clone());
                out.push(Action::Find(proof));
                self.state = State::Finding;
            }
        }
        Ok(())
    }

    /// The offices of the service, in the sede's order.
    pub(super) fn offices(&self) -> Vec<&crate::sede::Office> {
        let Some(offers) = &self.offers else { return Vec::new() };
        let Some(service) = offers.services.get(self.service) else { return Vec::new() };
        let of = |word: &String| offers.offices.iter().find(|office| office.office == *word);
        service.offices.iter().filter_map(of).collect()
    }
}

fn slot(free: &FreeSlots, day: usize, hour: usize) -> Option<Slot> {
    let day = free.days.get(day)?;
    let start = crate::sede::MadridTime::at(day.day, *day.times.get(hour)?)?;
    Some(Slot { office: free.office.clone(), start })
}

fn done(printed: bool) -> Slip {
    if printed { Slip::Printed } else { Slip::Impossible }
}

fn number_problem(error: NifError) -> WriteProblem {
    match error {
        NifError::Empty => WriteProblem::TooShort,
        NifError::Form => WriteProblem::NumberForm,
        NifError::LetterMissing => WriteProblem::NumberLetterMissing,
        NifError::WrongLetter => WriteProblem::NumberLetter,
        NifError::Company => WriteProblem::NumberKind(ui::NumberKind::Company),
        NifError::NotNie => WriteProblem::NumberKind(ui::NumberKind::NotNie),
    }
}

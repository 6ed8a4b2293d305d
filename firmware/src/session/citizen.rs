//! Errands of somebody known: the identification before them, and what the card's removal does to each.
use ui::CardProblem;

use super::*;
use crate::identification::State;

type Actions = Vec<Action>;

impl Session {
    /// Begins an errand of somebody known; who is known already is not asked again.
    pub(super) fn begin_identified(&mut self, facts: &Facts<'_>, errand: Errand, out: &mut Actions) {
        if self.citizen.as_ref().is_none_or(|citizen| citizen.holder().is_none()) {
            let (citizen, actions) = Identification::begin(facts.card);
            self.citizen = Some(citizen);
            out.extend(actions.into_iter().map(Action::Identify));
        }
        self.screen = Screen::Identifying(errand);
        self.follow(facts, out);
    }

    /// Lets the identification take a step, if there is one.
    pub(super) fn identify(
        &mut self,
        facts: &Facts<'_>,
        out: &mut Actions,
        step: impl FnOnce(&mut Identification) -> Vec<identification::Action>,
    ) {
        let Some(citizen) = &mut self.citizen else { return };
        let before = citizen.page();
        out.extend(step(citizen).into_iter().map(Action::Identify));
        // What comes without his doing is looked at from now on.
        if citizen.page() != before {
            self.touched = facts.now;
        }
        self.follow(facts, out);
    }

    /// What the state of the identification means for the page.
    fn follow(&mut self, facts: &Facts<'_>, out: &mut Actions) {
        let Some(citizen) = &self.citizen else { return };
        match (&citizen.state, &mut self.screen) {
            (State::Entered(_), Screen::Identifying(errand)) => {
                let errand = std::mem::replace(errand, Errand::Padron);
                self.go_on(facts, errand, out);
            }
            // Money that is inside is not left alone: the payment goes on with nobody known.
            (State::Over, Screen::Paying | Screen::Ended(_)) => self.citizen = None,
            (State::Over, Screen::Padron(padron)) => {
                padron.card_out();
                self.citizen = None;
                self.follow_padron(facts, out);
            }
            // What was agreed to goes on without the card; nothing else can be begun.
            (State::Over, Screen::Petition(petition)) if petition.is_agreed() => {
                petition.card_out();
                self.citizen = None;
            }
            (State::Over, Screen::Appointment(appointment)) if appointment.is_ordered() => {
                self.citizen = None;
            }
            // He has turned back before the card told who he is: there are other ways.
            (State::Over, Screen::Identifying(Errand::Appointment(appointment))) if citizen.has_card() => {
                let mut appointment = std::mem::replace(appointment, Box::new(Appointment::begin()));
                self.forget(out);
                let actions = appointment.identified(&self.appointment_facts(facts), false);
                out.extend(actions.into_iter().map(Action::Appointment));
                self.screen = Screen::Appointment(appointment);
            }
            (State::Over, _) => self.leave(facts, out),
            (
                State::Inserting(_)
                | State::Recognising
                | State::Opening(_)
                | State::Pin(_)
                | State::Signing(_)
                | State::Entering
                | State::Refused(_)
                | State::Entered(_),
                _,
            ) => {}
        }
    }

    /// Somebody is known: on with what he came for.
    fn go_on(&mut self, facts: &Facts<'_>, errand: Errand, out: &mut Actions) {
        match errand {
            Errand::Padron => {
                let (padron, actions) = Padron::begin();
                out.extend(actions.into_iter().map(Action::Padron));
                self.screen = Screen::Padron(padron);
            }
            Errand::Petition => {
                let (petition, actions) = Petition::begin();
                out.extend(actions.into_iter().map(Action::Petition));
                self.screen = Screen::Petition(Box::new(petition));
            }
            Errand::Appointment(mut appointment) => {
                let actions = appointment.identified(&self.appointment_facts(facts), true);
                out.extend(actions.into_iter().map(Action::Appointment));
                self.screen = Screen::Appointment(appointment);
            }
        }
    }

    /// Lets the certificates take a step, if they are under way.
    pub(super) fn in_padron(
        &mut self,
        facts: &Facts<'_>,
        out: &mut Actions,
        step: impl FnOnce(&mut Padron, &padron::Facts<'_>) -> Vec<padron::Action>,
    ) {
        let Screen::Padron(mut padron) = std::mem::take(&mut self.screen) else { return };
        let own = self.padron_facts(facts);
        let before = padron.page(&own);
        out.extend(step(&mut padron, &own).into_iter().map(Action::Padron));
        let changed = padron.page(&own) != before;
        self.screen = Screen::Padron(padron);
        self.touch_if(facts, changed);
        self.follow_padron(facts, out);
    }

    /// Lets the petition take a step, if it is under way.
    pub(super) fn in_petition(
        &mut self,
        facts: &Facts<'_>,
        out: &mut Actions,
        step: impl FnOnce(&mut Petition, &petition::Facts<'_>) -> Vec<petition::Action>,
    ) {
        let Screen::Petition(petition) = &mut self.screen else { return };
        let own = petition_facts(self.citizen.as_ref(), facts, self.language);
        let before = petition.page(&own);
        out.extend(step(petition, &own).into_iter().map(Action::Petition));
        let changed = petition.page(&own) != before;
        self.touch_if(facts, changed);
        let Screen::Petition(petition) = &self.screen else { return };
        match petition.state {
            petition::State::Over(petition::End::Menu) if self.citizen.is_some() => {
                self.screen = Screen::Menu
            }
            petition::State::Over(petition::End::Menu) => self.end(out),
            petition::State::Over(petition::End::Done) => self.leave(facts, out),
            petition::State::Over(petition::End::Unreachable) => {
                self.unreachable(Errand::Petition, facts, out)
            }
            _ => {}
        }
    }

    /// Lets the appointment take a step, if it is under way.
    pub(super) fn in_appointment(
        &mut self,
        facts: &Facts<'_>,
        out: &mut Actions,
        step: impl FnOnce(&mut Appointment, &appointment::Facts<'_>) -> Vec<appointment::Action>,
    ) {
        let Screen::Appointment(appointment) = &mut self.screen else { return };
        let own = appointment_facts(self.citizen.as_ref(), facts, self.language);
        let before = appointment.page(&own);
        out.extend(step(appointment, &own).into_iter().map(Action::Appointment));
        let changed = appointment.page(&own) != before;
        self.touch_if(facts, changed);
        let Screen::Appointment(appointment) = &mut self.screen else { return };
        match appointment.state {
            appointment::State::Over(appointment::End::Menu) => self.screen = Screen::Menu,
            appointment::State::Over(appointment::End::Done) => self.leave(facts, out),
            appointment::State::Identifying => {
                let appointment = std::mem::replace(appointment, Box::new(Appointment::begin()));
                self.begin_identified(facts, Errand::Appointment(appointment), out);
            }
            _ => {}
        }
    }

    fn follow_padron(&mut self, facts: &Facts<'_>, out: &mut Actions) {
        let Screen::Padron(Padron { state: padron::State::Over(end), .. }) = &self.screen else { return };
        match (end, &self.citizen) {
            (padron::End::Menu, Some(_)) => self.screen = Screen::Menu,
            (padron::End::Unreachable, Some(_)) => self.unreachable(Errand::Padron, facts, out),
            (padron::End::Done, Some(_)) => self.leave(facts, out),
            (_, None) => self.end(out),
        }
    }

    /// The sede could not be asked: the card has had its turn, and may be inserted again.
    fn unreachable(&mut self, errand: Errand, facts: &Facts<'_>, out: &mut Actions) {
        let Some(citizen) = &mut self.citizen else { return self.leave(facts, out) };
        let mut actions = Vec::new();
        citizen.spend(CardProblem::SedeUnreachable, &mut actions);
        out.extend(actions.into_iter().map(Action::Identify));
        self.screen = Screen::Identifying(errand);
    }

    /// Nobody is known any more.
    pub(super) fn forget(&mut self, out: &mut Actions) {
        let Some(mut citizen) = self.citizen.take() else { return };
        let mut actions = Vec::new();
        citizen.leave(&mut actions);
        out.extend(actions.into_iter().map(Action::Identify));
    }

    /// What comes without the citizen's doing is looked at from now on.
    fn touch_if(&mut self, facts: &Facts<'_>, changed: bool) {
        if changed {
            self.touched = facts.now;
        }
    }

    pub(super) fn padron_facts(&self, facts: &Facts<'_>) -> padron::Facts<'_> {
        let name = name(self.citizen.as_ref());
        padron::Facts { name, printer: facts.page_printer, language: self.language }
    }

    pub(super) fn petition_facts(&self, facts: &Facts<'_>) -> petition::Facts<'_> {
        petition_facts(self.citizen.as_ref(), facts, self.language)
    }

    pub(super) fn appointment_facts(&self, facts: &Facts<'_>) -> appointment::Facts<'_> {
        appointment_facts(self.citizen.as_ref(), facts, self.language)
    }
}

fn name(citizen: Option<&Identification>) -> Option<&str> {
    citizen.and_then(Identification::holder).map(|holder| holder.name.as_str())
}

fn petition_facts<'a>(
    citizen: Option<&'a Identification>,
    facts: &Facts<'_>,
    language: Language,
) -> petition::Facts<'a> {
    petition::Facts {
        name: name(citizen).unwrap_or_default(),
        language,
        feeder: facts.feeder,
        flatbed: facts.flatbed,
        own_signature: citizen.and_then(Identification::holder).is_some_and(|holder| holder.own_signature),
        limits: facts.petition_limits,
    }
}

fn appointment_facts<'a>(
    citizen: Option<&'a Identification>,
    facts: &Facts<'_>,
    language: Language,
) -> appointment::Facts<'a> {
    appointment::Facts {
        name: name(citizen),
        card: facts.card_reader,
        without_card: facts.without_card,
        language,
        today: facts.today,
    }
}

//! Services for somebody known: the identification before them, and what the card's removal does to each.
use ui::{CardProblem, Service};

use super::*;
use crate::identification::State;

type Actions = Vec<Action>;

impl Session {
    /// Begins a service for somebody known; who is known already is not asked again.
    pub(super) fn begin_identified(&mut self, facts: &Facts<'_>, service: Service, out: &mut Actions) {
        if self.citizen.as_ref().is_none_or(|citizen| citizen.holder().is_none()) {
            let (citizen, actions) = Identification::begin(facts.card);
            self.citizen = Some(citizen);
            out.extend(actions.into_iter().map(Action::Identify));
        }
        self.screen = Screen::Identifying(service);
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
            (State::Entered(_), Screen::Identifying(Service::Padron)) => {
                let (padron, actions) = Padron::begin();
                out.extend(actions.into_iter().map(Action::Padron));
                self.screen = Screen::Padron(padron);
            }
            // Money that is inside is not left alone: the payment goes on with nobody known.
            (State::Over, Screen::Paying | Screen::Ended(_)) => self.citizen = None,
            (State::Over, Screen::Padron(padron)) => {
                padron.card_out();
                self.citizen = None;
                self.follow_padron(facts, out);
            }
            (State::Over, _) => self.leave(facts, out),
            (
                State::Inserting(_)
                | State::Recognising
                | State::Opening(_)
                | State::LastTry(_)
                | State::Typing(_)
                | State::Signing(_)
                | State::Entering
                | State::Refused(_)
                | State::Entered(_),
                _,
            ) => {}
        }
    }

    /// Lets the procedure take a step, if it is under way.
    pub(super) fn in_padron(
        &mut self,
        facts: &Facts<'_>,
        out: &mut Actions,
        step: impl FnOnce(&mut Padron, &padron::Facts<'_>) -> Vec<padron::Action>,
    ) {
        let Screen::Padron(padron) = &mut self.screen else { return };
        let padron_facts = padron_facts(self.citizen.as_ref(), facts, self.language);
        let before = padron.page(&padron_facts);
        out.extend(step(padron, &padron_facts).into_iter().map(Action::Padron));
        // What comes without his doing is looked at from now on.
        if padron.page(&padron_facts) != before {
            self.touched = facts.now;
        }
        self.follow_padron(facts, out);
    }

    fn follow_padron(&mut self, facts: &Facts<'_>, out: &mut Actions) {
        let Screen::Padron(Padron { state: padron::State::Over(end), .. }) = &self.screen else { return };
        match (end, &mut self.citizen) {
            (padron::End::Menu, Some(_)) => self.screen = Screen::Menu,
            (padron::End::Unreachable, Some(citizen)) => {
                let mut actions = Vec::new();
                citizen.spend(CardProblem::SedeUnreachable, &mut actions);
                out.extend(actions.into_iter().map(Action::Identify));
                self.screen = Screen::Identifying(Service::Padron);
            }
            (padron::End::Done, Some(_)) => self.leave(facts, out),
            (_, None) => self.end(out),
        }
    }

    /// Nobody is known any more.
    pub(super) fn forget(&mut self, out: &mut Actions) {
        let Some(mut citizen) = self.citizen.take() else { return };
        let mut actions = Vec::new();
        citizen.leave(&mut actions);
        out.extend(actions.into_iter().map(Action::Identify));
    }

    pub(super) fn padron_page(&self, padron: &Padron, facts: &Facts<'_>) -> Page {
        padron.page(&padron_facts(self.citizen.as_ref(), facts, self.language))
    }
}

fn padron_facts<'a>(
    citizen: Option<&'a Identification>,
    facts: &Facts<'_>,
    language: Language,
) -> padron::Facts<'a> {
    let holder = citizen.and_then(Identification::holder);
    padron::Facts { name: holder.map(|holder| holder.name.as_str()), printer: facts.page_printer, language }
}

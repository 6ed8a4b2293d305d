//! The table: what happens on each page of a petition.
use ui::{Intent, PetitionTrouble, Slip};

use super::*;

impl Petition {
    /// Begins with somebody who is known.
    pub fn begin() -> (Petition, Vec<Action>) {
        let petition = Petition {
            state: State::Asking,
            options: None,
            form: Form::default(),
            documents: Vec::new(),
            scans: Scans::default(),
            picture: Picture::default(),
            changing: false,
            unsigned: None,
            alone: false,
        };
        (petition, vec![Action::AskOptions])
    }

    /// The kiosk is at work: no citizen is idle who waits for it.
    pub fn works(&self) -> bool {
        match &self.state {
            State::Asking | State::Scanning | State::Making | State::Sending { .. } => true,
            State::Signing(signing) => signing.works(),
            State::Registered(_, slip) => *slip == Slip::Printing,
            State::Denied(_)
            | State::Body
            | State::OnBehalf
            | State::Writing(..)
            | State::Notification
            | State::Documents
            | State::Document(_)
            | State::Naming
            | State::From(_)
            | State::Page(_)
            | State::MoreSheets
            | State::Check
            | State::Consent
            | State::Trouble(_)
            | State::Refused(_)
            | State::GiveUp(_)
            | State::Over(_) => false,
        }
    }

    /// It was agreed to, and goes on whether the card is there or not.
    pub fn is_agreed(&self) -> bool {
        matches!(self.state, State::Sending { .. } | State::Registered(..))
    }

    /// The card is out.
    pub fn card_out(&mut self) {
        self.alone = true;
    }

    /// The citizen's wish.
    #[must_use = "the actions are what the citizen asked for"]
    pub fn wish(&mut self, facts: &Facts<'_>, intent: Intent) -> Vec<Action> {
        let mut out = Actions::new();
        let card_signs = self.card_signs(facts);
        match (&mut self.state, intent) {
            (State::Writing(..), intent) => self.write(facts, intent),
            (State::Signing(_), intent) => self.wish_signing(intent, &mut out),
            // What is on its way is told first.
            (State::Sending { .. } | State::Over(_), _) => {}
            (State::Registered(..), Intent::Another) => self.state = State::Over(End::Menu),
            (State::Registered(..), Intent::Confirm | Intent::Back | Intent::Cancel) => {
                self.state = State::Over(End::Done);
            }
            (State::Scanning, Intent::Cancel | Intent::Back) => {
                out.push(Action::StopScan);
                self.state = State::From(None);
            }
            (State::Asking | State::Making | State::Scanning, _) => {}
            (State::GiveUp(_), Intent::Confirm | Intent::Cancel) => self.state = State::Over(End::Menu),
            (State::GiveUp(before), _) => self.state = std::mem::replace(before, State::Check),
            // Nothing is written yet, or nothing of it is left.
            (State::Denied(_) | State::Body | State::OnBehalf | State::Trouble(_), Intent::Cancel)
                if !self.changing =>
            {
                self.state = State::Over(End::Menu);
            }
            (_, Intent::Cancel) => self.give_up(),

            (State::Denied(_), Intent::Confirm | Intent::Back) => self.state = State::Over(End::Menu),
            (State::Body, Intent::Choose(body)) => self.address_to(usize::from(body)),
            (State::Body, Intent::Back) if self.changing => self.check(),
            (State::Body, Intent::Back) => self.state = State::Over(End::Menu),
            (State::OnBehalf, Intent::Choose(0)) => {
                self.form.represented = None;
                self.after(facts, State::OnBehalf);
            }
            (State::OnBehalf, Intent::Choose(_)) => self.open(facts, Field::RepresentedNumber),
            (State::OnBehalf, Intent::Back) if self.changing => self.check(),
            (State::OnBehalf, Intent::Back) => self.state = State::Body,
            (State::Notification, Intent::Choose(0)) => {
                self.form.contact.postal = false;
                self.open(facts, Field::Telephone);
            }
            (State::Notification, Intent::Choose(_)) => {
                self.form.contact.postal = true;
                self.open(facts, Field::PostalAddress);
            }
            (State::Notification, Intent::Back) if self.changing => self.check(),
            (State::Notification, Intent::Back) => self.state = State::Documents,

            (
                State::Documents
                | State::Document(_)
                | State::Naming
                | State::From(_)
                | State::MoreSheets
                | State::Page(_),
                intent,
            ) => self.wish_papers(facts, intent, &mut out),

            (State::Check, Intent::Choose(part)) => self.change(facts, part),
            (State::Check, Intent::Confirm) => self.state = State::Consent,
            (State::Check, Intent::Back) => self.open(facts, Field::Email),
            (State::Consent, Intent::Confirm) => {
                let (form, documents) = (Box::new(self.form.clone()), self.documents.clone());
                out.push(Action::Present(form, documents));
                self.state = State::Sending { file: 0, of: self.files_shown(), percent: 0 };
            }
            (State::Consent, Intent::SignWithCard) if card_signs => self.sign_with_card(&mut out),
            (State::Consent, Intent::Back) => self.check(),
            // Without the card nothing more can be done with it.
            (State::Trouble(_) | State::Refused(_), Intent::Confirm | Intent::Back) if self.alone => {
                self.state = State::Over(End::Done);
            }
            (State::Trouble(PetitionTrouble::NotSent), Intent::Confirm) => self.state = State::Consent,
            (State::Trouble(PetitionTrouble::TooLarge), Intent::Confirm) => self.state = State::Documents,
            (State::Trouble(PetitionTrouble::NotSent | PetitionTrouble::TooLarge), Intent::Back) => {
                self.check()
            }
            (State::Trouble(_), Intent::Confirm | Intent::Back) => self.state = State::Over(End::Done),
            (State::Refused(_), Intent::Confirm | Intent::Back) => self.check(),
            (
                State::Denied(_)
                | State::Body
                | State::OnBehalf
                | State::Notification
                | State::Check
                | State::Consent
                | State::Registered(..)
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
            (State::Asking, Answer::Options(None)) => self.state = State::Over(End::Unreachable),
            (State::Asking, Answer::Options(Some(Err(told)))) => self.state = State::Denied(told),
            (State::Asking, Answer::Options(Some(Ok(options)))) => {
                self.options = Some(options);
                self.state = State::Body;
            }
            (State::Scanning | State::Making, answer) => self.answer_papers(facts, answer, &mut out),
            (State::Sending { file, of, percent }, Answer::Sent { file: now, of: all, percent: done }) => {
                (*file, *of, *percent) = (now, all, done);
            }
            (State::Sending { .. }, Answer::Presented(presented)) => self.presented(presented, &mut out),
            (State::Signing(_), answer) => self.answer_signing(answer, &mut out),
            (State::Registered(_, slip), Answer::Printed(printed)) if *slip == Slip::Printing => {
                *slip = if printed { Slip::Printed } else { Slip::Impossible };
            }
            // Asked before the citizen turned back.
            (_, _) => {}
        }
        out
    }

    pub(super) fn presented(&mut self, presented: Presented, out: &mut Actions) {
        self.state = match presented {
            Presented::Registered(entry) => {
                out.push(Action::PrintReceipt(entry.clone()));
                // What was written and scanned is the registry's now.
                (self.form, self.documents, self.scans, self.picture) = Default::default();
                State::Registered(entry, Slip::Printing)
            }
            Presented::Refused(told) => State::Refused(told),
            Presented::NotSent => State::Trouble(PetitionTrouble::NotSent),
            Presented::Unknown { reference } => {
                State::Trouble(PetitionTrouble::RegisteredUnknown { reference })
            }
        };
    }

    fn address_to(&mut self, body: usize) {
        if self.options.as_ref().is_some_and(|options| body < options.bodies.len()) {
            self.form.body = body;
            if self.changing { self.check() } else { self.state = State::OnBehalf }
        }
    }

    /// The page that follows one that is done.
    pub(super) fn after(&mut self, facts: &Facts<'_>, done: State) {
        if self.changing {
            return self.check();
        }
        match done {
            State::OnBehalf => self.open(facts, Field::Facts),
            State::Documents => self.state = State::Notification,
            _ => self.check(),
        }
    }

    /// Asks first: what was written and scanned would be lost.
    pub(super) fn give_up(&mut self) {
        let before = std::mem::replace(&mut self.state, State::Check);
        self.state = State::GiveUp(Box::new(before));
    }

    pub(super) fn check(&mut self) {
        // Who has turned back half-way has changed nothing that cannot stand alone.
        let half = |of: &Represented| {
            of.name.as_str().is_empty() || (of.is_person() && of.surnames.as_str().is_empty())
        };
        if self.form.represented.as_ref().is_some_and(half) {
            self.form.represented = None;
        }
        if self.form.contact.address.as_str().is_empty() && !self.may_skip(Field::PostalAddress) {
            self.form.contact.postal = false;
        }
        self.changing = false;
        self.state = State::Check;
    }

    /// From the page where everything is checked to a part of it.
    fn change(&mut self, facts: &Facts<'_>, part: u8) {
        let Some(part) = ui::PetitionPart::ALL.get(usize::from(part)) else { return };
        self.changing = true;
        match part {
            ui::PetitionPart::To => self.state = State::Body,
            // It is the card's.
            ui::PetitionPart::Person => self.check(),
            ui::PetitionPart::Represented => self.state = State::OnBehalf,
            ui::PetitionPart::Facts => self.open(facts, Field::Facts),
            ui::PetitionPart::Request => self.open(facts, Field::Request),
            ui::PetitionPart::Notification => self.state = State::Notification,
            ui::PetitionPart::Contact => self.open(facts, Field::Telephone),
            ui::PetitionPart::Attachments => self.state = State::Documents,
        }
    }
}

//! The table: what happens on each page of an identification.
use ui::{CardProblem, CardRefusal, Intent, PinProblem};

use super::*;

type Actions = Vec<Action>;

impl Identification {
    /// Begins: with the card that is in the reader, or by asking for one.
    pub fn begin(card: Card) -> (Identification, Vec<Action>) {
        let mut it = Identification { state: State::Inserting(None), card: None, spent: None };
        let actions = it.look(card);
        (it, actions)
    }

    /// Who it is, once it is known.
    pub fn holder(&self) -> Option<&Holder> {
        match &self.state {
            State::Entered(holder) => Some(holder),
            State::Inserting(_)
            | State::Recognising
            | State::Opening(_)
            | State::Pin(_)
            | State::Signing(_)
            | State::Entering
            | State::Refused(_)
            | State::Over => None,
        }
    }

    /// The insertion that it works with is still in the reader.
    pub fn has_card(&self) -> bool {
        self.card.is_some()
    }

    /// The kiosk is at work: no citizen is idle who waits for it.
    pub fn works(&self) -> bool {
        matches!(self.state, State::Recognising | State::Opening(_) | State::Signing(_) | State::Entering)
    }

    /// The citizen's wish.
    #[must_use = "the actions are what the citizen asked for"]
    pub fn wish(&mut self, intent: Intent) -> Vec<Action> {
        let mut out = Actions::new();
        match (&mut self.state, intent) {
            (State::Pin(entry), intent) => match entry.wish(intent) {
                PinWish::Stay => {}
                PinWish::Leave => self.leave(&mut out),
                PinWish::Give { pin, last_try } => {
                    out.push(Action::Sign { pin, last_try });
                    self.state = State::Signing(entry.rules());
                }
            },
            // The card has the PIN: it is not left alone with it.
            (State::Signing(_), _) => {}
            (State::Entered(_) | State::Over, _) => {}
            (_, Intent::Cancel) => self.leave(&mut out),
            (State::Inserting(_) | State::Refused(_), Intent::Back | Intent::Confirm) => self.leave(&mut out),
            (
                State::Inserting(_)
                | State::Recognising
                | State::Opening(_)
                | State::Entering
                | State::Refused(_),
                _,
            ) => {}
        }
        out
    }

    /// What came of an action.
    #[must_use = "the actions are what is to be done next"]
    pub fn answer(&mut self, answer: Answer) -> Vec<Action> {
        let mut out = Actions::new();
        match (&self.state, answer) {
            (State::Recognising, Answer::Recognised(Ok(recognised))) => {
                out.push(Action::OpenSession);
                self.state = State::Opening(recognised);
            }
            (State::Recognising, Answer::Recognised(Err(failure))) => self.failed(failure, None, &mut out),
            (State::Opening(_), Answer::Opened(false)) => self.spend(CardProblem::SedeUnreachable, &mut out),
            (State::Opening(Recognised::Certificate(rules)), Answer::Opened(true)) => {
                self.ask_pin(*rules, None, &mut out);
            }
            (State::Opening(Recognised::Record { profile, number }), Answer::Opened(true)) => {
                out.push(Action::Enter(Proof::Record { profile: profile.clone(), number: number.clone() }));
                self.state = State::Entering;
            }
            (State::Signing(_), Answer::Signed(Ok(proof))) => {
                out.push(Action::Enter(proof));
                self.state = State::Entering;
            }
            (State::Signing(rules), Answer::Signed(Err(failure))) => {
                let rules = *rules;
                self.failed(failure, Some(rules), &mut out);
            }
            (State::Entering, Answer::Entered(Ok(holder))) => self.state = State::Entered(holder),
            (State::Entering, Answer::Entered(Err(EntryFailure::Unreachable))) => {
                self.spend(CardProblem::SedeUnreachable, &mut out);
            }
            (State::Entering, Answer::Entered(Err(EntryFailure::Refused(refusal)))) => {
                self.refuse(refusal, &mut out);
            }
            // Asked before the card was taken out, or before the citizen turned back.
            (_, _) => {}
        }
        out
    }

    /// Looks at what is in the reader.
    #[must_use = "the actions are what is to be done next"]
    pub fn look(&mut self, card: Card) -> Vec<Action> {
        let mut out = Actions::new();
        if self.card.is_some_and(|own| card != Card::Present(own)) {
            self.card = None;
            self.removed(&mut out);
        }
        if self.spent.is_some_and(|spent| card != Card::Present(spent)) {
            self.spent = None;
        }
        let State::Inserting(problem) = &mut self.state else { return out };
        match card {
            Card::Absent => {}
            Card::Mute => *problem = Some(CardProblem::Mute),
            Card::Present(card) if self.spent == Some(card) => {}
            Card::Present(card) => {
                self.card = Some(card);
                self.state = State::Recognising;
                out.push(Action::Recognise);
            }
        }
        out
    }

    /// The citizen is gone, or wants to go: nobody is known any more.
    pub fn leave(&mut self, out: &mut Vec<Action>) {
        if self.state != State::Over {
            out.push(Action::Forget);
            self.state = State::Over;
        }
    }

    /// The card has had its turn: it is to be taken out before another one.
    pub fn spend(&mut self, problem: CardProblem, out: &mut Vec<Action>) {
        out.push(Action::Forget);
        self.spent = self.card.take();
        self.state = State::Inserting(Some(problem));
    }

    /// The card was taken out.
    fn removed(&mut self, out: &mut Actions) {
        out.push(Action::Forget);
        self.state = match &self.state {
            // In the middle of a dialogue: he is told, and may insert it again.
            State::Recognising | State::Opening(_) | State::Pin(_) | State::Signing(_) | State::Entering => {
                State::Inserting(Some(CardProblem::TakenOut))
            }
            State::Inserting(problem) => State::Inserting(*problem),
            State::Refused(_) | State::Entered(_) | State::Over => State::Over,
        };
    }

    fn failed(&mut self, failure: CardFailure, rules: Option<PinRules>, out: &mut Actions) {
        match (failure, rules) {
            (CardFailure::Problem(problem), _) => self.spend(problem, out),
            (CardFailure::Refused(refusal), _) => self.refuse(refusal, out),
            (CardFailure::WrongPin { tries_left }, Some(rules)) => {
                self.ask_pin(PinRules { tries_left, ..rules }, Some(PinProblem::Wrong), out);
            }
            (CardFailure::LastTry, Some(rules)) => {
                self.ask_pin(PinRules { tries_left: Some(1), ..rules }, None, out);
            }
            // Nobody has typed a PIN yet.
            (CardFailure::WrongPin { .. } | CardFailure::LastTry, None) => {
                self.spend(CardProblem::Failed, out);
            }
        }
    }

    fn ask_pin(&mut self, rules: PinRules, problem: Option<PinProblem>, out: &mut Actions) {
        match PinEntry::ask(rules, problem) {
            Some(entry) => self.state = State::Pin(entry),
            None => self.refuse(CardRefusal::PinBlocked { dnie: rules.dnie }, out),
        }
    }

    fn refuse(&mut self, refusal: CardRefusal, out: &mut Actions) {
        out.push(Action::Forget);
        self.state = State::Refused(refusal);
    }
}

//! The table: what happens on each page of the procedure.
use ui::{CardProblem, CardRefusal, DocumentTrouble, Intent, PinProblem};

use super::*;

type Actions = Vec<Action>;

impl Padron {
    /// Begins: with the card that is in the reader, or by asking for one.
    pub fn begin(facts: &Facts) -> (Padron, Vec<Action>) {
        let mut padron = Padron { state: State::Inserting(None), card: None, spent: None, entered: None };
        let mut out = Actions::new();
        padron.look_at_reader(facts, &mut out);
        (padron, out)
    }

    /// Somebody is known: his name and data are here.
    pub fn knows_somebody(&self) -> bool {
        self.entered.is_some()
    }

    /// A paper is on its way into the citizen's hand.
    pub fn prints(&self) -> bool {
        matches!(self.state, State::Printing { .. } | State::Taking(_))
    }

    /// The kiosk is at work: no citizen is idle who waits for it.
    pub fn works(&self) -> bool {
        self.prints()
            || matches!(
                self.state,
                State::Recognising
                    | State::Opening(_)
                    | State::Signing(_)
                    | State::Entering
                    | State::Issuing { .. }
            )
    }

    /// The citizen's wish.
    #[must_use = "the actions are what the citizen asked for"]
    pub fn wish(&mut self, facts: &Facts, intent: Intent) -> Vec<Action> {
        let mut out = Actions::new();
        let known = self.knows_somebody();
        match (&mut self.state, intent) {
            (State::Typing(typing), intent) => {
                let typing = typing.clone();
                self.type_pin(facts, typing, intent, &mut out);
            }
            (State::LastTry(rules), Intent::Confirm) => self.state = State::Typing(Typing::new(*rules, true)),
            (State::Choosing, Intent::Choose(offer)) => self.look_at(facts, usize::from(offer)),
            (State::Looking { language, offer }, Intent::DocumentLanguage(wanted)) => {
                let offers = self.entered.as_ref().and_then(|entered| entered.offers.get(*offer));
                if offers.is_some_and(|offer| offer.languages.contains(&wanted)) {
                    *language = wanted;
                }
            }
            (State::Looking { offer, language }, Intent::Confirm) => {
                let (offer, language) = (*offer, *language);
                self.issue(offer, language, &mut out);
            }
            (State::Unanswered { offer, language }, Intent::PrintAgain | Intent::Confirm) => {
                let (offer, language) = (*offer, *language);
                self.issue(offer, language, &mut out);
            }
            (State::Looking { .. }, Intent::Back) => self.state = State::Choosing,
            (
                State::Denied { .. } | State::Unanswered { .. } | State::Queued { .. } | State::Taken(_),
                Intent::Another | Intent::Back,
            ) if known => self.state = State::Choosing,
            (State::Trouble(..), Intent::Another | Intent::Back) if known => {
                self.state = State::Choosing;
            }
            (State::Trouble(paper, _), Intent::PrintAgain) if facts.printer && self.entered.is_some() => {
                let paper = paper.clone();
                out.push(Action::Print(paper.document.clone()));
                self.state = State::Printing { paper, page: 1 };
            }
            // What prints and what waits in the slot is finished before anything else.
            (State::Printing { .. } | State::Taking(_), _) => {}
            // The card has the PIN: it is not left alone with it.
            (State::Signing(_), _) => {}
            (State::Leaving { .. } | State::Over, _) => {}
            (_, Intent::Cancel) => self.leave(facts, &mut out),
            (
                State::Inserting(_)
                | State::LastTry(_)
                | State::Refused(_)
                | State::Choosing
                | State::Denied { .. }
                | State::Unanswered { .. }
                | State::Queued { .. }
                | State::Taken(_)
                | State::Trouble(..),
                Intent::Back | Intent::Confirm,
            ) => self.leave(facts, &mut out),
            (
                State::Inserting(_)
                | State::Recognising
                | State::Opening(_)
                | State::LastTry(_)
                | State::Entering
                | State::Refused(_)
                | State::Choosing
                | State::Looking { .. }
                | State::Issuing { .. }
                | State::Denied { .. }
                | State::Unanswered { .. }
                | State::Queued { .. }
                | State::Taken(_)
                | State::Trouble(..),
                _,
            ) => {}
        }
        out
    }

    /// What came of an action.
    #[must_use = "the actions are what is to be done next"]
    pub fn answer(&mut self, facts: &Facts, answer: Answer) -> Vec<Action> {
        let mut out = Actions::new();
        match (&self.state, answer) {
            (State::Recognising, Answer::Recognised(Ok(recognised))) => {
                out.push(Action::OpenSession);
                self.state = State::Opening(recognised);
            }
            (State::Recognising, Answer::Recognised(Err(failure))) => self.failed(failure, None, &mut out),
            (State::Opening(_), Answer::Opened(false)) => {
                self.spend(Some(CardProblem::SedeUnreachable), &mut out);
            }
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
            (State::Entering, Answer::Entered(Ok(entered))) if entered.offers.is_empty() => {
                // Known, but with a card that opens nothing here.
                self.refuse(CardRefusal::NeedsCertificate, &mut out);
            }
            (State::Entering, Answer::Entered(Ok(entered))) => {
                self.entered = Some(entered);
                self.state = State::Choosing;
            }
            (State::Entering, Answer::Entered(Err(EntryFailure::Unreachable))) => {
                self.spend(Some(CardProblem::SedeUnreachable), &mut out);
            }
            (State::Entering, Answer::Entered(Err(EntryFailure::Refused(refusal)))) => {
                self.refuse(refusal, &mut out);
            }
            (State::Issuing { offer, language }, Answer::Issued(issued)) => {
                let (offer, language) = (*offer, *language);
                self.issued(offer, language, issued, &mut out);
            }
            (State::Printing { paper, .. }, Answer::Print(print)) => {
                let paper = paper.clone();
                self.printed(facts, paper, print, &mut out);
            }
            (State::Taking(paper), Answer::Print(print)) => {
                let paper = paper.clone();
                self.printed(facts, paper, print, &mut out);
            }
            // Asked before the card was taken out, or before the citizen turned back.
            (_, _) => {}
        }
        out
    }

    /// Time has passed, or reader or printer have changed.
    #[must_use = "the actions are what is to be done next"]
    pub fn tick(&mut self, facts: &Facts) -> Vec<Action> {
        let mut out = Actions::new();
        self.look_at_reader(facts, &mut out);
        if let State::Leaving { since } = self.state
            && facts.now.saturating_sub(since) >= facts.last_page
        {
            self.state = State::Over;
        }
        out
    }

    /// The citizen is gone, or wants to go: everything of him ends here.
    pub fn leave(&mut self, facts: &Facts, out: &mut Vec<Action>) {
        if matches!(self.state, State::Leaving { .. } | State::Over) {
            return;
        }
        out.push(Action::Forget);
        self.entered = None;
        self.state = if self.card.is_some() { State::Leaving { since: facts.now } } else { State::Over };
    }

    fn look_at_reader(&mut self, facts: &Facts, out: &mut Actions) {
        if let Some(card) = self.card
            && facts.card != Card::Present(card)
        {
            self.card = None;
            self.removed(out);
            return;
        }
        if self.spent.is_some_and(|spent| facts.card != Card::Present(spent)) {
            self.spent = None;
        }
        let State::Inserting(problem) = &mut self.state else { return };
        match facts.card {
            Card::Absent => {}
            Card::Mute => *problem = Some(CardProblem::Mute),
            Card::Present(card) if self.spent == Some(card) => {}
            Card::Present(card) => {
                self.card = Some(card);
                self.state = State::Recognising;
                out.push(Action::Recognise);
            }
        }
    }

    /// The card was taken out.
    fn removed(&mut self, out: &mut Actions) {
        out.push(Action::Forget);
        self.entered = None;
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            // In the middle of a dialogue: he is told, and may insert it again.
            State::Recognising
            | State::Opening(_)
            | State::Typing(_)
            | State::LastTry(_)
            | State::Signing(_)
            | State::Entering => State::Inserting(Some(CardProblem::TakenOut)),
            // The paper is his, and comes out whole.
            paper @ (State::Printing { .. } | State::Taking(_)) => paper,
            State::Inserting(problem) => State::Inserting(problem),
            State::Refused(_)
            | State::Choosing
            | State::Looking { .. }
            | State::Issuing { .. }
            | State::Denied { .. }
            | State::Unanswered { .. }
            | State::Queued { .. }
            | State::Taken(_)
            | State::Trouble(..)
            | State::Leaving { .. }
            | State::Over => State::Over,
        };
    }

    fn failed(&mut self, failure: CardFailure, rules: Option<PinRules>, out: &mut Actions) {
        match (failure, rules) {
            (CardFailure::Problem(problem), _) => self.spend(Some(problem), out),
            (CardFailure::Refused(refusal), _) => self.refuse(refusal, out),
            (CardFailure::WrongPin { tries_left }, Some(rules)) => {
                self.ask_pin(PinRules { tries_left, ..rules }, Some(PinProblem::Wrong), out);
            }
            (CardFailure::LastTry, Some(rules)) => {
                self.ask_pin(PinRules { tries_left: Some(1), ..rules }, None, out);
            }
            // Nobody has typed a PIN yet.
            (CardFailure::WrongPin { .. } | CardFailure::LastTry, None) => {
                self.spend(Some(CardProblem::Failed), out);
            }
        }
    }

    fn ask_pin(&mut self, rules: PinRules, problem: Option<PinProblem>, out: &mut Actions) {
        self.state = match rules.tries_left {
            Some(0) => return self.refuse(CardRefusal::PinBlocked { dnie: rules.dnie }, out),
            Some(1) => State::LastTry(rules),
            _ => State::Typing(Typing { problem, ..Typing::new(rules, false) }),
        };
    }

    fn type_pin(&mut self, facts: &Facts, mut typing: Typing, intent: Intent, out: &mut Actions) {
        let longest = typing.rules.longest;
        let typed = match intent {
            Intent::Digit(digit) => {
                char::from_digit(u32::from(digit), 10).map(|digit| typing.pin.push(digit, longest))
            }
            Intent::Letter(letter) => Some(typing.pin.push(letter, longest)),
            Intent::Erase => {
                typing.pin.erase();
                Some(true)
            }
            Intent::PinKeys(keys) => {
                typing.keys = keys;
                Some(false)
            }
            Intent::Confirm if typing.pin.len() < typing.rules.shortest => {
                typing.problem = Some(PinProblem::TooShort);
                Some(false)
            }
            Intent::Confirm => {
                out.push(Action::Sign { pin: typing.pin.clone(), last_try: typing.last_try });
                self.state = State::Signing(typing.rules);
                return;
            }
            Intent::Cancel | Intent::Back => return self.leave(facts, out),
            _ => None,
        };
        if typed == Some(true) {
            typing.problem = None;
        }
        self.state = State::Typing(typing);
    }

    fn look_at(&mut self, facts: &Facts, offer: usize) {
        let Some(found) = self.entered.as_ref().and_then(|entered| entered.offers.get(offer)) else { return };
        let [spanish, ..] = &found.shown;
        if matches!(spanish.issue, ui::Issue::Refused { .. }) {
            let words = |of: fn(&ui::Issue) -> String| found.shown.each_ref().map(|kind| of(&kind.issue));
            self.state = State::Denied { offer, text: words(why), next: words(what_next) };
            return;
        }
        // His own language if it can be had, else the first.
        let own = found.languages.iter().find(|language| **language == facts.language);
        let Some(language) = own.or(found.languages.first()) else { return };
        self.state = State::Looking { offer, language: *language };
    }

    fn issue(&mut self, offer: usize, language: Language, out: &mut Actions) {
        let Some(found) = self.entered.as_ref().and_then(|entered| entered.offers.get(offer)) else { return };
        out.push(Action::Issue { kind: found.kind.clone(), language });
        self.state = State::Issuing { offer, language };
    }

    fn issued(&mut self, offer: usize, language: Language, issued: Option<Issued>, out: &mut Actions) {
        self.state = match issued {
            None => State::Unanswered { offer, language },
            Some(Issued::Refused { text, next }) => State::Denied { offer, text, next },
            Some(Issued::Queued { reference, working_days }) => {
                State::Queued { offer, reference, working_days }
            }
            Some(Issued::Document(document)) => {
                out.push(Action::Print(document.clone()));
                State::Printing { paper: Paper { document, title: self.title(offer) }, page: 1 }
            }
        };
    }

    fn printed(&mut self, facts: &Facts, paper: Paper, print: Print, out: &mut Actions) {
        let mut report = |outcome| {
            let certificate = paper.document.certificate.clone();
            out.push(Action::Report { certificate, outcome });
        };
        self.state = match print {
            Print::Page(page) => State::Printing { paper, page },
            Print::InTheSlot => State::Taking(paper),
            Print::Taken => {
                report(PaperOutcome::Printed);
                State::Taken(paper)
            }
            Print::Trouble(trouble) => {
                report(match trouble {
                    DocumentTrouble::Unknown => PaperOutcome::Unknown,
                    DocumentTrouble::Torn
                    | DocumentTrouble::Retracted
                    | DocumentTrouble::NotReceived
                    | DocumentTrouble::NoPrinter => PaperOutcome::Unprinted,
                });
                State::Trouble(paper, trouble)
            }
        };
        // The card went meanwhile: with the paper the visit is over, unless there is something to be said.
        if matches!(self.state, State::Taken(_)) && self.card.is_none() {
            self.leave(facts, out);
        }
    }

    /// The card has had its turn: it is to be taken out before another one.
    fn spend(&mut self, problem: Option<CardProblem>, out: &mut Actions) {
        out.push(Action::Forget);
        self.spent = self.card.take();
        self.entered = None;
        self.state = State::Inserting(problem);
    }

    fn refuse(&mut self, refusal: CardRefusal, out: &mut Actions) {
        out.push(Action::Forget);
        self.entered = None;
        self.state = State::Refused(refusal);
    }

    pub(super) fn title(&self, offer: usize) -> [String; 3] {
        let found = self.entered.as_ref().and_then(|entered| entered.offers.get(offer));
        found.map(|offer| offer.shown.each_ref().map(|kind| kind.title.clone())).unwrap_or_default()
    }
}

impl Typing {
    fn new(rules: PinRules, last_try: bool) -> Typing {
        Typing { rules, pin: Pin::new(), keys: PinKeys::default(), problem: None, last_try }
    }
}

fn why(issue: &ui::Issue) -> String {
    match issue {
        ui::Issue::Refused { text, .. } => text.clone(),
        ui::Issue::AtOnce | ui::Issue::ConsentingOnly { .. } | ui::Issue::Queued { .. } => String::new(),
    }
}

fn what_next(issue: &ui::Issue) -> String {
    match issue {
        ui::Issue::Refused { next, .. } => next.clone(),
        ui::Issue::AtOnce | ui::Issue::ConsentingOnly { .. } | ui::Issue::Queued { .. } => String::new(),
    }
}

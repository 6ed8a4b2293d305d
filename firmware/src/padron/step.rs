//! The table: what happens on each page of the procedure.
use ui::{DocumentTrouble, Intent};

use super::*;

type Actions = Vec<Action>;

impl Padron {
    /// Begins with somebody who is known.
    pub fn begin() -> (Padron, Vec<Action>) {
        (Padron { state: State::Asking, offers: Vec::new() }, vec![Action::AskOffers])
    }

    /// A paper is on its way into the citizen's hand.
    pub fn prints(&self) -> bool {
        matches!(self.state, State::Printing { .. } | State::Taking(_))
    }

    /// The kiosk is at work: no citizen is idle who waits for it.
    pub fn works(&self) -> bool {
        self.prints() || matches!(self.state, State::Asking | State::Issuing { .. })
    }

    /// The citizen's wish.
    #[must_use = "the actions are what the citizen asked for"]
    pub fn wish(&mut self, facts: &Facts<'_>, intent: Intent) -> Vec<Action> {
        let mut out = Actions::new();
        match (&mut self.state, intent) {
            (State::Choosing, Intent::Choose(offer)) => self.look_at(facts, usize::from(offer)),
            (State::Choosing, Intent::Back) => self.state = State::Over(End::Menu),
            (State::Looking { language, offer }, Intent::DocumentLanguage(wanted)) => {
                if self.offers.get(*offer).is_some_and(|offer| offer.languages.contains(&wanted)) {
                    *language = wanted;
                }
            }
            (State::Looking { offer, language }, Intent::Confirm)
            | (State::Unanswered { offer, language }, Intent::PrintAgain | Intent::Confirm) => {
                let (offer, language) = (*offer, *language);
                self.issue(offer, language, &mut out);
            }
            (State::Looking { .. }, Intent::Back) => self.state = State::Choosing,
            (
                State::Denied { .. }
                | State::Unanswered { .. }
                | State::Queued { .. }
                | State::Taken(_)
                | State::Trouble(..),
                Intent::Another | Intent::Back,
            ) if facts.name.is_some() => self.state = State::Choosing,
            (State::Trouble(paper, _), Intent::PrintAgain) if facts.printer && facts.name.is_some() => {
                let paper = paper.clone();
                out.push(Action::Print(paper.document.clone()));
                self.state = State::Printing { paper, page: 1 };
            }
            // What prints and what waits in the slot is finished before anything else.
            (State::Printing { .. } | State::Taking(_) | State::Over(_), _) => {}
            (_, Intent::Cancel)
            | (
                State::NeedsCertificate
                | State::Nothing { .. }
                | State::Choosing
                | State::Denied { .. }
                | State::Unanswered { .. }
                | State::Queued { .. }
                | State::Taken(_)
                | State::Trouble(..),
                Intent::Back | Intent::Confirm,
            ) => self.state = State::Over(End::Done),
            (
                State::Asking
                | State::NeedsCertificate
                | State::Nothing { .. }
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
    pub fn answer(&mut self, facts: &Facts<'_>, answer: Answer) -> Vec<Action> {
        let mut out = Actions::new();
        match (&self.state, answer) {
            (State::Asking, Answer::Offered(offered)) => self.offered(offered),
            (State::Issuing { offer, language }, Answer::Issued(issued)) => {
                let (offer, language) = (*offer, *language);
                self.issued(offer, language, issued, &mut out);
            }
            (State::Printing { paper, .. } | State::Taking(paper), Answer::Print(print)) => {
                let paper = paper.clone();
                self.printed(facts, paper, print, &mut out);
            }
            // Asked before the card was taken out, or before the citizen turned back.
            (_, _) => {}
        }
        out
    }

    /// The card is out: nothing of the citizen stays but the paper that is on its way.
    pub fn card_out(&mut self) {
        self.offers = Vec::new();
        if !self.prints() {
            self.state = State::Over(End::Done);
        }
    }

    fn offered(&mut self, offered: Option<Offered>) {
        self.state = match offered {
            None => State::Over(End::Unreachable),
            Some(Offered::Certificates(offers)) => {
                self.offers = offers;
                State::Choosing
            }
            Some(Offered::NeedsCertificate) => State::NeedsCertificate,
            Some(Offered::Nothing { text, next }) => State::Nothing { text, next },
        };
    }

    fn look_at(&mut self, facts: &Facts<'_>, offer: usize) {
        let Some(found) = self.offers.get(offer) else { return };
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
        let Some(found) = self.offers.get(offer) else { return };
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

    fn printed(&mut self, facts: &Facts<'_>, paper: Paper, print: Print, out: &mut Actions) {
        let mut report = |outcome| {
            let certificate = paper.document.certificate.clone();
            out.push(Action::Report { certificate, outcome });
        };
        self.state = match print {
            Print::Page(page) => State::Printing { paper, page },
            Print::InTheSlot => State::Taking(paper),
            Print::Taken => {
                report(PaperOutcome::Printed);
                // The card went meanwhile: with the paper the visit is over, unless there is something to be said.
                if facts.name.is_some() { State::Taken(paper) } else { State::Over(End::Done) }
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
    }

    pub(super) fn title(&self, offer: usize) -> [String; 3] {
        let found = self.offers.get(offer);
        found.map(|offer| offer.shown.each_ref().map(|kind| kind.title.clone())).unwrap_or_default()
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

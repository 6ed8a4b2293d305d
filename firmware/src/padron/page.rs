//! From the state to the page.
use ui::{CardProblem, DocumentTrouble, Language, Page, Work};

use super::*;

impl Padron {
    /// What is to be shown now.
    pub fn page(&self, facts: &Facts) -> Page {
        let language = facts.language;
        match &self.state {
            State::Inserting(problem) => Page::Card { problem: self.problem(*problem) },
            State::Recognising | State::Opening(_) => Page::Working { work: Work::ReadingCard },
            State::LastTry(_) => Page::LastTry,
            State::Typing(typing) => Page::Pin {
                characters: typing.pin.len(),
                longest: typing.rules.longest,
                complete: typing.pin.len() >= typing.rules.shortest,
                tries_left: typing.rules.tries_left,
                problem: typing.problem,
                keys: typing.keys,
            },
            State::Signing(_) => Page::Working { work: Work::CheckingPin },
            State::Entering => Page::Working { work: Work::Identifying },
            State::Refused(refusal) => Page::CardRefused { refusal: refusal.clone() },
            State::Choosing => {
                let entered = self.entered.as_ref();
                let kinds =
                    entered.map(|of| of.offers.iter().map(|offer| in_language(&offer.shown, language)));
                Page::Certificates {
                    name: entered.map(|of| of.name.as_str().to_owned()).unwrap_or_default(),
                    kinds: kinds.into_iter().flatten().cloned().collect(),
                }
            }
            State::Looking { offer, language: chosen } => {
                let found = self.entered.as_ref().and_then(|of| of.offers.get(*offer));
                match found {
                    Some(found) => Page::Certificate {
                        kind: in_language(&found.shown, language).clone(),
                        languages: found.languages.clone(),
                        chosen: *chosen,
                    },
                    None => Page::Working { work: Work::Identifying },
                }
            }
            State::Issuing { .. } => Page::Working { work: Work::Issuing },
            State::Denied { offer, text, next } => Page::CertificateRefused {
                title: in_language(&self.title(*offer), language).clone(),
                text: in_language(text, language).clone(),
                next: in_language(next, language).clone(),
            },
            State::Unanswered { offer, .. } => Page::DocumentTrouble {
                title: in_language(&self.title(*offer), language).clone(),
                trouble: DocumentTrouble::NotReceived,
                again: true,
            },
            State::Queued { offer, reference, working_days } => Page::CertificateQueued {
                title: in_language(&self.title(*offer), language).clone(),
                reference: reference.clone(),
                working_days: *working_days,
            },
            State::Printing { paper, page } => {
                Page::Working { work: Work::PrintingDocument { page: *page, of: paper.document.pages } }
            }
            State::Taking(paper) => Page::TakeDocument {
                title: in_language(&paper.title, language).clone(),
                pages: paper.document.pages,
            },
            State::Taken(paper) => Page::DocumentTaken { title: in_language(&paper.title, language).clone() },
            State::Trouble(paper, trouble) => Page::DocumentTrouble {
                title: in_language(&paper.title, language).clone(),
                trouble: *trouble,
                again: facts.printer && self.entered.is_some(),
            },
            State::Leaving { .. } | State::Over => Page::TakeCard,
        }
    }

    /// Step of four: card, PIN, choice, paper.
    pub fn progress(&self) -> Option<(u8, u8)> {
        match &self.state {
            State::Inserting(_) | State::Recognising | State::Opening(_) => Some((1, 4)),
            State::LastTry(_) | State::Typing(_) | State::Signing(_) | State::Entering => Some((2, 4)),
            State::Choosing | State::Looking { .. } => Some((3, 4)),
            State::Issuing { .. } | State::Printing { .. } | State::Taking(_) | State::Taken(_) => {
                Some((4, 4))
            }
            State::Refused(_)
            | State::Denied { .. }
            | State::Unanswered { .. }
            | State::Queued { .. }
            | State::Trouble(..)
            | State::Leaving { .. }
            | State::Over => None,
        }
    }

    /// A card that has had its turn is still inside: that is said, whatever was wrong.
    fn problem(&self, problem: Option<CardProblem>) -> Option<CardProblem> {
        if self.spent.is_some() { problem.or(Some(CardProblem::Failed)) } else { problem }
    }
}

/// The one in the citizen's language.
fn in_language<T>(of: &[T; 3], language: Language) -> &T {
    let [spanish, valencian, english] = of;
    match language {
        Language::Spanish => spanish,
        Language::Valencian => valencian,
        Language::English => english,
    }
}

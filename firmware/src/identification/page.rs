//! From the state to the page.
use ui::{CardProblem, Page, Work};

use super::*;

impl Identification {
    /// What is to be shown now.
    pub fn page(&self) -> Page {
        match &self.state {
            State::Inserting(problem) => Page::Card { problem: self.problem(*problem) },
            State::Recognising | State::Opening(_) => Page::Working { work: Work::ReadingCard },
            State::Pin(entry) => entry.page(false),
            State::Signing(_) => Page::Working { work: Work::CheckingPin },
            State::Entering | State::Entered(_) => Page::Working { work: Work::Identifying },
            State::Refused(refusal) => Page::CardRefused { refusal: refusal.clone() },
            State::Over => Page::TakeCard,
        }
    }

    /// Step of four: card, PIN, choice, paper.
    pub fn progress(&self) -> Option<(u8, u8)> {
        match &self.state {
            State::Inserting(_) | State::Recognising | State::Opening(_) => Some((1, 4)),
            State::Pin(_) | State::Signing(_) | State::Entering | State::Entered(_) => Some((2, 4)),
            State::Refused(_) | State::Over => None,
        }
    }

    /// A card that has had its turn is still inside: that is said, whatever was wrong.
    fn problem(&self, problem: Option<CardProblem>) -> Option<CardProblem> {
        if self.spent.is_some() { problem.or(Some(CardProblem::Failed)) } else { problem }
    }
}

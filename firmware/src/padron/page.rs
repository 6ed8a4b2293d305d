//! From the state to the page.
use ui::{CardRefusal, DocumentTrouble, Page, Work};

use super::*;
use crate::words::in_language;

impl Padron {
    /// What is to be shown now.
    pub fn page(&self, facts: &Facts<'_>) -> Page {
        let language = facts.language;
        match &self.state {
            State::Asking => Page::Working { work: Work::Identifying },
            State::NeedsCertificate => Page::CardRefused { refusal: CardRefusal::NeedsCertificate },
            State::Nothing { text, next } => Page::CardRefused {
                refusal: CardRefusal::NothingOffered {
                    text: in_language(text, language).clone(),
                    next: in_language(next, language).clone(),
                },
            },
            State::Choosing => Page::Certificates {
                name: facts.name.unwrap_or_default().to_owned(),
                kinds: self.offers.iter().map(|offer| in_language(&offer.shown, language).clone()).collect(),
            },
            State::Looking { offer, language: chosen } => match self.offers.get(*offer) {
                Some(found) => Page::Certificate {
                    kind: in_language(&found.shown, language).clone(),
                    languages: found.languages.clone(),
                    chosen: *chosen,
                },
                None => Page::Working { work: Work::Identifying },
            },
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
                again: facts.printer && facts.name.is_some(),
            },
            State::Over(_) => Page::TakeCard,
        }
    }

    /// Step of four: card, PIN, choice, paper.
    pub fn progress(&self) -> Option<(u8, u8)> {
        match &self.state {
            State::Asking => Some((2, 4)),
            State::Choosing | State::Looking { .. } => Some((3, 4)),
            State::Issuing { .. } | State::Printing { .. } | State::Taking(_) | State::Taken(_) => {
                Some((4, 4))
            }
            State::NeedsCertificate
            | State::Nothing { .. }
            | State::Denied { .. }
            | State::Unanswered { .. }
            | State::Queued { .. }
            | State::Trouble(..)
            | State::Over(_) => None,
        }
    }
}

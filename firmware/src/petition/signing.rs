//! The way by the card's own signature (Ley 39/2015, article 10.2 a): the draft is opened and its documents are uploaded,
//! the PIN is asked for once more, the card signs, and what it has signed is registered.
//!
//! Until the card has signed and the kiosk has found the signature good, nothing is registered: whatever goes wrong
//! before throws the draft away and leads back to the consent, which stays the other way to sign. Taking the card out
//! before ends the visit, and the draft with it.
use ui::{CardProblem, CardRefusal, Intent, Page, PetitionTrouble, PinProblem, SignatureProblem, Work};

use super::*;
use crate::identification::{PinEntry, PinWish};

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Signing {
    /// The draft is opened, and its documents are on their way.
    Preparing {
        /// The file, from 1; 0 before the first.
        file: u8,
        /// Of so many.
        of: u8,
        /// Of all bytes.
        percent: u8,
    },
    /// The card is being read.
    Reading,
    /// The PIN is asked for.
    Pin(PinEntry),
    /// The card has the PIN, and its signature is being judged.
    Card(PinRules),
}

impl Signing {
    /// The kiosk is at work.
    pub(super) fn works(&self) -> bool {
        match self {
            Signing::Preparing { .. } | Signing::Reading | Signing::Card(_) => true,
            Signing::Pin(_) => false,
        }
    }

    pub(super) fn page(&self) -> Page {
        match self {
            Signing::Preparing { file: file @ 1.., of, percent } if *percent < 100 => {
                Page::Working { work: Work::Uploading { attachment: *file, of: *of, percent: *percent } }
            }
            Signing::Preparing { .. } | Signing::Reading => Page::Working { work: Work::ReadingCard },
            Signing::Pin(entry) => entry.page(true),
            Signing::Card(_) => Page::Working { work: Work::CheckingPin },
        }
    }
}

impl Petition {
    /// A PIN is asked for.
    pub fn asks_pin(&self) -> bool {
        matches!(self.state, State::Signing(Signing::Pin(_)))
    }

    /// The card can be asked for its signature.
    pub(super) fn card_signs(&self, facts: &Facts<'_>) -> bool {
        facts.own_signature && matches!(self.unsigned, None | Some(SignatureProblem::Failed))
    }

    /// Begins.
    pub(super) fn sign_with_card(&mut self, out: &mut Actions) {
        self.unsigned = None;
        out.push(Action::Prepare(Box::new(self.form.clone()), self.documents.clone()));
        self.state = State::Signing(Signing::Preparing { file: 0, of: self.files_shown(), percent: 0 });
    }

    pub(super) fn wish_signing(&mut self, intent: Intent, out: &mut Actions) {
        // What is on its way, and the card that has the PIN, are waited for.
        let State::Signing(Signing::Pin(entry)) = &mut self.state else { return };
        match entry.wish(intent) {
            PinWish::Stay => {}
            PinWish::Leave => {
                out.push(Action::Discard);
                self.state = State::Consent;
            }
            PinWish::Give { pin, last_try } => {
                out.push(Action::Sign { pin, last_try });
                self.state = State::Signing(Signing::Card(entry.rules()));
            }
        }
    }

    pub(super) fn answer_signing(&mut self, answer: Answer, out: &mut Actions) {
        let State::Signing(signing) = &mut self.state else { return };
        match (signing, answer) {
            (
                Signing::Preparing { file, of, percent },
                Answer::Sent { file: now, of: all, percent: done },
            ) => {
                (*file, *of, *percent) = (now, all, done);
            }
            (
                Signing::Preparing { .. },
                Answer::Presented(presented @ (Presented::Refused(_) | Presented::NotSent)),
            ) => self.presented(presented, out),
            (Signing::Preparing { .. }, Answer::Prepared) => {
                out.push(Action::ReadCard);
                self.state = State::Signing(Signing::Reading);
            }
            (Signing::Reading, Answer::Card(Ok(rules))) => self.ask_pin(rules, None, out),
            (Signing::Reading, Answer::Card(Err(failure))) => self.card_failed(failure, None, out),
            (Signing::Card(_), Answer::Signed(Ok(will))) => {
                out.push(Action::Register(will));
                self.state = State::Sending { file: 0, of: self.files_shown(), percent: 0 };
            }
            (Signing::Card(rules), Answer::Signed(Err(failure))) => {
                let rules = *rules;
                self.card_failed(failure, Some(rules), out);
            }
            // Asked before something else came between.
            (
                Signing::Preparing { .. } | Signing::Reading | Signing::Pin(_) | Signing::Card(_),
                Answer::Options(_)
                | Answer::Page(_)
                | Answer::Scanned(_)
                | Answer::Made(_)
                | Answer::Sent { .. }
                | Answer::Presented(_)
                | Answer::Prepared
                | Answer::Card(_)
                | Answer::Signed(_)
                | Answer::Printed(_),
            ) => {}
        }
    }

    fn ask_pin(&mut self, rules: PinRules, problem: Option<PinProblem>, out: &mut Actions) {
        match PinEntry::ask(rules, problem) {
            Some(entry) => self.state = State::Signing(Signing::Pin(entry)),
            None => self.not_signed(SignatureProblem::PinBlocked, out),
        }
    }

    fn card_failed(&mut self, failure: CardFailure, rules: Option<PinRules>, out: &mut Actions) {
        match (failure, rules) {
            (CardFailure::WrongPin { tries_left }, Some(rules)) => {
                self.ask_pin(PinRules { tries_left, ..rules }, Some(PinProblem::Wrong), out);
            }
            (CardFailure::LastTry, Some(rules)) => {
                self.ask_pin(PinRules { tries_left: Some(1), ..rules }, None, out);
            }
            (CardFailure::Problem(CardProblem::SedeUnreachable), _) => {
                out.push(Action::Discard);
                self.state = State::Trouble(PetitionTrouble::NotSent);
            }
            (CardFailure::Problem(CardProblem::Mute | CardProblem::TakenOut | CardProblem::Failed), _)
            | (CardFailure::Refused(CardRefusal::RevocationUnknown), _)
            // Nobody has typed a PIN yet.
            | (CardFailure::WrongPin { .. } | CardFailure::LastTry, None) => {
                self.not_signed(SignatureProblem::Failed, out);
            }
            (CardFailure::Refused(CardRefusal::PinBlocked { .. }), _) => {
                self.not_signed(SignatureProblem::PinBlocked, out);
            }
            (CardFailure::Refused(_), _) => self.not_signed(SignatureProblem::Unusable, out),
        }
    }

    /// Nothing is registered: back to where both ways are, with the reason.
    fn not_signed(&mut self, problem: SignatureProblem, out: &mut Actions) {
        out.push(Action::Discard);
        self.unsigned = Some(problem);
        self.state = State::Consent;
    }
}

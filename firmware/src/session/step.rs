//! The table: what the citizen's wishes do on each page.
use std::time::Duration;

use ui::{DocumentProblem, Intent, Refusal, Service};

use super::*;
use crate::documents::{Document, DocumentError};
use crate::payment::State;

type Actions = Vec<Action>;

impl Session {
    /// Takes one event in.
    #[must_use = "the actions are what the citizen asked for"]
    pub fn step(&mut self, facts: &Facts<'_>, event: Event) -> Actions {
        let mut out = Actions::new();
        match event {
            Event::Intent(intent) => {
                self.touched = facts.now;
                self.on_intent(facts, intent, &mut out);
            }
            Event::Scan(text) => {
                self.touched = facts.now;
                self.on_scan(&text, &mut out);
            }
            Event::Debt(answer) => self.on_debt(facts, answer),
            Event::Identification(answer) => {
                self.identify(facts, &mut out, |citizen| citizen.answer(answer));
            }
            Event::Padron(answer) => {
                self.in_padron(facts, &mut out, |padron, facts| padron.answer(facts, answer));
            }
            Event::Petition(answer) => {
                self.in_petition(facts, &mut out, |petition, facts| petition.answer(facts, answer));
            }
            Event::Appointment(answer) => {
                self.in_appointment(facts, &mut out, |it, facts| it.answer(facts, answer));
            }
            Event::Tick => self.on_tick(facts, &mut out),
        }
        out
    }

    fn on_intent(&mut self, facts: &Facts<'_>, intent: Intent, out: &mut Actions) {
        match (&mut self.screen, intent) {
            // The bar works on every page.
            (_, Intent::Help) => self.toggle(Cover::Help),
            (_, Intent::Languages) => self.toggle(Cover::Languages),
            (Screen::Attract, Intent::Language(language)) => {
                self.language = language;
                self.screen = Screen::Menu;
            }
            (_, Intent::Language(language)) => {
                self.language = language;
                self.cover = None;
            }
            (_, Intent::Back) if self.cover.is_some() => self.cover = None,
            (Screen::Paying, Intent::Cancel) => out.push(Action::CancelPayment),
            (Screen::Paying, Intent::Confirm) if waits_for_paper(facts) => out.push(Action::CancelPayment),
            (Screen::Paying, _) => out.push(Action::Touched),
            (_, Intent::StillHere) => {}
            (Screen::Identifying(_), intent) => self.identify(facts, out, |citizen| citizen.wish(intent)),
            (Screen::Padron(_), intent) => {
                self.in_padron(facts, out, |padron, facts| padron.wish(facts, intent));
            }
            (Screen::Petition(_), intent) => {
                self.in_petition(facts, out, |petition, facts| petition.wish(facts, intent));
            }
            (Screen::Appointment(_), intent) => {
                self.in_appointment(facts, out, |it, facts| it.wish(facts, intent));
            }

            (Screen::Attract | Screen::TakeCard { .. }, _) => {}
            (Screen::Menu, Intent::Service(Service::Payment)) => {
                if facts.offers(Service::Payment) {
                    self.screen = Screen::Scan(None);
                }
            }
            (Screen::Menu, Intent::Service(Service::Padron)) => {
                if facts.offers(Service::Padron) {
                    self.begin_identified(facts, Errand::Padron, out);
                }
            }
            (Screen::Menu, Intent::Service(Service::Petition)) => {
                if facts.offers(Service::Petition) {
                    self.begin_identified(facts, Errand::Petition, out);
                }
            }
            (Screen::Menu, Intent::Service(Service::Appointment)) => {
                if facts.offers(Service::Appointment) {
                    self.screen = Screen::Appointment(Box::new(Appointment::begin()));
                }
            }
            (Screen::Menu, Intent::Back | Intent::Cancel) => self.leave(facts, out),
            (Screen::Menu, _) => {}

            (Screen::Scan(_), Intent::TypeDocument) => {
                self.screen =
                    Screen::Type { entry: TypedEntry::new(), field: TypedField::Issuer, problem: None };
            }
            (Screen::Scan(_), Intent::Back) => self.screen = Screen::Menu,
            (Screen::Type { .. }, intent) => self.on_type(facts, intent, out),
            (Screen::Refused(_), Intent::Back | Intent::Confirm) => self.screen = Screen::Scan(None),
            (Screen::Refused(_) | Screen::Ended(_), Intent::Another) => self.screen = Screen::Menu,
            (Screen::Bill(offer), Intent::PayCash) => {
                let offer = offer.clone();
                if let Some(offer) = self.payable(facts, offer, out) {
                    // Nobody pays a reduced fine without having confirmed what he gives up for it.
                    self.screen = match offer.quote.reduction {
                        Some(reduction) => Screen::Waiver(offer, reduction),
                        None => Screen::Terms(offer),
                    };
                }
            }
            (Screen::Bill(_), Intent::Back) => self.screen = Screen::Scan(None),
            (Screen::Waiver(offer, _), Intent::Confirm) => {
                let offer = offer.clone();
                if let Some(offer) = self.payable(facts, offer, out) {
                    self.screen = Screen::Terms(offer);
                }
            }
            (Screen::Waiver(offer, _), Intent::Back) => self.screen = Screen::Bill(offer.clone()),
            (Screen::Terms(offer), Intent::Confirm) => {
                let offer = offer.clone();
                if let Some(offer) = self.payable(facts, offer, out) {
                    self.screen = Screen::Paying;
                    out.push(Action::OpenPayment(Box::new(offer)));
                }
            }
            (Screen::Terms(offer), Intent::Back) => {
                let offer = offer.clone();
                self.screen = match offer.quote.reduction {
                    Some(reduction) => Screen::Waiver(offer, reduction),
                    None => Screen::Bill(offer),
                };
            }
            (Screen::Ended(_), Intent::Confirm | Intent::Cancel | Intent::Back) => self.leave(facts, out),
            (
                Screen::Scan(_)
                | Screen::Refused(_)
                | Screen::Bill(_)
                | Screen::Waiver(..)
                | Screen::Terms(_),
                Intent::Cancel,
            ) => self.leave(facts, out),
            (
                Screen::Scan(_)
                | Screen::Asking { .. }
                | Screen::Refused(_)
                | Screen::Bill(_)
                | Screen::Waiver(..)
                | Screen::Terms(_)
                | Screen::Ended(_),
                _,
            ) => {}
        }
    }

    fn toggle(&mut self, cover: Cover) {
        // The attract page is the language page already.
        if cover == Cover::Languages && self.screen == Screen::Attract {
            return;
        }
        self.cover = if self.cover == Some(cover) { None } else { Some(cover) };
    }

    fn on_type(&mut self, facts: &Facts<'_>, intent: Intent, out: &mut Actions) {
        let Screen::Type { entry, field, problem } = &mut self.screen else { return };
        let position = TypedField::ALL.iter().position(|at| at == field).unwrap_or(0);
        match intent {
            Intent::Digit(digit) => {
                *problem = None;
                if let Some(digit) = char::from_digit(u32::from(digit), 10) {
                    entry.push(*field, digit);
                }
            }
            Intent::Erase => {
                *problem = None;
                entry.erase(*field);
            }
            Intent::Confirm if !page::complete(entry, *field) => *problem = Some(DocumentProblem::Unreadable),
            Intent::Confirm => match TypedField::ALL.get(position + 1) {
                Some(next) => *field = *next,
                None => match entry.finish() {
                    Ok(document) => self.ask(document.digits(), out),
                    Err(_) => {
                        *problem = Some(DocumentProblem::ControlDigits);
                        *field = TypedField::Reference;
                    }
                },
            },
            Intent::Back => match position.checked_sub(1).and_then(|before| TypedField::ALL.get(before)) {
                Some(before) => *field = *before,
                None => self.screen = Screen::Scan(None),
            },
            Intent::Cancel => self.leave(facts, out),
            Intent::Language(_)
            | Intent::Languages
            | Intent::Service(_)
            | Intent::TypeDocument
            | Intent::PayCash
            | Intent::PayCard
            | Intent::Help
            | Intent::Another
            | Intent::StillHere
            | Intent::Letter(_)
            | Intent::PinKeys(_)
            | Intent::WriteKeys(_)
            | Intent::Undo
            | Intent::CursorBack
            | Intent::CursorForward
            | Intent::Skip
            | Intent::Choose(_)
            | Intent::DocumentLanguage(_)
            | Intent::PrintAgain
            | Intent::Turn
            | Intent::RemovePage
            | Intent::RemoveBlank
            | Intent::ScanAgain
            | Intent::PageBack
            | Intent::PageForward
            | Intent::AddPage
            | Intent::AddAttachment
            | Intent::RemoveAttachment
            | Intent::Rename
            | Intent::SignWithCard
            | Intent::CancelAppointment => {}
        }
    }

    /// A barcode is welcome wherever it cannot disturb: also from the attract page.
    fn on_scan(&mut self, text: &str, out: &mut Actions) {
        match self.screen {
            Screen::Attract
            | Screen::Menu
            | Screen::Scan(_)
            | Screen::Type { .. }
            | Screen::Refused(_)
            | Screen::Ended(_) => {}
            Screen::Asking { .. }
            | Screen::Bill(_)
            | Screen::Waiver(..)
            | Screen::Terms(_)
            | Screen::Identifying(_)
            | Screen::Padron(_)
            | Screen::Petition(_)
            | Screen::Appointment(_)
            | Screen::TakeCard { .. }
            | Screen::Paying => return,
        }
        self.cover = None;
        match Document::from_barcode(text) {
            Ok(document) => self.ask(document.digits(), out),
            Err(DocumentError::UnknownFormat(_)) => {
                let (collector, advice) = (String::new(), String::new());
                self.screen = Screen::Refused(Refusal::NotPayableHere { collector, advice });
            }
            Err(DocumentError::NotADocument) => {
                self.screen = Screen::Scan(Some(DocumentProblem::NotADocument));
            }
            Err(_) => self.screen = Screen::Scan(Some(DocumentProblem::Unreadable)),
        }
    }

    /// The offer, if it still holds and cash can be taken; else it is asked for anew, or the bill says why not.
    fn payable(&mut self, facts: &Facts<'_>, offer: Offer, out: &mut Actions) -> Option<Offer> {
        if facts.now >= offer.expires {
            self.ask(offer.digits, out);
        } else if facts.cash(&offer.quote).is_some() {
            self.screen = Screen::Bill(offer);
        } else {
            return Some(offer);
        }
        None
    }

    fn ask(&mut self, digits: String, out: &mut Actions) {
        out.push(Action::AskDebt(digits.clone()));
        self.screen = Screen::Asking { digits };
    }

    fn on_debt(&mut self, facts: &Facts<'_>, answer: Option<DebtAnswer>) {
        let Screen::Asking { digits } = &self.screen else { return };
        self.screen = match answer {
            None => Screen::Scan(Some(DocumentProblem::SedeUnreachable)),
            Some(DebtAnswer::Payable(quote)) if facts.being_settled.contains(&quote.debt) => {
                Screen::Refused(Refusal::BeingSettled)
            }
            Some(DebtAnswer::Payable(quote)) => {
                // The term is the sede's own: its clock at the answer to its clock at the end.
                let term = quote.expires_at.duration_since(quote.issued_at);
                let term = Duration::try_from(term).unwrap_or_default();
                let expires = facts.now.saturating_add(term);
                Screen::Bill(Offer { quote, digits: digits.clone(), expires })
            }
            Some(DebtAnswer::Lapsed { last_day }) => {
                Screen::Refused(Refusal::Lapsed { last_day: last_day.map(page::day) })
            }
            Some(DebtAnswer::Unknown) => Screen::Refused(Refusal::Unknown),
            Some(DebtAnswer::AlreadyPaid { paid_on }) => {
                Screen::Refused(Refusal::AlreadyPaid { paid_on: paid_on.map(page::day) })
            }
            Some(DebtAnswer::NotPayableHere { collector, advice }) => {
                Screen::Refused(Refusal::NotPayableHere { collector, advice })
            }
        };
    }

    fn on_tick(&mut self, facts: &Facts<'_>, out: &mut Actions) {
        let inserted = facts.card != self.reader && facts.card != Card::Absent;
        self.reader = facts.card;
        // Who begins with his card has come for something; a card that was left behind begins nothing.
        if inserted
            && self.screen == Screen::Attract
            && facts.services.iter().any(|of| of.unavailable.is_none())
        {
            self.touched = facts.now;
            self.cover = None;
            self.screen = Screen::Menu;
        }
        self.identify(facts, out, |citizen| citizen.look(facts.card));
        let finished = facts.payment.is_none_or(|payment| payment.state == State::Finished);
        match &self.screen {
            Screen::Attract if facts.payment.is_some() && !finished => self.screen = Screen::Paying,
            // Nobody is here: help that was opened goes away.
            Screen::Attract => {
                if facts.now.saturating_sub(self.touched) >= facts.patience.warn_after {
                    self.cover = None;
                }
            }
            Screen::Paying if finished => {
                self.touched = facts.now;
                self.cover = None;
                self.screen = facts
                    .payment
                    .map_or(Screen::Attract, |payment| Screen::Ended(paying::last_page(payment)));
            }
            Screen::Paying => {}
            Screen::TakeCard { card, since } => {
                let taken = facts.card != Card::Present(*card);
                if taken || facts.now.saturating_sub(*since) >= facts.patience.last_page {
                    self.end(out);
                }
            }
            Screen::Ended(_) => {
                if facts.now.saturating_sub(self.touched) >= facts.patience.last_page {
                    self.leave(facts, out);
                }
            }
            Screen::Identifying(_) | Screen::Padron(_) | Screen::Petition(_) | Screen::Appointment(_)
                if self.works() => {}
            Screen::Identifying(_)
            | Screen::Padron(_)
            | Screen::Petition(_)
            | Screen::Appointment(_)
            | Screen::Menu
            | Screen::Scan(_)
            | Screen::Type { .. }
            | Screen::Asking { .. }
            | Screen::Refused(_)
            | Screen::Bill(_)
            | Screen::Waiver(..)
            | Screen::Terms(_) => {
                if facts.now.saturating_sub(self.touched) >= self.patience(facts) {
                    self.leave(facts, out);
                }
            }
        }
    }

    /// A document is on its way into the citizen's hand.
    pub fn prints(&self) -> bool {
        matches!(&self.screen, Screen::Padron(padron) if padron.prints())
    }

    /// From the last sign of life to the end.
    fn patience(&self, facts: &Facts<'_>) -> Duration {
        let warn_after = match &self.screen {
            // Who writes or looks through papers thinks longer than who presses a button.
            // Not so with a PIN half typed.
            Screen::Petition(petition) if !petition.asks_pin() => facts.patience.warn_after.saturating_mul(3),
            _ => facts.patience.warn_after,
        };
        warn_after.saturating_add(facts.patience.end_after)
    }

    /// The kiosk is at work for a citizen who is, or wants to be, known.
    fn works(&self) -> bool {
        match &self.screen {
            Screen::Identifying(_) => self.citizen.as_ref().is_some_and(Identification::works),
            Screen::Padron(padron) => padron.works(),
            Screen::Petition(petition) => petition.works(),
            Screen::Appointment(appointment) => appointment.works(),
            _ => false,
        }
    }

    /// Seconds until the end, while the warning is shown.
    pub(super) fn warning(&self, facts: &Facts<'_>) -> Option<u32> {
        let (since, limit) = match &self.screen {
            Screen::Attract | Screen::Asking { .. } | Screen::Ended(_) | Screen::TakeCard { .. } => {
                return None;
            }
            _ if self.works() => return None,
            Screen::Paying => match facts.payment.map(|payment| &payment.state) {
                Some(State::Collecting { since }) => (*since, facts.terms.patience),
                _ => return None,
            },
            Screen::Menu
            | Screen::Scan(_)
            | Screen::Type { .. }
            | Screen::Refused(_)
            | Screen::Bill(_)
            | Screen::Waiver(..)
            | Screen::Identifying(_)
            | Screen::Padron(_)
            | Screen::Petition(_)
            | Screen::Appointment(_)
            | Screen::Terms(_) => (self.touched, self.patience(facts)),
        };
        let left = since.saturating_add(limit).saturating_sub(facts.now);
        let shown = left <= facts.patience.end_after;
        shown.then(|| u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(0))
    }

    /// The citizen goes; a card of his that is still in the reader is his to take.
    pub(super) fn leave(&mut self, facts: &Facts<'_>, out: &mut Actions) {
        let own = self.citizen.as_ref().is_some_and(Identification::has_card);
        match facts.card {
            Card::Present(card) if own => {
                self.forget(out);
                self.cover = None;
                self.screen = Screen::TakeCard { card, since: facts.now };
            }
            Card::Present(_) | Card::Mute | Card::Absent => self.end(out),
        }
    }

    pub(super) fn end(&mut self, out: &mut Actions) {
        self.forget(out);
        out.push(Action::Wipe);
        *self = Session { touched: self.touched, reader: self.reader, ..Session::default() };
    }
}

fn waits_for_paper(facts: &Facts<'_>) -> bool {
    facts.payment.is_some_and(|payment| match &payment.state {
        State::Printing(printing) => !printing.busy,
        State::Opening
        | State::Collecting { .. }
        | State::Closing { .. }
        | State::Booking { .. }
        | State::Paying(_)
        | State::Finished => false,
    })
}

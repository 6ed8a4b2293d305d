//! One operation, as its entries tell it. The same fold serves the running payment and its recovery after a
//! power cut, so that the two cannot differ.
//!
//! At every instant: inserted = kept for the debt + given + in question + owed to the citizen.
use hal_cctalk::{EventMark, HopperBaseline, Resume, Route};
use hal_device::{Cents, MoneyError};

use ui::Language;

use super::entry::*;
use crate::sede::{Booking, OperationId};

/// A note that the validator holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its value.
    pub value: Cents,
    /// Where it was told to go.
    pub route: Option<Route>,
}

/// A payout whose end is not written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDispense {
    /// From where.
    pub hopper: u8,
    /// Value of a coin.
    pub coin: Cents,
    /// How many were asked.
    pub coins: u8,
    /// The counters before.
    pub baseline: HopperBaseline,
}

/// Where the booking stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BookingState {
    /// Not enough money yet.
    #[default]
    NotDue,
    /// Due, and to be repeated until the sede answers.
    Due,
    /// Booked.
    Booked(Booking),
    /// Refused for ever.
    Refused(String),
}

/// A claim, as on its slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Reference.
    pub claim: String,
    /// About what.
    pub about: ClaimKind,
    /// Owed for certain.
    pub owed: Cents,
    /// To be settled by a count.
    pub in_question: Cents,
}

/// A paper of this operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaperState {
    /// Which.
    pub paper: Paper,
    /// `None` while it is being printed.
    pub outcome: Option<PrintOutcome>,
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub operation: OperationId,
    /// What is paid.
    pub debt: Debt,
    /// The citizen's language.
    pub language: Language,
    /// Marks from which events are money; advanced by each event.
    pub validator_mark: Option<EventMark>,
    /// The same for coins.
    pub coin_mark: Option<EventMark>,
    /// Money in.
    pub inserted: Cents,
    /// Coins among it.
    pub coins_inserted: u32,
    /// Of it, kept for the debt.
    pub kept: Cents,
    /// Given out for certain.
    pub given: Cents,
    /// Given out or not: nobody can tell.
    pub payout_in_question: Cents,
    /// Notes of which nobody can tell whether they are inside.
    pub notes_in_question: Cents,
    /// Events were lost.
    pub events_lost: bool,
    /// A note in escrow.
    pub escrow: Option<Held>,
    /// A payout without an end.
    pub dispense: Option<OpenDispense>,
    /// The money was complete.
    pub closed: Option<Closed>,
    /// The booking.
    pub booking: BookingState,
    /// A restart took so long that the citizen may be gone: what is owed becomes a claim.
    pub citizen_gone: bool,
    /// The money is to be given back.
    pub cancelled: Option<CancelReason>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Papers, in order.
    pub papers: Vec<PaperState>,
    /// How it ended.
    pub completed: Option<Outcome>,
}

impl Account {
    /// A new operation.
    pub fn new(operation: OperationId, debt: Debt, language: Language) -> Account {
        Account {
            operation,
            debt,
            language,
            validator_mark: None,
            coin_mark: None,
            inserted: Cents::ZERO,
            coins_inserted: 0,
            kept: Cents::ZERO,
            given: Cents::ZERO,
            payout_in_question: Cents::ZERO,
            notes_in_question: Cents::ZERO,
            events_lost: false,
            escrow: None,
            dispense: None,
            closed: None,
            booking: BookingState::NotDue,
            citizen_gone: false,
            cancelled: None,
            claims: Vec::new(),
            papers: Vec::new(),
            completed: None,
        }
    }

    /// What the citizen has a right to now: in, less kept, given and in question.
    pub fn owed(&self) -> Result<Cents, MoneyError> {
        self.inserted.minus(self.kept)?.minus(self.given)?.minus(self.payout_in_question)
    }

    /// What is still missing to the amount; never negative.
    pub fn missing(&self) -> Cents {
        Cents(self.debt.amount.0.saturating_sub(self.inserted.0).max(0))
    }

    /// What the bus is told when it starts while this operation is open.
    pub fn resume(&self) -> Resume {
        Resume {
            validator: self.validator_mark,
            escrow: self.escrow.map(|held| (held.value, held.route)),
            coin_acceptor: self.coin_mark,
        }
    }

    /// Takes one entry in.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), MoneyError> {
        match entry {
            Entry::Started { .. } | Entry::Counted { .. } | Entry::PaymentOpened { .. } => {}
            Entry::AcceptanceOpened { validator, coin_acceptor } => {
                self.validator_mark = *validator;
                self.coin_mark = *coin_acceptor;
            }
            Entry::NoteEscrowed { value, mark } => {
                self.validator_mark = Some(*mark);
                self.escrow = Some(Held { value: *value, route: None });
            }
            Entry::RouteDecided { value, route } => {
                self.escrow = Some(Held { value: *value, route: Some(*route) });
            }
            Entry::NoteStacked { value, mark } => {
                self.validator_mark = Some(*mark);
                self.escrow = None;
                self.inserted = self.inserted.plus(*value)?;
            }
            Entry::NoteReturned { mark, .. } => {
                self.validator_mark = Some(*mark);
                self.escrow = None;
            }
            Entry::NoteUnknown { value, .. } => {
                self.escrow = None;
                self.notes_in_question = self.notes_in_question.plus(*value)?;
            }
            Entry::CoinAccepted { value, mark, .. } => {
                self.coin_mark = Some(*mark);
                self.inserted = self.inserted.plus(*value)?;
                self.coins_inserted = self.coins_inserted.saturating_add(1);
            }
            Entry::EventsLost { .. } => self.events_lost = true,
            Entry::CitizenGone => self.citizen_gone = true,
            Entry::CancelDecided { why } => self.cancelled = Some(*why),
            Entry::CollectionClosed(closed) => {
                self.closed = Some(*closed);
                self.kept = self.debt.amount;
                self.booking = BookingState::Due;
            }
            Entry::Booked(booking) => self.booking = BookingState::Booked(booking.clone()),
            Entry::BookingRefused { code } => {
                self.kept = Cents::ZERO;
                self.booking = BookingState::Refused(code.clone());
            }
            Entry::DispenseStarted { hopper, coin, coins, baseline, .. } => {
                self.dispense =
                    Some(OpenDispense { hopper: *hopper, coin: *coin, coins: *coins, baseline: *baseline });
            }
            Entry::DispenseEnded { coin, coins, .. } => {
                self.dispense = None;
                self.given = self.given.plus(coin.times(u32::from(*coins))?)?;
            }
            Entry::DispenseUnknown { coin, at_least, at_most, .. } => {
                self.dispense = None;
                self.given = self.given.plus(coin.times(u32::from(*at_least))?)?;
                let open = coin.times(u32::from(at_most.saturating_sub(*at_least)))?;
                self.payout_in_question = self.payout_in_question.plus(open)?;
            }
            Entry::Claimed { claim, about, owed, in_question } => self.claims.push(Claim {
                claim: claim.clone(),
                about: *about,
                owed: *owed,
                in_question: *in_question,
            }),
            Entry::PrintStarted { paper, .. } => {
                self.papers.retain(|state| state.paper != *paper);
                self.papers.push(PaperState { paper: *paper, outcome: None });
            }
            Entry::PrintEnded { paper, outcome } => {
                for state in self.papers.iter_mut().filter(|state| state.paper == *paper) {
                    state.outcome = Some(*outcome);
                }
            }
            Entry::Completed { outcome } => self.completed = Some(*outcome),
        }
        Ok(())
    }

    /// How the print of a paper stands: `None` when it was never begun.
    pub fn paper(&self, paper: Paper) -> Option<PaperState> {
        self.papers.iter().find(|state| state.paper == paper).copied()
    }
}

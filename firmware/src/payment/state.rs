//! The values of the payment machine: its state, what it is told, what it asks for.
use std::collections::BTreeSet;
use std::time::Duration;

use hal_cctalk::{Acceptance, CashError, CashEvent, Dispensed, EventMark, HopperBaseline, Route};
use hal_device::{Cents, MoneyError};
use hal_escpos::PrintError;
use jiff::Timestamp;
use ui::Language;

use super::accept::Situation;
use super::change::{Reach, Supply};
use crate::ledger::{Account, Debt, Entry, Paper, Place};
use crate::sede::{OperationId, PaymentAnswer};

/// Limits and patience; from the town hall's settings and the board file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Most change that is given in coins.
    pub change_max: Cents,
    /// Coins that may be inserted.
    pub coin_limit: u32,
    /// Without a note, a coin or a key for this long, the money is given back.
    pub patience: Duration,
    /// After the devices are closed, so long is waited for a coin that was on its way.
    pub settle: Duration,
    /// A note in escrow whose fate is not told within this time is in question.
    pub escrow_patience: Duration,
    /// The citizen waits so long for the sede; then the payment is "to be confirmed".
    pub booking_patience: Duration,
    /// A payout whose hopper is unplugged is in question after this time.
    pub payout_patience: Duration,
    /// A paper that was torn is printed again if the printer is well within this time.
    pub paper_patience: Duration,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            change_max: Cents(50_00),
            coin_limit: 50,
            patience: Duration::from_secs(120),
            // A coin takes about 0.4 s through the acceptor and is seen at the next poll, 0.2 s later.
            settle: Duration::from_millis(1000),
            escrow_patience: Duration::from_secs(60),
            booking_patience: Duration::from_secs(15),
            payout_patience: Duration::from_secs(60),
            paper_patience: Duration::from_secs(60),
        }
    }
}

/// The cash devices and the printer as they are now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Notes that the validator takes; empty when it is out of service.
    pub notes: BTreeSet<Cents>,
    /// Coins that the acceptor takes; empty when it is out of service.
    pub coins: BTreeSet<Cents>,
    /// What is really enabled, read back.
    pub accepting: BTreeSet<Cents>,
    /// Hoppers that may pay out, with what the ledger says is in them.
    pub supplies: Vec<Supply>,
    /// The printer can print.
    pub printer: bool,
    /// Where each sorter path leads; other paths lead into the cash box.
    pub paths: Vec<(u8, Place)>,
    /// Last event of the validator.
    pub validator_mark: Option<EventMark>,
    /// Last event of the coin acceptor.
    pub coin_mark: Option<EventMark>,
}

impl Machine {
    /// Where a coin of this sorter path lies.
    pub fn place_of(&self, path: u8) -> Place {
        self.paths.iter().find(|(of, _)| *of == path).map_or(Place::CashBox, |(_, place)| *place)
    }

    /// What is taken while so much is missing and so many coins are inside.
    pub fn acceptance(
        &self,
        terms: &Terms,
        excluded: &BTreeSet<u8>,
        missing: Cents,
        coins_inserted: u32,
    ) -> Acceptance {
        let reach = self.reach(excluded, terms.change_max);
        let coins_left = terms.coin_limit.saturating_sub(coins_inserted);
        Situation { missing, coins_left, notes: &self.notes, coins: &self.coins, reach: &reach }.acceptance()
    }

    /// What can be given as change by the hoppers that are not excluded.
    pub fn reach(&self, excluded: &BTreeSet<u8>, most: Cents) -> Reach {
        Reach::new(self.supplies.iter().filter(|supply| !excluded.contains(&supply.hopper)).copied(), most)
    }
}

/// Everything a step may look at beside its own state.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Monotonic time since the process started.
    pub now: Duration,
    /// The time of day.
    pub time: Timestamp,
    /// It is sure.
    pub clock_sure: bool,
    /// The devices.
    pub machine: &'a Machine,
    /// Limits and patience.
    pub terms: &'a Terms,
}

/// How far a payment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The devices are being opened.
    Opening,
    /// Money is taken.
    Collecting {
        /// Last sign of life.
        since: Duration,
    },
    /// The devices are being closed; what was on its way is waited for.
    Closing {
        /// When that was begun.
        since: Duration,
        /// Since when nothing can come in any more.
        shut: Option<Duration>,
    },
    /// The sede is being asked to book.
    Booking {
        /// Since when.
        since: Duration,
    },
    /// Coins are being given out.
    Paying(Paying),
    /// A paper is being printed.
    Printing(Printing),
    /// Over.
    Finished,
}

/// A payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paying {
    /// The hopper's counters are being read.
    Baseline {
        /// Which hopper.
        hopper: u8,
        /// Value of its coin.
        coin: Cents,
        /// Coins to pay.
        coins: u8,
    },
    /// The hopper pays.
    Dispensing,
    /// The outcome is read from the counters; the hopper may be unplugged meanwhile.
    Resolving {
        /// Since when.
        since: Duration,
        /// When to ask next; `None` while an answer is awaited.
        again: Option<Duration>,
    },
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printing {
    /// Which.
    pub paper: Paper,
    /// Part of one may already be on paper: the next is marked as a copy.
    pub copy: bool,
    /// It is being printed; else a printer that is not well is waited for.
    pub busy: bool,
    /// When the wait ends; set by the first failure.
    pub give_up_at: Option<Duration>,
}

/// What a payment is told.
#[derive(Clone, Debug)]
pub enum Event {
    /// Time has passed, or the devices have changed.
    Tick,
    /// The citizen touched something.
    Touched,
    /// The citizen wants his money back; while a printer is waited for: he does not wait any longer.
    Cancel,
    /// The process has been asked to end: no more money is taken, what is due is still given.
    End,
    /// From the cash devices.
    Cash(CashEvent),
    /// Answer to [`Action::Accept`].
    Accepted(Result<(), CashError>),
    /// Answer to [`Action::Route`].
    Routed(Result<(), CashError>),
    /// Answer to [`Action::Baseline`].
    Baseline(Result<HopperBaseline, CashError>),
    /// Answer to [`Action::Dispense`] and [`Action::Resolve`].
    Dispensed(Result<Dispensed, CashError>),
    /// Answer to [`Action::Book`]; `None`: the sede could not be asked.
    Booked(Option<PaymentAnswer>),
    /// Answer to [`Action::Print`].
    Printed(Result<(), PrintError>),
}

/// What a payment asks for, in this order: an entry is on the disk before the next action is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Write into the ledger.
    Journal(Entry),
    /// Take these, inhibit all others.
    Accept(Acceptance),
    /// Move the note in escrow.
    Route(Route),
    /// Read a hopper's counters.
    Baseline(u8),
    /// Pay coins.
    Dispense {
        /// From where.
        hopper: u8,
        /// Counters before.
        baseline: HopperBaseline,
        /// How many.
        coins: u8,
    },
    /// Find out what became of a payout.
    Resolve {
        /// From where.
        hopper: u8,
        /// Counters before.
        baseline: HopperBaseline,
        /// How many were asked.
        coins: u8,
    },
    /// Book at the sede.
    Book,
    /// Print.
    Print {
        /// Which paper.
        paper: Paper,
        /// Marked as a copy.
        copy: bool,
    },
}

/// What the page shows beside the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// A note is being looked at.
    pub checking: bool,
    /// The last note or coin came back.
    pub rejected: bool,
}

/// One payment in cash, from the accepted terms to the last paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What the ledger says of it.
    pub account: Account,
    /// How far it is.
    pub state: State,
    /// What was last asked to be taken.
    pub requested: Acceptance,
    /// Hoppers that failed in this payment.
    pub excluded: BTreeSet<u8>,
    /// It was picked up after a restart.
    pub interrupted: bool,
    /// Papers that cannot be had.
    pub given_up: Vec<Paper>,
    /// When the quote is over.
    pub expires: Option<Duration>,
    /// For the page.
    pub shown: Shown,
}

impl Payment {
    /// A payment whose terms the citizen has just accepted, with what is to be written down and opened.
    pub fn open(
        operation: OperationId,
        debt: Debt,
        language: Language,
        expires: Option<Duration>,
        context: &Context<'_>,
    ) -> Result<(Payment, Vec<Action>), MoneyError> {
        let opened = Entry::PaymentOpened { debt: debt.clone(), language };
        let mut payment = Payment {
            account: Account::new(operation, debt, language),
            state: State::Opening,
            requested: Acceptance::default(),
            excluded: BTreeSet::new(),
            interrupted: false,
            given_up: Vec::new(),
            expires,
            shown: Shown::default(),
        };
        let mut out = vec![Action::Journal(opened)];
        let marks = Entry::AcceptanceOpened {
            validator: context.machine.validator_mark,
            coin_acceptor: context.machine.coin_mark,
        };
        payment.journal(marks, &mut out)?;
        payment.requested = payment.acceptance(context);
        out.push(Action::Accept(payment.requested.clone()));
        Ok((payment, out))
    }
}

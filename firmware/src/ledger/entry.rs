//! What is written down: every step that money takes, before the command that causes it and after its outcome.
//!
//! Entries hold amounts, references and device facts, never names. They are stored as JSON and never changed;
//! a new kind may be added, the meaning of an old one may not.
use hal_cctalk::{Device, EventMark, HopperBaseline, Route};
use hal_device::Cents;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use ui::Language;

use crate::sede::{Booking, OperationId, Quote};

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Rising by one, from 1; never goes back whatever the clock does.
    pub seq: u64,
    /// When, by the kiosk's clock.
    pub at: Timestamp,
    /// The clock had been confirmed by the sede since the start.
    pub clock_sure: bool,
    /// The operation it belongs to; none for what concerns the machine.
    pub operation: Option<OperationId>,
    /// What happened.
    pub entry: Entry,
}

/// Where money lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Notes behind the validator.
    Stacker,
    /// Coins that no hopper takes.
    CashBox,
    /// The hopper with this index of the board file.
    Hopper(u8),
}

/// A number of equal notes or coins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Value of one.
    pub value: Cents,
    /// How many.
    pub count: u32,
}

/// The part of a quote that the ledger keeps: no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// The sede's number of the quote.
    pub quote: String,
    /// The sede's number of the debt.
    pub debt: String,
    /// Concept, as printed.
    pub concept: String,
    /// Reference on the paper.
    pub reference: String,
    /// What is to be paid.
    pub amount: Cents,
    /// Last day of the term.
    pub last_day: Option<Date>,
    /// The body that collects.
    pub collecting_body: String,
    /// A fine that is paid at its reduced amount; not in rows that are older than this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<Waived>,
}

/// What a citizen gave up for the reduction of a fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// The fine without the reduction.
    pub full_amount: Cents,
    /// Last day of the reduction, as the sede told it.
    pub reduced_until: Date,
    /// Version of the words that he confirmed ([`ui::WAIVER_VERSION`]), in the language of the entry.
    pub waiver: u32,
}

impl From<&Quote> for Debt {
    fn from(quote: &Quote) -> Debt {
        Debt {
            quote: quote.quote.clone(),
            debt: quote.debt.clone(),
            concept: quote.concept.clone(),
            reference: quote.reference.clone(),
            amount: quote.amount,
            last_day: quote.last_day,
            collecting_body: quote.collecting_body.clone(),
            // A quote with a reduction comes here by way of the page that says what is given up, and by no other.
            reduction: quote.reduction.map(|reduction| Waived {
                full_amount: reduction.full_amount,
                reduced_until: reduction.reduced_until,
                waiver: ui::WAIVER_VERSION,
            }),
        }
    }
}

/// Why a payment is not carried through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelReason {
    /// The citizen wants his money back.
    Citizen,
    /// Nobody inserted or pressed anything for too long.
    Timeout,
    /// The quote is over: the amount no longer holds.
    Expired,
    /// Neither notes nor coins can be taken any more.
    DeviceOut,
    /// A note went where no event tells.
    NoteUnknown,
    /// Money may be inside that was not counted.
    MoneyUncounted,
    /// The machine restarted, or was asked to end, while money was being inserted.
    Interrupted,
}

/// What coins are given out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Change of a payment.
    Change,
    /// Inserted money, given back.
    Refund,
}

/// A printed paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// Proof of payment.
    Receipt,
    /// Claim slip.
    Claim,
}

/// How a print ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrintOutcome {
    /// Proved.
    Printed,
    /// Part of it may be on paper, or nobody knows.
    Torn,
    /// Nothing was sent.
    NotStarted,
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimKind {
    /// Change that could not be given.
    ChangeOwed,
    /// Inserted money that could not be given back.
    RefundOwed,
    /// The sede refused a payment whose money was taken.
    PaymentRefused,
    /// A note in an unknown place.
    NoteUnknown,
    /// A payout with an unknown count.
    PayoutUnknown,
    /// Money may be inside that was not counted.
    MoneyUncounted,
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The debt is paid and booked.
    Paid,
    /// The money is taken, the booking is on its way.
    PaidToConfirm,
    /// Nothing was paid.
    Cancelled,
}

/// The money was complete. The sede is told just this, as often as it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// What was inserted until then.
    pub inserted: Cents,
    /// When, by the kiosk's clock.
    pub taken_at: Timestamp,
    /// The clock was sure.
    pub clock_sure: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// The process started.
    Started {
        /// Its version.
        version: String,
        /// The boot in which it did, as Linux names it.
        #[serde(default)]
        boot: Option<String>,
    },
    /// A place was counted, or filled or emptied: from here on it holds this.
    Counted {
        /// Which.
        place: Place,
        /// Its content.
        content: Vec<Stock>,
    },
    /// A citizen accepted the terms of a payment in cash.
    PaymentOpened {
        /// What is paid.
        debt: Debt,
        /// The citizen's language, for papers after a restart.
        language: Language,
    },
    /// The devices are about to be opened; events after these marks are money.
    AcceptanceOpened {
        /// Mark of the bill validator.
        validator: Option<EventMark>,
        /// Mark of the coin acceptor.
        coin_acceptor: Option<EventMark>,
    },
    /// A note is held.
    NoteEscrowed {
        /// Its value.
        value: Cents,
        /// The event.
        mark: EventMark,
    },
    /// Where it is to go; written before the command.
    RouteDecided {
        /// Its value.
        value: Cents,
        /// Where.
        route: Route,
    },
    /// A note is in the stacker: money in.
    NoteStacked {
        /// Its value.
        value: Cents,
        /// The event.
        mark: EventMark,
    },
    /// A note is back with the citizen.
    NoteReturned {
        /// Its value.
        value: Cents,
        /// The event.
        mark: EventMark,
    },
    /// A note went where no event tells.
    NoteUnknown {
        /// Its value.
        value: Cents,
        /// What was seen.
        why: String,
    },
    /// A coin is in the machine: money in.
    CoinAccepted {
        /// Its value.
        value: Cents,
        /// Where the sorter led it.
        to: Place,
        /// The event.
        mark: EventMark,
    },
    /// A device had more events than it can tell, or was reset while money could come in.
    EventsLost {
        /// Which.
        device: Device,
        /// How many are surely lost; 0 when nobody knows.
        count: u8,
    },
    /// Found after a start: nobody can tell that the citizen still waits. No more coins are given out.
    CitizenGone,
    /// The money is to be given back.
    CancelDecided {
        /// Why.
        why: CancelReason,
    },
    /// Enough is inside; the amount of the debt is kept from here on, the rest is change.
    CollectionClosed(Closed),
    /// The sede has booked the payment.
    Booked(Booking),
    /// The sede will never book it: what was kept is owed back.
    BookingRefused {
        /// The sede's code.
        code: String,
    },
    /// Coins are about to be paid out; written before the command.
    DispenseStarted {
        /// What for.
        purpose: Purpose,
        /// From where.
        hopper: u8,
        /// Value of a coin.
        coin: Cents,
        /// How many.
        coins: u8,
        /// The hopper's counters before.
        baseline: HopperBaseline,
    },
    /// So many coins are out.
    DispenseEnded {
        /// From where.
        hopper: u8,
        /// Value of a coin.
        coin: Cents,
        /// How many.
        coins: u8,
        /// Why fewer than asked.
        short: Option<String>,
    },
    /// Nobody can tell how many coins are out.
    DispenseUnknown {
        /// From where.
        hopper: u8,
        /// Value of a coin.
        coin: Cents,
        /// Surely out.
        at_least: u8,
        /// Possibly out.
        at_most: u8,
        /// What was seen.
        why: String,
    },
    /// The citizen has a claim against the town hall.
    Claimed {
        /// Reference on the slip.
        claim: String,
        /// About what.
        about: ClaimKind,
        /// Owed for certain.
        owed: Cents,
        /// To be settled by a count.
        in_question: Cents,
    },
    /// A paper is about to be printed.
    PrintStarted {
        /// Which.
        paper: Paper,
        /// It is marked as a copy.
        copy: bool,
    },
    /// How that ended.
    PrintEnded {
        /// Which.
        paper: Paper,
        /// How.
        outcome: PrintOutcome,
    },
    /// The operation is over.
    Completed {
        /// How.
        outcome: Outcome,
    },
}

//! An appointment (cita previa): the first free one, another one, and finding and cancelling one's own.
//!
//! A pure state machine like the certificates. Whoever has no card types a number, a name and a telephone, where the
//! town hall allows that; whoever has the slip needs neither.

mod page;
mod step;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use private::PrivateText;
use ui::{AppointmentTrouble, Slip, WriteProblem};

use crate::nif::Nif;
use crate::sede::{
    Appointment as Booked, AppointmentOffers, FreeSlots, SlipCode, Slot, SlotsAnswer, Translated, Tried,
};
use crate::words::Words;
use crate::writing::Editor;

/// What it may look at beside itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The citizen's name, if a card has told who it is.
    pub name: Option<&'a str>,
    /// A card can be read here.
    pub card: bool,
    /// Appointments are given without a card, too.
    pub without_card: bool,
    /// The citizen's language.
    pub language: ui::Language,
    /// The day, by the sede's clock.
    pub today: Date,
}

/// What the citizen came for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new one.
    New,
    /// One's own.
    Own,
}

/// A field that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The citizen's number.
    Number,
    /// The citizen's name.
    Name,
    /// The citizen's telephone.
    Telephone,
    /// The code on the slip.
    SlipCode,
    /// The end of the number that it was made for.
    NumberEnd,
}

/// Who it is for, as far as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// DNI or NIE.
    pub number: Option<Nif>,
    /// Name and surnames.
    pub name: PrivateText,
    /// Telephone.
    pub telephone: PrivateText,
}

/// By what own appointments are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By the card.
    Card,
    /// By a slip.
    Slip {
        /// Its code.
        code: SlipCode,
        /// The end of the number.
        number_end: PrivateText,
    },
}

/// The sede's words to something that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Why.
    pub text: Words,
    /// What to do.
    pub next: Words,
}

/// What came of a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booking {
    /// It is made.
    Booked(Box<Booked>),
    /// Somebody else was faster; these are free.
    Taken(Vec<Slot>),
    /// It is not made.
    Refused(Told),
    /// It is not made: the sede could not be asked.
    NotAsked,
    /// The sede was asked, and has not answered.
    Unknown,
}

/// What came of a cancellation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cancelling {
    /// It is cancelled.
    Cancelled,
    /// It is not.
    Refused(Told),
    /// The sede has not answered.
    Unknown,
}

/// What came of an action.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Of [`Action::AskOffers`]; `None`: the sede could not be asked.
    Offers(Option<AppointmentOffers>),
    /// Of [`Action::AskSlots`].
    Slots(Option<SlotsAnswer>),
    /// Of [`Action::Book`].
    Booked(Booking),
    /// Of [`Action::Find`].
    Found(Option<Tried<Vec<Booked>>>),
    /// Of [`Action::CancelOwn`].
    Cancelled(Cancelling),
    /// Of [`Action::PrintSlip`]: whether it is in the tray.
    Printed(bool),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ask for what and where there are appointments.
    AskOffers,
    /// Ask for free slots.
    AskSlots {
        /// For what.
        service: String,
        /// Where; `None`: wherever it is soonest.
        office: Option<String>,
        /// The first day.
        from: Date,
    },
    /// Book.
    Book {
        /// For what.
        service: String,
        /// Where and when.
        slot: Slot,
        /// For whom; `None`: for whom the card has told.
        who: Option<Typed>,
    },
    /// Find one's own.
    Find(Proof),
    /// Cancel one's own.
    CancelOwn {
        /// Which.
        code: SlipCode,
        /// By what right.
        proof: Proof,
    },
    /// Print the slip.
    PrintSlip(Box<Booked>),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The citizen wants something else.
    Menu,
    /// He is done.
    Done,
}

/// Where the citizen is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// A new one, or one's own?
    Start,
    /// For what and where are there any?
    Asking,
    /// For what?
    Service,
    /// Free slots are asked for.
    AskingSlots,
    /// The first free one: this one?
    First(FreeSlots),
    /// None is free.
    Full {
        /// Until when.
        until: Option<Date>,
        /// Other ways.
        channels: Vec<Translated>,
    },
    /// Where?
    Office,
    /// On which day?
    Day(FreeSlots),
    /// At what time?
    Hour(FreeSlots, usize),
    /// With the card, or by typing?
    WhoIs,
    /// The card is to tell who it is; the session sees to it.
    Identifying,
    /// Something is being written.
    Writing(Field, Editor, Option<WriteProblem>),
    /// Is this the number?
    NumberConfirm(Nif),
    /// Is everything right?
    Check,
    /// It is being booked.
    Booking,
    /// Somebody else was faster.
    Taken(Vec<Slot>),
    /// It is made.
    Made(Box<Booked>, Slip),
    /// One's own are looked for.
    Finding,
    /// Which of one's own?
    Own,
    /// This one.
    OwnOne(usize, Option<Slip>),
    /// Cancel it?
    Cancel(usize),
    /// It is being cancelled.
    Cancelling(usize),
    /// It is cancelled.
    Cancelled(usize),
    /// Something did not go well.
    Trouble(AppointmentTrouble),
    /// The sede does not give it.
    Refused(Told),
    /// It is over.
    Over(End),
}

/// The appointments of one citizen.
#[derive(Clone, Debug, PartialEq)]
pub struct Appointment {
    /// Where it is.
    pub state: State,
    purpose: Purpose,
    offers: Option<AppointmentOffers>,
    /// Place of the service among those that are offered.
    service: usize,
    /// Slots of an office were asked for.
    asked_office: bool,
    slot: Option<Slot>,
    typed: Typed,
    /// The citizen has chosen to type.
    by_typing: bool,
    proof: Option<Proof>,
    code: Option<SlipCode>,
    own: Vec<Booked>,
}

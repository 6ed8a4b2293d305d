//! The money in each device, as the entries tell it: notes in the stacker by value, coins in each hopper and in
//! the cash box.
use std::collections::BTreeMap;

use hal_device::{Cents, MoneyError};

use super::entry::{Entry, Place, Stock};

/// Contents by place and value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    contents: BTreeMap<(Place, Cents), u32>,
    /// Coins that may or may not have left a hopper since it was last counted.
    doubtful: BTreeMap<Place, u32>,
}

impl Inventory {
    /// Takes one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Counted { place, content } => {
                self.contents.retain(|(held, _), _| held != place);
                self.doubtful.remove(place);
                for stock in content {
                    self.add(*place, stock.value, stock.count);
                }
            }
            Entry::NoteStacked { value, .. } => self.add(Place::Stacker, *value, 1),
            Entry::CoinAccepted { value, to, .. } => self.add(*to, *value, 1),
            Entry::DispenseEnded { hopper, coin, coins, .. } => {
                self.take(Place::Hopper(*hopper), *coin, u32::from(*coins));
            }
            Entry::DispenseUnknown { hopper, coin, at_least, at_most, .. } => {
                let place = Place::Hopper(*hopper);
                self.take(place, *coin, u32::from(*at_least));
                *self.doubtful.entry(place).or_default() += u32::from(at_most.saturating_sub(*at_least));
            }
            Entry::Started { .. }
            | Entry::PaymentOpened { .. }
            | Entry::AcceptanceOpened { .. }
            | Entry::NoteEscrowed { .. }
            | Entry::RouteDecided { .. }
            | Entry::NoteReturned { .. }
            | Entry::NoteUnknown { .. }
            | Entry::EventsLost { .. }
            | Entry::CitizenGone
            | Entry::CancelDecided { .. }
            | Entry::CollectionClosed(_)
            | Entry::Booked(_)
            | Entry::BookingRefused { .. }
            | Entry::DispenseStarted { .. }
            | Entry::Claimed { .. }
            | Entry::PrintStarted { .. }
            | Entry::PrintEnded { .. }
            | Entry::Completed { .. } => {}
        }
    }

    fn add(&mut self, place: Place, value: Cents, count: u32) {
        let held = self.contents.entry((place, value)).or_default();
        *held = held.saturating_add(count);
    }

    /// A hopper can hold more than the ledger knows (a coin fell in by hand), so that this may end at zero.
    fn take(&mut self, place: Place, value: Cents, count: u32) {
        let held = self.contents.entry((place, value)).or_default();
        *held = held.saturating_sub(count);
    }

    /// What lies in a place, by value.
    pub fn content(&self, place: Place) -> Vec<Stock> {
        let of_place = self.contents.iter().filter(|((held, _), count)| *held == place && **count > 0);
        of_place.map(|((_, value), count)| Stock { value: *value, count: *count }).collect()
    }

    /// How many of one value surely lie in a place.
    pub fn count(&self, place: Place, value: Cents) -> u32 {
        let held = self.contents.get(&(place, value)).copied().unwrap_or_default();
        held.saturating_sub(self.doubtful.get(&place).copied().unwrap_or_default())
    }

    /// The value of all that lies in a place.
    pub fn total(&self, place: Place) -> Result<Cents, MoneyError> {
        self.content(place)
            .iter()
            .try_fold(Cents::ZERO, |sum, stock| sum.plus(stock.value.times(stock.count)?))
    }

    /// Every place that was ever counted or touched.
    pub fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = self.contents.keys().map(|(place, _)| *place).collect();
        places.dedup();
        places
    }
}

//! The five newest events of a coin acceptor or bill validator (reference 1.4).

use serde::Serialize;

/// Counter and pairs; the newest pair is first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EventLog {
    counter: u8,
    pairs: [(u8, u8); 5],
}

impl EventLog {
    /// The counter is 0 only after power-up; from 255 it goes to 1.
    pub fn push(&mut self, a: u8, b: u8) {
        self.counter = if self.counter == 255 { 1 } else { self.counter + 1 };
        self.pairs.rotate_right(1);
        if let Some(first) = self.pairs.first_mut() {
            *first = (a, b);
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    #[must_use]
    pub fn counter(&self) -> u8 {
        self.counter
    }

    /// As if so many events had happened before: for tests that want the wrap at hand.
    pub fn set_counter(&mut self, counter: u8) {
        self.counter = counter;
    }

    /// The 11 bytes of headers 229 and 159.
    #[must_use]
    pub fn reply(&self) -> Vec<u8> {
        std::iter::once(self.counter).chain(self.pairs.iter().flat_map(|(a, b)| [*a, *b])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_goes_from_255_to_1_and_only_five_pairs_stay() {
        let mut log = EventLog::default();
        assert_eq!(log.reply(), [0; 11]);
        log.set_counter(254);
        for event in 1..=6 {
            log.push(event, 0);
        }
        assert_eq!(log.reply(), [5, 6, 0, 5, 0, 4, 0, 3, 0, 2, 0]);
    }
}

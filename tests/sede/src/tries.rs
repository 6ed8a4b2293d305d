//! Wrong tries, counted: five within a quarter of an hour, and nothing is looked at for the rest of it.
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_mins(15);
const MOST: u32 = 5;

#[derive(Default)]
pub(crate) struct Tries(BTreeMap<String, (Timestamp, u32)>);

impl Tries {
    /// Seconds until something is looked at again, if there were too many.
    pub fn wait(&mut self, names: &[String], now: Timestamp) -> Option<i64> {
        self.0.retain(|_, (since, _)| now < *since + WINDOW);
        let over = names.iter().filter_map(|name| self.0.get(name)).filter(|(_, count)| *count >= MOST);
        over.map(|(since, _)| (*since + WINDOW).duration_since(now).as_secs()).max()
    }

    /// One was wrong.
    pub fn count(&mut self, names: &[String], now: Timestamp) {
        for name in names {
            self.0.entry(name.clone()).or_insert((now, 0)).1 += 1;
        }
    }
}

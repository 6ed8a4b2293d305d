//! From looks at a reader to events: what was told last, and what is to be told now. Pure.
//!
//! A card that was swapped between two looks shows only in the counter: it is one gone and one come.
use super::port::ReaderState;

/// A card came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardEvent {
    /// A card that answers.
    Inserted {
        /// What it answered to power.
        atr: Vec<u8>,
    },
    /// A card, or something else, that does not answer: upside down, dirty, broken.
    Mute,
    /// It is gone.
    Removed,
}

/// What a look led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing new.
    Same,
    /// Something is in the reader that does not answer: give it a second chance, then say what came of it.
    SecondChance,
    /// These events.
    Tell(Vec<CardEvent>),
}

/// What was told.
#[derive(Debug, Default)]
pub(crate) struct Watcher {
    told: Option<(String, u32)>,
}

impl Watcher {
    /// Looks at the chosen reader, or at none.
    pub(crate) fn look(&mut self, reader: Option<&ReaderState>) -> Look {
        let present = reader.filter(|reader| reader.present);
        let same = present.is_some_and(|reader| {
            self.told
                .as_ref()
                .is_some_and(|(name, changes)| *name == reader.name && *changes == reader.changes)
        });
        if same {
            return Look::Same;
        }
        let gone = self.gone();
        match present {
            Some(reader) if reader.mute || reader.atr.is_empty() => match gone {
                Some(event) => Look::Tell(vec![event]),
                None => Look::SecondChance,
            },
            Some(reader) => {
                let came = self.came(reader, Some(reader.atr.clone()));
                Look::Tell(gone.into_iter().chain([came]).collect())
            }
            None => gone.map_or(Look::Same, |event| Look::Tell(vec![event])),
        }
    }

    /// What is in the reader answered, or not.
    pub(crate) fn came(&mut self, reader: &ReaderState, atr: Option<Vec<u8>>) -> CardEvent {
        self.told = Some((reader.name.clone(), reader.changes));
        atr.map_or(CardEvent::Mute, |atr| CardEvent::Inserted { atr })
    }

    /// Whatever was there is gone.
    pub(crate) fn gone(&mut self) -> Option<CardEvent> {
        self.told.take().map(|_| CardEvent::Removed)
    }
}

/// The reader to use: the first whose name holds this part, or the first.
pub(crate) fn choose<'s>(states: &'s [ReaderState], part: Option<&str>) -> Option<&'s ReaderState> {
    states.iter().find(|state| part.is_none_or(|part| state.name.contains(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(present: bool, mute: bool, changes: u32) -> ReaderState {
        let atr = if present && !mute { vec![0x3B, 0x00] } else { Vec::new() };
        ReaderState { name: "slot".to_owned(), present, mute, changes, atr }
    }

    fn inserted() -> CardEvent {
        CardEvent::Inserted { atr: vec![0x3B, 0x00] }
    }

    #[test]
    fn a_card_is_told_once_and_its_end_once() {
        let mut watcher = Watcher::default();
        assert_eq!(watcher.look(Some(&reader(true, false, 1))), Look::Tell(vec![inserted()]));
        assert_eq!(watcher.look(Some(&reader(true, false, 1))), Look::Same);
        assert_eq!(watcher.look(Some(&reader(false, false, 2))), Look::Tell(vec![CardEvent::Removed]));
        assert_eq!(watcher.look(None), Look::Same);
    }

    #[test]
    fn a_card_swapped_between_two_looks_is_one_gone_and_one_come() {
        let mut watcher = Watcher::default();
        watcher.look(Some(&reader(true, false, 1)));
        let look = watcher.look(Some(&reader(true, false, 3)));
        assert_eq!(look, Look::Tell(vec![CardEvent::Removed, inserted()]));
    }

    #[test]
    fn a_mute_card_has_a_second_chance_and_is_then_told_once() {
        let mut watcher = Watcher::default();
        let mute = reader(true, true, 1);
        assert_eq!(watcher.look(Some(&mute)), Look::SecondChance);
        assert_eq!(watcher.came(&mute, None), CardEvent::Mute);
        assert_eq!(watcher.look(Some(&mute)), Look::Same);
    }

    #[test]
    fn a_reader_that_goes_takes_its_card_with_it() {
        let mut watcher = Watcher::default();
        watcher.look(Some(&reader(true, false, 1)));
        assert_eq!(watcher.look(None), Look::Tell(vec![CardEvent::Removed]));
    }

    #[test]
    fn the_reader_is_chosen_by_a_part_of_its_name() {
        let states = ["ACME contactless 00 00", "ACME contact 01 00"]
            .map(|name| ReaderState { name: name.to_owned(), ..ReaderState::default() });
        let chosen = |part| choose(&states, part).map(|state| state.name.as_str());
        assert_eq!(chosen(None), Some("ACME contactless 00 00"));
        assert_eq!(chosen(Some("contact 01")), Some("ACME contact 01 00"));
        assert_eq!(chosen(Some("other")), None);
    }
}

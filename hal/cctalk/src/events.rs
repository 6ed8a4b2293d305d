//! The event counter of acceptors: which of the five readable events are new, and which are lost
//! (ccTalk generic specification part 2, headers 229 and 159).
//!
//! The counter is 0 only after power-up or reset; then it runs 1 to 255 and on to 1. A device that was off
//! comes back with 0; one that was unplugged and kept its power comes back with what happened meanwhile.
use crate::api::EventMark;

/// How many events a device can tell.
pub const READABLE: u8 = 5;

/// What a poll tells against the counter seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Nothing new.
    Nothing,
    /// This many new events (1 to 5), newest first in the reply.
    New(u8),
    /// All five are new, and this many before them cannot be read any more.
    Lost(u8),
    /// The device was reset: what happened before is gone.
    Reset,
}

/// Compares the counter `now` with the one seen `last`.
pub fn since(last: u8, now: u8) -> Since {
    let distance = match (last, now) {
        (0, 0) => 0,
        (_, 0) => return Since::Reset,
        (last, now) if now >= last => now - last,
        // 255 is followed by 1, so a turn has 255 steps.
        (last, now) => now.wrapping_sub(last).wrapping_sub(1),
    };
    match distance {
        0 => Since::Nothing,
        1..=READABLE => Since::New(distance),
        _ => Since::Lost(distance - READABLE),
    }
}

/// The counter value of the `back`-th event before the newest (0 = the newest) when the counter is at `now`.
pub fn number(now: u8, back: u8) -> u8 {
    if now > back { now - back } else { now.wrapping_sub(back).wrapping_sub(1) }
}

/// What to do with the first counter that is read from a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// Take the counter over; what happened before is not ours.
    Adopt,
    /// This many events happened since the mark and are real money; zero when none did.
    Credit(u8),
    /// Money was being collected; the five readable events are real, and this many before them cannot be read.
    Lost(u8),
    /// Money was being collected, and the device was reset or exchanged since: nobody can tell how much.
    Gone,
}

/// Decides what the first counter read from a device means. `mark` is the last point that was journalled while
/// money was being collected; `mask_empty` says that all notes or coins are inhibited, as after a reset.
pub fn adopt(mark: Option<EventMark>, serial: u32, now: u8, mask_empty: bool) -> Adoption {
    let Some(mark) = mark else { return Adoption::Adopt };
    if mark.serial != serial {
        return Adoption::Gone;
    }
    // From 0 the counter proves nothing, for a reset gives 0 too; the mask does, for a reset clears it.
    if mark.counter == 0 && mask_empty {
        return if now == 0 { Adoption::Adopt } else { Adoption::Gone };
    }
    match since(mark.counter, now) {
        Since::Nothing => Adoption::Credit(0),
        Since::New(count) => Adoption::Credit(count),
        Since::Lost(count) => Adoption::Lost(count),
        Since::Reset => Adoption::Gone,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_part_2_hold() {
        assert_eq!(since(102, 104), Since::New(2));
        assert_eq!(since(255, 1), Since::New(1));
        assert_eq!(since(253, 3), Since::New(5));
        assert_eq!(since(48, 54), Since::Lost(1));
        assert_eq!(since(7, 0), Since::Reset);
        assert_eq!(since(0, 0), Since::Nothing);
    }

    #[test]
    fn a_mark_of_another_device_credits_nothing() {
        let mark = EventMark { serial: 1, counter: 10 };
        assert_eq!(adopt(Some(mark), 2, 12, false), Adoption::Gone);
        assert_eq!(adopt(None, 2, 12, false), Adoption::Adopt);
        assert_eq!(adopt(Some(mark), 1, 12, false), Adoption::Credit(2));
        assert_eq!(adopt(Some(mark), 1, 0, true), Adoption::Gone);
        assert_eq!(adopt(Some(mark), 1, 17, false), Adoption::Lost(2));
    }

    #[test]
    fn a_mark_at_zero_is_believed_only_while_the_mask_shows_that_no_reset_happened() {
        let mark = EventMark { serial: 1, counter: 0 };
        assert_eq!(adopt(Some(mark), 1, 3, false), Adoption::Credit(3));
        assert_eq!(adopt(Some(mark), 1, 3, true), Adoption::Gone);
        assert_eq!(adopt(Some(mark), 1, 0, true), Adoption::Adopt);
    }

    /// The counter as the specification words it: one step at a time.
    fn step(counter: u8) -> u8 {
        if counter == 255 { 1 } else { counter + 1 }
    }

    proptest! {
        #[test]
        fn as_many_steps_as_were_taken_are_seen(last in 0u8..=255, steps in 0u8..=254) {
            let now = (0..steps).fold(last, |counter, _| step(counter));
            let expected = match steps {
                0 => Since::Nothing,
                1..=5 => Since::New(steps),
                _ => Since::Lost(steps - 5),
            };
            // 254 or fewer steps from 0 never come back to it.
            prop_assert_eq!(since(last, now), expected);
        }

        #[test]
        fn each_event_has_the_number_the_counter_had_then(first in 1u8..=255, steps in 0u8..5) {
            let now = (0..steps).fold(first, |counter, _| step(counter));
            prop_assert_eq!(number(now, steps), first);
        }
    }
}

//! Which note or coin a position stands for: the identifiers that the device itself tells (headers 184, 157, 156).
//!
//! Only euro values of the legal series count; whatever else a device is programmed for stays inhibited.
//! Identifiers are read again after each reset, for a device may have been exchanged or taught anew.
use std::collections::BTreeSet;

use hal_device::Cents;

/// The most positions that are asked for.
pub const MAX_TYPES: u8 = 32;
const COINS: [i64; 8] = [1, 2, 5, 10, 20, 50, 100, 200];
const NOTES: [i64; 7] = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];

/// What the values of one device's positions are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    values: heapless::Vec<Option<Cents>, { MAX_TYPES as usize }>,
}

impl Ids {
    /// Adds the next position; past the last one it is dropped, and so is never accepted.
    pub fn push(&mut self, value: Option<Cents>) {
        let _ = self.values.push(value);
    }

    /// The value of a position, counted from 1.
    pub fn value(&self, position: u8) -> Option<Cents> {
        self.values.get(usize::from(position).checked_sub(1)?).copied().flatten()
    }

    /// All values.
    pub fn all(&self) -> BTreeSet<Cents> {
        self.values.iter().flatten().copied().collect()
    }

    /// The mask that enables exactly the positions whose value is in `wanted`; bit 0 is position 1.
    pub fn mask(&self, wanted: &BTreeSet<Cents>) -> u32 {
        self.values.iter().enumerate().fold(0, |mask, (index, value)| match value {
            Some(value) if wanted.contains(value) => mask | (1 << index),
            _ => mask,
        })
    }

    /// The values that a mask enables.
    pub fn enabled(&self, mask: u32) -> BTreeSet<Cents> {
        let on = |index: usize| mask & (1 << index) != 0;
        self.values.iter().enumerate().filter(|(index, _)| on(*index)).filter_map(|(_, v)| *v).collect()
    }

    /// How many bytes the device's mask has: two, or as many as its types need.
    pub fn mask_bytes(&self) -> u8 {
        if self.values.len() > 24 {
            4
        } else if self.values.len() > 16 {
            3
        } else {
            2
        }
    }
}

/// A number of decimal digits and nothing else: multipliers (K, M, G, m) and points are not euro.
fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// The value of a coin identifier: `EU`, three digits in cents, an issue letter.
pub fn coin_value(id: &[u8]) -> Option<Cents> {
    let &[b'E', b'U', ref value @ .., issue] = id else { return None };
    if value.len() != 3 || !issue.is_ascii_uppercase() {
        return None;
    }
    let cents = digits(value)?;
    COINS.contains(&cents).then_some(Cents(cents))
}

/// How a currency's note values are scaled (header 156).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaling {
    /// The value of the identifier times this is the amount in minor units.
    pub factor: u16,
    /// Digits behind the point.
    pub decimals: u8,
}

/// The value of a note identifier: `EU`, four digits, an issue letter; scaled.
pub fn note_value(id: &[u8], scaling: Scaling) -> Option<Cents> {
    let &[b'E', b'U', ref value @ .., issue] = id else { return None };
    if value.len() != 4 || !issue.is_ascii_uppercase() || scaling.decimals != 2 {
        return None;
    }
    let cents = digits(value)?.checked_mul(i64::from(scaling.factor))?;
    NOTES.contains(&cents).then_some(Cents(cents))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EURO: Scaling = Scaling { factor: 100, decimals: 2 };

    #[test]
    fn euro_coins_and_notes_have_their_value() {
        assert_eq!(coin_value(b"EU005A"), Some(Cents(5)));
        assert_eq!(coin_value(b"EU050A"), Some(Cents(50)));
        assert_eq!(coin_value(b"EU200A"), Some(Cents(200)));
        assert_eq!(note_value(b"EU0005A", EURO), Some(Cents(500)));
        assert_eq!(note_value(b"EU0020A", EURO), Some(Cents(2000)));
        assert_eq!(note_value(b"EU0500B", EURO), Some(Cents(50_000)));
    }

    #[test]
    fn whatever_is_not_a_plain_euro_value_is_refused() {
        for id in [
            &b"......"[..],
            b"TK000A",
            b"TK001A",
            b"EU.50A",
            b"EU2K5A",
            b"EU003A",
            b"GB100A",
            b"EU100",
            b"",
            b"EU0100A",
            b"EU100.",
        ] {
            assert_eq!(coin_value(id), None, "{id:?}");
        }
        for id in [&b"......."[..], b"EU00.5A", b"EU0015A", b"GB0020A", b"EU020A", b"EU001KA"] {
            assert_eq!(note_value(id, EURO), None, "{id:?}");
        }
        assert_eq!(note_value(b"EU0020A", Scaling { factor: 0, decimals: 0 }), None);
        assert_eq!(note_value(b"EU0020A", Scaling { factor: 100, decimals: 0 }), None);
    }

    #[test]
    fn a_mask_enables_only_what_is_wanted() {
        let mut ids = Ids::default();
        for value in [Some(Cents(500)), None, Some(Cents(1000)), Some(Cents(2000))] {
            ids.push(value);
        }
        let wanted = BTreeSet::from([Cents(500), Cents(2000), Cents(5000)]);
        assert_eq!(ids.mask(&wanted), 0b1001);
        assert_eq!(ids.enabled(0b1011), BTreeSet::from([Cents(500), Cents(2000)]));
        assert_eq!(ids.value(0), None);
        assert_eq!(ids.value(2), None);
        assert_eq!(ids.value(4), Some(Cents(2000)));
        assert_eq!(ids.value(200), None);
    }
}

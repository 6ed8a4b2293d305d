//! Status bytes: DLE EOT, ASB, Custom's FULL STATUS, the presenter's byte (reference 2.1, 2.3).

use super::config::Model;

/// Everything the status bytes speak of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    pub cover_open: bool,
    pub paper_end: bool,
    pub near_end: bool,
    pub jam: bool,
    pub cutter_error: bool,
    pub head_hot: bool,
    /// The motor turns.
    pub printing: bool,
    /// Bytes wait to be printed.
    pub spooling: bool,
    pub at_exit: bool,
    pub held: bool,
}

fn bits(base: u8, set: &[(bool, u8)]) -> u8 {
    set.iter().filter(|(on, _)| *on).fold(base, |byte, (_, mask)| byte | mask)
}

impl Condition {
    #[must_use]
    pub fn error(&self) -> bool {
        self.jam || self.cutter_error || self.head_hot
    }

    #[must_use]
    pub fn offline(&self) -> bool {
        self.cover_open || self.paper_end || self.error()
    }

    /// The answer to DLE EOT n; nothing for an n that the model does not know.
    #[must_use]
    pub fn real_time(&self, n: u8, model: Model) -> Vec<u8> {
        let byte = match n {
            1 => bits(0x12, &[(self.offline(), 0x08)]),
            2 => bits(0x12, &[(self.cover_open, 0x04), (self.paper_end, 0x20), (self.error(), 0x40)]),
            3 => bits(0x12, &[(self.jam, 0x04), (self.cutter_error, 0x08), (self.head_hot, 0x40)]),
            4 => bits(0x12, &[(self.near_end, 0x0C), (self.paper_end, 0x60)]),
            17 if model == Model::Custom => bits(0x12, &[(self.printing, 0x04), (self.paper_end, 0x20)]),
            20 if model == Model::Custom => {
                let [p, u, r, x] = self.full();
                return vec![0x10, 0x0F, p, u, r, x];
            }
            _ => return Vec::new(),
        };
        vec![byte]
    }

    /// The four bytes of automatic status back.
    #[must_use]
    pub fn automatic(&self) -> [u8; 4] {
        [
            bits(0x10, &[(self.offline(), 0x08), (self.cover_open, 0x20)]),
            bits(0, &[(self.jam, 0x04), (self.cutter_error, 0x08), (self.head_hot, 0x40)]),
            bits(0, &[(self.near_end, 0x03), (self.paper_end, 0x0C)]),
            0x0F,
        ]
    }

    /// p, u, r, x of FULL STATUS.
    #[must_use]
    pub fn full(&self) -> [u8; 4] {
        [
            bits(0, &[(self.paper_end, 0x01), (self.near_end, 0x04), (self.at_exit, 0x20)]),
            bits(0, &[(self.cover_open, 0x01 | 0x02), (self.spooling, 0x04), (self.printing, 0x08)]),
            bits(0, &[(self.head_hot, 0x01), (self.jam, 0x40)]),
            bits(0, &[(self.cutter_error, 0x01)]),
        ]
    }

    /// The answer to GS r 1.
    #[must_use]
    pub fn paper_sensor(&self) -> u8 {
        bits(0, &[(self.near_end, 0x03), (self.paper_end, 0x0C)])
    }

    /// The answer to GS e 6.
    #[must_use]
    pub fn presenter(&self) -> u8 {
        bits(
            0,
            &[
                (self.near_end, 0x01),
                (self.held || !self.paper_end, 0x04),
                (self.at_exit, 0x08),
                (self.printing, 0x10),
                (self.error(), 0x40),
                (self.jam, 0x80),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_end_reads_0x72_and_near_end_0x1e() {
        let end = Condition { paper_end: true, ..Condition::default() };
        assert_eq!(end.real_time(4, Model::Epson), [0x72]);
        let near = Condition { near_end: true, ..Condition::default() };
        assert_eq!(near.real_time(4, Model::Epson), [0x1E]);
        assert_eq!(Condition::default().real_time(1, Model::Epson), [0x12]);
        assert_eq!(Condition::default().real_time(20, Model::Epson), Vec::<u8>::new());
    }

    #[test]
    fn each_first_byte_can_be_told_apart() {
        let bad = Condition { cover_open: true, jam: true, paper_end: true, ..Condition::default() };
        for condition in [Condition::default(), bad] {
            for n in 1..=4 {
                assert!(condition.real_time(n, Model::Epson).iter().all(|byte| byte & 0x93 == 0x12));
            }
            let [first, rest @ ..] = condition.automatic();
            assert_eq!(first & 0x93, 0x10);
            assert!(rest.iter().all(|byte| byte & 0x90 == 0));
            assert_eq!(condition.paper_sensor() & 0x90, 0);
        }
    }
}

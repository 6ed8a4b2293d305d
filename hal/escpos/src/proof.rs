//! Proof of printing. A write that succeeds only says that the kernel took the bytes.
//!
//! Epson: `GS ( H` with an identifier after the job; the printer returns it once the data before it is on paper.
//! Custom: the cut counter and the printed length, read before and after, must both have grown.

/// A number that each job of a task has for itself, as four digits: `0001`, `0002`, … `9999`, `0001`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobNumber(u16);

impl JobNumber {
    /// The next one.
    #[must_use]
    pub fn next(self) -> JobNumber {
        JobNumber(self.0 % 9999 + 1)
    }

    /// Its four digits.
    pub fn digits(self) -> [u8; 4] {
        [1000, 100, 10, 1].map(|place| u8::try_from(self.0 / place % 10).unwrap_or_default() + b'0')
    }

    /// `GS ( H` function 48: return this number when all before it is printed.
    pub fn request(self) -> Vec<u8> {
        [&[0x1D, b'(', b'H', 6, 0, 0x30, 0x30], self.digits().as_slice()].concat()
    }
}

/// Custom's counters at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Cuts in its life (`GS E2`).
    pub cuts: u64,
    /// Centimetres printed in its life (`GS E3`).
    pub printed: u64,
}

impl Counters {
    /// True when something was printed and cut since `before`.
    pub fn prove(self, before: Counters) -> bool {
        self.cuts > before.cuts && self.printed > before.printed
    }
}

//! The bytes of the fuzzer, eaten from the front; zeros when none are left.
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub fn new(bytes: &'a [u8]) -> Input<'a> {
        Input(bytes)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        self.next().unwrap_or(0)
    }

    pub fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    pub fn pair(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    /// So many bytes, or what is left.
    pub fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// What becomes of these bytes when the rest of the input changes them: some changes, one after another.
    pub fn change(&mut self, bytes: &mut Vec<u8>) {
        while let Some(kind) = self.next() {
            let at = usize::from(self.pair()) % bytes.len().max(1);
            match kind & 7 {
                0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= kind >> 3 | 1),
                1 => bytes.iter_mut().skip(at).take(1).zip([self.byte()]).for_each(|(byte, new)| *byte = new),
                2 => bytes.truncate(at),
                3 => drop(bytes.drain(at..bytes.len().min(at + usize::from(kind >> 3)))),
                4 => drop(bytes.splice(at..at, self.take(usize::from(kind >> 3)).iter().copied())),
                5 => {
                    let new = self.take(usize::from(kind >> 3));
                    bytes.iter_mut().skip(at).zip(new).for_each(|(byte, new)| *byte = *new);
                }
                6 => bytes.extend_from_within(at..bytes.len().min(at + usize::from(kind >> 3))),
                _ => *bytes = self.take(usize::from(kind >> 3) * 8).to_vec(),
            }
        }
    }
}

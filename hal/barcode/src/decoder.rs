//! From bytes to scans: a scan ends with a line end, or where the caller sees that the line fell silent.

/// Most characters of a scan. The longest collection document has 54 digits, a web address about a hundred.
pub const LONGEST: usize = 256;
/// FNC1 inside a code, as readers send it.
const GROUP_SEPARATOR: u8 = 0x1D;

/// Collects the bytes of one scan. Texts are ASCII with group separators; every other byte is dropped and counted, as
/// is a scan that grows too long.
#[derive(Clone, Debug, Default)]
pub struct ScanDecoder {
    text: String,
    too_long: bool,
    dropped: u64,
}

impl ScanDecoder {
    /// Nothing read yet.
    pub fn new() -> ScanDecoder {
        ScanDecoder::default()
    }

    /// Takes a byte; gives the scan that it ends.
    pub fn push(&mut self, byte: u8) -> Option<String> {
        match byte {
            b'\r' | b'\n' => return self.end(),
            b' '..=b'~' | GROUP_SEPARATOR if self.too_long => self.dropped += 1,
            b' '..=b'~' | GROUP_SEPARATOR if self.text.len() == LONGEST => {
                self.drop_text();
                self.dropped += 1;
                self.too_long = true;
            }
            b' '..=b'~' | GROUP_SEPARATOR => self.text.push(char::from(byte)),
            _ => self.dropped += 1,
        }
        None
    }

    /// The line fell silent: what was read is a scan. `None` when there is nothing, or when it was too long.
    pub fn end(&mut self) -> Option<String> {
        self.too_long = false;
        let text = std::mem::take(&mut self.text);
        (!text.is_empty()).then_some(text)
    }

    /// Drops what was read of a scan that will not come to its end.
    pub fn abandon(&mut self) {
        self.too_long = false;
        self.drop_text();
    }

    /// True between two scans: no silence has to be waited for.
    pub fn is_idle(&self) -> bool {
        self.text.is_empty() && !self.too_long
    }

    /// Bytes that belong to no scan, since the start.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    fn drop_text(&mut self) {
        self.dropped += self.text.len() as u64;
        self.text.clear();
    }
}

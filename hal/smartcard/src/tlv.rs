//! BER-TLV with definite lengths (ISO/IEC 8825-1, ISO/IEC 7816-4 section 5.2.2): a reader over a slice.
//!
//! Values are never copied, tags have at most three bytes, lengths at most three behind the first, and what is nested
//! deeper than [`DEEPEST`] is refused: the bytes are a card's.

/// How deep objects may lie in each other. A certificate in a certificate directory takes 8.
pub const DEEPEST: u8 = 16;

/// What cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// The bytes end inside an object.
    #[error("the bytes end inside an object")]
    Truncated,
    /// A tag of more than three bytes.
    #[error("a tag of more than three bytes")]
    TagTooLong,
    /// A length without end mark, or in more than three bytes.
    #[error("a length that is indefinite or too long")]
    Length,
    /// Nested deeper than [`DEEPEST`].
    #[error("objects nested deeper than {DEEPEST}")]
    TooDeep,
    /// Another tag where one was needed.
    #[error("tag {found:02X} where {wanted:02X} was expected")]
    Unexpected {
        /// What was needed.
        wanted: u32,
        /// What is there.
        found: u32,
    },
    /// An object that must be there is not.
    #[error("no object with tag {0:02X}")]
    Missing(u32),
    /// Bytes behind the last object.
    #[error("{0} bytes behind the last object")]
    Rest(usize),
}

/// One object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag, its bytes as a number: `0x30`, `0x5F24`.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
    /// The whole object, tag and length included.
    pub whole: &'a [u8],
    constructed: bool,
    depth: u8,
}

impl<'a> Tlv<'a> {
    /// The objects inside.
    ///
    /// # Errors
    /// [`TlvError::TooDeep`].
    pub fn inside(&self) -> Result<Reader<'a>, TlvError> {
        if self.depth >= DEEPEST {
            return Err(TlvError::TooDeep);
        }
        Ok(Reader { rest: self.value, depth: self.depth + 1 })
    }

    /// True when its value is made of objects.
    pub fn is_constructed(&self) -> bool {
        self.constructed
    }
}

/// Objects one after another.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    depth: u8,
}

impl<'a> Reader<'a> {
    /// Over these bytes.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes, depth: 0 }
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next object; `None` at the end.
    ///
    /// # Errors
    /// Bytes that are no object.
    pub fn next_object(&mut self) -> Result<Option<Tlv<'a>>, TlvError> {
        let Some((&first, mut rest)) = self.rest.split_first() else { return Ok(None) };
        let mut tag = u32::from(first);
        if first & 0x1F == 0x1F {
            let mut more = true;
            for _ in 0..2 {
                let (&byte, behind) = rest.split_first().ok_or(TlvError::Truncated)?;
                (tag, rest) = (tag << 8 | u32::from(byte), behind);
                more = byte & 0x80 != 0;
                if !more {
                    break;
                }
            }
            if more {
                return Err(TlvError::TagTooLong);
            }
        }
        let (&length, mut rest) = rest.split_first().ok_or(TlvError::Truncated)?;
        let length = match length {
            0..=0x7F => usize::from(length),
            0x81..=0x83 => {
                let (bytes, behind) =
                    rest.split_at_checked(usize::from(length & 3)).ok_or(TlvError::Truncated)?;
                rest = behind;
                bytes.iter().fold(0, |sum, &byte| sum << 8 | usize::from(byte))
            }
            _ => return Err(TlvError::Length),
        };
        let (value, behind) = rest.split_at_checked(length).ok_or(TlvError::Truncated)?;
        let whole = self.rest.get(..self.rest.len() - behind.len()).ok_or(TlvError::Truncated)?;
        self.rest = behind;
        Ok(Some(Tlv { tag, value, whole, constructed: first & 0x20 != 0, depth: self.depth }))
    }

    /// The next object, which must have this tag.
    ///
    /// # Errors
    /// [`TlvError::Missing`] at the end, [`TlvError::Unexpected`] for another one.
    pub fn expect(&mut self, tag: u32) -> Result<Tlv<'a>, TlvError> {
        match self.next_object()? {
            Some(object) if object.tag == tag => Ok(object),
            Some(object) => Err(TlvError::Unexpected { wanted: tag, found: object.tag }),
            None => Err(TlvError::Missing(tag)),
        }
    }

    /// The next object when it has this tag; otherwise nothing is taken.
    ///
    /// # Errors
    /// Bytes that are no object.
    pub fn optional(&mut self, tag: u32) -> Result<Option<Tlv<'a>>, TlvError> {
        let before = *self;
        match self.next_object()? {
            Some(object) if object.tag == tag => Ok(Some(object)),
            _ => {
                *self = before;
                Ok(None)
            }
        }
    }

    /// The first object with this tag among all that follow.
    ///
    /// # Errors
    /// [`TlvError::Missing`], or bytes that are no object before it.
    pub fn find(mut self, tag: u32) -> Result<Tlv<'a>, TlvError> {
        while let Some(object) = self.next_object()? {
            if object.tag == tag {
                return Ok(object);
            }
        }
        Err(TlvError::Missing(tag))
    }

    /// Nothing may follow.
    ///
    /// # Errors
    /// [`TlvError::Rest`].
    pub fn end(&self) -> Result<(), TlvError> {
        if self.rest.is_empty() { Ok(()) } else { Err(TlvError::Rest(self.rest.len())) }
    }
}

/// Writes an object with a tag of one byte and a shortest length. For values under 64 KiB, which all of ours are.
pub fn write(out: &mut Vec<u8>, tag: u8, value: &[u8]) {
    out.push(tag);
    let [high, low] = u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes();
    match (high, low) {
        (0, 0..=0x7F) => out.push(low),
        (0, _) => out.extend_from_slice(&[0x81, low]),
        _ => out.extend_from_slice(&[0x82, high, low]),
    }
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn walk(mut reader: Reader<'_>, seen: &mut usize) -> Result<(), TlvError> {
        while let Some(object) = reader.next_object()? {
            *seen += 1;
            if object.is_constructed() {
                walk(object.inside()?, seen)?;
            }
        }
        Ok(())
    }

    #[test]
    fn long_tags_and_lengths_are_read() {
        let bytes = [0x7F, 0x21, 0x81, 0x04, 0x5F, 0x24, 0x01, 0x07, 0x04, 0x00];
        let mut reader = Reader::new(&bytes);
        let outer = reader.expect(0x7F21).unwrap();
        assert_eq!(outer.inside().unwrap().find(0x5F24).unwrap().value, [7]);
        assert_eq!(outer.whole.len(), 8);
        assert_eq!(reader.expect(0x04).unwrap().value, []);
        reader.end().unwrap();
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for (bytes, why) in [
            (&[0x30, 0x80, 0, 0][..], TlvError::Length),
            (&[0x30, 0x84, 0, 0, 0, 0], TlvError::Length),
            (&[0x30, 0x83, 0xFF, 0xFF, 0xFF], TlvError::Truncated),
            (&[0x30, 0x05, 1, 2], TlvError::Truncated),
            (&[0x1F, 0x81, 0x82, 0x01], TlvError::TagTooLong),
            (&[0x1F, 0x81], TlvError::Truncated),
            (&[0x30], TlvError::Truncated),
        ] {
            assert_eq!(Reader::new(bytes).next_object(), Err(why), "{bytes:02X?}");
        }
    }

    #[test]
    fn a_nest_without_end_is_refused() {
        let mut bytes = Vec::new();
        for _ in 0..100 {
            let inner = std::mem::take(&mut bytes);
            write(&mut bytes, 0x30, &inner);
        }
        assert_eq!(walk(Reader::new(&bytes), &mut 0), Err(TlvError::TooDeep));
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut seen = 0;
            let _ = walk(Reader::new(&bytes), &mut seen);
            prop_assert!(seen <= bytes.len());
        }

        #[test]
        fn what_is_written_is_read_again(tag in 0_u8..0x1F, value in proptest::collection::vec(any::<u8>(), 0..700)) {
            let mut bytes = Vec::new();
            write(&mut bytes, tag, &value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.expect(u32::from(tag)).unwrap().value, &value[..]);
            reader.end().unwrap();
        }
    }
}

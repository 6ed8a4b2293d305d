//! Words, strings and arrays from bytes that may not all be there yet.
use std::fmt;

use super::{LONGEST_REPLY, LONGEST_TEXT, MOST_ELEMENTS};

/// Why bytes are no reply. The connection they came on is of no more use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The reply is longer than any that makes sense.
    #[error("a reply of more than {LONGEST_REPLY} bytes")]
    ReplyTooLong,
    /// A string is.
    #[error("a string of {0} bytes; {LONGEST_TEXT} are the most")]
    TextTooLong(u32),
    /// A string does not end in NUL.
    #[error("a string without an end")]
    TextWithoutEnd,
    /// Too many elements.
    #[error("{count} {what}; {most} are the most")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// As announced.
        count: u32,
        /// The limit.
        most: usize,
    },
    /// A word that means nothing where it stands, and after which the rest cannot be read.
    #[error("{what} {value}, which is not known")]
    Unknown {
        /// What it should have been.
        what: &'static str,
        /// The word.
        value: u32,
    },
    /// The first word of a word list is not the number of the others.
    #[error("a list of {said} words that holds {held}")]
    WordList {
        /// What it says.
        said: u32,
        /// What there is.
        held: u32,
    },
    /// An option's value does not have the size it says.
    #[error("a value of {size} bytes with {count} elements")]
    ValueSize {
        /// In bytes, as said.
        size: u32,
        /// Elements, as they came.
        count: u32,
    },
}

/// What a decoder made of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded<T> {
    /// A whole value, and how many bytes it took.
    Whole(T, usize),
    /// Not all of it is there: no look is worth it before there are so many bytes.
    More(usize),
}

/// Why reading stopped before the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// So many bytes are needed at least, counted from the beginning.
    More(usize),
    /// It makes no sense.
    Bad(WireError),
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Stop {
        Stop::Bad(error)
    }
}

/// A string of the wire, without its NUL. Bytes, as its encoding is not told and names are sent back as they came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text(Vec<u8>);

impl Text {
    /// These bytes up to their first NUL.
    pub fn new(bytes: &[u8]) -> Text {
        Text(bytes.iter().copied().take_while(|&byte| byte != 0).collect())
    }

    /// The bytes, without NUL.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::new(text.as_bytes())
    }
}

/// Fit for a line of a log: what is not UTF-8 and what is no character to show is replaced.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |character: char| if character.is_control() { '\u{FFFD}' } else { character };
        let text: String = String::from_utf8_lossy(&self.0).chars().map(shown).collect();
        f.write_str(&text)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

/// Reads from the front of bytes.
#[derive(Clone, Debug)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    /// Over these bytes, from their beginning.
    pub fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next so many bytes.
    pub fn take(&mut self, count: usize) -> Result<&'b [u8], Stop> {
        let end = self.at.saturating_add(count);
        if end > LONGEST_REPLY {
            return Err(WireError::ReplyTooLong.into());
        }
        let taken = self.bytes.get(self.at..end).ok_or(Stop::More(end))?;
        self.at = end;
        Ok(taken)
    }

    /// A word.
    pub fn word(&mut self) -> Result<u32, Stop> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().fold(0, |word, &byte| word << 8 | u32::from(byte)))
    }

    /// A word with a sign.
    pub fn int(&mut self) -> Result<i32, Stop> {
        self.word().map(u32::cast_signed)
    }

    /// The length of an array of at most so many elements.
    pub fn count(&mut self, what: &'static str, most: usize) -> Result<usize, Stop> {
        let count = self.word()?;
        match usize::try_from(count) {
            Ok(fits) if fits <= most => Ok(fits),
            _ => Err(WireError::TooMany { what, count, most }.into()),
        }
    }

    /// An array of words.
    pub fn words(&mut self, what: &'static str) -> Result<Vec<i32>, Stop> {
        let count = self.count(what, MOST_ELEMENTS)?;
        let word = |bytes: &[u8]| bytes.iter().fold(0, |word: u32, &byte| word << 8 | u32::from(byte));
        Ok(self.take(count * 4)?.chunks_exact(4).map(|bytes| word(bytes).cast_signed()).collect())
    }

    /// A string, or none.
    pub fn text(&mut self) -> Result<Option<Text>, Stop> {
        let length = self.word()?;
        if usize::try_from(length).is_ok_and(|length| length > LONGEST_TEXT) {
            return Err(WireError::TextTooLong(length).into());
        }
        match self.take(length as usize)? {
            [] => Ok(None),
            [.., 0] if length == 1 => Ok(Some(Text::default())),
            whole @ [.., 0] => Ok(Some(Text::new(whole))),
            _ => Err(WireError::TextWithoutEnd.into()),
        }
    }

    /// What a pointer points at, or nothing.
    pub fn pointed<T>(
        &mut self,
        value: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<Option<T>, Stop> {
        if self.word()? == 0 { value(self).map(Some) } else { Ok(None) }
    }
}

//! Words, strings and arrays, as the service writes them.

use std::io;

/// An answer in the making.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn word(&mut self, word: u32) -> &mut Self {
        self.0.extend(word.to_be_bytes());
        self
    }

    pub(super) fn int(&mut self, word: i32) -> &mut Self {
        self.0.extend(word.to_be_bytes());
        self
    }

    /// A string with its NUL; none has the length 0.
    pub(super) fn text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.word(0),
            Some(text) => {
                self.word(text.len() as u32 + 1);
                self.0.extend(text.bytes());
                self.0.push(0);
                self
            }
        }
    }

    pub(super) fn array<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Self, &T)) -> &mut Self {
        self.word(list.len() as u32);
        list.iter().for_each(|element| each(self, element));
        self
    }
}

/// Not an end between two requests: a request that makes no sense.
pub(super) fn nonsense(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

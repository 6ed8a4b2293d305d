//! The data connection: records, an end marker and a status (reference 4.2).
use super::LONGEST_RECORD;
use super::status::SaneStatus;

/// In place of a length: no more records.
const END: u32 = 0xFFFF_FFFF;

/// Why bytes are no records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Longer than any that makes sense.
    #[error("a record of {0} bytes; {LONGEST_RECORD} are the most")]
    TooLong(u32),
}

/// A piece of what the data connection carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'b> {
    /// Bytes of the image; never none.
    Image(&'b [u8]),
    /// How it ended. What comes behind it is rubbish of saned's buffer.
    End(SaneStatus),
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// So many bytes of a length were read, and this is what they make.
    Length(u8, u32),
    /// Bytes of the record that are still to come.
    Image(u32),
    Status,
    Ended,
}

/// Takes the bytes of a data connection as they come.
#[derive(Clone, Debug)]
pub struct Records(State);

impl Records {
    /// At the beginning of a connection.
    pub fn new() -> Records {
        Records(State::Length(0, 0))
    }

    /// True once the status came.
    pub fn ended(&self) -> bool {
        matches!(self.0, State::Ended)
    }

    /// The next piece, taken from the front of `input`; none when it is used up. After the end nothing is read.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub fn next<'b>(&mut self, input: &mut &'b [u8]) -> Result<Option<Piece<'b>>, RecordError> {
        loop {
            match self.0 {
                State::Length(4, END) => self.0 = State::Status,
                State::Length(4, length) if length > LONGEST_RECORD => {
                    return Err(RecordError::TooLong(length));
                }
                // A length of 0 is legal: there is nothing to send now.
                State::Length(4, 0) | State::Image(0) => self.0 = State::Length(0, 0),
                State::Length(4, length) => self.0 = State::Image(length),
                State::Ended => return Ok(None),
                State::Length(count, length) => {
                    let Some(byte) = take_byte(input) else { return Ok(None) };
                    self.0 = State::Length(count + 1, length << 8 | u32::from(byte));
                }
                State::Image(left) => {
                    let count = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
                    let (image, rest) = input.split_at(count);
                    *input = rest;
                    self.0 = State::Image(left.saturating_sub(u32::try_from(count).unwrap_or(left)));
                    return Ok((!image.is_empty()).then_some(Piece::Image(image)));
                }
                State::Status => {
                    let Some(status) = take_byte(input) else { return Ok(None) };
                    self.0 = State::Ended;
                    return Ok(Some(Piece::End(u32::from(status).into())));
                }
            }
        }
    }
}

impl Default for Records {
    fn default() -> Records {
        Records::new()
    }
}

fn take_byte(input: &mut &[u8]) -> Option<u8> {
    let (&byte, rest) = input.split_first()?;
    *input = rest;
    Some(byte)
}

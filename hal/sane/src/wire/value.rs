//! Values of options.
use super::reader::{Reader, Stop, Text, WireError};
use super::{LONGEST_TEXT, MOST_ELEMENTS};

/// What kind of value an option has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 0 or 1.
    Bool,
    /// Whole numbers.
    Int,
    /// Numbers with 16 bits behind the point; see [`Fixed`].
    Fixed,
    /// A string.
    Text,
    /// None: setting it does something.
    Button,
    /// None: a headline over the options behind it.
    Group,
}

impl Kind {
    /// Its word.
    pub fn word(self) -> u32 {
        match self {
            Kind::Bool => 0,
            Kind::Int => 1,
            Kind::Fixed => 2,
            Kind::Text => 3,
            Kind::Button => 4,
            Kind::Group => 5,
        }
    }
}

impl TryFrom<u32> for Kind {
    type Error = WireError;

    fn try_from(word: u32) -> Result<Kind, WireError> {
        Ok(match word {
            0 => Kind::Bool,
            1 => Kind::Int,
            2 => Kind::Fixed,
            3 => Kind::Text,
            4 => Kind::Button,
            5 => Kind::Group,
            value => return Err(WireError::Unknown { what: "value type", value }),
        })
    }
}

/// A number with 16 bits before the point, its sign counted, and 16 behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed(pub i32);

impl Fixed {
    /// A whole number.
    pub fn whole(number: u16) -> Fixed {
        Fixed(i32::try_from(u32::from(number) << 16).unwrap_or(i32::MAX))
    }

    /// The nearest whole number.
    pub fn rounded(self) -> i32 {
        self.0.saturating_add(1 << 15) >> 16
    }
}

/// A value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Of [`Kind::Bool`], [`Kind::Int`] or [`Kind::Fixed`]: one word, or a table of them.
    Words(Vec<i32>),
    /// Of [`Kind::Text`].
    Text(Text),
    /// Of [`Kind::Button`] and [`Kind::Group`].
    Nothing,
}

impl Value {
    /// One word.
    pub fn word(word: i32) -> Value {
        Value::Words(vec![word])
    }

    /// The only word of it.
    pub fn only(&self) -> Option<i32> {
        match self {
            Value::Words(words) => match words.as_slice() {
                [word] => Some(*word),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Value, Stop> {
        let kind = Kind::try_from(reader.word()?)?;
        let size = reader.word()?;
        match kind {
            Kind::Bool | Kind::Int | Kind::Fixed => {
                let words = reader.words("words of a value")?;
                fits(size / 4, words.len(), size)?;
                Ok(Value::Words(words))
            }
            Kind::Text => {
                let count = reader.count("characters of a value", LONGEST_TEXT)?;
                let text = Text::new(reader.take(count)?);
                fits(size, count, size)?;
                Ok(Value::Text(text))
            }
            Kind::Button | Kind::Group => {
                let count = reader.count("elements of no value", MOST_ELEMENTS)?;
                fits(0, count, size)?;
                Ok(Value::Nothing)
            }
        }
    }
}

fn fits(wanted: u32, count: usize, size: u32) -> Result<(), WireError> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count == wanted { Ok(()) } else { Err(WireError::ValueSize { size, count }) }
}

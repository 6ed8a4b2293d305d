//! What a driver says of its options.
use super::MOST_ELEMENTS;
use super::reader::{Reader, Stop, Text, WireError};
use super::value::Kind;

/// What an option's numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nothing, or something that stands in no document.
    None,
    /// Pixels.
    Pixel,
    /// Bits.
    Bit,
    /// Millimetres.
    Millimetre,
    /// Dots an inch.
    Dpi,
    /// Hundredths of a whole.
    Percent,
    /// Microseconds.
    Microsecond,
}

impl From<u32> for Unit {
    fn from(word: u32) -> Unit {
        match word {
            1 => Unit::Pixel,
            2 => Unit::Bit,
            3 => Unit::Millimetre,
            4 => Unit::Dpi,
            5 => Unit::Percent,
            6 => Unit::Microsecond,
            _ => Unit::None,
        }
    }
}

/// What can be done with an option, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(pub u32);

impl Capabilities {
    const SOFT_SELECT: u32 = 1;
    const SOFT_DETECT: u32 = 4;
    const INACTIVE: u32 = 0x20;

    /// It means something with the other options as they are; an inactive one may neither be set nor read.
    pub fn active(self) -> bool {
        self.0 & Self::INACTIVE == 0
    }

    /// It may be set.
    pub fn settable(self) -> bool {
        self.active() && self.0 & Self::SOFT_SELECT != 0
    }

    /// It may be read.
    pub fn readable(self) -> bool {
        self.active() && self.0 & Self::SOFT_DETECT != 0
    }
}

/// Which values an option takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Any.
    None,
    /// From `least` to `most` in steps of `step`; a step of 0 is no step.
    Range {
        /// The least.
        least: i32,
        /// The most.
        most: i32,
        /// The step, counted from the least.
        step: i32,
    },
    /// One of these words.
    Words(Vec<i32>),
    /// One of these strings.
    Texts(Vec<Text>),
}

/// An option of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// By which it is found; none for a headline.
    pub name: Option<Text>,
    /// For people.
    pub title: Option<Text>,
    /// For people, at length.
    pub description: Option<Text>,
    /// The kind of its value.
    pub kind: Kind,
    /// What it counts.
    pub unit: Unit,
    /// Bytes of its value.
    pub size: u32,
    /// What can be done with it.
    pub capabilities: Capabilities,
    /// Which values it takes.
    pub constraint: Constraint,
}

impl Descriptor {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Descriptor, Stop> {
        Ok(Descriptor {
            name: reader.text()?,
            title: reader.text()?,
            description: reader.text()?,
            kind: Kind::try_from(reader.word()?)?,
            unit: Unit::from(reader.word()?),
            size: reader.word()?,
            capabilities: Capabilities(reader.word()?),
            constraint: Constraint::read(reader)?,
        })
    }

    /// One word, no table of them.
    pub fn is_one_word(&self) -> bool {
        matches!(self.kind, Kind::Bool | Kind::Int | Kind::Fixed) && self.size == 4
    }
}

impl Constraint {
    fn read(reader: &mut Reader<'_>) -> Result<Constraint, Stop> {
        match reader.word()? {
            0 => Ok(Constraint::None),
            1 => {
                let range = reader.pointed(|reader| {
                    Ok(Constraint::Range { least: reader.int()?, most: reader.int()?, step: reader.int()? })
                })?;
                Ok(range.unwrap_or(Constraint::None))
            }
            2 => {
                let words = reader.words("words to choose from")?;
                let Some((&said, words)) = words.split_first() else {
                    return Ok(Constraint::Words(Vec::new()));
                };
                let (said, held) = (said.cast_unsigned(), u32::try_from(words.len()).unwrap_or(u32::MAX));
                if said != held {
                    return Err(WireError::WordList { said, held }.into());
                }
                Ok(Constraint::Words(words.to_vec()))
            }
            3 => {
                let count = reader.count("strings to choose from", MOST_ELEMENTS)?;
                let mut texts = Vec::new();
                for _ in 0..count {
                    // The last is none, and ends the list where lists have no length.
                    texts.extend(reader.text()?);
                }
                Ok(Constraint::Texts(texts))
            }
            value => Err(WireError::Unknown { what: "constraint", value }.into()),
        }
    }
}

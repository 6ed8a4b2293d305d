//! Replies.
use super::descriptor::Descriptor;
use super::reader::{Decoded, Reader, Stop, Text, WireError};
use super::status::SaneStatus;
use super::value::Value;
use super::{MOST_DEVICES, MOST_OPTIONS};

/// What a request is answered by.
pub trait Reply: Sized {
    /// Reads it from the front.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Stop>;
}

/// Reads one reply from the front of what came; bytes behind it are not looked at.
///
/// # Errors
/// See [`WireError`].
pub fn decode<R: Reply>(bytes: &[u8]) -> Result<Decoded<R>, WireError> {
    let mut reader = Reader::new(bytes);
    match R::read(&mut reader) {
        Ok(reply) => Ok(Decoded::Whole(reply, reader.at())),
        Err(Stop::More(count)) => Ok(Decoded::More(count)),
        Err(Stop::Bad(error)) => Err(error),
    }
}

/// Major, minor and build of a protocol, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(pub u32);

impl Version {
    /// What is spoken here: 1.0, network protocol 3.
    pub const OURS: Version = Version(0x0100_0003);

    /// Whether it is spoken here. The minor number is the daemon's own: saned 1.2.1 says 1.1.
    pub fn fits(self) -> bool {
        self.0 & 0xFF00_FFFF == Version::OURS.0
    }
}

/// To INIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InitReply {
    /// Whether the service serves us.
    pub status: SaneStatus,
    /// What it speaks.
    pub version: Version,
}

impl Reply for InitReply {
    fn read(reader: &mut Reader<'_>) -> Result<InitReply, Stop> {
        Ok(InitReply { status: reader.word()?.into(), version: Version(reader.word()?) })
    }
}

/// A device of the list. All but its name may be missing or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// By which it is opened.
    pub name: Option<Text>,
    /// Who made it.
    pub vendor: Option<Text>,
    /// The model.
    pub model: Option<Text>,
    /// What it is: `flatbed scanner`.
    pub kind: Option<Text>,
}

/// To GET_DEVICES.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicesReply {
    /// Whether there is a list.
    pub status: SaneStatus,
    /// The list; what opens by its name may not be in it.
    pub devices: Vec<Device>,
}

impl Reply for DevicesReply {
    fn read(reader: &mut Reader<'_>) -> Result<DevicesReply, Stop> {
        let status = reader.word()?.into();
        // One more, as the last is a null pointer.
        let count = reader.count("devices", MOST_DEVICES + 1)?;
        let mut devices = Vec::new();
        for _ in 0..count {
            devices.extend(reader.pointed(|reader| {
                Ok(Device {
                    name: reader.text()?,
                    vendor: reader.text()?,
                    model: reader.text()?,
                    kind: reader.text()?,
                })
            })?);
        }
        Ok(DevicesReply { status, devices })
    }
}

/// To OPEN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReply {
    /// Whether it is open.
    pub status: SaneStatus,
    /// By which it is used from now.
    pub handle: u32,
    /// What a password is wanted for; it comes in place of the answer.
    pub resource: Option<Text>,
}

impl Reply for OpenReply {
    fn read(reader: &mut Reader<'_>) -> Result<OpenReply, Stop> {
        Ok(OpenReply { status: reader.word()?.into(), handle: reader.word()?, resource: reader.text()? })
    }
}

/// To CLOSE and CANCEL: a word without a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack;

impl Reply for Ack {
    fn read(reader: &mut Reader<'_>) -> Result<Ack, Stop> {
        reader.word().map(|_| Ack)
    }
}

/// To GET_OPTION_DESCRIPTORS. The place in the list is the number of the option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descriptors(pub Vec<Option<Descriptor>>);

impl Reply for Descriptors {
    fn read(reader: &mut Reader<'_>) -> Result<Descriptors, Stop> {
        let count = reader.count("options", MOST_OPTIONS)?;
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(reader.pointed(Descriptor::read)?);
        }
        Ok(Descriptors(list))
    }
}

/// What a setting led to, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Info(pub u32);

impl Info {
    /// Another value than the one that was asked for was set.
    pub fn inexact(self) -> bool {
        self.0 & 1 != 0
    }

    /// The descriptors are to be read again. Until then some drivers refuse every setting.
    pub fn reload_options(self) -> bool {
        self.0 & 2 != 0
    }
}

/// To CONTROL_OPTION.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlReply {
    /// Whether it was done.
    pub status: SaneStatus,
    /// What it led to.
    pub info: Info,
    /// The value, as it is now.
    pub value: Value,
    /// What a password is wanted for; it comes in place of the answer.
    pub resource: Option<Text>,
}

impl Reply for ControlReply {
    fn read(reader: &mut Reader<'_>) -> Result<ControlReply, Stop> {
        Ok(ControlReply {
            status: reader.word()?.into(),
            info: Info(reader.word()?),
            value: Value::read(reader)?,
            resource: reader.text()?,
        })
    }
}

/// What an image is; true once it was started, an estimate before. As it came: what is possible is judged where the
/// image is put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// 0 grey, 1 RGB, 2 to 4 red, green or blue alone.
    pub format: u32,
    /// No other frame of this page follows.
    pub last_frame: bool,
    /// Bytes of a row as it is sent.
    pub bytes_per_line: i32,
    /// Pixels of a row.
    pub pixels_per_line: i32,
    /// Rows; -1 when nobody knows yet.
    pub lines: i32,
    /// Bits of a sample.
    pub depth: i32,
}

/// To GET_PARAMETERS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParametersReply {
    /// Whether they are known.
    pub status: SaneStatus,
    /// What they are.
    pub parameters: Parameters,
}

impl Reply for ParametersReply {
    fn read(reader: &mut Reader<'_>) -> Result<ParametersReply, Stop> {
        Ok(ParametersReply {
            status: reader.word()?.into(),
            parameters: Parameters {
                format: reader.word()?,
                last_frame: reader.word()? != 0,
                bytes_per_line: reader.int()?,
                pixels_per_line: reader.int()?,
                lines: reader.int()?,
                depth: reader.int()?,
            },
        })
    }
}

/// Which byte of a sample of 16 bits comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The low one.
    Little,
    /// The high one.
    Big,
}

/// To START.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartReply {
    /// Whether an image comes.
    pub status: SaneStatus,
    /// Where it is to be fetched; means nothing unless the status is good.
    pub port: u32,
    /// The order of the bytes in samples of 16 bits; none when the word is neither of the two.
    pub order: Option<ByteOrder>,
    /// What a password is wanted for; it comes in place of the answer.
    pub resource: Option<Text>,
}

impl Reply for StartReply {
    fn read(reader: &mut Reader<'_>) -> Result<StartReply, Stop> {
        Ok(StartReply {
            status: reader.word()?.into(),
            port: reader.word()?,
            order: match reader.word()? {
                0x1234 => Some(ByteOrder::Little),
                0x4321 => Some(ByteOrder::Big),
                _ => None,
            },
            resource: reader.text()?,
        })
    }
}

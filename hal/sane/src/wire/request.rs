//! Requests.
use super::reader::Text;
use super::reply::Version;
use super::value::{Kind, Value};

/// A request; what it is answered by stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// The first on a connection. [`InitReply`](super::InitReply).
    Init {
        /// Who asks; saned writes it into its log.
        user: &'a Text,
    },
    /// [`DevicesReply`](super::DevicesReply).
    Devices,
    /// [`OpenReply`](super::OpenReply).
    Open {
        /// The device; the first one when empty.
        name: &'a Text,
    },
    /// [`Ack`](super::Ack).
    Close {
        /// What was opened.
        handle: u32,
    },
    /// [`Descriptors`](super::Descriptors). A handle that is not open gets no answer at all.
    Descriptors {
        /// What was opened.
        handle: u32,
    },
    /// [`ControlReply`](super::ControlReply).
    Get {
        /// What was opened.
        handle: u32,
        /// Number of the option.
        option: u32,
        /// Its kind.
        kind: Kind,
        /// Bytes of its value.
        size: u32,
    },
    /// [`ControlReply`](super::ControlReply).
    Set {
        /// What was opened.
        handle: u32,
        /// Number of the option.
        option: u32,
        /// Its kind.
        kind: Kind,
        /// Bytes of its value; a string is padded to them.
        size: u32,
        /// The value.
        value: &'a Value,
    },
    /// Leaves the choice to the driver. [`ControlReply`](super::ControlReply).
    Automatic {
        /// What was opened.
        handle: u32,
        /// Number of the option.
        option: u32,
    },
    /// [`ParametersReply`](super::ParametersReply).
    Parameters {
        /// What was opened.
        handle: u32,
    },
    /// [`StartReply`](super::StartReply).
    Start {
        /// What was opened.
        handle: u32,
    },
    /// [`Ack`](super::Ack).
    Cancel {
        /// What was opened.
        handle: u32,
    },
    /// Not answered: the service closes the connection.
    Exit,
}

impl Request<'_> {
    /// For logs and errors.
    pub fn name(&self) -> &'static str {
        match self {
            Request::Init { .. } => "INIT",
            Request::Devices => "GET_DEVICES",
            Request::Open { .. } => "OPEN",
            Request::Close { .. } => "CLOSE",
            Request::Descriptors { .. } => "GET_OPTION_DESCRIPTORS",
            Request::Get { .. } | Request::Set { .. } | Request::Automatic { .. } => "CONTROL_OPTION",
            Request::Parameters { .. } => "GET_PARAMETERS",
            Request::Start { .. } => "START",
            Request::Cancel { .. } => "CANCEL",
            Request::Exit => "EXIT",
        }
    }

    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        match self {
            Request::Init { user } => {
                writer.words(&[0, Version::OURS.0]);
                writer.text(user);
            }
            Request::Devices => writer.words(&[1]),
            Request::Open { name } => {
                writer.words(&[2]);
                writer.text(name);
            }
            Request::Close { handle } => writer.words(&[3, *handle]),
            Request::Descriptors { handle } => writer.words(&[4, *handle]),
            Request::Get { handle, option, kind, size } => {
                writer.words(&[5, *handle, *option, 0, kind.word(), *size]);
                // What is read is written over these.
                writer.value(*kind, *size, &Value::Nothing);
            }
            Request::Set { handle, option, kind, size, value } => {
                writer.words(&[5, *handle, *option, 1, kind.word(), *size]);
                writer.value(*kind, *size, value);
            }
            // Version 3 has nothing behind the action.
            Request::Automatic { handle, option } => writer.words(&[5, *handle, *option, 2]),
            Request::Parameters { handle } => writer.words(&[6, *handle]),
            Request::Start { handle } => writer.words(&[7, *handle]),
            Request::Cancel { handle } => writer.words(&[8, *handle]),
            Request::Exit => writer.words(&[10]),
        }
        writer.0
    }
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn words(&mut self, words: &[u32]) {
        self.0.extend(words.iter().flat_map(|word| word.to_be_bytes()));
    }

    fn length(&mut self, length: usize) {
        self.words(&[u32::try_from(length).unwrap_or(u32::MAX)]);
    }

    fn text(&mut self, text: &Text) {
        self.length(text.bytes().len() + 1);
        self.0.extend_from_slice(text.bytes());
        self.0.push(0);
    }

    /// An array that fills `size` bytes, with zeros behind what the value holds.
    fn value(&mut self, kind: Kind, size: u32, value: &Value) {
        let size = size as usize;
        match kind {
            Kind::Bool | Kind::Int | Kind::Fixed => {
                let words = match value {
                    Value::Words(words) => words.as_slice(),
                    _ => &[],
                };
                self.length(size / 4);
                let all = words.iter().copied().chain(std::iter::repeat(0));
                self.0.extend(all.take(size / 4).flat_map(i32::to_be_bytes));
            }
            Kind::Text => {
                let text = match value {
                    Value::Text(text) => text.bytes(),
                    _ => &[],
                };
                self.length(size);
                // The driver reads a string: its last byte stays NUL.
                let all = text.iter().copied().take(size.saturating_sub(1)).chain(std::iter::repeat(0));
                self.0.extend(all.take(size));
            }
            Kind::Button | Kind::Group => self.length(0),
        }
    }
}

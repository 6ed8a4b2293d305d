//! Requests, as they come.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::fault::Call;
use super::writer::nonsense;

/// No string or value of a client is longer.
const LONGEST: u32 = 1 << 16;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Init {
        version: u32,
    },
    Devices,
    Open {
        name: String,
    },
    Close {
        handle: u32,
    },
    Descriptors {
        handle: u32,
    },
    /// Action 0 reads, 1 sets, 2 leaves it to the driver, and has no value.
    Control {
        handle: u32,
        option: u32,
        action: u32,
        kind: u32,
        size: u32,
        value: Vec<u8>,
    },
    Parameters {
        handle: u32,
    },
    Start {
        handle: u32,
    },
    Cancel {
        handle: u32,
    },
    Exit,
}

impl Request {
    pub(super) fn call(&self) -> Option<Call> {
        Some(match self {
            Self::Init { .. } => Call::Init,
            Self::Devices => Call::Devices,
            Self::Open { .. } => Call::Open,
            Self::Close { .. } => Call::Close,
            Self::Descriptors { .. } => Call::Descriptors,
            Self::Control { .. } => Call::Control,
            Self::Parameters { .. } => Call::Parameters,
            Self::Start { .. } => Call::Start,
            Self::Cancel { .. } => Call::Cancel,
            Self::Exit => return None,
        })
    }

    /// Reads one; none at an end between two.
    pub(super) async fn read<R: AsyncRead + Unpin>(stream: &mut R) -> io::Result<Option<Self>> {
        let code = match stream.read_u32().await {
            Ok(code) => code,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(match code {
            0 => {
                let version = stream.read_u32().await?;
                text(stream).await?;
                Self::Init { version }
            }
            1 => Self::Devices,
            2 => Self::Open { name: text(stream).await?.ok_or_else(|| nonsense("a device without a name"))? },
            3 => Self::Close { handle: stream.read_u32().await? },
            4 => Self::Descriptors { handle: stream.read_u32().await? },
            5 => {
                let (handle, option) = (stream.read_u32().await?, stream.read_u32().await?);
                let action = stream.read_u32().await?;
                if action == 2 {
                    return Ok(Some(Self::Control {
                        handle,
                        option,
                        action,
                        kind: 4,
                        size: 0,
                        value: Vec::new(),
                    }));
                }
                let (kind, size) = (stream.read_u32().await?, stream.read_u32().await?);
                let count = stream.read_u32().await?;
                let bytes = match kind {
                    0..=2 => count.saturating_mul(4),
                    3 => count,
                    4 | 5 => 0,
                    _ => return Err(nonsense(format!("a value of type {kind}"))),
                };
                if bytes > LONGEST || (bytes != size && kind < 4) {
                    return Err(nonsense(format!("a value of {size} bytes with {count} elements")));
                }
                let mut value = vec![0; bytes as usize];
                stream.read_exact(&mut value).await?;
                Self::Control { handle, option, action, kind, size, value }
            }
            6 => Self::Parameters { handle: stream.read_u32().await? },
            7 => Self::Start { handle: stream.read_u32().await? },
            8 => Self::Cancel { handle: stream.read_u32().await? },
            10 => Self::Exit,
            code => return Err(nonsense(format!("request {code}"))),
        }))
    }
}

async fn text<R: AsyncRead + Unpin>(stream: &mut R) -> io::Result<Option<String>> {
    let length = stream.read_u32().await?;
    if length > LONGEST {
        return Err(nonsense(format!("a string of {length} bytes")));
    }
    let mut bytes = vec![0; length as usize];
    stream.read_exact(&mut bytes).await?;
    match bytes.split_last() {
        None => Ok(None),
        Some((0, text)) => Ok(Some(String::from_utf8_lossy(text).into_owned())),
        Some(_) => Err(nonsense("a string without an end")),
    }
}

//! Frames: bytes in, bytes out (ccTalk generic specification part 1; sections 5 and 8).
//!
//! No clock and no line in here. A receiver learns of silence as an argument: after [`GAP`] without a byte a
//! partial frame is dropped, and that is the only way to find the start of the next one. A jammed or unplugged
//! line shows as a partial frame or as nothing; neither is an error of this module.
use std::time::Duration;

use crate::api::Checksum;

/// The address of the host.
pub const HOST: u8 = 1;
/// A receiver drops a partial frame after this much silence (part 1, section 11.1).
pub const GAP: Duration = Duration::from_millis(50);
/// Bytes around the data: destination, length, source or checksum, header, checksum.
pub const OVERHEAD: usize = 5;
/// The longest frame.
pub const MAX_FRAME: usize = 255 + OVERHEAD;

/// The data of a frame.
pub type Data = heapless::Vec<u8, 255>;
/// The bytes of a frame.
pub type FrameBytes = heapless::Vec<u8, MAX_FRAME>;

/// One frame, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Who is to read it.
    pub destination: u8,
    /// Who sent it; a CRC frame does not tell, its place holds half of the checksum.
    pub source: Option<u8>,
    /// The command; 0, 5 or 6 in a reply.
    pub header: u8,
    /// 0 to 255 bytes.
    pub data: Data,
}

/// A whole frame whose checksum is wrong, or that cannot be ours. The line is to fall silent before the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Noise, or a device set to the other checksum.
    #[error("a frame came with a wrong checksum: noise, or the device is set to the other checksum")]
    Checksum,
    /// The first bytes back are not the bytes sent: collision or short circuit.
    #[error("what came back on the line differs from what was sent: collision or short circuit")]
    Echo,
    /// More bytes than any frame has.
    #[error("more bytes came than a frame can have")]
    Overrun,
}

/// CRC-16 CCITT: polynomial 0x1021, start 0, not reflected, no final xor.
pub fn crc16(bytes: impl IntoIterator<Item = u8>) -> u16 {
    bytes.into_iter().fold(0u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

/// The bytes of a frame. A frame without a source is taken to come from the host.
pub fn encode(frame: &Frame, checksum: Checksum) -> FrameBytes {
    let mut bytes = FrameBytes::new();
    // The capacity is that of the longest frame, so no push can fail.
    let length = u8::try_from(frame.data.len()).unwrap_or(u8::MAX);
    let (third, last) = match checksum {
        Checksum::Simple => {
            let source = frame.source.unwrap_or(HOST);
            let sum = [frame.destination, length, source, frame.header]
                .iter()
                .chain(frame.data.iter())
                .fold(0u8, |sum, byte| sum.wrapping_add(*byte));
            (source, sum.wrapping_neg())
        }
        Checksum::Crc16 => {
            let head = [frame.destination, length, frame.header];
            let [low, high] = crc16(head.into_iter().chain(frame.data.iter().copied())).to_le_bytes();
            (low, high)
        }
    };
    let _ = bytes.extend_from_slice(&[frame.destination, length, third, frame.header]);
    let _ = bytes.extend_from_slice(&frame.data);
    let _ = bytes.push(last);
    bytes
}

/// The first frame in `bytes` and how many bytes it took; `None` while bytes are missing.
pub fn decode(bytes: &[u8], checksum: Checksum) -> Result<Option<(Frame, usize)>, FrameError> {
    let &[destination, length, third, header, ref rest @ ..] = bytes else { return Ok(None) };
    let Some((data, &[last, ..])) = rest.split_at_checked(usize::from(length)) else { return Ok(None) };
    let used = data.len() + OVERHEAD;
    let whole = bytes.get(..used).unwrap_or_default();
    let (right, source) = match checksum {
        Checksum::Simple => (whole.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) == 0, Some(third)),
        Checksum::Crc16 => {
            let head = [destination, length, header];
            let crc = crc16(head.into_iter().chain(data.iter().copied()));
            (crc == u16::from_le_bytes([third, last]), None)
        }
    };
    if !right {
        return Err(FrameError::Checksum);
    }
    let data = Data::from_slice(data).map_err(|_| FrameError::Overrun)?;
    Ok(Some((Frame { destination, source, header, data }, used)))
}

/// What of the local echo is known while a reply is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EchoMode {
    /// The sent bytes come first.
    Expected,
    /// They do not.
    Absent,
    /// Not known yet: the first whole message tells.
    Unknown,
}

/// Collects one reply behind the echo of one request.
#[derive(Debug)]
pub struct Assembler {
    sent: FrameBytes,
    echo: EchoMode,
    /// The whole echo has come.
    echoed: bool,
    checksum: Checksum,
    received: heapless::Vec<u8, { 2 * MAX_FRAME }>,
}

impl Assembler {
    /// Ready for the reply to `sent`.
    pub fn new(sent: FrameBytes, echo: EchoMode, checksum: Checksum) -> Assembler {
        Assembler { sent, echo, echoed: false, checksum, received: heapless::Vec::new() }
    }

    /// True while a frame has begun and not ended: the next byte must come within [`GAP`].
    pub fn partial(&self) -> bool {
        !self.received.is_empty()
    }

    /// Whether an echo has been seen; `None` while nothing tells.
    pub fn echo_seen(&self) -> Option<bool> {
        match (self.echoed, self.echo) {
            (true, _) | (_, EchoMode::Expected) => Some(true),
            (false, EchoMode::Absent) => Some(false),
            (false, EchoMode::Unknown) => None,
        }
    }

    /// Takes bytes that came after `silence` without one. A whole reply is returned; `None` asks for more.
    pub fn push(&mut self, bytes: &[u8], silence: Duration) -> Result<Option<Frame>, FrameError> {
        if silence >= GAP {
            self.received.clear();
        }
        self.received.extend_from_slice(bytes).map_err(|_| FrameError::Overrun)?;
        if !self.echoed && self.echo != EchoMode::Absent && !self.take_echo()? {
            return Ok(None);
        }
        match decode(&self.received, self.checksum)? {
            None => Ok(None),
            // A stray byte behind a frame means that the frame was not what it looked like.
            Some((_, used)) if used < self.received.len() => Err(FrameError::Overrun),
            Some((frame, _)) => {
                self.received.clear();
                Ok(Some(frame))
            }
        }
    }

    /// Removes the echo from the front. `Ok(false)`: more bytes are needed to tell.
    fn take_echo(&mut self) -> Result<bool, FrameError> {
        let have = self.received.len().min(self.sent.len());
        let same = self.received.get(..have) == self.sent.get(..have);
        if same && have == self.sent.len() {
            let rest: heapless::Vec<u8, { 2 * MAX_FRAME }> =
                self.received.iter().skip(have).copied().collect();
            self.received = rest;
            self.echoed = true;
            return Ok(true);
        }
        if same {
            return Ok(false);
        }
        match self.echo {
            EchoMode::Expected => Err(FrameError::Echo),
            // Requests go to addresses above 1 and replies to 1: the first byte tells them apart.
            EchoMode::Unknown if self.received.first() == Some(&HOST) => {
                self.echo = EchoMode::Absent;
                Ok(true)
            }
            EchoMode::Unknown => Err(FrameError::Echo),
            EchoMode::Absent => Ok(true),
        }
    }
}

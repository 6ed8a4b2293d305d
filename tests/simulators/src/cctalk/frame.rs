//! ccTalk frames as a device reads and writes them (reference 1.1).

use serde::{Deserialize, Serialize};

/// The master's address on the bus.
pub const HOST: u8 = 1;
/// The reply header of ACK and of data.
pub const REPLY: u8 = 0;
pub const NAK: u8 = 5;

/// Which of the two frame checks a device is set to; it cannot be negotiated on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// The sum of all bytes is 0 modulo 256.
    Simple,
    /// CRC-16 in place of the source and of the checksum; the answer goes to address 1.
    Crc16,
}

/// A frame whose check was right for the device it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub destination: u8,
    /// The address to answer to.
    pub source: u8,
    pub header: u8,
    pub data: Vec<u8>,
}

/// CRC-16 with polynomial 0x1021 from 0, most significant bit first, no final inversion.
#[must_use]
pub fn crc16(bytes: impl IntoIterator<Item = u8>) -> u16 {
    bytes.into_iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

/// The whole length of the frame that begins with these bytes, once its length byte is there.
#[must_use]
pub fn length(start: &[u8]) -> Option<usize> {
    start.get(1).map(|data| usize::from(*data) + 5)
}

/// Reads one whole frame; `None` when the check is wrong for this kind.
#[must_use]
pub fn decode(checksum: Checksum, bytes: &[u8]) -> Option<Frame> {
    if length(bytes)? != bytes.len() {
        return None;
    }
    let [destination, count, third, header, rest @ ..] = bytes else { return None };
    let (last, data) = rest.split_last()?;
    let source = match checksum {
        Checksum::Simple => {
            let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
            (sum == 0).then_some(*third)?
        }
        Checksum::Crc16 => {
            let head = [*destination, *count, *header];
            let crc = crc16(head.iter().chain(data).copied());
            (crc.to_le_bytes() == [*third, *last]).then_some(HOST)?
        }
    };
    Some(Frame { destination: *destination, source, header: *header, data: data.to_vec() })
}

/// Writes a frame from `source` to `destination`; data beyond 255 bytes is cut off.
#[must_use]
pub fn encode(checksum: Checksum, destination: u8, source: u8, header: u8, data: &[u8]) -> Vec<u8> {
    let count = u8::try_from(data.len()).unwrap_or(u8::MAX);
    let data = data.get(..usize::from(count)).unwrap_or(data);
    let mut frame = vec![destination, count, source, header];
    frame.extend_from_slice(data);
    match checksum {
        Checksum::Simple => {
            let sum = frame.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
            frame.push(sum.wrapping_neg());
        }
        Checksum::Crc16 => {
            let head = [destination, count, header];
            let [low, high] = crc16(head.iter().chain(data).copied()).to_le_bytes();
            if let Some(third) = frame.get_mut(2) {
                *third = low;
            }
            frame.push(high);
        }
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_gives_the_values_of_the_document() {
        let vectors: [(&[u8], u16); 6] = [
            (&[0x49, 0xD5, 0xF2], 0xA6B3),
            (&[0x2F, 0xBD, 0x9D], 0x90B2),
            (&[0xD9, 0x53, 0xD1], 0x7BB5),
            (&[0x70, 0xB8, 0xD9, 0x64, 0x04, 0x15], 0xFB00),
            (&[0x72, 0x61, 0xB9, 0x4E, 0xD0, 0x78], 0x93E3),
            (&[0x63, 0xFA, 0xD1, 0x9F, 0xE6, 0x19], 0x5BB3),
        ];
        for (bytes, crc) in vectors {
            assert_eq!(crc16(bytes.iter().copied()), crc, "{bytes:02X?}");
        }
    }

    #[test]
    fn the_frames_of_the_document_are_written_and_read() {
        assert_eq!(encode(Checksum::Crc16, 40, 1, 1, &[]), [40, 0, 70, 1, 63]);
        assert_eq!(encode(Checksum::Crc16, 1, 40, 0, &[]), [1, 0, 48, 0, 55]);
        assert_eq!(encode(Checksum::Crc16, 40, 1, 254, &[]), [40, 0, 182, 254, 33]);
        assert_eq!(encode(Checksum::Simple, 2, 1, 245, &[]), [2, 0, 1, 245, 8]);
        assert_eq!(encode(Checksum::Simple, 2, 1, 231, &[255, 255]), [2, 2, 1, 231, 255, 255, 22]);
        assert_eq!(encode(Checksum::Simple, 1, 2, 0, &[]), [1, 0, 2, 0, 253]);
        assert_eq!(encode(Checksum::Simple, 40, 1, 159, &[]), [40, 0, 1, 159, 56]);
        assert_eq!(encode(Checksum::Simple, 40, 1, 154, &[1]), [40, 1, 1, 154, 1, 59]);
        let read = decode(Checksum::Simple, &[40, 1, 1, 154, 1, 59]).unwrap();
        assert_eq!((read.destination, read.source, read.header, read.data), (40, 1, 154, vec![1]));
        assert_eq!(decode(Checksum::Crc16, &[40, 1, 1, 154, 1, 59]), None);
        assert_eq!(decode(Checksum::Simple, &[40, 0, 182, 254, 33]), None);
    }
}

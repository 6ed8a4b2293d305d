//! Frames as a device sees them, written apart from the crate under test: CRC by bits of the message polynomial.
use hal_cctalk::Checksum;

pub fn crc(bytes: &[u8]) -> u16 {
    let mut register: u32 = 0;
    for bit in bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| (byte >> n) & 1)).chain([0; 16]) {
        register = (register << 1) | u32::from(bit);
        if register & 0x1_0000 != 0 {
            register ^= 0x1_1021;
        }
    }
    register as u16
}

pub fn is_right(frame: &[u8], checksum: Checksum) -> bool {
    match checksum {
        Checksum::Simple => frame.iter().map(|b| u32::from(*b)).sum::<u32>() % 256 == 0,
        Checksum::Crc16 => {
            let mut over = vec![frame[0], frame[1], frame[3]];
            over.extend_from_slice(&frame[4..frame.len() - 1]);
            crc(&over) == u16::from(frame[2]) | (u16::from(frame[frame.len() - 1]) << 8)
        }
    }
}

pub fn reply(address: u8, header: u8, data: &[u8], checksum: Checksum) -> Vec<u8> {
    let length = u8::try_from(data.len()).unwrap();
    match checksum {
        Checksum::Simple => {
            let mut frame = vec![1, length, address, header];
            frame.extend_from_slice(data);
            let sum: u32 = frame.iter().map(|b| u32::from(*b)).sum();
            frame.push(((256 - sum % 256) % 256) as u8);
            frame
        }
        Checksum::Crc16 => {
            let mut over = vec![1, length, header];
            over.extend_from_slice(data);
            let crc = crc(&over);
            let mut frame = vec![1, length, crc as u8, header];
            frame.extend_from_slice(data);
            frame.push((crc >> 8) as u8);
            frame
        }
    }
}

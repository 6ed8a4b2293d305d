//! A small terminal of our own for the channel of CWA-14890, written from the reference (1.3, 1.4), to try the cards.
//!
//! It shares nothing with the cards but the standard's text: its arithmetic is done with other people's crates.

// Each test file uses its part.
#![allow(dead_code)]

use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use num_bigint::BigUint;
use sha1::{Digest, Sha1};
use simulators::smartcard::{Reply, VirtualCard, terminal_parameters};
use toml::Value;

/// Data and status word.
pub type Answer = (Vec<u8>, u16);

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn send(card: &VirtualCard, command: &[u8]) -> Answer {
    let Reply::Answer { bytes, .. } = card.transmit(command) else { panic!("no answer to {command:02X?}") };
    let (data, sw) = bytes.split_at(bytes.len() - 2);
    (data.to_vec(), u16::from_be_bytes([sw[0], sw[1]]))
}

/// Sends a plain command and fetches what waits.
pub fn plain(card: &VirtualCard, command: &[u8]) -> Answer {
    let (mut data, mut sw) = send(card, command);
    if sw >> 8 == 0x6C {
        let again = [&command[..command.len() - 1], &[sw as u8]].concat();
        (data, sw) = send(card, &again);
    }
    while sw >> 8 == 0x61 {
        let (more, next) = send(card, &[0, 0xC0, 0, 0, sw as u8]);
        data.extend(more);
        sw = next;
    }
    (data, sw)
}

pub fn with_data(header: [u8; 4], data: &[u8]) -> Vec<u8> {
    [header.as_slice(), &[data.len() as u8], data].concat()
}

pub fn select(card: &VirtualCard, path: &[u16]) -> u16 {
    let mut sw = plain(card, &with_data([0, 0xA4, 4, 0], b"Master.File")).1;
    for id in path {
        sw = plain(card, &with_data([0, 0xA4, 0, 0], &id.to_be_bytes())).1;
    }
    sw
}

/// Reads the whole file outside a channel.
pub fn read(card: &VirtualCard, path: &[u16]) -> Answer {
    if select(card, path) != 0x9000 {
        return (Vec::new(), select(card, path));
    }
    let mut out = Vec::new();
    loop {
        let offset = (out.len() as u16).to_be_bytes();
        match plain(card, &[0, 0xB0, offset[0], offset[1], 0xFF]) {
            (data, 0x9000) => out.extend(data),
            (_, 0x6B00) => return (out, 0x9000),
            (_, sw) => return (out, sw),
        }
    }
}

pub struct Set(Value);

impl Set {
    pub fn number(number: usize) -> Self {
        let all: Value = toml::from_str(&terminal_parameters()).unwrap();
        Self(all["set"][number].clone())
    }

    pub fn bytes(&self, path: &[&str]) -> Vec<u8> {
        unhex(path.iter().fold(&self.0, |value, key| &value[*key]).as_str().unwrap())
    }

    fn big(&self, path: &[&str]) -> BigUint {
        BigUint::from_bytes_be(&self.bytes(path))
    }
}

fn on_128(number: &BigUint) -> Vec<u8> {
    let digits = number.to_bytes_be();
    [vec![0; 128 - digits.len()], digits].concat()
}

fn sha1(parts: &[&[u8]]) -> Vec<u8> {
    Sha1::digest(parts.concat()).to_vec()
}

/// Modulus and exponent of a certificate with an RSA-1024 key: behind the OID of rsaEncryption.
fn key_of(certificate: &[u8]) -> (BigUint, BigUint) {
    let oid = unhex("2A864886F70D010101");
    let at = certificate.windows(oid.len()).position(|window| window == oid).unwrap();
    // NULL, BIT STRING 81 8D 00, SEQUENCE 81 89, INTEGER 81 81 00, 128 bytes, INTEGER 3.
    let modulus = at + oid.len() + 2 + 4 + 3 + 4;
    let e = modulus + 128 + 2;
    let number = |from: usize, length: usize| BigUint::from_bytes_be(&certificate[from..from + length]);
    (number(modulus, 128), number(e, 3))
}

/// An open channel.
pub struct Channel {
    card: VirtualCard,
    enc: Vec<u8>,
    mac: Vec<u8>,
    pub ssc: u64,
    mac_length: usize,
}

/// The commands up to the certificate of the terminal.
pub fn show_certificates(card: &VirtualCard, set: &Set, channel: &str) -> u16 {
    let mut reference = vec![0x83, 12, 0, 0, 0, 0];
    reference.extend(set.bytes(&[channel, "serial"]));
    reference.extend([0x84, 2, 2, 0x1F]);
    let ca = [&[0x83, 8], set.bytes(&["ca_reference"]).as_slice()].concat();
    for (header, data) in [
        ([0, 0x22, 0x81, 0xB6], vec![0x83, 2, 2, 0x0F]),
        ([0, 0x2A, 0, 0xAE], set.bytes(&["ca_certificate"])),
        ([0, 0x22, 0x81, 0xB6], ca),
        ([0, 0x2A, 0, 0xAE], set.bytes(&[channel, "certificate"])),
        ([0, 0x22, 0xC1, 0xA4], reference),
    ] {
        let (_, sw) = plain(card, &with_data(header, &data));
        if sw != 0x9000 {
            return sw;
        }
    }
    0x9000
}

/// Opens a channel as `user` or `pin`; the status word of the step that failed otherwise.
pub fn open(card: &VirtualCard, set: &Set, channel: &str) -> Result<Channel, u16> {
    let (certificate, _) = read(card, &[0x601F]);
    let (n_icc, e_icc) = key_of(&certificate);
    let (serial, _) = plain(card, &[0x90, 0xB8, 0, 0, 7]);
    let sn_icc = [&[0], serial.as_slice()].concat();
    let sw = show_certificates(card, set, channel);
    if sw != 0x9000 {
        return Err(sw);
    }
    let (n, d) = (set.big(&[channel, "modulus"]), set.big(&[channel, "private_exponent"]));
    let (rnd_ifd, sn_ifd) = ([0x5A; 8], set.bytes(&[channel, "serial"]));
    let question = [rnd_ifd.as_slice(), &sn_ifd].concat();
    let (sealed, sw) = plain(card, &[with_data([0, 0x88, 0, 0], &question), vec![0x80]].concat());
    if sw != 0x9000 {
        return Err(sw);
    }
    let sigmin = BigUint::from_bytes_be(&sealed).modpow(&d, &n);
    let good = |block: &Vec<u8>| {
        block[0] == 0x6A
            && block[127] == 0xBC
            && sha1(&[&block[1..75], &block[75..107], &rnd_ifd, &sn_ifd]) == block[107..127]
    };
    let recovered = sigmin.modpow(&e_icc, &n_icc);
    let block = [on_128(&recovered), on_128(&(&n_icc - recovered))].into_iter().find(good).ok_or(0_u16)?;
    let k_icc = &block[75..107];

    let (rnd_icc, _) = plain(card, &[0, 0x84, 0, 0, 8]);
    let e = BigUint::from(65_537_u32);
    let (k_ifd, proof) = (0..=255_u8)
        .find_map(|seed| {
            let (filling, k_ifd) = ([seed; 74], [seed ^ 0x33; 32]);
            let hash = sha1(&[&filling, &k_ifd, &rnd_icc, &sn_icc]);
            let block = [&[0x6A], filling.as_slice(), &k_ifd, &hash, &[0xBC]].concat();
            let signature = BigUint::from_bytes_be(&block).modpow(&d, &n);
            let smaller = (&n - &signature).min(signature);
            (smaller < n_icc).then(|| (k_ifd, on_128(&smaller.modpow(&e_icc, &n_icc))))
        })
        .unwrap();
    assert_eq!(e_icc, e);
    let (_, sw) = plain(card, &with_data([0, 0x82, 0, 0], &proof));
    if sw != 0x9000 {
        return Err(sw);
    }
    let secret: Vec<u8> = k_icc.iter().zip(k_ifd).map(|(a, b)| a ^ b).collect();
    let key = |last: u8| sha1(&[&secret, &[0, 0, 0, last]])[..16].to_vec();
    let ssc = [&rnd_icc[4..8], &rnd_ifd[4..8]].concat();
    let new = card.atr().unwrap()[15] >= 4;
    Ok(Channel {
        card: card.clone(),
        enc: key(1),
        mac: key(2),
        ssc: u64::from_be_bytes(ssc.try_into().unwrap()),
        mac_length: if new { 8 } else { 4 },
    })
}

fn padded(data: &[u8]) -> Vec<u8> {
    let mut out = [data, &[0x80]].concat();
    out.resize(out.len().div_ceil(8) * 8, 0);
    out
}

fn object(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let header = match length {
        0..=127 => vec![tag, length as u8],
        128..=255 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [header, content.to_vec()].concat()
}

impl Channel {
    fn checksum(&self, data: &[u8]) -> Vec<u8> {
        let k1 = Des::new_from_slice(&self.mac[..8]).unwrap();
        let k2 = Des::new_from_slice(&self.mac[8..]).unwrap();
        let mut state = [0_u8; 8];
        for block in [self.ssc.to_be_bytes().as_slice(), data].concat().chunks(8) {
            state.iter_mut().zip(block).for_each(|(a, b)| *a ^= b);
            k1.encrypt_block((&mut state).into());
        }
        k2.decrypt_block((&mut state).into());
        k1.encrypt_block((&mut state).into());
        state[..self.mac_length].to_vec()
    }

    fn cbc(&self, data: &[u8], encrypt: bool) -> Vec<u8> {
        let cipher = TdesEde2::new_from_slice(&self.enc).unwrap();
        let (mut out, mut last) = (Vec::new(), [0_u8; 8]);
        for block in data.chunks(8) {
            let mut state: [u8; 8] = block.try_into().unwrap();
            if encrypt {
                state.iter_mut().zip(last).for_each(|(a, b)| *a ^= b);
                cipher.encrypt_block((&mut state).into());
                last = state;
            } else {
                cipher.decrypt_block((&mut state).into());
                state.iter_mut().zip(last).for_each(|(a, b)| *a ^= b);
                last = block.try_into().unwrap();
            }
            out.extend(state);
        }
        out
    }

    /// The wrapped command; counts it.
    pub fn wrap(&mut self, header: [u8; 4], data: &[u8], le: Option<u8>) -> Vec<u8> {
        self.ssc += 1;
        let header = [header[0] | 0x0C, header[1], header[2], header[3]];
        let mut objects = Vec::new();
        if !data.is_empty() {
            objects.extend(object(0x87, &[&[1], self.cbc(&padded(data), true).as_slice()].concat()));
        }
        if let Some(le) = le {
            objects.extend(object(0x97, &[le]));
        }
        let mut guarded = padded(&header);
        if !objects.is_empty() {
            guarded.extend(padded(&objects));
        }
        objects.extend(object(0x8E, &self.checksum(&guarded)));
        with_data(header, &objects)
    }

    /// The answer inside; `Err` with what came instead of one.
    pub fn unwrap(&mut self, (body, outside): Answer) -> Result<Answer, Answer> {
        self.ssc += 1;
        let mut rest = body.as_slice();
        let (mut data, mut sw, mut guarded) = (Vec::new(), outside, Vec::new());
        while let [tag, length, behind @ ..] = rest {
            let (length, behind) = match length {
                0x81 => (usize::from(behind[0]), &behind[1..]),
                0x82 => (usize::from(u16::from_be_bytes([behind[0], behind[1]])), &behind[2..]),
                short => (usize::from(*short), behind),
            };
            let Some((content, next)) = behind.split_at_checked(length) else { break };
            match tag {
                0x87 if content.len() % 8 == 1 => data = self.cbc(&content[1..], false),
                0x99 => sw = u16::from_be_bytes([content[0], content[1]]),
                0x8E if self.checksum(&padded(&guarded)) == content => {
                    let end = data.iter().rposition(|byte| *byte != 0);
                    match end {
                        None if data.is_empty() => {}
                        Some(end) if data[end] == 0x80 => data.truncate(end),
                        _ => break,
                    }
                    return Ok((data, sw));
                }
                _ => break,
            }
            guarded.extend(object(*tag, content));
            rest = next;
        }
        Err((body, outside))
    }

    pub fn send(&mut self, header: [u8; 4], data: &[u8], le: Option<u8>) -> Result<Answer, Answer> {
        let command = self.wrap(header, data, le);
        let answer = plain(&self.card, &command);
        self.unwrap(answer)
    }

    /// Reads a file by its path.
    pub fn read(&mut self, path: &[u16]) -> Answer {
        self.send([0, 0xA4, 4, 0], b"Master.File", None).unwrap();
        for id in path {
            let (_, sw) = self.send([0, 0xA4, 0, 0], &id.to_be_bytes(), None).unwrap();
            if sw != 0x9000 {
                return (Vec::new(), sw);
            }
        }
        let mut out = Vec::new();
        loop {
            let offset = (out.len() as u16).to_be_bytes();
            match self.send([0, 0xB0, offset[0], offset[1]], &[], Some(0xFF)).unwrap() {
                (data, 0x9000) => out.extend(data),
                (_, 0x6B00) => return (out, 0x9000),
                (_, sw) => return (out, sw),
            }
        }
    }

    pub fn verify(&mut self, pin: &str) -> u16 {
        self.send([0, 0x20, 0, 0], pin.as_bytes(), None).unwrap().1
    }

    pub fn sign(&mut self, key: u8, digest_info: &[u8]) -> Answer {
        let (_, sw) = self.send([0, 0x22, 0x41, 0xB6], &[0x84, 2, 1, key], None).unwrap();
        if sw != 0x9000 {
            return (Vec::new(), sw);
        }
        self.send([0, 0x2A, 0x9E, 0x9A], digest_info, None).unwrap()
    }
}

/// Drops the channel by a plain command: the first is refused, the second chooses the MF.
pub fn close(card: &VirtualCard) {
    let master = with_data([0, 0xA4, 4, 0], b"Master.File");
    plain(card, &master);
    assert_eq!(plain(card, &master).1, 0x9000);
}

//! Cards: answers inside the secure channel, sealed rightly and then changed.
use des::cipher::{BlockCipherEncrypt, KeyInit};
use hal_smartcard::apdu::{Command, Response, StatusWord};
use hal_smartcard::secure_messaging::{MacLength, SecureMessaging, SecureMessagingError, SessionKeys};

use super::input::Input;

const ENCRYPTION: [u8; 16] = *b"encryption key A";
const CHECKSUM: [u8; 16] = *b"checksum, key  B";
const COUNTER: u64 = 0x3A5C_0011_FFFF_FFFD;

/// The first byte: length of the checksum (bit 0), what is sealed (bits 1 and 2), commands before this one (bits 3 to
/// 5), and whether the answer that is changed is the one that was asked for (bit 6 clear) or of another turn. Then
/// status, length and content of the answer; what is left of the input changes it.
pub fn card_secure_messaging(data: &[u8]) {
    let mut input = Input::new(data);
    let first = input.byte();
    let mac = if first & 1 == 0 { MacLength::Four } else { MacLength::Eight };
    let status = input.pair();
    let length = usize::from(input.byte());
    let content = input.take(length);
    let objects = match first >> 1 & 3 {
        0 => objects(Some((0x87, &cryptogram(content))), status),
        1 => objects(Some((0x81, content)), status),
        2 => objects(None, status),
        // The card itself is hostile, and knows the keys.
        _ => content.to_vec(),
    };
    let turn = u64::from(first >> 3 & 7);
    let outside = if first & 0x80 == 0 { status } else { 0x9000 };
    let genuine = seal(&objects, COUNTER + 2 * turn + 2, mac, outside);
    let mut answer = match first & 0x40 {
        0 => genuine.clone(),
        _ => seal(&objects, COUNTER + 2 * turn + 2 - u64::from(input.byte() % 16) + 4, mac, outside),
    };
    input.change(&mut answer);
    let Ok(answer) = Response::decode(&answer) else { return };

    let mut channel =
        SecureMessaging::new(SessionKeys::new(ENCRYPTION, CHECKSUM, COUNTER.to_be_bytes()), mac);
    for before in 0..turn {
        channel.protect(&read()).expect("an open channel");
        let answer = seal(&self::objects(None, 0x9000), COUNTER + 2 * before + 2, mac, 0x9000);
        channel.open(&Response::decode(&answer).expect("an answer")).expect("a genuine answer");
    }
    channel.protect(&read()).expect("an open channel");
    let opened = channel.open(&answer);
    let genuine = Response::decode(&genuine).expect("an answer");
    match opened {
        Ok(opened) => {
            let sum = &genuine.data[objects.len() + 2..];
            assert!(answer.data.starts_with(&objects), "what the checksum covers is what was sealed");
            assert!(answer.data.ends_with(sum), "with its whole checksum");
            if first >> 1 & 3 != 3 {
                let wanted: &[u8] = if first >> 1 & 3 == 2 { &[] } else { content };
                assert_eq!((opened.data.as_slice(), opened.status), (wanted, StatusWord(status)));
            }
            assert!(channel.protect(&read()).is_ok());
        }
        Err(_) => {
            let sealed = first >> 1 & 3 != 3 && !StatusWord(outside).ends_channel();
            assert!(!sealed || answer != genuine, "a genuine answer is opened");
            assert!(
                matches!(channel.protect(&read()), Err(SecureMessagingError::Closed)),
                "no second chance"
            );
        }
    }
}

fn read() -> Command {
    Command::new(0x00, 0xB0, 0x00, 0x00).expecting(0xE0)
}

/// The card's side, written for this target alone (CWA 14890-1 section 9).
fn cryptogram(content: &[u8]) -> Vec<u8> {
    let (cipher, mut last) = (des::TdesEde2::new(&ENCRYPTION.into()), [0; 8]);
    let mut value = vec![1];
    for block in padded(content).as_chunks::<8>().0 {
        let mut mixed = std::array::from_fn::<u8, 8, _>(|at| block[at] ^ last[at]).into();
        cipher.encrypt_block(&mut mixed);
        last = mixed.into();
        value.extend_from_slice(&last);
    }
    value
}

fn objects(data: Option<(u8, &[u8])>, status: u16) -> Vec<u8> {
    let mut objects = Vec::new();
    if let Some((tag, value)) = data {
        objects.extend([&[tag, 0x82], &(value.len() as u16).to_be_bytes()[..], value].concat());
    }
    objects.extend([&[0x99, 0x02], &status.to_be_bytes()[..]].concat());
    objects
}

fn seal(objects: &[u8], counter: u64, mac: MacLength, outside: u16) -> Vec<u8> {
    let (first, rest) = CHECKSUM.split_at(8);
    let (single, triple) =
        (des::Des::new_from_slice(first).expect("8 bytes"), des::TdesEde2::new(&CHECKSUM.into()));
    debug_assert_eq!(rest.len(), 8);
    let summed = padded(&[&counter.to_be_bytes(), objects].concat());
    let mut sum = [0; 8];
    for (at, block) in summed.as_chunks::<8>().0.iter().enumerate() {
        let mut mixed = std::array::from_fn::<u8, 8, _>(|at| block[at] ^ sum[at]).into();
        if (at + 1) * 8 == summed.len() {
            triple.encrypt_block(&mut mixed);
        } else {
            single.encrypt_block(&mut mixed);
        }
        sum = mixed.into();
    }
    let length = mac.bytes();
    [objects, &[0x8E, length as u8], &sum[..length], &outside.to_be_bytes()].concat()
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = [bytes, &[0x80]].concat();
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

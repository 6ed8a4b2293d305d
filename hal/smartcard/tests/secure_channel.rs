//! The channel's numbers against a second implementation (`vectors/secure_messaging.py`, over PyCryptodome).
use hal_smartcard::apdu::{Command, Response, StatusWord};
use hal_smartcard::cwa14890::{
    CwaError, PrivateKey, PublicKey, external_authenticate_data, session_keys, verify_internal,
};
use hal_smartcard::secure_messaging::{MacLength, SecureMessaging, SecureMessagingError, SessionKeys};
use proptest::prelude::*;
use serde_json::Value;
use zeroize::Zeroizing;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/secure_messaging.json")).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn fixed<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

fn channel(dialogue: &Value) -> SecureMessaging {
    let keys = SessionKeys::new(
        fixed(&dialogue["encryption"]),
        fixed(&dialogue["checksum"]),
        fixed(&dialogue["counter"]),
    );
    let mac = if dialogue["mac_length"] == 4 { MacLength::Four } else { MacLength::Eight };
    SecureMessaging::new(keys, mac)
}

fn command(step: &Value) -> Command {
    let [cla, ins, p1, p2] = fixed(&step["header"]);
    let command = Command::new(cla, ins, p1, p2).with_data(&bytes(&step["data"]));
    Command { expected: step["expected"].as_u64().map(|le| u32::try_from(le).unwrap()), ..command }
}

#[test]
fn commands_and_answers_of_both_checksum_lengths_are_those_of_the_second_implementation() {
    let vectors = vectors();
    let dialogues = vectors["dialogues"].as_array().unwrap();
    assert_eq!(dialogues.len(), 3);
    for dialogue in dialogues {
        let mut channel = channel(dialogue);
        for step in dialogue["steps"].as_array().unwrap() {
            let protected = channel.protect(&command(step)).unwrap().encode().unwrap();
            assert_eq!(*protected, bytes(&step["protected"]), "{}", step["header"]);
            let answer = channel.open(&Response::decode(&bytes(&step["response"])).unwrap()).unwrap();
            assert_eq!(*answer.data, bytes(&step["answer"]), "{}", step["header"]);
            assert_eq!(answer.status, StatusWord(u16::from_be_bytes(fixed(&step["status"]))));
        }
    }
}

#[test]
fn any_flipped_bit_in_any_byte_of_an_answer_is_refused() {
    let vectors = vectors();
    let mut flips = 0;
    for dialogue in vectors["dialogues"].as_array().unwrap() {
        for (place, step) in dialogue["steps"].as_array().unwrap().iter().enumerate() {
            let response = bytes(&step["response"]);
            for bit in 0..response.len() * 8 {
                let mut channel = channel(dialogue);
                for before in &dialogue["steps"].as_array().unwrap()[..place] {
                    channel.protect(&command(before)).unwrap();
                    channel.open(&Response::decode(&bytes(&before["response"])).unwrap()).unwrap();
                }
                channel.protect(&command(step)).unwrap();
                let mut flipped = response.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let opened = channel.open(&Response::decode(&flipped).unwrap());
                assert!(opened.is_err(), "bit {bit} of {}", step["response"]);
                assert_eq!(channel.protect(&command(step)).err(), Some(SecureMessagingError::Closed));
                flips += 1;
            }
        }
    }
    assert!(flips > 10_000);
}

#[test]
fn an_answer_in_plain_or_out_of_turn_closes_the_channel() {
    let vectors = vectors();
    let dialogue = &vectors["dialogues"][1];
    let steps = dialogue["steps"].as_array().unwrap();
    for plain in [&[0x90, 0x00][..], &[0x63, 0xC2], &[0x66, 0x88], &[0x69, 0x87], &[0x69, 0x88]] {
        let mut channel = channel(dialogue);
        channel.protect(&command(&steps[0])).unwrap();
        let opened = channel.open(&Response::decode(plain).unwrap());
        assert!(matches!(opened, Err(SecureMessagingError::Plain(_))), "{plain:02X?}");
    }
    // The right answer to another command.
    let mut channel = channel(dialogue);
    channel.protect(&command(&steps[0])).unwrap();
    let other = Response::decode(&bytes(&steps[1]["response"])).unwrap();
    assert_eq!(channel.open(&other), Err(SecureMessagingError::Checksum));
}

#[test]
fn a_long_checksum_cut_to_the_short_length_is_refused() {
    let vectors = vectors();
    let dialogue = &vectors["dialogues"][1];
    let step = &dialogue["steps"][1];
    let mut channel = channel(dialogue);
    channel.protect(&command(&dialogue["steps"][0])).unwrap();
    channel.open(&Response::decode(&bytes(&dialogue["steps"][0]["response"])).unwrap()).unwrap();
    channel.protect(&command(step)).unwrap();
    // 99 02 90 00 8E 08 … -> 8E 04 …
    let mut cut = bytes(&step["response"]);
    cut[5] = 4;
    cut.drain(10..14);
    let opened = channel.open(&Response::decode(&cut).unwrap());
    assert!(matches!(opened, Err(SecureMessagingError::Malformed(_))), "{opened:?}");
}

#[test]
fn both_halves_of_sigmin_agree_with_the_second_implementation() {
    let vectors = vectors();
    let keys = &vectors["keys"];
    let terminal =
        PrivateKey::new(&fixed(&keys["ifd_modulus"]), &fixed(&keys["ifd_private_exponent"])).unwrap();
    let card = PublicKey::new(&bytes(&keys["icc_modulus"]), &bytes(&keys["icc_exponent"])).unwrap();
    let mut branches = Vec::new();
    for agreement in vectors["authentications"].as_array().unwrap() {
        let (random_ifd, serial_ifd) = (fixed(&agreement["random_ifd"]), fixed(&agreement["serial_ifd"]));
        let token = bytes(&agreement["internal"]);
        let secret_icc = verify_internal(&token, &terminal, &card, &random_ifd, &serial_ifd).unwrap();
        assert_eq!(*secret_icc, fixed(&agreement["secret_icc"]));
        let secret_ifd = Zeroizing::new(fixed(&agreement["secret_ifd"]));
        let random_icc = fixed(&agreement["random_icc"]);
        let external = external_authenticate_data(
            &fixed(&agreement["padding"]),
            &secret_ifd,
            &random_icc,
            &fixed(&agreement["serial_icc"]),
            &terminal,
            &card,
        );
        assert_eq!(external.unwrap(), fixed(&agreement["external"]));
        let keys = session_keys(&secret_icc, &secret_ifd, &random_icc, &random_ifd);
        assert_eq!(*keys.encryption(), fixed(&agreement["encryption"]));
        assert_eq!(*keys.checksum(), fixed(&agreement["checksum"]));
        assert_eq!(keys.counter(), fixed(&agreement["counter"]));
        branches.push((
            agreement["internal_is_signature"].as_bool().unwrap(),
            agreement["external_is_signature"].as_bool().unwrap(),
        ));
        for wrong in [token[1..].to_vec(), vec![0xFF; 128], vec![0; 128], Vec::new()] {
            assert!(verify_internal(&wrong, &terminal, &card, &random_ifd, &serial_ifd).is_err());
        }
        let other_challenge = [random_ifd[0] ^ 1; 8];
        let replayed = verify_internal(&token, &terminal, &card, &other_challenge, &serial_ifd);
        assert_eq!(replayed.err(), Some(CwaError::NotProven));
    }
    assert_eq!(branches, [(true, true), (true, false), (false, true), (false, false)]);
}

#[test]
fn a_signature_that_does_not_fit_under_the_card_s_key_asks_for_other_random_bytes() {
    let vectors = vectors();
    let (keys, case) = (&vectors["keys"], &vectors["does_not_fit"]);
    let terminal =
        PrivateKey::new(&fixed(&keys["ifd_modulus"]), &fixed(&keys["ifd_private_exponent"])).unwrap();
    let card = PublicKey::new(&bytes(&case["modulus"]), &[1, 0, 1]).unwrap();
    let token = external_authenticate_data(
        &fixed(&case["padding"]),
        &Zeroizing::new(fixed(&case["secret_ifd"])),
        &fixed(&case["random_icc"]),
        &fixed(&case["serial_icc"]),
        &terminal,
        &card,
    );
    assert_eq!(token, Err(CwaError::DoesNotFit));
}

#[test]
fn a_number_that_can_be_no_component_key_is_refused() {
    for modulus in [&[0xFF; 129][..], &[2; 128], &[0xFF; 126], &[]] {
        assert_eq!(PublicKey::new(modulus, &[1, 0, 1]), Err(CwaError::BadKey), "{} bytes", modulus.len());
    }
}

/// The card's side, written for this test alone: an answer under these keys at this counter.
fn seal(keys: &Value, counter: u64, mac: usize, data: &[u8], status: u16) -> Vec<u8> {
    use des::cipher::{BlockCipherEncrypt, KeyInit};
    let cipher = |key: &str| des::TdesEde2::new(&fixed::<16>(&keys[key]).into());
    let pad = |bytes: &[u8]| {
        let mut bytes = [bytes, &[0x80]].concat();
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    };
    let object = |tag: u8, value: &[u8]| {
        let length = u16::try_from(value.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], value].concat()
    };
    let mut objects = Vec::new();
    if !data.is_empty() {
        let (triple, mut last, mut value) = (cipher("encryption"), [0; 8], vec![1]);
        for block in pad(data).as_chunks::<8>().0 {
            let mut mixed = std::array::from_fn::<u8, 8, _>(|at| block[at] ^ last[at]).into();
            triple.encrypt_block(&mut mixed);
            last = mixed.into();
            value.extend_from_slice(&last);
        }
        objects.extend(object(0x87, &value));
    }
    objects.extend(object(0x99, &status.to_be_bytes()));
    let summed = pad(&[&counter.to_be_bytes(), &objects[..]].concat());
    let single = des::Des::new_from_slice(&bytes(&keys["checksum"])[..8]).unwrap();
    let (triple, mut sum) = (cipher("checksum"), [0; 8]);
    for (at, block) in summed.as_chunks::<8>().0.iter().enumerate() {
        let mut mixed = std::array::from_fn::<u8, 8, _>(|at| block[at] ^ sum[at]).into();
        if (at + 1) * 8 == summed.len() {
            triple.encrypt_block(&mut mixed)
        } else {
            single.encrypt_block(&mut mixed)
        }
        sum = mixed.into();
    }
    objects.extend(object(0x8E, &sum[..mac]));
    [&objects[..], &status.to_be_bytes()].concat()
}

proptest! {
    #[test]
    fn an_answer_of_any_data_is_opened_and_with_a_bit_changed_it_is_not(
        data in proptest::collection::vec(any::<u8>(), 0..400),
        status in prop_oneof![Just(0x9000_u16), Just(0x63C2), Just(0x6982), 0x6A00_u16..0x6AFF],
        which in 0_usize..3,
        bit: proptest::sample::Index,
    ) {
        let vectors = vectors();
        let dialogue = &vectors["dialogues"][which];
        let counter = u64::from_be_bytes(fixed(&dialogue["counter"])).wrapping_add(2);
        let mac = usize::try_from(dialogue["mac_length"].as_u64().unwrap()).unwrap();
        let mut sealed = seal(dialogue, counter, mac, &data, status);
        let open = |sealed: &[u8]| {
            let mut channel = channel(dialogue);
            channel.protect(&Command::new(0, 0xB0, 0, 0)).unwrap();
            channel.open(&Response::decode(sealed).unwrap())
        };
        let opened = open(&sealed).unwrap();
        prop_assert_eq!((&*opened.data, opened.status), (&data, StatusWord(status)));
        let bit = bit.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(open(&sealed).is_err());
    }

    #[test]
    fn no_answer_is_a_panic(data in proptest::collection::vec(any::<u8>(), 0..80), status: u16) {
        let mut channel = channel(&vectors()["dialogues"][0]);
        let response = Response { data: Zeroizing::new(data), status: StatusWord(status) };
        prop_assert!(channel.open(&response).is_err());
    }

    #[test]
    fn a_command_of_any_length_is_short_or_refused(data in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut channel = channel(&vectors()["dialogues"][1]);
        match channel.protect(&Command::new(0, 0xD6, 0, 0).with_data(&data)) {
            Ok(protected) => prop_assert!(protected.encode().unwrap().len() <= 261),
            Err(error) => prop_assert_eq!(error, SecureMessagingError::TooLong(data.len())),
        }
    }
}

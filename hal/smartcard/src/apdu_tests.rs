//! The seven cases of a command, and the chains of T=0.
use proptest::prelude::*;

use super::*;

fn bytes_of(next: Next) -> Vec<u8> {
    match next {
        Next::Send(bytes) => bytes.to_vec(),
        Next::Done(response) => panic!("{response:?} came too early"),
    }
}

#[test]
fn all_cases_are_written_as_iso_7816_has_them() {
    let plain = Command::new(0x00, 0xA4, 0x04, 0x00);
    assert_eq!(*plain.encode().unwrap(), [0, 0xA4, 4, 0]);
    assert_eq!(*plain.clone().expecting(256).encode().unwrap(), [0, 0xA4, 4, 0, 0]);
    assert_eq!(*plain.clone().with_data(&[1, 2]).encode().unwrap(), [0, 0xA4, 4, 0, 2, 1, 2]);
    assert_eq!(*plain.clone().with_data(&[1, 2]).expecting(8).encode().unwrap(), [0, 0xA4, 4, 0, 2, 1, 2, 8]);
    assert_eq!(*plain.clone().expecting(65536).encode().unwrap(), [0, 0xA4, 4, 0, 0, 0, 0]);
    let long = plain.clone().with_data(&[7; 256]).encode().unwrap();
    assert_eq!(long[..8], [0, 0xA4, 4, 0, 0, 1, 0, 7]);
    assert_eq!(long.len(), 7 + 256);
    let both = plain.with_data(&[7]).expecting(300).encode().unwrap();
    assert_eq!(*both, [0, 0xA4, 4, 0, 0, 0, 1, 7, 1, 44]);
}

#[test]
fn t0_takes_five_bytes_at_least_and_no_le_behind_data() {
    assert_eq!(*for_t0(&[0, 0xA4, 4, 0, 2, 1, 2, 0]), [0, 0xA4, 4, 0, 2, 1, 2]);
    assert_eq!(*for_t0(&[0, 0xA4, 4, 0, 2, 1, 2]), [0, 0xA4, 4, 0, 2, 1, 2]);
    assert_eq!(*for_t0(&[0, 0x20, 0, 0]), [0, 0x20, 0, 0, 0]);
    assert_eq!(*for_t0(&[0, 0xB0, 0, 0, 0xE0]), [0, 0xB0, 0, 0, 0xE0]);
}

#[test]
fn a_wrong_length_is_asked_again_once() {
    let (mut exchange, _) = Exchange::begin(&Command::new(0, 0xB0, 0, 0).expecting(0xE0)).unwrap();
    assert_eq!(bytes_of(exchange.answer(&[0x6C, 0x10]).unwrap()), [0, 0xB0, 0, 0, 0x10]);
    let Next::Done(response) = exchange.answer(&[0x6C, 0x10]).unwrap() else { panic!("a second repetition") };
    assert_eq!(response.status, StatusWord(0x6C10));
}

#[test]
fn a_command_with_data_is_never_repeated() {
    let verify = Command::new(0, 0x20, 0, 0).with_data(b"12345678").expecting(256);
    let (mut exchange, _) = Exchange::begin(&verify).unwrap();
    let Next::Done(response) = exchange.answer(&[0x6C, 0x10]).unwrap() else { panic!("a PIN sent twice") };
    assert_eq!(response.status, StatusWord(0x6C10));
}

#[test]
fn a_long_answer_is_fetched_in_pieces() {
    let (mut exchange, _) =
        Exchange::begin(&Command::new(0x0C, 0x2A, 0x9E, 0x9A).with_data(&[1; 60])).unwrap();
    assert_eq!(bytes_of(exchange.answer(&[0x61, 0x00]).unwrap()), [0, 0xC0, 0, 0, 0]);
    assert_eq!(bytes_of(exchange.answer(&[1, 2, 0x61, 0x01]).unwrap()), [0, 0xC0, 0, 0, 1]);
    let Next::Done(response) = exchange.answer(&[3, 0x90, 0x00]).unwrap() else { panic!("more") };
    assert_eq!((*response.data).clone(), [1, 2, 3]);
}

#[test]
fn a_card_that_announces_more_for_ever_is_given_up() {
    let (mut exchange, _) = Exchange::begin(&Command::new(0, 0xB0, 0, 0).expecting(256)).unwrap();
    let end = (0..1000).find_map(|_| exchange.answer(&[0x61, 0x01]).err());
    assert_eq!(end, Some(ApduError::EndlessChain));
}

#[test]
fn nothing_of_a_pin_shows_in_debug() {
    let verify = Command::new(0, 0x20, 0, 0).with_data(b"PINPINPIN");
    assert_eq!(format!("{verify:?}"), "00 20 00 00 with 9 bytes");
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        header: [u8; 4],
        data in proptest::collection::vec(any::<u8>(), 0..600),
        expected in proptest::option::of(1_u32..=65536),
    ) {
        let command = Command { header, data: Zeroizing::new(data), expected };
        prop_assert_eq!(Command::decode(&command.encode().unwrap()).unwrap(), command);
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = Command::decode(&bytes);
        let _ = Response::decode(&bytes);
        let _ = for_t0(&bytes);
    }
}

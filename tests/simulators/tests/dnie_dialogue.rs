//! The whole way with a DNIe: channel, PIN, certificates, signature; both generations.

mod terminal;

use simulators::smartcard::{CitizenPki, DrawerCard, Hash, from_drawer};
use terminal::{Channel, Set, close, open, plain, read, select, with_data};

const NOW: u64 = 1_774_000_000;

fn card(name: &str) -> DrawerCard {
    let drawn = from_drawer(&CitizenPki::at(NOW), name).unwrap();
    drawn.card.power_on();
    drawn
}

fn inflate(file: &[u8]) -> Vec<u8> {
    let length = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!(length(4), file.len() - 8);
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&file[8..]), &mut out).unwrap();
    assert_eq!(out.len(), length(0));
    out
}

fn log_in(drawn: &DrawerCard, set: &Set) -> Channel {
    let mut channel = open(&drawn.card, set, "pin").unwrap();
    assert_eq!(channel.verify(drawn.pin.unwrap()), 0x9000);
    close(&drawn.card);
    open(&drawn.card, set, "user").unwrap()
}

#[test]
fn a_new_card_signs_after_pin_channel_and_user_channel() {
    let drawn = card("ordinary");
    let set = Set::number(1);
    let mut channel = log_in(&drawn, &set);
    let certificate = inflate(&channel.read(&[0x6081, 0x7006]).0);
    assert!(certificate.windows(9).any(|window| window == b"12345678Z"));
    let info = Hash::Sha256.digest_info(b"a challenge");
    let (signature, sw) = channel.sign(1, &info);
    assert_eq!(sw, 0x9000);
    let snapshot = drawn.card.snapshot();
    assert_eq!((snapshot.signatures.len(), snapshot.counts.verifies, snapshot.logged_in), (1, 1, false));
    assert_eq!((snapshot.signatures[0].key, snapshot.counts.channels_opened), (1, 2));
    assert_eq!(signature.len(), 256);
    // One login, one signature.
    assert_eq!(channel.sign(1, &info).1, 0x6982);
}

#[test]
fn an_old_card_does_all_in_one_channel_and_shows_certificates_after_the_pin() {
    let drawn = card("first-generation");
    let mut channel = open(&drawn.card, &Set::number(0), "user").unwrap();
    assert_eq!(channel.read(&[0x6061, 0x7004]), (Vec::new(), 0x6982));
    assert_eq!(channel.verify(drawn.pin.unwrap()), 0x9000);
    let (certificate, sw) = channel.read(&[0x6061, 0x7004]);
    assert_eq!((certificate[0], sw), (0x30, 0x9000));
    let info = Hash::Sha256.digest_info(b"a challenge");
    for _ in 0..2 {
        assert_eq!(channel.sign(1, &info).1, 0x9000);
    }
}

#[test]
fn a_key_of_1920_bits_signs_240_bytes() {
    let drawn = card("renewed-key");
    let mut channel = log_in(&drawn, &Set::number(0));
    assert!(!channel.read(&[0x5015, 0x6004]).0.is_empty(), "the directory shows itself");
    assert_eq!(channel.sign(1, &Hash::Sha256.digest_info(b"a challenge")).0.len(), 240);
}

#[test]
fn a_hidden_directory_is_empty_before_the_login() {
    let drawn = card("renewed-key");
    assert_eq!(read(&drawn.card, &[0x5015, 0x6004]), (Vec::new(), 0x9000));
}

#[test]
fn the_other_set_of_parameters_opens_nothing() {
    assert_eq!(open(&card("ordinary").card, &Set::number(0), "user").err(), Some(0x6688));
    assert_eq!(open(&card("first-generation").card, &Set::number(1), "user").err(), Some(0x6688));
}

#[test]
fn another_command_in_between_drops_the_references() {
    let drawn = card("ordinary");
    let set = Set::number(1);
    assert_eq!(terminal::show_certificates(&drawn.card, &set, "user"), 0x9000);
    plain(&drawn.card, &[0x90, 0xB8, 0, 0, 7]);
    let question = [vec![1; 8], set.bytes(&["user", "serial"])].concat();
    assert_eq!(plain(&drawn.card, &with_data([0, 0x88, 0, 0], &question)).1, 0x6985);
}

#[test]
fn the_pin_is_refused_outside_its_channel_and_no_try_is_lost() {
    let drawn = card("ordinary");
    assert_eq!(plain(&drawn.card, &with_data([0, 0x20, 0, 0], b"12345678")).1, 0x6982);
    let mut channel = open(&drawn.card, &Set::number(1), "user").unwrap();
    assert_eq!(channel.verify("12345678"), 0x6982);
    let snapshot = drawn.card.snapshot();
    assert_eq!(snapshot.tries_left, Some(3));
    assert_eq!((snapshot.counts.verifies, snapshot.counts.verifies_in_the_clear), (2, 1));
}

#[test]
fn wrong_pins_count_down_to_a_blocked_card_and_the_query_costs_nothing() {
    let drawn = card("ordinary");
    let mut channel = open(&drawn.card, &Set::number(1), "pin").unwrap();
    for left in [2, 1, 0] {
        assert_eq!(channel.verify("87654321"), 0x63C0 + left);
        let query = channel.send([0, 0x20, 0, 0], &[], None).unwrap();
        assert_eq!(query.1, if left == 0 { 0x6983 } else { 0x63C0 + left });
    }
    assert_eq!(channel.verify(drawn.pin.unwrap()), 0x6983);
    drawn.card.power_off();
    drawn.card.power_on();
    assert_eq!(drawn.card.snapshot().tries_left, Some(0));
}

#[test]
fn a_plain_command_ends_the_channel() {
    let drawn = card("ordinary");
    let mut channel = open(&drawn.card, &Set::number(1), "user").unwrap();
    assert_eq!(select(&drawn.card, &[]), 0x6987);
    assert_eq!(channel.send([0, 0xA4, 0, 0], &[0x3F, 0], None), Err((Vec::new(), 0x6988)));
    assert_eq!(select(&drawn.card, &[]), 0x9000);
    assert_eq!(drawn.card.snapshot().counts.channels_broken, 1);
}

#[test]
fn a_new_card_refuses_data_together_with_a_length() {
    let drawn = card("ordinary");
    let mut channel = open(&drawn.card, &Set::number(1), "user").unwrap();
    assert_eq!(channel.send([0, 0xA4, 0, 0], &[0x3F, 0], Some(0)), Err((Vec::new(), 0x6988)));
    assert_eq!(drawn.card.snapshot().channel, None);
    let drawn = card("first-generation");
    let mut channel = open(&drawn.card, &Set::number(0), "user").unwrap();
    assert_eq!(channel.send([0, 0xA4, 0, 0], &[0x3F, 0], Some(0)).unwrap().1, 0x9000);
}

#[test]
fn certificates_need_the_channel_and_a_dead_card_says_so() {
    assert_eq!(read(&card("ordinary").card, &[0x6081, 0x7006]).1, 0x6982);
    let dead = card("dead").card;
    assert_eq!(dead.atr().unwrap()[17..], [0x0F, 0x65, 0x81]);
    assert_eq!(plain(&dead, &[0x90, 0xB8, 0, 0, 7]).1, 0x6581);
}

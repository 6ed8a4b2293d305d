//! What goes wrong with cards: pulled, mute, slow, lying; and cards that are none of ours.

mod terminal;

use std::time::Duration;

use simulators::smartcard::{
    CardFault, CitizenPki, DRAWER_NAMES, DrawerCard, MUNICIPAL_APPLICATION, Reply, Spoil, VirtualReader,
    drawer, from_drawer,
};
use terminal::{Set, open, plain, with_data};

fn card(name: &str) -> DrawerCard {
    let drawn = from_drawer(&CitizenPki::at(1_774_000_000), name).unwrap();
    drawn.card.power_on();
    drawn
}

const GET_SERIAL: [u8; 5] = [0x90, 0xB8, 0, 0, 7];

#[test]
fn a_spoiled_answer_is_no_answer_of_the_channel() {
    for (name, set) in [("ordinary", 1), ("first-generation", 0)] {
        for how in [Spoil::Checksum, Spoil::Counter, Spoil::Replay, Spoil::Plain, Spoil::Padding] {
            let drawn = card(name);
            let mut channel = open(&drawn.card, &Set::number(set), "user").unwrap();
            drawn.card.fault(CardFault::Spoiled { answer: 2, how });
            assert_eq!(channel.send([0, 0xA4, 0, 0], &[0x3F, 0], None).unwrap().1, 0x9000, "{how:?}");
            let (body, _) = channel.send([0, 0xA4, 0, 0], &[0x50, 0x15], None).unwrap_err();
            assert_eq!(body[0] == 0x6F, how == Spoil::Plain, "{how:?}: {body:02X?}");
        }
    }
}

#[test]
fn an_answer_without_status_object_has_a_right_checksum() {
    let drawn = card("ordinary");
    let mut channel = open(&drawn.card, &Set::number(1), "user").unwrap();
    drawn.card.fault(CardFault::Spoiled { answer: 1, how: Spoil::NoStatus });
    let command = channel.wrap([0, 0xA4, 0, 0], &[0x3F, 0], None);
    let (body, sw) = plain(&drawn.card, &command);
    assert!(!body.windows(4).any(|window| window == [0x99, 2, 0x90, 0]), "{body:02X?}");
    assert_eq!(channel.unwrap((body, sw)).unwrap().1, 0x9000);
}

#[test]
fn a_card_pulled_while_it_checks_the_pin_may_have_counted() {
    for (acted, left) in [(false, 3), (true, 2)] {
        let drawn = card("ordinary");
        let reader = VirtualReader::new();
        let mut channel = open(&drawn.card, &Set::number(1), "pin").unwrap();
        drawn.card.fault(CardFault::Pulled { command: 1, acted });
        let command = channel.wrap([0, 0x20, 0, 0], b"87654321", None);
        assert_eq!(drawn.card.transmit(&command), Reply::Pulled);
        assert_eq!((drawn.card.power_on(), drawn.card.transmit(&GET_SERIAL)), (None, Reply::Pulled));
        reader.insert(drawn.card.clone());
        assert!(drawn.card.power_on().is_some());
        let snapshot = drawn.card.snapshot();
        assert_eq!((snapshot.tries_left, snapshot.channel), (Some(left), None));
    }
}

#[test]
fn a_mute_card_answers_again_after_a_power_up() {
    let drawn = card("ordinary");
    drawn.card.fault(CardFault::Mute { command: 2 });
    assert!(drawn.card.transmit(&GET_SERIAL).bytes().is_some());
    for _ in 0..2 {
        assert_eq!(drawn.card.transmit(&GET_SERIAL), Reply::Mute);
    }
    drawn.card.power_off();
    assert_eq!(drawn.card.transmit(&GET_SERIAL), Reply::Mute);
    drawn.card.power_on();
    assert!(drawn.card.transmit(&GET_SERIAL).bytes().is_some());
}

#[test]
fn a_moment_without_power_ends_the_channel_and_the_login() {
    let drawn = card("ordinary");
    let mut channel = open(&drawn.card, &Set::number(1), "pin").unwrap();
    assert_eq!(channel.verify(drawn.pin.unwrap()), 0x9000);
    drawn.card.fault(CardFault::PowerLost { command: 1 });
    assert_eq!(channel.send([0, 0xA4, 0, 0], &[0x3F, 0], None), Err((Vec::new(), 0x6988)));
    assert!(!drawn.card.snapshot().logged_in);
}

#[test]
fn slow_garbled_and_well_again() {
    let drawn = card("ordinary");
    drawn.card.fault(CardFault::Slow { millis: 1500 });
    drawn.card.fault(CardFault::Garbage { answer: 1 });
    let Reply::Answer { bytes, after } = drawn.card.transmit(&GET_SERIAL) else { panic!("no answer") };
    assert_eq!((bytes.len(), after), (9, Duration::from_millis(1500)));
    assert_ne!(bytes[7..], [0x90, 0]);
    drawn.card.fault(CardFault::Clear);
    let Reply::Answer { bytes, after } = drawn.card.transmit(&GET_SERIAL) else { panic!("no answer") };
    assert_eq!((&bytes[7..], after), (&[0x90, 0][..], Duration::ZERO));
}

#[test]
fn tries_used_up_elsewhere_are_what_the_query_says() {
    for (tries, answer) in [(1, 0x63C1), (0, 0x6983)] {
        let drawn = card("ordinary");
        drawn.card.fault(CardFault::TriesLeft { tries });
        let mut channel = open(&drawn.card, &Set::number(1), "pin").unwrap();
        assert_eq!(channel.send([0, 0x20, 0, 0], &[], None).unwrap().1, answer);
        assert_eq!(drawn.card.snapshot().counts.verifies, 0);
    }
}

#[test]
fn a_towns_card_gives_its_number_and_others_nothing() {
    let town = card("municipal");
    assert_eq!(plain(&town.card, &[0, 0xB2, 1, 0x0C, 0]).1, 0x6985);
    assert_eq!(plain(&town.card, &with_data([0, 0xA4, 4, 0], &MUNICIPAL_APPLICATION)).1, 0x9000);
    assert_eq!(plain(&town.card, &[0, 0xB2, 1, 0x0C, 0]), (b"0000012345678".to_vec(), 0x9000));
    assert_eq!(plain(&card("unknown").card, &with_data([0, 0xA4, 4, 0], b"Master.File")).1, 0x6D00);
    assert_eq!(card("upside-down").card.power_on(), None);
}

#[test]
fn the_drawer_is_full_and_its_cards_are_told_by_their_atr() {
    let cards = drawer(&CitizenPki::at(1_774_000_000));
    let names: Vec<&str> = cards.iter().map(|drawn| drawn.name).collect();
    assert_eq!(names, DRAWER_NAMES);
    for drawn in cards {
        let atr = drawn.card.atr();
        match drawn.name {
            "upside-down" => assert_eq!(atr, None),
            "pkcs15" | "municipal" | "unknown" => assert_eq!(atr.unwrap()[2..4], [0x80, 1]),
            name => {
                let atr = atr.unwrap();
                let maker: &[u8] = if name == "fnmt" { b"jFNMT" } else { b"jDNIe" };
                assert_eq!((atr.len(), &atr[6..11]), (20, maker));
                assert_eq!(atr[15] >= 4, name != "first-generation");
                assert_eq!(atr[17], if name == "dead" { 0x0F } else { 3 });
            }
        }
    }
}

//! All options of the driver, of every kind and constraint: described, read and set.
use hal_sane::wire::{Constraint, Descriptors, Kind, SaneStatus, Text, Value};

use crate::by_hand::ByHand;
use crate::daemon::Daemon;

#[test]
fn all_57_options_are_described_read_and_set() {
    let daemon = Daemon::start("");
    let mut hand = ByHand::open(daemon.address);
    let reply = hand.set("enable-test-options", &Value::word(1));
    assert!(reply.info.reload_options());
    let Descriptors(list) = hand.descriptors.clone();
    assert_eq!(list.len(), 57);
    assert!(list.iter().all(Option::is_some));
    let count = |kind| list.iter().flatten().filter(|option| option.kind == kind).count();
    let kinds = [Kind::Bool, Kind::Int, Kind::Fixed, Kind::Text, Kind::Button, Kind::Group].map(count);
    assert!(kinds.iter().all(|&count| count > 0), "{kinds:?}");
    let (mut ranges, mut words, mut texts, mut read, mut set) = (0, 0, 0, 0, 0);
    for descriptor in list.iter().flatten() {
        match &descriptor.constraint {
            Constraint::None => {}
            Constraint::Range { least, most, .. } => {
                assert!(least < most);
                ranges += 1;
            }
            Constraint::Words(list) => {
                assert!(!list.is_empty());
                words += 1;
            }
            Constraint::Texts(list) => {
                assert!(list.iter().all(|text| !text.is_empty()));
                texts += 1;
            }
        }
        let Some(name) = descriptor.name.as_ref().map(Text::to_string).filter(|name| !name.is_empty()) else {
            continue;
        };
        let valued = !matches!(descriptor.kind, Kind::Button | Kind::Group);
        if !(valued && descriptor.capabilities.readable()) {
            continue;
        }
        let value = hand.get(&name);
        match (&value, &descriptor.constraint) {
            (Value::Words(words), _) => assert_eq!(words.len() * 4, descriptor.size as usize, "{name}"),
            (Value::Text(text), Constraint::Texts(list)) => assert!(list.contains(text), "{name}"),
            _ => {}
        }
        read += 1;
        // As it is: every setting is taken, and reads the same, or is said to be another.
        if descriptor.capabilities.settable() {
            let reply = hand.set(&name, &value);
            assert_eq!(reply.status, SaneStatus::Good, "{name}");
            assert!(hand.get(&name) == value || reply.info.inexact(), "{name}");
            set += 1;
        }
    }
    assert!(ranges >= 8 && words >= 4 && texts >= 5, "{ranges} {words} {texts}");
    assert!(read >= 35 && set >= 30, "{read} {set}");
    let table: Vec<usize> = list
        .iter()
        .flatten()
        .filter(|option| option.kind == Kind::Int && option.size > 4)
        .map(|option| option.size as usize / 4)
        .collect();
    assert_eq!(
        table,
        [6, 6, 6, 256, 256, 256, 4096],
        "three tables of numbers, and curves: three colours, grey"
    );
}

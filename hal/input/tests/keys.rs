//! Keypads: digits, the keys of the kiosk, the table of a board file, and the headphone jack.
mod support;
use hal_input::{InputEvent, KeyMap, Keycode, RawEvent, Snapshot, Translator};
use support::*;

fn keypad(keys: KeyMap) -> Translator {
    let mut translator = Translator::new(None, keys);
    translator.resync(Snapshot::default());
    translator
}

#[test]
fn a_held_key_acts_once() {
    let mut keypad = keypad(KeyMap::default());
    let enter = 28;
    assert_eq!(feed(&mut keypad, &[key(enter, 1), SYN]), [InputEvent::Key(Keycode::Enter)]);
    assert_eq!(feed(&mut keypad, &[key(enter, 2), SYN, key(enter, 2), SYN, key(enter, 0), SYN]), []);
    assert_eq!(feed(&mut keypad, &[key(enter, 1), SYN]), [InputEvent::Key(Keycode::Enter)]);
}

#[test]
fn both_rows_of_digits_give_digits() {
    let mut keypad = keypad(KeyMap::default());
    // KEY_0 is 11 and KEY_1 to KEY_9 are 2 to 10; the pad goes 7 8 9, 4 5 6, 1 2 3, 0 from 71 on.
    let row = [11, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let pad = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73];
    for (digit, (row, pad)) in (0..).zip(row.into_iter().zip(pad)) {
        let expected = [InputEvent::Key(Keycode::Digit(digit)); 2];
        assert_eq!(feed(&mut keypad, &[key(row, 1), SYN, key(pad, 1), SYN]), expected);
    }
}

#[test]
fn the_function_keys_help_and_change_the_language() {
    let mut keypad = keypad(KeyMap::default());
    let events = feed(&mut keypad, &[key(59, 1), SYN, key(60, 1), SYN]);
    assert_eq!(events, [InputEvent::Key(Keycode::Help), InputEvent::Key(Keycode::Language)]);
}

#[test]
fn a_board_file_gives_keys_another_meaning() {
    let mut keys = KeyMap::default();
    keys.set(KeyMap::code("KEY_F13").unwrap(), Some("help".parse().unwrap()));
    keys.set(KeyMap::code("59").unwrap(), None);
    let mut keypad = keypad(keys);
    assert_eq!(feed(&mut keypad, &[key(183, 1), key(59, 1), SYN]), [InputEvent::Key(Keycode::Help)]);
}

#[test]
fn names_that_do_not_exist_are_errors_that_say_what_exists() {
    assert!(KeyMap::code("KEY_NONSENSE").is_err());
    assert!(KeyMap::code("65535").is_err());
    let error = "hepl".parse::<Keycode>().unwrap_err().to_string();
    assert!(error.contains("hepl") && error.contains("help"), "{error}");
    for wrong in ["digit-10", "digit--1", "digit-", ""] {
        assert!(wrong.parse::<Keycode>().is_err(), "{wrong}");
    }
}

#[test]
fn the_name_of_every_key_reads_back() {
    let keys = KeyMap::default();
    for code in keys.codes() {
        let keycode = keys.get(code).unwrap();
        assert_eq!(keycode.to_string().parse(), Ok(keycode));
    }
}

#[test]
fn a_keypad_that_sends_thousands_of_keys_in_one_report_is_cut_short() {
    let mut keypad = keypad(KeyMap::default());
    let flood = vec![key(28, 1); 100_000];
    assert_eq!(feed(&mut keypad, &flood), []);
    assert_eq!(feed(&mut keypad, &[SYN]).len(), 16);
}

#[test]
fn keys_pressed_before_events_were_lost_do_not_act_late() {
    let mut keypad = keypad(KeyMap::default());
    feed(&mut keypad, &[key(28, 1), DROPPED, SYN]);
    assert_eq!(keypad.resync(Snapshot::default()), []);
    assert_eq!(feed(&mut keypad, &[SYN]), []);
}

#[test]
fn headphones_are_told_at_start_at_each_change_and_never_twice() {
    let mut jack = Translator::new(None, KeyMap::default());
    let plugged = Snapshot { headphones: Some(true), ..Snapshot::default() };
    assert_eq!(jack.resync(plugged.clone()), [InputEvent::Headphones(true)]);
    assert_eq!(jack.resync(plugged), []);
    assert_eq!(feed(&mut jack, &[RawEvent::new(5, 2, 0), SYN]), [InputEvent::Headphones(false)]);
    feed(&mut jack, &[RawEvent::new(5, 2, 1), SYN]);
    assert_eq!(jack.unplugged(), [InputEvent::Headphones(false)]);
}

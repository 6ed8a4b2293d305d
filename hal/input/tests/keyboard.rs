//! A whole keyboard, as it is bought in Spain. The characters are those that libxkbcommon 1.5 gives for the layout
//! `es(winkeys)` of xkeyboard-config 2.35, by the numbers in `linux/input-event-codes.h`.
mod support;
use hal_input::{InputEvent, KeyMap, Keycode, RawEvent, Snapshot, Translator};
use proptest::prelude::*;
use support::*;

const SHIFT: u16 = 42;
const ALT_GR: u16 = 100;
const CAPS: u16 = 58;
const GRAVE: u16 = 26;
const ACUTE: u16 = 40;
const N_TILDE: u16 = 39;

/// A key, and what it gives alone, with Shift and with AltGr.
const SIGNS: [(u16, [&str; 3]); 25] = [
    (3, ["2", "\"", "@"]),
    (2, ["1", "!", "|"]),
    (4, ["3", "·", "#"]),
    (5, ["4", "$", "~"]),
    (6, ["5", "%", "€"]),
    (7, ["6", "&", "¬"]),
    (8, ["7", "/", "{"]),
    (9, ["8", "(", "["]),
    (10, ["9", ")", "]"]),
    (11, ["0", "=", "}"]),
    (12, ["'", "?", "\\"]),
    (13, ["¡", "¿", ""]),
    (27, ["+", "*", "]"]),
    (41, ["º", "ª", "\\"]),
    (43, ["ç", "Ç", "}"]),
    (N_TILDE, ["ñ", "Ñ", ""]),
    (18, ["e", "E", "€"]),
    (52, [".", ":", "·"]),
    (53, ["-", "_", ""]),
    (57, [" ", " ", " "]),
    (86, ["<", ">", "|"]),
    (55, ["*", "*", "*"]),
    (74, ["-", "-", "-"]),
    (78, ["+", "+", "+"]),
    (98, ["/", "/", "/"]),
];

/// A dead accent (with Shift or AltGr), a letter's key, and the letter with the accent, small and capital.
const ACCENTS: [(Option<u16>, u16, &str); 5] = [
    (None, GRAVE, "àèìòùÀÈÌÒÙ"),
    (Some(SHIFT), GRAVE, "âêîôûÂÊÎÔÛ"),
    (None, ACUTE, "áéíóúÁÉÍÓÚ"),
    (Some(SHIFT), ACUTE, "äëïöüÄËÏÖÜ"),
    (Some(ALT_GR), N_TILDE, "ãõñÃÕÑ"),
];

fn keyboard() -> Translator {
    let mut translator = Translator::new(None, KeyMap::default());
    translator.resync(Snapshot::default());
    translator
}

/// Presses a key, and what is held meanwhile.
fn press(keyboard: &mut Translator, held: Option<u16>, code: u16) -> Vec<InputEvent> {
    let mut raw: Vec<RawEvent> = held.into_iter().flat_map(|held| [key(held, 1), SYN]).collect();
    raw.extend([key(code, 1), SYN, key(code, 2), SYN, key(code, 0), SYN]);
    raw.extend(held.into_iter().flat_map(|held| [key(held, 0), SYN]));
    feed(keyboard, &raw)
}

/// What was typed, digits and characters.
fn typed(events: &[InputEvent]) -> String {
    let sign = |event: &InputEvent| match event {
        InputEvent::Character(character) => *character,
        InputEvent::Key(Keycode::Digit(digit)) => char::from(b'0' + digit),
        other => panic!("{other:?}"),
    };
    events.iter().map(sign).collect()
}

#[test]
fn every_key_gives_what_is_printed_on_it() {
    let mut keyboard = keyboard();
    for (code, expected) in SIGNS {
        for (held, expected) in [None, Some(SHIFT), Some(ALT_GR)].into_iter().zip(expected) {
            assert_eq!(typed(&press(&mut keyboard, held, code)), expected, "key {code} with {held:?}");
            // An accent that waits for its letter waits no more.
            press(&mut keyboard, None, 57);
        }
    }
    let letters = (16..=25).chain(30..=38).chain(44..=50);
    for (code, letter) in letters.zip("qwertyuiopasdfghjklzxcvbnm".chars()) {
        assert_eq!(typed(&press(&mut keyboard, None, code)), letter.to_string());
        assert_eq!(typed(&press(&mut keyboard, Some(54), code)), letter.to_ascii_uppercase().to_string());
    }
}

#[test]
fn a_digit_is_the_digit_of_the_keypad_unless_something_is_held() {
    let mut keyboard = keyboard();
    assert_eq!(press(&mut keyboard, None, 3), [InputEvent::Key(Keycode::Digit(2))]);
    assert_eq!(press(&mut keyboard, Some(ALT_GR), 3), [InputEvent::Character('@')]);
    assert_eq!(press(&mut keyboard, Some(SHIFT), 80), [InputEvent::Key(Keycode::Digit(2))]);
}

#[test]
fn dead_accents_wait_for_their_letter() {
    let mut keyboard = keyboard();
    for (held, accent, expected) in ACCENTS {
        let codes: &[u16] = if accent == N_TILDE { &[30, 24, 49] } else { &[30, 18, 23, 24, 22] };
        let mut letters = String::new();
        for shift in [None, Some(SHIFT)] {
            for code in codes {
                assert_eq!(press(&mut keyboard, held, accent), [], "nothing before the letter");
                letters += &typed(&press(&mut keyboard, shift, *code));
            }
        }
        assert_eq!(letters, expected);
    }
}

#[test]
fn an_accent_without_a_letter_of_its_own_stays_alone_or_is_lost() {
    let mut keyboard = keyboard();
    let mut after = |accents: &[u16], code| {
        for accent in accents {
            press(&mut keyboard, None, *accent);
        }
        typed(&press(&mut keyboard, None, code))
    };
    assert_eq!(after(&[GRAVE], 57), "`", "a space behind it");
    assert_eq!(after(&[GRAVE], GRAVE), "`", "twice the same");
    assert_eq!(after(&[GRAVE, ACUTE], 30), "á", "the last one counts");
    assert_eq!(after(&[ACUTE], 47), "v", "a letter that bears none");
    assert_eq!(after(&[ACUTE], 2), "1");
    assert_eq!(after(&[ACUTE], 43), "ç");
    press(&mut keyboard, None, ACUTE);
    assert_eq!(press(&mut keyboard, None, 14), [InputEvent::Key(Keycode::Backspace)]);
    assert_eq!(typed(&press(&mut keyboard, None, 30)), "a", "a key without a character ends it");
}

#[test]
fn caps_lock_is_for_letters_alone_and_shift_takes_it_back() {
    let mut keyboard = keyboard();
    press(&mut keyboard, None, CAPS);
    assert_eq!(typed(&press(&mut keyboard, None, N_TILDE)), "Ñ");
    assert_eq!(typed(&press(&mut keyboard, None, 43)), "Ç");
    assert_eq!(typed(&press(&mut keyboard, None, 2)), "1");
    assert_eq!(typed(&press(&mut keyboard, Some(SHIFT), 30)), "a");
    press(&mut keyboard, None, ACUTE);
    assert_eq!(typed(&press(&mut keyboard, None, 30)), "Á");
    press(&mut keyboard, None, CAPS);
    assert_eq!(typed(&press(&mut keyboard, None, 30)), "a");
}

#[test]
fn what_control_and_alt_do_is_no_character() {
    let mut keyboard = keyboard();
    for held in [29, 97, 56, 125, 126] {
        assert_eq!(press(&mut keyboard, Some(held), 46), [], "with {held}");
    }
    assert_eq!(typed(&press(&mut keyboard, None, 46)), "c");
}

#[test]
fn keys_of_the_kiosk_stay_what_they_are() {
    let mut keyboard = keyboard();
    for (code, expected) in [
        (28, Keycode::Enter),
        (1, Keycode::Escape),
        (14, Keycode::Backspace),
        (15, Keycode::Tab),
        (103, Keycode::Up),
        (105, Keycode::Left),
        (59, Keycode::Help),
    ] {
        assert_eq!(press(&mut keyboard, None, code), [InputEvent::Key(expected)]);
        assert_eq!(press(&mut keyboard, Some(SHIFT), code), [InputEvent::Key(expected)]);
    }
    let mut keys = KeyMap::default();
    keys.set(KeyMap::code("KEY_H").unwrap(), Some(Keycode::Help));
    let mut reprogrammed = Translator::new(None, keys);
    reprogrammed.resync(Snapshot::default());
    assert_eq!(press(&mut reprogrammed, None, 35), [InputEvent::Key(Keycode::Help)], "a board file says so");
}

#[test]
fn what_is_held_is_asked_for_after_events_were_lost() {
    let mut keyboard = keyboard();
    feed(&mut keyboard, &[key(SHIFT, 1), SYN, key(ACUTE, 1), SYN, DROPPED, SYN]);
    assert!(keyboard.needs_resync());
    keyboard.resync(Snapshot::default());
    assert_eq!(typed(&press(&mut keyboard, None, 30)), "a", "neither Shift nor the accent");
    feed(&mut keyboard, &[DROPPED, SYN]);
    keyboard.resync(Snapshot { held: vec![SHIFT, CAPS, 30], ..Snapshot::default() });
    assert_eq!(typed(&press(&mut keyboard, None, 30)), "A");
}

#[test]
fn no_character_is_printed() {
    assert_eq!(format!("{:?}", InputEvent::Character('x')), "Character(_)");
    let mut keyboard = keyboard();
    press(&mut keyboard, None, ACUTE);
    assert!(!format!("{keyboard:?}").contains('´'));
}

proptest! {
    #[test]
    fn whatever_is_pressed_only_characters_that_are_printed_on_keys_come(
        presses in prop::collection::vec((0..256u16, 0..3i32), 0..400),
    ) {
        let mut keyboard = keyboard();
        for (code, value) in presses {
            for event in feed(&mut keyboard, &[key(code, value), SYN]) {
                if let InputEvent::Character(character) = event {
                    prop_assert!(!character.is_control() && !character.is_ascii_digit(), "{character:?}");
                }
            }
        }
    }
}

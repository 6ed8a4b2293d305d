//! Geometry, and the script against the accessible tree (the numbers are those of the list of checks in the rules
//! for accessibility: 6, 7, 13 to 18, 31, 32).
use i_slint_backend_testing::AccessibleRole;
use ui::{Page, Role, State};

use crate::help::*;

#[test]
fn the_script_says_what_the_accessible_tree_holds_in_the_same_order() {
    every(|kiosk, name, view| {
        let script = kiosk.script();
        let mut tree = spoken(kiosk);
        if !matches!(view.page, Page::Attract { .. }) {
            // The name of the town stands on every page; it is said on the first only.
            assert_eq!(tree.remove(0).label, "Ayuntamiento de Villamar", "{name}");
        }
        let said: Vec<&str> = script.entries.iter().map(|entry| entry.label.as_str()).collect();
        assert_eq!(said, labels(&tree), "{name}");
        for (entry, element) in script.entries.iter().zip(&tree) {
            let role = match entry.role {
                Role::Button => AccessibleRole::Button,
                Role::Field => AccessibleRole::TextInput,
                Role::Heading | Role::Text | Role::Alert => AccessibleRole::Text,
            };
            assert_eq!(element.role, Some(role), "{name}: {}", entry.label);
            assert_eq!(element.value, entry.value, "{name}: {}", entry.label);
        }
        let numbers: Vec<usize> = script.entries.iter().filter_map(|entry| entry.target).collect();
        assert_eq!(numbers, (0..numbers.len()).collect::<Vec<_>>(), "{name}");
    });
}

#[test]
fn everything_that_is_shown_has_words_for_the_ear() {
    every(|kiosk, name, _| {
        for entry in kiosk.script().entries {
            let spoken = format!("{} {}", entry.spoken, entry.spoken_value);
            assert!(!entry.spoken.trim().is_empty(), "{name}: {entry:?}");
            assert!(!spoken.contains(['€', '{', '}', '/', '•', '\u{a0}']), "{name}: {spoken}");
            let longest = spoken.split(|sign: char| !sign.is_ascii_digit()).map(str::len).max();
            assert!(longest <= Some(4), "{name}: {spoken}");
            if entry.state == State::Unavailable {
                assert!(entry.target.is_some(), "{name}: {entry:?}");
            }
        }
    });
}

#[test]
fn every_word_is_inside_of_its_box_and_of_the_screen_and_covers_no_other() {
    let mut parts = 0;
    every(|kiosk, name, _| {
        let all = elements(kiosk);
        let boxes: Vec<&Element> = all.iter().filter(|element| !element.label.is_empty()).collect();
        for (place, one) in boxes.iter().enumerate() {
            let inside =
                one.x >= 0.0 && one.y >= 0.0 && one.right() <= WIDTH as f32 && one.bottom() <= HEIGHT as f32;
            assert!(inside, "{name}: outside of the screen: {one:?}");
            for other in boxes.iter().skip(place + 1) {
                let nested = one.holds(other) || other.holds(one);
                assert!(!one.overlaps(other) || nested, "{name}: {one:?} is over {other:?}");
            }
        }
        for text in all.iter().filter(|element| element.text && element.role.is_none() && element.width > 0.0)
        {
            let centre = Element {
                x: text.x + text.width / 2.0,
                y: text.y + text.height / 2.0,
                width: 0.0,
                height: 0.0,
                ..text.clone()
            };
            for around in boxes.iter().filter(|around| around.holds(&centre) && around.role.is_some()) {
                assert!(around.holds(text), "{name}: {text:?} leaves {around:?}");
                parts += 1;
            }
        }
    });
    assert!(parts > 2000, "only {parts} texts were looked at");
}

#[test]
fn targets_are_large_apart_and_within_reach_of_a_wheelchair() {
    every(|kiosk, name, view| {
        let targets = targets(kiosk);
        let keys = if matches!(view.page, Page::Write { .. }) { keys_below(kiosk) } else { 0.0..0.0 };
        for (place, one) in targets.iter().enumerate() {
            // A key of a keyboard may be lower than a button: there are many, and they are all alike.
            let least = if keys.contains(&one.y) { 20.0 } else { 30.0 };
            assert!(one.width >= 20.0 * MM && one.height >= least * MM, "{name}: too small: {one:?}");
            assert!(one.y >= HEIGHT as f32 / 2.0, "{name}: too high up: {one:?}");
            for other in targets.iter().skip(place + 1) {
                let across = (other.x - one.right()).max(one.x - other.right());
                let down = (other.y - one.bottom()).max(one.y - other.bottom());
                assert!(across.max(down) >= 5.0 * MM, "{name}: {one:?} is too near to {other:?}");
            }
        }
    });
}

/// From where to where there are keys: above the large buttons.
fn keys_below(kiosk: &ui::Kiosk) -> std::ops::Range<f32> {
    let buttons = targets(kiosk);
    let first = buttons.iter().find(|one| one.height > 60.0 * MM).expect("a large button");
    HEIGHT as f32 / 2.0..first.y
}

#[test]
fn targets_are_read_from_top_to_bottom_and_from_left_to_right() {
    every(|kiosk, name, _| {
        for pair in targets(kiosk).windows(2) {
            if let [one, next] = pair {
                let same_row = (one.y - next.y).abs() < 1.0;
                assert!(next.y >= one.bottom() || same_row && next.x > one.x, "{name}: {one:?}, {next:?}");
            }
        }
    });
}

#[test]
fn back_help_and_language_are_in_the_same_place_on_every_page() {
    let mut expected: Option<Vec<[f32; 4]>> = None;
    every(|kiosk, name, view| {
        if matches!(view.page, Page::Attract { .. }) || view.idle_warning.is_some() {
            return;
        }
        let targets = targets(kiosk);
        let bar: Vec<[f32; 4]> =
            targets.iter().skip(targets.len() - 3).map(|one| [one.x, one.y, one.width, one.height]).collect();
        assert_eq!(expected.get_or_insert_with(|| bar.clone()), &bar, "{name}");
    });
}

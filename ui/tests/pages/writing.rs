//! Writing on the screen and on a keyboard: keys, cursor, what is seen of a long text, and who hears it.
use std::collections::BTreeSet;

use ui::{Intent, Key, Kiosk, Language, Page, Role, State, View, WriteField, WriteKeys};

use crate::help::*;

fn writing(name: &str, change: impl FnOnce(&mut String, &mut u16, &mut WriteKeys)) -> View {
    let mut view = sample(Language::Spanish, name);
    let Page::Write { text, cursor, keys, .. } = &mut view.page else { panic!("{name} is no writing") };
    change(text, cursor, keys);
    view
}

fn field(kiosk: &Kiosk) -> ui::Entry {
    kiosk.script().entries.into_iter().find(|entry| entry.role == Role::Field).expect("a field")
}

/// The signs that are written by touching every key of the page once.
fn touched(kiosk: &mut Kiosk, now: &mut u64) -> BTreeSet<char> {
    let mut written = BTreeSet::new();
    for key in targets(kiosk) {
        *now += 1000;
        tap(kiosk, &key, *now);
        for intent in kiosk.intents() {
            match intent {
                Intent::Letter(letter) => drop(written.insert(letter)),
                Intent::Digit(digit) => drop(written.insert(char::from(b'0' + digit))),
                _ => {}
            }
        }
    }
    written
}

#[test]
fn every_letter_of_both_languages_is_written_by_one_touch() {
    let (mut kiosk, mut now) = (kiosk(), 0);
    let letters = "abcdefghijklmnñopqrstuvwxyzçàáèéíïòóúü·";
    for (name, expected) in [
        ("write-facts", format!("{letters}0123456789 \n,.-:/'€")),
        ("write-facts-capitals", format!("{}0123456789 \n", letters.to_uppercase())),
        ("write-facts-symbols", ".,;:?!¿¡()/@_+-\"€%º&#ª0123456789 \n".to_owned()),
        ("write-own-name", format!("{letters} ")),
        ("write-email", "abcdefghijklmnopqrstuvwxyz0123456789@._-".to_owned()),
        ("write-own-number", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".to_owned()),
        ("write-telephone", "+0123456789".to_owned()),
    ] {
        kiosk.show(sample(Language::Spanish, name));
        let written = touched(&mut kiosk, &mut now);
        let missing: String = expected.chars().filter(|sign| !written.contains(sign)).collect();
        assert_eq!(missing, "", "{name}");
        assert_eq!(written.contains(&'\n'), expected.contains('\n'), "{name}: a line too many");
    }
}

#[test]
fn what_mends_is_there_and_works_only_where_it_can() {
    let mut kiosk = kiosk();
    let usable = |kiosk: &Kiosk| -> Vec<String> {
        let mending = ["Borrar", "Cursor atrás", "Cursor adelante", "Deshacer"];
        let entries = kiosk.script().entries.into_iter();
        let works = entries.filter(|entry| entry.state == State::Usable && mending.contains(&&*entry.label));
        works.map(|entry| entry.label).collect()
    };
    kiosk.show(sample(Language::Spanish, "write-facts-empty"));
    assert_eq!(usable(&kiosk), Vec::<String>::new());
    kiosk.show(sample(Language::Spanish, "write-facts-middle"));
    assert_eq!(usable(&kiosk), ["Borrar", "Cursor atrás", "Cursor adelante", "Deshacer"]);
    kiosk.show(sample(Language::Spanish, "write-facts-beginning"));
    assert_eq!(usable(&kiosk), ["Cursor adelante", "Deshacer"]);
    for (label, expected) in [
        ("Cursor adelante", Intent::CursorForward),
        ("Deshacer", Intent::Undo),
        ("Mayús.", Intent::WriteKeys(WriteKeys::Capital)),
    ] {
        let key = target(&kiosk, label);
        tap(&mut kiosk, &key, 1000);
        assert!(kiosk.intents() == [expected], "{label}");
    }
}

#[test]
fn a_double_tap_keeps_the_capitals_and_a_double_tap_on_signs_changes_them_once() {
    let mut kiosk = kiosk();
    kiosk.show(writing("write-facts", |_, _, keys| *keys = WriteKeys::Small));
    let shift = target(&kiosk, "Mayús.");
    tap(&mut kiosk, &shift, 1000);
    assert!(kiosk.intents() == [Intent::WriteKeys(WriteKeys::Capital)]);
    kiosk.show(writing("write-facts", |_, _, keys| *keys = WriteKeys::Capital));
    tap(&mut kiosk, &shift, 1200);
    assert!(kiosk.intents() == [Intent::WriteKeys(WriteKeys::CapitalLock)]);
    kiosk.show(writing("write-facts", |_, _, keys| *keys = WriteKeys::CapitalLock));
    let chosen: Vec<String> = kiosk
        .script()
        .entries
        .into_iter()
        .filter(|entry| entry.state == State::Chosen)
        .map(|entry| entry.spoken)
        .collect();
    assert_eq!(chosen, ["Quitar las mayúsculas"]);
    let signs = target(&kiosk, "Signos");
    tap(&mut kiosk, &signs, 3000);
    assert!(kiosk.intents() == [Intent::WriteKeys(WriteKeys::Symbols)]);
    kiosk.show(writing("write-facts", |_, _, keys| *keys = WriteKeys::Symbols));
    tap(&mut kiosk, &signs, 3200);
    assert!(kiosk.intents().is_empty(), "the second tap has changed them back");
}

#[test]
fn a_letter_after_a_capital_is_not_lost_however_quick() {
    let mut kiosk = kiosk();
    kiosk.show(writing("write-facts", |_, _, keys| *keys = WriteKeys::Capital));
    let (capital, small) = (target(&kiosk, "M"), target(&kiosk, "A"));
    tap(&mut kiosk, &capital, 1000);
    assert!(kiosk.intents() == [Intent::Letter('M')]);
    kiosk.show(writing("write-facts", |text, cursor, keys| {
        text.push('M');
        *cursor += 1;
        *keys = WriteKeys::Small;
    }));
    tap(&mut kiosk, &small, 1150);
    assert!(kiosk.intents() == [Intent::Letter('a')]);
}

#[test]
fn a_keyboard_writes_into_every_field_and_nowhere_else() {
    let mut kiosk = kiosk();
    let typed = |kiosk: &mut Kiosk, signs: &str| -> String {
        for sign in signs.chars() {
            press_key(kiosk, Key::Character(sign), 1000);
        }
        let sign = |intent: Intent| match intent {
            Intent::Letter(letter) => letter,
            Intent::Digit(digit) => char::from(b'0' + digit),
            _ => '!',
        };
        kiosk.intents().into_iter().map(sign).collect()
    };
    let all = "aÑç·é €@7\u{7}\u{1b}漢\u{a0}";
    for (name, expected) in [
        ("write-facts", "aÑç·é €@7"),
        ("write-facts-symbols", "aÑç·é €@7"),
        ("write-own-number", "aÑç·é €@7"),
        ("pin-empty", "a7"),
        ("type-issuer", "7"),
        ("menu", ""),
        ("bill", ""),
        ("idle-warning", "!!!!!!!!!!!!!"),
    ] {
        kiosk.show(sample(Language::Spanish, name));
        assert_eq!(typed(&mut kiosk, all), expected, "{name}");
    }
    kiosk.show(sample(Language::Spanish, "write-facts"));
    press_key(&mut kiosk, Key::Clear, 0);
    press_key(&mut kiosk, Key::Digit(3), 0);
    assert!(kiosk.intents() == [Intent::Erase, Intent::Digit(3)]);
    assert_eq!(format!("{:?}", ui::InputEvent::Key(Key::Character('x'))), "Key(Character(_))");
}

#[test]
fn enter_begins_a_line_in_a_text_and_goes_on_in_a_single_one() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "write-facts"));
    assert_eq!(kiosk.script().focus, Some(0), "the text is ready to be written");
    press_key(&mut kiosk, Key::Select, 1000);
    assert!(kiosk.intents() == [Intent::Letter('\n')]);
    kiosk.show(sample(Language::Spanish, "write-own-name"));
    press_key(&mut kiosk, Key::Select, 2000);
    assert!(kiosk.intents() == [Intent::Confirm]);
    kiosk.show(sample(Language::Spanish, "write-own-name-empty"));
    press_key(&mut kiosk, Key::Select, 3000);
    assert!(kiosk.intents().is_empty());
}

#[test]
fn arrows_move_the_cursor_in_the_text_and_leave_it_at_its_ends() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "write-facts-middle"));
    press_key(&mut kiosk, Key::Left, 0);
    press_key(&mut kiosk, Key::Right, 0);
    assert!(kiosk.intents() == [Intent::CursorBack, Intent::CursorForward]);
    assert_eq!(kiosk.script().focus, Some(0));
    kiosk.show(sample(Language::Spanish, "write-facts"));
    press_key(&mut kiosk, Key::Right, 0);
    assert!(kiosk.intents().is_empty(), "the cursor is at the end");
    assert_eq!(kiosk.script().focus, Some(1));
    press_key(&mut kiosk, Key::Left, 0);
    press_key(&mut kiosk, Key::Next, 0);
    assert_eq!(
        kiosk.script().focus,
        Some(1),
        "the key of two switches leaves the text wherever the cursor is"
    );
    kiosk.show(sample(Language::Spanish, "menu"));
    kiosk.show(sample(Language::Spanish, "write-facts-beginning"));
    press_key(&mut kiosk, Key::Up, 0);
    press_key(&mut kiosk, Key::Down, 0);
    press_key(&mut kiosk, Key::Left, 0);
    let last = kiosk.script().entries.iter().filter_map(|entry| entry.target).max();
    assert_eq!(kiosk.script().focus, last, "round to the end");
}

#[test]
fn up_and_down_go_by_rows_to_the_nearest_key() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "write-facts"));
    let mut labels = Vec::new();
    for _ in 0..10 {
        press_key(&mut kiosk, Key::Down, 0);
        let script = kiosk.script();
        let entry =
            script.entries.iter().find(|entry| entry.target.is_some() && entry.target == script.focus);
        labels.push(entry.expect("a target").label.clone());
    }
    let expected = ["7", "u", "j", "b", "ó", "Intro", "Continuar", "Ayuda", "Hechos y razones", "7"];
    assert_eq!(labels, expected);
    // From the right edge straight down stays at the right edge.
    kiosk.show(sample(Language::Spanish, "write-own-name"));
    while kiosk.script().entries.iter().find(|entry| entry.label == "Borrar").and_then(|entry| entry.target)
        != kiosk.script().focus
    {
        press_key(&mut kiosk, Key::Next, 0);
    }
    for expected in ["'", "ç", ".", ":", "Deshacer"] {
        press_key(&mut kiosk, Key::Down, 0);
        let script = kiosk.script();
        let entry = script
            .entries
            .iter()
            .find(|entry| entry.target.is_some() && entry.target == script.focus)
            .expect("a target");
        assert_eq!(entry.label, expected);
    }
}

/// How far from the left the cursor stands.
fn caret(kiosk: &Kiosk) -> f32 {
    let thin = 1.9 * MM;
    let all = elements(kiosk);
    let mut found =
        all.iter().filter(|one| !one.text && (one.width - thin).abs() < 0.1 && one.height > 10.0 * MM);
    found.next().expect("a cursor").x
}

#[test]
fn the_cursor_is_seen_where_it_is_behind_spaces_too() {
    let mut kiosk = kiosk();
    let place = |kiosk: &mut Kiosk, words: &str| {
        kiosk.show(writing("write-own-name", |text, cursor, _| {
            *text = words.to_owned();
            *cursor = u16::try_from(words.chars().count()).expect("short");
        }));
        caret(kiosk)
    };
    let (empty, word) = (place(&mut kiosk, ""), place(&mut kiosk, "Vecina"));
    let (space, spaces) = (place(&mut kiosk, "Vecina "), place(&mut kiosk, "Vecina     "));
    assert!(
        word > empty + 20.0 && space > word + 2.0 && spaces > space + 10.0,
        "{empty} {word} {space} {spaces}"
    );
    // Where the measure and the renderer agree, the next letter begins at the cursor.
    let next = place(&mut kiosk, "Vecina d");
    assert!(next > space + 3.0, "{space} {next}");
    kiosk.show(writing("write-own-name", |text, cursor, _| {
        *text = "WWWWiiii".repeat(9);
        *cursor = 72;
    }));
    assert!(caret(&kiosk) < WIDTH as f32 - 23.6 * MM);
}

#[test]
fn the_text_is_private_and_so_are_its_keys() {
    let mut kiosk = kiosk();
    for name in ["write-facts", "write-own-number", "write-email-longest", "write-facts-symbols"] {
        kiosk.show(sample(Language::Spanish, name));
        assert!(field(&kiosk).private);
        let count = kiosk.script().entries.iter().filter(|entry| entry.target.is_some()).count();
        for _ in 0..count {
            press_key(&mut kiosk, Key::Next, 0);
            let script = kiosk.script();
            let entry = script.entries.iter().find(|entry| entry.target == script.focus).expect("an entry");
            let aloud = script.focused(false).expect("something has the focus");
            let sign = entry.label.chars().count() == 1;
            assert!(!sign || entry.private && aloud.starts_with("botón, "), "{name}: {aloud}");
            assert!(!aloud.contains(&entry.spoken_value) || entry.spoken_value.is_empty(), "{name}: {aloud}");
        }
    }
}

#[test]
fn keys_say_what_they_are() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "write-facts"));
    let names: Vec<(String, String)> =
        kiosk.script().entries.into_iter().map(|entry| (entry.label, entry.spoken)).collect();
    for (label, spoken) in [
        ("ñ", "eñe"),
        ("ç", "ce cedilla"),
        ("à", "a con acento grave"),
        ("·", "punto volado"),
        (",", "coma"),
        ("Intro", "Línea nueva"),
        ("Mayús.", "Mayúsculas"),
    ] {
        assert!(names.contains(&(label.to_owned(), spoken.to_owned())), "{label}");
    }
}

#[test]
fn where_the_cursor_is_can_be_heard() {
    let mut kiosk = kiosk();
    kiosk.show(writing("write-own-name", |text, cursor, _| {
        *text = "Vecina de Prueba".to_owned();
        *cursor = 9;
    }));
    assert_eq!(field(&kiosk).value, "Vecina de Prueba");
    assert_eq!(field(&kiosk).spoken_value, "Vecina de Prueba. El cursor está detrás de: Vecina de");
    kiosk.show(writing("write-own-name", |_, cursor, _| *cursor = 0));
    assert!(field(&kiosk).spoken_value.ends_with("El cursor está al principio"));
}

#[test]
fn hostile_texts_and_cursors_stay_inside_of_their_box() {
    let mut kiosk = kiosk();
    for (hostile, cursor) in [
        ("W".repeat(9000), u16::MAX),
        ("\u{202e}\u{0}漢😀ŀ".repeat(900), 4000),
        ("\n".repeat(9000), 3999),
        (" ".repeat(9000), 2000),
        ("a\n".repeat(4000), 0),
    ] {
        for (name, _) in
            ui::samples::all(Language::Spanish).iter().filter(|(name, _)| name.starts_with("write-"))
        {
            kiosk.show(writing(name, |text, at, _| (*text, *at) = (hostile.clone(), cursor)));
            let all = elements(&kiosk);
            for element in all.iter().filter(|one| one.text && one.width > 0.0) {
                assert!(element.right() <= WIDTH as f32 - 20.0 * MM, "{name}: {element:?}");
            }
            for one in targets(&kiosk) {
                assert!(one.y >= HEIGHT as f32 / 2.0, "{name}: {one:?}");
            }
        }
    }
}

#[test]
fn each_field_has_a_question_and_a_help_of_its_own_kind() {
    let mut kiosk = kiosk();
    let mut helps = BTreeSet::new();
    let mut questions = BTreeSet::new();
    for (name, view) in ui::samples::all(Language::Spanish) {
        let Page::Write { field, .. } = &view.page else { continue };
        let field: WriteField = *field;
        let heading = {
            kiosk.show(view.clone());
            let entries = kiosk.script().entries;
            entries.into_iter().find(|entry| entry.role == Role::Heading).expect("a heading").label
        };
        questions.insert(heading.clone());
        kiosk.show(sample(Language::Spanish, "help"));
        let help = kiosk.script().page(true).join(" ");
        assert!(!help.contains("Lea la página y toque"), "{name}: {field:?} has no help of its own");
        helps.insert(help);
    }
    assert_eq!(questions.len(), 12);
    assert!(helps.len() >= 7, "{}", helps.len());
}

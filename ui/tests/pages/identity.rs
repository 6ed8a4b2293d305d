//! The card, its PIN (22a, 35) and the list of documents, by touch, by keys and by ear.
use std::collections::BTreeSet;

use ui::{CertificateKind, InputEvent, Intent, Issue, Key, Kiosk, LANGUAGES, Language, Page, PinKeys, Role};

use crate::help::*;

fn pin(characters: u8, keys: PinKeys) -> ui::View {
    let mut view = sample(Language::Spanish, "pin-empty");
    if let Page::Pin { characters: count, complete, keys: shown, .. } = &mut view.page {
        (*count, *complete, *shown) = (characters, characters >= 4, keys);
    }
    view
}

fn field(kiosk: &Kiosk) -> ui::Entry {
    kiosk.script().entries.into_iter().find(|entry| entry.role == Role::Field).expect("a field")
}

#[test]
fn a_pin_is_typed_on_the_keypad_and_only_its_length_is_told() {
    let mut kiosk = kiosk();
    kiosk.show(pin(0, PinKeys::Digits));
    assert_eq!(
        kiosk.script().focused(true).as_deref(),
        Some("PIN de la tarjeta, casilla, Todavía vacío, 1 de 17")
    );
    press_key(&mut kiosk, Key::Digit(7), 0);
    press_key(&mut kiosk, Key::Digit(7), 50);
    press_key(&mut kiosk, Key::Clear, 100);
    let typed = kiosk.intents();
    assert!(typed == [Intent::Digit(7), Intent::Digit(7), Intent::Erase]);
    kiosk.show(pin(1, PinKeys::Digits));
    assert_eq!(
        kiosk.script().focused(true).as_deref(),
        Some("PIN de la tarjeta, casilla, 1 carácter, 1 de 17")
    );
    press_key(&mut kiosk, Key::Select, 1000);
    assert!(kiosk.intents().is_empty(), "a PIN that is not complete does not go on");
    kiosk.show(pin(4, PinKeys::Digits));
    press_key(&mut kiosk, Key::Select, 2000);
    assert!(kiosk.intents() == [Intent::Confirm]);
}

#[test]
fn letters_small_and_large_are_typed_by_touch_and_by_keys() {
    let mut kiosk = kiosk();
    kiosk.show(pin(0, PinKeys::Digits));
    let letters = target(&kiosk, "Letras");
    tap(&mut kiosk, &letters, 1000);
    assert!(kiosk.intents() == [Intent::PinKeys(PinKeys::Small)]);
    let mut now = 10_000;
    for (keys, first, other) in
        [(PinKeys::Small, 'a', PinKeys::Capital), (PinKeys::Capital, 'A', PinKeys::Small)]
    {
        kiosk.show(pin(0, keys));
        let mut seen = Vec::new();
        let all: Vec<Element> = targets(&kiosk).into_iter().take(29).collect();
        for key in &all {
            now += 1000;
            tap(&mut kiosk, key, now);
            seen.extend(kiosk.intents());
        }
        let alphabet = (0..26_u8).map(|place| Intent::Letter((first as u8 + place) as char));
        let mut expected: Vec<Intent> = alphabet.collect();
        expected.extend([Intent::PinKeys(other), Intent::PinKeys(PinKeys::Digits)]);
        assert!(seen == expected, "an erase key with nothing to erase, or letters out of order");
        // The field has the focus by itself; the first letter is below it.
        let mut fresh = crate::help::kiosk();
        fresh.show(pin(2, keys));
        press_key(&mut fresh, Key::Down, 0);
        press_key(&mut fresh, Key::Select, 1000);
        assert!(fresh.intents() == [Intent::Letter(first)]);
    }
}

#[test]
fn a_double_tap_changes_the_keys_once() {
    let mut kiosk = kiosk();
    kiosk.show(pin(0, PinKeys::Small));
    let capitals = target(&kiosk, "ABC");
    tap(&mut kiosk, &capitals, 1000);
    assert!(kiosk.intents() == [Intent::PinKeys(PinKeys::Capital)]);
    kiosk.show(pin(0, PinKeys::Capital));
    tap(&mut kiosk, &capitals, 1250);
    assert!(kiosk.intents().is_empty(), "the second tap has changed them back");
    tap(&mut kiosk, &capitals, 2500);
    assert!(kiosk.intents() == [Intent::PinKeys(PinKeys::Small)]);
}

#[test]
fn a_dot_stands_for_each_character_and_nothing_else_of_them_is_there() {
    let mut kiosk = kiosk();
    for language in LANGUAGES {
        for count in 0..=16 {
            let mut view = pin(count, PinKeys::Capital);
            view.language = language;
            kiosk.show(view);
            let size = 11.0 * MM;
            let dots = elements(&kiosk)
                .iter()
                .filter(|one| (one.width - size).abs() < 0.01 && (one.height - size).abs() < 0.01)
                .count();
            assert_eq!(dots, usize::from(count));
            let field = field(&kiosk);
            assert!(field.private);
            assert!(count == 0 || field.value.starts_with(&format!("{count} ")), "{field:?}");
            assert_eq!(field.value, field.spoken_value);
        }
    }
}

#[test]
fn the_loudspeaker_never_names_a_key_of_the_pin() {
    let mut kiosk = kiosk();
    for keys in [PinKeys::Digits, PinKeys::Small, PinKeys::Capital] {
        kiosk.show(pin(3, keys));
        for _ in 0..60 {
            press_key(&mut kiosk, Key::Down, 0);
            let script = kiosk.script();
            let entry = script.entries.iter().find(|entry| entry.target == script.focus).expect("an entry");
            let aloud = script.focused(false).expect("something has the focus");
            let secret = entry.label.chars().count() == 1;
            assert_eq!(entry.private, secret || entry.role == Role::Field, "{entry:?}");
            assert!(!secret || aloud.starts_with("botón, "), "{aloud}");
        }
    }
}

#[test]
fn neither_intents_nor_keys_print_a_character() {
    for digit in 0..=9 {
        assert_eq!(format!("{:?}", Intent::Digit(digit)), "Digit(_)");
        assert_eq!(format!("{:?}", InputEvent::Key(Key::Digit(digit))), "Key(Digit(_))");
    }
    for letter in ('a'..='z').chain('A'..='Z') {
        assert_eq!(format!("{:?}", Intent::Letter(letter)), "Letter(_)");
    }
    assert_eq!(format!("{:?}", Intent::Choose(3)), "Choose(3)");
}

#[test]
fn the_key_pressed_last_is_not_found_again_after_help() {
    let mut kiosk = kiosk();
    kiosk.show(pin(0, PinKeys::Digits));
    for _ in 0..5 {
        press_key(&mut kiosk, Key::Down, 0);
    }
    press_key(&mut kiosk, Key::Select, 1000);
    kiosk.intents();
    kiosk.show(sample(Language::Spanish, "help"));
    assert!(kiosk.script().entries.iter().any(|entry| entry.label.contains("El PIN es la clave")));
    kiosk.show(pin(1, PinKeys::Digits));
    assert_eq!(kiosk.script().focus, Some(0), "the field, not the key");
}

#[test]
fn tries_left_are_said_before_the_next_one() {
    let mut kiosk = kiosk();
    for (name, first) in [
        ("pin-wrong", "Ese PIN no es correcto. Le quedan 2 intentos. Escríbalo otra vez, despacio."),
        ("pin-wrong-last", "Ese PIN no es correcto. Le queda 1 intento. Si falla, la tarjeta se bloquea."),
        ("pin-last", "Le queda un solo intento. Si falla, la tarjeta se bloquea."),
    ] {
        kiosk.show(sample(Language::Spanish, name));
        assert_eq!(kiosk.script().page(false).first().map(String::as_str), Some(first), "{name}");
    }
    kiosk.show(sample(Language::Spanish, "pin-empty"));
    assert!(kiosk.script().page(false).iter().any(|said| said.contains("Le quedan 3 intentos.")));
}

fn offers(count: u8) -> ui::View {
    let mut view = sample(Language::Spanish, "certificates");
    if let Page::Certificates { kinds, .. } = &mut view.page {
        *kinds = (0..count)
            .map(|place| CertificateKind {
                title: format!("Certificado número {place}"),
                authoritative: true,
                collective: place % 2 == 0,
                issue: Issue::AtOnce,
            })
            .collect();
    }
    view
}

#[test]
fn every_document_of_a_long_list_is_reached_by_touch() {
    let mut kiosk = kiosk();
    let mut now = 0;
    for count in [1, 3, 4, 5, 7, 24] {
        kiosk.show(sample(Language::Spanish, "menu"));
        kiosk.show(offers(count));
        let mut chosen = BTreeSet::new();
        for _ in 0..24 {
            let cards = targets(&kiosk).len() - 3;
            for place in 0..cards {
                let Some(card) = targets(&kiosk).into_iter().nth(place) else { continue };
                let turns = card.label.contains("Lista ");
                now += 1000;
                tap(&mut kiosk, &card, now);
                let intents = kiosk.intents();
                match intents[..] {
                    [] => assert!(turns, "{card:?} does nothing"),
                    [Intent::Choose(at)] => {
                        assert!(card.label.starts_with(&format!("Certificado número {at}.")), "{card:?}");
                        chosen.insert(at);
                    }
                    _ => panic!("{intents:?}"),
                }
            }
        }
        assert_eq!(chosen.len(), usize::from(count), "of {count}: {chosen:?}");
    }
}

#[test]
fn a_list_is_turned_by_keys_and_stays_so_while_a_document_is_looked_at() {
    let mut kiosk = kiosk();
    kiosk.show(offers(24));
    let first: Vec<String> = targets(&kiosk).into_iter().map(|card| card.label).collect();
    let turn = first.iter().position(|label| label.contains("Lista 1 de")).expect("a way on");
    for _ in 0..=turn {
        press_key(&mut kiosk, Key::Down, 0);
    }
    press_key(&mut kiosk, Key::Select, 1000);
    assert!(kiosk.intents().is_empty(), "turning the list is not the engine's matter");
    assert_eq!(kiosk.script().focus, Some(0));
    let second: Vec<String> = targets(&kiosk).into_iter().map(|card| card.label).collect();
    assert!(
        second
            .iter()
            .all(|label| label.contains("Ayuda") || !first.contains(label) || !label.starts_with("Cert"))
    );
    kiosk.show(sample(Language::Spanish, "certificate-queued"));
    kiosk.show(offers(24));
    let again: Vec<String> = targets(&kiosk).into_iter().map(|card| card.label).collect();
    assert_eq!(again, second);
    kiosk.show(sample(Language::Spanish, "attract"));
    kiosk.show(offers(24));
    let next_citizen: Vec<String> = targets(&kiosk).into_iter().map(|card| card.label).collect();
    assert_eq!(next_citizen, first);
}

#[test]
fn a_document_that_cannot_be_had_says_why_and_leads_to_all_of_it() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "certificates-refused"));
    let refused =
        targets(&kiosk).into_iter().find(|card| card.label.contains("Ahora no se puede")).expect("a card");
    assert!(refused.label.contains("Su inscripción está pendiente"), "{refused:?}");
    tap(&mut kiosk, &refused, 1000);
    assert!(kiosk.intents() == [Intent::Choose(1)]);
    kiosk.show(sample(Language::Spanish, "certificate-refused"));
    let said = kiosk.script().page(true).join(" ");
    assert!(said.contains("no se puede certificar de forma automática."), "{said}");
    assert!(said.contains("con su pasaporte o su permiso."), "{said}");
}

#[test]
fn the_language_of_the_document_is_chosen_beside_the_language_of_the_page() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::English, "certificate-note"));
    let spanish = target(&kiosk, "Castellano");
    tap(&mut kiosk, &spanish, 1000);
    assert!(kiosk.intents() == [Intent::DocumentLanguage(Language::Spanish)]);
    let chosen: Vec<String> = kiosk
        .script()
        .entries
        .into_iter()
        .filter(|entry| entry.state == ui::State::Chosen)
        .map(|entry| entry.label)
        .collect();
    assert_eq!(chosen, ["Valencià"]);
}

#[test]
fn who_keeps_the_data_and_for_what_is_said_before_the_card_is_in() {
    let mut kiosk = kiosk();
    for (language, name) in [
        (Language::Spanish, "Responsable"),
        (Language::Valencian, "Responsable"),
        (Language::English, "Controller"),
    ] {
        kiosk.show(sample(language, "card"));
        let said = kiosk.script().page(false).join(" ");
        assert!(said.contains(&format!("{name}: Ayuntamiento de Villamar.")), "{said}");
    }
}

#[test]
fn hostile_names_and_titles_stay_inside_of_their_box() {
    let mut kiosk = kiosk();
    let mut view = sample(Language::Spanish, "certificates-many");
    if let Page::Certificates { name, kinds } = &mut view.page {
        *name = "VECINA\u{202e}DEPRUEBA\n".repeat(300);
        for kind in kinds {
            kind.title = "CERTIFICADODEEMPADRONAMIENTO ".repeat(300);
            kind.issue = Issue::Refused { text: "W".repeat(3000), next: "\u{0}".repeat(3000) };
        }
    }
    kiosk.show(view);
    for element in elements(&kiosk).iter().filter(|element| !element.label.is_empty()) {
        assert!(element.right() <= WIDTH as f32 && element.bottom() <= HEIGHT as f32, "{element:?}");
    }
    for target in targets(&kiosk) {
        assert!(target.y >= HEIGHT as f32 / 2.0, "{target:?}");
    }
}

//! Petition and appointment by touch, by keys and by ear: everything is read before it is signed, every part of it is
//! changed, every hour is chosen, and a scanned sheet is seen as it is.
use std::collections::BTreeSet;

use ui::{Intent, Item, Key, Kiosk, Language, Page, PetitionPart, Picture, Question, View, samples};

use crate::help::*;

fn show(kiosk: &mut Kiosk, name: &str) {
    kiosk.show(sample(Language::Spanish, name));
}

fn label_of(kiosk: &Kiosk, wanted: &str) -> Option<Element> {
    targets(kiosk).into_iter().find(|one| one.label.starts_with(wanted))
}

#[test]
fn every_word_of_a_petition_can_be_read_before_it_is_signed() {
    let (mut kiosk, mut now) = (kiosk(), 0);
    for name in ["check", "check-usual", "check-longest", "check-wide"] {
        show(&mut kiosk, "menu");
        show(&mut kiosk, name);
        let Page::PetitionCheck { facts, request, to, attachments, .. } =
            sample(Language::Spanish, name).page
        else {
            panic!("{name}")
        };
        let mut read = String::new();
        let mut parts = 1;
        loop {
            for line in kiosk.script().entries.iter().filter(|entry| entry.target.is_none()) {
                assert!(!line.label.contains(&facts[..4]) || line.private, "{name}: {line:?}");
                read.push_str(&line.label);
                read.push(' ');
            }
            let next = targets(&kiosk).into_iter().find(|one| one.label == "Siguiente");
            let Some(next) = next else { break };
            now += 1000;
            let before = kiosk.script();
            tap(&mut kiosk, &next, now);
            assert!(kiosk.intents().is_empty(), "{name}: turning is not the engine's matter");
            if kiosk.script() == before {
                break;
            }
            parts += 1;
        }
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        // Names of what goes on stand between.
        let read = plain(&read.replace("Hechos y razones (sigue):", ""));
        let read =
            read.split("Parte").map(|part| part.split_once("antesdefirmar.").map_or(part, |(_, rest)| rest));
        let read: String = read.collect();
        let read = read.replace("Compruebesuinstancia", "").replace("Paso5de6", "");
        for expected in [&facts, &request, &to] {
            assert!(read.contains(&plain(expected)), "{name}: {expected} is not in {read}");
        }
        for attachment in attachments {
            assert!(read.contains(&plain(&attachment.name)), "{name}: {}", attachment.name);
        }
        assert!(parts > 6 || name != "check-longest", "{name} has {parts} parts");
        assert!(parts <= 3 || name == "check-longest" || name == "check-wide", "{name} has {parts} parts");
        // The way on is there on each of them.
        let confirm = target(&kiosk, "Está bien");
        now += 1000;
        tap(&mut kiosk, &confirm, now);
        assert!(kiosk.intents() == [Intent::Confirm]);
    }
}

#[test]
fn every_part_but_the_person_is_changed_and_back_leads_to_the_whole() {
    let mut kiosk = kiosk();
    show(&mut kiosk, "check-usual");
    let whole = kiosk.script();
    let change = target(&kiosk, "Cambiar algo");
    tap(&mut kiosk, &change, 1000);
    assert!(kiosk.intents().is_empty());
    let mut chosen = BTreeSet::new();
    let mut now = 2000;
    for row in targets(&kiosk).into_iter().filter(|one| one.height > 20.0 * MM && one.height < 31.0 * MM) {
        now += 1000;
        tap(&mut kiosk, &row, now);
        chosen.extend(kiosk.intents().into_iter().map(|intent| match intent {
            Intent::Choose(place) => place,
            other => panic!("{other:?}"),
        }));
    }
    let expected: BTreeSet<u8> =
        (0..8).filter(|place| PetitionPart::ALL[usize::from(*place)] != PetitionPart::Person).collect();
    assert_eq!(chosen, expected);
    press_key(&mut kiosk, Key::Help, now);
    assert!(kiosk.intents() == [Intent::Help]);
    show(&mut kiosk, "help");
    assert!(kiosk.script().page(true).join(" ").contains("toque Cambiar algo"));
    show(&mut kiosk, "check-usual");
    assert!(label_of(&kiosk, "Hechos y razones").is_some(), "after help it asks as before");
    press_key(&mut kiosk, Key::Back, now);
    assert!(kiosk.intents().is_empty(), "back is the pages' own here");
    assert_eq!(kiosk.script().entries, whole.entries);
    press_key(&mut kiosk, Key::Back, now);
    assert!(kiosk.intents() == [Intent::Back]);
    // What was turned and asked does not meet the next citizen.
    tap(&mut kiosk, &change, now + 2000);
    show(&mut kiosk, "attract");
    show(&mut kiosk, "check-usual");
    assert_eq!(kiosk.script().entries, whole.entries);
}

#[test]
fn a_hasty_second_tap_on_the_check_signs_nothing() {
    let mut kiosk = kiosk();
    show(&mut kiosk, "check-usual");
    let confirm = target(&kiosk, "Está bien");
    tap(&mut kiosk, &confirm, 1000);
    assert!(kiosk.intents() == [Intent::Confirm]);
    show(&mut kiosk, "consent");
    tap(&mut kiosk, &confirm, 1200);
    assert!(kiosk.intents().is_empty());
}

#[test]
fn what_is_declared_is_heard_before_the_buttons_and_both_ways_to_sign_work() {
    let mut kiosk = kiosk();
    show(&mut kiosk, "consent-card");
    let heard = kiosk.script().page(true).join(" ");
    for expected in [
        "Va dirigida a: Ayuntamiento de Villamar",
        "Lleva 1 documento.",
        "la registre con mi identidad",
        "La sede sella mi identidad",
    ] {
        assert!(heard.contains(expected), "{expected}: {heard}");
    }
    for (label, expected) in
        [("Firmar y presentar", Intent::Confirm), ("Firmar con el DNI", Intent::SignWithCard)]
    {
        let button = label_of(&kiosk, label).expect("a button");
        tap(&mut kiosk, &button, 1000);
        assert!(kiosk.intents() == [expected]);
    }
    show(&mut kiosk, "consent");
    assert!(label_of(&kiosk, "Firmar con el DNI").is_none());
}

fn list(question: Question, count: usize) -> View {
    let mut view = sample(Language::Spanish, "choose-hour");
    let item = |place: usize| {
        let title = if question == Question::AppointmentHour {
            format!("{place}:00")
        } else {
            format!("Cosa número {place}")
        };
        Item { title, text: String::new(), off: place % 3 == 2 }
    };
    view.page = Page::Choose { question, name: String::new(), items: (0..count).map(item).collect() };
    view
}

#[test]
fn every_entry_of_every_list_is_reached_by_touch_and_those_that_cannot_be_had_as_well() {
    let mut kiosk = kiosk();
    let mut now = 0;
    for question in [Question::Body, Question::AppointmentHour, Question::AppointmentDay] {
        for count in [1, 5, 12, 16, 17, 30, 250, 400] {
            show(&mut kiosk, "menu");
            kiosk.show(list(question, count));
            let mut chosen = BTreeSet::new();
            for _ in 0..90 {
                let all = targets(&kiosk);
                for card in &all[..all.len() - 3] {
                    now += 1000;
                    tap(&mut kiosk, card, now);
                    match kiosk.intents()[..] {
                        [] => assert!(card.label.contains("Lista "), "{card:?} does nothing"),
                        [Intent::Choose(place)] => drop(chosen.insert(place)),
                        ref other => panic!("{other:?}"),
                    }
                }
                if chosen.len() >= count.min(250) {
                    break;
                }
            }
            assert_eq!(chosen.len(), count.min(250), "{question:?}, {count}");
        }
    }
}

#[test]
fn another_list_begins_at_its_beginning_and_help_leaves_it_where_it_is() {
    let mut kiosk = kiosk();
    kiosk.show(list(Question::AppointmentDay, 30));
    let first = kiosk.script();
    let turn = label_of(&kiosk, "Ver más").expect("more");
    tap(&mut kiosk, &turn, 1000);
    let second = kiosk.script();
    assert_ne!(first, second);
    show(&mut kiosk, "help");
    kiosk.show(list(Question::AppointmentDay, 30));
    assert_eq!(kiosk.script().entries, second.entries);
    kiosk.show(list(Question::AppointmentHour, 30));
    assert!(label_of(&kiosk, "0:00").is_some());
    kiosk.show(list(Question::AppointmentDay, 30));
    assert_eq!(kiosk.script().entries, first.entries);
}

#[test]
fn tools_do_what_they_are_called() {
    let mut kiosk = kiosk();
    let mut now = 0;
    for (name, label, expected) in [
        ("scanned-many", "Anterior", Intent::PageBack),
        ("scanned-many", "Siguiente", Intent::PageForward),
        ("scanned-many", "Girar", Intent::Turn),
        ("scanned-many", "Repetir", Intent::ScanAgain),
        ("scanned-many", "Quitar", Intent::RemovePage),
        ("scanned-many", "Añadir otra hoja", Intent::AddPage),
        ("scanned-many", "El documento está completo", Intent::Confirm),
        ("more-sheets", "No, faltan hojas", Intent::AddPage),
        ("more-sheets", "Sí, están todas", Intent::Confirm),
        ("scan-from-jam-later", "Ya no hay más hojas", Intent::Confirm),
        ("scan-from", "Hojas sueltas", Intent::Choose(0)),
        ("scan-from", "Una hoja, un carné o un libro", Intent::Choose(1)),
        ("attachments-four", "DNI", Intent::Choose(3)),
        ("attachments-four", "Añadir uno", Intent::AddAttachment),
        ("attachments-none", "No, seguir", Intent::Confirm),
        ("attachment-parts", "Otro nombre", Intent::Rename),
        ("attachment-parts", "Repetir", Intent::ScanAgain),
        ("attachment-parts", "Quitar", Intent::RemoveAttachment),
        ("attachment-parts", "Sí, enviarlo así", Intent::Confirm),
        ("write-email-empty", "Dejarlo vacío", Intent::Skip),
        ("appointment-first", "Ver otros días", Intent::Another),
        ("appointment-taken-3", "Ver otros días", Intent::Another),
        ("own-appointment", "Anular la cita", Intent::CancelAppointment),
        ("own-appointment", "Imprimir otra vez", Intent::PrintAgain),
        ("appointment-cancel", "No, mantener la cita", Intent::Back),
        ("appointment-cancel", "Sí, anularla", Intent::Confirm),
        ("number-confirm", "No, escribirlo otra vez", Intent::Back),
        ("who-is", "Escribiendo mis datos", Intent::Choose(1)),
        ("notification", "Por correo postal", Intent::Choose(1)),
    ] {
        now += 1000;
        show(&mut kiosk, name);
        let button = label_of(&kiosk, label).unwrap_or_else(|| panic!("{name}: {label}"));
        tap(&mut kiosk, &button, now);
        assert_eq!(kiosk.intents(), [expected], "{name}: {label}");
        // The next one is pressed on a page that has come up meanwhile.
        show(&mut kiosk, "menu");
    }
    for (name, label) in [
        ("scanned", "Anterior"),
        ("scanned-last", "Añadir otra hoja"),
        ("scan-from", "Ya no hay más hojas"),
        ("write-own-name", "Dejarlo vacío"),
    ] {
        show(&mut kiosk, name);
        assert!(label_of(&kiosk, label).is_none(), "{name}: {label}");
    }
    for (name, label) in [
        ("attachments-full", "Añadir uno"),
        ("attachments-no-room", "Añadir uno"),
        ("scan-from-nothing", "Hojas"),
    ] {
        show(&mut kiosk, name);
        now += 1000;
        let button = label_of(&kiosk, label).expect("it stays to be seen");
        tap(&mut kiosk, &button, now);
        assert_eq!(kiosk.intents(), [], "{name}: {label}");
        show(&mut kiosk, "menu");
    }
}

#[test]
fn after_a_scanner_failed_it_is_said_first_what_happened_and_that_nothing_is_lost() {
    let mut kiosk = kiosk();
    for (name, view) in samples::all(Language::Spanish) {
        let Page::ScanFrom { problem: Some(problem), pages, .. } = view.page else { continue };
        kiosk.show(view.clone());
        let heard = kiosk.script().page(false);
        assert!(heard.first().is_some_and(|first| !first.starts_with("Paso")), "{name}: {heard:?}");
        let kept = heard.iter().any(|said| said.contains("No se ha perdido ninguna."));
        assert_eq!(kept, pages > 0, "{name}: {problem:?}: {heard:?}");
    }
}

#[test]
fn a_scanned_sheet_is_seen_upright_in_its_colours_and_as_large_as_there_is_room() {
    let mut kiosk = kiosk();
    let mut frame = frame();
    // Red at the top left, green at the top right, blue below.
    let colour = |x: u32, y: u32| match (x < 300, y < 500) {
        (true, true) => [200_u8, 0, 0],
        (false, true) => [0, 160, 0],
        _ => [0, 0, 200],
    };
    let pixels = (0..1000).flat_map(|y| (0..600).flat_map(move |x| colour(x, y))).collect();
    let mut view = sample(Language::Spanish, "scanned");
    if let Page::ScannedPage { picture, .. } = &mut view.page {
        *picture = Picture { width: 600, height: 1000, pixels };
    }
    kiosk.show(view.clone());
    kiosk.paint(&mut frame);
    let find = |colour: u32| -> Vec<(u32, u32)> {
        (0..)
            .zip(&frame)
            .filter(|(_, pixel)| **pixel == colour)
            .map(|(at, _)| (at % WIDTH, at / WIDTH))
            .collect()
    };
    let (red, green, blue) = (find(0x00C8_0000), find(0x0000_A000), find(0x0000_00C8));
    let middle = |of: &[(u32, u32)]| {
        let count = of.len().max(1) as u32;
        (of.iter().map(|at| at.0).sum::<u32>() / count, of.iter().map(|at| at.1).sum::<u32>() / count)
    };
    let (red_at, green_at, blue_at) = (middle(&red), middle(&green), middle(&blue));
    assert!(red_at.0 < green_at.0 && red_at.1.abs_diff(green_at.1) < 4, "{red_at:?} {green_at:?}");
    assert!(blue_at.1 > red_at.1, "{blue_at:?}");
    let high =
        blue.iter().map(|at| at.1).max().zip(red.iter().map(|at| at.1).min()).map(|(low, high)| low - high);
    assert!(high > Some((180.0 * MM) as u32), "{high:?} pixels high");
    // A record has no pixels: an empty sheet stands in its place.
    if let Page::ScannedPage { picture, .. } = &mut view.page {
        *picture = Picture { pixels: [].into(), ..picture.clone() };
    }
    kiosk.show(view);
    let mut empty = crate::help::frame();
    kiosk.repaint();
    kiosk.paint(&mut empty);
    assert!(!empty.contains(&0x00C8_0000));
}

#[test]
fn nothing_of_a_citizen_is_printed_by_debug_and_no_pixel_is_recorded() {
    for (name, view) in samples::all(Language::Spanish) {
        let printed = format!("{view:?}");
        for secret in [
            "VECIN",
            "Vecin",
            "acera",
            "12345678Z",
            "K7M2",
            "vecina",
            "REGAGE",
            "luz",
            "Constitución, número",
        ] {
            assert!(!printed.contains(secret), "{name}: {secret} in {printed}");
        }
    }
    let view = sample(Language::Spanish, "scanned");
    let Page::ScannedPage { picture, .. } = &view.page else { panic!("no sheet") };
    assert_eq!(format!("{picture:?}"), "Picture { width: 496, height: 702, .. }");
    let recorded = serde_json::to_string(&view).expect("a record");
    assert!(recorded.len() < 400, "{} bytes", recorded.len());
    let read: View = serde_json::from_str(&recorded).expect("a view");
    assert!(
        matches!(read.page, Page::ScannedPage { picture: Picture { width: 496, height: 702, pixels }, .. } if pixels.is_empty())
    );
}

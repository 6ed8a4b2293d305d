//! The keypad reaches everything, and the ring shows where it is (3, 4, 21, 23, 25, 30).
use std::cell::Cell;

use ui::{InputEvent, Intent, Key, Language, Page, Role, Service, State, amount, samples};

use crate::help::*;
use crate::looks::contrast;

#[test]
fn down_visits_everything_once_and_comes_round_and_up_goes_back() {
    every(|kiosk, name, view| {
        // Over a keyboard the arrows go by rows; the key of two switches goes everywhere by itself.
        let rows = matches!(view.page, Page::Write { .. });
        let on = if rows { Key::Next } else { Key::Down };
        let count = kiosk.script().entries.iter().filter(|entry| entry.target.is_some()).count();
        let mut seen = Vec::new();
        press_key(kiosk, on, 0);
        let first = kiosk.script().focus;
        for _ in 0..count {
            seen.push(kiosk.script().focus);
            press_key(kiosk, on, 0);
        }
        assert_eq!(kiosk.script().focus, first, "{name}");
        if !rows {
            let mut back = Vec::new();
            for _ in 0..count {
                press_key(kiosk, Key::Up, 0);
                back.push(kiosk.script().focus);
            }
            back.reverse();
            assert_eq!(seen, back, "{name}");
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count.max(usize::from(count == 0)), "{name}");
        if count > 1 || !name.starts_with("idle") {
            assert_eq!(kiosk.intents(), [], "{name}: moving the focus has chosen something");
        } else {
            kiosk.intents();
        }
    });
}

#[test]
fn the_ring_is_seen_and_nothing_else_changes() {
    let mut kiosk = kiosk();
    let (mut before, mut after) = (frame(), frame());
    for name in [
        "attract",
        "menu-some-out",
        "scan",
        "type-reference",
        "bill-no-card",
        "waiver",
        "cash-half",
        "paid",
        "pin-capital",
        "certificates-many",
        "certificate-consenting",
        "write-facts-middle",
        "scanned-many",
        "choose-hour-many",
        "attachments-four",
        "check-usual",
    ] {
        kiosk.show(sample(Language::Spanish, name));
        // A touch beside everything takes the focus away.
        kiosk.input(InputEvent::Press { x: 2, y: 2 }, at(0));
        kiosk.input(InputEvent::Release { x: 2, y: 2 }, at(0));
        kiosk.repaint();
        kiosk.paint(&mut before);
        let targets = targets(&kiosk);
        let field = kiosk.script().entries.iter().filter(|entry| entry.role == Role::Field).count();
        for (place, target) in targets.iter().enumerate() {
            while kiosk.script().focus != Some(place + field) {
                press_key(&mut kiosk, Key::Next, 0);
            }
            kiosk.repaint();
            kiosk.paint(&mut after);
            let margin = 3.4 * MM;
            let mut changed = 0.0;
            for (index, (old, new)) in before.iter().zip(&after).enumerate() {
                if old == new {
                    continue;
                }
                let (x, y) = ((index as u32 % WIDTH) as f32, (index as u32 / WIDTH) as f32);
                let around = x >= target.x - margin
                    && x <= target.right() + margin
                    && y >= target.y - margin
                    && y <= target.bottom() + margin;
                assert!(around, "{name}: {} changes the page at {x}, {y}", target.label);
                if contrast(*old, *new) >= 3.0 {
                    changed += 1.0;
                }
            }
            let outline = 2.0 * 2.0 * (target.width + target.height);
            assert!(
                changed >= outline,
                "{name}: the ring of {} is too thin: {changed} of {outline}",
                target.label
            );
        }
    }
}

#[test]
fn select_chooses_what_has_the_focus_and_nothing_unheard() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "menu"));
    press_key(&mut kiosk, Key::Select, 1000);
    assert_eq!(kiosk.intents(), []);
    assert_eq!(kiosk.script().focus, Some(0));
    press_key(&mut kiosk, Key::Down, 2000);
    press_key(&mut kiosk, Key::Select, 3000);
    assert_eq!(kiosk.intents(), [Intent::Service(Service::Payment)]);
}

#[test]
fn what_cannot_be_used_is_heard_with_its_reason_and_chooses_nothing() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "menu-some-out"));
    press_key(&mut kiosk, Key::Down, 0);
    press_key(&mut kiosk, Key::Down, 0);
    press_key(&mut kiosk, Key::Down, 0);
    let said = kiosk.script().focused(true).expect("something has the focus");
    assert_eq!(
        said,
        "Presentar una instancia. Ahora no funciona. Vaya a la oficina, botón, no disponible, 3 de 7"
    );
    press_key(&mut kiosk, Key::Select, 1000);
    assert_eq!(kiosk.intents(), []);
}

#[test]
fn a_bill_is_paid_in_cash_by_keys_alone() {
    let mut kiosk = kiosk();
    let now = Cell::new(0);
    let choose = |kiosk: &mut ui::Kiosk, label: &str| {
        for _ in 0..20 {
            now.set(now.get() + 1000);
            press_key(kiosk, Key::Down, now.get());
            let script = kiosk.script();
            let entry =
                script.entries.iter().find(|entry| entry.target.is_some() && entry.target == script.focus);
            if entry.is_some_and(|entry| entry.label.starts_with(label)) {
                press_key(kiosk, Key::Select, now.get() + 500);
                return kiosk.intents();
            }
        }
        panic!("{label} is not reached");
    };
    kiosk.show(sample(Language::Spanish, "attract"));
    assert_eq!(choose(&mut kiosk, "Valencià"), [Intent::Language(Language::Valencian)]);
    kiosk.show(sample(Language::Valencian, "menu"));
    assert_eq!(choose(&mut kiosk, "Pagar un rebut"), [Intent::Service(Service::Payment)]);
    kiosk.show(sample(Language::Valencian, "scan"));
    assert_eq!(choose(&mut kiosk, "Escriure els números"), [Intent::TypeDocument]);
    kiosk.show(sample(Language::Valencian, "type-issuer"));
    assert_eq!(kiosk.script().focus, Some(0), "the field is ready to be typed in");
    press_key(&mut kiosk, Key::Digit(7), 60_000);
    press_key(&mut kiosk, Key::Digit(7), 60_050);
    press_key(&mut kiosk, Key::Clear, 60_100);
    assert_eq!(kiosk.intents(), [Intent::Digit(7), Intent::Digit(7), Intent::Erase]);
    press_key(&mut kiosk, Key::Select, 61_000);
    now.set(62_000);
    assert_eq!(kiosk.intents(), [Intent::Confirm], "OK on a complete field goes on");
    kiosk.show(sample(Language::Valencian, "bill"));
    assert_eq!(choose(&mut kiosk, "Pagar en efectiu"), [Intent::PayCash]);
    kiosk.show(sample(Language::Valencian, "terms"));
    assert_eq!(choose(&mut kiosk, "Acceptar"), [Intent::Confirm]);
    kiosk.show(sample(Language::Valencian, "cash-half"));
    assert_eq!(choose(&mut kiosk, "Cancel·lar i tornar"), [Intent::Cancel]);
    kiosk.show(sample(Language::Valencian, "paid"));
    assert_eq!(choose(&mut kiosk, "Acabar"), [Intent::Confirm]);
}

#[test]
fn a_reduction_is_confirmed_by_keys_alone_and_never_by_the_press_that_led_to_it() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "bill-reduced"));
    for (press, _) in [(0, "the card, which is not offered"), (1000, "cash")] {
        press_key(&mut kiosk, Key::Down, press);
    }
    press_key(&mut kiosk, Key::Select, 2000);
    assert_eq!(kiosk.intents(), [Intent::PayCash]);
    kiosk.show(sample(Language::Spanish, "waiver"));
    press_key(&mut kiosk, Key::Select, 2100);
    assert_eq!(kiosk.intents(), [], "nothing has the focus of itself");
    assert_eq!(
        kiosk.script().focused(true).as_deref(),
        Some("Pagar con reducción. Renuncio a recurrir la multa, botón, 1 de 5")
    );
    press_key(&mut kiosk, Key::Down, 3000);
    press_key(&mut kiosk, Key::Select, 4000);
    assert_eq!(kiosk.intents(), [Intent::Back]);
    press_key(&mut kiosk, Key::Up, 5000);
    press_key(&mut kiosk, Key::Select, 6000);
    assert_eq!(kiosk.intents(), [Intent::Confirm]);
}

#[test]
fn the_focus_stays_while_the_money_is_counted() {
    let mut kiosk = kiosk();
    let mut view = sample(Language::Spanish, "cash-half");
    kiosk.show(view.clone());
    press_key(&mut kiosk, Key::Down, 0);
    for counted in [5100, 5200, 5250] {
        if let Page::Cash { inserted, .. } = &mut view.page {
            inserted.0 = counted;
        }
        kiosk.show(view.clone());
        assert_eq!(kiosk.script().focus, Some(0));
    }
    press_key(&mut kiosk, Key::Select, 1000);
    assert_eq!(kiosk.intents(), [Intent::Cancel]);
}

#[test]
fn the_focus_is_where_it_was_after_help_and_after_the_idle_warning() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "menu"));
    press_key(&mut kiosk, Key::Down, 0);
    press_key(&mut kiosk, Key::Down, 0);
    press_key(&mut kiosk, Key::Help, 0);
    assert_eq!(kiosk.intents(), [Intent::Help]);
    kiosk.show(sample(Language::Spanish, "help"));
    assert!(kiosk.script().entries.iter().any(|entry| entry.label.contains("Toque el servicio")));
    press_key(&mut kiosk, Key::Help, 1000);
    assert_eq!(kiosk.intents(), [Intent::Help]);
    kiosk.show(sample(Language::Spanish, "menu"));
    assert_eq!(kiosk.script().focus, Some(1));
    let mut idle = sample(Language::Spanish, "menu");
    idle.idle_warning = Some(20);
    kiosk.show(idle);
    assert_eq!(kiosk.script().focus, Some(0));
    press_key(&mut kiosk, Key::Cancel, 2000);
    assert_eq!(kiosk.intents(), [Intent::StillHere], "any key is a sign of life, and nothing else");
    kiosk.show(sample(Language::Spanish, "menu"));
    assert_eq!(kiosk.script().focus, Some(1));
}

#[test]
fn the_idle_warning_covers_every_page_and_shows_nothing_of_it() {
    let mut kiosk = kiosk();
    for (name, mut view) in samples::all(Language::Spanish) {
        if matches!(view.page, Page::Attract { .. }) {
            continue;
        }
        view.idle_warning = Some(30);
        kiosk.show(view);
        let labels: Vec<String> = kiosk.script().entries.into_iter().map(|entry| entry.label).collect();
        assert!(labels.iter().any(|label| label == "¿Sigue ahí?"), "{name}");
        assert!(
            !labels.iter().any(|label| label.contains(&amount(Language::Spanish, ui::Amount(999_999)))),
            "{name}"
        );
        assert_eq!(targets(&kiosk).len(), 1, "{name}");
    }
}

#[test]
fn the_red_key_cancels_an_errand_and_leaves_help() {
    let mut kiosk = kiosk();
    for (name, expected) in [
        ("attract", vec![]),
        ("working-booking", vec![]),
        ("out-of-service", vec![]),
        ("help", vec![Intent::Help]),
        ("languages", vec![Intent::Back]),
        ("cash-half", vec![Intent::Cancel]),
        ("bill", vec![Intent::Cancel]),
        ("waiver", vec![Intent::Cancel]),
        ("pin-empty", vec![Intent::Cancel]),
        ("last-try", vec![Intent::Cancel]),
        ("working-checking-pin", vec![]),
        ("take-card", vec![]),
    ] {
        kiosk.show(sample(Language::Spanish, name));
        press_key(&mut kiosk, Key::Cancel, 0);
        assert_eq!(kiosk.intents(), expected, "{name}");
    }
}

#[test]
fn what_is_chosen_now_is_said() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Valencian, "languages"));
    let chosen: Vec<String> = kiosk
        .script()
        .entries
        .into_iter()
        .filter(|entry| entry.state == State::Chosen)
        .map(|entry| entry.label)
        .collect();
    assert_eq!(chosen, ["Valencià. Idioma actual"]);
}

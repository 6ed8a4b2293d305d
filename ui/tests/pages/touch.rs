//! Fingers that shake, slide, bounce and lean (24).
use ui::{InputEvent, Intent, Kiosk, Language, Options, Page, Rotation, Service};

use crate::help::*;

fn menu() -> (Kiosk, Element) {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "menu"));
    kiosk.paint(&mut frame());
    let payment = target(&kiosk, "Pagar un recibo o una multa. Basta el código de barras.");
    (kiosk, payment)
}

#[test]
fn a_touch_acts_when_the_finger_is_lifted() {
    let (mut kiosk, payment) = menu();
    let (x, y) = middle(&payment);
    kiosk.input(InputEvent::Press { x, y }, at(1000));
    assert_eq!(kiosk.intents(), []);
    kiosk.input(InputEvent::Release { x: x + 9, y }, at(5000));
    assert_eq!(kiosk.intents(), [Intent::Service(Service::Payment)]);
}

#[test]
fn sliding_off_cancels_and_so_does_coming_from_elsewhere() {
    let (mut kiosk, payment) = menu();
    let (x, y) = middle(&payment);
    kiosk.input(InputEvent::Press { x, y }, at(1000));
    kiosk.input(InputEvent::Move { x, y: 300 }, at(1100));
    kiosk.input(InputEvent::Release { x, y: 300 }, at(1200));
    kiosk.input(InputEvent::Press { x, y: 300 }, at(3000));
    kiosk.input(InputEvent::Move { x, y }, at(3100));
    kiosk.input(InputEvent::Release { x, y }, at(3200));
    assert_eq!(kiosk.intents(), []);
}

#[test]
fn a_second_press_within_300_ms_counts_once_and_later_twice() {
    let (mut kiosk, payment) = menu();
    tap(&mut kiosk, &payment, 1000);
    tap(&mut kiosk, &payment, 1250);
    assert_eq!(kiosk.intents().len(), 1);
    tap(&mut kiosk, &payment, 2000);
    assert_eq!(kiosk.intents().len(), 1);
}

#[test]
fn two_quick_digits_on_different_keys_are_both_typed() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "type-issuer-empty"));
    let (four, six) = (target(&kiosk, "4"), target(&kiosk, "6"));
    tap(&mut kiosk, &four, 1000);
    tap(&mut kiosk, &six, 1150);
    assert_eq!(kiosk.intents(), [Intent::Digit(4), Intent::Digit(6)]);
}

#[test]
fn a_double_tap_does_not_press_what_comes_up_beneath_it() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "terms"));
    let cancel = target(&kiosk, "Cancelar");
    let (x, y) = middle(&cancel);
    let accept = target(&kiosk, "Aceptar y continuar");
    tap(&mut kiosk, &accept, 1000);
    assert_eq!(kiosk.intents(), [Intent::Confirm]);
    kiosk.show(sample(Language::Spanish, "cash-empty"));
    kiosk.input(InputEvent::Press { x, y }, at(1250));
    kiosk.input(InputEvent::Release { x, y }, at(1350));
    assert_eq!(kiosk.intents(), []);
    kiosk.input(InputEvent::Press { x, y }, at(1500));
    kiosk.input(InputEvent::Release { x, y }, at(1600));
    assert_eq!(kiosk.intents(), [Intent::Cancel]);
}

#[test]
fn a_hasty_second_tap_on_the_bill_gives_nothing_up() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "bill-reduced"));
    let cash = target(&kiosk, "Pagar en efectivo");
    tap(&mut kiosk, &cash, 1000);
    assert_eq!(kiosk.intents(), [Intent::PayCash]);
    kiosk.show(sample(Language::Spanish, "waiver"));
    tap(&mut kiosk, &cash, 1150);
    assert_eq!(kiosk.intents(), []);
    // One that comes too late for that guard meets the way back: it lies where the finger is.
    tap(&mut kiosk, &cash, 3000);
    assert_eq!(kiosk.intents(), [Intent::Back]);
}

#[test]
fn a_press_on_one_page_does_nothing_on_the_next() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "bill"));
    let (x, y) = middle(&target(&kiosk, "Pagar en efectivo"));
    kiosk.input(InputEvent::Press { x, y }, at(1000));
    kiosk.show(sample(Language::Spanish, "refused-lapsed"));
    kiosk.input(InputEvent::Release { x, y }, at(1200));
    assert_eq!(kiosk.intents(), []);
}

#[test]
fn a_press_holds_while_the_page_counts_money() {
    let mut kiosk = kiosk();
    let mut view = sample(Language::Spanish, "cash-half");
    kiosk.show(view.clone());
    let (x, y) = middle(&target(&kiosk, "Cancelar y devolver"));
    kiosk.input(InputEvent::Press { x, y }, at(1000));
    if let Page::Cash { inserted, .. } = &mut view.page {
        inserted.0 += 100;
    }
    kiosk.show(view);
    kiosk.input(InputEvent::Release { x, y }, at(1200));
    assert_eq!(kiosk.intents(), [Intent::Cancel]);
}

#[test]
fn a_second_finger_is_ignored() {
    let (mut kiosk, payment) = menu();
    let (x, y) = middle(&payment);
    let (other_x, other_y) = middle(&target(&kiosk, "Ayuda"));
    kiosk.input(InputEvent::Press { x, y }, at(1000));
    kiosk.input(InputEvent::Press { x: other_x, y: other_y }, at(1050));
    kiosk.input(InputEvent::Release { x, y }, at(1100));
    assert_eq!(kiosk.intents(), [Intent::Service(Service::Payment)]);
}

#[test]
fn what_cannot_be_used_does_nothing_when_touched() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "menu-all-out"));
    for (place, element) in targets(&kiosk).iter().take(5).enumerate() {
        tap(&mut kiosk, element, 1000 * (place as u64 + 1));
    }
    assert_eq!(kiosk.intents(), []);
}

#[test]
fn a_touch_anywhere_on_the_idle_warning_is_a_sign_of_life() {
    let mut kiosk = kiosk();
    kiosk.show(sample(Language::Spanish, "idle-warning"));
    kiosk.input(InputEvent::Press { x: 500, y: 400 }, at(1000));
    kiosk.input(InputEvent::Release { x: 500, y: 400 }, at(1100));
    assert_eq!(kiosk.intents(), [Intent::StillHere]);
}

#[test]
fn a_turned_panel_is_touched_where_it_shows() {
    for rotation in [Rotation::R0, Rotation::R90, Rotation::R180, Rotation::R270] {
        let sideways = matches!(rotation, Rotation::R90 | Rotation::R270);
        let (width, height) = if sideways { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
        let width_mm = if sideways { 708.4 } else { 398.5 };
        let options = Options { width_px: width, height_px: height, width_mm, rotation, ..options() };
        let mut kiosk = Kiosk::new(options).expect("the pages start");
        kiosk.show(sample(Language::Spanish, "menu"));
        let mut frame = frame();
        kiosk.paint(&mut frame);
        // The sun of the picture is the only thing of its colour: it is at the right of the page, above the middle.
        let sun = frame.iter().position(|pixel| *pixel == 0x00F2_B33D).expect("the ring is painted") as u32;
        let (sun_x, sun_y) = ((sun % width) as f32 / width as f32, (sun / width) as f32 / height as f32);
        let expected = match rotation {
            Rotation::R0 => sun_x > 0.5 && sun_y < 0.45,
            Rotation::R90 => sun_x > 0.5 && sun_y > 0.5,
            Rotation::R180 => sun_x < 0.5 && sun_y > 0.49,
            Rotation::R270 => sun_x < 0.5 && sun_y < 0.5,
        };
        assert!(expected, "{rotation:?}: {sun_x}, {sun_y}");
        let (x, y) = middle(&target(&kiosk, "Ayuda"));
        let (right, bottom) = (width as i32 - 1, height as i32 - 1);
        let (x, y) = match rotation {
            Rotation::R0 => (x, y),
            Rotation::R90 => (right - y, x),
            Rotation::R180 => (right - x, bottom - y),
            Rotation::R270 => (y, bottom - x),
        };
        kiosk.input(InputEvent::Press { x, y }, at(1000));
        kiosk.input(InputEvent::Release { x, y }, at(1100));
        assert_eq!(kiosk.intents(), [Intent::Help], "{rotation:?}");
    }
}

//! One position and a button: simple touch screens, and the absolute pointer of an emulator.
mod support;
use hal_input::{Snapshot, TouchKind};
use support::*;

#[test]
fn the_button_may_come_before_its_coordinates() {
    let mut pointer = device(TouchKind::Single);
    assert_eq!(
        feed(&mut pointer, &[key(BTN_LEFT, 1), abs(0, 300), abs(1, 700)]),
        [],
        "nothing before the report"
    );
    assert_eq!(feed(&mut pointer, &[SYN]), [press(300, 700)]);
    assert_eq!(feed(&mut pointer, &[key(BTN_LEFT, 0), SYN]), [release(300, 700)]);
}

#[test]
fn moving_without_the_button_is_nothing() {
    let mut pointer = device(TouchKind::Single);
    assert_eq!(feed(&mut pointer, &[abs(0, 5), abs(1, 6), SYN, abs(0, 7), SYN]), []);
    assert_eq!(feed(&mut pointer, &[key(BTN_TOUCH, 1), SYN]), [press(7, 6)]);
}

#[test]
fn a_tap_within_one_report_is_not_lost() {
    let mut pointer = device(TouchKind::Single);
    let raw = [abs(0, 10), abs(1, 20), key(BTN_LEFT, 1), key(BTN_LEFT, 0), SYN];
    assert_eq!(feed(&mut pointer, &raw), [press(10, 20), release(10, 20)]);
    assert_eq!(feed(&mut pointer, &[SYN]), [], "and comes once");
}

#[test]
fn lifting_and_touching_within_one_report_are_two_touches() {
    let mut pointer = device(TouchKind::Single);
    feed(&mut pointer, &[abs(0, 10), abs(1, 20), key(BTN_TOUCH, 1), SYN]);
    let raw = [key(BTN_TOUCH, 0), abs(0, 500), key(BTN_TOUCH, 1), SYN];
    assert_eq!(feed(&mut pointer, &raw), [release(10, 20), press(500, 20)]);
}

#[test]
fn a_second_button_is_no_second_touch() {
    let mut pointer = device(TouchKind::Single);
    assert_eq!(feed(&mut pointer, &[key(BTN_LEFT, 1), SYN]), [press(0, 0)]);
    assert_eq!(feed(&mut pointer, &[key(BTN_TOUCH, 1), SYN]), []);
}

#[test]
fn a_finger_that_rests_at_power_on_presses_nothing() {
    let mut pointer = device(TouchKind::Single);
    assert_eq!(pointer.resync(Snapshot { touching: true, x: 5, y: 5, ..Snapshot::default() }), []);
    assert_eq!(feed(&mut pointer, &[abs(0, 50), SYN, key(BTN_TOUCH, 0), SYN]), []);
    assert_eq!(feed(&mut pointer, &[key(BTN_TOUCH, 1), SYN]), [press(50, 5)]);
}

#[test]
fn lost_events_release_what_was_pressed() {
    let mut pointer = device(TouchKind::Single);
    feed(&mut pointer, &[abs(0, 10), abs(1, 20), key(BTN_TOUCH, 1), SYN]);
    assert_eq!(feed(&mut pointer, &[DROPPED, abs(0, 900), key(BTN_TOUCH, 0)]), []);
    assert!(!pointer.needs_resync(), "the rest of the broken report is still to come");
    assert_eq!(feed(&mut pointer, &[SYN]), []);
    assert!(pointer.needs_resync());
    assert_eq!(pointer.resync(Snapshot { x: 900, y: 20, ..Snapshot::default() }), [release(10, 20)]);
    assert_eq!(feed(&mut pointer, &[key(BTN_TOUCH, 1), SYN]), [press(900, 20)]);
}

#[test]
fn an_unplugged_device_releases_at_its_last_place() {
    let mut pointer = device(TouchKind::Single);
    feed(&mut pointer, &[abs(0, 10), abs(1, 20), key(BTN_TOUCH, 1), SYN, abs(0, 30), SYN]);
    assert_eq!(pointer.unplugged(), [release(30, 20)]);
    assert_eq!(pointer.unplugged(), []);
}

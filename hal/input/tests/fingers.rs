//! Multi-touch: the first finger is followed, everybody else waits until all are up.
mod support;
use hal_input::{Snapshot, TouchKind};
use support::*;

#[test]
fn the_first_finger_is_followed_and_the_second_ignored() {
    let mut panel = device(TouchKind::Slots);
    assert_eq!(
        feed(&mut panel, &[slot(0), track(7), mt_x(10), mt_y(20), key(BTN_TOUCH, 1), SYN]),
        [press(10, 20)]
    );
    assert_eq!(feed(&mut panel, &[slot(1), track(8), mt_x(500), mt_y(500), SYN]), []);
    assert_eq!(feed(&mut panel, &[slot(0), mt_x(11), slot(1), mt_x(600), SYN]), [moved(11, 20)]);
    assert_eq!(feed(&mut panel, &[slot(0), track(-1), SYN]), [release(11, 20)]);
    assert_eq!(feed(&mut panel, &[slot(0), track(9), mt_x(70), SYN]), [], "the palm still lies there");
    assert_eq!(feed(&mut panel, &[track(-1), slot(1), track(-1), key(BTN_TOUCH, 0), SYN]), []);
    assert_eq!(feed(&mut panel, &[slot(0), track(10), SYN]), [press(70, 20)], "only what changed is sent");
}

#[test]
fn a_finger_that_comes_back_in_the_same_report_is_a_new_touch() {
    let mut panel = device(TouchKind::Slots);
    feed(&mut panel, &[track(1), mt_x(10), mt_y(20), SYN]);
    assert_eq!(feed(&mut panel, &[track(-1), track(2), mt_x(90), SYN]), [release(10, 20), press(90, 20)]);
}

#[test]
fn the_place_of_the_last_touch_before_power_on_is_known() {
    let mut panel = device(TouchKind::Slots);
    panel.resync(Snapshot { slots: vec![(-1, 333, 444)], ..Snapshot::default() });
    assert_eq!(feed(&mut panel, &[track(1), mt_x(340), SYN]), [press(340, 444)]);
}

#[test]
fn a_palm_that_lies_there_at_power_on_blocks_until_it_is_lifted() {
    let mut panel = device(TouchKind::Slots);
    panel.resync(Snapshot { slot: 1, slots: vec![(-1, 0, 0), (4, 50, 60)], ..Snapshot::default() });
    assert_eq!(feed(&mut panel, &[slot(0), track(5), mt_x(9), SYN, track(-1), SYN]), []);
    assert_eq!(feed(&mut panel, &[slot(1), track(-1), SYN]), []);
    assert_eq!(feed(&mut panel, &[slot(0), track(6), mt_x(9), mt_y(8), SYN]), [press(9, 8)]);
}

#[test]
fn slots_that_do_not_exist_are_ignored() {
    let mut panel = device(TouchKind::Slots);
    for wrong in [16, 4000, -1, i32::MIN, i32::MAX] {
        assert_eq!(feed(&mut panel, &[slot(wrong), track(1), mt_x(5), mt_y(5), SYN]), [], "{wrong}");
    }
    assert_eq!(feed(&mut panel, &[slot(0), track(1), mt_x(5), mt_y(6), SYN]), [press(5, 6)]);
}

#[test]
fn the_button_says_that_all_fingers_are_up() {
    let mut panel = device(TouchKind::Slots);
    feed(&mut panel, &[slot(2), track(3), mt_x(5), mt_y(6), SYN]);
    assert_eq!(feed(&mut panel, &[key(BTN_TOUCH, 0), SYN]), [release(5, 6)]);
}

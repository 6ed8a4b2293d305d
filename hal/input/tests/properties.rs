//! Whatever a device sends: touches come as press, moves, release; inside the screen; one at a time.
mod support;
use hal_input::{
    Arbiter, AxisRange, Calibration, InputEvent, RawEvent, Rotation, Snapshot, TouchKind, TouchMapping,
};
use proptest::prelude::*;
use support::*;

fn raw() -> impl Strategy<Value = RawEvent> {
    let value = prop_oneof![4 => -1..4i32, 2 => 0..2000i32, 1 => any::<i32>()];
    let likely = prop_oneof![
        3 => Just(SYN),
        1 => Just(DROPPED),
        2 => (Just(0x110u16), -1..3i32).prop_map(|(code, value)| key(code, value)),
        2 => (Just(0x14au16), 0..2i32).prop_map(|(code, value)| key(code, value)),
        6 => (prop::sample::select(vec![0u16, 1, 0x2f, 0x35, 0x36, 0x39]), value).prop_map(|(c, v)| abs(c, v)),
    ];
    let wild = (0..8u16, any::<u16>(), any::<i32>())
        .prop_map(|(kind, code, value)| RawEvent::new(kind, code, value));
    prop_oneof![9 => likely, 1 => wild]
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let slots = prop::collection::vec((-2..5i32, any::<i32>(), any::<i32>()), 0..20);
    (any::<bool>(), any::<i32>(), any::<i32>(), -1..20i32, slots).prop_map(|(touching, x, y, slot, slots)| {
        Snapshot { touching, x, y, slot, slots, ..Snapshot::default() }
    })
}

/// Press, then moves, then release, all inside the screen.
fn check_order(down: &mut bool, event: InputEvent) {
    match event {
        InputEvent::Press { x, y } => {
            assert!(!*down && x < 1080 && y < 1920, "{event:?}");
            *down = true;
        }
        InputEvent::Move { x, y } => assert!(*down && x < 1080 && y < 1920, "{event:?}"),
        InputEvent::Release { x, y } => {
            assert!(*down && x < 1080 && y < 1920, "{event:?}");
            *down = false;
        }
        InputEvent::Key(_) | InputEvent::Character(_) | InputEvent::Headphones(_) => {}
    }
}

proptest! {
    #[test]
    fn touches_come_in_order_whatever_the_device_sends(
        slots in any::<bool>(),
        raws in prop::collection::vec(raw(), 0..300),
        states in prop::collection::vec(snapshot(), 1..8),
    ) {
        let mut device = device(if slots { TouchKind::Slots } else { TouchKind::Single });
        let mut states = states.into_iter().cycle();
        let mut down = false;
        for raw in raws {
            for event in device.feed(raw) {
                check_order(&mut down, event);
            }
            if device.needs_resync() {
                for event in device.resync(states.next().unwrap()) {
                    check_order(&mut down, event);
                }
            }
        }
        for event in device.unplugged() {
            check_order(&mut down, event);
        }
        prop_assert!(!down, "an unplugged device holds nothing");
    }

    #[test]
    fn two_devices_touch_one_at_a_time(raws in prop::collection::vec((0..2u32, raw()), 0..300)) {
        let mut devices = [device(TouchKind::Single), device(TouchKind::Slots)];
        let mut arbiter = Arbiter::default();
        let mut down = false;
        for (number, raw) in raws {
            let device = &mut devices[number as usize];
            let mut events = device.feed(raw);
            if device.needs_resync() {
                events.extend(device.resync(Snapshot::default()));
            }
            for event in events.into_iter().filter(|event| arbiter.admit(number, *event)) {
                check_order(&mut down, event);
            }
        }
    }

    #[test]
    fn no_range_rotation_or_calibration_leaves_the_screen(
        ends in any::<[i32; 4]>(), at in any::<[i32; 2]>(), turn in 0..4u32,
        matrix in prop::array::uniform6(prop_oneof![-3.0..3.0f64, Just(f64::NAN), Just(f64::INFINITY)]),
    ) {
        let [a, b, c, d] = ends;
        let mapping = TouchMapping {
            x: AxisRange { minimum: a, maximum: b },
            y: AxisRange { minimum: c, maximum: d },
            rotation: Rotation::from_degrees(turn * 90).unwrap(),
            calibration: Calibration(matrix),
            screen: (1080, 1920),
        };
        let (x, y) = mapping.pixel(at[0], at[1]);
        prop_assert!(x < 1080 && y < 1920);
    }

    #[test]
    fn the_tablet_of_an_emulator_comes_back_to_the_same_pixel(x in 0..1080i32, y in 0..1920i32) {
        let range = AxisRange { minimum: 0, maximum: 0x7fff };
        let tablet = TouchMapping { x: range, y: range, ..mapping() };
        let (raw_x, raw_y) = (x * 0x7fff / 1080, y * 0x7fff / 1920);
        prop_assert_eq!(tablet.pixel(raw_x, raw_y), (x.cast_unsigned(), y.cast_unsigned()));
    }
}

#[test]
fn each_rotation_moves_the_corners_where_they_belong() {
    let corner = |turn| {
        let range = AxisRange { minimum: 0, maximum: 4095 };
        let rotation = Rotation::from_degrees(turn).unwrap();
        TouchMapping { x: range, y: range, rotation, ..mapping() }.pixel(0, 0)
    };
    assert_eq!([0, 90, 180, 270].map(corner), [(0, 0), (1079, 0), (1079, 1919), (0, 1919)]);
    assert_eq!(Rotation::from_degrees(45), None);
}

#[test]
fn a_calibration_of_libinput_shifts_and_scales() {
    let calibration = Calibration([0.5, 0.0, 0.25, 0.0, 2.0, -0.5]);
    let mapping = TouchMapping { calibration, ..mapping() };
    assert_eq!(mapping.pixel(540, 960), (540, 960));
    assert_eq!(mapping.pixel(0, 0), (270, 0));
}

#[test]
fn keys_pass_while_another_device_is_touched() {
    let mut arbiter = Arbiter::default();
    assert!(arbiter.admit(1, press(1, 1)));
    assert!(!arbiter.admit(2, press(1, 1)));
    assert!(!arbiter.admit(2, release(1, 1)));
    assert!(arbiter.admit(2, InputEvent::Key(hal_input::Keycode::Help)));
    assert!(arbiter.admit(1, release(1, 1)));
    assert!(arbiter.admit(2, press(1, 1)));
}

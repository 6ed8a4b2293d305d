//! Event groups as the kernel sends them, by their numbers in `linux/input-event-codes.h`.
#![allow(dead_code, reason = "each test file uses a part")]
use hal_input::{
    AxisRange, Calibration, InputEvent, KeyMap, RawEvent, Rotation, Snapshot, TouchKind, TouchMapping,
    Translator,
};

pub const SYN: RawEvent = RawEvent::new(0, 0, 0);
pub const DROPPED: RawEvent = RawEvent::new(0, 3, 0);
pub const BTN_LEFT: u16 = 0x110;
pub const BTN_TOUCH: u16 = 0x14a;

pub fn key(code: u16, value: i32) -> RawEvent {
    RawEvent::new(1, code, value)
}
pub fn abs(code: u16, value: i32) -> RawEvent {
    RawEvent::new(3, code, value)
}
pub fn slot(number: i32) -> RawEvent {
    abs(0x2f, number)
}
pub fn mt_x(value: i32) -> RawEvent {
    abs(0x35, value)
}
pub fn mt_y(value: i32) -> RawEvent {
    abs(0x36, value)
}
pub fn track(id: i32) -> RawEvent {
    abs(0x39, id)
}

pub fn press(x: u32, y: u32) -> InputEvent {
    InputEvent::Press { x, y }
}
pub fn moved(x: u32, y: u32) -> InputEvent {
    InputEvent::Move { x, y }
}
pub fn release(x: u32, y: u32) -> InputEvent {
    InputEvent::Release { x, y }
}

/// A panel whose units are the pixels of the screen, 0 to 1080 and 0 to 1920.
pub fn mapping() -> TouchMapping {
    TouchMapping {
        x: AxisRange { minimum: 0, maximum: 1080 },
        y: AxisRange { minimum: 0, maximum: 1920 },
        rotation: Rotation::None,
        calibration: Calibration::default(),
        screen: (1080, 1920),
    }
}

/// A device in step, with nobody touching.
pub fn device(kind: TouchKind) -> Translator {
    let mut translator = Translator::new(Some((kind, mapping())), KeyMap::default());
    assert_eq!(translator.resync(Snapshot::default()), []);
    translator
}

pub fn feed(translator: &mut Translator, raw: &[RawEvent]) -> Vec<InputEvent> {
    raw.iter().flat_map(|event| translator.feed(*event)).collect()
}

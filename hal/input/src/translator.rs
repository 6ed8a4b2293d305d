//! One device's raw events to touches and keys. Pure: no clock, no descriptor.
//!
//! Events are kept until `SYN_REPORT`, as a button may come before the coordinates it belongs to. Auto-repeat
//! (value 2) is ignored: a held key never acts twice. After `SYN_DROPPED` everything up to the next report is
//! thrown away and [`Translator::resync`] asks the device how things stand.
use evdev::{AbsoluteAxisCode, EventType, KeyCode, SwitchCode, SynchronizationCode};

use crate::contacts::{Contacts, Touch};
use crate::event::{InputEvent, Keycode, RawEvent};
use crate::keymap::KeyMap;
use crate::layout::Layout;
use crate::mapping::TouchMapping;
use crate::profile::TouchKind;

/// Keys in one report; a keypad sends one, a broken one could send thousands.
const KEYS: usize = 16;

const KEY: u16 = EventType::KEY.0;
const ABSOLUTE: u16 = EventType::ABSOLUTE.0;
const SWITCH: u16 = EventType::SWITCH.0;
const SYNCHRONIZATION: u16 = EventType::SYNCHRONIZATION.0;
const REPORT: u16 = SynchronizationCode::SYN_REPORT.0;
const DROPPED: u16 = SynchronizationCode::SYN_DROPPED.0;
const X: u16 = AbsoluteAxisCode::ABS_X.0;
const Y: u16 = AbsoluteAxisCode::ABS_Y.0;
const SLOT: u16 = AbsoluteAxisCode::ABS_MT_SLOT.0;
const SLOT_X: u16 = AbsoluteAxisCode::ABS_MT_POSITION_X.0;
const SLOT_Y: u16 = AbsoluteAxisCode::ABS_MT_POSITION_Y.0;
const TRACKING: u16 = AbsoluteAxisCode::ABS_MT_TRACKING_ID.0;
const BUTTON_TOUCH: u16 = KeyCode::BTN_TOUCH.0;
const BUTTON_LEFT: u16 = KeyCode::BTN_LEFT.0;
const HEADPHONES: u16 = SwitchCode::SW_HEADPHONE_INSERT.0;

/// How a device stands, asked from the kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// `BTN_TOUCH` or `BTN_LEFT` is down, of the single protocol.
    pub touching: bool,
    /// The position, of the single protocol.
    pub x: i32,
    /// The position, of the single protocol.
    pub y: i32,
    /// Of the multi-touch protocol: the slot that the next values belong to.
    pub slot: i32,
    /// Of the multi-touch protocol, by slot: tracking identifier, x, y. The kernel sends only what changes, so
    /// a finger that lands in the column of the last one brings no x.
    pub slots: Vec<(i32, i32, i32)>,
    /// Headphones are in; `None` when the device has no jack.
    pub headphones: Option<bool>,
    /// Keys that are down: those that change what others give matter.
    pub held: Vec<u16>,
}

/// The state of one device.
#[derive(Clone, Debug)]
pub struct Translator {
    touch: Option<(TouchKind, TouchMapping)>,
    keymap: KeyMap,
    contacts: Contacts,
    layout: Layout,
    keys: Vec<InputEvent>,
    headphones: Option<bool>,
    told_headphones: Option<bool>,
    dropped: bool,
    needs_resync: bool,
}

impl Translator {
    /// A translator for a device that reports touches as said, if any. It starts out of step: give it the
    /// device's state by [`Translator::resync`].
    pub fn new(touch: Option<(TouchKind, TouchMapping)>, keymap: KeyMap) -> Translator {
        Translator {
            touch,
            keymap,
            layout: Layout::default(),
            contacts: Contacts::new(0, 0),
            keys: Vec::new(),
            headphones: None,
            told_headphones: None,
            dropped: false,
            needs_resync: true,
        }
    }

    /// True when the device must be asked how it stands.
    pub fn needs_resync(&self) -> bool {
        self.needs_resync
    }

    /// Takes the device's state; gives what that means. A finger that touches already is not followed: where
    /// and when it came down is not known, and a press must be meant.
    pub fn resync(&mut self, state: Snapshot) -> Vec<InputEvent> {
        self.needs_resync = false;
        self.keys.clear();
        self.layout.restore(&state.held);
        let mut events = Vec::new();
        if let Some((kind, _)) = self.touch {
            let release = self.contacts.forget(kind == TouchKind::Single && state.touching);
            events.extend(release.and_then(|touch| self.event(touch)));
            match kind {
                TouchKind::Single => {
                    self.contacts.set_x(state.x);
                    self.contacts.set_y(state.y);
                }
                TouchKind::Slots => {
                    for (slot, (id, x, y)) in state.slots.iter().enumerate() {
                        self.contacts.restore(slot, *id, *x, *y);
                    }
                    self.contacts.select(state.slot);
                }
            }
        }
        if state.headphones.is_some() {
            self.headphones = state.headphones;
        }
        events.extend(self.headphones_event());
        events
    }

    /// Takes an event; gives what a completed report means, nothing before.
    pub fn feed(&mut self, raw: RawEvent) -> Vec<InputEvent> {
        match (raw.kind, raw.code) {
            (SYNCHRONIZATION, DROPPED) => self.dropped = true,
            (SYNCHRONIZATION, REPORT) if self.dropped => {
                self.dropped = false;
                self.needs_resync = true;
            }
            _ if self.dropped => {}
            (SYNCHRONIZATION, REPORT) => return self.report(),
            (KEY, BUTTON_TOUCH | BUTTON_LEFT) => self.button(raw.value),
            (KEY, code) => self.key(code, raw.value),
            (ABSOLUTE, code) => self.axis(code, raw.value),
            (SWITCH, HEADPHONES) => self.headphones = Some(raw.value != 0),
            _ => {}
        }
        Vec::new()
    }

    /// The device is gone: what it pressed is released.
    pub fn unplugged(&mut self) -> Vec<InputEvent> {
        let release = self.contacts.forget(false);
        let mut events: Vec<InputEvent> = release.and_then(|touch| self.event(touch)).into_iter().collect();
        // A sound card that was unplugged takes its jack along.
        if self.told_headphones == Some(true) {
            self.headphones = Some(false);
            events.extend(self.headphones_event());
        }
        events
    }

    fn key(&mut self, code: u16, value: i32) {
        if matches!(value, 0 | 1) && self.layout.hold(code, value == 1) || value != 1 {
            return;
        }
        let event = match self.keymap.get(code) {
            // A digit's key gives something else with Shift and AltGr.
            Some(Keycode::Digit(digit)) => match self.layout.press(code) {
                Some(other) if other.to_digit(10) != Some(digit.into()) => Some(InputEvent::Character(other)),
                _ => Some(InputEvent::Key(Keycode::Digit(digit))),
            },
            Some(keycode) => {
                self.layout.forget();
                Some(InputEvent::Key(keycode))
            }
            None => self.layout.press(code).map(InputEvent::Character),
        };
        if self.keys.len() < KEYS {
            self.keys.extend(event);
        }
    }

    fn button(&mut self, value: i32) {
        let Some((kind, _)) = self.touch else { return };
        match (kind, value) {
            (TouchKind::Single, 0) => {
                self.contacts.button(false);
                self.contacts.all_up();
            }
            (TouchKind::Single, 1) => self.contacts.button(true),
            // The kernel derives it from the slots: it says nothing new, except that all are up.
            (TouchKind::Slots, 0) => self.contacts.all_up(),
            _ => {}
        }
    }

    fn axis(&mut self, code: u16, value: i32) {
        let Some((kind, _)) = self.touch else { return };
        match (kind, code) {
            (TouchKind::Single, X) | (TouchKind::Slots, SLOT_X) => self.contacts.set_x(value),
            (TouchKind::Single, Y) | (TouchKind::Slots, SLOT_Y) => self.contacts.set_y(value),
            (TouchKind::Slots, SLOT) => self.contacts.select(value),
            (TouchKind::Slots, TRACKING) => self.contacts.track(value),
            _ => {}
        }
    }

    fn report(&mut self) -> Vec<InputEvent> {
        let mut events: Vec<InputEvent> = std::mem::take(&mut self.keys);
        if self.touch.is_some() {
            let touches = self.contacts.report();
            events.extend(touches.filter_map(|touch| self.event(touch)));
        }
        events.extend(self.headphones_event());
        events
    }

    fn event(&self, touch: Touch) -> Option<InputEvent> {
        let (_, mapping) = self.touch.as_ref()?;
        let at = |x, y| mapping.pixel(x, y);
        Some(match touch {
            Touch::Press(x, y) => {
                let (x, y) = at(x, y);
                InputEvent::Press { x, y }
            }
            Touch::Move(x, y) => {
                let (x, y) = at(x, y);
                InputEvent::Move { x, y }
            }
            Touch::Release(x, y) => {
                let (x, y) = at(x, y);
                InputEvent::Release { x, y }
            }
        })
    }

    fn headphones_event(&mut self) -> Option<InputEvent> {
        if self.headphones == self.told_headphones {
            return None;
        }
        self.told_headphones = self.headphones;
        self.headphones.map(InputEvent::Headphones)
    }
}

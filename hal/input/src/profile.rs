//! What a device is, by what it can do. Pure: the kernel's lists in, a decision out.
use std::collections::{BTreeMap, BTreeSet};

use evdev::{AbsoluteAxisCode, KeyCode, SwitchCode};

use crate::keymap::KeyMap;
use crate::mapping::AxisRange;

/// What the kernel says a device can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// `KEY_…` and `BTN_…`.
    pub keys: BTreeSet<u16>,
    /// `ABS_…` and their ranges.
    pub axes: BTreeMap<u16, AxisRange>,
    /// `SW_…`.
    pub switches: BTreeSet<u16>,
    /// `INPUT_PROP_POINTER`: what is touched is not what is shown, as on the pad of a laptop.
    pub indirect: bool,
}

/// How a device reports touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TouchKind {
    /// One position and a button: `BTN_TOUCH`, or `BTN_LEFT` of an absolute pointer.
    Single,
    /// Multi-touch protocol B.
    Slots,
}

/// What a device is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Touches, with the ranges of both axes.
    pub touch: Option<(TouchKind, AxisRange, AxisRange)>,
    /// It has keys that mean something to the kiosk.
    pub keys: bool,
    /// It knows whether headphones are plugged in.
    pub headphones: bool,
}

impl Profile {
    /// The profile of a device; `None` when it is of no use.
    pub fn of(device: &Capabilities, keymap: &KeyMap) -> Option<Profile> {
        let profile = Profile {
            touch: touch(device),
            keys: keymap.codes().any(|code| device.keys.contains(&code)),
            headphones: device.switches.contains(&SwitchCode::SW_HEADPHONE_INSERT.0),
        };
        (profile.touch.is_some() || profile.keys || profile.headphones).then_some(profile)
    }
}

fn touch(device: &Capabilities) -> Option<(TouchKind, AxisRange, AxisRange)> {
    if device.indirect {
        return None;
    }
    let axis =
        |code: AbsoluteAxisCode| device.axes.get(&code.0).copied().filter(|axis| axis.maximum > axis.minimum);
    let slots = device.axes.contains_key(&AbsoluteAxisCode::ABS_MT_SLOT.0)
        && device.axes.contains_key(&AbsoluteAxisCode::ABS_MT_TRACKING_ID.0);
    if slots {
        let x = axis(AbsoluteAxisCode::ABS_MT_POSITION_X);
        let y = axis(AbsoluteAxisCode::ABS_MT_POSITION_Y);
        if let (Some(x), Some(y)) = (x, y) {
            return Some((TouchKind::Slots, x, y));
        }
    }
    let button = [KeyCode::BTN_TOUCH, KeyCode::BTN_LEFT].iter().any(|key| device.keys.contains(&key.code()));
    let single = axis(AbsoluteAxisCode::ABS_X).zip(axis(AbsoluteAxisCode::ABS_Y));
    single.filter(|_| button).map(|(x, y)| (TouchKind::Single, x, y))
}

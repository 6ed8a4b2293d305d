//! What a board file says about its inputs. Read once at start; nothing here touches a device.
use std::path::PathBuf;

use crate::keymap::KeyMap;
use crate::mapping::{Calibration, Rotation};

/// How a touch panel lies on its screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TouchSetup {
    /// How far the touch panel is turned against the screen, clockwise.
    pub rotation: Rotation,
    /// The correction measured in technician mode, applied after the rotation.
    pub calibration: Calibration,
}

/// A device that the board has, by a name that does not change.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceRule {
    /// `/dev/input/by-id/…`, `/dev/input/by-path/…`.
    pub path: PathBuf,
    /// Where this device differs from [`InputConfig::touch`].
    pub touch: Option<TouchSetup>,
}

/// Which inputs to use, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct InputConfig {
    /// Width and height of the screen in pixels, in the panel's own orientation.
    pub screen: (u32, u32),
    /// The devices to use; when empty, every one that is a touch screen, an absolute pointer or a keypad.
    pub devices: Vec<DeviceRule>,
    /// Devices to leave alone whatever they can do: a barcode reader that types.
    pub ignored: Vec<PathBuf>,
    /// How touch panels lie on the screen.
    pub touch: TouchSetup,
    /// What the keys mean.
    pub keys: KeyMap,
    /// Whether to keep the events from everybody else, the console above all.
    pub grab: bool,
    /// Where the devices are; `/dev/input`.
    pub directory: PathBuf,
}

impl InputConfig {
    /// Everything useful that is plugged in, for a screen of this size.
    pub fn new(screen: (u32, u32)) -> InputConfig {
        InputConfig {
            screen,
            devices: Vec::new(),
            ignored: Vec::new(),
            touch: TouchSetup::default(),
            keys: KeyMap::default(),
            grab: true,
            directory: PathBuf::from("/dev/input"),
        }
    }
}

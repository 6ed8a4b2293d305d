//! What is taken for a touch screen, a pointer or a keypad, and folders in which devices come and go.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use hal_input::{AxisRange, Capabilities, InputConfig, InputError, Inputs, KeyMap, Profile, TouchKind};

fn capabilities(keys: &[u16], axes: &[u16], switches: &[u16]) -> Capabilities {
    let range = AxisRange { minimum: 0, maximum: 4095 };
    Capabilities {
        keys: BTreeSet::from_iter(keys.iter().copied()),
        axes: BTreeMap::from_iter(axes.iter().map(|axis| (*axis, range))),
        switches: BTreeSet::from_iter(switches.iter().copied()),
        indirect: false,
    }
}

fn kind(device: &Capabilities) -> Option<TouchKind> {
    Profile::of(device, &KeyMap::default()).and_then(|profile| profile.touch).map(|(kind, ..)| kind)
}

#[test]
fn touch_screens_and_absolute_pointers_are_touched() {
    assert_eq!(kind(&capabilities(&[0x14a], &[0, 1], &[])), Some(TouchKind::Single));
    assert_eq!(kind(&capabilities(&[0x110, 0x111, 0x112], &[0, 1], &[])), Some(TouchKind::Single));
    assert_eq!(kind(&capabilities(&[0x14a], &[0, 1, 0x2f, 0x35, 0x36, 0x39], &[])), Some(TouchKind::Slots));
}

#[test]
fn mice_gamepads_and_laptop_pads_are_not() {
    let mouse = capabilities(&[0x110, 0x111], &[], &[]);
    let gamepad = capabilities(&[0x120, 0x121], &[0, 1], &[]);
    let mut pad = capabilities(&[0x14a, 0x110, 0x145], &[0, 1, 0x2f, 0x35, 0x36, 0x39], &[]);
    pad.indirect = true;
    for device in [mouse, gamepad, pad] {
        assert_eq!(Profile::of(&device, &KeyMap::default()), None, "{device:?}");
    }
}

#[test]
fn an_axis_without_extent_is_no_screen() {
    let mut device = capabilities(&[0x14a], &[0, 1], &[]);
    device.axes.insert(1, AxisRange { minimum: 7, maximum: 7 });
    assert_eq!(kind(&device), None);
}

#[test]
fn keypads_and_jacks_are_used_and_power_buttons_left_alone() {
    let keypad = Profile::of(&capabilities(&[28], &[], &[]), &KeyMap::default()).unwrap();
    assert!(keypad.keys && keypad.touch.is_none() && !keypad.headphones);
    let jack = Profile::of(&capabilities(&[], &[], &[2]), &KeyMap::default()).unwrap();
    assert!(jack.headphones && !jack.keys);
    assert_eq!(Profile::of(&capabilities(&[116], &[], &[]), &KeyMap::default()), None);
}

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_machine_without_input_devices_waits_for_one() {
    let folder = Folder(std::env::temp_dir().join(format!("hal-input-waits-{}", std::process::id())));
    fs::create_dir_all(&folder.0).unwrap();
    let config = InputConfig { directory: folder.0.join("input"), ..InputConfig::new((1080, 1920)) };
    let mut inputs = Inputs::open(&config).unwrap();
    assert_eq!(inputs.fds().len(), 1);
    assert_eq!(inputs.read_ready(), []);

    // A file is no input device: it is refused, and nothing stops.
    fs::create_dir_all(config.directory.join("by-id")).unwrap();
    assert_eq!(inputs.read_ready(), []);
    fs::write(config.directory.join("event0"), b"no device").unwrap();
    let mut ready = [nix::poll::PollFd::new(inputs.fds()[0], nix::poll::PollFlags::POLLIN)];
    assert_eq!(nix::poll::poll(&mut ready, nix::poll::PollTimeout::ZERO), Ok(1), "the new node is noticed");
    assert_eq!(inputs.read_ready(), []);
    assert_eq!(inputs.devices(), []);
}

#[test]
fn a_screen_without_pixels_is_an_error() {
    assert!(matches!(Inputs::open(&InputConfig::new((0, 1920))), Err(InputError::NoScreen(0, 1920))));
}

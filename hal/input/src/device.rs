//! One open `/dev/input/event*`: its capabilities, its state, its events. No decisions here.
//!
//! Opened without blocking and, when wanted, grabbed; closing it gives the grab back.
use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use evdev::raw_stream::RawDevice;
use evdev::{AbsoluteAxisCode, KeyCode, PropType, SwitchCode};
use nix::fcntl::OFlag;

use crate::config::TouchSetup;
use crate::event::{InputEvent, RawEvent};
use crate::keymap::KeyMap;
use crate::mapping::{AxisRange, TouchMapping};
use crate::profile::{Capabilities, Profile, TouchKind};
use crate::slots_ioctl;
use crate::translator::{Snapshot, Translator};

/// Reads a turn, of 32 events each: a device that floods must not keep the user interface from drawing.
const READS: usize = 8;

/// An input in use, for the health page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// `/dev/input/event3`.
    pub path: PathBuf,
    /// What the device calls itself.
    pub name: String,
    /// It is touched.
    pub touch: bool,
    /// It has keys.
    pub keys: bool,
    /// It is the headphone jack.
    pub headphones: bool,
}

#[derive(Debug)]
pub(crate) struct Device {
    raw: RawDevice,
    profile: Profile,
    translator: Translator,
    path: PathBuf,
}

/// Axes are asked for by number, which are small in the kernel's list.
fn axes(raw: &RawDevice) -> io::Result<Vec<(u16, evdev::AbsInfo)>> {
    // The crate counts on axes being there; a keypad has none.
    if raw.supported_absolute_axes().is_none() {
        return Ok(Vec::new());
    }
    Ok(raw.get_absinfo()?.map(|(axis, info)| (axis.0, info)).collect())
}

impl Device {
    /// Opens the device if it is of use; `Ok(None)` when it is not.
    pub(crate) fn open(
        path: &Path,
        screen: (u32, u32),
        setup: TouchSetup,
        keymap: &KeyMap,
        grab: bool,
    ) -> io::Result<Option<Device>> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags((OFlag::O_NONBLOCK | OFlag::O_CLOEXEC).bits())
            .open(path)?;
        let mut raw = RawDevice::from_fd(file.into())?;
        let capabilities = Capabilities {
            keys: raw
                .supported_keys()
                .into_iter()
                .flat_map(|keys| keys.iter())
                .map(|key| key.code())
                .collect(),
            axes: axes(&raw)?
                .into_iter()
                .map(|(axis, info)| (axis, AxisRange { minimum: info.minimum(), maximum: info.maximum() }))
                .collect(),
            switches: raw.supported_switches().into_iter().flat_map(|set| set.iter()).map(|s| s.0).collect(),
            indirect: raw.properties().contains(PropType::POINTER),
        };
        let Some(profile) = Profile::of(&capabilities, keymap) else { return Ok(None) };
        if grab && (profile.touch.is_some() || profile.keys) {
            raw.grab()?;
        }
        let touch = profile.touch.map(|(kind, x, y)| {
            let TouchSetup { rotation, calibration } = setup;
            (kind, TouchMapping { x, y, rotation, calibration, screen })
        });
        let translator = Translator::new(touch, keymap.clone());
        Ok(Some(Device { raw, profile, translator, path: path.to_path_buf() }))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.raw.as_fd()
    }

    pub(crate) fn info(&self) -> DeviceInfo {
        DeviceInfo {
            path: self.path.clone(),
            name: self.raw.name().unwrap_or_default().to_owned(),
            touch: self.profile.touch.is_some(),
            keys: self.profile.keys,
            headphones: self.profile.headphones,
        }
    }

    /// Reads what is there, without waiting. An error means that the device is gone.
    pub(crate) fn read(&mut self, events: &mut Vec<InputEvent>) -> io::Result<()> {
        for _ in 0..READS {
            if self.translator.needs_resync() {
                let state = self.snapshot()?;
                events.extend(self.translator.resync(state));
            }
            match self.raw.fetch_events() {
                Ok(batch) => {
                    for event in batch {
                        let raw = RawEvent::new(event.event_type().0, event.code(), event.value());
                        events.extend(self.translator.feed(raw));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What it held down is released.
    pub(crate) fn unplugged(&mut self) -> Vec<InputEvent> {
        self.translator.unplugged()
    }

    fn snapshot(&self) -> io::Result<Snapshot> {
        let mut state = Snapshot::default();
        match self.profile.touch.map(|(kind, ..)| kind) {
            Some(TouchKind::Single) => {
                let keys = self.raw.get_key_state()?;
                state.touching = keys.contains(KeyCode::BTN_TOUCH) || keys.contains(KeyCode::BTN_LEFT);
                for (axis, info) in axes(&self.raw)? {
                    match AbsoluteAxisCode(axis) {
                        AbsoluteAxisCode::ABS_X => state.x = info.value(),
                        AbsoluteAxisCode::ABS_Y => state.y = info.value(),
                        _ => {}
                    }
                }
            }
            Some(TouchKind::Slots) => {
                let slot = |axis: AbsoluteAxisCode, absent| slots_ioctl::values(&self.raw, axis.0, absent);
                let ids = slot(AbsoluteAxisCode::ABS_MT_TRACKING_ID, -1)?;
                let x = slot(AbsoluteAxisCode::ABS_MT_POSITION_X, 0)?;
                let y = slot(AbsoluteAxisCode::ABS_MT_POSITION_Y, 0)?;
                state.slots = ids.into_iter().zip(x).zip(y).map(|((id, x), y)| (id, x, y)).collect();
                let current = |(axis, _): &(u16, evdev::AbsInfo)| *axis == AbsoluteAxisCode::ABS_MT_SLOT.0;
                state.slot =
                    axes(&self.raw)?.iter().find(|axis| current(axis)).map_or(0, |(_, info)| info.value());
            }
            None => {}
        }
        if self.profile.keys {
            state.held = self.raw.get_key_state()?.iter().map(|key| key.code()).collect();
        }
        if self.profile.headphones {
            state.headphones = Some(self.raw.get_switch_state()?.contains(SwitchCode::SW_HEADPHONE_INSERT));
        }
        Ok(state)
    }
}

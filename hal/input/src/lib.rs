//! Touch screens, absolute pointers, keypads, keyboards and the headphone jack, by evdev.
//!
//! Kernel documents: "Linux Input Subsystem userspace API", "Input event codes", "Multi-touch (MT) Protocol"
//! (protocol B; a screen that speaks only the stateless protocol A is not taken, the kernel's HID driver turns
//! all common ones into B).
//!
//! - Power-on: whatever is plugged in and useful is opened and grabbed, so that the console gets no keys. No
//!   device at all is no error: a screen without touch waits for one.
//! - Unplug: what was pressed is released at its last place; the device is taken back when it returns, under
//!   whatever event number.
//! - A flood, lost events (`SYN_DROPPED`), nonsense from a broken controller: bounded, and put right from the
//!   device's state.
//!
//! Start reading at `translator.rs`, which is pure; `inputs.rs` is the thin shell with the descriptors.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod arbiter;
mod config;
mod contacts;
mod device;
mod error;
mod event;
mod inputs;
mod keymap;
mod layout;
mod mapping;
mod profile;
mod slots_ioctl;
mod translator;
mod watch;

pub use arbiter::Arbiter;
pub use config::{DeviceRule, InputConfig, TouchSetup};
pub use device::DeviceInfo;
pub use error::InputError;
pub use event::{InputEvent, Keycode, RawEvent, UnknownKeycode};
pub use inputs::Inputs;
pub use keymap::{KeyMap, UnknownKey};
pub use mapping::{AxisRange, Calibration, Rotation, TouchMapping};
pub use profile::{Capabilities, Profile, TouchKind};
pub use translator::{Snapshot, Translator};

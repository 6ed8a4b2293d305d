//! All inputs of the kiosk behind one set of descriptors.
//!
//! One thread owns it: poll [`Inputs::fds`] (asked anew each time, as devices come and go), then call
//! [`Inputs::read_ready`]. Nothing here waits.
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use crate::arbiter::Arbiter;
use crate::config::{DeviceRule, InputConfig, TouchSetup};
use crate::device::{Device, DeviceInfo};
use crate::error::InputError;
use crate::event::InputEvent;
use crate::watch::Watch;

/// A kiosk has a handful; a machine that offers more is not searched further.
const DEVICES: usize = 32;

/// Everything that can be touched or pressed.
#[derive(Debug)]
pub struct Inputs {
    config: InputConfig,
    watch: Watch,
    devices: Vec<(u32, Device)>,
    arbiter: Arbiter,
    next: u32,
    /// Why a device could not be opened, so that it is said once and not at each look.
    failed: Vec<(PathBuf, String)>,
}

impl Inputs {
    /// Opens what is plugged in, and watches for what comes.
    ///
    /// # Errors
    /// Only when nothing could ever come in: no inotify, or a screen without pixels.
    pub fn open(config: &InputConfig) -> Result<Inputs, InputError> {
        if config.screen.0 == 0 || config.screen.1 == 0 {
            return Err(InputError::NoScreen(config.screen.0, config.screen.1));
        }
        let watch = Watch::new(&config.directory)
            .map_err(|source| InputError::Watch { directory: config.directory.clone(), source })?;
        let mut inputs = Inputs {
            config: config.clone(),
            watch,
            devices: Vec::new(),
            arbiter: Arbiter::default(),
            next: 0,
            failed: Vec::new(),
        };
        inputs.look();
        Ok(inputs)
    }

    /// The descriptors to poll for reading.
    pub fn fds(&self) -> Vec<BorrowedFd<'_>> {
        std::iter::once(self.watch.fd()).chain(self.devices.iter().map(|(_, device)| device.fd())).collect()
    }

    /// What is in use now.
    pub fn devices(&self) -> Vec<DeviceInfo> {
        self.devices.iter().map(|(_, device)| device.info()).collect()
    }

    /// Takes in everything that is there, without waiting: events, devices that left, devices that came.
    pub fn read_ready(&mut self) -> Vec<InputEvent> {
        let mut admitted = Vec::new();
        let mut lost = false;
        let arbiter = &mut self.arbiter;
        self.devices.retain_mut(|(number, device)| {
            let mut events = Vec::new();
            let alive = match device.read(&mut events) {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(path = %device.path().display(), %error, "an input device is gone");
                    events.extend(device.unplugged());
                    lost = true;
                    false
                }
            };
            admitted.extend(events.into_iter().filter(|event| arbiter.admit(*number, *event)));
            alive
        });
        // A device that left may be back already, under the node of the old one.
        if self.watch.changed() || lost {
            self.look();
        }
        admitted
    }

    /// Opens every useful device that is not open yet.
    fn look(&mut self) {
        if let Err(error) = self.watch.renew() {
            tracing::warn!(%error, "input devices that come later may not be noticed");
        }
        let resolve = |path: &PathBuf| std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let ignored: Vec<PathBuf> = self.config.ignored.iter().map(resolve).collect();
        let rules: Vec<(PathBuf, DeviceRule)> =
            self.config.devices.iter().map(|rule| (resolve(&rule.path), rule.clone())).collect();
        for node in event_nodes(&self.config.directory) {
            let open = self.devices.iter().any(|(_, device)| device.path() == node);
            if open || ignored.contains(&node) || self.devices.len() >= DEVICES {
                continue;
            }
            let rule = rules.iter().find(|(path, _)| *path == node).map(|(_, rule)| rule);
            if rule.is_some() || rules.is_empty() {
                let setup = rule.and_then(|rule| rule.touch).unwrap_or(self.config.touch);
                self.open_device(&node, setup);
            }
        }
    }

    fn open_device(&mut self, node: &Path, setup: TouchSetup) {
        let opened = Device::open(node, self.config.screen, setup, &self.config.keys, self.config.grab);
        let known = self.failed.iter().position(|(path, _)| path == node);
        match opened {
            Ok(Some(device)) => {
                tracing::info!(device = ?device.info(), "an input device is in use");
                self.devices.push((self.next, device));
                self.next = self.next.wrapping_add(1);
                if let Some(known) = known {
                    self.failed.swap_remove(known);
                }
            }
            Ok(None) => {}
            Err(error) => {
                let text = error.to_string();
                let said =
                    known.and_then(|known| self.failed.get(known)).is_some_and(|(_, last)| *last == text);
                if !said {
                    tracing::warn!(path = %node.display(), %error, "an input device cannot be opened");
                    if let Some(known) = known {
                        self.failed.swap_remove(known);
                    }
                    self.failed.truncate(DEVICES);
                    self.failed.push((node.to_path_buf(), text));
                }
            }
        }
    }
}

/// `event0`, `event1`, … in the order of their numbers, as the kernel names them (no links in between).
fn event_nodes(directory: &Path) -> Vec<PathBuf> {
    let directory = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf());
    let mut nodes: Vec<(u32, PathBuf)> = std::fs::read_dir(&directory)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("event")?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    nodes.sort();
    nodes.into_iter().map(|(_, path)| path).collect()
}

//! One open watchdog. Opening arms it, feeding keeps the board alive, dropping leaves it armed.
//!
//! Only the supervisor holds it, and feeds it only while every critical task is alive. Where and how often is
//! the supervisor's business; nothing here knows the time.
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Choice, WatchdogError, find, ioctl};

/// Why the board was last restarted, as far as the watchdog's hardware remembers. All false after a plain
/// power-on, and on hardware that remembers nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastReset {
    /// The watchdog was not fed.
    pub watchdog: bool,
    /// The processor was too hot.
    pub overheat: bool,
    /// The supply was too low.
    pub power_under: bool,
    /// An external relay asked for it.
    pub external: bool,
}

impl LastReset {
    fn from_bits(bits: u32) -> LastReset {
        LastReset {
            watchdog: bits & ioctl::CARD_RESET != 0,
            overheat: bits & ioctl::OVERHEAT != 0,
            power_under: bits & ioctl::POWER_UNDER != 0,
            external: bits & ioctl::EXTERNAL != 0,
        }
    }
}

/// An armed watchdog. Dropping it does NOT stop it: a program that dies without a word must be noticed.
#[derive(Debug)]
pub struct Watchdog {
    device: File,
    path: PathBuf,
    identity: String,
    options: u32,
    timeout: Duration,
    last_reset: LastReset,
}

impl Watchdog {
    /// Opens and thereby arms the chosen watchdog, with the timeout it has.
    ///
    /// # Errors
    /// There is none, another program holds it, or the file is no watchdog.
    pub fn open(choice: &Choice) -> Result<Watchdog, WatchdogError> {
        let path = find(choice, Path::new("/sys/class/watchdog"), Path::new("/dev"))?;
        let device = OpenOptions::new()
            .write(true)
            .open(&path)
            .map_err(|source| WatchdogError::Open { path: path.clone(), source })?;
        let fail = |doing| {
            let path = path.clone();
            move |source: nix::Error| WatchdogError::Request { path, doing, source: source.into() }
        };
        let support = ioctl::support(&device).map_err(fail("asking what it is"))?;
        let seconds = ioctl::timeout(&device).map_err(fail("asking for its timeout"))?;
        // Optional in the API; a driver without it remembers nothing.
        let boot_status = ioctl::boot_status(&device).unwrap_or_default();
        let name = support.identity.split(|byte| *byte == 0).next().unwrap_or_default();
        let watchdog = Watchdog {
            identity: String::from_utf8_lossy(name).trim().to_owned(),
            options: support.options,
            timeout: duration(seconds),
            last_reset: LastReset::from_bits(boot_status),
            device,
            path,
        };
        tracing::info!(path = %watchdog.path.display(), identity = watchdog.identity,
            timeout = ?watchdog.timeout, last_reset = ?watchdog.last_reset, "the watchdog is armed");
        Ok(watchdog)
    }

    /// Says that all is well. To be called well within [`Watchdog::timeout`].
    ///
    /// # Errors
    /// The device is gone; opening it again is all one can do.
    pub fn feed(&mut self) -> Result<(), WatchdogError> {
        ioctl::keep_alive(&self.device).map_err(|error| self.request("feeding it", error))
    }

    /// How long after the last feeding the board is reset.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sets the timeout, and gives what the hardware made of it: whole seconds, within its range.
    ///
    /// # Errors
    /// The hardware's timeout is fixed, or does not reach so far; the old one stays.
    pub fn set_timeout(&mut self, timeout: Duration) -> Result<Duration, WatchdogError> {
        if self.options & ioctl::CAN_SET_TIMEOUT == 0 {
            return Err(self.request("setting its timeout", nix::Error::EOPNOTSUPP));
        }
        // Up, as a dog that bites early is worse than one that bites a moment late; zero is no timeout.
        let seconds = timeout.as_secs().saturating_add(u64::from(timeout.subsec_nanos() > 0)).max(1);
        let seconds = i32::try_from(seconds).unwrap_or(i32::MAX);
        let set = ioctl::set_timeout(&self.device, seconds)
            .map_err(|error| self.request("setting its timeout", error))?;
        self.timeout = duration(set);
        Ok(self.timeout)
    }

    /// What the driver calls itself.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The device file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the board was last restarted.
    pub fn last_reset(&self) -> LastReset {
        self.last_reset
    }

    /// Whether [`Watchdog::disarm`] can work; `nowayout` may still forbid it.
    pub fn can_stop(&self) -> bool {
        self.options & ioctl::CAN_STOP != 0
    }

    /// Stops it by the magic close: for an orderly end only.
    ///
    /// # Errors
    /// The driver cannot be stopped; it stays armed.
    pub fn disarm(mut self) -> Result<(), WatchdogError> {
        if !self.can_stop() {
            return Err(WatchdogError::CannotStop { path: self.path.clone() });
        }
        self.device.write_all(b"V").map_err(|source| WatchdogError::Request {
            path: self.path.clone(),
            doing: "stopping it",
            source,
        })
    }

    fn request(&self, doing: &'static str, error: nix::Error) -> WatchdogError {
        WatchdogError::Request { path: self.path.clone(), doing, source: error.into() }
    }
}

fn duration(seconds: i32) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_of_the_last_reset_is_read_from_its_bits() {
        assert_eq!(LastReset::from_bits(0), LastReset::default());
        assert_eq!(LastReset::from_bits(0x20), LastReset { watchdog: true, ..LastReset::default() });
        let all = LastReset { watchdog: true, overheat: true, power_under: true, external: true };
        assert_eq!(LastReset::from_bits(0x3d), all);
    }

    #[test]
    fn a_file_that_is_no_watchdog_is_refused() {
        let error = Watchdog::open(&Choice::Path("/dev/null".into())).unwrap_err();
        assert!(matches!(error, WatchdogError::Request { .. }), "{error}");
    }
}

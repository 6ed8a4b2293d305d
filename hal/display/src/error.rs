//! What can go wrong with a screen. After any error but [`DisplayError::FrameSize`], drop the display and open
//! it again.
use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;

/// A screen that cannot be opened or drawn on.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// No device showed a picture; the text lists what was tried.
    #[error("no screen found ({tried}); check its cable and power")]
    NoScreen {
        /// Each device and why it was not used.
        tried: String,
    },
    /// The device has no connected screen, or not the configured one.
    #[error("{}: no screen is connected{wanted}; connectors: {found}", path.display())]
    NotConnected {
        /// The device.
        path: PathBuf,
        /// `" to HDMI-A-1"`, or nothing.
        wanted: String,
        /// What the device has.
        found: String,
    },
    /// The screen does not offer the configured size.
    #[error("{}: the screen offers no {}x{}, but {offered}; correct the board file", path.display(), wanted.0, wanted.1)]
    NoMode {
        /// The device.
        path: PathBuf,
        /// What was configured.
        wanted: (u32, u32),
        /// The sizes on offer.
        offered: String,
    },
    /// The device works with pixels or sizes that this crate does not draw.
    #[error("{}: {what}", path.display())]
    Unsupported {
        /// The device.
        path: PathBuf,
        /// What it wants.
        what: String,
    },
    /// Another program holds the screen, or this one may not open it.
    #[error("{}: {doing} was denied ({source}); is another program drawing, is the user in the group video?", path.display())]
    Denied {
        /// The device.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The device is gone: unplugged, or its driver removed.
    #[error("{}: the screen is gone while {doing} ({source}); open it again", path.display())]
    Lost {
        /// The device.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The kernel refused for another reason.
    #[error("{}: {doing} failed: {source}", path.display())]
    Io {
        /// The device.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The caller's frame is not the screen's size. The display stays usable.
    #[error("the frame has {got} pixels, the screen {wanted}")]
    FrameSize {
        /// Pixels given.
        got: usize,
        /// Pixels wanted.
        wanted: usize,
    },
}

impl DisplayError {
    /// Sorts an error of the kernel by what the caller can do about it.
    pub(crate) fn from_io(path: &Path, doing: &'static str, source: io::Error) -> DisplayError {
        let path = path.to_path_buf();
        match source.raw_os_error().map(Errno::from_raw) {
            Some(Errno::EACCES | Errno::EPERM | Errno::EBUSY) => DisplayError::Denied { path, doing, source },
            Some(Errno::ENODEV | Errno::ENXIO | Errno::ENOENT | Errno::EIO) => {
                DisplayError::Lost { path, doing, source }
            }
            _ => DisplayError::Io { path, doing, source },
        }
    }
}

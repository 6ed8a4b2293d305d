//! What can go wrong with input as a whole. A single device that fails is logged and tried again; it is no error.
use std::io;
use std::path::PathBuf;

/// Input cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The kernel refused to watch the folder for new devices.
    #[error("{}: new input devices cannot be watched: {source}", directory.display())]
    Watch {
        /// The folder of the devices.
        directory: PathBuf,
        /// What the kernel said.
        source: io::Error,
    },
    /// The screen has no pixels to map a touch to.
    #[error("a screen of {0}x{1} pixels cannot be touched; correct the board file")]
    NoScreen(u32, u32),
}

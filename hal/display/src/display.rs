//! The screen as the rest sees it, whichever device is behind it.
//!
//! Power-on, unplug and loss: see the crate's page. Nothing here sleeps or retries: the caller's loop opens
//! again at its own pace.
use std::os::fd::BorrowedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::fbdev::Fbdev;
use crate::kms::Kms;
use crate::region::Rect;
use crate::{Device, DisplayConfig, DisplayError};

/// Device number 29 is `fb`, 226 is `drm` (the kernel's list of device numbers).
const FRAME_BUFFER_MAJOR: u64 = 29;

#[derive(Debug)]
enum Backend {
    Kms(Kms),
    Fbdev(Fbdev),
}

/// An open screen. One thread owns it.
#[derive(Debug)]
pub struct Display {
    backend: Backend,
    millimetres: Option<(u32, u32)>,
    path: PathBuf,
}

impl Display {
    /// Opens the configured screen, sets its mode and shows black.
    ///
    /// # Errors
    /// When no screen is connected, another program holds it, or the board file asks for what it cannot do.
    pub fn open(config: &DisplayConfig) -> Result<Display, DisplayError> {
        match &config.device {
            Device::Path(path) => Display::open_path(path, config),
            Device::Auto => Display::open_first(&candidates(Path::new("/dev")), config),
        }
    }

    fn open_first(paths: &[PathBuf], config: &DisplayConfig) -> Result<Display, DisplayError> {
        let mut tried = Vec::new();
        for path in paths {
            match Display::open_path(path, config) {
                Ok(display) => return Ok(display),
                Err(error) => tried.push(error.to_string()),
            }
        }
        let tried =
            if tried.is_empty() { "neither /dev/dri/card* nor /dev/fb0".into() } else { tried.join("; ") };
        Err(DisplayError::NoScreen { tried })
    }

    fn open_path(path: &Path, config: &DisplayConfig) -> Result<Display, DisplayError> {
        let metadata = std::fs::metadata(path)
            .map_err(|source| DisplayError::from_io(path, "looking for the screen", source))?;
        let backend = if nix::sys::stat::major(metadata.rdev()) == FRAME_BUFFER_MAJOR {
            Backend::Fbdev(Fbdev::open(path, config.mode)?)
        } else {
            Backend::Kms(Kms::open(path, config)?)
        };
        let told = match &backend {
            Backend::Kms(kms) => kms.millimetres(),
            Backend::Fbdev(fbdev) => fbdev.millimetres(),
        };
        Ok(Display { backend, millimetres: config.physical_mm.or(told), path: path.to_path_buf() })
    }

    /// Width and height in pixels, in the panel's own orientation.
    pub fn size(&self) -> (u32, u32) {
        match &self.backend {
            Backend::Kms(kms) => kms.size(),
            Backend::Fbdev(fbdev) => fbdev.size(),
        }
    }

    /// Width and height of the visible area in millimetres: from the board file, else as the screen says.
    pub fn physical_mm(&self) -> Option<(u32, u32)> {
        self.millimetres
    }

    /// The device that is drawn on.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True while finished frames are exchanged at the screen's own beat, without tearing.
    pub fn flips(&self) -> bool {
        matches!(&self.backend, Backend::Kms(kms) if kms.flips())
    }

    /// Shows a frame of `width * height` XRGB8888 words, of which only `damage` changed since the last one.
    /// Rectangles may overlap and reach over the edge. Waits at most 50 ms for the frame before; call
    /// [`Display::poll_events`] first to wait for nothing.
    ///
    /// # Errors
    /// [`DisplayError::FrameSize`] changes nothing; after any other, drop the display and open it again.
    pub fn present(&mut self, frame: &[u32], damage: &[Rect]) -> Result<(), DisplayError> {
        let (width, height) = self.size();
        let wanted = (width as usize).saturating_mul(height as usize);
        if frame.len() != wanted {
            return Err(DisplayError::FrameSize { got: frame.len(), wanted });
        }
        match &mut self.backend {
            Backend::Kms(kms) => kms.present(frame, damage),
            Backend::Fbdev(fbdev) => {
                fbdev.present(frame, damage);
                Ok(())
            }
        }
    }

    /// Readable when the frame before has reached the screen; for the caller's poll. `None`: never waits.
    pub fn fd(&self) -> Option<BorrowedFd<'_>> {
        match &self.backend {
            Backend::Kms(kms) => Some(kms.fd()),
            Backend::Fbdev(_) => None,
        }
    }

    /// Takes in what the kernel reports, without waiting; true when [`Display::present`] will not wait.
    ///
    /// # Errors
    /// The device is gone.
    pub fn poll_events(&mut self) -> Result<bool, DisplayError> {
        match &mut self.backend {
            Backend::Kms(kms) => kms.poll_events(),
            Backend::Fbdev(_) => Ok(true),
        }
    }

    /// Asks the kernel whether the screen is still there; for every few seconds, also while nothing is drawn.
    ///
    /// # Errors
    /// The screen was unplugged, its mode changed, or the device is gone.
    pub fn check(&self) -> Result<(), DisplayError> {
        match &self.backend {
            Backend::Kms(kms) => kms.check(),
            Backend::Fbdev(fbdev) => fbdev.check(),
        }
    }
}

/// `dri/card*` in the order of their numbers, then `fb0`, those that exist under `dev`.
fn candidates(dev: &Path) -> Vec<PathBuf> {
    let mut cards: Vec<(u32, PathBuf)> = std::fs::read_dir(dev.join("dri"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("card")?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    cards.sort();
    let frame_buffer = Some(dev.join("fb0")).filter(|path| path.exists());
    cards.into_iter().map(|(_, path)| path).chain(frame_buffer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_device_is_lost_and_names_itself() {
        let device = Device::Path("/dev/dri/no-such-card".into());
        let error = Display::open(&DisplayConfig { device, ..DisplayConfig::default() }).unwrap_err();
        assert!(matches!(error, DisplayError::Lost { .. }), "{error}");
        assert!(error.to_string().contains("no-such-card"), "{error}");
    }

    #[test]
    fn a_device_that_is_no_screen_is_an_error_not_a_crash() {
        let device = Device::Path("/dev/null".into());
        assert!(Display::open(&DisplayConfig { device, ..DisplayConfig::default() }).is_err());
    }

    #[test]
    fn without_any_device_the_error_says_what_was_looked_for() {
        let error = Display::open_first(&[], &DisplayConfig::default()).unwrap_err();
        assert!(error.to_string().contains("/dev/fb0"), "{error}");
    }
}

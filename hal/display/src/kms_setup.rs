//! Choosing connector, mode and CRTC of a DRM device, by the rules of the KMS interface.
//!
//! Read at each open, so a screen that was exchanged for another while the kiosk ran gets its own mode.
use std::fs::{File, OpenOptions};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use drm::control::{Device as _, Mode, ModeTypeFlags, ResourceHandles, connector, crtc};
use drm::{Device as _, DriverCapability};
use nix::fcntl::OFlag;

use crate::{DisplayConfig, DisplayError};

/// An open `/dev/dri/card*`.
#[derive(Debug)]
pub(crate) struct Card {
    file: File,
    path: PathBuf,
}

impl AsFd for Card {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}
impl drm::Device for Card {}
impl drm::control::Device for Card {}

/// What was chosen.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) connector: connector::Handle,
    pub(crate) name: String,
    pub(crate) crtc: crtc::Handle,
    pub(crate) mode: Mode,
    pub(crate) millimetres: Option<(u32, u32)>,
}

impl Card {
    /// Opens the device and becomes the one that may draw.
    pub(crate) fn open(path: &Path) -> Result<Card, DisplayError> {
        // Without O_NONBLOCK a read of the flip events would stop the caller's thread.
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags((OFlag::O_NONBLOCK | OFlag::O_CLOEXEC).bits())
            .open(path)
            .map_err(|source| DisplayError::from_io(path, "opening the screen", source))?;
        let card = Card { file, path: path.to_path_buf() };
        let dumb = card
            .get_driver_capability(DriverCapability::DumbBuffer)
            .map_err(|source| card.error("asking for its abilities", source))?;
        if dumb == 0 {
            return Err(card.unsupported("its driver has no plain buffers"));
        }
        card.acquire_master_lock().map_err(|source| card.error("taking the screen", source))?;
        Ok(card)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn error(&self, doing: &'static str, source: std::io::Error) -> DisplayError {
        DisplayError::from_io(&self.path, doing, source)
    }

    pub(crate) fn unsupported(&self, what: impl Into<String>) -> DisplayError {
        DisplayError::Unsupported { path: self.path.clone(), what: what.into() }
    }

    /// The connector, mode and CRTC to use.
    pub(crate) fn choose(&self, config: &DisplayConfig) -> Result<Output, DisplayError> {
        let resources =
            self.resource_handles().map_err(|source| self.error("listing its outputs", source))?;
        let mut found = Vec::new();
        let mut chosen = None;
        for handle in resources.connectors() {
            // A probe: the kernel's picture may be older than the cable.
            let Ok(info) = self.get_connector(*handle, true) else { continue };
            let name = name_of(&info);
            found.push(format!("{name} {:?}", info.state()));
            let wanted = config.connector.as_ref().is_none_or(|wanted| *wanted == name);
            if wanted && info.state() == connector::State::Connected && !info.modes().is_empty() {
                chosen = Some((info, name));
                break;
            }
        }
        let Some((info, name)) = chosen else {
            let wanted = config.connector.as_ref().map(|name| format!(" to {name}")).unwrap_or_default();
            let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
            return Err(DisplayError::NotConnected { path: self.path.clone(), wanted, found });
        };
        let mode = self.mode(&info, config.mode)?;
        let crtc = self.crtc(&resources, &info)?;
        let millimetres = info.size().filter(|(width, height)| *width > 0 && *height > 0);
        Ok(Output { connector: info.handle(), name, crtc, mode, millimetres })
    }

    fn mode(&self, info: &connector::Info, wanted: Option<(u32, u32)>) -> Result<Mode, DisplayError> {
        let size = |mode: &Mode| (u32::from(mode.size().0), u32::from(mode.size().1));
        let found = match wanted {
            Some(wanted) => {
                info.modes().iter().filter(|mode| size(mode) == wanted).max_by_key(|m| m.vrefresh())
            }
            None => {
                let preferred = |mode: &&Mode| mode.mode_type().contains(ModeTypeFlags::PREFERRED);
                info.modes().iter().find(preferred).or_else(|| info.modes().first())
            }
        };
        found.copied().ok_or_else(|| {
            let mut offered: Vec<String> =
                info.modes().iter().map(|mode| format!("{}x{}", mode.size().0, mode.size().1)).collect();
            offered.dedup();
            let wanted = wanted.unwrap_or_default();
            DisplayError::NoMode { path: self.path.clone(), wanted, offered: offered.join(", ") }
        })
    }

    /// The CRTC that drives the connector already, else the first that can.
    fn crtc(
        &self,
        resources: &ResourceHandles,
        info: &connector::Info,
    ) -> Result<crtc::Handle, DisplayError> {
        let current = info.current_encoder().and_then(|encoder| self.get_encoder(encoder).ok()?.crtc());
        let possible = || {
            let mut encoders = info.encoders().iter().filter_map(|encoder| self.get_encoder(*encoder).ok());
            encoders.find_map(|encoder| resources.filter_crtcs(encoder.possible_crtcs()).first().copied())
        };
        current.or_else(possible).ok_or_else(|| self.unsupported("no CRTC can drive the screen"))
    }

    /// Whether the screen is still plugged in, by the kernel's last look at it.
    pub(crate) fn is_connected(&self, output: &Output) -> Result<bool, DisplayError> {
        let info = self
            .get_connector(output.connector, false)
            .map_err(|source| self.error("asking for the connector", source))?;
        Ok(info.state() == connector::State::Connected)
    }
}

/// The kernel's name: `HDMI-A-1`.
fn name_of(info: &connector::Info) -> String {
    format!("{}-{}", info.interface().as_str(), info.interface_id())
}

//! `/dev/fb0`: the fallback for kernels without a DRM driver for the panel.
//!
//! One buffer, drawn in place. Power-on: the kernel's mode is taken as it is, with its panning offset. Unplug
//! of such a panel is not reported by the kernel; a removed driver is, by the next [`Fbdev::check`].
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::DisplayError;
use crate::fb_ioctl::{self, RawBitField};
use crate::mapping::Mapping;
use crate::pixels::{BitField, PixelLayout, Surface};
use crate::region::{Rect, Region};

/// An open frame buffer device.
#[derive(Debug)]
pub(crate) struct Fbdev {
    path: PathBuf,
    device: File,
    mapping: Mapping,
    surface: Surface,
    millimetres: Option<(u32, u32)>,
    stale: Region,
}

fn field(raw: RawBitField) -> BitField {
    BitField { offset: raw.offset, length: raw.length }
}

impl Fbdev {
    /// Opens and maps the device; `wanted` must be its size when given.
    pub(crate) fn open(path: &Path, wanted: Option<(u32, u32)>) -> Result<Fbdev, DisplayError> {
        let fail = |doing, source| DisplayError::from_io(path, doing, source);
        let unsupported = |what: String| DisplayError::Unsupported { path: path.to_path_buf(), what };
        let device = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(|e| fail("opening the screen", e))?;
        let variable =
            fb_ioctl::variable(&device).map_err(|e| fail("reading the screen's mode", e.into()))?;
        let fixed =
            fb_ioctl::fixed(&device).map_err(|e| fail("reading the screen's memory layout", e.into()))?;
        let size = (variable.xres, variable.yres);
        if let Some(wanted) = wanted.filter(|wanted| *wanted != size) {
            let offered = format!("{}x{}", size.0, size.1);
            return Err(DisplayError::NoMode { path: path.to_path_buf(), wanted, offered });
        }
        // FB_TYPE_PACKED_PIXELS is 0; planes and text modes are something else.
        if fixed.kind != 0 || variable.grayscale != 0 || variable.nonstd != 0 {
            return Err(unsupported(format!("its memory type {} is not packed colour pixels", fixed.kind)));
        }
        let layout = PixelLayout::new(
            variable.bits_per_pixel,
            field(variable.red),
            field(variable.green),
            field(variable.blue),
        )
        .map_err(|error| unsupported(error.to_string()))?;
        let stride = fixed.line_length as usize;
        let length = fixed.smem_len as usize;
        let offset = (variable.yoffset as usize)
            .checked_mul(stride)
            .and_then(|rows| rows.checked_add((variable.xoffset as usize).checked_mul(layout.bytes())?));
        let surface = offset.map(|offset| Surface { size, stride, offset, layout });
        let surface =
            surface.filter(|surface| surface.needed().is_some_and(|needed| needed <= length)).ok_or_else(
                || unsupported(format!("{}x{} do not fit into its {length} bytes", size.0, size.1)),
            )?;
        let mapping = Mapping::new(&device, 0, length).map_err(|e| fail("mapping the screen", e.into()))?;
        if let Err(error) = fb_ioctl::unblank(&device) {
            // Many drivers know no blanking; those panels are on.
            tracing::debug!(%error, "the frame buffer cannot be unblanked");
        }
        let known = |value: u32| value != 0 && value < 10_000;
        let millimetres =
            (known(variable.width) && known(variable.height)).then_some((variable.width, variable.height));
        let stale = Region::of(Rect::new(0, 0, size.0, size.1));
        Ok(Fbdev { path: path.to_path_buf(), device, mapping, surface, millimetres, stale })
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        self.surface.size
    }

    pub(crate) fn millimetres(&self) -> Option<(u32, u32)> {
        self.millimetres
    }

    /// Copies the damage, and the whole frame the first time.
    pub(crate) fn present(&mut self, frame: &[u32], damage: &[Rect]) {
        for rect in damage {
            self.stale.add(rect.clipped(self.surface.size));
        }
        for rect in self.stale.rects() {
            self.surface.copy(frame, self.mapping.bytes(), *rect);
        }
        self.stale.clear();
    }

    /// An error when the device is gone or its mode was changed under us.
    pub(crate) fn check(&self) -> Result<(), DisplayError> {
        let now = fb_ioctl::variable(&self.device)
            .map_err(|e| DisplayError::from_io(&self.path, "asking for the screen's mode", e.into()))?;
        if (now.xres, now.yres) == self.surface.size {
            return Ok(());
        }
        let what = format!("its size changed to {}x{}", now.xres, now.yres);
        Err(DisplayError::Unsupported { path: self.path.clone(), what })
    }
}

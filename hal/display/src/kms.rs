//! Drawing through DRM: two dumb buffers exchanged by page flips, or one whose damage is told to the driver.
//!
//! - Power-on: the mode is set with the first buffer, which the kernel hands out black.
//! - Both buffers are refreshed with what they miss: the damage of this frame and of those shown since from
//!   the other buffer.
//! - A flip whose event never comes (some virtual screens lose them at a reset) ends flipping: frames are then
//!   shown by setting the CRTC, which waits for nothing.
//! - Unplug or loss of the screen: the failing call's error; everything is given back to the kernel on drop.
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use drm::buffer::{Buffer as _, DrmFourcc};
use drm::control::dumbbuffer::DumbBuffer;
use drm::control::{ClipRect, Device as _, Event, PageFlipFlags, framebuffer};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::kms_setup::{Card, Output};
use crate::mapping::Mapping;
use crate::pixels::{PixelLayout, Surface};
use crate::region::{Rect, Region};
use crate::{Buffers, DisplayConfig, DisplayError};

/// Three frames at 60 Hz: a flip takes one; past three the event is lost, and the picture must go on.
const FLIP_WAIT_MS: u16 = 50;

/// How a finished buffer gets onto the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Page flip with an event.
    Flip,
    /// `SETCRTC` with the other buffer, for drivers without flips.
    SetCrtc,
    /// Drawn into the visible buffer, then `DIRTYFB`.
    Dirty,
    /// Drawn into the visible buffer; the driver wants no word about it.
    Plain,
}

#[derive(Debug)]
struct Buffer {
    dumb: DumbBuffer,
    framebuffer: framebuffer::Handle,
    mapping: Mapping,
    surface: Surface,
    stale: Region,
}

/// A screen behind `/dev/dri/card*`.
#[derive(Debug)]
pub(crate) struct Kms {
    card: Card,
    output: Output,
    buffers: Vec<Buffer>,
    /// The buffer that is shown, or will be when the pending flip is done.
    front: usize,
    way: Way,
    flip_pending: bool,
}

fn errno(error: &std::io::Error) -> Option<Errno> {
    error.raw_os_error().map(Errno::from_raw)
}

impl Kms {
    pub(crate) fn open(path: &Path, config: &DisplayConfig) -> Result<Kms, DisplayError> {
        let card = Card::open(path)?;
        let output = card.choose(config)?;
        let mut kms =
            Kms { card, output, buffers: Vec::new(), front: 0, way: Way::Dirty, flip_pending: false };
        let first = kms.create_buffer()?;
        kms.buffers.push(first);
        kms.set_mode()?;
        if config.buffers == Buffers::Flip {
            match kms.create_buffer() {
                Ok(second) => {
                    kms.buffers.push(second);
                    kms.way = Way::Flip;
                }
                Err(error) => tracing::warn!(%error, "no second buffer; frames go into the visible one"),
            }
        }
        let (width, height) = kms.size();
        tracing::info!(path = %path.display(), connector = kms.output.name, width, height, "the screen is open");
        Ok(kms)
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        let (width, height) = self.output.mode.size();
        (width.into(), height.into())
    }

    pub(crate) fn millimetres(&self) -> Option<(u32, u32)> {
        self.output.millimetres
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.card.as_fd()
    }

    pub(crate) fn flips(&self) -> bool {
        self.way == Way::Flip
    }

    fn create_buffer(&self) -> Result<Buffer, DisplayError> {
        let fail = |doing, source| self.card.error(doing, source);
        let dumb = self
            .card
            .create_dumb_buffer(self.size(), DrmFourcc::Xrgb8888, 32)
            .map_err(|source| fail("creating a buffer", source))?;
        let made = self.map_buffer(&dumb).and_then(|(mapping, surface)| {
            let framebuffer = self
                .card
                .add_framebuffer(&dumb, 24, 32)
                .map_err(|source| fail("making a buffer a frame buffer", source))?;
            Ok((mapping, surface, framebuffer))
        });
        match made {
            Ok((mapping, surface, framebuffer)) => {
                let (width, height) = self.size();
                let stale = Region::of(Rect::new(0, 0, width, height));
                Ok(Buffer { dumb, framebuffer, mapping, surface, stale })
            }
            Err(error) => {
                let _ = self.card.destroy_dumb_buffer(dumb);
                Err(error)
            }
        }
    }

    fn map_buffer(&self, dumb: &DumbBuffer) -> Result<(Mapping, Surface), DisplayError> {
        let layout = PixelLayout::XRGB8888;
        let surface = Surface { size: self.size(), stride: dumb.pitch() as usize, offset: 0, layout };
        let length = surface
            .needed()
            .ok_or_else(|| self.card.unsupported(format!("a buffer with rows of {} bytes", dumb.pitch())))?;
        let place = drm_ffi::mode::dumbbuffer::map(self.card.as_fd(), dumb.handle().into(), 0, 0)
            .map_err(|source| self.card.error("finding a buffer's memory", source))?;
        let offset = i64::try_from(place.offset)
            .map_err(|_| self.card.unsupported(format!("a buffer at {:#x}", place.offset)))?;
        let mapping = Mapping::new(&self.card, offset, length)
            .map_err(|error| self.card.error("mapping a buffer", error.into()))?;
        Ok((mapping, surface))
    }

    /// Shows the front buffer by setting the CRTC.
    fn set_mode(&self) -> Result<(), DisplayError> {
        let Some(buffer) = self.buffers.get(self.front) else { return Ok(()) };
        let Output { crtc, connector, mode, .. } = self.output;
        let set = || self.card.set_crtc(crtc, Some(buffer.framebuffer), (0, 0), &[connector], Some(mode));
        let done = match set() {
            // Small video memories hold the console's buffer or ours, not both: switch the console's off first.
            Err(error) if matches!(errno(&error), Some(Errno::ENOMEM | Errno::ENOSPC)) => {
                self.card.set_crtc(crtc, None, (0, 0), &[], None).and_then(|()| set())
            }
            done => done,
        };
        done.map_err(|source| self.card.error("setting the mode", source))
    }

    /// Takes in what the kernel reports; true when a frame can be presented without waiting.
    pub(crate) fn poll_events(&mut self) -> Result<bool, DisplayError> {
        while self.flip_pending {
            match self.card.receive_events() {
                Ok(events) => {
                    for event in events {
                        if let Event::PageFlip(_) = event {
                            self.flip_pending = false;
                        }
                    }
                }
                Err(error) => match errno(&error) {
                    Some(Errno::EAGAIN) => break,
                    Some(Errno::EINTR) => {}
                    _ => return Err(self.card.error("reading flip events", error)),
                },
            }
        }
        Ok(!self.flip_pending)
    }

    /// Waits for a pending flip, but never long; true when it is done.
    fn wait_for_flip(&mut self) -> Result<bool, DisplayError> {
        if self.poll_events()? {
            return Ok(true);
        }
        let mut fds = [PollFd::new(self.card.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, PollTimeout::from(FLIP_WAIT_MS)) {
            Ok(_) | Err(Errno::EINTR) => self.poll_events(),
            Err(error) => Err(self.card.error("waiting for a flip", error.into())),
        }
    }

    pub(crate) fn present(&mut self, frame: &[u32], damage: &[Rect]) -> Result<(), DisplayError> {
        let size = self.size();
        for buffer in &mut self.buffers {
            for rect in damage {
                buffer.stale.add(rect.clipped(size));
            }
        }
        if self.buffers.get(self.front).is_none_or(|shown| shown.stale.is_empty()) {
            return Ok(());
        }
        if self.flip_pending && !self.wait_for_flip()? {
            tracing::warn!("a flip was not reported; frames are shown without flips from now on");
            self.flip_pending = false;
            self.way = Way::SetCrtc;
        }
        match self.way {
            Way::Flip => self.flip(frame),
            Way::SetCrtc => {
                self.refresh(self.back(), frame);
                self.front = self.back();
                self.set_mode()
            }
            Way::Dirty | Way::Plain => self.draw_in_place(frame),
        }
    }

    fn back(&self) -> usize {
        if self.buffers.len() > 1 { 1 - self.front.min(1) } else { 0 }
    }

    /// Brings a buffer up to date; gives what was copied.
    fn refresh(&mut self, index: usize, frame: &[u32]) -> Region {
        let Some(buffer) = self.buffers.get_mut(index) else { return Region::default() };
        let region = std::mem::take(&mut buffer.stale);
        for rect in region.rects() {
            buffer.surface.copy(frame, buffer.mapping.bytes(), *rect);
        }
        region
    }

    fn flip(&mut self, frame: &[u32]) -> Result<(), DisplayError> {
        let back = self.back();
        self.refresh(back, frame);
        let Some(framebuffer) = self.buffers.get(back).map(|buffer| buffer.framebuffer) else {
            return Ok(());
        };
        match self.card.page_flip(self.output.crtc, framebuffer, PageFlipFlags::EVENT, None) {
            Ok(()) => {
                self.front = back;
                self.flip_pending = true;
                Ok(())
            }
            Err(error) => match errno(&error) {
                Some(Errno::ENOMEM | Errno::ENOSPC) => {
                    tracing::warn!(%error, "no memory to show a second buffer; frames go into the visible one");
                    self.drop_buffer(back);
                    self.front = 0;
                    self.way = Way::Dirty;
                    self.draw_in_place(frame)
                }
                Some(Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP | Errno::EBUSY) => {
                    tracing::warn!(%error, "the driver does not flip; frames are shown by setting the mode");
                    self.way = Way::SetCrtc;
                    self.front = back;
                    self.set_mode()
                }
                _ => Err(self.card.error("flipping to the next frame", error)),
            },
        }
    }

    fn draw_in_place(&mut self, frame: &[u32]) -> Result<(), DisplayError> {
        let region = self.refresh(self.front, frame);
        if self.way == Way::Plain {
            return Ok(());
        }
        let Some(buffer) = self.buffers.get(self.front) else { return Ok(()) };
        // Modes are 16 bits wide, and the region lies inside the mode.
        let edge = |value: u32| u16::try_from(value).unwrap_or(u16::MAX);
        let clips: Vec<ClipRect> = region
            .rects()
            .iter()
            .map(|r| ClipRect::new(edge(r.x), edge(r.y), edge(r.x + r.width), edge(r.y + r.height)))
            .collect();
        match self.card.dirty_framebuffer(buffer.framebuffer, &clips) {
            Ok(()) => Ok(()),
            Err(error) => match errno(&error) {
                Some(Errno::ENOSYS | Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOTTY) => {
                    self.way = Way::Plain;
                    Ok(())
                }
                _ => Err(self.card.error("telling the driver what changed", error)),
            },
        }
    }

    fn drop_buffer(&mut self, index: usize) {
        if index < self.buffers.len() {
            let buffer = self.buffers.remove(index);
            self.give_back(buffer);
        }
    }

    fn give_back(&self, buffer: Buffer) {
        let Buffer { dumb, framebuffer, mapping, .. } = buffer;
        drop(mapping);
        // The device may be gone already; the kernel then has them back without our word.
        let _ = self.card.destroy_framebuffer(framebuffer);
        let _ = self.card.destroy_dumb_buffer(dumb);
    }

    /// An error when the screen was unplugged or the device is gone.
    pub(crate) fn check(&self) -> Result<(), DisplayError> {
        if self.card.is_connected(&self.output)? {
            return Ok(());
        }
        let found = format!("{} Disconnected", self.output.name);
        let wanted = format!(" to {}", self.output.name);
        Err(DisplayError::NotConnected { path: self.card.path().to_path_buf(), wanted, found })
    }
}

impl Drop for Kms {
    fn drop(&mut self) {
        for buffer in std::mem::take(&mut self.buffers) {
            self.give_back(buffer);
        }
    }
}

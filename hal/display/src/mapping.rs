//! Device memory as a slice: the one place where the screen's memory is mapped.
//!
//! `unsafe` here: `mmap`, `munmap`, and the slice made of them. The mapping is shared with the device, which
//! only reads it; no other code of this process maps the same buffer. When a device is unplugged the kernel
//! puts zero pages behind its mappings, so writing stays harmless until the next call reports the loss.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::ptr::NonNull;

use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};

/// Mapped memory of a device; unmapped when dropped.
#[derive(Debug)]
pub(crate) struct Mapping {
    start: NonNull<c_void>,
    length: usize,
}

// SAFETY: the mapping is owned by this value alone, and memory is not bound to a thread.
unsafe impl Send for Mapping {}

impl Mapping {
    /// Maps `length` bytes at `offset` of the device for reading and writing.
    pub(crate) fn new(device: impl AsFd, offset: i64, length: usize) -> nix::Result<Mapping> {
        let size = NonZeroUsize::new(length).ok_or(nix::errno::Errno::EINVAL)?;
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a fresh shared mapping at an address of the kernel's choice overlaps nothing of ours.
        let start = unsafe { mmap(None, size, protection, MapFlags::MAP_SHARED, device, offset)? };
        Ok(Mapping { start, length })
    }

    /// The mapped bytes.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: `start` is mapped for `length` bytes until drop, any byte is a valid u8, and `&mut self`
        // makes this the only slice of it.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().cast::<u8>(), self.length) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: exactly what `mmap` gave, and no slice of it outlives `self`.
        if let Err(error) = unsafe { munmap(self.start, self.length) } {
            tracing::warn!(%error, "cannot unmap the screen's memory");
        }
    }
}

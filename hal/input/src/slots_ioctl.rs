//! `EVIOCGMTSLOTS`: the state of all slots of a multi-touch device, which the `evdev` crate does not offer.
//!
//! `unsafe` here: the one ioctl. The kernel fills a fixed struct of integers and never writes past its size,
//! which is part of the request's number.
#![allow(unsafe_code)]

use std::os::fd::{AsFd, AsRawFd};

/// As many slots as are followed; the kernel cuts its answer to the size asked for.
pub(crate) const SLOTS: usize = 16;

/// `struct input_mt_request_layout`: the code that is asked for, then its value in each slot.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    code: u32,
    values: [i32; SLOTS],
}

nix::ioctl_read!(eviocgmtslots, b'E', 0x0a, Request);

/// The value of the axis `code` (`ABS_MT_…`) in each slot; slots that the device does not have keep `absent`.
pub(crate) fn values(device: impl AsFd, code: u16, absent: i32) -> nix::Result<[i32; SLOTS]> {
    let mut request = Request { code: code.into(), values: [absent; SLOTS] };
    // SAFETY: the kernel reads `code` and writes at most the size of `Request`, which the number carries.
    unsafe { eviocgmtslots(device.as_fd().as_raw_fd(), &raw mut request)? };
    Ok(request.values)
}

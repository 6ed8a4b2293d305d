//! The requests of `linux/watchdog.h`.
//!
//! `unsafe` here: the ioctls behind the functions below. Each passes one integer or one struct of integers of
//! the size the kernel expects, so whatever it writes is valid.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::fs::File;
use std::os::fd::AsRawFd;

/// `struct watchdog_info`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Info {
    pub(crate) options: u32,
    pub(crate) firmware_version: u32,
    pub(crate) identity: [u8; 32],
}

/// `WDIOF_OVERHEAT`: the last reset was for heat.
pub(crate) const OVERHEAT: u32 = 0x0001;
/// `WDIOF_EXTERN1` and `WDIOF_EXTERN2`: an external relay asked for the last reset.
pub(crate) const EXTERNAL: u32 = 0x0004 | 0x0008;
/// `WDIOF_POWERUNDER`: the supply was too low.
pub(crate) const POWER_UNDER: u32 = 0x0010;
/// `WDIOF_CARDRESET`: the watchdog itself.
pub(crate) const CARD_RESET: u32 = 0x0020;
/// `WDIOF_SETTIMEOUT`: the timeout can be set.
pub(crate) const CAN_SET_TIMEOUT: u32 = 0x0080;
/// `WDIOF_MAGICCLOSE`: writing `V` before closing stops it.
pub(crate) const CAN_STOP: u32 = 0x0100;

nix::ioctl_read!(wdioc_getsupport, b'W', 0, Info);
nix::ioctl_read!(wdioc_getbootstatus, b'W', 2, c_int);
nix::ioctl_read!(wdioc_keepalive, b'W', 5, c_int);
nix::ioctl_readwrite!(wdioc_settimeout, b'W', 6, c_int);
nix::ioctl_read!(wdioc_gettimeout, b'W', 7, c_int);

/// `WDIOC_GETSUPPORT`.
pub(crate) fn support(device: &File) -> nix::Result<Info> {
    let mut info = Info::default();
    // SAFETY: the kernel writes one `watchdog_info` to a place of that size.
    unsafe { wdioc_getsupport(device.as_raw_fd(), &raw mut info)? };
    Ok(info)
}

/// `WDIOC_GETBOOTSTATUS`.
pub(crate) fn boot_status(device: &File) -> nix::Result<u32> {
    let mut status = 0;
    // SAFETY: the kernel writes one int.
    unsafe { wdioc_getbootstatus(device.as_raw_fd(), &raw mut status)? };
    Ok(status.cast_unsigned())
}

/// `WDIOC_KEEPALIVE`.
pub(crate) fn keep_alive(device: &File) -> nix::Result<()> {
    let mut unused = 0;
    // SAFETY: the kernel takes no more than one int.
    unsafe { wdioc_keepalive(device.as_raw_fd(), &raw mut unused)? };
    Ok(())
}

/// `WDIOC_SETTIMEOUT`, in seconds; gives what the driver made of it.
pub(crate) fn set_timeout(device: &File, seconds: i32) -> nix::Result<i32> {
    let mut value = seconds;
    // SAFETY: the kernel reads and writes one int.
    unsafe { wdioc_settimeout(device.as_raw_fd(), &raw mut value)? };
    Ok(value)
}

/// `WDIOC_GETTIMEOUT`, in seconds.
pub(crate) fn timeout(device: &File) -> nix::Result<i32> {
    let mut value = 0;
    // SAFETY: the kernel writes one int.
    unsafe { wdioc_gettimeout(device.as_raw_fd(), &raw mut value)? };
    Ok(value)
}

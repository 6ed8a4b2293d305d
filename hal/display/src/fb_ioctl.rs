//! The calls of the Linux frame buffer API (`linux/fb.h`) that a full-screen program needs.
//!
//! `unsafe` here: the ioctls behind [`fixed`], [`variable`] and [`unblank`]. The kernel fills structs of the
//! layout below, which hold integers only, so any bytes are valid.
#![allow(unsafe_code)]

use std::fs::File;
use std::os::fd::AsRawFd;

/// `fb_bitfield`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RawBitField {
    pub(crate) offset: u32,
    pub(crate) length: u32,
    pub(crate) msb_right: u32,
}

/// `fb_var_screeninfo`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Variable {
    pub(crate) xres: u32,
    pub(crate) yres: u32,
    pub(crate) xres_virtual: u32,
    pub(crate) yres_virtual: u32,
    pub(crate) xoffset: u32,
    pub(crate) yoffset: u32,
    pub(crate) bits_per_pixel: u32,
    pub(crate) grayscale: u32,
    pub(crate) red: RawBitField,
    pub(crate) green: RawBitField,
    pub(crate) blue: RawBitField,
    pub(crate) transp: RawBitField,
    pub(crate) nonstd: u32,
    pub(crate) activate: u32,
    /// Millimetres; all ones when unknown.
    pub(crate) height: u32,
    pub(crate) width: u32,
    timing: [u32; 16],
}

/// `fb_fix_screeninfo`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fixed {
    id: [u8; 16],
    smem_start: usize,
    pub(crate) smem_len: u32,
    pub(crate) kind: u32,
    type_aux: u32,
    visual: u32,
    panning: [u16; 3],
    pub(crate) line_length: u32,
    mmio_start: usize,
    mmio_len: u32,
    accel: u32,
    capabilities: u16,
    reserved: [u16; 2],
}

nix::ioctl_read_bad!(get_variable, 0x4600, Variable);
nix::ioctl_read_bad!(get_fixed, 0x4602, Fixed);
nix::ioctl_write_int_bad!(blank, 0x4611);

/// `FBIOGET_VSCREENINFO`: size, position and colours.
pub(crate) fn variable(device: &File) -> nix::Result<Variable> {
    let mut info = Variable::default();
    // SAFETY: the kernel writes one `fb_var_screeninfo` to a place of that size.
    unsafe { get_variable(device.as_raw_fd(), &raw mut info)? };
    Ok(info)
}

/// `FBIOGET_FSCREENINFO`: memory size and stride.
pub(crate) fn fixed(device: &File) -> nix::Result<Fixed> {
    let mut info = Fixed::default();
    // SAFETY: the kernel writes one `fb_fix_screeninfo` to a place of that size.
    unsafe { get_fixed(device.as_raw_fd(), &raw mut info)? };
    Ok(info)
}

/// `FBIOBLANK` with `FB_BLANK_UNBLANK`: the console may have switched the panel off.
pub(crate) fn unblank(device: &File) -> nix::Result<()> {
    // SAFETY: the argument is a number, no memory is passed.
    unsafe { blank(device.as_raw_fd(), 0)? };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_structs_have_the_sizes_of_linux_fb_h() {
        assert_eq!(std::mem::size_of::<Variable>(), 160);
        if cfg!(target_pointer_width = "64") {
            assert_eq!(std::mem::size_of::<Fixed>(), 80);
        }
    }
}

//! The screen: DRM dumb buffers with page flips, and `/dev/fb0` where the kernel offers nothing better.
//!
//! Kernel documents: "DRM/KMS userland interfaces" (dumb buffers, page flip, DIRTYFB) and "The Frame Buffer
//! Device API". A frame is `width * height` words of XRGB8888 in the panel's own orientation; turning the
//! picture is the renderer's business.
//!
//! - Power-on: [`Display::open`] sets the mode and shows black. The first frame is copied whole, whatever its
//!   damage says, as the buffers hold nothing yet.
//! - Unplug, another program taking the screen, a driver that is unloaded: [`Display::present`] or
//!   [`Display::check`] gives an error. Drop the display and [`Display::open`] again, as often as it takes.
//! - Little video memory: the second buffer or the flip is refused; frames then go into the one visible
//!   buffer. That may tear for an instant and loses nothing else.
//!
//! Start reading at `display.rs`; `region.rs` and `pixels.rs` are pure and hold what is tested by properties.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod config;
mod display;
mod error;
mod fb_ioctl;
mod fbdev;
mod kms;
mod kms_setup;
mod mapping;
mod pixels;
mod region;

pub use config::{Buffers, Device, DisplayConfig};
pub use display::Display;
pub use error::DisplayError;
pub use pixels::{BitField, PixelError, PixelLayout, Surface};
pub use region::{Rect, Region};

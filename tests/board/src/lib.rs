//! The appliance in QEMU and its front panel.
//!
//! What runs in the guest is the shipped binary on the shipped rules; everything it talks to sits outside, on the
//! far side of a wire. Start reading at [`board::Board`].

pub mod board;
pub mod browser;
pub mod cabinet;
pub mod citizens;
pub mod firmware;
pub mod image;
pub mod packages;
pub mod panel;
pub mod pcsclite;
mod peripherals;
pub mod places;
pub mod qemu;
pub mod run;
pub mod town;
pub mod usbredir;

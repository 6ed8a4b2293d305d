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

/// Makes all that a board is built of and that takes minutes; whoever starts one then finds it made.
pub fn prepare(places: &places::Places) -> anyhow::Result<()> {
    image::base(places)?;
    firmware::device_program(places)?;
    firmware::static_firmware(places)?;
    Ok(())
}

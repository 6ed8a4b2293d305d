//! What a board file says about its screen. Read once at start; nothing here touches a device.
use std::path::PathBuf;

/// Which device shows the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The first `/dev/dri/card*` with a connected screen, else `/dev/fb0`.
    #[default]
    Auto,
    /// This one: `/dev/dri/card0`, a link under `/dev/dri/by-path`, or `/dev/fb0`.
    Path(PathBuf),
}

/// How many buffers are shown in turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Buffers {
    /// Two, exchanged by page flips; one, when the driver or its memory does not allow two.
    #[default]
    Flip,
    /// One, whose damage is told to the driver. For screens behind USB or SPI, where a flip sends a whole frame.
    Single,
}

/// How to open a screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisplayConfig {
    /// The device.
    pub device: Device,
    /// The kernel's name of the connector (`HDMI-A-1`, `Virtual-1`); without it the first connected one.
    pub connector: Option<String>,
    /// Width and height in pixels; without it what the screen prefers. The highest refresh rate wins.
    pub mode: Option<(u32, u32)>,
    /// Width and height of the visible area in millimetres, for panels whose EDID lies or is missing.
    pub physical_mm: Option<(u32, u32)>,
    /// Two buffers or one.
    pub buffers: Buffers,
}

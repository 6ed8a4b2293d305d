//! The status words of SANE.
use std::fmt;

/// How a call to a scanner's driver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaneStatus {
    /// Well.
    Good,
    /// The device cannot do this.
    Unsupported,
    /// Cancelled, by us or by the scanner's own button.
    Cancelled,
    /// Somebody else has the device.
    Busy,
    /// What was asked makes no sense to the driver.
    Invalid,
    /// The image has ended: the good end of a page.
    EndOfImage,
    /// Paper is jammed in the feeder.
    Jammed,
    /// No paper in the feeder.
    NoDocuments,
    /// A cover is open.
    CoverOpen,
    /// The device does not answer as it should, or not at all.
    DeviceError,
    /// No memory.
    NoMemory,
    /// Access was refused.
    AccessDenied,
    /// The lamp is not warm yet.
    WarmingUp,
    /// The carriage is locked for transport.
    Locked,
    /// A number that stands in no document.
    Other(u32),
}

impl From<u32> for SaneStatus {
    fn from(word: u32) -> SaneStatus {
        match word {
            0 => SaneStatus::Good,
            1 => SaneStatus::Unsupported,
            2 => SaneStatus::Cancelled,
            3 => SaneStatus::Busy,
            4 => SaneStatus::Invalid,
            5 => SaneStatus::EndOfImage,
            6 => SaneStatus::Jammed,
            7 => SaneStatus::NoDocuments,
            8 => SaneStatus::CoverOpen,
            9 => SaneStatus::DeviceError,
            10 => SaneStatus::NoMemory,
            11 => SaneStatus::AccessDenied,
            12 => SaneStatus::WarmingUp,
            13 => SaneStatus::Locked,
            other => SaneStatus::Other(other),
        }
    }
}

impl fmt::Display for SaneStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            SaneStatus::Good => "good",
            SaneStatus::Unsupported => "not supported",
            SaneStatus::Cancelled => "cancelled",
            SaneStatus::Busy => "device busy",
            SaneStatus::Invalid => "invalid argument",
            SaneStatus::EndOfImage => "end of the image",
            SaneStatus::Jammed => "feeder jammed",
            SaneStatus::NoDocuments => "feeder empty",
            SaneStatus::CoverOpen => "cover open",
            SaneStatus::DeviceError => "error of the device",
            SaneStatus::NoMemory => "out of memory",
            SaneStatus::AccessDenied => "access denied",
            SaneStatus::WarmingUp => "warming up",
            SaneStatus::Locked => "locked for transport",
            SaneStatus::Other(number) => return write!(f, "status {number}"),
        };
        f.write_str(words)
    }
}

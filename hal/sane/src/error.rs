//! How a scan can fail, and what a citizen can do about it.

/// Why no page, or no further page, comes. The pages before it are good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Paper is stuck in the feeder.
    #[error("paper is jammed in the feeder")]
    Jammed,
    /// A cover is open.
    #[error("a cover of the scanner is open")]
    CoverOpen,
    /// The feeder held no paper when the batch began.
    #[error("the feeder is empty")]
    FeederEmpty,
    /// Two sheets were drawn in at once. Few scanners tell; of others it is a jam.
    #[error("two sheets were drawn in at once")]
    DoubleFeed,
    /// Another batch is under way, or somebody else has the scanner.
    #[error("the scanner is in use")]
    Busy,
    /// The lamp is not warm yet.
    #[error("the scanner is warming up")]
    WarmingUp,
    /// The carriage is locked for transport.
    #[error("the scanner is locked for transport")]
    Locked,
    /// Stopped at the scanner itself, or nobody took its pages.
    #[error("the scan was cancelled")]
    Cancelled,
    /// This scanner cannot do what was asked for.
    #[error("the scanner does not have: {0}")]
    Unsupported(&'static str),
    /// Nothing was begun: no scanner, or no service for it.
    #[error("there is no scanner: {0}")]
    NotReady(String),
    /// Scanner or service went while it was used.
    #[error("the scanner is gone: {0}")]
    Gone(String),
    /// No answer, or no image, within its time.
    #[error("the scanner is deaf: {what}, {seconds} s")]
    Deaf {
        /// What was waited for.
        what: &'static str,
        /// For how long.
        seconds: u64,
    },
    /// The image is larger than any that is taken, or not of a kind that is.
    #[error("the image is out of bounds: {0}")]
    OutOfBounds(String),
    /// The image ended before the page did.
    #[error("the image is torn: {0}")]
    Torn(String),
    /// The scanner or its driver failed.
    #[error("the scanner failed: {0}")]
    Device(String),
    /// The service speaks another protocol, or badly.
    #[error("the scan service cannot be understood: {0}")]
    Protocol(String),
    /// The service wants a password, or shuts us out: it is set up wrongly.
    #[error("the scan service is set up wrongly: {0}")]
    Configuration(String),
    /// The task that owns the scanner was restarted.
    #[error("the scanner's task was restarted")]
    Restarted,
}

/// What a citizen can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Take the paper out of the feeder, and scan the rest again.
    ClearJam,
    /// Close the cover.
    CloseCover,
    /// Put paper in.
    PutPaper,
    /// Fan the sheets, and put in those that are left.
    SeparateSheets,
    /// Wait a moment.
    Wait,
    /// Try once more.
    TryAgain,
    /// Choose another way: source, colours, resolution.
    ChooseOtherwise,
    /// Nothing here: somebody must look at the machine. The rest of the kiosk works.
    CallStaff,
}

impl ScanError {
    /// What the citizen can do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            ScanError::Jammed => Remedy::ClearJam,
            ScanError::CoverOpen => Remedy::CloseCover,
            ScanError::FeederEmpty => Remedy::PutPaper,
            ScanError::DoubleFeed => Remedy::SeparateSheets,
            ScanError::Busy | ScanError::WarmingUp => Remedy::Wait,
            ScanError::Cancelled
            | ScanError::Gone(_)
            | ScanError::Deaf { .. }
            | ScanError::Torn(_)
            | ScanError::Device(_)
            | ScanError::Restarted => Remedy::TryAgain,
            ScanError::Unsupported(_) | ScanError::OutOfBounds(_) => Remedy::ChooseOtherwise,
            ScanError::Locked
            | ScanError::NotReady(_)
            | ScanError::Protocol(_)
            | ScanError::Configuration(_) => Remedy::CallStaff,
        }
    }
}

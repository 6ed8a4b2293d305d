//! What can be wrong with the service, its driver or the scanner. A fault lasts until faults are cleared.

/// A request, by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Init,
    Devices,
    Open,
    Close,
    Descriptors,
    Control,
    Parameters,
    Start,
    Cancel,
}

/// A field of an image's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Format,
    LastFrame,
    BytesPerLine,
    PixelsPerLine,
    Lines,
    Depth,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// A length of 2 GB stands where the first one should.
    Giant,
    /// Bytes behind its end.
    Longer(usize),
    /// The connection is closed in the middle of it.
    Torn,
    /// All its words are ones.
    Ones,
    /// It comes byte by byte, so many milliseconds apart.
    Slow(u64),
}

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SanedFault {
    /// The request is read, and never answered.
    Deaf(Call),
    /// The connection is closed in place of an answer.
    Hangup(Call),
    /// The answer is not what it should be.
    Spoil(Call, Spoilt),
    /// The status of the answer, from the n-th such request from now, counted from 0.
    Refuse { call: Call, after: u32, status: u32 },
    /// A password is wanted.
    Password(Call),
    /// The version that INIT is answered with.
    Version(u32),

    /// START names this port.
    Port(u32),
    /// Nobody listens at the port that START names.
    NoDataPort,
    /// Whoever connects to it waits.
    HangingDataPort,

    /// The data connection ends after so many bytes of the image, in the middle of a record.
    CloseInsideRecord { after: usize },
    /// In place of the second record, one of 1 GB is announced.
    GiantRecord,
    /// After the last record the connection ends.
    NoMarker,
    /// Nothing more comes after so many bytes.
    Silent { after: usize },
    /// So many bytes of rubbish behind the end.
    Junk { bytes: usize },
    /// Between two records, in milliseconds.
    Slow { milliseconds: u64 },
    /// Records without a byte before each one.
    EmptyRecords { count: u32 },
    /// Only such, one every 100 ms.
    OnlyEmptyRecords,
    /// Rows too many.
    MoreRows { rows: u32 },
    /// Rows too few.
    FewerRows { rows: u32 },
    /// Half of the last row is missing.
    HalfRow,

    /// A parameter that is not true, also after START.
    Wrong(Field, i32),
    /// Bytes of padding behind each row.
    Padding { bytes: usize },
    /// Nobody knows how many rows will come.
    UnknownHeight,

    /// The n-th page of a batch, counted from 1, does not come: this status in answer to START.
    NoPage { page: u32, status: u32 },
    /// It ends with this status, after so many rows.
    TornPage { page: u32, rows: u32, status: u8 },
    /// Two sheets at once at this page: a jam, and the switch tells.
    DoubleFeed { page: u32 },
    /// START after CANCEL is refused with status 4, until the device is opened anew (field case 5).
    NoStartAfterCancel,
}

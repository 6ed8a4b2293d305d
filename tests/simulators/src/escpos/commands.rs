//! What the printer understood of the bytes it got.

/// One thing to do. Lengths and positions are in dots unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Text(u8),
    LineFeed,
    CarriageReturn,
    FormFeed,
    Tab,
    CancelLine,
    Initialise,
    /// ESC ! n: font, bold, sizes and underline at once.
    PrintMode(u8),
    RightSpacing(u8),
    Position(u16),
    RelativePosition(i16),
    Underline(u8),
    DefaultLineSpacing,
    LineSpacing(u8),
    FeedDots(u16),
    FeedLines(u8),
    Tabs(Vec<u8>),
    Bold(bool),
    DoubleStrike(bool),
    Font(u8),
    InternationalSet(u8),
    Rotate(u8),
    Align(u8),
    UpsideDown(bool),
    CodePage(u8),
    Size(u8),
    Reverse(bool),
    LeftMargin(u16),
    AreaWidth(u16),
    /// ESC *: mode and column bytes.
    ColumnImage {
        mode: u8,
        data: Vec<u8>,
    },
    /// GS v 0 begins; its rows follow one by one.
    RasterBegin {
        scale: u8,
        row_bytes: u16,
        rows: u16,
    },
    RasterRow(Vec<u8>),
    /// GS ( L or GS 8 L with all that follows the length.
    Graphics(Vec<u8>),
    /// GS ( k with all that follows the length.
    Symbol(Vec<u8>),
    Barcode {
        kind: u8,
        data: Vec<u8>,
    },
    BarcodeHeight(u8),
    BarcodeModule(u8),
    BarcodeText(u8),
    /// GS V or ESC i/m; feed only for the kinds that feed to the cutter first.
    Cut {
        partial: bool,
        feed: Option<u8>,
    },
    AutomaticStatus(u8),
    Fence(u8),
    Identify(u8),
    /// GS ( H fn 48: the proof of printing.
    Proof([u8; 4]),
    OfflineResponse(u8),
    /// GS e n m.
    Presenter {
        action: u8,
        steps: u8,
    },
    /// 1D E0 n.
    AutomaticFullStatus(u8),
    /// 1D E1 .. E4.
    CounterText(u8),
    /// Understood and without effect on paper.
    NoEffect,
    /// Not understood, skipped.
    Unknown(Vec<u8>),
}

impl Command {
    /// Worth telling a test about: where a job begins, ends, and is asked for.
    #[must_use]
    pub fn is_milestone(&self) -> bool {
        matches!(
            self,
            Self::Initialise
                | Self::Cut { .. }
                | Self::Fence(_)
                | Self::Proof(_)
                | Self::Presenter { .. }
                | Self::CounterText(_)
                | Self::FormFeed
        )
    }

    /// The two bytes that name a milestone.
    #[must_use]
    pub fn name(&self) -> Vec<u8> {
        match self {
            Self::Initialise => b"\x1B@".to_vec(),
            Self::Cut { .. } => b"\x1DV".to_vec(),
            Self::Fence(_) => b"\x1Dr".to_vec(),
            Self::Proof(_) => b"\x1D(".to_vec(),
            Self::Presenter { .. } => b"\x1De".to_vec(),
            Self::CounterText(which) => vec![0x1D, *which],
            Self::FormFeed => vec![0x0C],
            _ => Vec::new(),
        }
    }
}

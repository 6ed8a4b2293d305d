//! Why a document does not become paper.

/// A document that is not printed. The text is for the log and the operator; it holds nothing of the document's content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RasterError {
    /// Larger than the limit.
    #[error("the document has {bytes} bytes, more than {}", super::LARGEST_DOCUMENT)]
    Large {
        /// Its size.
        bytes: usize,
    },
    /// No page, or too many.
    #[error("the document has {pages} pages, not 1 to {}", super::MOST_PAGES)]
    Pages {
        /// As counted.
        pages: usize,
    },
    /// No PDF, or one with a broken or missing part.
    #[error("the document is damaged: {0}; ask the town hall for it again")]
    Damaged(&'static str),
    /// It opens with a password only.
    #[error("the document is locked with a password or an unknown cipher")]
    Locked,
    /// It uses something that would not be drawn right.
    #[error("the document uses {0}, which this kiosk cannot draw; issue it as PDF/A")]
    Unsupported(&'static str),
    /// Something is longer or takes more work than any certificate.
    #[error("the document is too complex: {0}")]
    Complex(&'static str),
    /// A character for which there is no shape.
    #[error("page {page} has a character that its font lacks; embed the font")]
    MissingCharacter {
        /// From 1.
        page: usize,
    },
    /// The value of a form field cannot be written.
    #[error(
        "a form field holds characters that the standard fonts lack; issue the form with its appearances"
    )]
    FieldText,
    /// Larger than the paper.
    #[error("page {page} would need {percent} % of its size to fit the paper; at least {} % are asked for", (super::SMALLEST_SCALE * 100.0).round())]
    Oversize {
        /// From 1.
        page: usize,
        /// The scale that it would need.
        percent: u32,
    },
    /// There is something to draw and no dot came of it.
    #[error("page {page} would come out blank")]
    Blank {
        /// From 1.
        page: usize,
    },
    /// The head of the board file is none.
    #[error("a head of {dots} dots at {dpi} dots an inch is not that of a page printer")]
    Head {
        /// Dots.
        dots: u16,
        /// Dots an inch.
        dpi: u16,
    },
    /// The library failed.
    #[error("the document could not be drawn: the drawing library failed on it")]
    Fault,
    /// Whoever took the rows wants no more.
    #[error("drawing was broken off")]
    Stopped,
}

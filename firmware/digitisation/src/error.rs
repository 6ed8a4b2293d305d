//! Why scanned pages do not become a file.

/// Pages or settings that are refused. The text is for the log and the operator; it holds nothing of what is on a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigitisationError {
    /// No page of a scanner has this size.
    #[error(
        "a page of {width} × {height} dots is none: each side has {} to {}",
        super::SHORTEST_SIDE,
        super::LONGEST_SIDE
    )]
    Size {
        /// Dots across.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Neither grey nor colour.
    #[error("a page of {channels} channels is neither grey (1) nor colour (3)")]
    Channels {
        /// As told.
        channels: u8,
    },
    /// A resolution outside of what scanners do.
    #[error("{dpi} dots an inch is not between {} and {}", super::LOWEST_DPI, super::HIGHEST_DPI)]
    Resolution {
        /// Dots an inch.
        dpi: u16,
    },
    /// Shorter than a tenth of an inch or longer than a hundred inches: no page of a PDF/A (ISO 19005-2, 6.1.13).
    #[error(
        "a page of {width} × {height} dots at {dpi} dots an inch is shorter than 2.5 mm or longer than 2.5 m"
    )]
    Extent {
        /// Dots across.
        width: u32,
        /// Rows.
        height: u32,
        /// Dots an inch.
        dpi: u16,
    },
    /// More bytes than a page may have; scan it with fewer dots an inch.
    #[error(
        "the page has {bytes} bytes as scanned, more than {}; scan it with fewer dots an inch",
        super::LARGEST_PAGE
    )]
    Large {
        /// Bytes that its size asks for.
        bytes: u64,
    },
    /// The dots are not as many as the size says.
    #[error("the page came with {found} bytes where its size asks for {wanted}")]
    Cut {
        /// Bytes that its size asks for.
        wanted: u64,
        /// Bytes that are there.
        found: usize,
    },
    /// A setting outside its limits.
    #[error("{0}")]
    Setting(&'static str),
    /// There is nothing to put into a file.
    #[error("there is no page")]
    NoPages,
    /// More pages than allowed.
    #[error("{pages} pages are more than {most}; send them in two requests")]
    ManyPages {
        /// Pages given.
        pages: usize,
        /// The limit.
        most: usize,
    },
    /// One page does not fit, even at the lowest quality that can be read.
    #[error(
        "page {page} has more than {limit} bytes even at the lowest quality; scan it with fewer dots an inch or in grey"
    )]
    PageTooLarge {
        /// From 1; 0 while it is scanned, when it has no number yet.
        page: usize,
        /// Bytes that it may have.
        limit: usize,
    },
    /// The pages need more files than allowed.
    #[error("the pages fill {files} files, more than {most}; leave pages out, or scan them in grey")]
    ManyFiles {
        /// Files that would be needed.
        files: usize,
        /// The limit.
        most: usize,
    },
    /// The files together are larger than allowed.
    #[error("the pages have {bytes} bytes, more than {most} in all; leave pages out, or scan them in grey")]
    ManyBytes {
        /// Bytes of all files.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// A title that cannot stand in a document.
    #[error("a title has 1 to {} characters, none of them a control character", super::LONGEST_TITLE)]
    Title,
    /// A day that cannot stand in a document.
    #[error("the time of creation is in no year from 1 to 9999")]
    Created,
    /// A library failed; the page or file is not there.
    #[error("the {0} could not be written: the library failed on it")]
    Fault(&'static str),
}

//! Fault switches and physical states of a printer.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterFault {
    /// Only so much paper is left, from now.
    PaperLeft {
        mm: u32,
    },
    PaperNearEnd,
    /// The roll ends at once.
    PaperEnd,
    CoverOpen,
    CoverClosed,
    /// The paper crumples: mechanical error until a person clears it.
    Jam,
    /// The same when so many more millimetres have been printed.
    JamAfter {
        mm: u32,
    },
    /// The same in the middle of the n-th sheet from now, from 1.
    JamInSheet {
        nth: u32,
    },
    /// The knife sticks at the next cut.
    CutterError,
    /// Too hot: recovers by itself when cleared.
    HeadHot,
    /// Prints, but answers nothing.
    Silent,
    /// The next answer is lost.
    DropReply,
    /// The proof of printing (GS ( H) is never sent.
    NoProof,
    /// Off and on: the buffer is lost, the paper stays where it is.
    PowerCycle,
    /// The same when so many more bytes have been received.
    PowerCutAfter {
        bytes: u32,
    },
    /// Ends what waits or lasts. Does not load paper and does not close the cover.
    Clear,
}

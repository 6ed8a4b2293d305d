//! Fault switches of a scanner.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScannerFault {
    /// The n-th sheet from now, from 1, jams in the feeder until a person takes it out.
    JamAtSheet {
        nth: u32,
    },
    /// The n-th sheet from now draws the next one in with it.
    DoubleFeedAtSheet {
        nth: u32,
    },
    /// The rollers do not catch the n-th sheet from now; it stays in the tray.
    MispickAtSheet {
        nth: u32,
    },
    CoverOpen,
    CoverClosed,
    /// After so many more pages the feeder says that it is empty, whatever lies in it. The next job sees the rest.
    EndsEarly {
        after: u32,
    },
    /// Every side takes so much longer, until cleared.
    Slow {
        ms: u32,
    },
    /// Somebody else is scanning, until cleared.
    Busy,
    /// Accepts connections and requests and never answers, until cleared.
    Deaf,
    /// The connection breaks in the middle of the n-th image from now.
    CutImage {
        nth: u32,
    },
    /// The n-th image from now is no image.
    SpoiltImage {
        nth: u32,
    },
    /// The next so many requests for a job or a page are refused with 503.
    Unavailable {
        times: u32,
    },
    /// The network cable is pulled: nothing listens, connections are reset.
    Unplugged,
    Plugged,
    /// Ends what waits or lasts. Does not close the cover, free a jam, or plug anything in.
    Clear,
}

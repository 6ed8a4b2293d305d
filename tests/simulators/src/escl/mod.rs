//! A document scanner on the network: eSCL (AirScan) over HTTP, a glass and a feeder with real sheets.
//!
//! Written from the public descriptions of eSCL and of the PWG's scan model (5108.02), and tried with sane-airscan.
//! Sheets lie somewhere at any time: in the tray, on the glass, in the path, in the output, in a person's hand; none
//! is ever lost. A page is what the lamp sees of them: askew, on yellowed paper, with noise and the edge's shadow.
//!
//! Unplugged, the scanner keeps its sheets and its jams; its jobs end by themselves. Faults are set by [`ScannerFault`],
//! what a person does is a function of [`Scanner`], and what was delivered is in [`Scanner::deliveries`].

mod body;
mod capabilities;
mod config;
mod documents;
mod dropped;
mod encode;
mod engine;
mod fault;
mod http;
mod job;
mod lamp;
mod picture;
mod placement;
mod sane;
mod scanner;
mod serve;
mod settings;
mod sheet;
mod snapshot;
mod status;

pub use config::{CoverWord, Eye, Feeder, ScannerConfig};
pub use documents::{Document, SHELF, document};
pub use dropped::{DROP_BYTES_MAX, DROP_PAGES_MAX, DropError, sheets_of};
pub use fault::ScannerFault;
pub use job::JobState;
pub use picture::{MASTER_DPI, Picture, PictureError};
pub use sane::{SaneHost, SaneHostError, Saned};
pub use scanner::{Scanner, ScannerError};
pub use settings::{ColourMode, Format, Region, Settings, SettingsError, Source};
pub use sheet::{Place, Sheet, SheetSize};
pub use snapshot::{Delivery, JobSnapshot, ScannerSnapshot, SheetSnapshot};

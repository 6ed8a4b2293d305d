//! The pages of the kiosk: a [`View`] goes in, [`Intent`]s come out. Knows no device and no sede.
//!
//! [`Kiosk`] owns the window, the focus and the current view, and paints into memory that the caller shows.
//! Words, layout and speech are made here, in the citizen's language. There is no state to lose: after a restart
//! the next view is shown from nothing.
mod branding;
mod content;
mod dashes;
mod error;
mod focus;
pub mod format;
mod generated;
mod icon;
mod input;
mod kiosk;
mod local;
mod measure;
mod options;
mod pages;
mod phrase;
mod preview;
pub mod samples;
mod screen;
mod script;
mod signs;
pub mod speech;
pub mod texts;
mod view;

pub use branding::{BrandingFault, DEFAULT_ACTION_COLOUR};
pub use canvas::{Rect, Rotation};
pub use error::UiError;
pub use format::{amount, full_day, long_day, moment};
pub use input::{InputEvent, Key};
pub use kiosk::Kiosk;
pub use options::{Options, Places};
pub use script::{Entry, Role, Script, State};
pub use texts::{
    LANGUAGES, Text, WAIVER, WAIVER_VERSION, attachment_kinds, attachment_other, fill, notification,
    of_language, own_name, text,
};
pub use view::*;

//! The pages of the kiosk: a [`View`] goes in, [`Intent`]s come out. Knows no device and no sede.

mod view;

pub use view::*;

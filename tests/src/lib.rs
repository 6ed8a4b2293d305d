//! Scenarios of the whole kiosk: the firmware's library and the simulators on in-memory lines, with a paused clock.

pub mod bench;
pub mod display;
pub mod model;
pub mod pictures;
pub mod scenario;

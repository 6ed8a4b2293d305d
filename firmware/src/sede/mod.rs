//! The client of the town hall's electronic office (sede), by the contract in `firmware/sede-api.yaml`.

mod api;

pub use api::*;

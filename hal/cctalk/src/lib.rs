//! ccTalk: one bus with a bill validator, a coin acceptor and up to eight hoppers.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;

pub use api::*;

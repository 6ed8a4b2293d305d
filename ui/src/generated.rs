//! The compiled pages.
#![allow(unsafe_code, reason = "the code that the page compiler makes; nothing here is written by hand")]
#![allow(clippy::all, clippy::pedantic, clippy::todo, clippy::unimplemented, unused)]

slint::include_modules!();

//! Outlines of the Tabler icons in `icons/`, made by the build script.

include!(concat!(env!("OUT_DIR"), "/icons.rs"));

//! The codec: vectors laid out by the fields of the protocol's description, and properties.
mod properties;
mod vectors;

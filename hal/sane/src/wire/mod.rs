//! The SANE network protocol, version 3, without I/O: requests to bytes, bytes to replies (reference 4.1).
//!
//! A word is four bytes, big endian. An array is its length and its elements; a string an array of bytes that ends in
//! NUL, of length 0 when there is none; a pointer a word (0: the value follows, else nothing does). A reply carries
//! neither code nor length: who reads one must know what was asked, and after one that makes no sense the connection
//! is of no more use.
mod descriptor;
mod reader;
mod records;
mod reply;
mod request;
mod status;
mod value;

pub use descriptor::{Capabilities, Constraint, Descriptor, Unit};
pub use reader::{Decoded, Reader, Stop, Text, WireError};
pub use records::{Piece, RecordError, Records};
pub use reply::{
    Ack, ByteOrder, ControlReply, Descriptors, Device, DevicesReply, Info, InitReply, OpenReply, Parameters,
    ParametersReply, Reply, StartReply, Version, decode,
};
pub use request::Request;
pub use status::SaneStatus;
pub use value::{Fixed, Kind, Value};

/// Longest reply, in bytes; saned bounds what it reads in the same way.
pub const LONGEST_REPLY: usize = 1 << 20;
/// Longest string, in bytes, its NUL counted.
pub const LONGEST_TEXT: usize = 4096;
/// Most elements of an array.
pub const MOST_ELEMENTS: usize = 4096;
/// Most devices of a list.
pub const MOST_DEVICES: usize = 32;
/// Most options of a device.
pub const MOST_OPTIONS: usize = 512;
/// Longest record of the data connection, in bytes; saned's own are at most 8188.
pub const LONGEST_RECORD: u32 = 64 << 10;

//! The client: one control connection, one open device, one page after another.
//!
//! Every call has a deadline, as saned leaves some without an answer: a wrong handle is ignored, and a driver that
//! waits for its device lets nobody else be heard. Nothing here knows the task or who waits for pages.
mod configure;
mod connection;
mod error;
mod reception;
mod session;

pub(crate) use error::ClientError;
pub(crate) use session::{Paged, Session, Target};

pub(crate) use connection::Connection;

use std::time::Duration;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for an answer.
const CALL: Duration = Duration::from_secs(10);
/// The same for OPEN: lamps warm up.
const OPEN: Duration = Duration::from_secs(20);
/// The same for CANCEL: saned hears it between two reads of the driver, which may take as long as data may.
const CANCEL: Duration = BETWEEN_DATA;
/// From START to the first byte of a page. The answers to START and to the question for the image's parameters come
/// within it: drivers start the lamp, draw paper in or fetch the whole page before they answer, and saned hears
/// nothing while a driver waits.
const FIRST_DATA: Duration = Duration::from_secs(60);
/// From one byte of a page to the next. Records without a byte do not count: drivers send them while they wait.
const BETWEEN_DATA: Duration = Duration::from_secs(30);
/// For a whole page, however slowly it comes. A flatbed at 600 dpi in colour takes three minutes.
const PAGE: Duration = Duration::from_secs(600);
/// What saned sends behind the end of a page is read away, for so long and so much: it dies of a connection that is
/// closed under it.
const DRAIN: Duration = Duration::from_secs(2);
/// See [`DRAIN`].
const DRAINED: usize = 256 << 10;

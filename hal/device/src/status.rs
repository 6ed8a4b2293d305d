//! The one status that every device reports.
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Why a device is degraded or out of service: a stable identifier for the catalogue of faults
/// (`stacker-full`, `paper-end`), and what the technician reads beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable, lower case, words joined by hyphens.
    pub id: Cow<'static, str>,
    /// Free text for logs and the technician; never personal data.
    pub detail: String,
}

impl Reason {
    /// A reason with a stable identifier and a free text.
    pub fn new(id: &'static str, detail: impl Into<String>) -> Reason {
        Reason { id: Cow::Borrowed(id), detail: detail.into() }
    }
}

/// What a device can do now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// No line, or nobody answers on it.
    #[default]
    Absent,
    /// Being identified and set up.
    Starting,
    /// Does all it is for.
    Ready,
    /// Works, but somebody should look at it (paper near its end, hopper low).
    Degraded(Reason),
    /// Present, but must not be used.
    OutOfService(Reason),
}

impl Status {
    /// True when the device may be used: ready or degraded.
    pub fn usable(&self) -> bool {
        matches!(self, Status::Ready | Status::Degraded(_))
    }
}

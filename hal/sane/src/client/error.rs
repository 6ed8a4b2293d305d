//! What can go wrong between us and the service.
use std::time::Duration;

use crate::error::ScanError;
use crate::page::PageError;
use crate::wire::{RecordError, SaneStatus, Version, WireError};

/// Why a call, or a page, came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error("the scan service is not there")]
    NoService(#[source] std::io::Error),
    #[error("the connection to the scan service broke")]
    Line(#[source] std::io::Error),
    #[error("the scan service closed the connection")]
    Closed,
    #[error("no answer to {what} in {} s", limit.as_secs())]
    Deaf { what: &'static str, limit: Duration },
    #[error("the answer to {what} makes no sense")]
    Wire { what: &'static str, source: WireError },
    #[error("an answer that nobody asked for")]
    Unasked,
    #[error("the scan service speaks version {:08x}", version.0)]
    Version { version: Version },
    #[error("a password is wanted for {what}")]
    Password { what: &'static str },
    #[error("{what}: {status}")]
    Status { what: &'static str, status: SaneStatus },
    #[error("no scanner is listed")]
    NothingListed,
    #[error("the scanner does not have: {0}")]
    Unsupported(&'static str),
    #[error("{0} dots an inch")]
    Resolution(i32),
    #[error("image data on port {0}")]
    Port(u32),
    #[error("the data connection cannot be made")]
    NoData(#[source] std::io::Error),
    #[error("no data connection in {} s", CONNECT_SECONDS)]
    DeafData,
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Page(#[from] PageError),
    #[error("the data connection ended without a word")]
    NoEnd,
    #[error("two sheets at once")]
    DoubleFeed,
    #[error("nobody takes the pages")]
    Untaken,
}

const CONNECT_SECONDS: u64 = super::CONNECT.as_secs();

impl ClientError {
    /// The service, or the driver in it, hangs: whoever starts services is to start it anew. A data connection that
    /// could not be made is the same, as saned then waits for it and hears nothing any more.
    pub(crate) fn hangs(&self) -> bool {
        matches!(self, ClientError::Deaf { .. } | ClientError::DeafData | ClientError::NoData(_))
    }

    /// The connection was lost, for whatever reason: another one may serve.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, ClientError::Line(_) | ClientError::Closed | ClientError::Unasked)
    }

    /// There is no scanner to speak of after it: it is looked for anew, after a pause.
    pub(crate) fn ends_service(&self) -> bool {
        match self {
            ClientError::NoService(_) | ClientError::NothingListed | ClientError::Password { .. } => true,
            ClientError::Wire { .. } | ClientError::Unasked | ClientError::Version { .. } => true,
            ClientError::Port(_) | ClientError::Record(_) => true,
            ClientError::Status { what: "INIT" | "GET_DEVICES" | "OPEN", .. } => true,
            ClientError::Status { status: SaneStatus::AccessDenied, .. } => true,
            error => error.hangs(),
        }
    }

    /// What the citizen is told of it.
    pub(crate) fn told(&self) -> ScanError {
        let words = || self.words();
        match self {
            ClientError::NoService(_) | ClientError::NothingListed => ScanError::NotReady(words()),
            ClientError::Line(_) | ClientError::Closed => ScanError::Gone(words()),
            ClientError::Deaf { what, limit } => ScanError::Deaf { what, seconds: limit.as_secs() },
            ClientError::DeafData | ClientError::NoData(_) => {
                ScanError::Deaf { what: "the data connection", seconds: CONNECT_SECONDS }
            }
            ClientError::Wire { .. } | ClientError::Unasked | ClientError::Version { .. } => {
                ScanError::Protocol(words())
            }
            ClientError::Port(_) | ClientError::Record(_) => ScanError::Protocol(words()),
            ClientError::Password { .. } => ScanError::Configuration(words()),
            ClientError::Status { status, .. } => match status {
                SaneStatus::Jammed => ScanError::Jammed,
                SaneStatus::CoverOpen => ScanError::CoverOpen,
                SaneStatus::NoDocuments => ScanError::FeederEmpty,
                SaneStatus::Busy => ScanError::Busy,
                SaneStatus::WarmingUp => ScanError::WarmingUp,
                SaneStatus::Locked => ScanError::Locked,
                SaneStatus::Cancelled => ScanError::Cancelled,
                SaneStatus::AccessDenied => ScanError::Configuration(words()),
                _ => ScanError::Device(words()),
            },
            ClientError::Unsupported(what) => ScanError::Unsupported(what),
            ClientError::NoEnd => ScanError::Torn(words()),
            ClientError::Page(error) => match error {
                PageError::HalfRow(_) | PageError::Empty | PageError::FewerRows { .. } => {
                    ScanError::Torn(words())
                }
                _ => ScanError::OutOfBounds(words()),
            },
            ClientError::Resolution(_) => ScanError::OutOfBounds(words()),
            ClientError::DoubleFeed => ScanError::DoubleFeed,
            ClientError::Untaken => ScanError::Cancelled,
        }
    }

    /// The error and what is under it.
    pub(crate) fn words(&self) -> String {
        let mut words = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            words.push_str(": ");
            words.push_str(&error.to_string());
            source = error.source();
        }
        words
    }
}

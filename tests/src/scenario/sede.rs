//! The way to the sede: in memory, as the sede is in the same process, but its certificate is judged by the kiosk's
//! clock as TLS does.
use std::io;
use std::ops::Range;

use ciberkiosco::sede::{Connect, ConnectFuture, Stream};
use jiff::Timestamp;
use rustls::{CertificateError, Error};

use super::TownClock;

/// Makes connections to the sede.
pub(super) struct MemorySede {
    /// The sede.
    pub sede: reference_sede::Sede,
    /// The kiosk's clock.
    pub clock: TownClock,
    /// When the sede's certificate is valid.
    pub certificate: Option<Range<Timestamp>>,
}

impl Connect for MemorySede {
    fn connect(&self) -> ConnectFuture<'_> {
        Box::pin(async move {
            let stream = self.sede.connect()?;
            let now = self.clock.time();
            let fault = match &self.certificate {
                Some(valid) if now < valid.start => Some(CertificateError::NotValidYet),
                Some(valid) if now >= valid.end => Some(CertificateError::Expired),
                Some(_) | None => None,
            };
            match fault {
                None => Ok(Box::new(stream) as Box<dyn Stream>),
                Some(fault) => {
                    Err(io::Error::new(io::ErrorKind::InvalidData, Error::InvalidCertificate(fault)))
                }
            }
        })
    }
}

//! An exclusive session with one card.
//!
//! Dropped, the card is reset and let go, so that nothing of a citizen stays open on it. After a card that was lost, or
//! a command that was given up, the session answers nothing more: what an answer would belong to is not sure.
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::apdu::for_t0;
use crate::card::{Card, CardError};

use super::port::{CardLine, Connection, Protocol};

/// Longest wait for an answer. Making an RSA signature takes an old card three seconds.
pub(crate) const TRANSMIT: Duration = Duration::from_secs(20);

/// What a session leaves behind.
pub(crate) enum Returned {
    /// Its line, to be disconnected.
    Line(Box<dyn CardLine>),
    /// Nothing: its line hangs, and with it the service.
    Hung,
}

/// One card, held by nobody else.
pub struct CardSession {
    line: Option<Box<dyn CardLine>>,
    atr: Vec<u8>,
    protocol: Protocol,
    ended: Option<CardError>,
    home: mpsc::UnboundedSender<Returned>,
}

impl CardSession {
    pub(crate) fn new(connection: Connection, home: mpsc::UnboundedSender<Returned>) -> CardSession {
        let Connection { line, atr, protocol } = connection;
        CardSession { line: Some(line), atr, protocol, ended: None, home }
    }

    /// What the card answered to power.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }
}

impl Card for CardSession {
    /// Sends a command. Dropped before its end, this session is over.
    async fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        if let Some(ended) = &self.ended {
            return Err(ended.clone());
        }
        let line = self.line.as_mut().ok_or(CardError::ReaderGone)?;
        // Stays when this future is dropped at the await below.
        self.ended = Some(CardError::Interrupted);
        let command = match self.protocol {
            Protocol::T0 => for_t0(command),
            Protocol::T1 => Zeroizing::new(command.to_vec()),
        };
        let result = timeout(TRANSMIT, line.transmit(&command)).await;
        match result {
            Ok(Ok(response)) => {
                self.ended = None;
                Ok(response)
            }
            Ok(Err(error)) => {
                self.ended = Some(error.clone());
                Err(error)
            }
            Err(_) => {
                let error = CardError::Hung(TRANSMIT.as_secs());
                self.ended = Some(error.clone());
                self.line = None;
                // A task that has ended has nothing to give up.
                let _ = self.home.send(Returned::Hung);
                Err(error)
            }
        }
    }
}

impl Drop for CardSession {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            // Without the task the line is dropped, which lets the card go as well.
            let _ = self.home.send(Returned::Line(line));
        }
    }
}

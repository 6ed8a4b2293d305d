//! A control connection: one request, one answer.
use std::time::Duration;

use hal_device::Line;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

use crate::port::SanePort;
use crate::wire::{Decoded, InitReply, LONGEST_REPLY, Reply, Request, SaneStatus, Text, decode};

use super::error::ClientError;
use super::{CALL, CONNECT};

/// What is read at once.
const CHUNK: usize = 16 << 10;
/// Who asks, in saned's log.
const USER: &str = "ciberkiosco";

/// An open connection whose INIT was answered.
pub(crate) struct Connection {
    line: Box<dyn Line>,
    received: Vec<u8>,
    /// An answer was read whole, or none is due. Otherwise what comes next belongs to nothing.
    sound: bool,
}

impl Connection {
    pub(crate) async fn open(port: &dyn SanePort) -> Result<Connection, ClientError> {
        let line = match timeout(CONNECT, port.open()).await {
            Ok(line) => line.map_err(ClientError::NoService)?,
            Err(_) => return Err(ClientError::Deaf { what: "a connection", limit: CONNECT }),
        };
        let mut connection = Connection { line, received: Vec::new(), sound: true };
        let user = Text::from(USER);
        let InitReply { status, version } = connection.call(&Request::Init { user: &user }).await?;
        if status != SaneStatus::Good {
            return Err(ClientError::Status { what: "INIT", status });
        }
        if !version.fits() {
            return Err(ClientError::Version { version });
        }
        Ok(connection)
    }

    /// Asks, and waits for the answer as long as answers may take.
    pub(crate) async fn call<R: Reply>(&mut self, request: &Request<'_>) -> Result<R, ClientError> {
        self.call_within(request, CALL).await
    }

    pub(crate) async fn call_within<R: Reply>(
        &mut self,
        request: &Request<'_>,
        limit: Duration,
    ) -> Result<R, ClientError> {
        self.call_until(request, Instant::now() + limit, limit).await
    }

    /// The same until a point in time, which an error calls so long a wait.
    pub(crate) async fn call_until<R: Reply>(
        &mut self,
        request: &Request<'_>,
        end: Instant,
        limit: Duration,
    ) -> Result<R, ClientError> {
        self.ask_until(request, end, limit).await?;
        self.answer_until(request.name(), end, limit).await
    }

    /// Asks only. Nothing else may be sent before the answer was fetched.
    pub(crate) async fn ask_until(
        &mut self,
        request: &Request<'_>,
        end: Instant,
        limit: Duration,
    ) -> Result<(), ClientError> {
        if !std::mem::replace(&mut self.sound, false) {
            return Err(ClientError::Closed);
        }
        if !self.received.is_empty() {
            return Err(ClientError::Unasked);
        }
        let bytes = request.encode();
        let sent = async {
            self.line.write_all(&bytes).await?;
            self.line.flush().await
        };
        match timeout_at(end, sent).await {
            Ok(sent) => sent.map_err(ClientError::Line),
            Err(_) => Err(ClientError::Deaf { what: request.name(), limit }),
        }
    }

    /// Fetches the answer to what was asked.
    pub(crate) async fn answer_until<R: Reply>(
        &mut self,
        what: &'static str,
        end: Instant,
        limit: Duration,
    ) -> Result<R, ClientError> {
        let answer = timeout_at(end, self.receive(what)).await;
        let reply = answer.unwrap_or(Err(ClientError::Deaf { what, limit }))?;
        self.sound = true;
        Ok(reply)
    }

    async fn receive<R: Reply>(&mut self, what: &'static str) -> Result<R, ClientError> {
        let mut wanted = 1;
        loop {
            if self.received.len() >= wanted {
                match decode(&self.received).map_err(|source| ClientError::Wire { what, source })? {
                    Decoded::Whole(reply, used) if used == self.received.len() => {
                        self.received.clear();
                        return Ok(reply);
                    }
                    Decoded::Whole(..) => return Err(ClientError::Unasked),
                    Decoded::More(count) => wanted = count,
                }
            }
            self.fill().await?;
        }
    }

    /// Reads something.
    async fn fill(&mut self) -> Result<(), ClientError> {
        let room = (LONGEST_REPLY + CHUNK).saturating_sub(self.received.len()).min(CHUNK);
        let mut part = (&mut self.line).take(room as u64);
        match part.read_buf(&mut self.received).await.map_err(ClientError::Line)? {
            0 => Err(ClientError::Closed),
            _ => Ok(()),
        }
    }

    /// Returns when the service closes the connection, or says something that nobody asked for.
    pub(crate) async fn ended(&mut self) -> ClientError {
        let error = match self.fill().await {
            Err(error) => error,
            Ok(()) => ClientError::Unasked,
        };
        self.sound = false;
        error
    }

    /// Nothing more is to be sent on it.
    pub(crate) fn give_up(&mut self) {
        self.sound = false;
    }

    /// Whether another request may be sent.
    pub(crate) fn is_sound(&self) -> bool {
        self.sound
    }

    /// Says good-bye; the service closes the connection.
    pub(crate) async fn exit(mut self) {
        if self.sound {
            let exit = Request::Exit.encode();
            // Closing it says the same.
            let _ = timeout(CALL, self.line.write_all(&exit)).await;
        }
    }
}

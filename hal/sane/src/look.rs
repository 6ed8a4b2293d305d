//! Looks at an idle scanner: whether it is there, and what it can do.
//!
//! A look opens a connection of its own and leaves nothing open behind it. A scanner that saned lists is believed to be
//! there; one that opens by its name only is opened each time. What it can do is read when it is first seen.
use std::sync::Arc;

use hal_device::{Reason, Status};

use crate::api::{Abilities, ScannerConfig};
use crate::client::{ClientError, Connection, Session, Target};
use crate::port::SanePort;
use crate::wire::SaneStatus;

/// Looks in a row that find the scanner in use before it is a process of saned that holds it and does not end.
const MOST_BUSY: u32 = 4;

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    known: Option<Target>,
    busy: u32,
}

impl Looks {
    /// The next look opens the scanner, listed or not.
    pub(crate) fn forget(&mut self) {
        self.known = None;
    }

    /// The scanner that was seen last.
    pub(crate) fn target(&self) -> Option<&Target> {
        self.known.as_ref()
    }

    /// Looks; gives the abilities of a scanner that was not there before.
    pub(crate) async fn look(
        &mut self,
        port: &Arc<dyn SanePort>,
        config: &Arc<ScannerConfig>,
    ) -> Result<Option<Abilities>, ClientError> {
        let seen = self.try_look(port, config).await;
        if seen.is_err() {
            self.known = None;
        }
        self.busy = match &seen {
            Err(ClientError::Status { what: "OPEN", status: SaneStatus::Busy }) => {
                self.busy.saturating_add(1)
            }
            _ => 0,
        };
        seen
    }

    async fn try_look(
        &mut self,
        port: &Arc<dyn SanePort>,
        config: &Arc<ScannerConfig>,
    ) -> Result<Option<Abilities>, ClientError> {
        let mut connection = Connection::open(&**port).await?;
        let target = Target::find(&mut connection, config).await?;
        let same = self.known.as_ref() == Some(&target);
        if same && target.listed {
            connection.exit().await;
            return Ok(None);
        }
        let mut session =
            Session::open(Arc::clone(port), Arc::clone(config), connection, &target.name).await?;
        let abilities = if same { None } else { Some(session.abilities(&target.title).await?) };
        session.close().await?;
        self.known = Some(target);
        Ok(abilities)
    }
}

/// The status of a scanner that cannot be used.
pub(crate) fn fault(error: &ClientError, looks: &Looks) -> Status {
    let id = match error {
        ClientError::NoService(_) => "no-service",
        error if error.hangs() => "hung",
        ClientError::NothingListed => "no-scanner",
        ClientError::Unsupported(_) => "unfit",
        ClientError::Password { .. } => "configuration",
        ClientError::Status { what, status } => match (*what, status) {
            (_, SaneStatus::WarmingUp) => return Status::Starting,
            (_, SaneStatus::AccessDenied) => "configuration",
            ("OPEN", SaneStatus::Busy) if looks.busy >= MOST_BUSY => "hung",
            ("OPEN", SaneStatus::Busy) => "in-use",
            ("OPEN", _) => "no-scanner",
            _ => "service-failed",
        },
        _ => "service-failed",
    };
    Status::OutOfService(Reason::new(id, error.words()))
}

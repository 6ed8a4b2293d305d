//! An open device on a connection of its own.
use std::sync::Arc;

use crate::api::{Abilities, Colour, RawPage, ScannerConfig, SourceAbilities};
use crate::options::Options;
use crate::port::SanePort;
use crate::wire::{Ack, Descriptors, Device, DevicesReply, OpenReply, Request, SaneStatus, Text};

use super::connection::Connection;
use super::error::ClientError;
use super::{CANCEL, OPEN};

/// Which device was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Opens it.
    pub(crate) name: Text,
    /// Maker and model, or `scanner`.
    pub(crate) title: String,
    /// It stands in the list.
    pub(crate) listed: bool,
}

/// What came of an attempt to get a page.
pub(crate) enum Paged {
    Page(RawPage),
    /// The feeder is empty.
    NoDocuments,
    /// Nobody wants it any more.
    Stopped,
}

/// A device that is open.
pub(crate) struct Session {
    pub(super) port: Arc<dyn SanePort>,
    pub(super) config: Arc<ScannerConfig>,
    pub(super) connection: Connection,
    pub(super) handle: u32,
    pub(super) options: Options,
    /// Dots an inch, as the scanner said when it was set.
    pub(super) dpi: u16,
    /// Between START and CANCEL: the feeder may hold paper.
    pub(super) engaged: bool,
    /// See [`Session::was_cancelled`].
    pub(super) cancelled: bool,
}

impl Target {
    /// Looks for the scanner: the one of the board file, in the list or not, or the first of the list.
    pub(crate) async fn find(
        connection: &mut Connection,
        config: &ScannerConfig,
    ) -> Result<Target, ClientError> {
        let DevicesReply { status, devices } = connection.call_within(&Request::Devices, OPEN).await?;
        let wanted = config.device.as_deref().map(Text::from);
        // Without a list a device still opens by its name.
        if status != SaneStatus::Good && wanted.is_none() {
            return Err(ClientError::Status { what: "GET_DEVICES", status });
        }
        let mut named =
            devices.into_iter().filter(|device| device.name.as_ref().is_some_and(|name| !name.is_empty()));
        let found = named.find(|device| wanted.is_none() || device.name == wanted);
        match (found, wanted) {
            (Some(Device { name: Some(name), vendor, model, kind: _ }), _) => {
                let words = [vendor, model].into_iter().flatten().filter(|text| !text.is_empty());
                let title = words.map(|text| text.to_string()).collect::<Vec<_>>().join(" ");
                let title = if title.trim().is_empty() { "scanner".to_owned() } else { title };
                Ok(Target { name, title, listed: true })
            }
            (_, Some(name)) => Ok(Target { name, title: "scanner".to_owned(), listed: false }),
            (_, None) => Err(ClientError::NothingListed),
        }
    }
}

impl Session {
    /// Opens a device and reads its options.
    pub(crate) async fn open(
        port: Arc<dyn SanePort>,
        config: Arc<ScannerConfig>,
        mut connection: Connection,
        name: &Text,
    ) -> Result<Session, ClientError> {
        let OpenReply { status, handle, resource } =
            connection.call_within(&Request::Open { name }, OPEN).await?;
        if resource.is_some() {
            return Err(ClientError::Password { what: "OPEN" });
        }
        if status != SaneStatus::Good {
            return Err(ClientError::Status { what: "OPEN", status });
        }
        let mut session = Session {
            port,
            config,
            connection,
            handle,
            options: Options::default(),
            dpi: 0,
            engaged: false,
            cancelled: false,
        };
        session.reload().await?;
        Ok(session)
    }

    /// Closes the device and opens it again, on the same connection.
    pub(crate) async fn reopen(mut self, name: &Text) -> Result<Session, ClientError> {
        self.cancel().await?;
        let Ack = self.connection.call(&Request::Close { handle: self.handle }).await?;
        Session::open(self.port, self.config, self.connection, name).await
    }

    /// Reads the options again.
    pub(super) async fn reload(&mut self) -> Result<(), ClientError> {
        let descriptors: Descriptors =
            self.connection.call(&Request::Descriptors { handle: self.handle }).await?;
        self.options = descriptors.into();
        Ok(())
    }

    /// What the device can do at each of its sources.
    pub(crate) async fn abilities(&mut self, title: &str) -> Result<Abilities, ClientError> {
        let only = self.config.only_source;
        let mut sources = Vec::new();
        for source in self.options.sources(only) {
            self.choose_source(source).await?;
            let has = |colour: &Colour| self.options.mode(*colour).is_some();
            let colours: Vec<Colour> = [Colour::Grey, Colour::Colour].into_iter().filter(has).collect();
            let Some(resolutions) = self.options.resolutions() else { continue };
            if !colours.is_empty() {
                let largest_mm = self.options.largest_mm();
                sources.push(SourceAbilities { source, colours, resolutions, largest_mm });
            }
        }
        if sources.is_empty() {
            return Err(ClientError::Unsupported("a source with colours and resolutions that are known"));
        }
        Ok(Abilities { name: title.to_owned(), sources })
    }

    /// Ends a batch or a page: lets go of paper in the feeder. Nothing on a connection that is of no more use.
    pub(crate) async fn cancel(&mut self) -> Result<(), ClientError> {
        if std::mem::replace(&mut self.engaged, false) && self.is_sound() {
            self.cancelled = true;
            let request = Request::Cancel { handle: self.handle };
            let Ack = self.connection.call_within(&request, CANCEL).await?;
        }
        Ok(())
    }

    /// Whether a CANCEL was sent; some drivers start no further page on such a handle.
    pub(crate) fn was_cancelled(&self) -> bool {
        self.cancelled
    }

    /// Whether the device can be used further.
    pub(crate) fn is_sound(&self) -> bool {
        self.connection.is_sound()
    }

    /// Returns when the service ends the connection.
    pub(crate) async fn ended(&mut self) -> ClientError {
        self.connection.ended().await
    }

    /// Closes the device and the connection.
    pub(crate) async fn close(mut self) -> Result<(), ClientError> {
        if !self.is_sound() {
            return Ok(());
        }
        self.cancel().await?;
        let Ack = self.connection.call(&Request::Close { handle: self.handle }).await?;
        self.connection.exit().await;
        Ok(())
    }
}

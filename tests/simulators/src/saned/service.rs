//! The handle that tests hold: paper, plugs, faults, and connections.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use super::config::SanedConfig;
use super::connection::Conversation;
use super::door::Door;
use super::fault::SanedFault;
use super::picture::{Picture, Sheet};
use super::snapshot::SanedSnapshot;
use super::world::World;
use crate::{locked, unplugged};

/// What a line in memory holds on its way.
const LINE: usize = 16 << 10;
const FIRST_PORT: u16 = 10_000;

/// A scan service with one scanner; cheap to clone, and all clones are the same.
#[derive(Clone)]
pub struct Saned {
    world: Arc<Mutex<World>>,
    /// Counts how often it was killed.
    lives: Arc<watch::Sender<u32>>,
}

impl Saned {
    /// One that runs, with its scanner plugged in.
    #[must_use]
    pub fn new(config: SanedConfig) -> Self {
        let world = World {
            config,
            glass: None,
            tray: Default::default(),
            running: true,
            plugged: true,
            faults: Vec::new(),
            seen: SanedSnapshot::default(),
            doors: Default::default(),
            next_port: FIRST_PORT,
        };
        Self { world: Arc::new(Mutex::new(world)), lives: Arc::new(watch::channel(0).0) }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        locked(&self.world)
    }

    /// Lays something on the glass.
    pub fn lay(&self, picture: Picture) {
        self.world().glass = Some(picture);
    }

    /// Puts sheets into the feeder, behind those that are in it.
    pub fn feed(&self, sheets: impl IntoIterator<Item = Sheet>) {
        self.world().tray.extend(sheets);
    }

    /// Sets a fault.
    pub fn fault(&self, fault: SanedFault) {
        self.world().faults.push((fault, 0));
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// Pulls the scanner's plug, or puts it in.
    pub fn plug(&self, plugged: bool) {
        self.world().plugged = plugged;
    }

    /// Another scanner, or another driver for it.
    pub fn change(&self, change: impl FnOnce(&mut SanedConfig)) {
        change(&mut self.world().config);
    }

    /// Kills the service with all its connections; nobody listens until it is started.
    pub fn kill(&self) {
        let mut world = self.world();
        world.running = false;
        world.let_go();
        drop(world);
        self.lives.send_modify(|lives| *lives += 1);
    }

    /// Starts it.
    pub fn start(&self) {
        self.world().running = true;
    }

    /// What really happened.
    #[must_use]
    pub fn snapshot(&self) -> SanedSnapshot {
        let world = self.world();
        SanedSnapshot { sheets_left: world.tray.len(), ..world.seen.clone() }
    }

    /// A control connection in memory.
    ///
    /// # Errors
    /// Connection refused when it does not run.
    pub fn connect(&self) -> io::Result<DuplexStream> {
        if !self.world().running {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (near, far) = duplex(LINE);
        let saned = self.clone();
        tokio::spawn(async move {
            // How it ended is in the snapshot where it matters.
            let _ = saned.converse(far, None).await;
        });
        Ok(near)
    }

    /// A data connection in memory, to a port that START named.
    ///
    /// # Errors
    /// Connection refused when nobody waits behind it.
    pub async fn connect_data(&self, port: u16) -> io::Result<DuplexStream> {
        if self.world().has(|fault| *fault == SanedFault::HangingDataPort) {
            return std::future::pending().await;
        }
        let door = self.world().doors.remove(&port);
        let (near, far) = duplex(LINE);
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        door.ok_or_else(refused)?.send(far).await.map_err(|_| refused())?;
        Ok(near)
    }

    /// Serves connections of a real port, until the task is dropped.
    ///
    /// # Errors
    /// When the port fails.
    pub async fn serve(&self, listener: TcpListener) -> io::Result<()> {
        let address = listener.local_addr()?.ip();
        loop {
            let (stream, _) = listener.accept().await?;
            if !self.world().running {
                continue;
            }
            let saned = self.clone();
            tokio::spawn(async move { saned.converse(stream, Some(address)).await });
        }
    }

    async fn converse<S>(&self, stream: S, address: Option<IpAddr>) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let mut lives = self.lives.subscribe();
        self.world().seen.connections += 1;
        self.world().seen.open_connections += 1;
        let mut conversation = Conversation::new(self.clone(), stream, address);
        let ended = tokio::select! {
            _killed = lives.changed() => Ok(()),
            ended = conversation.run() => ended,
        };
        conversation.end();
        self.world().seen.open_connections -= 1;
        if let Err(error) = &ended
            && error.kind() == io::ErrorKind::InvalidData
        {
            self.world().seen.wrong.push(error.to_string());
        }
        unplugged(ended)
    }

    /// Opens a data port: its number, and the door behind it.
    pub(super) async fn data_door(&self, address: Option<IpAddr>) -> io::Result<(u16, Door)> {
        if let Some(address) = address {
            return Door::tcp(address).await;
        }
        let mut world = self.world();
        let port = world.next_port;
        world.next_port = port.checked_add(1).unwrap_or(FIRST_PORT);
        let (sender, receiver) = mpsc::channel(1);
        if !world.has(|fault| *fault == SanedFault::NoDataPort) {
            world.doors.insert(port, sender);
        }
        Ok((port, Door::Memory(receiver)))
    }
}

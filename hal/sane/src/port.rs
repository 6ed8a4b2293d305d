//! The port under the scanner's task: where saned is reached, control and data connections alike.
use std::net::SocketAddr;

use hal_device::{Line, OpenFuture};
use tokio::net::TcpStream;

/// Where the service is reached. One task owns a port.
pub trait SanePort: Send + Sync {
    /// Opens a control connection.
    fn open(&self) -> OpenFuture<'_>;
    /// Opens the data connection that the service waits for at this port of the same address; it compares addresses as
    /// texts, and takes one from elsewhere for an attack.
    fn open_data(&self, port: u16) -> OpenFuture<'_>;
    /// What the board file calls it, for logs.
    fn name(&self) -> &str;
}

/// saned over TCP.
#[derive(Clone, Debug)]
pub struct TcpSane {
    /// Where it listens; loopback in the product.
    pub address: SocketAddr,
    /// The name in logs.
    pub name: String,
}

impl SanePort for TcpSane {
    fn open(&self) -> OpenFuture<'_> {
        connect(self.address)
    }

    fn open_data(&self, port: u16) -> OpenFuture<'_> {
        connect(SocketAddr::new(self.address.ip(), port))
    }

    fn name(&self) -> &str {
        &self.name
    }
}

fn connect(address: SocketAddr) -> OpenFuture<'static> {
    Box::pin(async move {
        let stream = TcpStream::connect(address).await?;
        // A request is small, and its answer is waited for.
        stream.set_nodelay(true)?;
        Ok(Box::new(stream) as Box<dyn Line>)
    })
}

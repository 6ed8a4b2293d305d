//! Where data connections come in: in memory, or a port of this machine.

use std::io;
use std::net::IpAddr;

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A stream of either kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(super) enum Door {
    Memory(mpsc::Receiver<DuplexStream>),
    Tcp(TcpListener),
}

impl Door {
    /// A port of this machine, any that is free.
    pub(super) async fn tcp(address: IpAddr) -> io::Result<(u16, Self)> {
        let listener = TcpListener::bind((address, 0)).await?;
        Ok((listener.local_addr()?.port(), Self::Tcp(listener)))
    }

    /// The first who comes in. Waits for ever for one who does not, as saned does.
    pub(super) async fn accept(&mut self) -> io::Result<Box<dyn Stream>> {
        match self {
            Self::Memory(streams) => match streams.recv().await {
                Some(stream) => Ok(Box::new(stream)),
                None => std::future::pending().await,
            },
            Self::Tcp(listener) => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

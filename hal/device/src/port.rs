//! Lines: byte streams to a device, and the ports that open them again after an unplug.
use std::future::Future;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::unix::pipe;

/// A byte stream to a device.
pub trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

/// What [`Port::open`] returns.
pub type OpenFuture<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Line>>> + Send + 'a>>;

/// A place where a line can be opened, as often as needed. One task owns a port.
pub trait Port: Send + Sync {
    /// Opens the line; fails while the device is not plugged in.
    fn open(&self) -> OpenFuture<'_>;
    /// What the board file calls it, for logs.
    fn name(&self) -> &str;
}

/// A serial line, 8 data bits, no parity, 1 stop bit, no flow control.
#[derive(Clone, Debug)]
pub struct SerialPort {
    /// The device file; `/dev/serial/by-id/…`, which names the device and not the socket.
    pub path: PathBuf,
    /// Bits a second.
    pub baud: u32,
    /// The name in logs.
    pub name: String,
}

impl Port for SerialPort {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            let port = serial2_tokio::SerialPort::open(&self.path, self.baud)?;
            Ok(Box::new(port) as Box<dyn Line>)
        })
    }
    fn name(&self) -> &str {
        &self.name
    }
}

/// A character device that is read and written as it is: `/dev/usb/lp0`.
#[derive(Clone, Debug)]
pub struct CharacterDevice {
    /// The device file.
    pub path: PathBuf,
    /// The name in logs.
    pub name: String,
}

impl Port for CharacterDevice {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            let file = std::fs::OpenOptions::new()
                .read(true)
                .write(true)
                .custom_flags(nix::fcntl::OFlag::O_NONBLOCK.bits())
                .open(&self.path)?;
            // Tokio's pipe ends serve any descriptor that can be polled, which the kernel's usblp can.
            let reader = pipe::Receiver::from_file_unchecked(file.try_clone()?)?;
            let writer = pipe::Sender::from_file_unchecked(file)?;
            Ok(Box::new(tokio::io::join(reader, writer)) as Box<dyn Line>)
        })
    }
    fn name(&self) -> &str {
        &self.name
    }
}

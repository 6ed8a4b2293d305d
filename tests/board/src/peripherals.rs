//! Who speaks at the far end of each wire.
use std::net::SocketAddr;

use anyhow::{Context, Result};
use simulators::escl::Scanner;
use simulators::escpos::Printer;
use simulators::line::Line;
use simulators::smartcard::VirtualReader;
use tokio::net::{TcpListener, UnixStream};
use tokio::task::JoinHandle;

use crate::qemu::Wire;
use crate::usbredir::card_reader::CardReaderDevice;
use crate::usbredir::printer::{PORT_ERROR, PORT_PAPER_OUT, PORT_WELL, PrinterDevice};
use crate::usbredir::serve;

/// Bytes on their way through a cable.
const CABLE: usize = 1024;

/// What a printer of the USB printer class answers to LPGETSTATUS.
pub type PortStatus = Box<dyn Fn() -> u8 + Send>;

/// A printer at its USB socket.
pub fn usb_printer(
    wire: Wire,
    printer: &Printer,
    stream: UnixStream,
    device: impl FnOnce(PortStatus) -> (PrinterDevice, tokio::io::DuplexStream),
) -> JoinHandle<()> {
    let printer = printer.clone();
    let shown = printer.clone();
    let (device, engine) = device(Box::new(move || {
        let now = shown.snapshot();
        match (now.paper_end, now.online) {
            (true, _) => PORT_PAPER_OUT,
            (false, true) => PORT_WELL,
            (false, false) => PORT_ERROR,
        }
    }));
    tokio::spawn(async move {
        tokio::select! {
            ended = serve(stream, device) => report(wire, ended),
            ended = printer.run(engine) => report(wire, ended.map_err(Into::into)),
        }
    })
}

/// The card reader at its USB socket.
pub fn usb_card_reader(reader: VirtualReader, stream: UnixStream) -> JoinHandle<()> {
    let device = CardReaderDevice::identiv("CARDS01", reader);
    tokio::spawn(async move { report(Wire::CardReader, serve(stream, device).await) })
}

/// The scanner on a port of this host, which the board reaches as a device of its network. It is served while this is
/// kept, whether the board is on or off.
pub struct NetworkScanner {
    pub address: SocketAddr,
    server: JoinHandle<()>,
}

impl NetworkScanner {
    pub async fn serve(scanner: Scanner) -> Result<NetworkScanner> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("the scanner finds no free port")?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            let Err(error) = scanner.serve(listener).await;
            eprintln!("the scanner ended: {error}");
        });
        Ok(NetworkScanner { address, server })
    }
}

impl Drop for NetworkScanner {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Runs a peripheral at the far end of a cable that can be bad.
pub fn cable<F, R>(wire: Wire, line: Line, stream: UnixStream, device: F) -> JoinHandle<()>
where
    F: FnOnce(tokio::io::DuplexStream) -> R + Send + 'static,
    R: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let (near, far) = tokio::io::duplex(CABLE);
    tokio::spawn(async move {
        tokio::select! {
            ended = line.pump(stream, near) => report(wire, ended.map_err(Into::into)),
            ended = device(far) => report(wire, ended.map_err(Into::into)),
        }
    })
}

/// A stream that breaks when the board is switched off is no trouble; it is told to whoever debugs.
fn report(wire: Wire, ended: Result<()>) {
    if let Err(error) = ended {
        eprintln!("{} is unplugged: {error:#}", wire.name());
    }
}

//! A receipt or page printer of the USB printer class (usbprint11.pdf): bulk pipes, GET_DEVICE_ID, GET_PORT_STATUS.
//!
//! What the guest writes to `/dev/usb/lp*` comes out of a stream, and what is written to the stream the guest reads; an
//! ESC/POS simulator sits at its other end. A simulator that does not read holds the guest's write back.
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;

use super::{
    ControlAnswer, Descriptors, Device, EndpointKind, EndpointSpec, InterfaceSpec, Pipe, Setup, Speed,
};

/// Port status of a printer that is well: selected, no error.
pub const PORT_WELL: u8 = 0x18;
/// Paper is out: selected, paper empty.
pub const PORT_PAPER_OUT: u8 = 0x30;
/// Off-line, with an error.
pub const PORT_ERROR: u8 = 0x00;

const GET_DEVICE_ID: u8 = 0;
const GET_PORT_STATUS: u8 = 1;
const SOFT_RESET: u8 = 2;

/// What a printer takes in before it makes the host wait.
const RECEIVE_BUFFER: usize = 4096;

/// The printer.
pub struct PrinterDevice {
    descriptors: Descriptors,
    device_id: String,
    port_status: Box<dyn Fn() -> u8 + Send>,
    stream: Option<DuplexStream>,
}

impl PrinterDevice {
    /// An Epson TM-T88 with this serial number, and the stream to its print engine. `port_status` is asked for the
    /// byte that LPGETSTATUS returns.
    pub fn epson(
        serial: &str,
        port_status: impl Fn() -> u8 + Send + 'static,
    ) -> (PrinterDevice, DuplexStream) {
        PrinterDevice::new([0x04B8, 0x0202], ["EPSON", "TM-T88VI", serial], port_status)
    }

    /// A Custom KPM216H with this serial number, and the stream to its print engine.
    pub fn custom(
        serial: &str,
        port_status: impl Fn() -> u8 + Send + 'static,
    ) -> (PrinterDevice, DuplexStream) {
        PrinterDevice::new([0x0DD4, 0x0186], ["CUSTOM", "KPM216H", serial], port_status)
    }

    fn new(
        [vendor, product]: [u16; 2],
        texts: [&str; 3],
        port_status: impl Fn() -> u8 + Send + 'static,
    ) -> (PrinterDevice, DuplexStream) {
        let (ours, engine) = tokio::io::duplex(RECEIVE_BUFFER);
        let bulk = |address| EndpointSpec { address, kind: EndpointKind::Bulk, max_packet: 512, interval: 0 };
        let descriptors = Descriptors {
            speed: Speed::High,
            vendor,
            product,
            release: 0x0100,
            texts: texts.map(str::to_owned),
            interface: InterfaceSpec {
                // Printer, bidirectional.
                class: [7, 1, 2],
                class_descriptors: Vec::new(),
                endpoints: vec![bulk(0x81), bulk(0x02)],
            },
        };
        let [maker, model, _] = texts;
        let device_id = format!("MFG:{maker};CMD:ESC/POS;MDL:{model};CLS:PRINTER;");
        let port_status = Box::new(port_status);
        (PrinterDevice { descriptors, device_id, port_status, stream: Some(ours) }, engine)
    }
}

impl Device for PrinterDevice {
    fn descriptors(&self) -> &Descriptors {
        &self.descriptors
    }

    fn control(&mut self, setup: Setup, _data: &[u8]) -> ControlAnswer {
        match (setup.request_type, setup.request) {
            (0xA1, GET_DEVICE_ID) => {
                let length = (self.device_id.len() as u16 + 2).to_be_bytes();
                ControlAnswer::Data([&length, self.device_id.as_bytes()].concat())
            }
            (0xA1, GET_PORT_STATUS) => ControlAnswer::Data(vec![(self.port_status)()]),
            (0x21 | 0x23, SOFT_RESET) => ControlAnswer::Done,
            _ => ControlAnswer::Stall,
        }
    }

    fn pipes(&mut self) -> Vec<(u8, Pipe)> {
        let Some(stream) = self.stream.take() else { return Vec::new() };
        let (mut reader, mut writer) = tokio::io::split(stream);
        let (towards_guest, source) = mpsc::channel(1);
        let (sink, mut from_guest) = mpsc::channel::<Vec<u8>>(1);
        // Both end when the session drops its ends of the channels or the simulator its end of the stream.
        tokio::spawn(async move {
            // Shorter than a USB packet, so that no empty packet must follow.
            let mut buffer = [0; 256];
            loop {
                tokio::select! {
                    () = towards_guest.closed() => return,
                    count = reader.read(&mut buffer) => match count {
                        Ok(count) if count > 0 => {
                            if towards_guest.send(buffer[..count].to_vec()).await.is_err() {
                                return;
                            }
                        }
                        _ => return,
                    },
                }
            }
        });
        tokio::spawn(async move {
            while let Some(data) = from_guest.recv().await {
                if writer.write_all(&data).await.is_err() {
                    return;
                }
            }
        });
        vec![(0x81, Pipe::In(source)), (0x02, Pipe::Out(sink))]
    }
}

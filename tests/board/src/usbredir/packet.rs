//! The packets of usbredir (usb-redirection-protocol.txt, version 0.7): little-endian, packed.

use anyhow::{Result, bail};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Descriptors, EndpointKind, Setup, Speed};

/// Kinds of packets.
pub mod kind {
    pub const HELLO: u32 = 0;
    pub const DEVICE_CONNECT: u32 = 1;
    pub const RESET: u32 = 3;
    pub const INTERFACE_INFO: u32 = 4;
    pub const EP_INFO: u32 = 5;
    pub const SET_CONFIGURATION: u32 = 6;
    pub const CONFIGURATION_STATUS: u32 = 8;
    pub const SET_ALT_SETTING: u32 = 9;
    pub const ALT_SETTING_STATUS: u32 = 11;
    pub const START_INTERRUPT_RECEIVING: u32 = 15;
    pub const STOP_INTERRUPT_RECEIVING: u32 = 16;
    pub const INTERRUPT_RECEIVING_STATUS: u32 = 17;
    pub const CANCEL_DATA_PACKET: u32 = 21;
    pub const CONTROL: u32 = 100;
    pub const BULK: u32 = 101;
    pub const INTERRUPT: u32 = 103;
}

/// Outcome of a transfer.
pub mod status {
    pub const SUCCESS: u8 = 0;
    pub const CANCELLED: u8 = 1;
    pub const STALL: u8 = 4;
}

/// What xHCI needs: connect_device_version, device_disconnect_ack, ep_info_max_packet_size, 64bits_ids and
/// 32bits_bulk_length.
const CAPABILITIES: u32 = 0x7A;

/// Longest packet that is believed; a transfer of the guest's kernel is far shorter.
const MAX_LENGTH: usize = 4 << 20;

/// A packet without its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// See [`kind`].
    pub kind: u32,
    /// Chosen by who asks; the answer has the same.
    pub id: u64,
    /// What follows the header.
    pub body: Vec<u8>,
}

impl Packet {
    /// The bytes on the wire, with the 64-bit identifiers that both sides have agreed on.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16 + self.body.len());
        out.extend(self.kind.to_le_bytes());
        out.extend((self.body.len() as u32).to_le_bytes());
        out.extend(self.id.to_le_bytes());
        out.extend(&self.body);
        out
    }

    /// Reads one; `None` at the end of the stream.
    pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<Packet>> {
        Packet::read_with(stream, 8).await
    }

    /// Reads the other side's hello, which has a 32-bit identifier; `None` at the end of the stream.
    pub async fn read_hello(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<Packet>> {
        let hello = Packet::read_with(stream, 4).await?;
        if let Some(hello) = &hello {
            let words = hello.body.get(64..68).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
            if hello.kind != kind::HELLO || words.is_none_or(|word| word & CAPABILITIES != CAPABILITIES) {
                bail!("the other side is no usbredir guest that serves xHCI");
            }
        }
        Ok(hello)
    }

    async fn read_with(stream: &mut (impl AsyncRead + Unpin), id_bytes: usize) -> Result<Option<Packet>> {
        let mut header = [0; 16];
        let header = &mut header[..8 + id_bytes];
        match stream.read_exact(header).await {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            outcome => outcome?,
        };
        let word =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let length = word(4) as usize;
        if length > MAX_LENGTH {
            bail!("a usbredir packet of {length} bytes");
        }
        let id = u64::from(word(8)) | if id_bytes == 8 { u64::from(word(12)) << 32 } else { 0 };
        let mut packet = Packet { kind: word(0), id, body: vec![0; length] };
        stream.read_exact(&mut packet.body).await?;
        Ok(Some(packet))
    }
}

/// Our hello, which goes out with a 32-bit identifier.
pub fn hello() -> Vec<u8> {
    let mut body = [0; 64];
    let name = b"ciberkiosco emulated board";
    body[..name.len()].copy_from_slice(name);
    let mut out = Vec::new();
    for word in [kind::HELLO, 68, 0] {
        out.extend(word.to_le_bytes());
    }
    out.extend(body);
    out.extend(CAPABILITIES.to_le_bytes());
    out
}

/// The three packets that plug a device in.
pub fn connect(descriptors: &Descriptors) -> Vec<u8> {
    let [class, subclass, protocol] = descriptors.interface.class;
    let mut interfaces = vec![1, 0, 0, 0];
    for value in [0, class, subclass, protocol] {
        interfaces.push(value);
        interfaces.extend([0; 31]);
    }
    // Kind (0 control, 255 none), interval, interface, largest packet of the 32 endpoints.
    let (mut kinds, mut intervals, mut sizes) = ([255; 32], [0; 32], [0_u16; 32]);
    for control in [0, 16] {
        kinds[control] = 0;
        sizes[control] = 64;
    }
    for endpoint in &descriptors.interface.endpoints {
        let place = usize::from((endpoint.address & 0x80) >> 3 | endpoint.address & 15);
        kinds[place] = endpoint.kind.number();
        intervals[place] = endpoint.interval;
        sizes[place] = endpoint.max_packet;
    }
    let mut endpoints = [kinds.as_slice(), &intervals, &[0; 32]].concat();
    endpoints.extend(sizes.iter().flat_map(|size| size.to_le_bytes()));
    let speed = match descriptors.speed {
        Speed::Full => 1,
        Speed::High => 2,
    };
    let mut device = vec![speed, 0, 0, 0];
    for number in [descriptors.vendor, descriptors.product, descriptors.release] {
        device.extend(number.to_le_bytes());
    }
    let parts =
        [(kind::INTERFACE_INFO, interfaces), (kind::EP_INFO, endpoints), (kind::DEVICE_CONNECT, device)];
    parts.into_iter().flat_map(|(kind, body)| Packet { kind, id: 0, body }.bytes()).collect()
}

/// A control packet of the guest: the request and its data.
pub fn control(body: &[u8]) -> Option<(u8, Setup, &[u8])> {
    let (head, data) = body.split_at_checked(10)?;
    let &[endpoint, request, request_type, _, v0, v1, i0, i1, l0, l1] = head else { return None };
    let word = |low, high| u16::from_le_bytes([low, high]);
    let setup =
        Setup { request_type, request, value: word(v0, v1), index: word(i0, i1), length: word(l0, l1) };
    Some((endpoint, setup, data))
}

/// The answer to a control packet.
pub fn control_answer(id: u64, endpoint: u8, setup: Setup, status: u8, length: u16, data: &[u8]) -> Packet {
    let mut body = vec![endpoint, setup.request, setup.request_type, status];
    for number in [setup.value, setup.index, length] {
        body.extend(number.to_le_bytes());
    }
    body.extend(data);
    Packet { kind: kind::CONTROL, id, body }
}

/// A data packet of the guest on an endpoint of this kind: its address, the length it asks for, its data.
pub fn data(kind: EndpointKind, body: &[u8]) -> Option<(u8, usize, &[u8])> {
    match kind {
        EndpointKind::Bulk => {
            let (head, data) = body.split_at_checked(10)?;
            let &[endpoint, _, l0, l1, _, _, _, _, l2, l3] = head else { return None };
            Some((endpoint, u32::from_le_bytes([l0, l1, l2, l3]) as usize, data))
        }
        EndpointKind::Interrupt => {
            let (head, data) = body.split_at_checked(4)?;
            let &[endpoint, _, l0, l1] = head else { return None };
            Some((endpoint, usize::from(u16::from_le_bytes([l0, l1])), data))
        }
    }
}

/// A data packet to the guest: an answer, or data of an interrupt endpoint. `length` is how much was transferred.
pub fn data_answer(
    kind: EndpointKind,
    id: u64,
    endpoint: u8,
    status: u8,
    length: usize,
    data: &[u8],
) -> Packet {
    let [l0, l1, l2, l3] = (length as u32).to_le_bytes();
    let (number, mut body) = match kind {
        EndpointKind::Bulk => (self::kind::BULK, vec![endpoint, status, l0, l1, 0, 0, 0, 0, l2, l3]),
        EndpointKind::Interrupt => (self::kind::INTERRUPT, vec![endpoint, status, l0, l1]),
    };
    body.extend(data);
    Packet { kind: number, id, body }
}

//! What a device says it is, as the descriptors of USB 2.0 chapter 9.

use super::{ControlAnswer, Setup};

/// Speed on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// 12 Mbit/s.
    Full,
    /// 480 Mbit/s.
    High,
}

/// How an endpoint transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointKind {
    /// Bulk.
    Bulk,
    /// Interrupt.
    Interrupt,
}

impl EndpointKind {
    /// The number in descriptors and in usbredir's ep_info.
    pub(super) fn number(self) -> u8 {
        match self {
            EndpointKind::Bulk => 2,
            EndpointKind::Interrupt => 3,
        }
    }
}

/// One endpoint.
#[derive(Clone, Debug)]
pub struct EndpointSpec {
    /// Its address; bit 7 is set towards the guest.
    pub address: u8,
    /// How it transfers.
    pub kind: EndpointKind,
    /// Largest packet.
    pub max_packet: u16,
    /// Polling interval, as in the descriptor.
    pub interval: u8,
}

/// The one interface.
#[derive(Clone, Debug)]
pub struct InterfaceSpec {
    /// Class, subclass, protocol.
    pub class: [u8; 3],
    /// Class descriptors behind the interface descriptor (HID, CCID).
    pub class_descriptors: Vec<u8>,
    /// Endpoints beside the control endpoint.
    pub endpoints: Vec<EndpointSpec>,
}

/// A device with one configuration and one interface.
#[derive(Clone, Debug)]
pub struct Descriptors {
    /// Speed.
    pub speed: Speed,
    /// Vendor.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// Release, BCD.
    pub release: u16,
    /// Texts of manufacturer, product and serial number.
    pub texts: [String; 3],
    /// The interface.
    pub interface: InterfaceSpec,
}

const GET_STATUS: u8 = 0;
const GET_DESCRIPTOR: u8 = 6;
const GET_CONFIGURATION: u8 = 8;

impl Descriptors {
    /// The answer to a standard request; `None` when it is a class or vendor request.
    pub(super) fn standard(&self, setup: Setup) -> Option<ControlAnswer> {
        if setup.request_type & 0x60 != 0 {
            return None;
        }
        let [index, kind] = setup.value.to_le_bytes();
        Some(match (setup.request_type, setup.request) {
            (0x80, GET_DESCRIPTOR) => {
                self.descriptor(kind, index).map_or(ControlAnswer::Stall, ControlAnswer::Data)
            }
            // A report descriptor of HID is asked for by a standard request to the interface.
            (0x81, GET_DESCRIPTOR) => return None,
            (0x80..=0x82, GET_STATUS) => ControlAnswer::Data(vec![0, 0]),
            (0x80, GET_CONFIGURATION) => ControlAnswer::Data(vec![1]),
            (0x00..=0x02, _) => ControlAnswer::Done,
            _ => ControlAnswer::Stall,
        })
    }

    fn descriptor(&self, kind: u8, index: u8) -> Option<Vec<u8>> {
        match kind {
            1 => Some(self.device()),
            2 => Some(self.configuration()),
            3 if index == 0 => Some(vec![4, 3, 0x09, 0x04]),
            3 => self.texts.get(usize::from(index) - 1).map(|text| {
                let units: Vec<u8> = text.encode_utf16().take(120).flat_map(u16::to_le_bytes).collect();
                [&[units.len() as u8 + 2, 3], units.as_slice()].concat()
            }),
            // The qualifier among them: a device of one speed has none.
            _ => None,
        }
    }

    fn device(&self) -> Vec<u8> {
        let mut out = vec![18, 1, 0x00, 0x02, 0, 0, 0, 64];
        for number in [self.vendor, self.product, self.release] {
            out.extend(number.to_le_bytes());
        }
        out.extend([1, 2, 3, 1]);
        out
    }

    fn configuration(&self) -> Vec<u8> {
        let interface = &self.interface;
        let [class, subclass, protocol] = interface.class;
        let mut tail = vec![9, 4, 0, 0, interface.endpoints.len() as u8, class, subclass, protocol, 0];
        tail.extend(&interface.class_descriptors);
        for endpoint in &interface.endpoints {
            let [low, high] = endpoint.max_packet.to_le_bytes();
            tail.extend([7, 5, endpoint.address, endpoint.kind.number(), low, high, endpoint.interval]);
        }
        let [low, high] = (tail.len() as u16 + 9).to_le_bytes();
        // One interface, configuration 1, powered by itself.
        [&[9, 2, low, high, 1, 1, 0, 0xC0, 1], tail.as_slice()].concat()
    }
}

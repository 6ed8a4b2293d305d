//! USB devices outside QEMU: the host side of the usbredir protocol 0.7.
//!
//! A [`Device`] is descriptors, an answer to class and vendor requests, and pipes for its endpoints. [`serve`] plugs
//! it in on a connected socket; closing the socket pulls the plug. A reset of the guest enumerates again over the same
//! socket. The printer is in [`printer`], the smart card reader in [`card_reader`]; a CP2112 is another
//! [`Device`].

pub mod card_reader;
pub mod ccid;
mod descriptors;
mod endpoint;
mod packet;
pub mod printer;
mod session;

pub use descriptors::{Descriptors, EndpointKind, EndpointSpec, InterfaceSpec, Speed};
pub use session::serve;

use tokio::sync::mpsc;

/// A control request as the guest sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Direction, kind and recipient.
    pub request_type: u8,
    /// The request.
    pub request: u8,
    /// wValue.
    pub value: u16,
    /// wIndex.
    pub index: u16,
    /// wLength: most that may be answered.
    pub length: u16,
}

/// The answer to a control request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlAnswer {
    /// Done; for requests to the device.
    Done,
    /// These bytes, cut at the request's length.
    Data(Vec<u8>),
    /// The device does not know the request.
    Stall,
}

/// Where the bytes of an endpoint come from or go to. A message is one transfer as the device sees it.
#[derive(Debug)]
pub enum Pipe {
    /// Towards the guest.
    In(mpsc::Receiver<Vec<u8>>),
    /// From the guest. A full channel holds the guest back, as a device that answers NAK does.
    Out(mpsc::Sender<Vec<u8>>),
}

/// A USB device.
pub trait Device: Send + 'static {
    /// What it says it is.
    fn descriptors(&self) -> &Descriptors;
    /// A class or vendor request; standard requests are answered from the descriptors.
    fn control(&mut self, setup: Setup, data: &[u8]) -> ControlAnswer;
    /// The pipes of its endpoints, by endpoint address; asked for once.
    fn pipes(&mut self) -> Vec<(u8, Pipe)>;
}

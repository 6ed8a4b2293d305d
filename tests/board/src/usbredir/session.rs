//! A device while it is plugged in: from the hellos to the end of the stream.
use std::collections::HashMap;

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::endpoint::{self, Order};
use super::packet::{self, Packet, kind, status};
use super::{ControlAnswer, Device, EndpointKind};

/// Plugs the device in on a stream to QEMU and serves it until the stream ends; dropping the future, and with it
/// the stream, pulls the plug.
pub async fn serve(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    mut device: impl Device,
) -> Result<()> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    writer.write_all(&packet::hello()).await?;
    if Packet::read_hello(&mut reader).await?.is_none() {
        return Ok(());
    }
    writer.write_all(&packet::connect(device.descriptors())).await?;

    let (out, mut outgoing) = mpsc::channel::<Packet>(64);
    // Everything that belongs to the session ends with it.
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Some(packet) = outgoing.recv().await {
            if writer.write_all(&packet.bytes()).await.is_err() {
                return;
            }
        }
    });
    let mut endpoints = HashMap::new();
    for (address, pipe) in device.pipes() {
        let specs = &device.descriptors().interface.endpoints;
        let Some(spec) = specs.iter().find(|spec| spec.address == address) else { continue };
        let (orders, queue) = mpsc::unbounded_channel();
        tasks.spawn(endpoint::serve(address, spec.kind, pipe, queue, out.clone()));
        endpoints.insert(address, orders);
    }
    let mut session = Session { device, endpoints, out };
    while let Some(packet) = Packet::read(&mut reader).await? {
        if session.take(packet).await.is_none() {
            break;
        }
    }
    Ok(())
}

struct Session<D> {
    device: D,
    endpoints: HashMap<u8, mpsc::UnboundedSender<Order>>,
    out: mpsc::Sender<Packet>,
}

impl<D: Device> Session<D> {
    /// Handles one packet; `None` when nobody takes the answer any more.
    async fn take(&mut self, packet: Packet) -> Option<()> {
        let Packet { kind: number, id, body } = packet;
        let first = body.first().copied().unwrap_or(0);
        let answer = match number {
            kind::RESET => {
                self.endpoints.values().for_each(|orders| send(orders, Order::Reset));
                return Some(());
            }
            kind::CANCEL_DATA_PACKET => {
                self.endpoints.values().for_each(|orders| send(orders, Order::Cancel { id }));
                return Some(());
            }
            kind::SET_CONFIGURATION => {
                Packet { kind: kind::CONFIGURATION_STATUS, id, body: vec![status::SUCCESS, first] }
            }
            kind::SET_ALT_SETTING => {
                let setting = body.get(1).copied().unwrap_or(0);
                Packet { kind: kind::ALT_SETTING_STATUS, id, body: vec![status::SUCCESS, first, setting] }
            }
            kind::START_INTERRUPT_RECEIVING | kind::STOP_INTERRUPT_RECEIVING => {
                if let Some(orders) = self.endpoints.get(&first) {
                    send(orders, Order::Stream(number == kind::START_INTERRUPT_RECEIVING));
                }
                Packet { kind: kind::INTERRUPT_RECEIVING_STATUS, id, body: vec![status::SUCCESS, first] }
            }
            kind::CONTROL => self.control(id, &body)?,
            kind::BULK => return self.data(EndpointKind::Bulk, id, &body).await,
            kind::INTERRUPT => return self.data(EndpointKind::Interrupt, id, &body).await,
            // Acknowledgements, and what a device without streams or isochronous endpoints is not asked.
            _ => return Some(()),
        };
        self.out.send(answer).await.ok()
    }

    fn control(&mut self, id: u64, body: &[u8]) -> Option<Packet> {
        let (endpoint, setup, data) = packet::control(body)?;
        let answer =
            self.device.descriptors().standard(setup).unwrap_or_else(|| self.device.control(setup, data));
        let towards_guest = setup.request_type & 0x80 != 0;
        Some(match answer {
            ControlAnswer::Data(mut data) if towards_guest => {
                data.truncate(usize::from(setup.length));
                packet::control_answer(id, endpoint, setup, status::SUCCESS, data.len() as u16, &data)
            }
            ControlAnswer::Done | ControlAnswer::Data(_) => {
                let length = if towards_guest { 0 } else { data.len() as u16 };
                packet::control_answer(id, endpoint, setup, status::SUCCESS, length, &[])
            }
            ControlAnswer::Stall => packet::control_answer(id, endpoint, setup, status::STALL, 0, &[]),
        })
    }

    async fn data(&mut self, kind: EndpointKind, id: u64, body: &[u8]) -> Option<()> {
        let (address, length, data) = packet::data(kind, body)?;
        match self.endpoints.get(&address) {
            Some(orders) if address & 0x80 != 0 => send(orders, Order::Read { id, most: length }),
            Some(orders) => send(orders, Order::Write { id, data: data.to_vec() }),
            None => {
                let stall = packet::data_answer(kind, id, address, status::STALL, 0, &[]);
                return self.out.send(stall).await.ok();
            }
        }
        Some(())
    }
}

/// An endpoint whose pipe has ended takes nothing any more; the guest's request stays without an answer, as with a
/// device that hangs.
fn send(orders: &mpsc::UnboundedSender<Order>, order: Order) {
    let _ = orders.send(order);
}

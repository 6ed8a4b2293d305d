//! One endpoint: the guest's requests in a queue, matched with the device's pipe.
//!
//! A request that the guest takes back is answered as cancelled; data that was meant for it stays for the next one,
//! so that nothing is lost when a program in the guest closes the device.
use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::packet::{Packet, data_answer, status};
use super::{EndpointKind, Pipe};

/// What the guest wants of an endpoint.
#[derive(Debug)]
pub enum Order {
    /// Answer this with at most so many bytes.
    Read { id: u64, most: usize },
    /// Take these bytes.
    Write { id: u64, data: Vec<u8> },
    /// Forget this request.
    Cancel { id: u64 },
    /// Send data as it comes, from now on or no longer (interrupt endpoints).
    Stream(bool),
    /// Forget everything: the guest has reset the device.
    Reset,
}

/// Serves an endpoint until its pipe or its queue ends.
pub async fn serve(
    address: u8,
    kind: EndpointKind,
    pipe: Pipe,
    orders: mpsc::UnboundedReceiver<Order>,
    out: mpsc::Sender<Packet>,
) {
    match pipe {
        Pipe::In(source) => serve_in(address, kind, source, orders, out).await,
        Pipe::Out(sink) => serve_out(address, kind, sink, orders, out).await,
    }
}

async fn serve_in(
    address: u8,
    kind: EndpointKind,
    mut source: mpsc::Receiver<Vec<u8>>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    out: mpsc::Sender<Packet>,
) {
    let mut requests: VecDeque<(u64, usize)> = VecDeque::new();
    let mut rest: Option<Vec<u8>> = None;
    let mut streaming = false;
    let mut next_id = 0_u64;
    loop {
        let wanted = streaming || !requests.is_empty();
        if wanted && let Some(data) = rest.take() {
            let packet = if let Some((id, most)) = requests.pop_front() {
                let (now, later) = data.split_at(most.min(data.len()));
                // Nothing of a transfer is left over when the guest has asked for exactly its length.
                if !later.is_empty() {
                    rest = Some(later.to_vec());
                }
                data_answer(kind, id, address, status::SUCCESS, now.len(), now)
            } else {
                next_id += 1;
                data_answer(kind, next_id, address, status::SUCCESS, data.len(), &data)
            };
            if out.send(packet).await.is_err() {
                return;
            }
            continue;
        }
        tokio::select! {
            order = orders.recv() => match order {
                None => return,
                Some(Order::Read { id, most }) => requests.push_back((id, most)),
                Some(Order::Stream(on)) => streaming = on,
                Some(Order::Cancel { id }) => {
                    let before = requests.len();
                    requests.retain(|(request, _)| *request != id);
                    if before != requests.len() && out.send(cancelled(kind, id, address)).await.is_err() {
                        return;
                    }
                }
                Some(Order::Reset) => {
                    requests.clear();
                    rest = None;
                    streaming = false;
                }
                Some(Order::Write { .. }) => {}
            },
            data = source.recv(), if wanted => match data {
                Some(data) => rest = Some(data),
                None => return,
            },
        }
    }
}

async fn serve_out(
    address: u8,
    kind: EndpointKind,
    sink: mpsc::Sender<Vec<u8>>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    out: mpsc::Sender<Packet>,
) {
    let mut writes: VecDeque<(u64, Vec<u8>)> = VecDeque::new();
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                None => return,
                Some(Order::Write { id, data }) => writes.push_back((id, data)),
                Some(Order::Cancel { id }) => {
                    let before = writes.len();
                    writes.retain(|(request, _)| *request != id);
                    if before != writes.len() && out.send(cancelled(kind, id, address)).await.is_err() {
                        return;
                    }
                }
                Some(Order::Reset) => writes.clear(),
                Some(Order::Read { .. } | Order::Stream(_)) => {}
            },
            place = sink.reserve(), if !writes.is_empty() => {
                let (Ok(place), Some((id, data))) = (place, writes.pop_front()) else { return };
                let answer = data_answer(kind, id, address, status::SUCCESS, data.len(), &[]);
                place.send(data);
                if out.send(answer).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn cancelled(kind: EndpointKind, id: u64, address: u8) -> Packet {
    data_answer(kind, id, address, status::CANCELLED, 0, &[])
}

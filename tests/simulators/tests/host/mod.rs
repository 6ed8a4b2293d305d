//! A host for the tests: frames by hand, so that nothing of the product is involved.
#![allow(dead_code)]

use std::time::Duration;

use simulators::cctalk::{CashBus, CashConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::timeout;

pub const REPLY_LIMIT: Duration = Duration::from_millis(300);
/// What `raw` returns when nothing answers.
pub const SILENCE: [u8; 0] = [];

/// A simple-checksum frame from host address 1.
pub fn simple(to: u8, header: u8, data: &[u8]) -> Vec<u8> {
    let mut frame = vec![to, data.len() as u8, 1, header];
    frame.extend(data);
    let sum: u32 = frame.iter().map(|byte| u32::from(*byte)).sum();
    frame.push(((256 - sum % 256) % 256) as u8);
    frame
}

/// A CRC frame, computed bit by bit as the document describes.
pub fn crc(to: u8, header: u8, data: &[u8]) -> Vec<u8> {
    let mut crc: u16 = 0;
    for byte in [to, data.len() as u8, header].iter().chain(data) {
        for bit in (0..8).rev() {
            let feedback = (crc >> 15 == 1) != (byte >> bit & 1 == 1);
            crc <<= 1;
            if feedback {
                crc ^= 0x1021;
            }
        }
    }
    let mut frame = vec![to, data.len() as u8, crc as u8, header];
    frame.extend(data);
    frame.push((crc >> 8) as u8);
    frame
}

pub struct Host {
    pub stream: DuplexStream,
    echo: bool,
}

impl Host {
    /// Plugs a host into a bus; the devices run beside the test.
    pub fn plug(bus: &CashBus) -> Self {
        let (stream, far) = tokio::io::duplex(4096);
        let bus = bus.clone();
        tokio::spawn(async move { bus.run(far).await });
        Self { stream, echo: true }
    }

    pub fn over(stream: DuplexStream) -> Self {
        Self { stream, echo: true }
    }

    pub fn without_echo(mut self) -> Self {
        self.echo = false;
        self
    }

    /// Sends raw bytes, checks the echo, and returns the reply's bytes; empty for silence.
    pub async fn raw(&mut self, frame: &[u8]) -> Vec<u8> {
        self.raw_within(frame, REPLY_LIMIT).await
    }

    pub async fn raw_within(&mut self, frame: &[u8], limit: Duration) -> Vec<u8> {
        self.stream.write_all(frame).await.unwrap();
        if self.echo {
            let mut echo = vec![0; frame.len()];
            self.stream.read_exact(&mut echo).await.unwrap();
            assert_eq!(echo, frame, "the echo differs");
        }
        let mut reply = vec![0; 5];
        if timeout(limit, self.stream.read_exact(&mut reply)).await.is_err() {
            return Vec::new();
        }
        let rest = usize::from(reply[1]);
        reply.resize(5 + rest, 0);
        self.stream.read_exact(&mut reply[5..]).await.unwrap();
        reply
    }

    /// Reply header and data of a simple-checksum device; `None` for silence.
    pub async fn ask(&mut self, to: u8, header: u8, data: &[u8]) -> Option<(u8, Vec<u8>)> {
        let reply = self.raw_within(&simple(to, header, data), Duration::from_secs(2)).await;
        if reply.is_empty() {
            return None;
        }
        let sum: u32 = reply.iter().map(|byte| u32::from(*byte)).sum();
        assert_eq!(sum % 256, 0, "bad checksum {reply:?}");
        assert_eq!((reply[0], reply[2]), (1, to), "wrong addresses {reply:?}");
        Some((reply[3], reply[4..reply.len() - 1].to_vec()))
    }

    /// The same with a CRC device.
    pub async fn ask_crc(&mut self, to: u8, header: u8, data: &[u8]) -> Option<(u8, Vec<u8>)> {
        let reply = self.raw_within(&crc(to, header, data), Duration::from_secs(2)).await;
        if reply.is_empty() {
            return None;
        }
        let data = reply[4..reply.len() - 1].to_vec();
        assert_eq!(reply, crc(1, reply[3], &data), "bad CRC");
        Some((reply[3], data))
    }

    /// Data of a reply that must be one.
    pub async fn data(&mut self, to: u8, header: u8, data: &[u8]) -> Vec<u8> {
        let reply =
            if to == 40 { self.ask_crc(to, header, data).await } else { self.ask(to, header, data).await };
        let (kind, data) = reply.unwrap_or_else(|| panic!("no reply to {header} from {to}"));
        assert_eq!(kind, 0, "header {header} to {to} was refused");
        data
    }

    /// The command must be acknowledged.
    pub async fn ack(&mut self, to: u8, header: u8, data: &[u8]) {
        assert_eq!(self.data(to, header, data).await, Vec::<u8>::new());
    }

    pub async fn poll_bills(&mut self) -> Vec<u8> {
        self.data(40, 159, &[]).await
    }

    pub async fn poll_coins(&mut self) -> Vec<u8> {
        self.data(2, 229, &[]).await
    }

    /// Notes on: all types, escrow and stacker.
    pub async fn enable_bills(&mut self) {
        self.ack(40, 231, &[255, 255]).await;
        self.ack(40, 153, &[3]).await;
        self.ack(40, 228, &[1]).await;
    }

    pub async fn enable_coins(&mut self) {
        self.ack(2, 231, &[255, 255]).await;
        self.ack(2, 228, &[1]).await;
    }

    /// Polls both every 200 ms for this long.
    pub async fn poll_for(&mut self, time: Duration) {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::Instant::now() < end {
            self.poll_bills().await;
            self.poll_coins().await;
            tokio::time::sleep(Duration::from_millis(190)).await;
        }
    }
}

/// Validator, coin acceptor and hoppers of 10 c, 20 c, 50 c and 1 €.
pub fn bus() -> CashBus {
    CashBus::new(CashConfig::default())
}

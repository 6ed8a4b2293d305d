//! The guest's side of a usb-redir socket: a controller in miniature.

use emulated_board::usbredir::{Device, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

const CAPABILITIES: u32 = 0xFF;
pub const CONTROL: u32 = 100;
pub const BULK: u32 = 101;

/// The guest's side of the socket.
pub struct Guest(pub DuplexStream);

impl Guest {
    pub async fn plug_in(device: impl Device) -> Guest {
        let (mut guest, host) = tokio::io::duplex(1 << 16);
        tokio::spawn(serve(host, device));
        let mut hello = [0; 12 + 68];
        guest.read_exact(&mut hello).await.unwrap();
        let mut ours = [0; 80];
        ours[4..8].copy_from_slice(&68_u32.to_le_bytes());
        ours[76..80].copy_from_slice(&CAPABILITIES.to_le_bytes());
        guest.write_all(&ours).await.unwrap();
        let mut guest = Guest(guest);
        let kinds = [guest.receive().await.0, guest.receive().await.0, guest.receive().await.0];
        assert_eq!(kinds, [4, 5, 1], "interfaces and endpoints are told before the device");
        guest
    }

    pub async fn send(&mut self, kind: u32, id: u64, body: &[u8]) {
        let mut out = [kind.to_le_bytes(), (body.len() as u32).to_le_bytes()].concat();
        out.extend(id.to_le_bytes());
        out.extend(body);
        self.0.write_all(&out).await.unwrap();
    }

    pub async fn receive(&mut self) -> (u32, u64, Vec<u8>) {
        let mut header = [0; 16];
        self.0.read_exact(&mut header).await.unwrap();
        let word = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().unwrap());
        let mut body = vec![0; word(4) as usize];
        self.0.read_exact(&mut body).await.unwrap();
        (word(0), u64::from(word(8)), body)
    }

    pub async fn control(&mut self, request_type: u8, request: u8, value: u16, length: u16) -> (u8, Vec<u8>) {
        let mut body = vec![0x80, request, request_type, 0];
        for number in [value, 0, length] {
            body.extend(number.to_le_bytes());
        }
        self.send(CONTROL, 7, &body).await;
        let (kind, id, body) = self.receive().await;
        assert_eq!((kind, id), (CONTROL, 7));
        (body[3], body[10..].to_vec())
    }
}

pub fn bulk(endpoint: u8, length: u16, data: &[u8]) -> Vec<u8> {
    let [low, high] = length.to_le_bytes();
    [&[endpoint, 0, low, high, 0, 0, 0, 0, 0, 0], data].concat()
}

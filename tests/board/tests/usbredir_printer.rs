//! The USB printer at the far side of the wire, asked by a guest's controller in miniature.
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use emulated_board::usbredir::printer::{PORT_PAPER_OUT, PORT_WELL, PrinterDevice};
use emulated_board::usbredir::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time;

const CAPABILITIES: u32 = 0xFF;
const CONTROL: u32 = 100;
const BULK: u32 = 101;
const CANCEL: u32 = 21;

/// The guest's side of the socket.
struct Guest(DuplexStream);

impl Guest {
    async fn plug_in() -> (Guest, DuplexStream) {
        Guest::plug_in_with(|| PORT_WELL).await
    }

    async fn plug_in_with(status: impl Fn() -> u8 + Send + 'static) -> (Guest, DuplexStream) {
        let (mut guest, host) = tokio::io::duplex(1 << 16);
        let (printer, engine) = PrinterDevice::epson("RECEIPT01", status);
        tokio::spawn(serve(host, printer));
        let mut hello = [0; 12 + 68];
        guest.read_exact(&mut hello).await.unwrap();
        let mut ours = [0; 80];
        ours[4..8].copy_from_slice(&68_u32.to_le_bytes());
        ours[76..80].copy_from_slice(&CAPABILITIES.to_le_bytes());
        guest.write_all(&ours).await.unwrap();
        let mut guest = Guest(guest);
        let kinds = [guest.receive().await.0, guest.receive().await.0, guest.receive().await.0];
        assert_eq!(kinds, [4, 5, 1], "interfaces and endpoints are told before the device");
        (guest, engine)
    }

    async fn send(&mut self, kind: u32, id: u64, body: &[u8]) {
        let mut out = [kind.to_le_bytes(), (body.len() as u32).to_le_bytes()].concat();
        out.extend(id.to_le_bytes());
        out.extend(body);
        self.0.write_all(&out).await.unwrap();
    }

    async fn receive(&mut self) -> (u32, u64, Vec<u8>) {
        let mut header = [0; 16];
        self.0.read_exact(&mut header).await.unwrap();
        let word = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().unwrap());
        let mut body = vec![0; word(4) as usize];
        self.0.read_exact(&mut body).await.unwrap();
        (word(0), u64::from(word(8)), body)
    }

    async fn control(&mut self, request_type: u8, request: u8, value: u16, length: u16) -> (u8, Vec<u8>) {
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

fn bulk(endpoint: u8, length: u16, data: &[u8]) -> Vec<u8> {
    let [low, high] = length.to_le_bytes();
    [&[endpoint, 0, low, high, 0, 0, 0, 0, 0, 0], data].concat()
}

#[tokio::test(start_paused = true)]
async fn descriptors_and_the_port_status_are_answered() {
    let status = Arc::new(AtomicU8::new(PORT_WELL));
    let shown = status.clone();
    let (mut guest, _engine) = Guest::plug_in_with(move || shown.load(Ordering::Relaxed)).await;
    let (done, device) = guest.control(0x80, 6, 0x0100, 18).await;
    assert_eq!((done, device.len(), &device[8..12]), (0, 18, &[0xB8, 0x04, 0x02, 0x02][..]));
    let (_, head) = guest.control(0x80, 6, 0x0200, 9).await;
    let (_, whole) = guest.control(0x80, 6, 0x0200, 255).await;
    assert_eq!((usize::from(head[2]), head.len()), (whole.len(), 9));
    assert_eq!(guest.control(0x80, 6, 0x0600, 10).await.0, 4, "there is no device qualifier");
    assert_eq!(guest.control(0xA1, 1, 0, 1).await, (0, vec![0x18]));
    status.store(PORT_PAPER_OUT, Ordering::Relaxed);
    assert_eq!(guest.control(0xA1, 1, 0, 1).await, (0, vec![0x30]));
    let (_, id) = guest.control(0xA1, 0, 0, 1024).await;
    assert_eq!(usize::from(u16::from_be_bytes([id[0], id[1]])), id.len());
}

#[tokio::test(start_paused = true)]
async fn print_data_reaches_the_engine_and_its_answers_the_guest() {
    let (mut guest, mut engine) = Guest::plug_in().await;
    guest.send(BULK, 40, &bulk(0x02, 3, b"\x10\x04\x01")).await;
    let (_, id, answer) = guest.receive().await;
    assert_eq!((id, answer[1], answer[2]), (40, 0, 3));
    let mut asked = [0; 3];
    engine.read_exact(&mut asked).await.unwrap();
    assert_eq!(asked, [0x10, 0x04, 0x01]);
    guest.send(BULK, 41, &bulk(0x81, 512, &[])).await;
    engine.write_all(&[0x16]).await.unwrap();
    let (_, id, answer) = guest.receive().await;
    assert_eq!((id, &answer[10..]), (41, &[0x16][..]));
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_does_not_read_holds_the_guest_back() {
    let (mut guest, mut engine) = Guest::plug_in().await;
    let full = vec![b'x'; 4096];
    let mut acknowledged = 0;
    for id in 0..8 {
        guest.send(BULK, id, &bulk(0x02, 4096, &full)).await;
    }
    while time::timeout(Duration::from_secs(5), guest.receive()).await.is_ok() {
        acknowledged += 1;
    }
    assert!((1..8).contains(&acknowledged), "{acknowledged} of 8 were taken");
    let mut all = vec![0; 8 * 4096];
    engine.read_exact(&mut all).await.unwrap();
    for _ in acknowledged..8 {
        assert_eq!(guest.receive().await.2[1], 0);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_after_the_reader_left_waits_for_the_next_reader() {
    let (mut guest, mut engine) = Guest::plug_in().await;
    guest.send(BULK, 50, &bulk(0x81, 512, &[])).await;
    guest.send(CANCEL, 50, &[]).await;
    let (_, id, answer) = guest.receive().await;
    assert_eq!((id, answer[1]), (50, 1), "cancelled");
    engine.write_all(b"late").await.unwrap();
    guest.send(BULK, 51, &bulk(0x81, 512, &[])).await;
    let (_, id, answer) = guest.receive().await;
    assert_eq!((id, &answer[10..]), (51, &b"late"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_guest_without_the_capabilities_is_refused() {
    let (mut guest, host) = tokio::io::duplex(1 << 16);
    let (printer, _engine) = PrinterDevice::epson("RECEIPT01", || PORT_WELL);
    let session = tokio::spawn(serve(host, printer));
    let mut old = [0; 80];
    old[4..8].copy_from_slice(&68_u32.to_le_bytes());
    guest.write_all(&old).await.unwrap();
    assert!(session.await.unwrap().is_err());
}

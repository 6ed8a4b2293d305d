//! The USB printer at the far side of the wire, asked by a guest's controller in miniature.

mod usb_guest;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use emulated_board::usbredir::printer::{PORT_PAPER_OUT, PORT_WELL, PrinterDevice};
use emulated_board::usbredir::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time;
use usb_guest::{BULK, Guest, bulk};

const CANCEL: u32 = 21;

async fn plug_in() -> (Guest, DuplexStream) {
    plug_in_with(|| PORT_WELL).await
}

async fn plug_in_with(status: impl Fn() -> u8 + Send + 'static) -> (Guest, DuplexStream) {
    let (printer, engine) = PrinterDevice::epson("RECEIPT01", status);
    (Guest::plug_in(printer).await, engine)
}

#[tokio::test(start_paused = true)]
async fn descriptors_and_the_port_status_are_answered() {
    let status = Arc::new(AtomicU8::new(PORT_WELL));
    let shown = status.clone();
    let (mut guest, _engine) = plug_in_with(move || shown.load(Ordering::Relaxed)).await;
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
    let (mut guest, mut engine) = plug_in().await;
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
    let (mut guest, mut engine) = plug_in().await;
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
    let (mut guest, mut engine) = plug_in().await;
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

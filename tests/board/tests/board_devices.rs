//! Every device of the board, seen from inside the guest and from outside. Slow: it boots the board.
mod common;
#[path = "common/scratch.rs"]
mod scratch;

use emulated_board::image::read_data_file;
use emulated_board::qemu::{PATIENCE, Qmp, Wire};
use emulated_board::usbredir::printer::{PORT_PAPER_OUT, PORT_WELL, PrinterDevice};
use emulated_board::usbredir::serve;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UnixStream};
use tokio::time;

async fn read_exactly(stream: &mut (impl tokio::io::AsyncRead + Unpin), length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    time::timeout(PATIENCE, stream.read_exact(&mut bytes)).await.unwrap().unwrap();
    bytes
}

/// The guest's program obeys lines that come over the barcode wire.
struct Orders(BufReader<UnixStream>);

impl Orders {
    async fn give(&mut self, order: &str) {
        self.0.get_mut().write_all(format!("{order}\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        time::timeout(PATIENCE, self.0.read_line(&mut answer)).await.unwrap().unwrap();
        assert_eq!(answer.trim(), format!("done {order}"));
    }
}

#[tokio::test]
async fn board_every_device_works_and_comes_back_after_an_unplug() {
    let sede = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let setting = common::setting("devices", Some(sede.local_addr().unwrap().port())).await;
    tokio::spawn(async move {
        // A slow guest may give up and come again.
        loop {
            let (stream, _) = sede.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            if stream.read_line(&mut line).await.is_ok() && !line.is_empty() {
                stream.get_mut().write_all(format!("hello {line}").as_bytes()).await.unwrap();
            }
        }
    });
    let mut machine = setting.build().await;
    let mut cctalk = machine.plug(Wire::Cctalk).await.unwrap();
    let mut orders = Orders(BufReader::new(machine.plug(Wire::Barcode).await.unwrap()));
    let (printer, mut engine) = PrinterDevice::epson("RECEIPT01", || PORT_WELL);
    let printing = tokio::spawn(serve(machine.plug(Wire::Printer).await.unwrap(), printer));
    machine.power_on().await.unwrap();
    let console = machine.console().clone();

    let started =
        console.wait_for("arguments run --board /usr/share/ciberkiosco/board.toml", 0).await.unwrap();
    for fact in ["as Uid:\t810", "root is read-only: true", "watchdog open", "painted"] {
        console.wait_for(fact, started).await.unwrap();
    }
    // What the guest paints is on the display.
    let painted = Some([0xf0, 0x80, 0x20]);
    let screen = machine
        .wait_for_screen(|screen| screen.pixel(540, 960) == painted && screen.colours(3) == 1)
        .await
        .unwrap();
    assert_eq!((screen.width, screen.height), (1080, 1920));

    // The town hall's server can be reached and nothing else.
    console.wait_for("the sede says hello kiosk", started).await.unwrap();
    console.wait_for("the host is out of reach: true", started).await.unwrap();

    // Touch and keypad; the guest sees the place before it sees the release.
    console.wait_for("keypad open", started).await.unwrap();
    machine.qmp().touch(1079, 0, 1080, 1920, true).await.unwrap();
    let pressed = console.wait_for("touch event 1 272 1", started).await.unwrap();
    console.wait_for("touch event 3 0 32752", started).await.unwrap();
    machine.qmp().touch(1079, 0, 1080, 1920, false).await.unwrap();
    console.wait_for("touch event 1 272 0", pressed).await.unwrap();
    machine.qmp().key("kp_5", true).await.unwrap();
    machine.qmp().key("kp_5", false).await.unwrap();
    console.wait_for("keypad event 1 76 0", started).await.unwrap();

    // Serial lines, there and back; unplugged and plugged in again.
    console.wait_for("cctalk open", started).await.unwrap();
    cctalk.write_all(b"\x02\x00\x01\xfe\xff").await.unwrap();
    assert_eq!(read_exactly(&mut cctalk, 5).await, b"\x02\x00\x01\xfe\xff");
    drop(cctalk);
    let gone = console.wait_for("cctalk gone", started).await.unwrap();
    let mut cctalk = machine.plug(Wire::Cctalk).await.unwrap();
    console.wait_for("cctalk open", gone).await.unwrap();
    cctalk.write_all(b"again").await.unwrap();
    assert_eq!(read_exactly(&mut cctalk, 5).await, b"again");

    // The printer, with the status its port has.
    console.wait_for("printer open", started).await.unwrap();
    engine.write_all(b"\x16").await.unwrap();
    assert_eq!(read_exactly(&mut engine, 19).await, b"status 0x18 after \x16");
    printing.abort();
    let gone = console.wait_for("printer gone", started).await.unwrap();
    let (printer, mut engine) = PrinterDevice::epson("RECEIPT01", || PORT_PAPER_OUT);
    tokio::spawn(serve(machine.plug(Wire::Printer).await.unwrap(), printer));
    console.wait_for("printer open", gone).await.unwrap();
    engine.write_all(b"X").await.unwrap();
    assert_eq!(read_exactly(&mut engine, 19).await, b"status 0x30 after X");

    // Nothing listens but the scanner's service, and that at the loopback's 127.0.0.1:6566 only.
    console.wait_for("barcode open", started).await.unwrap();
    console.wait_for("saned open", started).await.unwrap();
    for (kind, listening) in [("tcp", r#"["0100007F:19A6"]"#), ("tcp6", "[]")] {
        orders.give(&format!("sockets {kind}")).await;
        console.wait_for(&format!("listening {kind} {listening}"), started).await.unwrap();
    }

    // A board that nobody feeds starts again by itself, with its wires still plugged in.
    let mut events = machine.qmp().events();
    let before = console.end();
    orders.give("watchdog starve").await;
    Qmp::wait_for(&mut events, "WATCHDOG").await.unwrap();
    console.wait_for("barcode open", before).await.unwrap();
    machine.power_cut().await.unwrap();
}

#[tokio::test]
async fn board_a_power_cut_loses_what_was_not_flushed_and_nothing_else() {
    let setting = common::setting("cut", None).await;
    let mut machine = setting.build().await;
    let mut orders = Orders(BufReader::new(machine.plug(Wire::Barcode).await.unwrap()));
    machine.power_on().await.unwrap();
    machine.console().wait_for("barcode open", 0).await.unwrap();
    orders.give("synced a").await;
    orders.give("unsynced b").await;
    machine.power_cut().await.unwrap();
    assert_eq!(
        read_data_file(&setting.data, "/a", &setting.scratch.0).unwrap().as_deref(),
        Some(&b"kept"[..])
    );
    assert_eq!(read_data_file(&setting.data, "/b", &setting.scratch.0).unwrap(), None);

    // The board starts from what is left.
    let machine = setting.build().await;
    machine.power_on().await.unwrap();
    machine.console().wait_for("data a lost+found", 0).await.unwrap();
    machine.power_cut().await.unwrap();
}

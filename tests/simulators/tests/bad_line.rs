//! The line between: loss, garbling, pace, cutting, and its record.

mod host;

use std::time::Duration;

use host::{Host, SILENCE, bus, simple};
use simulators::cctalk::CashBus;
use simulators::line::{Direction, Framing, Line, LineFault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

const ACK: [u8; 5] = [1, 0, 2, 0, 253];

/// Host, line and bus, plugged together.
fn plug(bus: &CashBus, line: &Line) -> Host {
    let (stream, line_side) = tokio::io::duplex(1024);
    let (device_side, far) = tokio::io::duplex(1024);
    let (bus, line) = (bus.clone(), line.clone());
    tokio::spawn(async move { bus.run(far).await });
    tokio::spawn(async move { line.pump(line_side, device_side).await });
    Host::over(stream)
}

fn line() -> Line {
    Line::new(Framing::CcTalk { echo: true })
}

#[tokio::test(start_paused = true)]
async fn bytes_pass_unchanged_and_are_recorded_with_their_times() {
    let (bus, line) = (bus(), line());
    let mut host = plug(&bus, &line);
    assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
    let record = line.recording();
    assert_eq!(record.len(), 3, "{}", line.dump());
    assert_eq!((record[0].direction, record[0].bytes.clone()), (Direction::ToDevice, simple(2, 254, &[])));
    assert_eq!((record[1].direction, record[1].bytes.clone()), (Direction::ToHost, simple(2, 254, &[])));
    assert_eq!((record[2].at, record[2].bytes.clone()), (Duration::from_millis(2), ACK.to_vec()));
    assert_eq!(line.commands(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_leaves_the_echo_and_the_deed() {
    for fault in [LineFault::DropReply { n: 2 }, LineFault::DropRepliesTo { n: 2 }] {
        let (bus, line) = (bus(), line());
        let mut host = plug(&bus, &line);
        line.fault(fault);
        assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
        assert_eq!(host.raw(&simple(2, 231, &[7, 0])).await, SILENCE);
        assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
        assert_eq!(bus.snapshot().coin_acceptor.unwrap().inhibits, 7);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_command_is_echoed_and_never_done() {
    let (bus, line) = (bus(), line());
    let mut host = plug(&bus, &line);
    line.fault(LineFault::DropCommand { n: 1 });
    assert_eq!(host.raw(&simple(2, 231, &[7, 0])).await, SILENCE);
    assert_eq!(bus.snapshot().coin_acceptor.unwrap().inhibits, 0);
    assert_eq!(host.raw(&simple(2, 231, &[7, 0])).await, ACK);
}

#[tokio::test(start_paused = true)]
async fn garbled_bytes_are_where_they_were_told() {
    let (bus, line) = (bus(), line());
    let mut host = plug(&bus, &line);
    line.fault(LineFault::GarbleToHost { n: 5 + 4 });
    assert_eq!(host.raw(&simple(2, 254, &[])).await, [1, 0, 2, 0x55, 253]);
    line.fault(LineFault::GarbleToDevice { n: 4 });
    host.stream.write_all(&simple(2, 254, &[])).await.unwrap();
    let mut echo = [0; 5];
    host.stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(echo[3], 254 ^ 0x55, "the wire echoes what is on it");
    assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
}

#[tokio::test(start_paused = true)]
async fn at_9600_baud_a_simple_poll_takes_its_sixteen_milliseconds() {
    let (bus, line) = (bus(), line());
    let mut host = plug(&bus, &line);
    line.fault(LineFault::Baud { rate: 9600 });
    let start = Instant::now();
    assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
    let took = start.elapsed();
    assert!((12..25).contains(&took.as_millis()), "{took:?}");
    line.fault(LineFault::Slow { us_per_byte: 60_000 });
    host.stream.write_all(&simple(2, 254, &[])).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let mut bytes = [0; 64];
    let count = host.stream.read(&mut bytes).await.unwrap();
    assert_eq!(bytes[..count], simple(2, 254, &[]), "too slow for the device: only the echo");
}

#[tokio::test(start_paused = true)]
async fn silence_lasts_until_it_is_cleared() {
    let (bus, line) = (bus(), line());
    let mut host = plug(&bus, &line).without_echo();
    line.fault(LineFault::Silent);
    assert_eq!(host.raw(&simple(2, 254, &[])).await, SILENCE);
    line.fault(LineFault::Clear);
    let mut host = Host::over(host.stream);
    assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
    assert!(line.dump().contains("(lost)"));
}

#[tokio::test(start_paused = true)]
async fn a_cut_line_ends_both_sides_and_can_be_plugged_in_again() {
    let (bus, line) = (bus(), line());
    let mut host = plug(&bus, &line);
    assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
    line.fault(LineFault::Cut);
    let mut rest = Vec::new();
    host.stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, SILENCE);
    let mut host = plug(&bus, &line);
    line.fault(LineFault::CutAtCommand { n: 2 });
    assert_eq!(host.raw(&simple(2, 254, &[])).await, ACK);
    host.stream.write_all(&simple(2, 231, &[9, 0])).await.unwrap();
    host.stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, SILENCE);
    assert_eq!(bus.snapshot().coin_acceptor.unwrap().inhibits, 0);
}

#[tokio::test(start_paused = true)]
async fn a_line_without_frames_counts_commands_by_silence_and_answers() {
    use simulators::escpos::{Printer, PrinterConfig};
    let printer = Printer::new(PrinterConfig::epson());
    let line = Line::new(Framing::Silence(Duration::from_millis(20)));
    let (mut stream, line_side) = tokio::io::duplex(1024);
    let (device_side, far) = tokio::io::duplex(1024);
    let (inside, cable) = (printer.clone(), line.clone());
    tokio::spawn(async move { inside.run(far).await });
    tokio::spawn(async move { cable.pump(line_side, device_side).await });
    line.fault(LineFault::DropReply { n: 1 });
    line.fault(LineFault::DropCommand { n: 2 });
    let mut answers = Vec::new();
    for _ in 0..3 {
        stream.write_all(b"\x10\x04\x01").await.unwrap();
        let mut byte = [0];
        let answer = tokio::time::timeout(Duration::from_millis(100), stream.read(&mut byte)).await;
        answers.push(answer.is_ok().then_some(byte[0]));
    }
    assert_eq!(answers, [None, None, Some(0x12)]);
    assert_eq!(printer.snapshot().received, 6, "the second never arrived");
}

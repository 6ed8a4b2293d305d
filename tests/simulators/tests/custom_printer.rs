//! What is Custom's own: FULL STATUS, counters, presenter, hardware reset (reference 2.1-2.3).

mod paper;

use std::time::Duration;

use paper::{PrinterLine, SILENCE, custom, settle, ten_lines};
use simulators::escpos::{PaperFate, PrinterFault};
use tokio::time::sleep;

/// A raster of `rows` rows over the whole head, cut.
fn page(rows: u16) -> Vec<u8> {
    let mut job = b"\x1B@".to_vec();
    let mut left = rows;
    while left > 0 {
        let band = left.min(128);
        job.extend([0x1D, b'v', b'0', 0, 200, 0, band as u8, 0]);
        job.extend(vec![0x55; 200 * usize::from(band)]);
        left -= band;
    }
    job.extend(b"\x1BJ\xA0\x1Bi");
    job
}

#[tokio::test(start_paused = true)]
async fn full_status_has_six_bytes_and_follows_the_machine() {
    let printer = custom();
    let mut line = PrinterLine::plug(&printer);
    assert_eq!(line.ask(b"\x10\x04\x14").await, [0x10, 0x0F, 0, 0, 0, 0]);
    printer.fault(PrinterFault::PaperNearEnd);
    assert_eq!(line.ask(b"\x10\x04\x14").await, [0x10, 0x0F, 4, 0, 0, 0]);
    printer.open_cover();
    assert_eq!(line.ask(b"\x10\x04\x14").await[3] & 2, 2);
    printer.close_cover();
    printer.fault(PrinterFault::PaperEnd);
    assert_eq!(line.ask(b"\x10\x04\x14").await[2], 5);
    assert_eq!(line.ask(b"\x10\x04\x11").await, [0x32]);
    printer.load_roll(1000);
    line.send(&page(300)).await;
    sleep(Duration::from_millis(100)).await;
    let status = line.ask(b"\x10\x04\x14").await;
    assert_eq!(status[3] & 0x0C, 0x0C, "spooling, and the motor turns");
    assert_eq!(line.ask(b"\x10\x04\x11").await, [0x16]);
    settle().await;
    assert_eq!(line.ask(b"\x10\x04\x14").await[3], 0);
}

#[tokio::test(start_paused = true)]
async fn the_counters_grow_with_each_page_and_prove_it() {
    let printer = custom();
    let mut line = PrinterLine::plug(&printer);
    assert_eq!(line.ask(b"\x1D\xE2").await, b"0 cuts");
    assert_eq!(line.ask(b"\x1D\xE3").await, b"0cm");
    assert_eq!(line.ask(b"\x1D\xE1").await, b"12000cm");
    line.send(&page(2376)).await;
    settle().await;
    assert_eq!(line.ask(b"\x1D\xE2").await, b"1 cuts");
    assert_eq!(line.ask(b"\x1D\xE3").await, b"31cm");
    assert_eq!(line.ask(b"\x1D\xE1").await, b"11968cm");
    assert_eq!(line.ask(b"\x1D\xE4").await, b"0ret");
    let paper = printer.last_paper().unwrap();
    assert_eq!((paper.pictures, paper.black_dots), (19, 2376 * 800));
}

#[tokio::test(start_paused = true)]
async fn the_presenter_offers_retracts_and_ejects() {
    let printer = custom();
    let mut line = PrinterLine::plug(&printer);
    line.send(&page(200)).await;
    settle().await;
    assert_eq!(printer.last_paper().unwrap().fate, PaperFate::Held);
    assert_eq!(line.ask(b"\x10\x04\x14").await[2], 0);
    line.send(b"\x1De\x03\x0A").await;
    settle().await;
    assert_eq!(line.ask(b"\x10\x04\x14").await[2], 0x20, "ticket at the exit");
    assert_eq!(line.ask(b"\x1De\x06").await[0] & 0x08, 0x08);
    assert!(printer.take_presented());
    assert!(!printer.take_presented());
    assert_eq!(line.ask(b"\x10\x04\x14").await[2], 0);

    line.send(&page(200)).await;
    line.send(b"\x1De\x03\x0A").await;
    settle().await;
    line.send(b"\x1De\x02").await;
    settle().await;
    assert_eq!(line.ask(b"\x1D\xE4").await, b"1ret");

    line.send(b"page\n\x0C").await;
    settle().await;
    assert_eq!(printer.last_paper().unwrap().fate, PaperFate::Presented, "FF prints, cuts and presents");
    line.send(b"\x1De\x05").await;
    settle().await;
    let fates: Vec<PaperFate> = printer.papers().iter().map(|paper| paper.fate).collect();
    assert_eq!(fates, [PaperFate::Taken, PaperFate::Retracted, PaperFate::Ejected]);
}

#[tokio::test(start_paused = true)]
async fn the_next_page_pushes_a_forgotten_one_out() {
    let printer = custom();
    let mut line = PrinterLine::plug(&printer);
    line.send(&page(200)).await;
    line.send(b"\x1De\x03\x0A").await;
    line.send(&page(200)).await;
    settle().await;
    let fates: Vec<PaperFate> = printer.papers().iter().map(|paper| paper.fate).collect();
    assert_eq!(fates, [PaperFate::Ejected, PaperFate::Held]);
    assert_eq!(printer.take_papers().len(), 1);
    line.send(b"\x1De\x03\x0A").await;
    settle().await;
    assert_eq!(printer.snapshot().presented, Some(2));
    assert!(printer.take_presented());
    assert_eq!(printer.take_papers()[0].number, 2);
    assert_eq!(printer.snapshot().papers_total, 2);
}

#[tokio::test(start_paused = true)]
async fn automatic_full_status_sends_only_what_was_asked_and_only_changes() {
    let printer = custom();
    let mut line = PrinterLine::plug(&printer);
    line.send(b"\x1D\xE0\x01").await;
    assert_eq!(line.hear_for(Duration::from_millis(100)).await, SILENCE);
    printer.fault(PrinterFault::PaperNearEnd);
    assert_eq!(line.hear_for(Duration::from_millis(100)).await, [0x10, 0x01, 0x04]);
    printer.open_cover();
    assert_eq!(line.hear_for(Duration::from_millis(100)).await, SILENCE);
}

#[tokio::test(start_paused = true)]
async fn the_hardware_reset_clears_a_stopped_job() {
    let printer = custom();
    let mut line = PrinterLine::plug(&printer);
    printer.fault(PrinterFault::PaperEnd);
    line.send(&ten_lines()).await;
    sleep(Duration::from_secs(1)).await;
    line.send(&[0x1C, 0xC0, 0x18, 0x10, 0x14, 0x1A]).await;
    settle().await;
    printer.load_roll(50_000);
    settle().await;
    assert_eq!(printer.papers(), []);
    assert_eq!(line.ask(b"\x10\x04\x14").await, [0x10, 0x0F, 0, 0, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn what_it_does_not_know_comes_out_as_text() {
    let printer = custom();
    let mut line = PrinterLine::plug(&printer);
    assert_eq!(line.ask(b"\x1D(H\x06\x00000001").await, SILENCE, "no proof here");
    line.send(b"\n\x1BJ\xA0\x1Bi").await;
    settle().await;
    assert_eq!(printer.last_paper().unwrap().text, "H000001");
    assert!(!printer.snapshot().oddities.is_empty());
}

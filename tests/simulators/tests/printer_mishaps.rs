//! Paper, cover, knife, power and plug at the wrong moment (reference 2.1, 2.2).

mod paper;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paper::{PrinterLine, SILENCE, epson, settle, ten_lines};
use simulators::escpos::{Printer, PrinterConfig, PrinterFault};
use simulators::{Decision, Fault};
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn paper_end_mid_job_stops_keeps_the_buffer_and_resumes_on_the_new_roll() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    printer.fault(PrinterFault::PaperLeft { mm: 15 });
    line.send(&ten_lines()).await;
    line.send(b"\x1Dr\x01").await;
    settle().await;
    assert_eq!(line.ask(b"\x10\x04\x01").await, [0x1A], "offline, and the fence stays unanswered");
    assert_eq!(line.ask(b"\x10\x04\x02").await, [0x32]);
    assert_eq!(line.ask(b"\x10\x04\x04").await, [0x7E]);
    assert_eq!(printer.papers(), []);
    assert!(printer.snapshot().buffered > 0);
    printer.load_roll(50_000);
    settle().await;
    assert_eq!(line.hear_for(Duration::from_secs(1)).await, [0], "the fence");
    let papers = printer.papers();
    assert_eq!(papers.len(), 2);
    assert_eq!(papers[0].text, "line 1\nline 2\nline 3\nline 4");
    assert!(papers[0].torn && !papers[0].cut);
    assert_eq!(papers[1].text, "line 5\nline 6\nline 7\nline 8\nline 9\nline 10");
    assert!(papers[1].cut && !papers[1].torn);
}

#[tokio::test(start_paused = true)]
async fn a_cleared_buffer_does_not_come_out_later() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    printer.fault(PrinterFault::PaperEnd);
    line.send(&ten_lines()).await;
    line.send(b"\x10\x05\x02").await;
    sleep(Duration::from_secs(1)).await;
    assert!(printer.snapshot().buffered > 0, "DLE ENQ 2 is for the knife only");
    line.send(&[0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]).await;
    printer.load_roll(50_000);
    settle().await;
    assert_eq!(printer.papers(), []);
    line.send(&ten_lines()).await;
    settle().await;
    assert_eq!(printer.papers().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stuck_knife_is_an_error_until_recovered() {
    for (recovery, papers) in [(b"\x10\x05\x01", 1), (b"\x10\x05\x02", 0)] {
        let printer = epson();
        let mut line = PrinterLine::plug(&printer);
        printer.fault(serde_json::from_str("\"cutter-error\"").unwrap());
        line.send(&ten_lines()).await;
        line.send(b"after\n\x1DV\x42\x00").await;
        settle().await;
        assert_eq!(line.ask(b"\x10\x04\x03").await, [0x1A]);
        assert_eq!(line.ask(b"\x10\x04\x02").await, [0x52]);
        line.send(recovery).await;
        settle().await;
        assert_eq!(printer.papers().len(), papers);
        assert_eq!(line.ask(b"\x10\x04\x01").await, [0x12]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_open_cover_and_a_jam_stop_the_job_until_a_person_ends_them() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    printer.open_cover();
    line.send(&ten_lines()).await;
    settle().await;
    assert_eq!(line.ask(b"\x10\x04\x02").await, [0x16]);
    assert_eq!(printer.papers(), []);
    printer.fault(PrinterFault::JamAfter { mm: 10 });
    printer.close_cover();
    settle().await;
    assert_eq!(line.ask(b"\x10\x04\x03").await, [0x16]);
    printer.clear_jam();
    settle().await;
    let papers = printer.papers();
    assert!(papers[0].torn && papers[1].cut, "{papers:?}");
}

#[tokio::test(start_paused = true)]
async fn without_power_the_buffer_is_lost_and_the_half_ticket_stays_in_the_printer() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    let job = ten_lines();
    let (printed, lost) = job.split_at(16);
    line.send(printed).await;
    settle().await;
    printer.fault(PrinterFault::PowerCutAfter { bytes: 20 });
    line.send(lost).await;
    settle().await;
    assert_eq!(printer.papers(), []);
    line.send(b"\x1B@second\n\x1DV\x42\x00").await;
    settle().await;
    let papers = printer.papers();
    assert_eq!(papers.len(), 1);
    assert_eq!(papers[0].text, "line 1\nline 2\nline 3\nsecond");
}

#[tokio::test(start_paused = true)]
async fn an_unplugged_printer_prints_its_buffer_to_the_end() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    line.send(&ten_lines()).await;
    sleep(Duration::from_millis(50)).await;
    drop(line);
    settle().await;
    assert_eq!(printer.papers().len(), 1);
    let mut line = PrinterLine::plug(&printer);
    assert_eq!(line.ask(b"\x10\x04\x01").await, [0x12]);
}

#[tokio::test(start_paused = true)]
async fn automatic_status_comes_at_once_and_at_each_change() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    assert_eq!(line.ask(b"\x1Da\x0E").await, [0x10, 0, 0, 0x0F]);
    printer.open_cover();
    assert_eq!(line.hear_for(Duration::from_millis(50)).await, [0x38, 0, 0, 0x0F]);
    printer.close_cover();
    printer.fault(PrinterFault::PaperNearEnd);
    assert_eq!(line.hear_for(Duration::from_millis(50)).await, [0x10, 0, 0, 0x0F, 0x10, 0, 3, 0x0F]);
    printer.fault(PrinterFault::PaperEnd);
    assert_eq!(line.hear_for(Duration::from_millis(50)).await, [0x18, 0, 0x0F, 0x0F]);
    line.send(b"\x10\x04\x01").await;
    assert_eq!(line.hear_for(Duration::from_millis(50)).await, [0x1A]);
}

#[tokio::test(start_paused = true)]
async fn a_full_buffer_holds_the_line_back_for_as_long_as_the_paper_takes() {
    let mut config = PrinterConfig::epson();
    config.buffer = 1024;
    let printer = Printer::new(config);
    let mut line = PrinterLine::plug(&printer);
    let mut job = vec![0x1D, b'v', b'0', 0, 72, 0, 0xB0, 0x04];
    job.extend(vec![0xAA; 72 * 1200]);
    let start = Instant::now();
    line.send(&job).await;
    // 1200 rows are 150 mm: one second, less what the two buffers hold.
    let took = start.elapsed().as_millis();
    assert!((950..1010).contains(&took), "{took} ms");
    line.send(b"\x1DV\x42\x00").await;
    settle().await;
    let paper = printer.last_paper().unwrap();
    assert_eq!((paper.pictures, paper.black_dots), (1, 1200 * 288));
}

#[tokio::test(start_paused = true)]
async fn paper_end_inside_a_raster_resumes_the_picture_on_the_new_roll() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    printer.fault(PrinterFault::PaperLeft { mm: 10 });
    let mut job = vec![0x1D, b'v', b'0', 0, 72, 0, 128, 0];
    job.extend(vec![0xFF; 72 * 128]);
    job.extend(b"\x1DV\x42\x00");
    line.send(&job).await;
    settle().await;
    printer.load_roll(50_000);
    settle().await;
    let papers = printer.papers();
    assert_eq!((papers[0].torn, papers[0].black_dots), (true, 80 * 576));
    assert_eq!((papers[1].cut, papers[1].black_dots), (true, 48 * 576));
}

#[tokio::test(start_paused = true)]
async fn a_status_request_hidden_in_a_picture_is_answered_and_printed() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    let mut job = vec![0x1D, b'v', b'0', 0, 3, 0, 1, 0];
    job.extend([0x10, 0x04, 0x01]);
    assert_eq!(line.ask(&job).await, [0x12]);
    line.send(b"\x1DV\x42\x00").await;
    settle().await;
    assert_eq!(printer.last_paper().unwrap().black_dots, 3);
}

#[tokio::test(start_paused = true)]
async fn a_cut_without_a_feed_leaves_the_last_lines_inside() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    line.send(b"one\ntwo\nthree\nfour\nfive\n\x1DV\x00next\n\x1DV\x42\x00").await;
    settle().await;
    let texts: Vec<String> = printer.papers().into_iter().map(|paper| paper.text).collect();
    assert_eq!(texts, ["one\ntwo", "three\nfour\nfive\nnext"]);
}

#[tokio::test(start_paused = true)]
async fn silent_and_unproven_printers_print_all_the_same() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    let fault: Fault = serde_json::from_str(r#"{"device":"printer","fault":"no-proof"}"#).unwrap();
    assert_eq!(fault, Fault::Printer(PrinterFault::NoProof));
    printer.fault(PrinterFault::NoProof);
    line.send(&ten_lines()).await;
    assert_eq!(line.ask(b"\x1D(H\x06\x00000001").await, SILENCE);
    assert_eq!(line.ask(b"\x10\x04\x01").await, [0x12]);
    printer.fault(PrinterFault::Silent);
    assert_eq!(line.ask(b"\x10\x04\x01").await, SILENCE);
    line.send(&ten_lines()).await;
    settle().await;
    assert_eq!(printer.papers().len(), 2);
    printer.fault(PrinterFault::Clear);
    printer.fault(PrinterFault::DropReply);
    assert_eq!(line.ask(b"\x10\x04\x01").await, SILENCE);
    assert_eq!(line.ask(b"\x1D(H\x06\x00000002").await, b"\x37\x220002\0");
}

#[tokio::test(start_paused = true)]
async fn several_proofs_come_when_each_job_is_printed() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    line.send(&ten_lines()).await;
    line.send(b"\x1D(H\x06\x00000001").await;
    assert_eq!(line.hear_for(Duration::from_millis(200)).await, SILENCE, "the motor still turns");
    assert_eq!(line.hear_for(Duration::from_secs(1)).await, b"\x37\x220001\0");
}

#[tokio::test(start_paused = true)]
async fn a_test_is_told_of_each_milestone_and_may_cut_power_or_line_there() {
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, inside) = (seen.clone(), printer.clone());
    printer.on_command(move |command| {
        // The hook may look at the printer.
        let papers = inside.papers().len();
        log.lock().unwrap().push((command.data.clone(), command.nth));
        if command.data == b"\x1DV" && command.nth == 2 {
            assert_eq!(papers, 2);
            Decision::CutLine
        } else {
            Decision::Proceed
        }
    });
    line.send(&ten_lines()).await;
    assert_eq!(line.ask(b"\x1D(H\x06\x00000001").await, b"\x37\x220001\0");
    line.send(&ten_lines()).await;
    line.send(b"\x1D(H\x06\x00000002").await;
    assert_eq!(line.hear_for(Duration::from_secs(5)).await, SILENCE, "cut before the proof");
    let told = [(b"\x1B@", 1), (b"\x1DV", 1), (b"\x1D(", 1), (b"\x1B@", 2), (b"\x1DV", 2)];
    assert_eq!(*seen.lock().unwrap(), told.map(|(name, nth)| (name.to_vec(), nth)));
}

//! A printer that does what it should.
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hal_device::Status;
use hal_escpos::{Block, Document, PrintError, Printer, PrinterConfig, PrinterModel};
use tokio::time::sleep;

use super::peer::{beside, epson, lines, out_of, ready, until};

#[tokio::test(start_paused = true)]
async fn a_ticket_is_printed_with_proof_and_its_numbers_rise() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        assert_eq!(printer.status().borrow().product, "TM-TEST");
        printer.print(lines(2)).await.unwrap();
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    let script = peer.script();
    assert_eq!(
        script.paper(),
        "linea 001 del recibo de prueba\nlinea 002 del recibo de prueba\n~linea 001 del recibo de prueba\n~"
    );
    assert_eq!(script.numbers, ["0001", "0002"]);
    assert_eq!(script.real_time, Vec::<Vec<u8>>::new(), "nothing was cleared");
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_never_returns_the_number_leaves_the_print_unknown() {
    let (printer, mut task, peer) = epson();
    peer.script().proves = false;
    beside(&mut task, async {
        let result = printer.print(lines(1)).await;
        assert!(matches!(result, Err(PrintError::Unknown(_))), "{result:?}");
        peer.script().proves = true;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    assert!(!peer.script().paper().contains("VOID"), "what may be a good ticket is not voided");
}

#[tokio::test(start_paused = true)]
async fn a_document_that_cannot_be_printed_sends_nothing() {
    let (printer, mut task, peer) = epson();
    let document = Document { blocks: vec![Block::Qr("x".repeat(2000))] };
    beside(&mut task, async {
        ready(&printer).await;
        assert!(matches!(printer.print(document.clone()).await, Err(PrintError::Unprintable(_))));
    })
    .await;
    assert_eq!(peer.script().paper(), "");
    let config = PrinterConfig::new(PrinterModel::Epson, 576);
    assert!(matches!(Printer::check(&config, &document), Err(PrintError::Unprintable(_))));
    Printer::check(&config, &lines(3)).unwrap();
}

#[tokio::test(start_paused = true)]
async fn little_paper_is_told_and_printing_goes_on() {
    let (printer, mut task, peer) = epson();
    peer.script().status[3] = 0x1E;
    beside(&mut task, async {
        let status = until(&printer, Status::usable).await;
        assert!(matches!(status, Status::Degraded(reason) if reason.id == "paper-near-end"));
        printer.print(lines(1)).await.unwrap();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_printer_without_paper_is_not_asked_to_print() {
    let (printer, mut task, peer) = epson();
    peer.script().status = [0x1A, 0x32, 0x12, 0x72];
    beside(&mut task, async {
        until(&printer, out_of("paper-end")).await;
        let result = printer.print(lines(1)).await;
        assert!(matches!(&result, Err(PrintError::NotReady(why)) if why.contains("no paper")), "{result:?}");
        peer.refill();
        ready(&printer).await;
    })
    .await;
    assert_eq!(peer.script().paper(), "");
}

#[tokio::test(start_paused = true)]
async fn an_automatic_report_changes_the_status_between_two_looks() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        sleep(Duration::from_millis(1500)).await;
        peer.say(&[0x38, 0x00, 0x00, 0x00]);
        let told = tokio::time::Instant::now();
        until(&printer, out_of("cover-open")).await;
        assert!(told.elapsed() < Duration::from_millis(100));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_task_beats_while_it_waits() {
    let (printer, mut task, peer) = epson();
    peer.script().proves = false;
    let beats = AtomicU32::new(0);
    let beat = || {
        beats.fetch_add(1, Ordering::Relaxed);
    };
    tokio::select! {
        biased;
        _ = printer.print(lines(1)) => {}
        _ = task.run(&beat) => panic!("the task ended"),
    }
    let beats = beats.load(Ordering::Relaxed);
    assert!(beats >= 60, "30 s of waiting give {beats} beats");
}

#[tokio::test(start_paused = true)]
async fn the_task_ends_when_nobody_holds_a_handle() {
    let (printer, mut task, _peer) = epson();
    drop(printer);
    assert_eq!(task.run(&|| {}).await, Err(hal_escpos::PrinterTaskError::Unused));
}

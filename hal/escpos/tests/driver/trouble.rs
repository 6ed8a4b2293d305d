//! Covers, cutters, hot heads and held lines.
use std::time::Duration;

use hal_device::Status;
use hal_escpos::PrintError;
use tokio::time::sleep;

use super::peer::{beside, epson, lines, out_of, ready, until};

#[tokio::test(start_paused = true)]
async fn a_cover_opened_in_mid_job_tears_it() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().proves = false;
        let opener = peer.clone();
        tokio::spawn(async move {
            sleep(Duration::from_secs(2)).await;
            opener.script().status = [0x1A, 0x16, 0x12, 0x12];
            opener.say(&[0x38, 0, 0, 0]);
        });
        let result = printer.print(lines(3)).await;
        assert!(matches!(&result, Err(PrintError::Torn(why)) if why.contains("cover")), "{result:?}");
        until(&printer, out_of("cover-open")).await;
        peer.script().proves = true;
        peer.refill();
        ready(&printer).await;
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_blocked_cutter_is_told_to_go_on_and_its_buffer_is_cleared_by_it() {
    let (printer, mut task, peer) = epson();
    peer.script().knows_clear = false;
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().status = [0x1A, 0x52, 0x1A, 0x12];
        until(&printer, out_of("cutter")).await;
        ready(&printer).await;
    })
    .await;
    assert_eq!(peer.script().real_time, [vec![0x10, 0x05, 0x02]]);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_cools_in_mid_job_does_not_tear_it() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        let heater = peer.clone();
        tokio::spawn(async move {
            sleep(Duration::from_millis(32)).await;
            heater.script().status = [0x1A, 0x52, 0x52, 0x12];
            heater.say(&[]);
            sleep(Duration::from_secs(40)).await;
            heater.refill();
        });
        peer.script().lag = Duration::from_millis(5);
        printer.print(lines(60)).await.unwrap();
    })
    .await;
    assert_eq!(peer.script().paper().matches("linea").count(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_falls_silent_in_mid_job_tears_it() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().lag = Duration::from_millis(5);
        let silencer = peer.clone();
        tokio::spawn(async move {
            sleep(Duration::from_millis(30)).await;
            silencer.script().answers = false;
        });
        let result = printer.print(lines(60)).await;
        assert!(
            matches!(&result, Err(PrintError::Torn(why)) if why.contains("stopped answering")),
            "{result:?}"
        );
        until(&printer, |status| *status == Status::Absent).await;
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_takes_no_byte_while_it_is_offline_says_what_is_wrong_by_itself() {
    let (printer, mut task, peer) = epson();
    peer.script().holds_offline = true;
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().paper_ends_at = Some(300);
        let result = printer.print(lines(60)).await;
        assert!(matches!(&result, Err(PrintError::Torn(why)) if why.contains("no paper")), "{result:?}");
        for _ in 0..60 {
            sleep(Duration::from_secs(1)).await;
            assert!(out_of("paper-end")(&printer.status().borrow().status), "present, and without paper");
        }
        peer.refill();
        ready(&printer).await;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    assert!(peer.script().paper().ends_with("VOID ***\n~linea 001 del recibo de prueba\n~"));
}

#[tokio::test(start_paused = true)]
async fn a_buffer_that_never_comes_to_its_end_is_voided_once_and_told() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().paper_ends_at = Some(300);
        assert!(matches!(printer.print(lines(60)).await, Err(PrintError::Torn(_))));
        peer.script().fences = false;
        peer.refill();
        until(&printer, out_of("buffer")).await;
        sleep(Duration::from_secs(600)).await;
        assert!(out_of("buffer")(&printer.status().borrow().status));
        assert_eq!(peer.script().paper().matches("VOID").count(), 1);
        peer.script().fences = true;
        ready(&printer).await;
    })
    .await;
}

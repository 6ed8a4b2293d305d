//! The cable is pulled.
use std::time::Duration;

use hal_device::Status;
use hal_escpos::PrintError;
use tokio::time::sleep;

use super::peer::{beside, epson, lines, ready, until};

#[tokio::test(start_paused = true)]
async fn an_idle_printer_that_is_pulled_is_absent_and_comes_back() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.unplug();
        until(&printer, |status| *status == Status::Absent).await;
        let refused = printer.print(lines(1)).await;
        assert!(matches!(refused, Err(PrintError::NotReady(_))), "{refused:?}");
        sleep(Duration::from_secs(300)).await;
        peer.plug();
        ready(&printer).await;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn pulled_in_mid_job_the_job_is_torn_and_cleared_before_the_next() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().proves = false;
        let puller = peer.clone();
        tokio::spawn(async move {
            sleep(Duration::from_secs(3)).await;
            puller.unplug();
        });
        let result = printer.print(lines(3)).await;
        assert!(matches!(result, Err(PrintError::Torn(_))), "{result:?}");
        assert_eq!(printer.status().borrow().status, Status::Absent);
        peer.script().proves = true;
        peer.plug();
        printer.print(lines(1)).await.unwrap_err();
        ready(&printer).await;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    assert!(peer.script().paper().ends_with("VOID ***\n~linea 001 del recibo de prueba\n~"));
}

#[tokio::test(start_paused = true)]
async fn a_printer_switched_off_behind_its_cable_is_absent_and_is_set_up_again() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().answers = false;
        until(&printer, |status| *status == Status::Absent).await;
        peer.script().answers = true;
        ready(&printer).await;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
}

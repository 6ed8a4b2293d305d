//! Klemen1337/node-thermal-printer#78: a retry loop sent the job again and again; after the refill as many invoices
//! came out.
use std::time::Duration;

use hal_escpos::PrintError;
use tokio::time::{sleep, timeout};

use super::peer::{beside, epson, lines, ready};

#[tokio::test(start_paused = true)]
async fn a_torn_job_is_never_sent_again_by_itself() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().paper_ends_at = Some(200);
        assert!(matches!(printer.print(lines(40)).await, Err(PrintError::Torn(_))));
        peer.refill();
        ready(&printer).await;
        sleep(Duration::from_secs(3600)).await;
    })
    .await;
    assert_eq!(peer.script().paper().matches("linea 001").count(), 1);
    assert_eq!(peer.script().numbers.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_caller_gave_up_is_not_printed_later() {
    let (printer, mut task, peer) = epson();
    peer.script().answers = false;
    let waited = timeout(Duration::from_millis(500), beside(&mut task, printer.print(lines(1)))).await;
    assert!(waited.is_err(), "the caller gave up while the printer was silent");
    peer.script().answers = true;
    beside(&mut task, async {
        ready(&printer).await;
        sleep(Duration::from_secs(60)).await;
    })
    .await;
    assert_eq!(peer.script().paper(), "");
}

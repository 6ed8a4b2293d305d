//! The task is dropped and called again.
use std::time::Duration;

use hal_escpos::PrintError;
use tokio::time::timeout;

use super::peer::{beside, epson, lines, ready};

#[tokio::test(start_paused = true)]
async fn the_caller_of_the_job_under_way_is_told_and_the_printer_is_cleared() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, ready(&printer)).await;
    peer.script().proves = false;
    let caller = printer.clone();
    let job = tokio::spawn(async move { caller.print(lines(3)).await });
    assert!(timeout(Duration::from_secs(5), task.run(&|| {})).await.is_err(), "dropped in mid-job");
    assert_eq!(job.await.unwrap(), Err(PrintError::Restarted));
    peer.script().proves = true;
    beside(&mut task, async {
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    let script = peer.script();
    assert_eq!(script.real_time.len(), 1, "cleared once");
    assert!(script.paper().ends_with("VOID ***\n~linea 001 del recibo de prueba\n~"));
    assert_eq!(script.numbers, ["0001", "0002"], "the numbers go on");
}

/// Dropping the task at any moment of a job never loses the caller and never leaves the printer unusable.
#[tokio::test(start_paused = true)]
async fn dropped_after_any_number_of_steps_the_task_goes_on() {
    for steps in (0..120).step_by(3) {
        let (printer, mut task, _peer) = epson();
        beside(&mut task, ready(&printer)).await;
        let caller = printer.clone();
        let job = tokio::spawn(async move { caller.print(lines(20)).await });
        let mut polls = 0;
        {
            let mut run = Box::pin(task.run(&|| {}));
            std::future::poll_fn(|context| {
                polls += 1;
                match run.as_mut().poll(context) {
                    std::task::Poll::Pending if polls <= steps => std::task::Poll::Pending,
                    _ => std::task::Poll::Ready(()),
                }
            })
            .await;
        }
        beside(&mut task, async {
            let result = job.await.unwrap();
            assert!(matches!(result, Ok(()) | Err(PrintError::Restarted)), "{steps}: {result:?}");
            printer.print(lines(1)).await.unwrap();
        })
        .await;
    }
}

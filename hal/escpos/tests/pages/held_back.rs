//! Whoever draws the pages is held back by the printer, and cannot feed it nonsense.
use hal_escpos::FeedError;
use simulators::escpos::Hand;

use super::*;

#[tokio::test(start_paused = true)]
async fn only_a_few_bands_wait_while_the_printer_is_busy() {
    let (printer, mut task, machine) = page_printer(mechanics());
    machine.hand(Hand::Leaves);
    beside(&mut task, async {
        ready(&printer).await;
        let (mut source, job) = printer.pages(Duration::from_secs(3600));
        let mut fed = 0_usize;
        let feeding = async {
            for page in 1..=20 {
                for at in (0..A4_ROWS).step_by(128) {
                    let rows: Vec<u8> = (at..(at + 128).min(A4_ROWS)).flat_map(|at| row(page, at)).collect();
                    source.band(&rows).await.unwrap();
                    fed += 1;
                }
                source.page_end().await.unwrap();
            }
        };
        let waiting = tokio::time::sleep(Duration::from_secs(600));
        tokio::select! {
            _ = job.printed() => panic!("the page is in the mouth"),
            () = feeding => panic!("twenty pages do not fit"),
            () = waiting => {}
        }
        assert!((19..30).contains(&fed), "{fed} bands: one page and what fits into the queue");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn bands_of_a_wrong_size_are_refused() {
    let (printer, _task, _machine) = page_printer(mechanics());
    let (mut source, _job) = printer.pages(PATIENCE);
    assert_eq!(source.band(&[]).await, Err(FeedError::Band(0)));
    assert_eq!(source.band(&[0; 201]).await, Err(FeedError::Band(201)));
    assert_eq!(source.band(&[0; 200 * 256]).await, Err(FeedError::Band(51_200)));
}

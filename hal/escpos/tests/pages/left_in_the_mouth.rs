//! The citizen goes away: nobody else may find the page.
use simulators::escpos::{Hand, PaperFate};

use super::*;

#[tokio::test(start_paused = true)]
async fn a_page_that_nobody_takes_is_drawn_in_and_the_next_is_not_printed() {
    let (printer, mut task, machine) = page_printer(mechanics());
    let begun = Instant::now();
    let outcome = beside(&mut task, async {
        ready(&printer).await;
        print(&printer, 2).await
    })
    .await;
    assert_eq!(outcome, Ok(HandOver::Retracted));
    assert!(Instant::now() - begun >= PATIENCE);
    let fates: Vec<PaperFate> = machine.papers().iter().map(|paper| paper.fate).collect();
    assert_eq!(fates, [PaperFate::Retracted]);
    assert_eq!(machine.snapshot().retracted, 1);
}

#[tokio::test(start_paused = true)]
async fn a_hand_that_comes_at_the_last_moment_has_taken_it() {
    let (printer, mut task, machine) = page_printer(mechanics());
    let outcome = beside(&mut task, async {
        ready(&printer).await;
        let (source, job) = printer.pages(PATIENCE);
        let mut progress = job.progress();
        let taking = async {
            progress.wait_for(|progress| progress.held_out).await.unwrap();
            // Between the last look and the word to draw it in.
            tokio::time::sleep(PATIENCE - Duration::from_millis(40)).await;
            machine.take_presented();
        };
        tokio::join!(job.printed(), feed(source, 1), taking).0
    })
    .await;
    assert_eq!(outcome, Ok(HandOver::Taken));
    assert_eq!(machine.last_paper().unwrap().fate, PaperFate::Taken);
}

#[tokio::test(start_paused = true)]
async fn a_mouth_that_cannot_draw_in_says_so_and_the_next_job_frees_it() {
    let (printer, mut task, machine) = page_printer(Mechanics { retracts: false, ..mechanics() });
    beside(&mut task, async {
        ready(&printer).await;
        assert_eq!(print(&printer, 1).await, Ok(HandOver::Left));
        machine.hand(Hand::Takes { after_ms: 500 });
        assert_eq!(print(&printer, 1).await, Ok(HandOver::Taken));
    })
    .await;
    assert_eq!(machine.papers().len(), 2);
}

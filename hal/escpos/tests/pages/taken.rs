//! The citizen takes each page.
use simulators::escpos::{Hand, PaperFate};

use super::*;

#[tokio::test(start_paused = true)]
async fn three_pages_are_printed_whole_and_taken_one_by_one() {
    let (printer, mut task, machine) = page_printer(mechanics());
    machine.hand(Hand::Takes { after_ms: 2000 });
    let begun = Instant::now();
    let outcome = beside(&mut task, async {
        ready(&printer).await;
        print(&printer, 3).await
    })
    .await;
    assert_eq!(outcome, Ok(HandOver::Taken));
    let papers = machine.papers();
    assert_eq!(papers.len(), 3);
    for (page, paper) in (1..).zip(&papers) {
        assert_eq!((paper.fate, paper.height_mm), (PaperFate::Taken, A4_ROWS as u32 / 8), "page {page}");
        assert!(shows(paper, page), "page {page}: {paper:?}");
    }
    let each = (Instant::now() - begun) / 3;
    assert!((5..12).contains(&each.as_secs()), "three seconds of printing and two of the hand, not {each:?}");
    assert_eq!(machine.snapshot().oddities, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_progress_says_when_a_page_is_held_out() {
    let (printer, mut task, machine) = page_printer(mechanics());
    machine.hand(Hand::Takes { after_ms: 5000 });
    beside(&mut task, async {
        ready(&printer).await;
        let (source, job) = printer.pages(PATIENCE);
        let mut progress = job.progress();
        let mut seen = Vec::new();
        let watching = async {
            while progress.changed().await.is_ok() {
                let now = *progress.borrow_and_update();
                seen.push((now.page, now.held_out));
            }
        };
        let (outcome, (), ()) = tokio::join!(job.printed(), feed(source, 2), watching);
        assert_eq!(outcome, Ok(HandOver::Taken));
        assert_eq!(seen, [(1, false), (1, true), (2, false), (2, true)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_receipt_goes_the_same_way_and_is_not_waited_for() {
    let (printer, mut task, machine) = page_printer(mechanics());
    let line = hal_escpos::Block::Text {
        text: "Vecina de Prueba".to_owned(),
        bold: false,
        size: hal_escpos::Size::Normal,
        align: hal_escpos::Align::Left,
    };
    beside(&mut task, async {
        ready(&printer).await;
        printer.print(hal_escpos::Document { blocks: vec![line] }).await.unwrap();
    })
    .await;
    let paper = machine.last_paper().unwrap();
    assert_eq!(
        (paper.text.as_str(), paper.fate),
        ("Vecina de Prueba", simulators::escpos::PaperFate::Presented)
    );
}

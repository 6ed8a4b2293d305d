//! What goes wrong in the middle of a page: the job is torn, and printed whole later nothing of the old one is with it.
use simulators::escpos::{Hand, PaperFate, PrinterFault};

use super::*;

/// A mishap in the second page; then somebody mends it, and all is printed again.
async fn torn_by(fault: PrinterFault, mend: impl Fn(&Machine)) {
    let (printer, mut task, machine) = page_printer(mechanics());
    machine.hand(Hand::Takes { after_ms: 1000 });
    beside(&mut task, async {
        ready(&printer).await;
        machine.fault(fault);
        let outcome = print(&printer, 3).await;
        assert!(matches!(outcome, Err(PrintError::Torn(_))), "{fault:?}: {outcome:?}");
        // The reset that empties its buffer frees a knife too.
        if fault != PrinterFault::CutterError {
            let again = print(&printer, 1).await;
            assert!(matches!(again, Err(PrintError::NotReady(_))), "{fault:?}: {again:?}");
        }
        mend(&machine);
        ready(&printer).await;
        let before = machine.papers().len();
        assert_eq!(print(&printer, 3).await, Ok(HandOver::Taken), "{fault:?}");
        let papers = machine.papers();
        assert_eq!(papers.len() - before, 3, "{fault:?}");
        for (page, paper) in (1..).zip(&papers[before..]) {
            assert!(shows(paper, page), "{fault:?}: page {page}: {paper:?}");
            assert_eq!(paper.fate, PaperFate::Taken);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_jam_in_the_second_page() {
    torn_by(PrinterFault::JamInSheet { nth: 2 }, Machine::clear_jam).await;
}

#[tokio::test(start_paused = true)]
async fn paper_end_in_the_second_page() {
    torn_by(PrinterFault::PaperLeft { mm: 480 }, |machine| machine.load_roll(100_000)).await;
}

#[tokio::test(start_paused = true)]
async fn a_cutter_that_sticks() {
    torn_by(PrinterFault::CutterError, |_| {}).await;
}

#[tokio::test(start_paused = true)]
async fn a_hot_head_only_takes_longer() {
    let (printer, mut task, machine) = page_printer(mechanics());
    machine.hand(Hand::Takes { after_ms: 1000 });
    let outcome = beside(&mut task, async {
        ready(&printer).await;
        let cooling = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            machine.fault(PrinterFault::HeadHot);
            tokio::time::sleep(Duration::from_secs(20)).await;
            machine.fault(PrinterFault::Clear);
        };
        tokio::join!(print(&printer, 1), cooling).0
    })
    .await;
    assert_eq!(outcome, Ok(HandOver::Taken));
    assert!(shows(&machine.papers()[0], 1));
}

#[tokio::test(start_paused = true)]
async fn a_drawer_that_gives_up_costs_no_paper_before_the_first_row_and_tears_the_page_after_it() {
    let (printer, mut task, machine) = page_printer(mechanics());
    machine.hand(Hand::Takes { after_ms: 1000 });
    beside(&mut task, async {
        ready(&printer).await;
        let (source, job) = printer.pages(PATIENCE);
        let (outcome, told) = tokio::join!(job.printed(), source.fail("the document is damaged".to_owned()));
        assert_eq!(
            (outcome, told),
            (Err(PrintError::Unprintable("the document is damaged".to_owned())), Ok(()))
        );
        assert_eq!(machine.papers().len(), 0);

        let (mut source, job) = printer.pages(PATIENCE);
        let half = async {
            source.band(&row(1, 500)).await.unwrap();
            drop(source);
        };
        let (outcome, ()) = tokio::join!(job.printed(), half);
        assert!(matches!(&outcome, Err(PrintError::Torn(why)) if why.contains("ended")), "{outcome:?}");
        ready(&printer).await;
        assert_eq!(print(&printer, 1).await, Ok(HandOver::Taken));
        assert!(shows(machine.papers().last().unwrap(), 1));
    })
    .await;
}

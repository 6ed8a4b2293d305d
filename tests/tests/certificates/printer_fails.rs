//! The page printer jams, runs out of paper, is unplugged or nobody takes the paper: the document stays issued, and
//! the same one is printed again.
use simulators::escpos::{PaperFate, PrinterFault};

use super::*;

async fn until_trouble(kiosk: &mut Kiosk, wanted: DocumentTrouble) {
    kiosk
        .until("trouble", |page| matches!(page, Page::DocumentTrouble { trouble, .. } if *trouble == wanted))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_jam_and_the_same_document_once_more() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    world.page_printer.fault(PrinterFault::JamInSheet { nth: 1 });
    kiosk.ask_for(individual).await;
    until_trouble(&mut kiosk, DocumentTrouble::Torn).await;
    world.page_printer.clear_jam();
    kiosk.until("a printer", |page| matches!(page, Page::DocumentTrouble { again: true, .. })).await;
    kiosk.wish(Intent::PrintAgain).await;
    kiosk.take_paper(&world).await;
    assert_eq!(outcomes(&world).await, ["certificate-unprinted", "certificate-printed"]);
    let issued = world.sede.certificates();
    assert_eq!((issued.len(), issued[0].fetched), (1, 2), "one document, fetched for each print");
}

#[tokio::test(start_paused = true)]
async fn out_of_paper_in_the_middle() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    world.page_printer.fault(PrinterFault::PaperLeft { mm: 150 });
    kiosk.ask_for(individual).await;
    until_trouble(&mut kiosk, DocumentTrouble::Torn).await;
    world.page_printer.load_roll(60_000);
    kiosk.until("a printer", |page| matches!(page, Page::DocumentTrouble { again: true, .. })).await;
    kiosk.wish(Intent::PrintAgain).await;
    kiosk.take_paper(&world).await;
    assert_eq!(outcomes(&world).await, ["certificate-unprinted", "certificate-printed"]);
}

#[tokio::test(start_paused = true)]
async fn left_in_the_slot_it_is_drawn_in_and_nobody_else_gets_it() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    kiosk.ask_for(individual).await;
    kiosk.until("the paper", |page| matches!(page, Page::TakeDocument { .. })).await;
    until_trouble(&mut kiosk, DocumentTrouble::Retracted).await;
    let papers = world.page_printer.papers();
    assert!(papers.iter().all(|paper| paper.fate == PaperFate::Retracted), "{papers:?}");
    assert_eq!(outcomes(&world).await, ["certificate-unprinted"]);
}

#[tokio::test(start_paused = true)]
async fn left_with_the_card_taken_out_it_is_drawn_in_as_well() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    kiosk.ask_for(individual).await;
    kiosk.until("the paper", |page| matches!(page, Page::TakeDocument { .. })).await;
    world.cards.remove();
    until_trouble(&mut kiosk, DocumentTrouble::Retracted).await;
    kiosk.until("the attract page", is_attract).await;
    assert_eq!(outcomes(&world).await, ["certificate-unprinted"]);
}

#[tokio::test(start_paused = true)]
async fn unplugged_in_the_middle_nobody_is_told_that_it_was_printed() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.identify(&world, "ordinary").await;
    kiosk.ask_for(individual).await;
    kiosk
        .until("the print", |page| matches!(page, Page::Working { work: ui::Work::PrintingDocument { .. } }))
        .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.page_printer_port.unplug();
    kiosk.until("trouble", |page| matches!(page, Page::DocumentTrouble { .. })).await;
    world.page_printer_port.plug();
    kiosk.until("a printer", |page| matches!(page, Page::DocumentTrouble { again: true, .. })).await;
    kiosk.wish(Intent::PrintAgain).await;
    kiosk.take_paper(&world).await;
    let outcomes = outcomes(&world).await;
    let [first, second] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    assert_ne!(first, "certificate-printed");
    assert_eq!(second, "certificate-printed");
}

#[tokio::test(start_paused = true)]
async fn without_it_no_certificate_is_offered() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_identifies().await;
    world.page_printer.fault(PrinterFault::PaperEnd);
    kiosk
        .until("a kiosk without documents", |page| match page {
            Page::Attract { services } => services.iter().any(|entry| {
                entry.service == ui::Service::Padron && entry.unavailable == Some(ui::Unavailable::NoPrinter)
            }),
            _ => false,
        })
        .await;
    world.page_printer.load_roll(60_000);
    kiosk.until_identifies().await;
}

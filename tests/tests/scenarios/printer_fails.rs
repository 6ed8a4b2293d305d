//! The printer runs out of paper half-way, or before.
use simulators::escpos::PrinterFault;
use ui::{Service, Slip};

use super::*;

#[tokio::test(start_paused = true)]
async fn out_of_paper_half_way_the_payment_stands_and_a_copy_comes_later() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.printer.fault(PrinterFault::PaperLeft { mm: 30 });
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    kiosk.insert_note(&world, 2000).await;
    let page = kiosk
        .until("the payment without its receipt", |page| {
            matches!(page, Page::Paid { receipt: Slip::Impossible, .. })
        })
        .await;
    let Page::Paid { change, .. } = page else { unreachable!() };
    assert_eq!(change.0, 460);
    world.printer.load_roll(60_000);
    kiosk.until("the copy", |page| matches!(page, Page::Paid { receipt: Slip::Printed, .. })).await;
    world.check_end();
    let whole: Vec<_> =
        world.printer.papers().into_iter().filter(|paper| paper.text.contains("K07-000001")).collect();
    let copies = whole.iter().filter(|paper| paper.text.contains("COPIA")).count();
    assert_eq!(copies, 1, "{whole:?}");
}

#[tokio::test(start_paused = true)]
async fn without_paper_no_payment_is_begun() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.printer.fault(PrinterFault::PaperEnd);
    kiosk
        .until("a kiosk that takes no payments", |page| match page {
            Page::Attract { services } => services.iter().any(|entry| {
                entry.service == Service::Payment && entry.unavailable == Some(ui::Unavailable::NoPrinter)
            }),
            Page::OutOfService => true,
            _ => false,
        })
        .await;
    world.printer.load_roll(60_000);
    kiosk.until_open().await;
}

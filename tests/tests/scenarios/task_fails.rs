//! A task of the kiosk dies, or freezes with all that it holds, at any moment of a payment.
use std::time::Duration;

use ciberkiosco::supervisor::{End, Fault};
use qa::scenario::{over, takes};
use tokio::time::timeout;

use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    BeforeTheFirstNote,
    BetweenTheNotes,
    InTheChange,
    InTheReceipt,
}

const MOMENTS: [Moment; 4] =
    [Moment::BeforeTheFirstNote, Moment::BetweenTheNotes, Moment::InTheChange, Moment::InTheReceipt];

/// A citizen who tries again when the note comes back.
async fn insist_note(world: &World, kiosk: &mut Kiosk, cents: u32) {
    loop {
        let stacked = world.cash.truth().notes_stacked.pieces();
        let page = kiosk
            .until("a slot that takes the note, or an end", |page| takes(page, cents) || over(page))
            .await;
        if over(&page) {
            return;
        }
        world.cash.insert_note(cents);
        // Long enough for a frozen task to be found and replaced.
        let _ = timeout(Duration::from_secs(60), async {
            let mut look = tokio::time::interval(Duration::from_millis(100));
            while world.cash.truth().notes_stacked.pieces() == stacked {
                look.tick().await;
            }
        })
        .await;
        if world.cash.truth().notes_stacked.pieces() > stacked {
            return;
        }
    }
}

/// Pays 65.40 with 50 and 20; `strike` is called at each moment.
async fn pay_insisting(world: &World, kiosk: &mut Kiosk, strike: impl Fn(Moment)) -> Page {
    kiosk.to_cash(world, "vehicle-tax").await;
    strike(Moment::BeforeTheFirstNote);
    insist_note(world, kiosk, 5000).await;
    strike(Moment::BetweenTheNotes);
    insist_note(world, kiosk, 2000).await;
    let working = |page: &Page, wanted: fn(&ui::Work) -> bool| match page {
        Page::Working { work } => wanted(work),
        page => over(page),
    };
    let change = |work: &ui::Work| matches!(work, ui::Work::GivingChange { .. });
    kiosk.until("change", |page| working(page, change)).await;
    strike(Moment::InTheChange);
    kiosk
        .until("the receipt", |page| match page {
            Page::Paid { .. } => true,
            page => working(page, |work| matches!(work, ui::Work::Printing)),
        })
        .await;
    strike(Moment::InTheReceipt);
    kiosk.until_over().await
}

/// A restarted task changes nothing for the citizen but the time it takes.
async fn a_task_is_replaced(name: &'static str) {
    for fault in [Fault::Kill, Fault::Freeze] {
        for moment in MOMENTS {
            println!("{fault:?} {name} {moment:?}");
            let world = World::new();
            let mut kiosk = Kiosk::start(&world);
            let faults = kiosk.faults.clone();
            let strike = |at| {
                if at == moment {
                    assert!(faults.strike(name, fault), "{name} runs");
                }
            };
            let page = pay_insisting(&world, &mut kiosk, strike).await;
            kiosk.until_open().await;
            world.check_end();
            let Page::Paid { change, .. } = page else { panic!("{page:?}") };
            assert_eq!(change.0, 460);
            assert!(world.printer.last_paper().is_some_and(|paper| paper.text.contains("PAGADO")));
        }
    }
    println!("killed or frozen, {name}: {} cases", 2 * MOMENTS.len());
}

#[tokio::test(start_paused = true)]
async fn the_cash_task_fails() {
    a_task_is_replaced("cash").await;
}

#[tokio::test(start_paused = true)]
async fn the_printer_task_fails() {
    a_task_is_replaced("printer").await;
}

#[tokio::test(start_paused = true)]
async fn the_barcode_task_fails() {
    a_task_is_replaced("barcode").await;
}

#[tokio::test(start_paused = true)]
async fn the_outbox_fails() {
    a_task_is_replaced("outbox").await;
}

/// The engine is not replaced: the process ends, and the next one picks the operation up.
#[tokio::test(start_paused = true)]
async fn the_engine_fails() {
    for fault in [Fault::Kill, Fault::Freeze] {
        for moment in MOMENTS {
            println!("{fault:?} engine {moment:?}");
            let world = World::new();
            let mut kiosk = Kiosk::start(&world);
            let faults = kiosk.faults.clone();
            let (struck, mut strikes) = tokio::sync::mpsc::unbounded_channel();
            let strike = |at| {
                if at == moment {
                    assert!(faults.strike("engine", fault), "the engine runs");
                    struck.send(()).unwrap();
                }
            };
            tokio::select! {
                biased;
                Some(()) = strikes.recv() => {}
                page = pay_insisting(&world, &mut kiosk, strike) => panic!("over before: {page:?}"),
            }
            assert_eq!(kiosk.ended().await, End::TaskFailed("engine"));
            kiosk.services.ledger.settled().await;
            drop(kiosk);
            revive(&world).await;
            world.check_end();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_outbox_that_dies_at_every_start_ends_the_process() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let faults = kiosk.faults.clone();
    let killing = tokio::spawn(async move {
        let mut beat = tokio::time::interval(Duration::from_millis(100));
        loop {
            beat.tick().await;
            faults.strike("outbox", Fault::Kill);
        }
    });
    assert_eq!(kiosk.ended().await, End::TaskFailed("outbox"));
    killing.abort();
    drop(kiosk);
    revive(&world).await;
    world.check_end();
}

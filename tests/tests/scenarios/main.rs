//! Scenarios in one process, a file a mishap. Every one ends with ledger, physical truth and sede in agreement.

mod cancelled;
mod documents;
mod enable_disobeyed;
mod ended_in_order;
mod hopper_fails;
mod killed_at_every_step;
mod lost_reply_at_every_command;
mod pay_a_bill;
mod printer_fails;
mod reduced_fine;
mod sede_fails;
mod task_fails;
mod unplugged;
mod validator_fails;

use qa::scenario::{Kill, Kiosk, World};
use ui::Page;

/// The usual payment: 65.40 with 50 and 20, to its last page.
async fn pay(world: &World, kiosk: &mut Kiosk) -> Page {
    kiosk.to_cash(world, "vehicle-tax").await;
    kiosk.insert_note(world, 5000).await;
    kiosk.insert_note(world, 2000).await;
    kiosk.until_over().await
}

/// The same, until death is called for; `None` then.
async fn pay_or_die(world: &World, kiosk: &mut Kiosk, kill: &Kill) -> Option<Page> {
    tokio::select! {
        biased;
        () = kill.called() => None,
        page = pay(world, kiosk) => Some(page),
    }
}

/// A kiosk that was killed is started again, and serves the next citizen with nothing lost.
async fn revive(world: &World) -> Kiosk {
    let mut kiosk = Kiosk::start(world);
    kiosk.until_open().await;
    kiosk
}

/// No debt was booked twice, and none without money.
fn check_end(world: &World) {
    world.check_money();
    let balance = world.balance();
    for (operation, account) in &balance.operations {
        assert!(account.completed.is_some(), "{operation:?} has come to an end: {account:?}");
    }
    assert!(world.sede.bookings().len() <= 1);
}

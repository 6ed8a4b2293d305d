//! Scenarios in one process, a file a mishap. Every one ends with ledger, physical truth and sede in agreement.

mod any_citizen;
mod cancelled;
mod citizen_gone;
mod documents;
mod enable_disobeyed;
mod ended_in_order;
mod field_07_clock_runs_backwards;
mod hopper_fails;
mod killed_at_every_step;
mod lost_reply_at_every_command;
mod pay_a_bill;
mod printer_fails;
mod printer_fails_at_every_command;
mod reduced_fine;
mod sede_fails;
mod task_fails;
mod unplugged;
mod validator_fails;

use qa::scenario::{Kill, Kiosk, World};
use ui::Page;

/// The usual payment, until death is called for; `None` then.
async fn pay_or_die(world: &World, kiosk: &mut Kiosk, kill: &Kill) -> Option<Page> {
    tokio::select! {
        biased;
        () = kill.called() => None,
        page = kiosk.pay(world) => Some(page),
    }
}

/// A kiosk that was killed is started again, and serves the next citizen with nothing lost.
async fn revive(world: &World) -> Kiosk {
    let mut kiosk = Kiosk::start(world);
    kiosk.until_open().await;
    kiosk
}

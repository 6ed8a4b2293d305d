//! The process is killed: at every write to the ledger, and at every command to a cash device, before and after
//! the device has acted.
use simulators::{Decision, Phase};

use super::*;

async fn count_writes() -> u64 {
    let (world, writes) = (World::new(), Kill::never());
    let mut kiosk = Kiosk::start_mortal(&world, &writes);
    kiosk.pay(&world).await;
    writes.counted()
}

#[tokio::test(start_paused = true)]
async fn killed_at_every_write_to_the_ledger() {
    let total = count_writes().await;
    assert!(total > 15, "{total} writes make no payment");
    for nth in 1..=total {
        let (world, writes) = (World::new(), Kill::at(nth));
        let mut kiosk = Kiosk::start_mortal(&world, &writes);
        let page = pay_or_die(&world, &mut kiosk, &writes).await;
        assert!(page.is_none() || nth == total, "write {nth} was never reached: {page:?}");
        kiosk.die().await;
        revive(&world).await;
        world.check_end();
    }
    println!("killed at a write: {total} cases");
}

async fn kill_at_command(nth: u64, phase: Phase) -> bool {
    println!("killed {phase:?} command {nth}");
    let (world, kill) = (World::new(), Kill::at(nth));
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let counted = kill.clone();
    world.cash.on_command(move |seen| {
        if seen.phase == phase && counted.count() {
            if phase == Phase::Before { Decision::DropCommand } else { Decision::ProceedDropReply }
        } else {
            Decision::Proceed
        }
    });
    let page = pay_or_die(&world, &mut kiosk, &kill).await;
    kiosk.die().await;
    world.cash.clear_hook();
    revive(&world).await;
    world.check_end();
    page.is_none()
}

async fn kill_at_all(phase: Phase) -> u64 {
    let mut nth = 1;
    // Until the payment is over before the kill is reached.
    while kill_at_command(nth, phase).await {
        nth += 1;
    }
    nth - 1
}

#[tokio::test(start_paused = true)]
async fn killed_before_every_command_to_a_cash_device() {
    let total = kill_at_all(Phase::Before).await;
    println!("killed before a command: {total} cases");
    assert!(total > 50);
}

#[tokio::test(start_paused = true)]
async fn killed_after_every_command_to_a_cash_device() {
    let total = kill_at_all(Phase::After).await;
    println!("killed after a command: {total} cases");
    assert!(total > 50);
}

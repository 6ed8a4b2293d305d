//! The reply to one command gets lost; every command of the payment in turn.
use simulators::{Decision, Phase};

use super::*;

/// How many commands the bus sees in a whole payment.
async fn commands() -> u64 {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let before = world.cash.snapshot().commands;
    kiosk.pay(&world).await;
    world.cash.snapshot().commands - before
}

async fn lose(nth: u64) -> Page {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let at = world.cash.snapshot().commands + nth;
    world.cash.on_command(move |seen| {
        let this = seen.index == at && seen.phase == Phase::Before;
        if this { Decision::ProceedDropReply } else { Decision::Proceed }
    });
    let page = kiosk.pay(&world).await;
    world.check_end();
    page
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_at_any_command_costs_nobody_a_cent() {
    let total = commands().await;
    assert!(total > 50, "{total} commands make no payment");
    let mut paid = 0;
    for nth in 1..=total {
        if let Page::Paid { change, .. } = lose(nth).await {
            assert_eq!(change.0, 460, "command {nth}");
            paid += 1;
        }
    }
    println!("lost replies: {total} cases, {paid} paid with all change");
    assert_eq!(paid, total, "one lost reply is never worth an incident");
}

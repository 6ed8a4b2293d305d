//! The kiosk comes back with money inside, and the citizen may have gone: coins are paid out to nobody but him.
use std::time::Duration;

use ciberkiosco::ledger::Entry;
use reference_sede::Fault;

use super::*;

const AN_HOUR: Duration = Duration::from_secs(3600);
const A_MOMENT: Duration = Duration::from_secs(20);

/// A kiosk that loses its power with 50 inside, and gets it back after a while.
async fn cut_with_fifty_inside(off: Duration) -> World {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    kiosk.die().await;
    world.kiosk_clock.power_cycle();
    tokio::time::sleep(off).await;
    world
}

/// So much was paid out; what was not is on a slip.
fn check_out(world: &World, cents: u64) {
    world.check_end();
    assert_eq!(world.cash.truth().coins_paid_out.cents(), cents as i64);
    let balance = world.balance();
    assert_eq!((balance.owed.0, balance.claimed.0), (5000 - cents as i64, 5000 - cents as i64), "{balance}");
    let gone = world.records().iter().filter(|record| record.entry == Entry::CitizenGone).count();
    assert_eq!(gone, usize::from(cents == 0), "it is written down once");
    let slip = world.printer.last_paper().map(|paper| paper.text).unwrap_or_default();
    assert_eq!(slip.contains("50,00"), cents == 0, "{slip}");
}

#[tokio::test(start_paused = true)]
async fn after_a_moment_without_power_the_money_is_given_back() {
    let world = cut_with_fifty_inside(A_MOMENT).await;
    revive(&world).await;
    check_out(&world, 5000);
}

#[tokio::test(start_paused = true)]
async fn after_an_hour_without_power_it_is_a_claim() {
    let world = cut_with_fifty_inside(AN_HOUR).await;
    revive(&world).await;
    check_out(&world, 0);
}

#[tokio::test(start_paused = true)]
async fn an_hour_in_which_the_clock_stood_still_counts_as_an_hour() {
    let world = cut_with_fifty_inside(AN_HOUR).await;
    world.kiosk_clock.set_wrong(10 - AN_HOUR.as_secs() as i64);
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_over().await;
    check_out(&world, 0);
}

#[tokio::test(start_paused = true)]
async fn without_the_sede_nobody_can_tell_how_long_the_power_was_away() {
    let world = cut_with_fifty_inside(A_MOMENT).await;
    world.sede.set_fault(Some(Fault::Refuse));
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_over().await;
    check_out(&world, 0);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_starts_again_needs_no_sede_to_give_the_money_back() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    kiosk.die().await;
    world.sede.set_fault(Some(Fault::Refuse));
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_over().await;
    check_out(&world, 5000);
}

#[tokio::test(start_paused = true)]
async fn once_the_citizen_is_gone_a_second_start_does_not_bring_him_back() {
    let mut nth = 1;
    // Killed at each write of the start until the start is over.
    loop {
        let world = cut_with_fifty_inside(AN_HOUR).await;
        let writes = Kill::at(nth);
        let mut kiosk = Kiosk::start_mortal(&world, &writes);
        let open = tokio::select! {
            biased;
            () = writes.called() => false,
            () = kiosk.until_open() => true,
        };
        kiosk.die().await;
        revive(&world).await;
        check_out(&world, 0);
        if open {
            break;
        }
        nth += 1;
    }
    assert!(nth > 3, "{nth} writes are no start with a claim");
    println!("killed at a write of the start: {} cases", nth - 1);
}

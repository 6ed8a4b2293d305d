//! A hopper runs empty half-way, jams with its reply lost, or pays one coin too many.
use simulators::cctalk::{HopperFault, HopperFaultAt};
use ui::IncidentKind;

use super::*;

/// Fails the two euro hopper at address 3 in the change of 4.60.
async fn with(world: &World, fault: HopperFault) -> Page {
    let mut kiosk = Kiosk::start(world);
    kiosk.until_open().await;
    world.cash.hopper_fault(HopperFaultAt { address: 3, what: fault }).expect("fitted");
    let page = kiosk.pay(world).await;
    world.check_end();
    page
}

#[tokio::test(start_paused = true)]
async fn empty_half_way_is_made_up_for_by_the_other_hoppers() {
    let mut world = World::with_coins([1, 50, 50, 50]);
    // The ledger believes in more coins than there are.
    for load in &mut world.settings.first_load {
        load.coins.count = 50;
    }
    let mut kiosk = Kiosk::start(&world);
    let page = kiosk.pay(&world).await;
    let Page::Paid { change, .. } = page else { panic!("{page:?}") };
    assert_eq!(change.0, 460);
    world.check_end();
}

#[tokio::test(start_paused = true)]
async fn a_jam_is_made_up_for_by_the_other_hoppers() {
    let world = World::new();
    let page = with(&world, HopperFault::Jam { after: 1 }).await;
    let paid = matches!(page, Page::Paid { .. });
    let asked = matches!(&page, Page::Incident(incident) if incident.kind == IncidentKind::PayoutUnknown);
    assert!(paid || asked, "{page:?}");
}

#[tokio::test(start_paused = true)]
async fn a_jam_with_the_reply_lost_is_resolved_from_the_counters() {
    let world = World::new();
    with(&world, HopperFault::JamReplyLost { after: 1 }).await;
}

#[tokio::test(start_paused = true)]
async fn a_reset_in_the_middle_of_a_payout_is_resolved_or_an_incident() {
    let world = World::new();
    with(&world, HopperFault::ResetInPayout { after: 1 }).await;
}

#[tokio::test(start_paused = true)]
async fn a_power_cut_of_the_hopper_in_the_middle_of_a_payout() {
    let world = World::new();
    with(&world, HopperFault::PowerCutInPayout { after: 1 }).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_dispense_command_costs_nothing() {
    let world = World::new();
    let page = with(&world, HopperFault::Nak { times: 1 }).await;
    let Page::Paid { change, .. } = page else { panic!("{page:?}") };
    assert_eq!(change.0, 460);
}

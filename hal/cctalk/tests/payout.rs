//! Dispensing when answers are lost, the hopper refuses, runs empty, jams or loses its power.
mod common;

use std::time::Duration;

use common::Mishap;
use common::hopper::Hopper;
use common::kiosk::{HOPPER, Kiosk, config, simulate, world};
use hal_cctalk::{CashError, Checksum, Dispensed, HopperBaseline, HopperModel, HopperSecurity, Resume};
use hal_device::Status;
use tokio::time::sleep;

fn paid(coins: u8) -> Dispensed {
    Dispensed::Paid { coins, short: None }
}

async fn with(change: impl FnOnce(&mut Hopper)) -> Kiosk {
    let kiosk = Kiosk::ready().await;
    kiosk.hopper(change);
    kiosk
}

async fn pay(kiosk: &Kiosk, coins: u8) -> Result<Dispensed, CashError> {
    let baseline = kiosk.bus.baseline(0).await.unwrap();
    kiosk.bus.dispense(0, baseline, coins).await
}

#[test]
fn coins_are_paid_and_counted() {
    simulate(async {
        let kiosk = Kiosk::ready().await;
        let progress = kiosk.bus.progress();
        assert_eq!(pay(&kiosk, 5).await, Ok(paid(5)));
        assert_eq!(*progress.borrow(), (0, 5));
        assert_eq!(kiosk.hopper(|h| h.out), 5);
        assert_eq!(pay(&kiosk, 20).await, Ok(paid(20)));
        assert_eq!(kiosk.hopper(|h| h.out), 25);
        assert_eq!(kiosk.world.sent(HOPPER, 167), [[0x0c, 0x0b, 0x0a, 5], [0x0c, 0x0b, 0x0a, 20]]);
    });
}

#[test]
fn the_counter_may_turn_from_255_to_1() {
    simulate(async {
        let kiosk = with(|h| h.counter = 255).await;
        assert_eq!(pay(&kiosk, 3).await, Ok(paid(3)));
        assert_eq!(kiosk.hopper(|h| h.counter), 1);
    });
}

#[test]
fn whatever_is_lost_of_the_answer_the_order_is_given_once() {
    for mishap in [
        Mishap::ReplyLost,
        Mishap::BitWrong,
        Mishap::ByteLost,
        Mishap::LengthWrong,
        Mishap::TooLong,
        Mishap::StrayByte,
    ] {
        simulate(async {
            let kiosk = Kiosk::ready().await;
            kiosk.world.fault(HOPPER, 167, 1, mishap);
            assert_eq!(pay(&kiosk, 4).await, Ok(paid(4)), "{mishap:?}");
            assert_eq!(kiosk.hopper(|h| h.out), 4, "{mishap:?}");
            assert_eq!(kiosk.world.count(HOPPER, 167), 1, "{mishap:?}");
        });
    }
}

#[test]
fn an_order_that_surely_was_not_taken_is_given_again() {
    for mishap in [Mishap::RequestLost, Mishap::Nak, Mishap::Busy, Mishap::Collision] {
        simulate(async {
            let kiosk = Kiosk::ready().await;
            kiosk.world.fault(HOPPER, 167, 1, mishap);
            assert_eq!(pay(&kiosk, 4).await, Ok(paid(4)), "{mishap:?}");
            assert_eq!(kiosk.hopper(|h| h.out), 4, "{mishap:?}");
            assert_eq!(kiosk.world.count(HOPPER, 167), 2, "{mishap:?}");
        });
    }
}

#[test]
fn an_order_that_is_never_taken_fails_with_nothing_paid() {
    simulate(async {
        let kiosk = Kiosk::ready().await;
        kiosk.world.fault(HOPPER, 167, 10, Mishap::RequestLost);
        let refused = pay(&kiosk, 4).await;
        assert!(matches!(refused, Err(CashError::OutOfService(..))), "{refused:?}");
        assert_eq!(kiosk.world.count(HOPPER, 167), 3);
        assert_eq!(kiosk.hopper(|h| h.out), 0);
    });
}

#[test]
fn each_other_answer_may_be_lost_twice() {
    for header in [166, 168, 163, 164] {
        for mishap in [Mishap::ReplyLost, Mishap::RequestLost, Mishap::BitWrong, Mishap::LengthWrong] {
            simulate(async {
                let kiosk = Kiosk::ready().await;
                kiosk.world.fault(HOPPER, header, 2, mishap);
                kiosk.world.fault_after(HOPPER, header, 1, 2, mishap);
                assert_eq!(pay(&kiosk, 3).await, Ok(paid(3)), "{header} {mishap:?}");
                assert_eq!(kiosk.hopper(|h| h.out), 3, "{header} {mishap:?}");
            });
        }
    }
}

#[test]
fn a_hopper_that_runs_empty_tells_how_many_it_paid() {
    simulate(async {
        let kiosk = with(|h| h.coins_inside = 2).await;
        let Ok(Dispensed::Paid { coins: 2, short: Some(why) }) = pay(&kiosk, 5).await else { panic!() };
        assert!(why.contains("empty"), "{why}");
        sleep(Duration::from_secs(1)).await;
        let status = kiosk.status().hoppers[0].device.status.clone();
        assert!(matches!(status, Status::Degraded(ref r) if r.id == "hopper-empty"), "{status:?}");
    });
}

#[test]
fn a_coin_that_drops_out_late_is_counted() {
    simulate(async {
        let kiosk = with(|h| (h.coins_inside, h.late_coin) = (2, true)).await;
        let Ok(Dispensed::Paid { coins: 3, short: Some(_) }) = pay(&kiosk, 5).await else { panic!() };
        assert_eq!(kiosk.hopper(|h| h.out), 3);
    });
}

#[test]
fn a_power_cut_of_the_hopper_is_settled_by_two_counters_that_agree() {
    simulate(async {
        let kiosk = with(|h| h.power_cut_at = Some(2)).await;
        let Ok(Dispensed::Paid { coins: 2, short: Some(_) }) = pay(&kiosk, 5).await else { panic!() };
        assert_eq!(kiosk.hopper(|h| h.out), 2);
        assert_eq!(kiosk.world.count(HOPPER, 167), 1);
        // The flags of the power cut are cleared by a reset before the next payout.
        assert_eq!(pay(&kiosk, 3).await, Ok(paid(3)));
        assert_eq!(kiosk.world.count(HOPPER, 1), 1);
    });
}

#[test]
fn counters_that_disagree_leave_it_unknown_and_the_hopper_out_of_service() {
    simulate(async {
        let mut kiosk = with(|h| h.miscounts = true).await;
        let Ok(Dispensed::Unknown { at_least: 2, at_most: 3, .. }) = pay(&kiosk, 3).await else { panic!() };
        sleep(Duration::from_secs(1)).await;
        assert!(matches!(kiosk.status().hoppers[0].device.status, Status::OutOfService(_)));
        assert!(matches!(kiosk.bus.baseline(0).await, Err(CashError::OutOfService(..))));
        kiosk.restart_task().await;
        kiosk.settle().await;
        assert!(matches!(kiosk.status().hoppers[0].device.status, Status::OutOfService(_)));
    });
}

#[test]
fn a_hopper_that_falls_silent_after_the_order_leaves_it_unknown() {
    simulate(async {
        let kiosk = Kiosk::ready().await;
        let baseline = kiosk.bus.baseline(0).await.unwrap();
        kiosk.world.fault(HOPPER, 166, 100_000, Mishap::ReplyLost);
        let early = kiosk.bus.dispense(0, baseline, 3).await;
        assert!(matches!(early, Err(CashError::Absent(_))), "before the order it is an error: {early:?}");
        assert_eq!(kiosk.world.count(HOPPER, 167), 0);
    });
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        let baseline = kiosk.bus.baseline(0).await.unwrap();
        kiosk.world.fault_after(HOPPER, 166, 3, 2000, Mishap::ReplyLost);
        let outcome = kiosk.bus.dispense(0, baseline, 3).await;
        assert!(matches!(outcome, Ok(Dispensed::Unknown { at_most: 3, .. })), "{outcome:?}");
        // Once it answers again its counters do tell, and it is in service again.
        kiosk.world.0.lock().unwrap().faults.clear();
        assert_eq!(kiosk.bus.resolve(0, baseline, 3).await, Ok(paid(3)));
        assert_eq!(pay(&kiosk, 1).await, Ok(paid(1)));
        kiosk.restart_task().await;
    });
}

#[test]
fn a_hopper_that_neither_pays_nor_ends_is_stopped_and_counted() {
    simulate(async {
        let kiosk = with(|h| h.stuck_at = Some(1)).await;
        let Ok(Dispensed::Paid { coins: 1, short: Some(_) }) = pay(&kiosk, 4).await else { panic!() };
        assert_eq!(kiosk.world.count(HOPPER, 172), 1);
    });
}

#[test]
fn a_model_that_counts_refused_orders_is_not_taken_for_one_that_paid() {
    simulate(async {
        let kiosk = with(|h| {
            (h.counts_refused, h.refuses) = (true, 1);
            h.paid = 4;
        })
        .await;
        let refused = pay(&kiosk, 4).await;
        assert!(matches!(refused, Err(CashError::OutOfService(..))), "{refused:?}");
        assert_eq!(kiosk.hopper(|h| h.out), 0);
        assert_eq!(pay(&kiosk, 4).await, Ok(paid(4)), "a new baseline does it");
    });
}

#[test]
fn a_hopper_that_moved_since_the_baseline_gets_no_order() {
    simulate(async {
        let kiosk = Kiosk::ready().await;
        let baseline = kiosk.bus.baseline(0).await.unwrap();
        kiosk.hopper(|h| h.dispensed += 1);
        let refused = kiosk.bus.dispense(0, baseline, 3).await;
        assert!(matches!(refused, Err(CashError::OutOfService(..))), "{refused:?}");
        let other = HopperBaseline { serial: 1, ..baseline };
        assert!(matches!(kiosk.bus.dispense(0, other, 3).await, Err(CashError::OutOfService(..))));
        for coins in [0, 21, 255] {
            assert!(matches!(kiosk.bus.dispense(0, baseline, coins).await, Err(CashError::OutOfService(..))));
        }
        assert!(matches!(kiosk.bus.dispense(1, baseline, 3).await, Err(CashError::Absent(_))));
        assert_eq!(kiosk.world.count(HOPPER, 167), 0);
    });
}

#[test]
fn flags_that_need_a_reset_get_one_and_stubborn_ones_keep_the_hopper_out() {
    simulate(async {
        let kiosk = with(|h| h.flags[0] |= 0b0000_1000).await;
        assert_eq!(pay(&kiosk, 2).await, Ok(paid(2)));
        assert_eq!(kiosk.world.count(HOPPER, 1), 1);
        for (byte, bit) in [(0, 3), (1, 1), (1, 6), (1, 7), (2, 4)] {
            kiosk.hopper(|h| {
                h.stubborn = [0; 3];
                h.stubborn[byte] = 1 << bit;
                h.flags[byte] |= 1 << bit;
            });
            let refused = kiosk.bus.baseline(0).await;
            assert!(matches!(refused, Err(CashError::OutOfService(..))), "{byte}.{bit}: {refused:?}");
            kiosk.hopper(|h| {
                h.stubborn = [0; 3];
                h.flags = [0b1000_0000, 0, 0];
            });
            sleep(Duration::from_secs(45)).await;
        }
        assert_eq!(pay(&kiosk, 2).await, Ok(paid(2)), "in service again when the flags are clean");
    });
}

#[test]
fn a_blocked_hopper_is_out_of_service_until_somebody_has_cleared_it() {
    simulate(async {
        let kiosk = with(|h| {
            h.stubborn[0] = 0b0000_1000;
            h.flags[0] |= 0b0000_1000;
        })
        .await;
        assert!(matches!(kiosk.bus.baseline(0).await, Err(CashError::OutOfService(..))));
        sleep(Duration::from_secs(100)).await;
        let status = kiosk.status().hoppers[0].device.status.clone();
        assert!(matches!(status, Status::OutOfService(ref r) if r.id == "hopper-blocked"), "{status:?}");
        assert!(kiosk.world.count(HOPPER, 1) <= 5, "reset now and then, not all the time");
        kiosk.hopper(|h| h.stubborn = [0; 3]);
        sleep(Duration::from_secs(45)).await;
        assert_eq!(kiosk.status().hoppers[0].device.status, Status::Ready);
        assert_eq!(pay(&kiosk, 2).await, Ok(paid(2)));
    });
}

#[test]
fn a_keyed_model_gets_a_new_key_before_each_order() {
    simulate(async {
        let world = world();
        world.with(HOPPER, |h: &mut Hopper| h.keyed = true);
        let mut config = config();
        config.hoppers[0].security = HopperSecurity::AnyAfterKey;
        config.hoppers[0].model = HopperModel::Sch2;
        let kiosk = Kiosk::start(&world, config, Resume::default());
        kiosk.settle().await;
        kiosk.world.fault(HOPPER, 167, 1, Mishap::Nak);
        assert_eq!(pay(&kiosk, 2).await, Ok(paid(2)));
        assert_eq!((kiosk.world.count(HOPPER, 160), kiosk.world.count(HOPPER, 167)), (2, 2));
    });
}

#[test]
fn a_hopper_of_another_coin_or_another_kind_is_not_driven() {
    simulate(async {
        let kiosk = with(|_| {}).await;
        let world = world();
        world.with(HOPPER, |h: &mut Hopper| h.coin = "EU050A");
        let wrong = Kiosk::start(&world, config(), Resume::default());
        wrong.settle().await;
        assert!(matches!(wrong.bus.baseline(0).await, Err(CashError::OutOfService(..))));
        let world = common::World::new(false);
        world.add(HOPPER, Checksum::Simple, Hopper { category: "Changer", ..Hopper::new() });
        let wrong = Kiosk::start(&world, config(), Resume::default());
        wrong.settle().await;
        assert!(matches!(wrong.bus.baseline(0).await, Err(CashError::OutOfService(..))));
        drop(kiosk);
    });
}

#[test]
fn polls_of_the_acceptors_go_on_during_a_payout() {
    simulate(async {
        let kiosk = Kiosk::ready().await;
        let baseline = kiosk.bus.baseline(0).await.unwrap();
        kiosk.world.forget_heard();
        kiosk.bus.dispense(0, baseline, 20).await.unwrap();
        // 20 coins take 3 s.
        assert!(kiosk.world.count(2, 229) >= 14, "{}", kiosk.world.count(2, 229));
        assert!(kiosk.world.count(40, 159) >= 14);
        assert!(kiosk.world.count(HOPPER, 166) >= 25, "{}", kiosk.world.count(HOPPER, 166));
    });
}

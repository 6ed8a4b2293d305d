//! What is made of the journal at the start of the process, and what a restart of the task keeps.
mod common;

use std::time::Duration;

use common::acceptors::{Acceptor, Transport};
use common::hopper::Hopper;
use common::kiosk::{BILL, COIN, HOPPER, Kiosk, config, everything, simulate, world};
use common::{Mishap, World};
use hal_cctalk::{
    Acceptance, CashError, CashEvent, Device, Dispensed, EventMark, HopperBaseline, Resume, Route,
};
use hal_device::{Cents, Status};
use tokio::time::sleep;

const BILL_SERIAL: u32 = 0x1234;
const COIN_SERIAL: u32 = 0x5678;

/// Devices that kept their power while the kiosk was down: accepting, with events behind them.
fn used() -> World {
    let world = world();
    world.with(BILL, |b: &mut Acceptor| {
        (b.mask, b.master, b.mode) = (0b111, true, 3);
        b.events.push(1, 1);
        b.events.push(1, 0);
    });
    world.with(COIN, |c: &mut Acceptor| {
        (c.mask, c.master) = (0b11111, true);
        for position in [1, 2, 3] {
            c.events.push(position, 1);
        }
    });
    world
}

async fn told(world: &World, resume: Resume) -> (Kiosk, Vec<CashEvent>) {
    let mut kiosk = Kiosk::start(world, config(), resume);
    let told = kiosk.events_of(Duration::from_secs(70)).await;
    (kiosk, told)
}

fn bill_mark(counter: u8) -> Option<EventMark> {
    Some(EventMark { serial: BILL_SERIAL, counter })
}

fn coin_mark(counter: u8) -> Option<EventMark> {
    Some(EventMark { serial: COIN_SERIAL, counter })
}

#[test]
fn without_a_mark_nothing_of_the_past_is_credited_and_everything_is_inhibited() {
    simulate(async {
        let world = used();
        let (kiosk, told) = told(&world, Resume::default()).await;
        assert_eq!(told, []);
        assert_eq!(kiosk.status().coin_acceptor.mark, coin_mark(3));
        assert!(!kiosk.coin(|c| c.master || c.mask != 0) && !kiosk.bill(|b| b.master || b.mask != 0));
    });
}

#[test]
fn coins_since_the_mark_are_credited_oldest_first() {
    simulate(async {
        let (_, told) = told(&used(), Resume { coin_acceptor: coin_mark(1), ..Resume::default() }).await;
        let coin = |value, counter| CashEvent::CoinAccepted {
            value: Cents(value),
            path: 1,
            mark: coin_mark(counter).unwrap(),
        };
        assert_eq!(told, [coin(20, 2), coin(50, 3)]);
    });
}

#[test]
fn a_mark_of_another_device_or_before_a_reset_credits_nothing_and_says_so() {
    let lost = CashEvent::EventsLost { device: Device::CoinAcceptor, count: 0 };
    simulate(async {
        let other = Some(EventMark { serial: 1, counter: 1 });
        let (_, told) = told(&used(), Resume { coin_acceptor: other, ..Resume::default() }).await;
        assert_eq!(told, std::slice::from_ref(&lost));
    });
    simulate(async {
        let (_, told) = told(&world(), Resume { coin_acceptor: coin_mark(9), ..Resume::default() }).await;
        assert_eq!(told, std::slice::from_ref(&lost));
    });
    simulate(async {
        let world = used();
        world.with(COIN, |c: &mut Acceptor| (0..4).for_each(|_| c.events.push(4, 1)));
        let (_, told) = told(&world, Resume { coin_acceptor: coin_mark(1), ..Resume::default() }).await;
        assert_eq!(told[0], CashEvent::EventsLost { device: Device::CoinAcceptor, count: 1 });
        assert_eq!(told.len(), 6);
    });
}

#[test]
fn a_note_whose_stacking_was_ordered_is_settled_by_the_event_since_the_mark() {
    for (pair, stacked) in [((3, 0), true), ((0, 1), false)] {
        simulate(async {
            let world = used();
            world.with(BILL, |b: &mut Acceptor| {
                b.events.push(3, 1);
                b.events.push(pair.0, pair.1);
            });
            let escrow = Some((Cents(2000), Some(Route::Stack)));
            let resume = Resume { validator: bill_mark(3), escrow, ..Resume::default() };
            let (kiosk, told) = told(&world, resume).await;
            let (value, mark) = (Cents(2000), bill_mark(4).unwrap());
            let expected = if stacked {
                CashEvent::NoteStacked { value, mark }
            } else {
                CashEvent::NoteReturned { value, mark }
            };
            assert_eq!(told, [expected]);
            assert!(kiosk.bill(|b| b.routes.is_empty()), "nothing is routed again");
        });
    }
}

#[test]
fn a_note_still_in_escrow_is_routed_as_was_decided_and_back_if_nothing_was() {
    for (decided, code) in [(Some(Route::Stack), 1), (Some(Route::Return), 0), (None, 0)] {
        // The mark may be from before the note, or be that of the note itself.
        for mark in [2, 3] {
            simulate(async {
                let world = used();
                world.with(BILL, |b: &mut Acceptor| assert!(b.insert_note(3)));
                let escrow = Some((Cents(2000), decided));
                let resume = Resume { validator: bill_mark(mark), escrow, ..Resume::default() };
                let (kiosk, told) = told(&world, resume).await;
                let (value, mark) = (Cents(2000), bill_mark(4).unwrap());
                let expected = match code {
                    1 => CashEvent::NoteStacked { value, mark },
                    _ => CashEvent::NoteReturned { value, mark },
                };
                assert_eq!(told, [expected], "{decided:?}");
                assert_eq!(kiosk.bill(|b| b.routes.clone()), [code]);
            });
        }
    }
}

#[test]
fn a_validator_that_inhibited_itself_meanwhile_still_tells_where_the_note_goes() {
    for decided in [Some(Route::Stack), None] {
        simulate(async {
            let world = used();
            world.with(BILL, |b: &mut Acceptor| {
                assert!(b.insert_note(3));
                b.master = false;
                b.events.push(0, 0);
            });
            let escrow = Some((Cents(2000), decided));
            let mut kiosk = Kiosk::start(
                &world,
                config(),
                Resume { validator: bill_mark(3), escrow, ..Resume::default() },
            );
            sleep(Duration::from_secs(20)).await;
            if decided.is_some() {
                assert!(kiosk.bill(|b| b.routes.is_empty()), "another event is on top");
                kiosk.bill(|b| {
                    b.in_escrow = None;
                    b.events.push(0, 1);
                });
            }
            let told = kiosk.events_of(Duration::from_secs(60)).await;
            assert!(matches!(told[..], [CashEvent::NoteReturned { value: Cents(2000), .. }]), "{told:?}");
        });
    }
}

#[test]
fn a_note_of_the_journal_that_no_event_explains_is_unknown() {
    let escrow = Some((Cents(2000), Some(Route::Stack)));
    let unknown = |told: &[CashEvent]| {
        told.iter().filter(|e| matches!(e, CashEvent::NoteUnknown { value: Cents(2000), .. })).count()
    };
    // Reset since; no mark; another device; no such event since the mark; not fitted any more; not answering.
    for (world, mark) in [
        (world(), bill_mark(3)),
        (used(), None),
        (used(), Some(EventMark { serial: 9, counter: 1 })),
        (used(), bill_mark(2)),
    ] {
        simulate(async {
            let resume = Resume { validator: mark, escrow, ..Resume::default() };
            let (_, told) = told(&world, resume).await;
            assert_eq!(unknown(&told), 1, "{mark:?}: {told:?}");
        });
    }
    simulate(async {
        let mut config = config();
        config.validator = None;
        let mut kiosk = Kiosk::start(&world(), config, Resume { escrow, ..Resume::default() });
        assert_eq!(unknown(&kiosk.events_of(Duration::from_secs(70)).await), 1);
    });
    simulate(async {
        let world = world();
        world.with(BILL, |b: &mut Acceptor| b.deaf = true);
        let (_, told) = told(&world, Resume { escrow, validator: bill_mark(3), ..Resume::default() }).await;
        assert_eq!(unknown(&told), 1);
    });
}

#[test]
fn a_note_that_nobody_knows_of_goes_back_without_being_announced() {
    for mark in [None, bill_mark(2)] {
        simulate(async {
            let world = used();
            world.with(BILL, |b: &mut Acceptor| assert!(b.insert_note(2)));
            let (kiosk, told) = told(&world, Resume { validator: mark, ..Resume::default() }).await;
            assert_eq!(told, [CashEvent::Rejected { device: Device::Validator, code: 1 }]);
            assert_eq!(kiosk.bill(|b| (b.routes.clone(), b.in_escrow)), (vec![0], None));
        });
    }
}

#[test]
fn a_restart_of_the_task_keeps_note_events_and_acceptance() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        kiosk.bill(|b| assert!(b.insert_note(3)));
        assert!(matches!(kiosk.event().await, CashEvent::NoteEscrowed { .. }));
        kiosk.stop_task();
        sleep(Duration::from_secs(2)).await;
        kiosk.coin(|c| assert!(c.insert_coin(4)));
        kiosk.restart_task().await;
        let told = kiosk.events_of(Duration::from_secs(5)).await;
        assert!(matches!(told[..], [CashEvent::CoinAccepted { value: Cents(100), .. }]), "{told:?}");
        assert!(kiosk.status().accepting.contains(&Cents(100)));
        kiosk.bus.route(Route::Stack).await.unwrap();
        assert!(matches!(kiosk.event().await, CashEvent::NoteStacked { value: Cents(2000), .. }));
    });
}

#[test]
fn wherever_the_task_is_dropped_each_coin_and_note_is_told_exactly_once() {
    for milliseconds in (1..400).step_by(7) {
        simulate(async {
            let mut kiosk = Kiosk::ready().await;
            kiosk.bus.accept(everything()).await.unwrap();
            kiosk.bill(|b| assert!(b.insert_note(3)));
            assert!(matches!(kiosk.event().await, CashEvent::NoteEscrowed { .. }));
            kiosk.coin(|c| assert!(c.insert_coin(4)));
            kiosk.bus.route(Route::Stack).await.unwrap();
            sleep(Duration::from_millis(milliseconds)).await;
            kiosk.restart_task().await;
            let told = kiosk.events_of(Duration::from_secs(60)).await;
            let coins = told.iter().filter(|e| matches!(e, CashEvent::CoinAccepted { .. })).count();
            let notes = told.iter().filter(|e| matches!(e, CashEvent::NoteStacked { .. })).count();
            assert_eq!((coins, notes, told.len()), (1, 1, 2), "{milliseconds} ms: {told:?}");
            assert_eq!(kiosk.bill(|b| b.routes.clone()), [1], "{milliseconds} ms");
        });
    }
}

#[test]
fn a_reset_while_the_task_was_down_is_noticed() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        kiosk.bill(|b| assert!(b.insert_note(3)));
        assert!(matches!(kiosk.event().await, CashEvent::NoteEscrowed { .. }));
        kiosk.stop_task();
        kiosk.bill(|b| b.reset());
        kiosk.restart_task().await;
        let told = kiosk.events_of(Duration::from_secs(10)).await;
        assert!(matches!(told[0], CashEvent::NoteUnknown { value: Cents(2000), .. }), "{told:?}");
        assert_eq!(told.last(), Some(&CashEvent::DeviceReset { device: Device::Validator }));
    });
}

#[test]
fn callers_that_wait_are_told_of_the_restart_and_the_payout_is_settled_by_the_counters() {
    for milliseconds in (0..1500).step_by(50) {
        simulate(async {
            let mut kiosk = Kiosk::ready().await;
            let baseline = kiosk.bus.baseline(0).await.unwrap();
            let bus = kiosk.bus.clone();
            let waiting = tokio::task::spawn_local(async move { bus.dispense(0, baseline, 10).await });
            sleep(Duration::from_millis(milliseconds)).await;
            kiosk.restart_task().await;
            // Dropped before it was taken up, it is simply carried out.
            let dispensed = waiting.await.unwrap();
            if dispensed != Ok(Dispensed::Paid { coins: 10, short: None }) {
                assert_eq!(dispensed, Err(CashError::Restarted), "{milliseconds} ms");
            }
            let resolved = kiosk.bus.resolve(0, baseline, 10).await.unwrap();
            let Dispensed::Paid { coins, .. } = resolved else { panic!("{milliseconds} ms: {resolved:?}") };
            assert_eq!(u32::from(coins), kiosk.hopper(|h| h.out), "{milliseconds} ms");
            assert!(coins == 0 || coins == 10, "{milliseconds} ms");
            kiosk.settle().await;
            assert_eq!(kiosk.status().hoppers[0].device.status, Status::Ready, "{milliseconds} ms");
        });
    }
}

#[test]
fn a_payout_that_a_restart_cut_off_keeps_its_hopper_out_unless_the_counters_agree() {
    for miscounts in [false, true] {
        simulate(async {
            let mut kiosk = Kiosk::ready().await;
            let baseline = kiosk.bus.baseline(0).await.unwrap();
            kiosk.hopper(|h| h.miscounts = miscounts);
            let bus = kiosk.bus.clone();
            let waiting = tokio::task::spawn_local(async move { bus.dispense(0, baseline, 3).await });
            sleep(Duration::from_millis(300)).await;
            kiosk.stop_task();
            sleep(Duration::from_secs(2)).await;
            kiosk.restart_task().await;
            assert_eq!(waiting.await.unwrap(), Err(CashError::Restarted));
            kiosk.settle().await;
            let status = kiosk.status().hoppers[0].device.status.clone();
            assert_eq!(matches!(status, Status::OutOfService(_)), miscounts, "{status:?}");
        });
    }
}

#[test]
fn a_journalled_dispense_is_resolved_at_the_start_of_the_process_without_an_order() {
    let baseline = HopperBaseline { serial: 0x0a_0b_0c, counter: 7, dispensed: 1000 };
    type Change = fn(&mut Hopper);
    let cases: [(Change, u8, Option<u8>); 8] = [
        (|_| {}, 5, Some(0)),
        (|h| (h.counter, h.paid, h.dispensed) = (8, 5, 1005), 5, Some(5)),
        (|h| (h.counter, h.paid, h.dispensed, h.unpaid) = (8, 3, 1003, 2), 5, Some(3)),
        // Power was lost: the counter is 0, and both others agree, or do not.
        (|h| (h.counter, h.paid, h.dispensed, h.flags[2]) = (0, 2, 1002, 1), 5, Some(2)),
        (|h| (h.counter, h.paid, h.dispensed, h.flags[2]) = (0, 0, 1002, 1), 5, None),
        (|h| (h.counter, h.paid, h.dispensed) = (9, 5, 1005), 5, None),
        // The hopper says that its counters are damaged, though they look well.
        (|h| (h.counter, h.paid, h.dispensed, h.flags[1]) = (8, 5, 1005, 0b0100_0000), 5, None),
        (|h| h.serial = 1, 5, None),
    ];
    for (number, (change, coins, expected)) in cases.into_iter().enumerate() {
        simulate(async {
            let world = world();
            world.with(HOPPER, change);
            let kiosk = Kiosk::start(&world, config(), Resume::default());
            let resolved = kiosk.bus.resolve(0, baseline, coins).await.unwrap();
            match (expected, resolved) {
                (Some(expected), Dispensed::Paid { coins, .. }) => assert_eq!(coins, expected, "{number}"),
                (None, Dispensed::Unknown { .. }) => {}
                (_, other) => panic!("{number}: {other:?}"),
            }
            kiosk.settle().await;
            assert_eq!(world.count(HOPPER, 167) + world.count(HOPPER, 1), 0, "{number}");
        });
    }
}

#[test]
fn an_absent_hopper_leaves_the_question_open() {
    simulate(async {
        let world = world();
        world.with(HOPPER, |h: &mut Hopper| h.deaf = true);
        let kiosk = Kiosk::start(&world, config(), Resume::default());
        let baseline = HopperBaseline { serial: 0x0a_0b_0c, counter: 7, dispensed: 1000 };
        let open = kiosk.bus.resolve(0, baseline, 5).await;
        assert_eq!(open, Err(CashError::Absent(Device::Hopper(0))));
    });
}

#[test]
fn from_counter_zero_only_quiet_flags_say_that_nothing_happened() {
    let baseline = HopperBaseline { serial: 0x0a_0b_0c, counter: 0, dispensed: 1000 };
    for (flags, nothing) in [([0x80, 0, 0], true), ([0xC0, 0, 0], false), ([0x80, 0, 1], false)] {
        simulate(async {
            let world = world();
            world.with(HOPPER, |h: &mut Hopper| (h.counter, h.flags) = (0, flags));
            let kiosk = Kiosk::start(&world, config(), Resume::default());
            let resolved = kiosk.bus.resolve(0, baseline, 5).await.unwrap();
            assert_eq!(matches!(resolved, Dispensed::Paid { coins: 0, .. }), nothing, "{resolved:?}");
        });
    }
}

#[test]
fn a_route_sent_right_before_a_restart_is_not_sent_again_while_the_transport_works() {
    simulate(async {
        let world = used();
        world.with(BILL, |b: &mut Acceptor| {
            assert!(b.insert_note(3));
            b.transport = Transport::Idle;
        });
        let escrow = Some((Cents(2000), Some(Route::Stack)));
        let mut kiosk =
            Kiosk::start(&world, config(), Resume { validator: bill_mark(3), escrow, ..Resume::default() });
        sleep(Duration::from_secs(2)).await;
        kiosk.bill(|b| {
            b.in_escrow = None;
            b.events.push(3, 0);
        });
        let told = kiosk.events_of(Duration::from_secs(60)).await;
        assert!(matches!(told[..], [CashEvent::NoteStacked { value: Cents(2000), .. }]), "{told:?}");
        assert!(kiosk.bill(|b| b.routes.is_empty()));
    });
}

#[test]
fn inhibiting_works_through_mishaps() {
    for header in [228, 231, 230, 227] {
        simulate(async {
            let kiosk = Kiosk::ready().await;
            kiosk.bus.accept(everything()).await.unwrap();
            kiosk.world.fault(COIN, header, 5, Mishap::ReplyLost);
            let _ = kiosk.bus.accept(Acceptance::default()).await;
            sleep(Duration::from_secs(20)).await;
            assert!(!kiosk.coin(|c| c.accepts(1)), "{header}");
            assert!(kiosk.status().accepting.is_empty(), "{header}");
        });
    }
}

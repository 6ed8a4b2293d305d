//! The line itself: noise at any command, echo, unplugging, silence, and how often devices are asked.
mod common;

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::acceptors::Acceptor;
use common::kiosk::{BILL, COIN, HOPPER, Kiosk, config, everything, simulate, world};
use common::{Mishap, World};
use hal_cctalk::{
    BusConfig, CashError, CashEvent, CashStatus, Checksum, Device, Dispensed, Echo, HopperBaseline, Resume,
};
use hal_device::{Cents, Status};
use tokio::time::{sleep, timeout};

const MISHAPS: [Mishap; 8] = [
    Mishap::RequestLost,
    Mishap::ReplyLost,
    Mishap::ByteLost,
    Mishap::BitWrong,
    Mishap::LengthWrong,
    Mishap::TooLong,
    Mishap::Busy,
    Mishap::Collision,
];

#[test]
fn two_mishaps_at_any_command_do_not_keep_a_device_from_becoming_ready() {
    let commands = [
        (BILL, &[254, 247, 246, 245, 244, 242, 232, 231, 230, 228, 227, 159, 157, 156, 153, 152][..]),
        (COIN, &[254, 246, 245, 244, 242, 232, 231, 230, 228, 227, 229, 184]),
        (HOPPER, &[254, 246, 245, 244, 242, 171, 217, 168, 166, 163]),
    ];
    for (address, headers) in commands {
        for header in headers {
            for mishap in MISHAPS {
                simulate(async {
                    let world = world();
                    world.fault(address, *header, 2, mishap);
                    let kiosk = Kiosk::start(&world, config(), Resume::default());
                    let ready = |status: &CashStatus| {
                        let coins = &status.coin_acceptor.status;
                        let all = [&status.validator.status, coins, &status.hoppers[0].device.status];
                        all.iter().all(|status| **status == Status::Ready)
                    };
                    let mut status = kiosk.bus.status();
                    let waited = timeout(Duration::from_secs(30), status.wait_for(ready)).await.is_ok();
                    assert!(waited, "{address} {header} {mishap:?}: {:?}", kiosk.status());
                    kiosk.bus.accept(everything()).await.unwrap();
                });
            }
        }
    }
}

#[test]
fn a_coin_is_told_once_whatever_happens_to_the_polls() {
    for mishap in MISHAPS {
        for times in 1..=9 {
            simulate(async {
                let mut kiosk = Kiosk::ready().await;
                kiosk.bus.accept(everything()).await.unwrap();
                kiosk.world.fault(COIN, 229, times, mishap);
                assert!(kiosk.coin(|c| c.insert_coin(4)));
                let told = kiosk.events_of(Duration::from_secs(20)).await;
                assert!(
                    matches!(told[..], [CashEvent::CoinAccepted { value: Cents(100), .. }]),
                    "{mishap:?} {times}: {told:?}"
                );
                // Out of reach is not a reset: it goes on accepting as it was told.
                assert!(kiosk.status().accepting.contains(&Cents(100)), "{mishap:?} {times}");
                assert!(kiosk.coin(|c| c.accepts(4)));
            });
        }
    }
}

#[test]
fn a_reset_behind_lost_replies_is_seen_by_the_inhibits_before_the_counter_is_trusted() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        assert!(kiosk.coin(|c| c.insert_coin(4)));
        kiosk.event().await;
        // Reset, and then as many events as make the counter look like one more coin.
        kiosk.coin(|c| c.deaf = true);
        sleep(Duration::from_secs(2)).await;
        kiosk.coin(|c| {
            c.deaf = false;
            c.reset();
            c.events.push(0, 0);
            c.events.push(1, 1);
        });
        let told = kiosk.events_of(Duration::from_secs(20)).await;
        assert!(told.iter().all(|event| !matches!(event, CashEvent::CoinAccepted { .. })), "{told:?}");
        assert!(told.contains(&CashEvent::EventsLost { device: Device::CoinAcceptor, count: 1 }), "{told:?}");
        assert_eq!(told.last(), Some(&CashEvent::DeviceReset { device: Device::CoinAcceptor }));
    });
}

#[test]
fn a_reset_that_the_counter_hides_is_found_within_thirty_seconds() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        // No event so far: the counter is 0 before and after.
        kiosk.bill(|b| b.reset());
        let told = kiosk.events_of(Duration::from_secs(31)).await;
        assert!(told.contains(&CashEvent::DeviceReset { device: Device::Validator }), "{told:?}");
        assert!(!kiosk.status().accepting.contains(&Cents(500)));
    });
}

#[test]
fn a_validator_that_inhibited_itself_is_switched_on_again() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        kiosk.bill(|b| {
            b.master = false;
            b.events.push(0, 0);
        });
        assert_eq!(kiosk.events_of(Duration::from_secs(1)).await, []);
        assert!(kiosk.bill(|b| b.master));
        assert!(kiosk.status().accepting.contains(&Cents(500)));
    });
}

#[test]
fn each_acceptor_is_polled_five_times_a_second_and_the_heart_beats() {
    simulate(async {
        let kiosk = Kiosk::ready().await;
        kiosk.world.forget_heard();
        let beats = kiosk.beats.load(Ordering::Relaxed);
        sleep(Duration::from_secs(60)).await;
        for (address, header) in [(BILL, 159), (COIN, 229)] {
            let polls = kiosk.world.count(address, header);
            assert!((270..=305).contains(&polls), "{address}: {polls}");
        }
        assert!(kiosk.beats.load(Ordering::Relaxed) - beats >= 300);
    });
}

#[test]
fn absent_devices_do_not_keep_the_others_from_being_polled_in_time() {
    simulate(async {
        let world = World::new(true);
        world.add(COIN, Checksum::Simple, Acceptor::coins());
        let kiosk = Kiosk::start(&world, config(), Resume::default());
        kiosk.settle().await;
        kiosk.world.forget_heard();
        sleep(Duration::from_secs(60)).await;
        assert!(kiosk.world.count(COIN, 229) >= 250, "{}", kiosk.world.count(COIN, 229));
        let status = kiosk.status();
        assert_eq!(status.validator.status, Status::Absent);
        assert_eq!(status.hoppers[0].device.status, Status::Absent);
        assert_eq!(kiosk.bus.accept(everything()).await, Err(CashError::Absent(Device::Validator)));
        assert!(kiosk.status().accepting.contains(&Cents(10)), "coins are on nevertheless");
    });
}

#[test]
fn a_line_with_or_without_echo_works_with_the_fitting_setting() {
    for (line, setting) in [(false, Echo::Off), (false, Echo::Auto), (true, Echo::On), (true, Echo::Auto)] {
        simulate(async {
            let world = world();
            world.0.lock().unwrap().echo = line;
            let kiosk = Kiosk::start(&world, BusConfig { echo: setting, ..config() }, Resume::default());
            kiosk.settle().await;
            assert_eq!(kiosk.status().validator.status, Status::Ready, "{line} {setting:?}");
            assert_eq!(kiosk.status().hoppers[0].device.status, Status::Ready, "{line} {setting:?}");
        });
    }
    simulate(async {
        let kiosk = Kiosk::start(&world(), BusConfig { echo: Echo::Off, ..config() }, Resume::default());
        kiosk.settle().await;
        assert_eq!(kiosk.status().validator.status, Status::Absent, "an echo is not taken for a reply");
        let line = kiosk.bus.status().borrow().line;
        assert!(line.bad_frames > 0, "{line:?}");
    });
}

#[test]
fn a_reply_that_comes_late_is_not_taken_for_the_answer_to_another_command() {
    // Without echo and with nobody else on the line nothing but its time tells a late reply: the lifetime counter
    // has three bytes, as the flags that are asked for next may have.
    for echo in [false, true] {
        simulate(async {
            let world = world();
            world.0.lock().unwrap().echo = echo;
            let config = BusConfig { validator: None, coin_acceptor: None, ..config() };
            let kiosk = Kiosk::start(&world, config, Resume::default());
            kiosk.settle().await;
            // Misread as flags, this count would say that the counters are damaged.
            kiosk.hopper(|h| (h.counter, h.paid, h.dispensed) = (8, 5, 0x4005));
            kiosk.world.fault(HOPPER, 168, 1, Mishap::Late);
            let baseline = HopperBaseline { serial: 0x0a_0b_0c, counter: 7, dispensed: 0x4000 };
            let resolved = kiosk.bus.resolve(0, baseline, 5).await;
            assert_eq!(resolved, Ok(Dispensed::Paid { coins: 5, short: None }));
        });
    }
}

#[test]
fn a_device_with_the_other_checksum_says_nothing_and_is_absent() {
    simulate(async {
        let world = World::new(true);
        world.add(BILL, Checksum::Simple, Acceptor::validator());
        let kiosk = Kiosk::start(&world, config(), Resume::default());
        kiosk.settle().await;
        assert_eq!(kiosk.status().validator.status, Status::Absent);
    });
}

#[test]
fn an_unplugged_line_is_opened_again_and_what_happened_meanwhile_is_told() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        kiosk.world.unplug();
        sleep(Duration::from_secs(3)).await;
        assert_eq!(kiosk.status().coin_acceptor.status, Status::Absent);
        assert!(kiosk.status().accepting.is_empty());
        assert!(matches!(kiosk.bus.accept(everything()).await, Err(CashError::Absent(_))));
        // The coin was on its way; the validator's watchdog switches it off.
        kiosk.coin(|c| assert!(c.insert_coin(5)));
        kiosk.bill(|b| {
            b.master = false;
            b.events.push(0, 0);
        });
        sleep(Duration::from_secs(20)).await;
        kiosk.world.plug();
        let told = kiosk.events_of(Duration::from_secs(15)).await;
        assert!(matches!(told[..], [CashEvent::CoinAccepted { value: Cents(200), .. }]), "{told:?}");
        assert_eq!(kiosk.status().validator.status, Status::Ready);
        assert_eq!(kiosk.world.0.lock().unwrap().opens, 2);
        // What was refused while nobody answered is not let in behind the caller's back.
        assert!(!kiosk.bill(|b| b.master) && !kiosk.coin(|c| c.master));
        kiosk.bus.accept(everything()).await.unwrap();
    });
}

#[test]
fn a_note_in_escrow_of_a_validator_that_never_comes_back_is_unknown() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        kiosk.bill(|b| assert!(b.insert_note(2)));
        assert!(matches!(kiosk.event().await, CashEvent::NoteEscrowed { value: Cents(1000), .. }));
        kiosk.bill(|b| b.deaf = true);
        kiosk.bus.route(hal_cctalk::Route::Stack).await.unwrap();
        assert!(matches!(kiosk.event().await, CashEvent::NoteUnknown { value: Cents(1000), .. }));
        assert_eq!(kiosk.events_of(Duration::from_secs(300)).await, []);
    });
}

#[test]
fn a_fault_of_the_self_check_keeps_a_device_out_until_it_has_passed() {
    simulate(async {
        let world = world();
        world.with(BILL, |b: &mut Acceptor| b.fault = 45);
        let kiosk = Kiosk::start(&world, config(), Resume::default());
        kiosk.settle().await;
        let full = kiosk.status().validator.status;
        assert!(matches!(full, Status::OutOfService(ref reason) if reason.id == "stacker-full"), "{full:?}");
        let refused = kiosk.bus.accept(everything()).await;
        assert!(matches!(refused, Err(CashError::OutOfService(Device::Validator, _))), "{refused:?}");
        kiosk.bill(|b| b.fault = 0);
        sleep(Duration::from_secs(11)).await;
        kiosk.bus.accept(everything()).await.unwrap();
    });
}

#[test]
fn another_kind_of_device_at_the_address_is_not_used() {
    simulate(async {
        let world = World::new(true);
        world.add(BILL, Checksum::Crc16, Acceptor::coins());
        let kiosk = Kiosk::start(&world, config(), Resume::default());
        kiosk.settle().await;
        let status = kiosk.status().validator.status;
        assert!(
            matches!(status, Status::OutOfService(ref reason) if reason.id == "wrong-device"),
            "{status:?}"
        );
        let world = World::new(true);
        world.add(BILL, Checksum::Crc16, Acceptor { category: "Bill Acceptor", ..Acceptor::validator() });
        let kiosk = Kiosk::start(&world, config(), Resume::default());
        kiosk.settle().await;
        assert_eq!(kiosk.status().validator.status, Status::Ready);
    });
}

//! The hopper's byte dialogues (reference 1.3, 1.5, 1.7, 1.9).

mod host;

use std::time::Duration;

use host::Host;
use simulators::Fault;
use simulators::cctalk::{CashBus, CashConfig, DispenseReply, HopperConfig, Security, flags};
use tokio::time::sleep;

fn one(change: impl FnOnce(&mut HopperConfig)) -> CashBus {
    let mut hopper = HopperConfig::new(3, 100);
    change(&mut hopper);
    CashBus::new(CashConfig { validator: None, coin_acceptor: None, hoppers: vec![hopper], echo: true })
}

fn fault(bus: &CashBus, what: &str) {
    let json = format!(r#"{{"device":"hopper","fault":{{"address":3,"what":{what}}}}}"#);
    bus.fault(serde_json::from_str::<Fault>(&json).unwrap()).unwrap();
}

/// Counter, remaining, paid, unpaid.
async fn status(host: &mut Host) -> Vec<u8> {
    host.data(3, 166, &[]).await
}

async fn enabled(bus: &CashBus) -> Host {
    let mut host = Host::plug(bus);
    host.ack(3, 1, &[]).await;
    sleep(Duration::from_millis(200)).await;
    host.ack(3, 164, &[165]).await;
    host
}

#[tokio::test(start_paused = true)]
async fn it_starts_disabled_with_the_power_up_flag_and_pays_after_enabling() {
    let bus = one(|_| {});
    let mut host = Host::plug(&bus);
    assert_eq!(host.data(3, 163, &[]).await, [flags::POWER_UP | flags::DISABLED, 0, 0]);
    assert_eq!(host.ask(3, 167, &[2]).await, Some((5, vec![])), "NAK while disabled");
    host.ack(3, 1, &[]).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(host.data(3, 163, &[]).await, [flags::DISABLED, 0, 0]);
    host.ack(3, 164, &[165]).await;
    assert_eq!(host.data(3, 163, &[]).await, [0, 0, 0]);
    assert_eq!(host.data(3, 168, &[]).await, [0xE8, 3, 0]);
    assert_eq!(host.data(3, 171, &[]).await, b"EU100A");
    assert_eq!(host.data(3, 167, &[5]).await, [1]);
    assert_eq!(status(&mut host).await, [1, 5, 0, 0]);
    sleep(Duration::from_millis(610)).await;
    assert_eq!(status(&mut host).await, [1, 2, 3, 0]);
    assert_eq!(host.ask(3, 167, &[1]).await, Some((5, vec![])), "already running");
    sleep(Duration::from_millis(400)).await;
    assert_eq!(status(&mut host).await, [1, 0, 5, 0]);
    assert_eq!(host.data(3, 168, &[]).await, [0xED, 3, 0]);
    assert_eq!(bus.snapshot().tray.coins.of(100), 5);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_event_counter_goes_from_255_to_1() {
    let bus = one(|_| {});
    let mut host = enabled(&bus).await;
    fault(&bus, r#"{"counter-jump":{"by":255}}"#);
    assert_eq!(host.data(3, 167, &[0]).await, [1], "a count of 0 pays nothing and is an event");
    assert_eq!(status(&mut host).await, [1, 0, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_hopper_gives_up_and_leaves_the_rest_unpaid() {
    for (forgets, unpaid) in [(false, 3), (true, 0)] {
        let bus = one(|hopper| (hopper.coins, hopper.forgets_unpaid) = (2, forgets));
        let mut host = enabled(&bus).await;
        assert_eq!(host.data(3, 217, &[]).await, [0b11_0001]);
        assert_eq!(host.data(3, 167, &[5]).await, [1]);
        sleep(Duration::from_secs(2)).await;
        assert_eq!(status(&mut host).await, [1, 3, 2, 0]);
        sleep(Duration::from_secs(2)).await;
        assert_eq!(status(&mut host).await, [1, 0, 2, unpaid]);
        assert_eq!(host.data(3, 163, &[]).await[0], flags::PAYOUT_TIMEOUT);
        assert_eq!(bus.fill_hopper(3, 1000), Ok(500));
        assert_eq!(host.data(3, 217, &[]).await, [0b11_0010]);
        assert_eq!(host.data(3, 167, &[1]).await, [2], "a timeout needs no reset");
        bus.wait_until_still().await;
        bus.check_conservation().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn coins_stop_coming_half_way_although_some_are_left() {
    let bus = one(|_| {});
    let mut host = enabled(&bus).await;
    fault(&bus, r#"{"empty-after":{"after":2}}"#);
    host.data(3, 167, &[4]).await;
    bus.wait_until_still().await;
    assert_eq!(status(&mut host).await, [1, 0, 2, 2]);
    assert_eq!(bus.snapshot().hoppers[0].coins, 198);
    bus.clear_hopper(3).unwrap();
    host.data(3, 167, &[2]).await;
    bus.wait_until_still().await;
    assert_eq!(status(&mut host).await, [2, 0, 2, 0]);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_jam_with_the_reply_lost_is_told_by_the_counters() {
    let bus = one(|_| {});
    let mut host = enabled(&bus).await;
    fault(&bus, r#"{"jam-reply-lost":{"after":1}}"#);
    assert_eq!(host.ask(3, 167, &[3]).await, None);
    bus.wait_until_still().await;
    assert_eq!(status(&mut host).await, [1, 0, 1, 2]);
    assert_eq!(host.data(3, 163, &[]).await[0], flags::OPTO_BLOCKED_PAYOUT);
    assert_eq!(host.ask(3, 167, &[2]).await, Some((5, vec![])));
    host.ack(3, 1, &[]).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(host.data(3, 163, &[]).await[0], flags::OPTO_BLOCKED_IDLE | flags::DISABLED, "still jammed");
    bus.clear_hopper(3).unwrap();
    let mut host = enabled(&bus).await;
    assert_eq!(host.data(3, 167, &[2]).await, [1]);
    bus.wait_until_still().await;
    assert_eq!(bus.truth().coins_paid_out.of(100), 3);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_double_coin_is_out_but_not_counted() {
    let bus = one(|_| {});
    let mut host = enabled(&bus).await;
    fault(&bus, r#""double-coin""#);
    host.data(3, 167, &[3]).await;
    bus.wait_until_still().await;
    assert_eq!(status(&mut host).await, [1, 0, 3, 0]);
    assert_eq!(host.data(3, 168, &[]).await, [0xEB, 3, 0]);
    assert_eq!(bus.truth().coins_paid_out.of(100), 4);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_reset_and_a_power_cut_in_payout_keep_paid_and_unpaid() {
    for (what, power) in [("reset-in-payout", false), ("power-cut-in-payout", true)] {
        let bus = one(|_| {});
        let mut host = enabled(&bus).await;
        fault(&bus, &format!(r#"{{"{what}":{{"after":2}}}}"#));
        host.data(3, 167, &[5]).await;
        sleep(Duration::from_secs(2)).await;
        assert_eq!(status(&mut host).await, [0, 0, 2, 3]);
        let up = if power { flags::POWER_UP } else { 0 };
        assert_eq!(host.data(3, 163, &[]).await, [up | flags::DISABLED, 0, flags::POWER_LOST]);
        host.ack(3, 164, &[165]).await;
        assert_eq!(host.ask(3, 167, &[3]).await, Some((5, vec![])), "a reset is wanted first");
        assert_eq!(host.data(3, 168, &[]).await, [0xEA, 3, 0]);
        let mut host = enabled(&bus).await;
        assert_eq!(status(&mut host).await, [0, 0, 2, 3], "told to reset, it keeps them too");
        assert_eq!(host.data(3, 167, &[3]).await, [1]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_emergency_stop_tells_what_remains_and_a_coin_in_the_exit_still_counts() {
    let bus = one(|_| {});
    let mut host = enabled(&bus).await;
    host.data(3, 167, &[10]).await;
    sleep(Duration::from_millis(370)).await;
    assert_eq!(host.data(3, 172, &[]).await, [9]);
    assert_eq!(status(&mut host).await, [1, 0, 1, 9]);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(status(&mut host).await, [1, 0, 2, 8]);
    assert_eq!(bus.truth().coins_paid_out.of(100), 2);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_serial_number_unlocks_and_another_one_is_refused() {
    let bus = one(|hopper| hopper.security = Security::Serial);
    let mut host = enabled(&bus).await;
    let serial = host.data(3, 242, &[]).await;
    assert_eq!(host.ask(3, 167, &[1, 2, 3, 1]).await, Some((5, vec![])));
    assert_eq!(host.ask(3, 167, &[1]).await, None, "a wrong length gets silence");
    assert_eq!(host.data(3, 167, &[serial[0], serial[1], serial[2], 1]).await, [1]);
}

#[tokio::test(start_paused = true)]
async fn a_cipher_key_is_good_for_one_dispense() {
    let secret = [1, 2, 3, 4, 5, 6, 7, 8];
    let bus = one(|hopper| hopper.security = Security::Cipher { secret });
    let mut host = enabled(&bus).await;
    host.ack(3, 161, &[9; 8]).await;
    let key = host.data(3, 160, &[]).await;
    let mut request: Vec<u8> = key.iter().rev().zip(secret).map(|(key, secret)| key ^ secret).collect();
    request.push(1);
    assert_eq!(host.data(3, 167, &request).await, [1]);
    bus.wait_until_still().await;
    assert_eq!(host.ask(3, 167, &request).await, Some((5, vec![])), "the key is used up");
    assert_ne!(host.data(3, 160, &[]).await, key);
    assert_eq!(host.data(3, 163, &[]).await[2], flags::CIPHER_WRONG | flags::ENCRYPTION_ON);
}

#[tokio::test(start_paused = true)]
async fn any_eight_bytes_do_after_the_key_was_asked() {
    let bus = one(|hopper| hopper.security = Security::AnyAfterKey);
    let mut host = enabled(&bus).await;
    let request = [0, 0, 0, 0, 0, 0, 0, 0, 2];
    assert_eq!(host.ask(3, 167, &request).await, Some((5, vec![])));
    host.data(3, 160, &[]).await;
    assert_eq!(host.data(3, 167, &request).await, [1]);
}

#[tokio::test(start_paused = true)]
async fn a_pin_is_wanted_after_each_reset_and_a_wrong_one_is_acknowledged_late() {
    for silent in [false, true] {
        let bus = one(|hopper| (hopper.pin, hopper.silent_without_pin) = (Some([1, 2, 3, 4]), silent));
        let mut host = enabled(&bus).await;
        assert_eq!(host.data(3, 163, &[]).await[1], flags::PIN_ON);
        let refused = if silent { None } else { Some((5, vec![])) };
        assert_eq!(host.ask(3, 167, &[1]).await, refused);
        let start = tokio::time::Instant::now();
        host.ack(3, 218, &[4, 3, 2, 1]).await;
        assert!(start.elapsed() >= Duration::from_millis(235));
        assert_eq!(host.ask(3, 167, &[1]).await, refused);
        host.ack(3, 218, &[1, 2, 3, 4]).await;
        assert_eq!(host.data(3, 167, &[1]).await, [1]);
    }
}

#[tokio::test(start_paused = true)]
async fn models_differ_in_refused_counts_reply_and_single_coins() {
    let bus = one(|hopper| {
        hopper.counts_refused = true;
        hopper.power_up_flag = false;
        hopper.dispense_reply = DispenseReply::Ack;
        hopper.single_coin = true;
    });
    let mut host = Host::plug(&bus);
    assert_eq!(host.data(3, 163, &[]).await, [flags::DISABLED, flags::SINGLE_COIN, 0]);
    assert_eq!(host.ask(3, 167, &[1]).await, Some((5, vec![])));
    assert_eq!(status(&mut host).await[0], 1);
    host.ack(3, 164, &[165]).await;
    assert_eq!(host.ask(3, 167, &[2]).await, Some((5, vec![])));
    host.ack(3, 167, &[1]).await;
    assert_eq!(status(&mut host).await[0], 3);
}

#[tokio::test(start_paused = true)]
async fn refusals_disabling_and_the_power_flag_can_be_switched() {
    let bus = one(|_| {});
    let mut host = enabled(&bus).await;
    fault(&bus, r#"{"nak":{"times":1}}"#);
    assert_eq!(host.ask(3, 167, &[1]).await, Some((5, vec![])));
    assert_eq!(host.data(3, 167, &[1]).await, [1]);
    bus.wait_until_still().await;
    fault(&bus, r#""disabled""#);
    assert_eq!(host.data(3, 163, &[]).await[0], flags::DISABLED);
    fault(&bus, r#""power-lost-flag""#);
    assert_eq!(host.data(3, 163, &[]).await[2], flags::POWER_LOST);
    fault(&bus, r#""silent""#);
    assert_eq!(host.ask(3, 254, &[]).await, None);
    fault(&bus, r#""clear""#);
    host.ack(3, 254, &[]).await;
}

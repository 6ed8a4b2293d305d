//! The coin acceptor's byte dialogues (reference 1.1-1.4, 1.9).

mod host;

use std::time::Duration;

use host::{Host, SILENCE, bus};
use simulators::Fault;
use simulators::cctalk::{CashBus, CashConfig, CoinAcceptorConfig, CoinPlace, HopperConfig};
use tokio::time::sleep;

fn fault(bus: &CashBus, what: &str) {
    let json = format!(r#"{{"device":"coin-acceptor","fault":{what}}}"#);
    bus.fault(serde_json::from_str::<Fault>(&json).unwrap()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_documents_frames_get_the_documents_answers() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    let reply = host.raw(&[2, 0, 1, 245, 8]).await;
    assert_eq!(reply[..4], [1, 13, 2, 0]);
    assert_eq!(&reply[4..17], b"Coin Acceptor");
    assert_eq!(host.raw(&[2, 2, 1, 231, 255, 255, 22]).await, [1, 0, 2, 0, 253]);
    assert_eq!(host.raw(&[2, 2, 1, 231, 255, 255, 23]).await, SILENCE);
}

#[tokio::test(start_paused = true)]
async fn after_a_reset_master_is_on_and_the_mask_is_empty() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    assert_eq!(host.data(2, 227, &[]).await, [1]);
    assert_eq!(host.data(2, 230, &[]).await, [0, 0]);
    host.enable_coins().await;
    host.poll_coins().await;
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::CashBox);
    assert_eq!(host.poll_coins().await[..3], [1, 7, 0]);
    host.ack(2, 1, &[]).await;
    assert_eq!(host.raw(&[2, 0, 1, 245, 8]).await.len(), 0, "deaf");
    sleep(Duration::from_millis(250)).await;
    assert_eq!(host.poll_coins().await, [0; 11]);
    assert_eq!(host.data(2, 230, &[]).await, [0, 0]);
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::Returned);
    assert_eq!(host.poll_coins().await[..3], [1, 0, 2]);
}

#[tokio::test(start_paused = true)]
async fn coins_are_known_by_their_ids_and_credited_by_position() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    let mut ids = Vec::new();
    for position in 1..=9 {
        ids.push(String::from_utf8(host.data(2, 184, &[position]).await).unwrap());
    }
    let expected = ["EU001A", "EU002A", "EU005A", "EU010A", "EU020A", "EU050A", "EU100A", "EU200A", "......"];
    assert_eq!(ids, expected);
    host.enable_coins().await;
    for (position, cents) in (1..).zip([1, 2, 5, 10, 20, 50, 100, 200]) {
        host.poll_coins().await;
        assert_eq!(bus.insert_coin_and_wait(cents).await, CoinPlace::CashBox);
        assert_eq!(host.poll_coins().await[..3], [position, position, 0]);
    }
    assert_eq!(bus.insert_coin_and_wait(333).await, CoinPlace::Returned);
    assert_eq!(host.poll_coins().await[1..3], [0, 1]);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn not_polled_for_a_second_it_refuses_coins_and_lifts_that_by_itself() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_coins().await;
    host.poll_coins().await;
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(bus.insert_coin_and_wait(50).await, CoinPlace::Returned);
    assert_eq!(host.poll_coins().await[..3], [1, 0, 2]);
    assert_eq!(bus.insert_coin_and_wait(50).await, CoinPlace::CashBox);
}

#[tokio::test(start_paused = true)]
async fn six_coins_between_two_polls_leave_one_event_unreadable() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_coins().await;
    host.poll_coins().await;
    fault(&bus, r#"{"counter-jump":{"to":252}}"#);
    fault(&bus, r#"{"six-coins":{"cents":200}}"#);
    assert_eq!(host.poll_coins().await, [3, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0]);
    assert_eq!(bus.truth().coins_to_cash_box.of(200), 6);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_swallowed_coin_is_kept_without_credit() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_coins().await;
    host.poll_coins().await;
    fault(&bus, r#"{"swallow-coin":{"reported":true}}"#);
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::CashBox);
    assert_eq!(host.poll_coins().await[..3], [1, 0, 36]);
    fault(&bus, r#"{"swallow-coin":{"reported":false}}"#);
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::CashBox);
    assert_eq!(host.poll_coins().await[0], 1);
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::CashBox);
    assert_eq!(host.poll_coins().await[..3], [2, 7, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_blocked_sorter_and_an_open_lever_refuse_coins_until_cleared() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_coins().await;
    host.poll_coins().await;
    fault(&bus, r#""sorter-blocked""#);
    assert_eq!(host.poll_coins().await[..3], [1, 0, 15]);
    assert_eq!(host.data(2, 232, &[]).await, [8]);
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::Returned);
    fault(&bus, r#""clear""#);
    fault(&bus, r#""lever-open""#);
    assert_eq!(host.data(2, 248, &[]).await, [1]);
    fault(&bus, r#""clear""#);
    assert_eq!(host.data(2, 248, &[]).await, [0]);
    assert_eq!(host.data(2, 232, &[]).await, [0]);
    host.poll_coins().await;
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::CashBox);
}

#[tokio::test(start_paused = true)]
async fn the_sorter_fills_the_hopper_of_that_value_until_it_is_full() {
    let mut acceptor = CoinAcceptorConfig::default();
    acceptor.coins[5].path = 1;
    let mut hopper = HopperConfig::new(3, 50);
    (hopper.coins, hopper.capacity) = (9, 10);
    let config = CashConfig {
        validator: None,
        coin_acceptor: Some(acceptor),
        hoppers: vec![hopper, HopperConfig::new(4, 100)],
        echo: true,
    };
    let bus = CashBus::new(config);
    let mut host = Host::plug(&bus);
    host.enable_coins().await;
    for place in [CoinPlace::Hopper, CoinPlace::CashBox] {
        host.poll_coins().await;
        assert_eq!(bus.insert_coin_and_wait(50).await, place);
    }
    assert_eq!(host.poll_coins().await[..5], [2, 6, 1, 6, 1]);
    host.poll_coins().await;
    assert_eq!(bus.insert_coin_and_wait(100).await, CoinPlace::CashBox, "no path is set for 1 €");
    assert_eq!(bus.snapshot().hoppers[0].coins, 10);
    bus.check_conservation().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_handful_of_coins_passes_one_after_the_other() {
    let bus = bus();
    let mut host = Host::plug(&bus);
    host.enable_coins().await;
    host.poll_coins().await;
    for _ in 0..4 {
        bus.insert_coin(20);
    }
    sleep(Duration::from_millis(500)).await;
    assert_eq!(host.poll_coins().await[0], 1);
    sleep(Duration::from_millis(400)).await;
    assert_eq!(host.poll_coins().await[..9], [4, 5, 0, 5, 0, 5, 0, 5, 0]);
}

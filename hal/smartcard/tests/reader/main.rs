//! The reader's task over a service in memory, with a paused clock.
mod memory;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hal_device::Status;
use hal_smartcard::reader::{CardEvent, Cards, Protocol, ReaderConfig};
use hal_smartcard::{Card, CardError};
use memory::{ATR, Memory, Service, reader, with_card, with_mute_card};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

struct Kiosk {
    memory: Memory,
    cards: Cards,
    events: mpsc::Receiver<CardEvent>,
    beats: Arc<AtomicU64>,
}

impl Kiosk {
    fn new(config: ReaderConfig, service: Service) -> Kiosk {
        let memory = Memory::default();
        *memory.lock() = service;
        let (cards, mut task) = Cards::new(Arc::new(memory.clone()), config);
        let (sender, events) = mpsc::channel(8);
        let beats = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&beats);
        tokio::spawn(async move {
            let beat = move || {
                count.fetch_add(1, Ordering::Relaxed);
            };
            task.run(&sender, &beat).await
        });
        Kiosk { memory, cards, events, beats }
    }

    fn with(readers: Vec<hal_smartcard::reader::ReaderState>) -> Kiosk {
        Kiosk::new(ReaderConfig::default(), Service { readers, ..Service::default() })
    }

    async fn event(&mut self) -> CardEvent {
        timeout(Duration::from_secs(60), self.events.recv()).await.expect("an event in time").unwrap()
    }

    async fn status(&self, wanted: impl Fn(&Status) -> bool) -> Status {
        let mut status = self.cards.status();
        let found = timeout(Duration::from_secs(60), status.wait_for(wanted)).await;
        found.expect("the status in time").unwrap().clone()
    }
}

fn inserted() -> CardEvent {
    CardEvent::Inserted { atr: ATR.to_vec() }
}

fn reason(status: &Status) -> &str {
    match status {
        Status::OutOfService(reason) => &reason.id,
        _ => "",
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_comes_is_served_and_goes() {
    let mut kiosk = Kiosk::with(vec![reader("slot")]);
    kiosk.status(|status| *status == Status::Ready).await;
    kiosk.memory.change(|service| service.readers = vec![with_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    let mut session = kiosk.cards.connect().await.unwrap();
    assert_eq!(session.atr(), ATR);
    assert_eq!(session.transmit(&[0, 0xA4, 0, 0, 0]).await.unwrap(), [0x90, 0x00]);
    drop(session);
    kiosk.memory.change(|service| service.readers = vec![reader("slot")]);
    assert_eq!(kiosk.event().await, CardEvent::Removed);
    assert_eq!(kiosk.memory.log(), ["open", "power slot", "transmit [00, A4, 00, 00, 00]", "reset"]);
}

#[tokio::test(start_paused = true)]
async fn a_reader_plugged_later_is_found_and_one_unplugged_is_absent() {
    let mut kiosk = Kiosk::with(Vec::new());
    sleep(Duration::from_secs(10)).await;
    assert_eq!(*kiosk.cards.status().borrow(), Status::Absent);
    kiosk.memory.change(|service| service.readers = vec![with_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    kiosk.memory.change(|service| service.readers.clear());
    assert_eq!(kiosk.event().await, CardEvent::Removed);
    kiosk.status(|status| *status == Status::Absent).await;
    assert_eq!(kiosk.cards.connect().await.err(), Some(CardError::ReaderGone));
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_reports_nothing_is_looked_at_every_two_seconds() {
    let service = Service { readers: vec![with_card("slot", 1)], deaf: true, ..Service::default() };
    let mut kiosk = Kiosk::new(ReaderConfig::default(), service);
    assert_eq!(kiosk.event().await, inserted());
    let before = Instant::now();
    kiosk.memory.change(|service| service.readers.clear());
    assert_eq!(kiosk.event().await, CardEvent::Removed);
    assert!(before.elapsed() <= Duration::from_millis(2100), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn two_readers_plugged_together_are_looked_at_until_the_list_is_stable() {
    let config = ReaderConfig { name: Some("contact 01".to_owned()) };
    let service = Service {
        passing: vec![vec![reader("contactless 00")]],
        readers: vec![reader("contactless 00"), with_card("contact 01", 1)],
        ..Service::default()
    };
    let mut kiosk = Kiosk::new(config, service);
    assert_eq!(kiosk.event().await, inserted());
    kiosk.cards.connect().await.unwrap();
    assert!(kiosk.memory.log().contains(&"power contact 01".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_restarts_is_opened_again_and_its_card_told_again() {
    let mut kiosk = Kiosk::with(vec![with_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    kiosk.memory.change(|service| service.stopped = true);
    assert_eq!(kiosk.event().await, CardEvent::Removed);
    let status = kiosk.status(|status| matches!(status, Status::OutOfService(_))).await;
    assert_eq!(reason(&status), "no-service");
    assert_eq!(kiosk.cards.connect().await.err(), Some(CardError::ReaderGone));
    sleep(Duration::from_secs(60)).await;
    let opened = kiosk.memory.log().len();
    assert!((5..20).contains(&opened), "{opened} tries in a minute");
    kiosk.memory.change(|service| service.stopped = false);
    assert_eq!(kiosk.event().await, inserted());
    kiosk.status(|status| *status == Status::Ready).await;
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_out_of_service_within_seconds_and_the_task_still_beats() {
    let mut kiosk = Kiosk::with(vec![with_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    let (before, beats) = (Instant::now(), kiosk.beats.load(Ordering::Relaxed));
    kiosk.memory.change(|service| service.states_hang = true);
    let status = kiosk.status(|status| matches!(status, Status::OutOfService(_))).await;
    assert_eq!(reason(&status), "hung");
    assert!(before.elapsed() <= Duration::from_millis(7100), "{:?}", before.elapsed());
    let beaten = kiosk.beats.load(Ordering::Relaxed) - beats;
    assert!(beaten >= 2 * before.elapsed().as_secs(), "{beaten} beats");
    assert_eq!(kiosk.event().await, CardEvent::Removed);
    assert_eq!(kiosk.cards.connect().await.err(), Some(CardError::Hung(5)));
    kiosk.memory.change(|service| service.states_hang = false);
    assert_eq!(kiosk.event().await, inserted());
}

#[tokio::test(start_paused = true)]
async fn a_card_that_never_answers_is_given_up_with_its_service() {
    let mut kiosk = Kiosk::with(vec![with_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    kiosk.memory.lock().transmit_hangs = true;
    let mut session = kiosk.cards.connect().await.unwrap();
    let before = Instant::now();
    assert_eq!(session.transmit(&[0; 4]).await, Err(CardError::Hung(20)));
    assert_eq!(before.elapsed().as_secs(), 20);
    assert_eq!(session.transmit(&[0; 4]).await, Err(CardError::Hung(20)), "at once");
    let status = kiosk.status(|status| matches!(status, Status::OutOfService(_))).await;
    assert_eq!(reason(&status), "hung");
    drop(session);
    kiosk.status(|status| *status == Status::Ready).await;
    kiosk.memory.lock().transmit_hangs = false;
    assert!(kiosk.cards.connect().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_session_is_alone_and_the_next_one_finds_the_card_reset() {
    let mut kiosk = Kiosk::with(vec![with_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    let session = kiosk.cards.connect().await.unwrap();
    assert_eq!(kiosk.cards.connect().await.err(), Some(CardError::InUse));
    drop(session);
    kiosk.cards.connect().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(kiosk.memory.log(), ["open", "power slot", "reset", "power slot", "reset"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_given_up_ends_its_session() {
    let mut kiosk = Kiosk::with(vec![with_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    kiosk.memory.lock().transmit_hangs = true;
    let mut session = kiosk.cards.connect().await.unwrap();
    assert!(timeout(Duration::from_secs(1), session.transmit(&[0; 4])).await.is_err());
    kiosk.memory.lock().transmit_hangs = false;
    assert_eq!(session.transmit(&[0; 4]).await, Err(CardError::Interrupted));
}

#[tokio::test(start_paused = true)]
async fn a_card_pulled_or_reset_in_mid_dialogue_ends_its_session() {
    for error in [CardError::Removed, CardError::Reset] {
        let mut kiosk = Kiosk::with(vec![with_card("slot", 1)]);
        assert_eq!(kiosk.event().await, inserted());
        kiosk.memory.lock().answers = vec![Err(error.clone())];
        let mut session = kiosk.cards.connect().await.unwrap();
        assert_eq!(session.transmit(&[0; 4]).await, Err(error.clone()));
        assert_eq!(session.transmit(&[0; 4]).await, Err(error));
    }
}

#[tokio::test(start_paused = true)]
async fn a_mute_card_is_powered_once_more_and_then_told() {
    let service = Service {
        readers: vec![with_mute_card("slot", 1)],
        powers: vec![CardError::Mute],
        ..Service::default()
    };
    let mut kiosk = Kiosk::new(ReaderConfig::default(), service);
    assert_eq!(kiosk.event().await, CardEvent::Mute);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(kiosk.memory.log(), ["open", "power slot"], "once");
    kiosk.memory.change(|service| service.readers = vec![reader("slot")]);
    assert_eq!(kiosk.event().await, CardEvent::Removed);
}

#[tokio::test(start_paused = true)]
async fn a_card_pushed_in_fast_answers_the_second_time() {
    let mut kiosk = Kiosk::with(vec![with_mute_card("slot", 1)]);
    assert_eq!(kiosk.event().await, inserted());
    kiosk.memory.lock().powers = vec![CardError::Mute];
    assert!(kiosk.cards.connect().await.is_ok());
    kiosk.memory.lock().powers = vec![CardError::Mute, CardError::Mute];
    sleep(Duration::from_secs(1)).await;
    assert_eq!(kiosk.cards.connect().await.err(), Some(CardError::Mute));
}

#[tokio::test(start_paused = true)]
async fn a_card_of_characters_gets_no_le_behind_its_data() {
    let service =
        Service { readers: vec![with_card("slot", 1)], protocol: Some(Protocol::T0), ..Service::default() };
    let mut kiosk = Kiosk::new(ReaderConfig::default(), service);
    assert_eq!(kiosk.event().await, inserted());
    let mut session = kiosk.cards.connect().await.unwrap();
    session.transmit(&[0, 0xA4, 4, 0, 1, 7, 0]).await.unwrap();
    assert!(kiosk.memory.log().contains(&"transmit [00, A4, 04, 00, 01, 07]".to_owned()));
}

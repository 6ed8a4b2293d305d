//! Dialogues of the documents, byte for byte, held with the whole driver. The frames stand in `dialogues/*.txt`; their
//! checksums were computed apart from this crate, and two other implementations read each of them.
//!
//! `@` begins a scene. `~` is a question that may come at any time and any number of times; `=` are requests that
//! must come exactly once and in this order. Whatever else the driver sends fails the test.
mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cc_talk_core::cc_talk::{ChecksumType, Packet, deserializer::deserialize};
use cctalk::protocol::{ChecksumType as OtherChecksum, Message};
use common::kiosk::{Kiosk, config, everything, simulate};
use common::raw::Raw;
use hal_cctalk::codec::{decode, encode};
use hal_cctalk::{
    Acceptance, BusConfig, CashError, CashEvent, Checksum, Device, Dispensed, EventMark, HopperBaseline,
    Route,
};
use hal_device::{Cents, Status};

const NOTE: &str = include_str!("dialogues/note-escrow-stack.txt");
const DISOBEYED: &str = include_str!("dialogues/enable-disobeyed.txt");
const STACKER: &str = include_str!("dialogues/stacker-full.txt");
const COIN: &str = include_str!("dialogues/coin-credit.txt");
const PAYOUT: &str = include_str!("dialogues/hopper-payout.txt");
const REPLY_LOST: &str = include_str!("dialogues/hopper-reply-lost.txt");

#[derive(Clone, Debug)]
struct Exchange {
    ordered: bool,
    request: Vec<u8>,
    reply: Vec<u8>,
}

fn bytes(hex: &str) -> Vec<u8> {
    let frame = hex.split("  ").next().unwrap();
    frame.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

/// The exchanges of each scene.
fn scenes(text: &str) -> Vec<(String, Vec<Exchange>)> {
    let mut scenes: Vec<(String, Vec<Exchange>)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("@ ") {
            scenes.push((name.to_owned(), Vec::new()));
        } else if let Some((kind, exchange)) = line.split_at_checked(2).filter(|(kind, _)| *kind != "# ") {
            let (request, reply) = exchange.split_once(" >").unwrap();
            // One space before an answer; more before a remark.
            let reply = reply.strip_prefix(' ').unwrap_or(reply);
            let exchange = Exchange { ordered: kind == "= ", request: bytes(request), reply: bytes(reply) };
            scenes.last_mut().unwrap().1.push(exchange);
        }
    }
    scenes
}

#[derive(Default)]
struct Stage {
    name: String,
    exchanges: Vec<Exchange>,
    /// How many of the ordered ones have come.
    done: usize,
    wrong: Vec<String>,
}

impl Stage {
    fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let mut ordered = self.exchanges.iter().filter(|exchange| exchange.ordered).skip(self.done);
        if let Some(next) = ordered.next().filter(|next| next.request == request) {
            self.done += 1;
            return next.reply.clone();
        }
        let free = self.exchanges.iter().find(|exchange| !exchange.ordered && exchange.request == request);
        match free {
            Some(exchange) => exchange.reply.clone(),
            None => {
                self.wrong.push(format!("{}: {request:02X?} after {} requests", self.name, self.done));
                Vec::new()
            }
        }
    }
}

/// The far side of the wire, and the scenes it can play.
struct Play {
    stage: Arc<Mutex<Stage>>,
    scenes: Vec<(String, Vec<Exchange>)>,
}

impl Play {
    fn scene(&self, name: &str) {
        self.over();
        let (_, exchanges) = self.scenes.iter().rev().find(|(scene, _)| scene == name).unwrap();
        *self.stage.lock().unwrap() =
            Stage { name: name.to_owned(), exchanges: exchanges.clone(), ..Stage::default() };
    }

    /// All that had to come in this scene came, and nothing else.
    fn over(&self) {
        let stage = self.stage.lock().unwrap();
        assert_eq!(stage.wrong, Vec::<String>::new());
        let wanted = stage.exchanges.iter().filter(|exchange| exchange.ordered).count();
        assert_eq!(stage.done, wanted, "{}", stage.name);
    }
}

/// A driver that has gone through the scene `start`.
async fn started(texts: &[&str], only: impl FnOnce(&mut BusConfig)) -> (Play, Kiosk) {
    let stage = Arc::new(Mutex::new(Stage::default()));
    let play = Play { stage: stage.clone(), scenes: texts.iter().flat_map(|text| scenes(text)).collect() };
    play.scene("start");
    let mut devices = BusConfig { validator: None, coin_acceptor: None, hoppers: Vec::new(), ..config() };
    only(&mut devices);
    let port = Raw::new(move |request| stage.lock().unwrap().answer(request));
    let kiosk = Kiosk::over(Arc::new(port), devices);
    kiosk.settle().await;
    (play, kiosk)
}

fn notes() -> Acceptance {
    Acceptance { coins: BTreeSet::new(), ..everything() }
}

fn coins() -> Acceptance {
    Acceptance { notes: BTreeSet::new(), ..everything() }
}

async fn validator(more: &str) -> (Play, Kiosk) {
    started(&[NOTE, more], |devices| devices.validator = config().validator).await
}

async fn hopper(more: &str) -> (Play, Kiosk) {
    started(&[PAYOUT, more], |devices| devices.hoppers = config().hoppers).await
}

const SHORT: Duration = Duration::from_secs(2);

#[test]
fn a_note_is_held_stacked_and_only_then_money() {
    simulate(async {
        let (play, mut kiosk) = validator("").await;
        assert_eq!(kiosk.status().validator.status, Status::Ready);
        play.scene("accept");
        kiosk.bus.accept(notes()).await.unwrap();
        let mark = |counter| EventMark { serial: 4660, counter };
        let value = Cents(2000);
        play.scene("note held");
        assert_eq!(kiosk.events_of(SHORT).await, [CashEvent::NoteEscrowed { value, mark: mark(1) }]);
        play.scene("stack");
        kiosk.bus.route(Route::Stack).await.unwrap();
        assert_eq!(kiosk.events_of(SHORT).await, [], "an acknowledged route is no money");
        play.scene("stacked");
        assert_eq!(kiosk.events_of(SHORT).await, [CashEvent::NoteStacked { value, mark: mark(2) }]);
        play.over();
    });
}

#[test]
fn an_enable_that_is_acknowledged_and_not_done_is_given_three_times() {
    simulate(async {
        let (play, kiosk) = validator(DISOBEYED).await;
        play.scene("enable");
        let asked = tokio::time::Instant::now();
        kiosk.bus.accept(notes()).await.unwrap();
        assert!(asked.elapsed() <= SHORT, "{:?}", asked.elapsed());
        assert_eq!(kiosk.status().accepting, [500, 1000, 2000].map(Cents).into());
        play.over();
    });
}

#[test]
fn a_validator_that_never_obeys_is_asked_no_more() {
    simulate(async {
        let (play, mut kiosk) = validator(DISOBEYED).await;
        play.scene("off for ever");
        let refused = kiosk.bus.accept(notes()).await;
        assert!(matches!(refused, Err(CashError::Disobeyed(Device::Validator, _))), "{refused:?}");
        assert_eq!(kiosk.status().accepting, BTreeSet::new());
        kiosk.events_of(SHORT).await;
        play.over();
    });
}

#[test]
fn a_full_stacker_puts_the_validator_out_of_service_until_it_is_back() {
    simulate(async {
        let (play, mut kiosk) = validator(STACKER).await;
        play.scene("accept");
        kiosk.bus.accept(notes()).await.unwrap();
        play.scene("stacker full");
        kiosk.events_of(SHORT).await;
        let status = kiosk.status().validator.status;
        assert!(matches!(&status, Status::OutOfService(reason) if reason.id == "stacker-full"), "{status:?}");
        assert_eq!(kiosk.status().accepting, BTreeSet::new());
        play.scene("stacker back");
        kiosk.events_of(SHORT).await;
        assert_eq!(kiosk.status().validator.status, Status::Ready);
        play.over();
    });
}

#[test]
fn a_coin_is_credited_and_what_cannot_be_read_any_more_is_told() {
    simulate(async {
        let (play, mut kiosk) =
            started(&[COIN], |devices| devices.coin_acceptor = config().coin_acceptor).await;
        play.scene("accept");
        kiosk.bus.accept(coins()).await.unwrap();
        let coin = |value, path, counter| CashEvent::CoinAccepted {
            value: Cents(value),
            path,
            mark: EventMark { serial: 22136, counter },
        };
        play.scene("one coin");
        assert_eq!(kiosk.events_of(SHORT).await, [coin(100, 2, 1)]);
        play.scene("six more");
        let told = kiosk.events_of(Duration::from_millis(900)).await;
        assert_eq!(told[0], CashEvent::EventsLost { device: Device::CoinAcceptor, count: 1 }, "{told:?}");
        assert_eq!(told[1..6], [3, 4, 5, 6, 7].map(|counter| coin(10, 1, counter)));
        assert_eq!(kiosk.status().coins, [10, 20, 50, 100, 200].map(Cents).into());
    });
}

const BASELINE: HopperBaseline = HopperBaseline { serial: 0x0A_0B_0C, counter: 7, dispensed: 1000 };

#[test]
fn three_coins_are_paid_and_proven_by_two_counters() {
    simulate(async {
        let (play, kiosk) = hopper("").await;
        play.scene("baseline");
        assert_eq!(kiosk.bus.baseline(0).await, Ok(BASELINE));
        play.scene("dispense");
        assert_eq!(kiosk.bus.dispense(0, BASELINE, 3).await, Ok(Dispensed::Paid { coins: 3, short: None }));
        play.over();
    });
}

#[test]
fn a_dispense_without_an_answer_is_never_given_twice_while_it_may_have_been_taken() {
    for scene in ["dispense", "dispense not heard"] {
        simulate(async {
            let (play, kiosk) = hopper(REPLY_LOST).await;
            play.scene(scene);
            let paid = kiosk.bus.dispense(0, BASELINE, 3).await;
            assert_eq!(paid, Ok(Dispensed::Paid { coins: 3, short: None }), "{scene}");
            play.over();
        });
    }
}

#[test]
fn every_frame_of_the_dialogues_is_read_alike_by_three_implementations() {
    let mut frames = 0;
    for text in [NOTE, DISOBEYED, STACKER, COIN, PAYOUT, REPLY_LOST] {
        for exchange in scenes(text).into_iter().flat_map(|(_, exchanges)| exchanges) {
            let crc = matches!(exchange.request[0], 40);
            let (ours, peers, others) = if crc {
                (Checksum::Crc16, ChecksumType::Crc16, OtherChecksum::CRCChecksum)
            } else {
                (Checksum::Simple, ChecksumType::Crc8, OtherChecksum::SimpleChecksum)
            };
            for bytes in [exchange.request, exchange.reply] {
                if bytes.is_empty() {
                    continue;
                }
                frames += 1;
                let (frame, used) = decode(&bytes, ours).unwrap().unwrap();
                assert_eq!((used, encode(&frame, ours).as_slice()), (bytes.len(), &bytes[..]));
                let mut packet = Packet::new(bytes.clone());
                assert!(deserialize(&mut packet, peers).is_ok(), "{bytes:02X?}");
                assert_eq!(packet.get_data().unwrap(), frame.data.as_slice());
                let other = Message::decode(&mut bytes.clone()).unwrap();
                assert_eq!(std::mem::discriminant(&other.checksum_type), std::mem::discriminant(&others));
                assert_eq!(
                    (other.destination, other.payload.header.to_u8()),
                    (frame.destination, frame.header)
                );
                assert_eq!(other.payload.data, frame.data.as_slice());
                assert_eq!(other.encode(), bytes);
            }
        }
    }
    assert!(frames > 150, "{frames}");
}

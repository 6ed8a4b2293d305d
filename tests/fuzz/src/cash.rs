//! ccTalk: frames, the way back to step after noise, replies, and the whole driver at a lying bus.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use hal_cctalk::codec::{Assembler, Data, EchoMode, Frame, GAP, HOST, decode, encode};
use hal_cctalk::command::{Command, Reply, RouteCode};
use hal_cctalk::events::{READABLE, Since, adopt, since};
use hal_cctalk::hopper::Flags;
use hal_cctalk::ids::{Ids, Scaling, coin_value, note_value};
use hal_cctalk::{
    Acceptance, BusConfig, CashBus, Checksum, Echo, EventMark, HopperConfig, HopperModel, Place, Resume,
    Route,
};
use hal_device::Cents;
use simulators::cctalk as simulated;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::middle::{Answers, Middle};
use super::simulate;

const CHECKSUMS: [Checksum; 2] = [Checksum::Simple, Checksum::Crc16];

/// Any bytes as a frame, and as what comes in pieces and with silences behind a request.
pub fn cctalk_frame(data: &[u8]) {
    for checksum in CHECKSUMS {
        if let Ok(Some((frame, used))) = decode(data, checksum) {
            assert_eq!(Some(encode(&frame, checksum).as_slice()), data.get(..used), "written as it was read");
        }
        for echo in [EchoMode::Absent, EchoMode::Unknown, EchoMode::Expected] {
            pieces(data, echo, checksum);
        }
    }
}

/// The first byte of each piece is its length (5 bits) and whether a silence came before it (bit 7).
fn pieces(data: &[u8], echo: EchoMode, checksum: Checksum) {
    let poll = Frame { destination: 40, source: Some(HOST), header: 254, data: Data::new() };
    let mut assembler = Assembler::new(encode(&poll, checksum), echo, checksum);
    let mut rest = data;
    while let [control, following @ ..] = rest {
        let (piece, after) = following.split_at(following.len().min(usize::from(control & 31)));
        let silence = if control & 0x80 == 0 { Duration::ZERO } else { GAP };
        match assembler.push(piece, silence) {
            Ok(Some(frame)) => assert!(!assembler.partial(), "nothing is left behind a reply: {frame:?}"),
            Ok(None) => {}
            // The driver waits for silence and begins a new one.
            Err(_) => return,
        }
        rest = after;
    }
    if echo == EchoMode::Absent {
        let source = (checksum == Checksum::Simple).then_some(40);
        let ack = Frame { destination: HOST, source, header: 0, data: Data::new() };
        let read = assembler.push(&encode(&ack, checksum), GAP);
        assert_eq!(read, Ok(Some(ack)), "after a silence the next frame is read whatever came before");
    }
}

fn commands() -> [Command; 30] {
    [
        Command::SimplePoll,
        Command::RequestStatus,
        Command::VariableSet,
        Command::Manufacturer,
        Command::Category,
        Command::Product,
        Command::Serial,
        Command::SelfCheck,
        Command::ModifyInhibits { mask: 0xFFFF, bytes: 2 },
        Command::RequestInhibits { bytes: 2 },
        Command::RequestInhibits { bytes: 4 },
        Command::CoinEvents,
        Command::ModifyMaster(true),
        Command::RequestMaster,
        Command::PayoutLevel,
        Command::CoinId(1),
        Command::EmergencyStop,
        Command::HopperCoin,
        Command::DispensedCount,
        Command::Dispense { security: [1, 2, 3].into_iter().collect(), coins: 5 },
        Command::HopperStatus,
        Command::EnableHopper(true),
        Command::TestHopper,
        Command::CipherKey,
        Command::BillEvents,
        Command::BillId(1),
        Command::CountryScaling,
        Command::RouteBill(RouteCode::Stack),
        Command::RequestBillMode,
        Command::Reset,
    ]
}

/// A reply of any content to each command: which command, asked address, source, header, data.
pub fn cctalk_reply(data: &[u8]) {
    let [which, address, source, header, content @ ..] = data else { return };
    let Ok(content) = Data::from_slice(content) else { return };
    let commands = commands();
    let command = &commands[usize::from(*which) % commands.len()];
    let frame = Frame { destination: HOST, source: Some(*source), header: *header, data: content };
    let Ok(reply) = command.parse(*address, &frame) else { return };
    assert!(source == address && *header == 0, "only a reply of the device asked is one");
    match reply {
        Reply::Events { counter, .. } => {
            let mark = Some(EventMark { serial: 7, counter: *address });
            let _ = adopt(mark, 7, counter, false);
            if let Since::New(count) = since(*address, counter) {
                assert!((1..=READABLE).contains(&count));
            }
        }
        Reply::Flags(bytes) => {
            for model in [HopperModel::Generic, HopperModel::Sch2, HopperModel::Flow] {
                let flags = Flags(bytes);
                let _ = (flags.needs_reset(model), flags.untrusted(model), flags.powered_up(model));
            }
        }
        Reply::Mask(mask) => {
            let mut ids = Ids::default();
            (0..=u8::MAX).for_each(|index| ids.push((index % 3 == 0).then_some(Cents(500))));
            assert!(ids.enabled(mask).len() <= 1);
        }
        Reply::Text(_) => {
            let euro = Scaling { factor: 100, decimals: 2 };
            for value in [coin_value(&frame.data), note_value(&frame.data, euro)].into_iter().flatten() {
                assert!((1..=50_000).contains(&value.0));
            }
        }
        _ => {}
    }
}

/// The whole driver, with what its devices say twisted on the way. First a byte that says whether the line echoes;
/// the rest is eaten answer by answer.
pub fn cctalk_bus(data: &[u8]) {
    let [first, rest @ ..] = data else { return };
    let (first, answers) = (*first, Answers::new(rest));
    simulate(async move {
        let devices = simulated::CashBus::new(simulated::CashConfig {
            echo: first & 1 == 1,
            hoppers: vec![simulated::HopperConfig::new(3, 100)],
            ..simulated::CashConfig::default()
        });
        let serve = devices.clone();
        let port = Middle::new(answers, move |line| {
            let devices = serve.clone();
            tokio::spawn(async move { devices.run(line).await });
        });
        let (bus, mut task) = CashBus::new(Arc::new(port), board(), Resume::default());
        let (sender, mut told) = mpsc::channel(1024);
        let running = tokio::spawn(async move { task.run(&sender, &|| {}).await });
        tokio::spawn(async move { while told.recv().await.is_some() {} });
        sleep(Duration::from_secs(8)).await;
        let all = || [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map(Cents).into_iter();
        let what = Acceptance { notes: all().collect(), coins: all().collect::<BTreeSet<_>>() };
        let ended = "the driver answers in the end";
        let _ = timeout(Duration::from_secs(600), bus.accept(what)).await.expect(ended);
        devices.insert_note(2000);
        devices.insert_coin(100);
        sleep(Duration::from_secs(3)).await;
        let route = if first & 2 == 0 { Route::Stack } else { Route::Return };
        let _ = timeout(Duration::from_secs(600), bus.route(route)).await.expect(ended);
        if let Ok(baseline) = timeout(Duration::from_secs(600), bus.baseline(0)).await.expect(ended) {
            let _ = timeout(Duration::from_secs(600), bus.dispense(0, baseline, 3)).await.expect(ended);
        }
        sleep(Duration::from_secs(20)).await;
        assert!(!running.is_finished(), "no answer ends the task");
        running.abort();
    });
}

fn board() -> BusConfig {
    BusConfig {
        echo: Echo::Auto,
        validator: Some(Place { address: 40, checksum: Checksum::Crc16 }),
        coin_acceptor: Some(Place { address: 2, checksum: Checksum::Simple }),
        hoppers: vec![HopperConfig {
            address: 3,
            checksum: Checksum::Simple,
            coin: Cents(100),
            security: Default::default(),
            model: Default::default(),
        }],
    }
}

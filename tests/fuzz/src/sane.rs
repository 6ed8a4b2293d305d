//! The scan service: what it answers, what its data connection carries, and the whole client against a service that
//! says anything.
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hal_device::{Line, OpenFuture};
use hal_sane::options::Options;
use hal_sane::page::{PageBuilder, Shape};
use hal_sane::wire::{
    Ack, ByteOrder, Constraint, ControlReply, Decoded, Descriptors, DevicesReply, InitReply, OpenReply,
    ParametersReply, Piece, Records, Reply, StartReply, decode,
};
use hal_sane::{Colour, RawPage, SanePort, ScanWish, Scanner, ScannerConfig, Source};
use simulators::saned::{Picture, Saned, SanedConfig, SanedSource, Sheet};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, copy, split};
use tokio::time::{sleep, timeout};

use super::input::Input;
use super::simulate;

/// Bytes as an answer of each kind, as a data connection, and as a page. The first byte chooses.
pub fn sane_wire(data: &[u8]) {
    let [first, rest @ ..] = data else { return };
    match first % 10 {
        0 => drop(whole::<InitReply>(rest)),
        1 => drop(whole::<DevicesReply>(rest)),
        2 => drop(whole::<OpenReply>(rest)),
        3 => drop(whole::<Ack>(rest)),
        4 => options(rest),
        5 => drop(whole::<ControlReply>(rest)),
        6 => drop(whole::<ParametersReply>(rest)),
        7 => drop(whole::<StartReply>(rest)),
        8 => records(rest),
        _ => page(rest),
    }
}

/// Read at once, and not whole before its last byte.
fn whole<R: Reply + PartialEq + std::fmt::Debug>(bytes: &[u8]) -> Option<R> {
    match decode::<R>(bytes) {
        Ok(Decoded::Whole(reply, used)) => {
            assert!(used <= bytes.len());
            let (cut, _) = bytes.split_at(used.saturating_sub(1));
            match decode::<R>(cut) {
                Ok(Decoded::More(count)) => assert!(cut.len() < count && count <= used, "{count} of {used}"),
                other => panic!("{other:?}"),
            }
            Some(reply)
        }
        Ok(Decoded::More(count)) => {
            assert!(bytes.len() < count && count <= hal_sane::wire::LONGEST_REPLY);
            None
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

fn options(bytes: &[u8]) {
    let Some(descriptors) = whole::<Descriptors>(bytes) else { return };
    let options = Options::from(descriptors);
    for only in [Source::Flatbed, Source::Feeder] {
        for source in options.sources(only) {
            assert!(options.at_source(source, only).is_some());
        }
    }
    for wanted in [0, 200, u16::MAX] {
        if let Some(taken) = options.resolutions().and_then(|all| all.taken(wanted)) {
            assert!((50..=1200).contains(&taken), "{taken}");
        }
        for name in ["resolution", "x-resolution", "br-x", "page-height", "tl-y"] {
            let values = [
                options.resolution(name, wanted),
                options.farthest(name, wanted, wanted),
                options.nearest(name),
            ];
            let Some((_, descriptor)) = options.find(name) else { continue };
            for word in values.into_iter().flatten().filter_map(|value| value.only()) {
                match &descriptor.constraint {
                    Constraint::Range { least, most, .. } if least <= most => {
                        assert!((*least..=*most).contains(&word), "{word} in {descriptor:?}");
                    }
                    Constraint::Words(words) => assert!(words.contains(&word), "{word} in {descriptor:?}"),
                    _ => {}
                }
            }
        }
    }
    let _ = (options.depth(), options.mode(Colour::Grey), options.mode(Colour::Colour), options.largest_mm());
}

fn records(bytes: &[u8]) {
    let read = |sizes: &mut dyn Iterator<Item = usize>| {
        let (mut records, mut rest, mut image, mut end) = (Records::new(), bytes, Vec::new(), None);
        while !rest.is_empty() && end.is_none() {
            let size = sizes.next().unwrap_or(1).clamp(1, rest.len());
            let (mut input, after) = rest.split_at(size);
            rest = after;
            loop {
                match records.next(&mut input) {
                    Ok(Some(Piece::Image(part))) => {
                        assert!(!part.is_empty());
                        image.extend_from_slice(part);
                    }
                    Ok(Some(Piece::End(status))) => end = Some(status),
                    Ok(None) => break,
                    Err(error) => return (image, end, Some(error)),
                }
            }
            assert_eq!(records.ended(), end.is_some());
        }
        (image, end, None)
    };
    let mut at = 0;
    let mut sizes = std::iter::from_fn(|| {
        at += 7;
        bytes.get(at % bytes.len().max(1)).map(|&byte| usize::from(byte))
    });
    assert_eq!(read(&mut sizes), read(&mut std::iter::repeat(1)));
}

/// Parameters, then rows.
fn page(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let order = match input.byte() % 3 {
        0 => None,
        1 => Some(ByteOrder::Little),
        _ => Some(ByteOrder::Big),
    };
    let mut builder: Option<PageBuilder> = None;
    for _ in 0..4 {
        // The status is of no interest here.
        let words = [&[0; 4], input.take(24)].concat();
        let Some(reply) = whole::<ParametersReply>(&words) else { return };
        let Ok(shape) = Shape::check(reply.parameters, order) else { return };
        match &mut builder {
            Some(builder) => {
                if builder.next_pass(shape).is_err() {
                    return;
                }
            }
            // Room that the fuzzer would count; bounded by the limits of a page.
            None if i64::from(reply.parameters.lines) * i64::from(reply.parameters.bytes_per_line)
                > 1 << 24 =>
            {
                return;
            }
            None => builder = PageBuilder::new(shape).ok(),
        }
        let Some(building) = &mut builder else { return };
        let count = usize::from(input.pair());
        let shorter = input.byte() & 1 == 1;
        let mut rows = input.take(count);
        while !rows.is_empty() {
            let (part, rest) = rows.split_at(rows.len().min(1 + usize::from(rows[0])));
            if building.push(part).is_err() {
                return;
            }
            rows = rest;
        }
        match building.end_frame(shorter) {
            Ok(true) => {
                if let Some(builder) = builder {
                    checked(&builder.finish(300));
                }
                return;
            }
            Ok(false) => {}
            Err(_) => return,
        }
    }
}

fn checked(page: &RawPage) {
    let RawPage { width, height, channels, dpi, pixels } = page;
    assert!((1..=20_000).contains(width) && (1..=40_000).contains(height) && (1..=1200).contains(dpi));
    assert!(*channels == 1 || *channels == 3);
    assert_eq!(pixels.len() as u64, u64::from(*width) * u64::from(*height) * u64::from(*channels));
}

/// The whole client scans while all that its service says, on both connections, is twisted on the way. The first byte
/// chooses the scanner.
pub fn sane_client(data: &[u8]) {
    let [first, rest @ ..] = data else { return };
    let (kind, port) = (*first, Arc::new(Twisted::new(*first, rest)));
    simulate(async move {
        let (scanner, mut task) = Scanner::new(port, ScannerConfig::default());
        let running = tokio::spawn(async move { task.run(&|| {}).await });
        let source = [Source::Flatbed, Source::Feeder, Source::FeederDuplex][usize::from(kind >> 2) % 3];
        let colour = if kind & 1 == 0 { Colour::Grey } else { Colour::Colour };
        for _ in 0..2 {
            // Until it was looked at; twisted looks may leave it out of service.
            let batch =
                timeout(Duration::from_secs(600), scanner.scan(ScanWish { source, colour, dpi: 200 })).await;
            let Ok(mut batch) = batch.expect("every wish has an answer") else {
                sleep(Duration::from_secs(20)).await;
                continue;
            };
            for number in 0.. {
                assert!(number < 40, "a batch without an end");
                let page = timeout(Duration::from_secs(1800), batch.next_page()).await;
                match page.expect("every page comes to an end") {
                    Ok(Some(page)) => checked(&page),
                    Ok(None) | Err(_) => break,
                }
            }
            timeout(Duration::from_secs(120), batch.cancel()).await.expect("every batch comes to an end");
        }
        assert!(!running.is_finished(), "no answer ends the task");
        running.abort();
    });
}

/// A simulated service with somebody on the wire.
struct Twisted {
    saned: Saned,
    bytes: Arc<Mutex<VecDeque<u8>>>,
}

impl Twisted {
    fn new(kind: u8, bytes: &[u8]) -> Twisted {
        let mut config = SanedConfig { record: 200, paper: kind & 2 != 0, ..SanedConfig::default() };
        config.three_pass = kind & 16 != 0;
        config.double_feed_switch = kind & 32 != 0;
        if kind & 64 != 0 {
            config.depths = vec![16, 1];
        }
        if kind & 128 != 0 {
            config.sources = vec![SanedSource::Feeder];
            config.resolutions = Vec::new();
        }
        let saned = Saned::new(config);
        saned.lay(Picture::marked(17, 23, 3, 1));
        saned.feed((1..=3).map(|seed| Sheet::from(Picture::marked(17, 23, 1, seed))));
        Twisted { saned, bytes: Arc::new(Mutex::new(bytes.iter().copied().collect())) }
    }

    /// Puts itself between the client and this line.
    fn between(&self, mut far: DuplexStream) -> Box<dyn Line> {
        let (near, ours) = tokio::io::duplex(4096);
        let bytes = Arc::clone(&self.bytes);
        tokio::spawn(async move {
            let (mut from_client, mut to_client) = split(ours);
            let (mut from_saned, mut to_saned) = split(&mut far);
            let forth = async {
                let _ = copy(&mut from_client, &mut to_saned).await;
                let _ = to_saned.shutdown().await;
            };
            let back = async {
                let mut buffer = [0; 512];
                while let Ok(count @ 1..) = from_saned.read(&mut buffer).await {
                    let mut answer: Vec<u8> = buffer.iter().take(count).copied().collect();
                    let silence = twist(&bytes, &mut answer);
                    sleep(Duration::from_secs(silence)).await;
                    if to_client.write_all(&answer).await.is_err() {
                        return;
                    }
                }
            };
            // Either end of the line ends it.
            tokio::select! { () = forth => {} () = back => {} }
        });
        Box::new(near)
    }
}

/// What becomes of one answer, and after how many seconds it comes. When the fuzzer's bytes are used up, answers pass.
fn twist(bytes: &Mutex<VecDeque<u8>>, answer: &mut Vec<u8>) -> u64 {
    let mut bytes = bytes.lock().expect("one thread");
    let mut next = || bytes.pop_front().unwrap_or(0);
    let kind = next();
    let at = usize::from(next()) % answer.len().max(1);
    match kind {
        0..=99 => {}
        100..=139 => {
            let with = next();
            answer.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= with);
        }
        140..=159 => {
            // A word, where words are.
            let word = [next(), next(), next(), next()];
            answer.iter_mut().skip(at / 4 * 4).zip(word).for_each(|(byte, new)| *byte = new);
        }
        160..=174 => answer.truncate(at),
        175..=189 => drop(answer.drain(at..(at + usize::from(kind - 174)).min(answer.len()))),
        190..=204 => {
            let new: Vec<u8> = (0..kind - 189).map(|_| next()).collect();
            drop(answer.splice(at..at, new));
        }
        205..=214 => answer.extend_from_within(at..),
        215..=224 => answer.clear(),
        225..=239 => *answer = (0..kind - 224).map(|_| next()).collect(),
        240..=255 => return u64::from(kind - 239) * 5,
    }
    0
}

impl SanePort for Twisted {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move { Ok(self.between(self.saned.connect()?)) })
    }

    fn open_data(&self, port: u16) -> OpenFuture<'_> {
        Box::pin(async move {
            let line = timeout(Duration::from_secs(60), self.saned.connect_data(port)).await;
            Ok(self.between(line.unwrap_or(Err(io::ErrorKind::TimedOut.into()))?))
        })
    }

    fn name(&self) -> &str {
        "twisted"
    }
}

//! The task on scripted readers: lines and keyboards that fall silent, are pulled, or are somebody else's.
use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hal_barcode::{
    Barcode, BarcodeTask, BarcodeTaskError, KeyEvent, KeyFuture, KeyPort, KeyStream, OpenKeys, Source,
};
use hal_device::{Line, OpenFuture, Port, Status};
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

const CODE: &str = "905210301490000123456651200266324000123450";

#[derive(Default)]
struct Lines(Mutex<VecDeque<DuplexStream>>);

impl Lines {
    fn plug(&self) -> DuplexStream {
        let (near, far) = tokio::io::duplex(4096);
        self.0.lock().unwrap().push_back(near);
        far
    }
}

impl Port for Lines {
    fn open(&self) -> OpenFuture<'_> {
        let line = self.0.lock().unwrap().pop_front();
        Box::pin(async move {
            let line = line.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
            Ok(Box::new(line) as Box<dyn Line>)
        })
    }
    fn name(&self) -> &str {
        "test reader"
    }
}

/// What an opening of the keyboard gives: its keys, or a failure.
type Opening = io::Result<mpsc::UnboundedReceiver<KeyEvent>>;

#[derive(Default)]
struct Keyboards(Mutex<VecDeque<Opening>>);

struct Keys(mpsc::UnboundedReceiver<KeyEvent>);

impl KeyStream for Keys {
    fn next(&mut self) -> KeyFuture<'_> {
        Box::pin(async { self.0.recv().await.ok_or_else(|| io::Error::from_raw_os_error(19)) })
    }
}

impl KeyPort for Keyboards {
    fn open(&self) -> OpenKeys<'_> {
        let opening = self.0.lock().unwrap().pop_front();
        Box::pin(async move {
            let keys = opening.unwrap_or_else(|| Err(io::ErrorKind::NotFound.into()))?;
            Ok(Box::new(Keys(keys)) as Box<dyn KeyStream>)
        })
    }
    fn name(&self) -> &str {
        "test keyboard"
    }
}

fn serial() -> (Barcode, BarcodeTask, Arc<Lines>) {
    let lines = Arc::new(Lines::default());
    let (barcode, task) = Barcode::new(Source::Serial(lines.clone()));
    (barcode, task, lines)
}

/// Runs a test beside the task; it gets the scans.
async fn beside(task: &mut BarcodeTask, test: impl AsyncFnOnce(&mut mpsc::Receiver<String>)) {
    let (sender, mut scans) = mpsc::channel(2);
    tokio::select! {
        biased;
        () = test(&mut scans) => {}
        ended = task.run(&sender, &|| {}) => panic!("the task ended: {ended:?}"),
    }
}

async fn until(barcode: &Barcode, wanted: impl Fn(&Status) -> bool) {
    let mut status = barcode.status();
    let found = timeout(Duration::from_secs(30), status.wait_for(wanted)).await;
    found.expect("no such status in 30 s").unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_scan_with_a_line_end_comes_at_once() {
    let (barcode, mut task, lines) = serial();
    let mut reader = lines.plug();
    beside(&mut task, async |scans| {
        until(&barcode, |status| *status == Status::Ready).await;
        let start = Instant::now();
        reader.write_all(format!("]C1{CODE}\r\n").as_bytes()).await.unwrap();
        assert_eq!(scans.recv().await.unwrap(), format!("]C1{CODE}"));
        assert_eq!(start.elapsed(), Duration::ZERO);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_scan_without_a_line_end_comes_after_50_ms_of_silence() {
    let (_barcode, mut task, lines) = serial();
    let mut reader = lines.plug();
    beside(&mut task, async |scans| {
        for part in [&CODE[..10], &CODE[10..20], &CODE[20..]] {
            reader.write_all(part.as_bytes()).await.unwrap();
            sleep(Duration::from_millis(40)).await;
        }
        assert!(scans.try_recv().is_err(), "the last part is 40 ms old");
        assert_eq!(scans.recv().await.unwrap(), CODE);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reader_pulled_in_mid_scan_comes_back_without_the_half_scan() {
    let (barcode, mut task, lines) = serial();
    let mut reader = lines.plug();
    beside(&mut task, async |scans| {
        reader.write_all(b"90521").await.unwrap();
        sleep(Duration::from_millis(5)).await;
        drop(reader);
        until(&barcode, |status| *status == Status::Absent).await;
        let mut reader = lines.plug();
        until(&barcode, |status| *status == Status::Ready).await;
        reader.write_all(b"90523\r").await.unwrap();
        assert_eq!(scans.recv().await.unwrap(), "90523");
        assert_eq!(barcode.dropped(), 5);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn noise_and_scans_that_nobody_takes_are_counted() {
    let (barcode, mut task, lines) = serial();
    let mut reader = lines.plug();
    beside(&mut task, async |scans| {
        reader.write_all(b"\xfe\xfe1\r2\r3\r4\r").await.unwrap();
        sleep(Duration::from_millis(10)).await;
        assert_eq!(barcode.dropped(), 4, "two bytes of noise, two scans without room");
        assert_eq!(scans.recv().await.unwrap(), "1");
        assert_eq!(scans.recv().await.unwrap(), "2");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_keyboard_types_a_scan_and_one_without_enter_is_dropped() {
    let keyboards = Arc::new(Keyboards::default());
    let (barcode, mut task) = Barcode::new(Source::Keyboard(keyboards.clone()));
    let (keys, opened) = mpsc::unbounded_channel();
    keyboards.0.lock().unwrap().push_back(Ok(opened));
    let press = |code| keys.send(KeyEvent::Key { code, down: true }).unwrap();
    beside(&mut task, async |scans| {
        until(&barcode, |status| *status == Status::Ready).await;
        press(2);
        press(3);
        sleep(Duration::from_secs(3)).await;
        assert_eq!(barcode.dropped(), 2);
        press(10);
        press(11);
        press(28);
        assert_eq!(scans.recv().await.unwrap(), "90");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_keyboard_that_another_program_holds_is_out_of_service_until_it_is_free() {
    let keyboards = Arc::new(Keyboards::default());
    let (barcode, mut task) = Barcode::new(Source::Keyboard(keyboards.clone()));
    let (_keys, opened) = mpsc::unbounded_channel();
    let openings = [Err(io::Error::from_raw_os_error(16)), Err(io::Error::from_raw_os_error(13)), Ok(opened)];
    keyboards.0.lock().unwrap().extend(openings);
    let reason =
        |id: &'static str| move |status: &Status| matches!(status, Status::OutOfService(r) if r.id == id);
    beside(&mut task, async |_| {
        until(&barcode, reason("in-use")).await;
        until(&barcode, reason("no-access")).await;
        until(&barcode, |status| *status == Status::Ready).await;
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_task_beats_while_nothing_is_scanned_and_ends_when_nobody_listens() {
    let (_barcode, mut task, lines) = serial();
    let _reader = lines.plug();
    let beats = AtomicU32::new(0);
    let beat = || {
        beats.fetch_add(1, Ordering::Relaxed);
    };
    let (sender, scans) = mpsc::channel(1);
    assert!(timeout(Duration::from_secs(10), task.run(&sender, &beat)).await.is_err());
    assert!(beats.load(Ordering::Relaxed) >= 20);
    drop(scans);
    assert_eq!(task.run(&sender, &beat).await, Err(BarcodeTaskError::Unused));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_opens_and_dies_at_once_is_not_opened_in_a_tight_loop() {
    let (_barcode, mut task, lines) = serial();
    for _ in 0..1000 {
        drop(lines.plug());
    }
    beside(&mut task, async |_| sleep(Duration::from_secs(60)).await).await;
    let opened = 1000 - lines.0.lock().unwrap().len();
    assert!((5..30).contains(&opened), "opened {opened} times in a minute");
}

//! Scripted printers: what they answer is set by each test; what they take is kept.
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hal_device::{Line, OpenFuture, Port, Status};
use hal_escpos::{Block, Document, Printer, PrinterConfig, PrinterModel, PrinterTask};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// What serves the far end of a line once it is opened.
pub type Serve = Box<dyn Fn(DuplexStream) + Send + Sync>;

/// A port with a printer behind it, or with nothing.
pub struct Socket {
    pub plugged: AtomicBool,
    pub serve: Serve,
}

impl Port for Socket {
    fn open(&self) -> OpenFuture<'_> {
        Box::pin(async move {
            if !self.plugged.load(Ordering::Relaxed) {
                return Err(io::Error::from(io::ErrorKind::NotFound));
            }
            let (near, far) = tokio::io::duplex(256);
            (self.serve)(far);
            Ok(Box::new(near) as Box<dyn Line>)
        })
    }
    fn name(&self) -> &str {
        "test printer"
    }
}

/// What a scripted Epson does.
pub struct Script {
    /// Answers to `DLE EOT` 1 to 4.
    pub status: [u8; 4],
    /// Whether it answers at all.
    pub answers: bool,
    /// Whether it knows `DLE DC4` 8.
    pub knows_clear: bool,
    /// Whether it returns the numbers of jobs.
    pub proves: bool,
    /// Whether it answers `GS r`.
    pub fences: bool,
    /// Paper ends once it has processed so many bytes.
    pub paper_ends_at: Option<usize>,
    /// Whether it takes no byte while it is offline.
    pub holds_offline: bool,
    /// How long it waits before each real-time answer.
    pub lag: Duration,
    /// Sent before each real-time answer: strays.
    pub stray: Vec<u8>,
    /// What it worked off: text and modes.
    pub processed: Vec<u8>,
    /// What it holds while it is offline.
    pub held: Vec<u8>,
    /// Real-time commands it got, but `DLE EOT`.
    pub real_time: Vec<Vec<u8>>,
    /// Numbers of jobs it was asked to prove.
    pub numbers: Vec<String>,
    reports: bool,
}

impl Script {
    fn new() -> Script {
        Script {
            status: [0x12; 4],
            answers: true,
            knows_clear: true,
            proves: true,
            fences: true,
            paper_ends_at: None,
            holds_offline: false,
            lag: Duration::ZERO,
            stray: Vec::new(),
            processed: Vec::new(),
            held: Vec::new(),
            real_time: Vec::new(),
            numbers: Vec::new(),
            reports: false,
        }
    }

    fn offline(&self) -> bool {
        self.status[0] & 0x08 != 0
    }

    /// A new roll: it works off what it held.
    pub fn refill(&mut self) {
        self.status = [0x12; 4];
        self.paper_ends_at = None;
    }

    /// All bytes that it took.
    pub fn taken(&self) -> Vec<u8> {
        [self.processed.as_slice(), &self.held].concat()
    }

    /// Text without commands, `~` for each cut.
    pub fn paper(&self) -> String {
        plain(&self.processed)
    }

    fn automatic(&self) -> [u8; 4] {
        let first = 0x10 | self.status[0] & 0x08 | (self.status[1] & 0x04) << 3;
        let third = self.status[3] >> 2 & 0x03 | self.status[3] >> 3 & 0x0C;
        [first, self.status[2] & 0x6C, third, 0]
    }
}

/// Takes `ESC` and `GS` commands of the fixed lengths that the crate sends out of a text.
pub fn plain(bytes: &[u8]) -> String {
    let mut rest = bytes;
    let mut text = String::new();
    loop {
        rest = match rest {
            [] => return text,
            [0x1B, b'@', rest @ ..] => rest,
            [0x1B, _, _, rest @ ..] => rest,
            [0x1D, b'V', 65, _, rest @ ..] => {
                text.push('~');
                rest
            }
            [0x1D, b'!', _, rest @ ..] => rest,
            [0, rest @ ..] => rest,
            [byte, rest @ ..] => {
                text.push(char::from(*byte));
                rest
            }
        };
    }
}

type Voice = Arc<Mutex<Option<mpsc::UnboundedSender<Vec<u8>>>>>;

#[derive(Clone)]
pub struct Peer {
    script: Arc<Mutex<Script>>,
    port: Arc<Socket>,
    say: Voice,
}

impl Peer {
    pub fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// Plugs the printer in.
    pub fn plug(&self) {
        self.port.plugged.store(true, Ordering::Relaxed);
    }

    /// Pulls the plug: the far end of the line goes away.
    pub fn unplug(&self) {
        self.port.plugged.store(false, Ordering::Relaxed);
        self.say.lock().unwrap().take();
    }

    /// Sends bytes of its own accord; also makes it look at its script again.
    pub fn say(&self, bytes: &[u8]) {
        if let Some(say) = self.say.lock().unwrap().as_ref() {
            let _ = say.send(bytes.to_vec());
        }
    }

    /// A new roll is put in.
    pub fn refill(&self) {
        self.script().refill();
        self.say(&[]);
    }
}

async fn serve(
    mut line: DuplexStream,
    script: Arc<Mutex<Script>>,
    mut heard: mpsc::UnboundedReceiver<Vec<u8>>,
) {
    let mut pending = Vec::new();
    let mut buffer = [0; 64];
    loop {
        let mut out = Vec::new();
        let holds = {
            let script = script.lock().unwrap();
            script.holds_offline && script.offline()
        };
        tokio::select! {
            count = line.read(&mut buffer), if !holds => match count {
                Ok(0) | Err(_) => return,
                Ok(count) => pending.extend_from_slice(&buffer[..count]),
            },
            said = heard.recv() => match said {
                Some(said) => out.extend(said),
                None => return,
            },
        }
        let mut lag = Duration::ZERO;
        {
            let mut script = script.lock().unwrap();
            take_real_time(&mut script, &mut pending, &mut out, &mut lag);
            work(&mut script, &mut out);
        }
        sleep(lag).await;
        if line.write_all(&out).await.is_err() {
            return;
        }
    }
}

/// Real-time commands are taken wherever they stand; the rest goes to the buffer.
fn take_real_time(script: &mut Script, pending: &mut Vec<u8>, out: &mut Vec<u8>, lag: &mut Duration) {
    loop {
        let taken = match pending.as_slice() {
            [0x10] | [0x10, 0x04 | 0x05 | 0x14] => return,
            [0x10, 0x14, rest @ ..] if rest.len() < 8 => return,
            [0x10, 0x04, n @ 1..=4, ..] => {
                if script.answers {
                    *lag += script.lag;
                    out.extend_from_slice(&script.stray);
                    out.push(script.status[usize::from(*n) - 1]);
                }
                3
            }
            [0x10, 0x05, n, ..] => {
                script.real_time.push(vec![0x10, 0x05, *n]);
                if script.status[2] & 0x08 != 0 {
                    script.status = [0x12; 4];
                    script.held.clear();
                }
                3
            }
            [0x10, 0x14, ..] => {
                script.real_time.push(pending[..10].to_vec());
                if script.knows_clear {
                    script.held.clear();
                    out.extend_from_slice(&[0x37, 0x25, 0]);
                }
                10
            }
            [] => return,
            [byte, ..] => {
                script.held.push(*byte);
                1
            }
        };
        pending.drain(..taken);
    }
}

/// Works off the buffer while it is online.
fn work(script: &mut Script, out: &mut Vec<u8>) {
    while !script.offline() && script.answers {
        let taken = match script.held.as_slice() {
            [] | [0x1B | 0x1D] | [0x1D, b'I' | b'r' | b'a' | b'('] => return,
            [0x1D, b'(', rest @ ..] if rest.len() < 9 => return,
            [0x1D, b'I', ..] => {
                out.extend_from_slice(b"_TM-TEST\0");
                3
            }
            [0x1D, b'r', ..] => {
                if script.fences {
                    out.push(0);
                }
                3
            }
            [0x1D, b'a', ..] => {
                script.reports = true;
                out.extend_from_slice(&script.automatic());
                3
            }
            [0x1D, b'(', b'H', ..] => {
                let number = script.held[7..11].to_vec();
                script.numbers.push(String::from_utf8(number.clone()).unwrap());
                if script.proves {
                    out.extend_from_slice(&[&[0x37, 0x22], number.as_slice(), &[0]].concat());
                }
                11
            }
            [byte, ..] => {
                script.processed.push(*byte);
                1
            }
        };
        script.held.drain(..taken);
        if script.paper_ends_at.is_some_and(|at| script.processed.len() >= at) {
            script.status = [0x1A, 0x32, 0x12, 0x72];
            if script.reports {
                let report = script.automatic();
                out.extend_from_slice(&report);
            }
        }
    }
}

/// A plugged-in Epson with its driver.
pub fn epson() -> (Printer, PrinterTask, Peer) {
    let script = Arc::new(Mutex::new(Script::new()));
    let say = Voice::default();
    let (far_script, far_say) = (Arc::clone(&script), Arc::clone(&say));
    let port = Arc::new(Socket {
        plugged: AtomicBool::new(true),
        serve: Box::new(move |far| {
            let (voice, heard) = mpsc::unbounded_channel();
            *far_say.lock().unwrap() = Some(voice);
            tokio::spawn(serve(far, Arc::clone(&far_script), heard));
        }),
    });
    let peer = Peer { script, port: Arc::clone(&port), say };
    let (printer, task) = Printer::new(port, PrinterConfig::new(PrinterModel::Epson, 576));
    (printer, task, peer)
}

/// Runs a test beside the driver's task.
pub async fn beside<T>(task: &mut PrinterTask, test: impl Future<Output = T>) -> T {
    tokio::select! {
        biased;
        result = test => result,
        ended = task.run(&|| {}) => panic!("the task ended: {ended:?}"),
    }
}

/// Waits for a status, at most a minute.
pub async fn until(printer: &Printer, wanted: impl Fn(&Status) -> bool) -> Status {
    let mut status = printer.status();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let now = status.borrow_and_update().status.clone();
        if wanted(&now) {
            return now;
        }
        let changed = tokio::time::timeout_at(deadline, status.changed()).await;
        changed.unwrap_or_else(|_| panic!("still {now:?} after a minute")).unwrap();
    }
}

pub async fn ready(printer: &Printer) {
    until(printer, |status| *status == Status::Ready).await;
}

pub fn out_of(id: &'static str) -> impl Fn(&Status) -> bool {
    move |status| matches!(status, Status::OutOfService(reason) if reason.id == id)
}

pub fn lines(count: usize) -> Document {
    let line = |number| Block::Text {
        text: format!("linea {number:03} del recibo de prueba"),
        bold: false,
        size: hal_escpos::Size::Normal,
        align: hal_escpos::Align::Left,
    };
    Document { blocks: (1..=count).map(line).collect() }
}

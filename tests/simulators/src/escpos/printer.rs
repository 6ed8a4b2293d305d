//! The handle on a printer: the line, and what people do at it.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::commands::Command;
use super::config::PrinterConfig;
use super::engine::{Engine, Pending, rows};
use super::fault::PrinterFault;
use super::paper::{Hand, Paper, PaperFate};
use super::snapshot::PrinterSnapshot;
use crate::hook::{CommandSeen, Decision, Device, Hook, Phase};
use crate::{locked, unplugged};

/// A handle on one printer. Clones share one state.
#[derive(Clone)]
pub struct Printer {
    engine: Arc<Mutex<Engine>>,
    wake: Arc<Notify>,
    hook: Arc<Mutex<Option<Hook>>>,
    told: Arc<Mutex<Told>>,
}

/// How often the hook was called, in all and by command.
#[derive(Default)]
struct Told {
    all: u64,
    by_name: BTreeMap<Vec<u8>, u64>,
}

impl Printer {
    #[must_use]
    pub fn new(config: PrinterConfig) -> Self {
        let engine = Engine::new(config, Instant::now());
        Self {
            engine: Arc::new(Mutex::new(engine)),
            wake: Arc::new(Notify::new()),
            hook: Arc::default(),
            told: Arc::default(),
        }
    }

    /// Calls `hook` after each job begin, cut, fence, proof, presenter action and counter
    /// question that was carried out, before anything about it is sent. `data` names it by its
    /// first two bytes. A reset or power cycle, a cut line and a freeze (silence until the
    /// fault is cleared) are obeyed; a printer that has printed cannot undo the rest.
    pub fn on_command(&self, hook: impl FnMut(&CommandSeen) -> Decision + Send + 'static) {
        *locked(&self.hook) = Some(Box::new(hook));
        locked(&self.engine).noticed = Some(Vec::new());
    }

    /// False when the line was cut.
    fn tell(&self, noticed: Vec<Command>) -> bool {
        let mut plugged = true;
        for command in noticed {
            let seen = {
                let mut told = locked(&self.told);
                told.all += 1;
                let index = told.all;
                let nth = told.by_name.entry(command.name()).or_default();
                *nth += 1;
                let (device, phase) = (Device::Printer, Phase::After);
                CommandSeen { device, header: 0, data: command.name(), index, nth: *nth, phase }
            };
            let Some(mut hook) = locked(&self.hook).take() else { return plugged };
            let decision = hook(&seen);
            locked(&self.hook).get_or_insert(hook);
            match decision {
                Decision::ResetDevice | Decision::PowerCycleDevice => {
                    locked(&self.engine).power_cycle(Instant::now());
                }
                Decision::CutLine => plugged = false,
                Decision::Freeze => {
                    let mut engine = locked(&self.engine);
                    engine.outbox.clear();
                    engine.pending.silent = true;
                }
                Decision::Proceed
                | Decision::DropCommand
                | Decision::ProceedDropReply
                | Decision::ProceedGarbleReply(_)
                | Decision::Delay(_)
                | Decision::Nak => {}
            }
        }
        plugged
    }

    /// Speaks on this line until it is unplugged. The buffer is printed even after that.
    ///
    /// # Errors
    /// What the stream reports besides its end.
    pub async fn run<S>(&self, stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        unplugged(self.speak(stream).await)
    }

    async fn speak<S>(&self, mut stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let mut buffer = [0_u8; 4096];
        // Answers of before the plug went in have gone nowhere.
        locked(&self.engine).outbox.clear();
        loop {
            let noticed = {
                let mut engine = locked(&self.engine);
                engine.advance(Instant::now());
                engine.noticed.as_mut().map(std::mem::take).unwrap_or_default()
            };
            if !self.tell(noticed) {
                return Ok(());
            }
            let (outgoing, room, due) = {
                let now = Instant::now();
                let mut engine = locked(&self.engine);
                let outgoing: Vec<u8> = engine.outbox.drain(..).collect();
                (outgoing, engine.room().min(buffer.len()), engine.next_due(now))
            };
            if !outgoing.is_empty() {
                stream.write_all(&outgoing).await?;
                stream.flush().await?;
            }
            let free = buffer.get_mut(..room).unwrap_or_default();
            tokio::select! {
                biased;
                read = stream.read(free), if room > 0 => {
                    let count = read?;
                    if count == 0 {
                        return Ok(());
                    }
                    let bytes = buffer.get(..count).unwrap_or_default();
                    locked(&self.engine).receive(bytes, Instant::now());
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
                () = self.wake.notified() => {}
            }
        }
    }

    fn act<T>(&self, action: impl FnOnce(&mut Engine, Instant) -> T) -> T {
        let now = Instant::now();
        let mut engine = locked(&self.engine);
        engine.advance(now);
        let result = action(&mut engine, now);
        engine.advance(now);
        drop(engine);
        self.wake.notify_one();
        result
    }

    /// Every piece of paper so far, oldest first.
    #[must_use]
    pub fn papers(&self) -> Vec<Paper> {
        self.act(|engine, _| engine.papers.clone())
    }

    /// Takes the pieces away, but for one in the presenter; their numbers go on.
    pub fn take_papers(&self) -> Vec<Paper> {
        self.act(|engine, _| {
            let inside = engine.presenter;
            let (kept, taken) = std::mem::take(&mut engine.papers)
                .into_iter()
                .partition(|paper| Some(paper.number) == inside);
            engine.papers = kept;
            taken
        })
    }

    #[must_use]
    pub fn last_paper(&self) -> Option<Paper> {
        self.act(|engine, _| engine.papers.last().cloned())
    }

    /// What hangs out uncut, as a picture; empty when nothing does.
    #[must_use]
    pub fn unfinished_png(&self) -> Vec<u8> {
        self.act(|engine, _| engine.canvas.png(engine.config.paper_width))
    }

    /// The citizen takes what the presenter offers.
    pub fn take_presented(&self) -> bool {
        self.act(|engine, _| engine.push_out(PaperFate::Taken))
    }

    /// What the citizen's hand does from now on, also with a sheet that is held out already.
    pub fn hand(&self, hand: Hand) {
        self.act(|engine, now| {
            engine.hand = hand;
            engine.hand_sees(now);
        });
    }

    /// A person tears off what hangs out.
    pub fn tear(&self) {
        self.act(|engine, _| engine.tear());
    }

    pub fn open_cover(&self) {
        self.act(|engine, _| engine.cover_open = true);
    }

    /// Closing the cover ends a jam only when `clear_jam` was called.
    pub fn close_cover(&self) {
        self.act(|engine, now| {
            engine.cover_open = false;
            engine.busy_until = engine.busy_until.max(now);
        });
    }

    /// A new roll; the rest of the old one comes out torn. The buffered rest of a job then
    /// prints on it.
    pub fn load_roll(&self, mm: u32) {
        self.act(|engine, now| engine.load_roll(mm, now));
    }

    pub fn clear_jam(&self) {
        self.act(|engine, now| engine.clear_jam(now));
    }

    pub fn power(&self, on: bool) {
        self.act(|engine, now| if on { engine.power_on(now) } else { engine.power_off(now) });
    }

    pub fn fault(&self, fault: PrinterFault) {
        self.act(|engine, now| match fault {
            PrinterFault::PaperLeft { mm } => engine.left = rows(mm),
            PrinterFault::PaperNearEnd => engine.near_end_forced = true,
            PrinterFault::PaperEnd => engine.left = 0,
            PrinterFault::CoverOpen => engine.cover_open = true,
            PrinterFault::CoverClosed => engine.cover_open = false,
            PrinterFault::Jam => engine.jam = true,
            PrinterFault::JamAfter { mm } => engine.pending.jam_after_rows = Some(rows(mm).max(1)),
            PrinterFault::JamInSheet { nth } => engine.jam_in_sheet(nth.max(1)),
            PrinterFault::CutterError => engine.pending.cutter = true,
            PrinterFault::HeadHot => engine.head_hot = true,
            PrinterFault::Silent => engine.pending.silent = true,
            PrinterFault::DropReply => engine.pending.drop_reply = true,
            PrinterFault::NoProof => engine.pending.no_proof = true,
            PrinterFault::PowerCycle => engine.power_cycle(now),
            PrinterFault::PowerCutAfter { bytes } => engine.pending.power_cut_after = Some(bytes.max(1)),
            PrinterFault::Clear => {
                engine.pending = Pending::default();
                engine.head_hot = false;
                engine.near_end_forced = false;
                engine.busy_until = engine.busy_until.max(now);
            }
        });
    }

    #[must_use]
    pub fn snapshot(&self) -> PrinterSnapshot {
        self.act(|engine, now| PrinterSnapshot::of(engine, now))
    }
}

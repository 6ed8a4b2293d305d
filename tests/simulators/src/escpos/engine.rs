//! The printer as a machine: buffer, paper, motor, knife, and what makes it stop
//! (reference 2.1, 2.2). What the commands do is in `execute`.
//!
//! Work has a length in time. `advance` does whatever was due; nothing runs by itself.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::canvas::{Bitmap, Canvas};
use super::commands::Command;
use super::config::{DOTS_PER_MM, Model, PrinterConfig};
use super::paper::{Hand, Paper, PaperFate};
use super::parser::Parser;
use super::realtime::{RealTime, Watcher};
use super::status::Condition;
use super::symbols::QrSettings;
use super::typesetter::Typesetter;

/// A raster picture on its way: scale, and rows left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raster {
    pub(super) scale: u8,
}

/// What is on the strip beside dots.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// Row at which each text line ends.
    pub(super) lines: Vec<(usize, String)>,
    pub(super) codes: Vec<(usize, String)>,
    pub(super) pictures: Vec<usize>,
}

/// Faults waiting or lasting.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    pub(super) cutter: bool,
    pub(super) jam_after_rows: Option<usize>,
    /// Sheets until the one that jams.
    pub(super) jam_in_sheet: Option<u32>,
    pub(super) silent: bool,
    pub(super) drop_reply: bool,
    pub(super) no_proof: bool,
    pub(super) power_cut_after: Option<u32>,
}

#[derive(Debug)]
pub struct Engine {
    pub config: PrinterConfig,
    pub(super) parser: Parser,
    pub(super) input: VecDeque<u8>,
    pub(super) outbox: VecDeque<u8>,
    pub(super) set: Typesetter,
    pub(super) qr: QrSettings,
    pub(super) stored: Option<Bitmap>,
    pub(super) raster: Option<Raster>,
    pub(super) bar_height: usize,
    pub(super) bar_module: usize,
    pub(super) bar_text: u8,
    pub(super) canvas: Canvas,
    pub(super) marks: Marks,
    pub papers: Vec<Paper>,
    /// Pieces that ever came off.
    pub papers_total: u64,
    /// Number of the piece in the presenter.
    pub(super) presenter: Option<u64>,
    pub(super) hand: Hand,
    /// When the hand takes what is held out.
    pub(super) hand_due: Option<Instant>,
    pub(super) asb: u8,
    pub(super) asb_sent: Option<[u8; 4]>,
    pub(super) full_status: u8,
    pub(super) full_sent: [u8; 4],
    pub(super) pending: Pending,
    watcher: Watcher,
    pub powered: bool,
    pub cover_open: bool,
    pub jam: bool,
    pub cutter_error: bool,
    pub head_hot: bool,
    pub near_end_forced: bool,
    /// Dot rows left on the roll.
    pub left: usize,
    pub(super) busy_until: Instant,
    start_until: Option<Instant>,
    /// Commands that no real unit of this kind would have understood, newest last.
    pub oddities: Vec<String>,
    pub received: u64,
    pub printed_rows: u64,
    pub cuts: u64,
    pub retracted: u64,
    pub proofs_sent: u64,
    /// Commands done since the hook last looked; `None` while nobody asks.
    pub(super) noticed: Option<Vec<Command>>,
}

impl Engine {
    #[must_use]
    pub fn new(config: PrinterConfig, now: Instant) -> Self {
        let parser = Parser::new(config.model, config.known, config.max_raster_rows);
        let mut engine = Self {
            parser,
            input: VecDeque::new(),
            outbox: VecDeque::new(),
            set: Typesetter::new(config.width),
            qr: QrSettings::default(),
            stored: None,
            raster: None,
            bar_height: 162,
            bar_module: 3,
            bar_text: 0,
            canvas: Canvas::new(config.width),
            marks: Marks::default(),
            papers: Vec::new(),
            papers_total: 0,
            presenter: None,
            hand: Hand::default(),
            hand_due: None,
            asb: 0,
            asb_sent: None,
            full_status: 0,
            full_sent: [0; 4],
            pending: Pending::default(),
            watcher: Watcher::default(),
            powered: true,
            cover_open: false,
            jam: false,
            cutter_error: false,
            head_hot: false,
            near_end_forced: false,
            left: rows(config.roll_mm),
            busy_until: now,
            start_until: None,
            oddities: Vec::new(),
            received: 0,
            printed_rows: 0,
            cuts: 0,
            retracted: 0,
            proofs_sent: 0,
            noticed: None,
            config,
        };
        engine.lead_in();
        engine
    }

    #[must_use]
    pub fn condition(&self, now: Instant) -> Condition {
        let near = self.config.near_end_mm.is_some_and(|mm| self.left < rows(mm));
        Condition {
            cover_open: self.cover_open,
            paper_end: self.left == 0,
            near_end: near || (self.near_end_forced && self.config.near_end_mm.is_some()),
            jam: self.jam,
            cutter_error: self.cutter_error,
            head_hot: self.head_hot,
            printing: self.busy_until > now,
            spooling: !self.input.is_empty() || self.parser.inside_data(),
            at_exit: self.fate_of_presenter() == Some(PaperFate::Presented),
            held: self.fate_of_presenter() == Some(PaperFate::Held),
        }
    }

    fn fate_of_presenter(&self) -> Option<PaperFate> {
        self.presenter
            .and_then(|number| self.papers.iter().find(|paper| paper.number == number))
            .map(|paper| paper.fate)
    }

    /// How many bytes the receive buffer still takes.
    #[must_use]
    pub fn room(&self) -> usize {
        if self.powered { self.config.buffer.saturating_sub(self.input.len()) } else { usize::MAX }
    }

    /// When the next thing happens by itself.
    #[must_use]
    pub fn next_due(&self, now: Instant) -> Option<Instant> {
        let waits = self.powered && !self.condition(now).offline() && self.busy_until > now;
        let work = waits.then_some(self.busy_until);
        work.into_iter().chain(self.hand_due).min()
    }

    /// The hand takes what is held out, when it is time.
    fn hand_moves(&mut self, now: Instant) {
        if self.hand_due.is_some_and(|due| due <= now) {
            self.push_out(PaperFate::Taken);
        }
    }

    pub(super) fn hand_sees(&mut self, out_at: Instant) {
        self.hand_due = match self.hand {
            Hand::Takes { after_ms } if self.fate_of_presenter() == Some(PaperFate::Presented) => {
                Some(out_at + Duration::from_millis(u64::from(after_ms)))
            }
            Hand::Takes { .. } | Hand::Leaves => None,
        };
    }

    /// Bytes from the line. Real-time codes act at once.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) {
        self.advance(now);
        for byte in bytes {
            if !self.powered {
                return;
            }
            self.received += 1;
            if let Some(left) = &mut self.pending.power_cut_after {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.pending.power_cut_after = None;
                    self.power_cycle(now);
                    continue;
                }
            }
            // After power-on the interface is dead until the self-test ends.
            if self.start_until.is_some_and(|until| now < until) {
                continue;
            }
            self.input.push_back(*byte);
            if let Some(command) = self.watcher.byte(*byte, self.config.model) {
                // What can be done has been done by then, the code itself skipped among it.
                self.advance(now);
                self.real_time(command, now);
            }
        }
        self.advance(now);
    }

    fn real_time(&mut self, command: RealTime, now: Instant) {
        match command {
            RealTime::Status(n) => {
                let reply = self.condition(now).real_time(n, self.config.model);
                self.reply(&reply);
            }
            RealTime::Recover => self.recover(now),
            RealTime::RecoverAndClear => {
                // Works for the knife only; without an error it does nothing at all.
                if self.cutter_error {
                    self.clear_buffers();
                    self.recover(now);
                }
            }
            RealTime::ClearBuffers => {
                self.clear_buffers();
                self.recover(now);
            }
            RealTime::HardwareReset => self.power_cycle(now),
        }
    }

    fn recover(&mut self, now: Instant) {
        self.cutter_error = false;
        self.busy_until = self.busy_until.max(now);
    }

    fn clear_buffers(&mut self) {
        self.input.clear();
        self.parser.reset();
        self.set.cancel();
        self.raster = None;
    }

    pub fn power_off(&mut self, now: Instant) {
        self.advance(now);
        self.clear_buffers();
        self.outbox.clear();
        self.set.initialise();
        self.qr = QrSettings::default();
        self.stored = None;
        self.asb = 0;
        self.asb_sent = None;
        self.full_status = 0;
        self.cutter_error = false;
        self.powered = false;
    }

    pub fn power_on(&mut self, now: Instant) {
        if !self.powered {
            self.powered = true;
            self.start_until = Some(now + self.config.start_time);
            self.busy_until = now + self.config.start_time;
        }
    }

    pub fn power_cycle(&mut self, now: Instant) {
        self.power_off(now);
        self.power_on(now);
    }

    pub(super) fn reply(&mut self, bytes: &[u8]) {
        if self.pending.silent || bytes.is_empty() {
            return;
        }
        if std::mem::take(&mut self.pending.drop_reply) {
            return;
        }
        self.outbox.extend(bytes);
    }

    pub(super) fn odd(&mut self, what: String) {
        if self.oddities.len() < 200 {
            self.oddities.push(what);
        }
    }

    /// Does everything that was due up to `now`.
    pub fn advance(&mut self, now: Instant) {
        self.hand_moves(now);
        while self.powered && self.busy_until <= now && !self.condition(now).offline() {
            let Some(command) = self.parser.next(&mut self.input) else { break };
            let at = self.busy_until;
            if let Some(noticed) = &mut self.noticed
                && command.is_milestone()
            {
                noticed.push(command.clone());
            }
            let cost = self.execute(command, at);
            self.busy_until = self.busy_until.max(at + cost);
            self.status_changed(at);
        }
        if self.busy_until <= now {
            self.busy_until = now;
        }
        self.status_changed(now);
    }

    /// Automatic status, where it was asked for.
    pub(super) fn status_changed(&mut self, now: Instant) {
        if !self.powered {
            return;
        }
        let condition = self.condition(now);
        if self.asb != 0 {
            let bytes = condition.automatic();
            let offline_and_errors = u8::from(self.asb & 6 != 0);
            let watched = |bytes: [u8; 4]| {
                let [first, second, third, _] = bytes;
                (
                    first * offline_and_errors,
                    second * u8::from(self.asb & 4 != 0),
                    third * u8::from(self.asb & 8 != 0),
                )
            };
            if self.asb_sent.is_none_or(|sent| watched(sent) != watched(bytes)) {
                self.asb_sent = Some(bytes);
                self.reply(&bytes);
            }
        }
        if self.full_status != 0 {
            let bytes = condition.full();
            let enabled = |bytes: [u8; 4]| -> Vec<u8> {
                (0..)
                    .zip(bytes)
                    .filter(|(bit, _)| self.full_status & (1 << bit) != 0)
                    .map(|(_, byte)| byte)
                    .collect()
            };
            if enabled(bytes) != enabled(self.full_sent) {
                let mut message = vec![0x10, self.full_status];
                message.extend(enabled(bytes));
                self.full_sent = bytes;
                self.reply(&message);
            }
        }
    }

    pub(super) fn is_custom(&self) -> bool {
        self.config.model == Model::Custom
    }
}

/// Millimetres of paper as dot rows.
pub(super) fn rows(mm: u32) -> usize {
    usize::try_from(mm.saturating_mul(DOTS_PER_MM)).unwrap_or(usize::MAX)
}

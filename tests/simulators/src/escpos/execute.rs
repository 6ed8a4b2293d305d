//! What each command does to the paper, and how long it takes.

use std::time::Duration;

use tokio::time::Instant;

use super::canvas::Bitmap;
use super::codepage::CodePage;
use super::commands::Command;
use super::engine::{Engine, Raster, rows};
use super::paper::{Paper, PaperFate};
use super::symbols::{QrAction, bars, column_image, draw_bars, stored_graphics};
use super::typesetter::PrintedLine;

/// The middle of a sheet, near enough.
const MIDDLE_MM: u32 = 100;

impl Engine {
    pub(super) fn execute(&mut self, command: Command, at: Instant) -> Duration {
        match command {
            Command::Text(byte) => {
                if let Some(line) = self.set.character(byte) {
                    return self.print(&line);
                }
            }
            Command::LineFeed => {
                let line = self.set.line();
                return self.print(&line);
            }
            Command::FormFeed => {
                let flushed = self.flush();
                if self.is_custom() {
                    let gap = self.config.head_to_cutter;
                    return flushed + self.feed(gap) + self.cut(false) + self.present(at);
                }
                return flushed;
            }
            Command::CarriageReturn | Command::NoEffect => {}
            Command::Tab => self.set.tab(),
            Command::CancelLine => self.set.cancel(),
            Command::Initialise => {
                self.set.initialise();
                self.bar_height = 162;
                self.bar_module = 3;
                self.bar_text = 0;
            }
            Command::PrintMode(n) => self.set.print_mode(n),
            Command::RightSpacing(n) => self.set.right_spacing(n),
            Command::Position(x) => self.set.move_to(usize::from(x)),
            Command::RelativePosition(x) => self.set.move_by(x),
            Command::Underline(n) => self.set.underline(n),
            Command::DefaultLineSpacing => self.set.line_spacing(None),
            Command::LineSpacing(n) => self.set.line_spacing(Some(n)),
            Command::FeedDots(n) => return self.flush_and_feed(usize::from(n)),
            Command::FeedLines(n) => {
                let rows = usize::from(n) * self.set.spacing_rows();
                return self.flush_and_feed(rows);
            }
            Command::Tabs(stops) => self.set.tabs(&stops),
            Command::Bold(on) => self.set.bold(on),
            Command::DoubleStrike(on) => self.set.double_strike(on),
            Command::Font(n) => self.set.font(n),
            Command::InternationalSet(n) => self.set.international(n),
            Command::Rotate(n) => self.set.rotate(n),
            Command::Align(n) => self.set.align(n),
            Command::UpsideDown(on) => self.set.upside_down(on),
            Command::CodePage(n) => match CodePage::from_number(n) {
                Some(page) => self.set.page = page,
                None => self.odd(format!("code page {n} is not there")),
            },
            Command::Size(n) => self.set.size(n),
            Command::Reverse(on) => self.set.reverse(on),
            Command::LeftMargin(x) => self.set.left_margin(x),
            Command::AreaWidth(x) => self.set.area_width(x),
            Command::ColumnImage { mode, data } => {
                self.mark_picture();
                self.set.picture(column_image(mode, &data));
            }
            Command::RasterBegin { scale, row_bytes, .. } => {
                let mut spent = Duration::ZERO;
                if !self.set.at_line_start() {
                    self.odd("GS v 0 inside a line".into());
                    spent = self.flush();
                }
                if usize::from(row_bytes) > self.config.width.div_ceil(8) {
                    self.odd(format!("GS v 0 of {row_bytes} bytes a row is wider than the head"));
                }
                self.raster = Some(Raster { scale });
                self.mark_picture();
                return spent;
            }
            Command::RasterRow(row) => return self.raster_row(&row),
            Command::Graphics(block) => return self.graphics(&block),
            Command::Symbol(block) => return self.symbol(&block),
            Command::Barcode { kind, data } => return self.barcode(kind, &data),
            Command::BarcodeHeight(n) => self.bar_height = usize::from(n.max(1)),
            Command::BarcodeModule(n) => self.bar_module = usize::from(n.clamp(1, 6)),
            Command::BarcodeText(n) => self.bar_text = n & 3,
            Command::Cut { partial, feed } => return self.cut_command(partial, feed),
            Command::AutomaticStatus(n) => {
                self.asb = n & 0x0F;
                self.asb_sent = None;
            }
            Command::Fence(n) => {
                let reply = match n {
                    1 | 49 => Some(self.condition(at).paper_sensor()),
                    2 | 50 => Some(0),
                    _ => None,
                };
                if let Some(byte) = reply {
                    self.reply(&[byte]);
                }
            }
            Command::Identify(n) => self.identify(n),
            Command::Proof(id) => {
                if !self.pending.no_proof {
                    self.proofs_sent += 1;
                    let mut reply = vec![0x37, 0x22];
                    reply.extend(id);
                    reply.push(0);
                    self.reply(&reply);
                }
            }
            Command::OfflineResponse(_) => {}
            Command::Presenter { action, .. } => return self.presenter_action(action, at),
            Command::AutomaticFullStatus(n) => {
                self.full_status = n & 0x0F;
                self.full_sent = self.condition(at).full();
            }
            Command::CounterText(which) => self.counter_text(which),
            Command::Unknown(bytes) => self.odd(format!("not understood: {bytes:02X?}")),
        }
        Duration::ZERO
    }

    /// Prints what stands in the line, if anything does.
    fn flush(&mut self) -> Duration {
        if self.set.at_line_start() {
            return Duration::ZERO;
        }
        let line = self.set.line();
        self.print(&line)
    }

    /// ESC J and ESC d: the line and exactly so many rows, not the line spacing.
    /// The feed is counted from where the line begins: `ESC d 1` is a line feed.
    fn flush_and_feed(&mut self, rows: usize) -> Duration {
        if self.set.at_line_start() {
            return self.feed(rows);
        }
        let mut line = self.set.line();
        line.feed = rows.saturating_sub(line.rows.len());
        self.print(&line)
    }

    fn mark_picture(&mut self) {
        let row = self.canvas.height() + 1;
        self.marks.pictures.push(row);
    }

    fn raster_row(&mut self, row: &[u8]) -> Duration {
        let scale = self.raster.map_or(0, |raster| raster.scale & 3);
        if scale == 0 && self.set.is_plain() {
            let line = PrintedLine { rows: vec![row.to_vec()], feed: 0, text: None };
            return self.print(&line);
        }
        let (x, y) = (1 + usize::from(scale & 1), 1 + usize::from(scale >> 1));
        let bits = Bitmap::from_fn(row.len() * 8, 1, |x, _| {
            row.get(x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
        });
        let line = self.set.block(bits.scaled(x, y));
        self.print(&line)
    }

    fn graphics(&mut self, block: &[u8]) -> Duration {
        if let Some(picture) = stored_graphics(block) {
            self.stored = Some(picture);
            return Duration::ZERO;
        }
        if matches!(block, [0x30, 2 | 50]) {
            let Some(picture) = self.stored.take() else { return Duration::ZERO };
            self.mark_picture();
            let line = self.set.block(picture);
            return self.flush() + self.print(&line);
        }
        self.odd(format!("graphics function {:02X?}", block.get(..2).unwrap_or(block)));
        Duration::ZERO
    }

    fn symbol(&mut self, block: &[u8]) -> Duration {
        match self.qr.command(block) {
            QrAction::Stored => Duration::ZERO,
            QrAction::Unknown => {
                self.odd(format!("symbol function {:02X?}", block.get(..3).unwrap_or(block)));
                Duration::ZERO
            }
            QrAction::Print => {
                let Some(picture) = self.qr.draw() else {
                    self.odd("a QR code without data, or with too much".into());
                    return Duration::ZERO;
                };
                let data = String::from_utf8_lossy(&self.qr.data).into_owned();
                let spent = self.flush();
                let line = self.set.block(picture);
                let printed = self.print(&line);
                self.marks.codes.push((self.canvas.height(), data));
                spent + printed
            }
        }
    }

    fn barcode(&mut self, kind: u8, data: &[u8]) -> Duration {
        let Some(bars) = bars(kind, data) else {
            self.odd(format!("barcode kind {kind} cannot hold {:?}", String::from_utf8_lossy(data)));
            return Duration::ZERO;
        };
        let content: String =
            String::from_utf8_lossy(data).replace("{A", "").replace("{B", "").replace("{C", "");
        let mut spent = self.flush();
        let text: Vec<u8> = content.bytes().collect();
        if self.bar_text & 1 != 0 {
            spent += self.text_line(&text);
        }
        let line = self.set.block(draw_bars(&bars, self.bar_module, self.bar_height));
        spent += self.print(&line);
        self.marks.codes.push((self.canvas.height(), content));
        if self.bar_text & 2 != 0 {
            spent += self.text_line(&text);
        }
        spent
    }

    fn text_line(&mut self, bytes: &[u8]) -> Duration {
        let mut spent = Duration::ZERO;
        for byte in bytes {
            if let Some(line) = self.set.character(*byte) {
                spent += self.print(&line);
            }
        }
        spent + self.flush()
    }

    fn cut_command(&mut self, partial: bool, feed: Option<u8>) -> Duration {
        let mut spent = Duration::ZERO;
        if !self.set.at_line_start() {
            self.odd("a cut inside a line".into());
            spent += self.flush();
        }
        if let Some(units) = feed {
            let rows = self.config.head_to_cutter + usize::from(units);
            spent += self.feed(rows);
        }
        spent + self.cut(partial)
    }

    fn cut(&mut self, _partial: bool) -> Duration {
        if std::mem::take(&mut self.pending.cutter) {
            self.cutter_error = true;
            return self.config.cut_time;
        }
        if self.left == 0 || self.jam {
            return Duration::ZERO;
        }
        self.cuts += 1;
        if let Some(sheets) = self.pending.jam_in_sheet.take() {
            self.jam_in_sheet(sheets - 1);
        }
        if self.is_custom() {
            self.push_out(PaperFate::Ejected);
            let number = self.finish(self.config.head_to_cutter, PaperFate::Held);
            self.presenter = Some(number);
        } else {
            self.finish(self.config.head_to_cutter, PaperFate::Delivered);
        }
        self.config.cut_time
    }

    fn in_presenter(&mut self) -> Option<&mut Paper> {
        let number = self.presenter?;
        self.papers.iter_mut().find(|paper| paper.number == number)
    }

    /// What is in the presenter goes away.
    pub(super) fn push_out(&mut self, fate: PaperFate) -> bool {
        let Some(paper) = self.in_presenter() else { return false };
        paper.fate = fate;
        self.presenter = None;
        self.hand_due = None;
        true
    }

    fn present(&mut self, at: Instant) -> Duration {
        let moving = Duration::from_millis(600);
        if let Some(paper) = self.in_presenter() {
            paper.fate = PaperFate::Presented;
            self.hand_sees(at + moving);
        }
        moving
    }

    /// The n-th sheet from now jams in its middle.
    pub(super) fn jam_in_sheet(&mut self, nth: u32) {
        match nth {
            0 => {}
            1 => self.pending.jam_after_rows = Some(rows(MIDDLE_MM)),
            more => self.pending.jam_in_sheet = Some(more),
        }
    }

    fn presenter_action(&mut self, action: u8, at: Instant) -> Duration {
        match action {
            2 => {
                if self.config.retracts && self.push_out(PaperFate::Retracted) {
                    self.retracted += 1;
                }
                Duration::from_millis(800)
            }
            3 => self.present(at),
            5 => {
                self.push_out(PaperFate::Ejected);
                Duration::from_millis(600)
            }
            6 => {
                let byte = self.condition(at).presenter();
                self.reply(&[byte]);
                Duration::ZERO
            }
            other => {
                self.odd(format!("presenter action {other}"));
                Duration::ZERO
            }
        }
    }

    fn identify(&mut self, n: u8) {
        let text = |text: &str| {
            let mut reply = vec![0x5F];
            reply.extend(text.bytes());
            reply.push(0);
            reply
        };
        let reply = match n {
            1 | 49 => vec![0x20],
            2 | 50 => vec![0x02],
            3 | 51 => vec![0x04],
            65 => text(&self.config.firmware),
            66 => text(&self.config.maker),
            67 => text(&self.config.name),
            68 => text(&self.config.serial),
            69 => text(""),
            _ => return self.odd(format!("GS I {n}")),
        };
        self.reply(&reply);
    }

    fn counter_text(&mut self, which: u8) {
        let rows_a_centimetre = 80;
        let text = match which {
            0xE1 => format!("{}cm", self.left / 80),
            0xE2 => format!("{} cuts", self.cuts),
            0xE3 => format!("{}cm", self.printed_rows / rows_a_centimetre),
            _ => format!("{}ret", self.retracted),
        };
        self.reply(text.as_bytes());
    }
}

//! Bytes to commands, in any portions (reference 2.1-2.3). Sans-IO.
//!
//! Pictures are taken row by row or collected apart, so that they may be larger than the
//! receive buffer. Real-time codes were acted on when they came in; here they are skipped.

use std::collections::VecDeque;

use super::commands::Command;
use super::config::{KnownCommands, Model};

/// More than this of one graphics command is read but not kept.
const GRAPHICS_LIMIT: usize = 8 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Collected {
    Graphics,
    Symbol,
    Setup,
    Skipped,
    ColumnImage { mode: u8 },
    Barcode { kind: u8 },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Commands,
    Raster {
        row_bytes: usize,
        rows: u16,
    },
    Collect {
        what: Collected,
        left: usize,
        data: Vec<u8>,
    },
}

/// What the bytes at the front of the buffer are.
enum Step {
    NeedMore,
    Done(usize, Command),
    Collect(usize, Collected, usize),
}

#[derive(Clone, Debug)]
pub struct Parser {
    state: State,
    model: Model,
    known: KnownCommands,
    max_raster_rows: Option<u16>,
}

impl Parser {
    #[must_use]
    pub fn new(model: Model, known: KnownCommands, max_raster_rows: Option<u16>) -> Self {
        Self { state: State::Commands, model, known, max_raster_rows }
    }

    /// Forgets a command half read, as a power cut does.
    pub fn reset(&mut self) {
        self.state = State::Commands;
    }

    /// In the middle of a picture or symbol.
    #[must_use]
    pub fn inside_data(&self) -> bool {
        self.state != State::Commands
    }

    /// Takes the next whole command from the front; `None` until more bytes come.
    pub fn next(&mut self, input: &mut VecDeque<u8>) -> Option<Command> {
        loop {
            match &mut self.state {
                State::Raster { row_bytes, rows } => {
                    if input.len() < *row_bytes {
                        return None;
                    }
                    let row = input.drain(..*row_bytes).collect();
                    *rows -= 1;
                    if *rows == 0 {
                        self.state = State::Commands;
                    }
                    return Some(Command::RasterRow(row));
                }
                State::Collect { what, left, data } => {
                    let taken = (*left).min(input.len());
                    let room = GRAPHICS_LIMIT.saturating_sub(data.len());
                    data.extend(input.drain(..taken).take(room));
                    *left -= taken;
                    if *left > 0 {
                        return None;
                    }
                    let command = finish(*what, std::mem::take(data));
                    self.state = State::Commands;
                    return Some(command);
                }
                State::Commands => {}
            }
            let bytes: &[u8] = input.make_contiguous();
            match self.step(bytes) {
                Step::NeedMore => return None,
                Step::Done(used, command) => {
                    input.drain(..used.min(input.len()));
                    if let Command::RasterBegin { row_bytes, rows, .. } = command
                        && row_bytes > 0
                        && rows > 0
                    {
                        self.state = State::Raster { row_bytes: usize::from(row_bytes), rows };
                    }
                    return Some(command);
                }
                Step::Collect(used, what, left) => {
                    input.drain(..used.min(input.len()));
                    self.state = State::Collect { what, left, data: Vec::new() };
                }
            }
        }
    }

    fn step(&self, bytes: &[u8]) -> Step {
        let done = |used, command| Step::Done(used, command);
        match bytes {
            [] => Step::NeedMore,
            [0x09, ..] => done(1, Command::Tab),
            [0x0A, ..] => done(1, Command::LineFeed),
            [0x0C, ..] => done(1, Command::FormFeed),
            [0x0D, ..] => done(1, Command::CarriageReturn),
            [0x18, ..] => done(1, Command::CancelLine),
            [0x10, rest @ ..] => real_time(rest),
            [0x1B, rest @ ..] => escape(rest),
            [0x1C, rest @ ..] => self.fs(rest),
            [0x1D, rest @ ..] => self.gs(rest),
            [byte, ..] if *byte < 0x20 || *byte == 0x7F => done(1, Command::Unknown(vec![*byte])),
            [byte, ..] => done(1, Command::Text(*byte)),
        }
    }

    fn fs(&self, rest: &[u8]) -> Step {
        let count = match rest.first() {
            None => return Step::NeedMore,
            Some(b'&' | b'.') => 0,
            Some(b'!' | b'-' | b'C' | b'W') => 1,
            Some(b'S' | b'p') => 2,
            Some(b'(') => return block(rest, Collected::Setup),
            Some(0xC0) if self.model == Model::Custom => 4,
            Some(other) => return Step::Done(2, Command::Unknown(vec![0x1C, *other])),
        };
        if rest.len() < count + 1 { Step::NeedMore } else { Step::Done(count + 2, Command::NoEffect) }
    }

    fn gs(&self, rest: &[u8]) -> Step {
        let unknown = |letter: u8| Step::Done(2, Command::Unknown(vec![0x1D, letter]));
        let custom = self.model == Model::Custom;
        match rest {
            [] => Step::NeedMore,
            [b'!', n, ..] => Step::Done(3, Command::Size(*n)),
            [b'B', n, ..] => Step::Done(3, Command::Reverse(n & 1 == 1)),
            [b'H', n, ..] => Step::Done(3, Command::BarcodeText(*n)),
            [b'h', n, ..] => Step::Done(3, Command::BarcodeHeight(*n)),
            [b'w', n, ..] => Step::Done(3, Command::BarcodeModule(*n)),
            [b'I', n, ..] => Step::Done(3, Command::Identify(*n)),
            [b'a', n, ..] => Step::Done(3, Command::AutomaticStatus(*n)),
            [b'r', n, ..] => Step::Done(3, Command::Fence(*n)),
            [b'L', low, high, ..] => Step::Done(4, Command::LeftMargin(u16::from_le_bytes([*low, *high]))),
            [b'W', low, high, ..] => Step::Done(4, Command::AreaWidth(u16::from_le_bytes([*low, *high]))),
            [b'V', 0 | 48, ..] => Step::Done(3, Command::Cut { partial: false, feed: None }),
            [b'V', 1 | 49, ..] if !custom => Step::Done(3, Command::Cut { partial: true, feed: None }),
            [b'V', 65, n, ..] => Step::Done(4, Command::Cut { partial: false, feed: Some(*n) }),
            [b'V', 66, n, ..] if !custom => Step::Done(4, Command::Cut { partial: true, feed: Some(*n) }),
            [b'V', 65 | 66] => Step::NeedMore,
            [b'V', n, ..] => Step::Done(3, Command::Unknown(vec![0x1D, b'V', *n])),
            [b'v', 0x30, scale, xl, xh, yl, yh, ..] if self.known.gs_v_0 => {
                let row_bytes = u16::from_le_bytes([*xl, *xh]);
                let rows = u16::from_le_bytes([*yl, *yh]);
                if self.max_raster_rows.is_some_and(|most| rows > most) {
                    return Step::Done(8, Command::Unknown(rest.get(..7).unwrap_or_default().to_vec()));
                }
                Step::Done(8, Command::RasterBegin { scale: *scale, row_bytes, rows })
            }
            [b'v', 0x30, ..] if self.known.gs_v_0 => Step::NeedMore,
            [b'v', n, ..] if *n != 0x30 || !self.known.gs_v_0 => unknown(b'v'),
            [b'(', b'H', ..] if !self.known.gs_paren_h => unknown(b'('),
            [b'(', b'k', ..] if !self.known.gs_paren_k => unknown(b'('),
            [b'(', b'L', ..] if !self.known.gs_paren_l => unknown(b'('),
            [b'(', b'L', ..] => block(rest, Collected::Graphics),
            [b'(', b'k', ..] => block(rest, Collected::Symbol),
            [b'(', _, ..] => block(rest, Collected::Setup),
            [b'8', b'L', a, b, c, d, ..] if self.known.gs_paren_l => {
                let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX);
                Step::Collect(7, Collected::Graphics, length)
            }
            [b'8', b'L', ..] if self.known.gs_paren_l => Step::NeedMore,
            [b'8', _, ..] => unknown(b'8'),
            [b'k', kind, tail @ ..] => barcode(*kind, tail),
            [b'*', x, y, ..] => Step::Collect(4, Collected::Skipped, usize::from(*x) * usize::from(*y) * 8),
            [b'e', 3, m, ..] if custom => Step::Done(4, Command::Presenter { action: 3, steps: *m }),
            [b'e', 3] if custom => Step::NeedMore,
            [b'e', n, ..] if custom => Step::Done(3, Command::Presenter { action: *n, steps: 0 }),
            [0xE0, n, ..] if custom => Step::Done(3, Command::AutomaticFullStatus(*n)),
            [n @ 0xE1..=0xE4, ..] if custom => Step::Done(2, Command::CounterText(*n)),
            [
                b'!' | b'B' | b'H' | b'h' | b'w' | b'I' | b'a' | b'r' | b'L' | b'W' | b'V' | b'v' | b'('
                | b'8' | b'k' | b'*',
                ..,
            ] => Step::NeedMore,
            [b'e' | 0xE0, ..] if custom => Step::NeedMore,
            [b':' | b'c', ..] => Step::Done(2, Command::NoEffect),
            [letter @ (b'/' | b'T' | b'b' | b'f' | b'j'), ..] => without_effect(rest, *letter, 1),
            [letter @ (b'$' | b'P' | b'\\'), ..] => without_effect(rest, *letter, 2),
            [letter @ (b'^' | b'z'), ..] => without_effect(rest, *letter, 3),
            [letter @ b'g', ..] => without_effect(rest, *letter, 4),
            [letter, ..] => unknown(*letter),
        }
    }
}

fn without_effect(rest: &[u8], _letter: u8, parameters: usize) -> Step {
    if rest.len() < parameters + 1 { Step::NeedMore } else { Step::Done(parameters + 2, Command::NoEffect) }
}

/// `( X pL pH` and so many bytes.
fn block(rest: &[u8], what: Collected) -> Step {
    match rest {
        [_, b'H', 6, 0, 0x30, 0x30, a, b, c, d, ..] if what == Collected::Setup => {
            Step::Done(11, Command::Proof([*a, *b, *c, *d]))
        }
        [_, b'H', 6, 0, ..] if rest.len() < 10 => Step::NeedMore,
        [_, b'H', 3, 0, 0x31, 0x30, d, ..] => Step::Done(8, Command::OfflineResponse(*d)),
        [_, b'H', 3, 0, ..] if rest.len() < 7 => Step::NeedMore,
        [_, _, low, high, ..] => Step::Collect(5, what, usize::from(u16::from_le_bytes([*low, *high]))),
        _ => Step::NeedMore,
    }
}

fn real_time(rest: &[u8]) -> Step {
    let parameters = match rest.first() {
        None => return Step::NeedMore,
        Some(4 | 5) => 1,
        Some(0x14) => match rest.get(1) {
            None => return Step::NeedMore,
            Some(1 | 2) => 3,
            Some(8) => 8,
            Some(_) => 1,
        },
        Some(_) => return Step::Done(1, Command::Unknown(vec![0x10])),
    };
    without_effect(rest, 0x10, parameters)
}

fn barcode(kind: u8, tail: &[u8]) -> Step {
    match kind {
        0..=6 => match tail.iter().position(|byte| *byte == 0) {
            Some(end) => {
                let data = tail.get(..end).unwrap_or_default().to_vec();
                Step::Done(end + 4, Command::Barcode { kind: kind + 65, data })
            }
            None if tail.len() > 255 => Step::Done(3, Command::Unknown(vec![0x1D, b'k', kind])),
            None => Step::NeedMore,
        },
        65..=79 => match tail.first() {
            Some(length) => Step::Collect(4, Collected::Barcode { kind }, usize::from(*length)),
            None => Step::NeedMore,
        },
        _ => Step::Done(3, Command::Unknown(vec![0x1D, b'k', kind])),
    }
}

fn escape(rest: &[u8]) -> Step {
    let Some(letter) = rest.first().copied() else { return Step::NeedMore };
    let count = match letter {
        b'2' | b'@' | b'L' | b'S' | b'i' | b'm' | b'v' | b'<' | 0x0C => 0,
        b' ' | b'!' | b'%' | b'-' | b'3' | b'=' | b'?' | b'E' | b'G' | b'J' | b'K' | b'M' | b'R' | b'T'
        | b'V' | b'a' | b'd' | b'e' | b'r' | b't' | b'u' | b'{' | b'U' => 1,
        b'$' | b'\\' | b'c' => 2,
        b'p' => 3,
        b'W' => 8,
        b'(' => return block(rest, Collected::Setup),
        b'D' => return tabs(rest.get(1..).unwrap_or_default()),
        b'*' => {
            return match rest {
                [_, mode, low, high, ..] => {
                    let columns = usize::from(u16::from_le_bytes([*low, *high]));
                    let bytes = if *mode >= 32 { 3 } else { 1 };
                    Step::Collect(5, Collected::ColumnImage { mode: *mode }, columns * bytes)
                }
                _ => Step::NeedMore,
            };
        }
        other => return Step::Done(2, Command::Unknown(vec![0x1B, other])),
    };
    let Some(parameters) = rest.get(1..=count) else { return Step::NeedMore };
    let command = match (letter, parameters) {
        (b'@', _) => Command::Initialise,
        (b'2', _) => Command::DefaultLineSpacing,
        (b'i', _) => Command::Cut { partial: false, feed: None },
        (b'm', _) => Command::Cut { partial: true, feed: None },
        (b' ', [n]) => Command::RightSpacing(*n),
        (b'!', [n]) => Command::PrintMode(*n),
        (b'-', [n]) => Command::Underline(n & 3),
        (b'3', [n]) => Command::LineSpacing(*n),
        (b'E', [n]) => Command::Bold(n & 1 == 1),
        (b'G', [n]) => Command::DoubleStrike(n & 1 == 1),
        (b'J', [n]) => Command::FeedDots(u16::from(*n)),
        (b'M', [n]) => Command::Font(*n),
        (b'R', [n]) => Command::InternationalSet(*n),
        (b'V', [n]) => Command::Rotate(*n),
        (b'a', [n]) => Command::Align(*n),
        (b'd', [n]) => Command::FeedLines(*n),
        (b't', [n]) => Command::CodePage(*n),
        (b'{', [n]) => Command::UpsideDown(n & 1 == 1),
        (b'$', [low, high]) => Command::Position(u16::from_le_bytes([*low, *high])),
        (b'\\', [low, high]) => Command::RelativePosition(i16::from_le_bytes([*low, *high])),
        // Page mode is not built: it is reported, so that nobody relies on it unseen.
        (b'L', _) => Command::Unknown(vec![0x1B, b'L']),
        _ => Command::NoEffect,
    };
    Step::Done(count + 2, command)
}

fn tabs(rest: &[u8]) -> Step {
    let stops: Vec<u8> = rest.iter().copied().take(32).take_while(|byte| *byte != 0).collect();
    if rest.get(stops.len()) == Some(&0) {
        Step::Done(stops.len() + 3, Command::Tabs(stops))
    } else if stops.len() >= 32 {
        Step::Done(stops.len() + 2, Command::Tabs(stops))
    } else {
        Step::NeedMore
    }
}

fn finish(what: Collected, data: Vec<u8>) -> Command {
    match what {
        Collected::Graphics => Command::Graphics(data),
        Collected::Symbol => Command::Symbol(data),
        Collected::Setup | Collected::Skipped => Command::NoEffect,
        Collected::ColumnImage { mode } => Command::ColumnImage { mode, data },
        Collected::Barcode { kind } => Command::Barcode { kind, data },
    }
}

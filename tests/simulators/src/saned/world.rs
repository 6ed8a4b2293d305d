//! The scanner, its paper and its driver: what all connections share.

use std::collections::{HashMap, VecDeque};

use tokio::io::DuplexStream;
use tokio::sync::mpsc;

use super::config::{SanedConfig, SanedSource};
use super::fault::{Call, Field, SanedFault};
use super::options::Options;
use super::picture::{Picture, Sheet};
use super::snapshot::SanedSnapshot;

const BUSY: u32 = 3;
const INVALID: u32 = 4;
const JAMMED: u32 = 6;
const NO_DOCUMENTS: u32 = 7;
const DEVICE_ERROR: u32 = 9;

/// The end of an image that is well.
const END_OF_IMAGE: u8 = 5;

pub(super) struct World {
    pub(super) config: SanedConfig,
    pub(super) glass: Option<Picture>,
    pub(super) tray: VecDeque<Sheet>,
    /// Saned runs.
    pub(super) running: bool,
    /// The scanner is plugged in.
    pub(super) plugged: bool,
    /// Faults, and how many requests each has seen.
    pub(super) faults: Vec<(SanedFault, u32)>,
    pub(super) seen: SanedSnapshot,
    /// Data ports in memory that somebody waits behind.
    pub(super) doors: HashMap<u16, mpsc::Sender<DuplexStream>>,
    pub(super) next_port: u16,
}

/// An open device.
pub(super) struct OpenDevice {
    pub(super) options: Options,
    /// Of the batch under way.
    page: u32,
    /// The back of the sheet whose front was sent.
    back: Option<Picture>,
    /// Passes of the page under way that are still to come.
    planes: VecDeque<(i32, Picture)>,
    cancelled: bool,
    /// A frame is being sent.
    pub(super) scanning: bool,
    /// What is true of the frame that was started last.
    pub(super) parameters: Option<[i32; 6]>,
}

/// A frame that was started.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) parameters: [i32; 6],
    pub(super) bytes: Vec<u8>,
    pub(super) end: u8,
    /// With it the page is whole.
    pub(super) last: bool,
}

impl World {
    pub(super) fn has(&self, wanted: impl Fn(&SanedFault) -> bool) -> bool {
        self.faults.iter().any(|(fault, _)| wanted(fault))
    }

    /// The first value that a fault has for something.
    pub(super) fn pick<T>(&self, pick: impl Fn(&SanedFault) -> Option<T>) -> Option<T> {
        self.faults.iter().find_map(|(fault, _)| pick(fault))
    }

    /// The status that a request is refused with, if it is; counts it.
    pub(super) fn refused(&mut self, call: Call) -> Option<u32> {
        let mut refused = None;
        for (fault, seen) in &mut self.faults {
            if let SanedFault::Refuse { call: own, after, status } = fault
                && *own == call
            {
                if *seen >= *after {
                    refused = Some(*status);
                }
                *seen += 1;
            }
        }
        refused
    }

    pub(super) fn open(&mut self, name: &str) -> Result<OpenDevice, u32> {
        self.seen.opens += 1;
        if let Some(status) = self.refused(Call::Open) {
            return Err(status);
        }
        if !self.plugged || (name != self.config.device && !(name.is_empty() && self.config.listed)) {
            return Err(INVALID);
        }
        if std::mem::replace(&mut self.seen.open, true) {
            return Err(BUSY);
        }
        Ok(OpenDevice {
            options: Options::new(&self.config),
            page: 0,
            back: None,
            planes: VecDeque::new(),
            cancelled: false,
            scanning: false,
            parameters: None,
        })
    }

    pub(super) fn close(&mut self) {
        self.seen.closes += 1;
        self.let_go();
    }

    /// The device is closed, in order or not.
    pub(super) fn let_go(&mut self) {
        self.seen.open = false;
        self.seen.engaged = false;
    }

    pub(super) fn cancel(&mut self, device: &mut OpenDevice) {
        self.seen.cancels += 1;
        self.seen.engaged = false;
        device.page = 0;
        device.back = None;
        device.planes.clear();
        device.cancelled = true;
        device.scanning = false;
    }

    /// Starts the next frame.
    pub(super) fn start(&mut self, device: &mut OpenDevice) -> Result<Frame, u32> {
        self.seen.starts += 1;
        if let Some(status) = self.refused(Call::Start) {
            return Err(status);
        }
        if !self.plugged {
            return Err(DEVICE_ERROR);
        }
        if device.scanning {
            self.seen.wrong.push("START before the page before it had ended".to_owned());
            return Err(BUSY);
        }
        if device.cancelled && self.has(|fault| *fault == SanedFault::NoStartAfterCancel) {
            return Err(INVALID);
        }
        if device.planes.is_empty() {
            self.draw_in(device)?;
        }
        let Some((format, picture)) = device.planes.pop_front() else { return Err(DEVICE_ERROR) };
        device.scanning = true;
        let frame = self.frame(device, format, &picture);
        device.parameters = Some(frame.parameters);
        Ok(frame)
    }

    /// Gets the next page under the sensor.
    fn draw_in(&mut self, device: &mut OpenDevice) -> Result<(), u32> {
        let page = device.page + 1;
        let source = device.options.source();
        if let Some(status) = self.pick(|fault| match fault {
            SanedFault::NoPage { page: at, status } if *at == page => Some(*status),
            SanedFault::DoubleFeed { page: at } if *at == page => Some(JAMMED),
            _ => None,
        }) {
            device.options.switch(self.has(|fault| matches!(fault, SanedFault::DoubleFeed { .. })));
            return Err(status);
        }
        let picture = match (source, device.back.take()) {
            (SanedSource::Glass, _) => {
                self.glass.clone().unwrap_or_else(|| Picture::marked(40, 60, 1, 0).blank())
            }
            (_, Some(back)) => back,
            (source, None) => {
                let sheet = self.tray.pop_front().ok_or(NO_DOCUMENTS)?;
                if source == SanedSource::Duplex {
                    device.back = Some(sheet.back.unwrap_or_else(|| sheet.front.blank()));
                }
                sheet.front
            }
        };
        if source != SanedSource::Glass {
            self.seen.engaged = true;
        }
        device.page = page;
        let picture = picture.in_channels(if device.options.in_colour() { 3 } else { 1 });
        device.planes = match (picture.channels, self.config.three_pass) {
            (3, true) => (0..3).map(|channel| (channel as i32 + 2, picture.plane(channel))).collect(),
            (3, false) => VecDeque::from([(1, picture)]),
            _ => VecDeque::from([(0, picture)]),
        };
        Ok(())
    }

    /// The frame of a picture, with all that is wrong with it.
    fn frame(&self, device: &OpenDevice, format: i32, picture: &Picture) -> Frame {
        let depth = device.options.depth();
        let padding = self.pick(|fault| match fault {
            SanedFault::Padding { bytes } => Some(*bytes),
            _ => None,
        });
        let row = |y| {
            let mut row = picture.row(y, depth, format == 0, self.config.big_endian);
            row.extend(std::iter::repeat_n(0xA5, padding.unwrap_or(0)));
            row
        };
        let mut bytes: Vec<u8> = (0..picture.height).flat_map(row).collect();
        let row_bytes = bytes.len() / picture.height.max(1) as usize;
        let (mut lines, mut end) = (picture.height as i32, END_OF_IMAGE);
        for (fault, _) in &self.faults {
            match *fault {
                SanedFault::MoreRows { rows } => bytes.extend(vec![0x5A; rows as usize * row_bytes]),
                SanedFault::FewerRows { rows } => {
                    bytes.truncate(bytes.len().saturating_sub(rows as usize * row_bytes));
                }
                SanedFault::HalfRow => bytes.truncate(bytes.len().saturating_sub(row_bytes / 2)),
                SanedFault::UnknownHeight => lines = -1,
                SanedFault::TornPage { page, rows, status } if page == device.page => {
                    bytes.truncate(rows as usize * row_bytes);
                    end = status;
                }
                _ => {}
            }
        }
        let last = device.planes.is_empty();
        let mut parameters = [format, i32::from(last), row_bytes as i32, picture.width as i32, lines, depth];
        for (fault, _) in &self.faults {
            if let SanedFault::Wrong(field, value) = *fault {
                let place = match field {
                    Field::Format => 0,
                    Field::LastFrame => 1,
                    Field::BytesPerLine => 2,
                    Field::PixelsPerLine => 3,
                    Field::Lines => 4,
                    Field::Depth => 5,
                };
                parameters[place] = value;
            }
        }
        Frame { parameters, bytes, end, last }
    }
}

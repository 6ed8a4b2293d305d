//! What a printer's status bytes say, put together, and what that means for the rest of the kiosk.
//!
//! Bit 0 is the least significant one everywhere.
use hal_device::{Reason, Status};

/// The state of a printer as last told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// It prints nothing now.
    pub offline: bool,
    /// The cover is open or the head is up.
    pub cover_open: bool,
    /// Stopped because the paper ended.
    pub stopped_by_paper: bool,
    /// The paper sensor sees none.
    pub paper_end: bool,
    /// Little paper is left; false where the sensor is missing.
    pub paper_near_end: bool,
    /// Cutter error.
    pub cutter: bool,
    /// Mechanical error or black mark: a jam.
    pub jam: bool,
    /// Needs a technician.
    pub unrecoverable: bool,
    /// Recovers by itself: the head is hot.
    pub head_hot: bool,
    /// A ticket is held out and not taken (Custom).
    pub ticket_at_exit: bool,
    /// It still has something to print (Custom).
    pub spooling: bool,
    /// The paper motor runs (Custom).
    pub motor: bool,
}

fn bit(byte: u8, number: u8) -> bool {
    byte >> number & 1 == 1
}

impl Condition {
    /// The answer to `DLE EOT n` for n = 1 to 4.
    pub fn real_time(&mut self, n: u8, byte: u8) {
        match n {
            1 => self.offline = bit(byte, 3),
            2 => {
                self.cover_open = bit(byte, 2);
                self.stopped_by_paper = bit(byte, 5);
            }
            3 => {
                self.jam = bit(byte, 2);
                self.cutter = bit(byte, 3);
                self.unrecoverable = bit(byte, 5);
                self.head_hot = bit(byte, 6);
            }
            4 => {
                self.paper_near_end = bit(byte, 2) || bit(byte, 3);
                self.paper_end = bit(byte, 5) || bit(byte, 6);
            }
            _ => {}
        }
    }

    /// Automatic status back.
    pub fn automatic(&mut self, [first, second, third, _]: [u8; 4]) {
        self.offline = bit(first, 3);
        self.cover_open = bit(first, 5);
        self.jam = bit(second, 2);
        self.cutter = bit(second, 3);
        self.unrecoverable = bit(second, 5);
        self.head_hot = bit(second, 6);
        self.paper_near_end = bit(third, 0) || bit(third, 1);
        self.paper_end = bit(third, 2) || bit(third, 3);
        self.stopped_by_paper = self.paper_end && self.offline;
    }

    /// FULL STATUS of Custom: paper, user, recoverable, unrecoverable, as far as they came.
    pub fn full(&mut self, [paper, user, recoverable, unrecoverable]: [Option<u8>; 4]) {
        if let Some(byte) = paper {
            self.paper_end = bit(byte, 0) || bit(byte, 6);
            self.paper_near_end = bit(byte, 2);
            self.ticket_at_exit = bit(byte, 5);
        }
        if let Some(byte) = user {
            self.cover_open = bit(byte, 0) || bit(byte, 1);
            self.spooling = bit(byte, 2);
            self.motor = bit(byte, 3);
        }
        if let Some(byte) = recoverable {
            self.head_hot = bit(byte, 0) || bit(byte, 3);
        }
        if let Some(byte) = unrecoverable {
            self.cutter = bit(byte, 0) || bit(byte, 1);
            self.unrecoverable = bit(byte, 2) || bit(byte, 3);
        }
    }

    /// Why a job that is under way is torn, if it is. A hot head is not here: the printer pauses and goes on.
    pub fn tears(&self) -> Option<Reason> {
        self.faults().filter(|reason| reason.id != HEAD_HOT && reason.id != OFFLINE)
    }

    /// What the rest of the kiosk may ask of it.
    pub fn status(&self) -> Status {
        match self.faults() {
            Some(reason) => Status::OutOfService(reason),
            None if self.paper_near_end => {
                Status::Degraded(Reason::new("paper-near-end", "the paper roll is near its end"))
            }
            None => Status::Ready,
        }
    }

    /// The fault to mend first. The cover goes before the paper, since an open one often hides it.
    fn faults(&self) -> Option<Reason> {
        let faults = [
            (self.unrecoverable, "unrecoverable", "the printer reports an error that needs a technician"),
            (self.cover_open, "cover-open", "the cover is open"),
            (self.cutter, "cutter", "the cutter is blocked"),
            (self.jam, "jam", "the paper is jammed"),
            (self.paper_end || self.stopped_by_paper, "paper-end", "there is no paper"),
            (self.head_hot, HEAD_HOT, "the printing head is too hot or lacks power, and goes on by itself"),
            (self.offline, OFFLINE, "the printer is offline and does not say why"),
        ];
        faults.into_iter().find(|(set, ..)| *set).map(|(_, id, detail)| Reason::new(id, detail))
    }
}

const HEAD_HOT: &str = "head-hot";
const OFFLINE: &str = "offline";

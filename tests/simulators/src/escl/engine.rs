//! The machine: where each sheet lies, what the feeder does with it, and which job has the device.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::config::{FEEDER_LENGTH_MIN_MM, REGION_MIN, ScannerConfig};
use super::fault::ScannerFault;
use super::job::{Job, JobState, Order};
use super::lamp::{Exposure, Layer};
use super::placement::{Placement, bed, millimetres, tint};
use super::scanner::ScannerError;
use super::settings::{Region, Settings, Source};
use super::sheet::{Place, Sheet};
use super::snapshot::Delivery;
use crate::rng::Rng;

/// Jobs that are over and still known, as `ScannerStatus` shows them.
const JOBS_KEPT: usize = 8;
/// Images that are kept to be looked at.
const IMAGES_KEPT: usize = 64;
/// Two sheets that were drawn in together are never quite over each other.
const DOUBLE_FEED_MM: f64 = 22.0;
/// The longest paper that a person puts on the glass: what sticks out is not seen.
const GLASS_SHEET_MAX_MM: f64 = 420.0;

/// What stops the feeder until a person comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stoppage {
    Jam,
    DoubleFeed,
    Mispick,
}

/// Why a request is not fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The job is over or was never there; of a feeder: no more pages. 404.
    NotFound,
    /// The device is in a state that forbids it: its status tells. 409.
    Conflict,
    /// Not now. 503.
    Unavailable,
}

/// A sheet of which the machine knows where it is.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub number: u64,
    pub sheet: Sheet,
    /// How often each side was scanned.
    pub seen: [u32; 2],
}

/// One page to be scanned.
#[derive(Debug)]
pub(super) struct Task {
    pub job: u64,
    pub exposure: Exposure,
    pub order: Order,
    pub takes: Duration,
    sheets: Vec<u64>,
    back: bool,
}

/// Counters of faults that wait; 0: none.
#[derive(Debug, Default)]
pub(super) struct Pending {
    jam: u32,
    double_feed: u32,
    mispick: u32,
    ends_early: Option<u32>,
    pub slow: Duration,
    pub busy: bool,
    pub cut: u32,
    pub spoilt: u32,
    unavailable: u32,
}

pub(super) struct Engine {
    pub config: ScannerConfig,
    pub places: BTreeMap<Place, VecDeque<Placed>>,
    pub cover_open: bool,
    pub stoppage: Option<Stoppage>,
    pub jobs: VecDeque<Job>,
    pub jobs_total: u64,
    pub pending: Pending,
    pub deliveries: Vec<Delivery>,
    pub images: VecDeque<(u64, Vec<u8>)>,
    pub requests: u64,
    /// What no client should have asked.
    pub oddities: Vec<String>,
    sheets_total: u64,
    rng: Rng,
}

/// Counts down to the event; true at it.
pub(super) fn due(counter: &mut u32) -> bool {
    match *counter {
        0 => false,
        left => {
            *counter = left - 1;
            left == 1
        }
    }
}

impl Engine {
    pub fn new(config: ScannerConfig) -> Self {
        Self {
            rng: Rng::new(config.seed),
            config,
            places: BTreeMap::new(),
            cover_open: false,
            stoppage: None,
            jobs: VecDeque::new(),
            jobs_total: 0,
            pending: Pending::default(),
            deliveries: Vec::new(),
            images: VecDeque::new(),
            requests: 0,
            oddities: Vec::new(),
            sheets_total: 0,
        }
    }

    pub fn pile(&mut self, place: Place) -> &mut VecDeque<Placed> {
        self.places.entry(place).or_default()
    }

    pub fn count(&self, place: Place) -> usize {
        self.places.get(&place).map_or(0, VecDeque::len)
    }

    // --- what a person does ---------------------------------------------------------------------------------------

    /// New paper comes into the room.
    pub fn hand_in(&mut self, sheet: Sheet, place: Place) -> Result<u64, ScannerError> {
        self.check_fits(&sheet, place)?;
        self.sheets_total += 1;
        let number = self.sheets_total;
        self.lay(Placed { number, sheet, seen: [0; 2] }, place);
        Ok(number)
    }

    fn check_fits(&self, sheet: &Sheet, place: Place) -> Result<(), ScannerError> {
        let size = sheet.size;
        match place {
            Place::Tray => {
                let feeder = self.config.feeder.ok_or(ScannerError::NotFitted)?;
                let (width, length) = bed(Source::Feeder);
                let fits = size.width_mm <= millimetres(width)
                    && size.height_mm <= millimetres(length)
                    && size.height_mm >= FEEDER_LENGTH_MIN_MM;
                if !fits {
                    return Err(ScannerError::Size);
                }
                if self.count(Place::Tray) >= feeder.capacity {
                    return Err(ScannerError::Full(feeder.capacity));
                }
            }
            Place::Glass if !self.config.glass => return Err(ScannerError::NotFitted),
            Place::Glass if size.width_mm.max(size.height_mm) > GLASS_SHEET_MAX_MM => {
                return Err(ScannerError::Size);
            }
            Place::Glass | Place::Path | Place::Output | Place::Hand => {}
        }
        Ok(())
    }

    /// There is room for one on the glass: what lay there is taken away.
    fn lay(&mut self, sheet: Placed, place: Place) {
        if place == Place::Glass {
            self.move_all(Place::Glass, Place::Hand);
        }
        self.pile(place).push_back(sheet);
    }

    /// Takes everything from a place; out of the path, that frees a jam. How many sheets.
    pub fn take(&mut self, from: Place) -> usize {
        if from == Place::Path {
            self.stoppage = None;
            self.end_feeding_job(JobState::Aborted);
        }
        if from == Place::Tray {
            // Rollers that did not catch have nothing to catch any more.
            self.stoppage.take_if(|stoppage| *stoppage == Stoppage::Mispick);
        }
        self.move_all(from, Place::Hand)
    }

    fn move_all(&mut self, from: Place, to: Place) -> usize {
        if from == to {
            return 0;
        }
        let mut moved = std::mem::take(self.pile(from));
        let count = moved.len();
        self.pile(to).append(&mut moved);
        count
    }

    /// Puts what is in the hand into the tray again, on top; what does not fit stays in the hand.
    pub fn feed_again(&mut self) -> usize {
        let held = std::mem::take(self.pile(Place::Hand));
        let (mut fitting, mut rest) = (Vec::new(), VecDeque::new());
        let room = self.config.feeder.map_or(0, |feeder| feeder.capacity);
        for placed in held {
            let full = self.count(Place::Tray) + fitting.len() >= room;
            if !full && self.check_fits(&placed.sheet, Place::Tray).is_ok() {
                fitting.push(placed);
            } else {
                rest.push_back(placed);
            }
        }
        *self.pile(Place::Hand) = rest;
        let count = fitting.len();
        for placed in fitting.into_iter().rev() {
            self.pile(Place::Tray).push_front(placed);
        }
        if count > 0 {
            self.stoppage.take_if(|stoppage| *stoppage == Stoppage::Mispick);
        }
        count
    }

    /// Throws away what is in the hand.
    pub fn discard(&mut self) -> usize {
        std::mem::take(self.pile(Place::Hand)).len()
    }

    /// A sheet that is between the rollers when the cover opens stays there.
    pub fn open_cover(&mut self) {
        self.cover_open = true;
        if self.count(Place::Path) > 0 {
            self.stop(Stoppage::Jam);
        }
    }

    // --- faults ---------------------------------------------------------------------------------------------------

    pub fn fault(&mut self, fault: ScannerFault) {
        let pending = &mut self.pending;
        match fault {
            ScannerFault::JamAtSheet { nth } => pending.jam = nth.max(1),
            ScannerFault::DoubleFeedAtSheet { nth } => pending.double_feed = nth.max(1),
            ScannerFault::MispickAtSheet { nth } => pending.mispick = nth.max(1),
            ScannerFault::CoverOpen => self.open_cover(),
            ScannerFault::CoverClosed => self.cover_open = false,
            ScannerFault::EndsEarly { after } => pending.ends_early = Some(after),
            ScannerFault::Slow { ms } => pending.slow = Duration::from_millis(ms.into()),
            ScannerFault::Busy => pending.busy = true,
            ScannerFault::CutImage { nth } => pending.cut = nth.max(1),
            ScannerFault::SpoiltImage { nth } => pending.spoilt = nth.max(1),
            ScannerFault::Unavailable { times } => pending.unavailable = times,
            ScannerFault::Clear => *pending = Pending::default(),
            // Of the line, not of the machine.
            ScannerFault::Deaf | ScannerFault::Unplugged | ScannerFault::Plugged => {}
        }
    }

    /// A request for a job or a page that is refused by the fault.
    fn is_unavailable(&mut self) -> bool {
        let refused = self.pending.unavailable > 0;
        self.pending.unavailable = self.pending.unavailable.saturating_sub(1);
        refused
    }

    // --- jobs -----------------------------------------------------------------------------------------------------

    /// Jobs that nobody asks for end.
    pub fn advance(&mut self, now: Instant) {
        let patience = self.config.job_patience;
        let forgotten: Vec<u64> =
            self.jobs.iter().filter(|job| job.is_forgotten(patience, now)).map(|job| job.number).collect();
        for number in forgotten {
            self.end(number, JobState::Aborted);
        }
    }

    pub fn job(&mut self, number: u64) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.number == number)
    }

    pub fn running(&self) -> Option<&Job> {
        self.jobs.iter().find(|job| !job.is_over())
    }

    /// What a job may ask for.
    fn order(&mut self, settings: Settings) -> Result<Order, Refusal> {
        let odd = |engine: &mut Self, what: String| {
            engine.oddities.push(what);
            Err(Refusal::Conflict)
        };
        let fitted = match settings.source {
            Source::Glass => self.config.glass,
            Source::Feeder => self.config.feeder.is_some(),
            Source::FeederDuplex => self.config.feeder.is_some_and(|feeder| feeder.duplex),
        };
        if !fitted {
            return odd(self, format!("a job for the source {:?}", settings.source));
        }
        let dpi = settings.dpi.or_else(|| self.config.resolutions.last().copied()).unwrap_or(300);
        if !self.config.resolutions.contains(&dpi) {
            return odd(self, format!("a job with {dpi} dots an inch"));
        }
        let (width, height) = bed(settings.source);
        let region = settings.region.unwrap_or(Region { x: 0, y: 0, width, height });
        let inside = |from: u32, length: u32, all: u32| {
            length >= REGION_MIN && from.checked_add(length).is_some_and(|end| end <= all)
        };
        if !inside(region.x, region.width, width) || !inside(region.y, region.height, height) {
            return odd(self, format!("a job for the region {region:?}"));
        }
        let format = settings.format.or_else(|| self.config.formats.first().copied());
        let Some(format) = format.filter(|format| self.config.formats.contains(format)) else {
            return odd(self, format!("a job with the format {format:?}"));
        };
        Ok(Order { source: settings.source, mode: settings.mode, dpi, region, format })
    }

    /// A new job; its number.
    pub fn start_job(&mut self, settings: Settings, now: Instant) -> Result<u64, Refusal> {
        if self.is_unavailable() || self.pending.busy || self.running().is_some() {
            return Err(Refusal::Unavailable);
        }
        let order = self.order(settings)?;
        if order.source != Source::Glass && (self.is_stopped() || self.count(Place::Tray) == 0) {
            return Err(Refusal::Conflict);
        }
        self.jobs_total += 1;
        let job = Job::new(self.jobs_total, order, now);
        self.jobs.push_back(job);
        while self.jobs.len() > JOBS_KEPT {
            self.jobs.pop_front();
        }
        Ok(self.jobs_total)
    }

    fn is_stopped(&self) -> bool {
        self.cover_open || self.stoppage.is_some()
    }

    /// The next page of a job goes under the lamp.
    pub fn next_page(&mut self, number: u64, now: Instant) -> Result<Task, Refusal> {
        let (unavailable, stopped) = (self.is_unavailable(), self.is_stopped());
        let job = self.job(number).ok_or(Refusal::NotFound)?;
        job.asked = now;
        let (order, back_due, pages) = (job.order, job.back_due, job.pages);
        match job.state {
            JobState::Processing if job.working || unavailable => return Err(Refusal::Unavailable),
            JobState::Processing => {}
            JobState::Aborted if job.uses_feeder() && stopped => return Err(Refusal::Conflict),
            JobState::Completed | JobState::Canceled | JobState::Aborted => return Err(Refusal::NotFound),
        }
        match order.source {
            // One page only: the job was over after it.
            Source::Glass => {}
            Source::Feeder | Source::FeederDuplex if back_due => {}
            Source::Feeder | Source::FeederDuplex => self.feed(number, pages)?,
        }
        if let Some(job) = self.job(number) {
            job.working = true;
        }
        Ok(self.task(number, order, back_due))
    }

    /// Draws the next sheet in.
    fn feed(&mut self, job: u64, pages: u32) -> Result<(), Refusal> {
        if self.is_stopped() {
            self.end(job, JobState::Aborted);
            return Err(Refusal::Conflict);
        }
        if self.pending.ends_early.is_some_and(|after| pages >= after) {
            self.pending.ends_early = None;
            if let Some(job) = self.job(job) {
                job.pretends_empty = true;
            }
            self.end(job, JobState::Completed);
            return Err(Refusal::NotFound);
        }
        if self.count(Place::Tray) == 0 {
            self.end(job, JobState::Completed);
            return Err(Refusal::NotFound);
        }
        if due(&mut self.pending.mispick) {
            self.stop(Stoppage::Mispick);
            return Err(Refusal::Conflict);
        }
        let together = if due(&mut self.pending.double_feed) { 2 } else { 1 };
        for _ in 0..together {
            if let Some(sheet) = self.pile(Place::Tray).pop_front() {
                self.pile(Place::Path).push_back(sheet);
            }
        }
        if due(&mut self.pending.jam) {
            self.stop(Stoppage::Jam);
            return Err(Refusal::Conflict);
        }
        let feels = self.config.feeder.is_some_and(|feeder| feeder.feels_double_feed);
        if self.count(Place::Path) > 1 && feels {
            self.stop(Stoppage::DoubleFeed);
            return Err(Refusal::Conflict);
        }
        Ok(())
    }

    fn stop(&mut self, why: Stoppage) {
        self.stoppage = Some(why);
        self.end_feeding_job(JobState::Aborted);
    }

    /// What is to be scanned: the sheet on the glass, or what is in the path.
    fn task(&mut self, job: u64, order: Order, back: bool) -> Task {
        let place = if order.source == Source::Glass { Place::Glass } else { Place::Path };
        let sheets: Vec<Placed> = self.places.get(&place).into_iter().flatten().cloned().collect();
        let mut layers = Vec::new();
        for (nth, placed) in sheets.iter().enumerate() {
            // A sheet lies otherwise each time, and for its back as for its front; its paper never changes.
            let passes = u64::from(placed.seen[0].saturating_sub(u32::from(back)));
            let mut paper = Rng::new(self.config.seed ^ (placed.number << 20));
            let mut own = Rng::new(paper.next_u64() ^ passes);
            let sheet = &placed.sheet;
            let placement = Placement::of(order.source, sheet.size, &self.config.eye, &mut own);
            let (face, behind) = if back {
                (sheet.back.clone(), Some(sheet.front.clone()))
            } else {
                (Some(sheet.front.clone()), sheet.back.clone())
            };
            let down = DOUBLE_FEED_MM * f64::from(u32::try_from(nth).unwrap_or(0));
            layers.push(Layer {
                face,
                behind,
                size: sheet.size,
                placement: placement.lower(down),
                tint: tint(&self.config.eye, &mut paper),
            });
        }
        // Each side of the path has a sensor of its own: from below, the other sheet is in front.
        if back {
            layers.reverse();
        }
        let eye = self.config.eye;
        let backing = if order.source == Source::Glass { eye.lid } else { eye.roller };
        let exposure = Exposure {
            layers,
            backing,
            region: order.region,
            dpi: order.dpi,
            mode: order.mode,
            eye,
            seed: self.rng.next_u64(),
        };
        let takes = self.config.page_time + self.pending.slow;
        Task { job, exposure, order, takes, sheets: sheets.iter().map(|it| it.number).collect(), back }
    }

    /// The page has been scanned; its delivery's number, or what happened meanwhile.
    pub fn scanned(&mut self, task: &Task, image: Vec<u8>, size: (u32, u32)) -> Result<u64, Refusal> {
        let stopped = self.is_stopped();
        let job = self.job(task.job).ok_or(Refusal::NotFound)?;
        job.working = false;
        if job.is_over() {
            let fed = job.uses_feeder();
            return Err(if fed && stopped { Refusal::Conflict } else { Refusal::NotFound });
        }
        job.pages += 1;
        job.back_due = task.order.source == Source::FeederDuplex && !task.back;
        let back_due = job.back_due;
        let place = if task.order.source == Source::Glass { Place::Glass } else { Place::Path };
        // Of several sheets at once the sensor sees one.
        let seen = if task.back { task.sheets.last() } else { task.sheets.first() }.copied();
        for placed in self.pile(place).iter_mut().filter(|placed| Some(placed.number) == seen) {
            let [front, back] = &mut placed.seen;
            *if task.back { back } else { front } += 1;
        }
        let ends = match task.order.source {
            Source::Glass => true,
            Source::Feeder | Source::FeederDuplex if back_due => false,
            Source::Feeder | Source::FeederDuplex => {
                self.move_all(Place::Path, Place::Output);
                false
            }
        };
        if ends {
            self.end(task.job, JobState::Completed);
        }
        let number = self.deliveries.last().map_or(0, |last| last.number) + 1;
        self.deliveries.push(Delivery {
            number,
            job: task.job,
            sheets: task.sheets.clone(),
            seen,
            back: task.back,
            mode: task.order.mode,
            dpi: task.order.dpi,
            format: task.order.format,
            width: size.0,
            height: size.1,
            bytes: image.len(),
            whole: false,
        });
        self.images.push_back((number, image));
        while self.images.len() > IMAGES_KEPT {
            self.images.pop_front();
        }
        Ok(number)
    }

    /// Nobody waits for the page any more: the connection is gone.
    pub fn abandoned(&mut self, task: &Task) {
        if let Some(job) = self.job(task.job) {
            job.working = false;
        }
        self.end(task.job, JobState::Aborted);
    }

    /// Ends a job that is not over. What lies in the path goes out, unless it is stuck there.
    pub fn end(&mut self, number: u64, state: JobState) {
        let Some(job) = self.job(number).filter(|job| !job.is_over()) else { return };
        job.state = state;
        job.back_due = false;
        if job.uses_feeder() && !self.is_stopped() {
            self.move_all(Place::Path, Place::Output);
        }
    }

    fn end_feeding_job(&mut self, state: JobState) {
        let feeding = self.running().filter(|job| job.uses_feeder()).map(|job| job.number);
        if let Some(number) = feeding {
            self.end(number, state);
        }
    }
}

//! The flight recorder: the last hours of pages, wishes and device events, as a ring of two files.
//!
//! For finding out what happened before a fault. No personal data: pages by name, digits without their value,
//! scans by their length. Records are postcard, each behind its length; a torn last record is passed over. What
//! cannot be written is dropped: the recorder never holds the kiosk up.
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use hal_cctalk::CashEvent;
use hal_smartcard::reader::CardEvent;
use serde::{Deserialize, Serialize};
use ui::{Intent, View};

use crate::clock::Clock;

/// A file is full at this size; then the older of the two is begun anew.
const FILE_FULL: u64 = 1024 * 1024;

/// Records that wait for the disk; more are dropped.
const WAITING: usize = 1024;

/// A longer record is no record.
const LONGEST: usize = 64 * 1024;

/// What is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trace {
    /// The process started.
    Started {
        /// Its version.
        version: String,
    },
    /// A page was shown.
    Page {
        /// Its name.
        name: String,
        /// The idle warning was over it.
        warning: bool,
    },
    /// A wish, by name.
    Intent {
        /// Its name.
        name: String,
    },
    /// Something was scanned.
    Scan {
        /// Its length.
        characters: usize,
    },
    /// A cash device told something.
    Cash {
        /// What: amounts and device facts.
        event: String,
    },
    /// A session ended.
    SessionEnded,
    /// A card came or went, or something that is none; nothing of what it is.
    Card {
        /// What happened.
        event: String,
    },
}

impl Trace {
    /// A page, by the name of its variant.
    pub fn page(view: &View) -> Trace {
        Trace::Page { name: variant(&view.page), warning: view.idle_warning.is_some() }
    }

    /// A wish; a digit without its value.
    pub fn intent(intent: Intent) -> Trace {
        Trace::Intent { name: variant(&intent) }
    }

    /// A card, without its answer to reset.
    pub fn card(event: &CardEvent) -> Trace {
        Trace::Card { event: variant(event) }
    }

    /// A cash event.
    pub fn cash(event: &CashEvent) -> Trace {
        Trace::Cash { event: format!("{event:?}") }
    }
}

/// The name of a variant: its debug form up to the data.
fn variant(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take_while(|c| c.is_ascii_alphanumeric()).collect()
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Milliseconds since 1970, by the kiosk's clock.
    pub at_ms: i64,
    /// What.
    pub trace: Trace,
}

/// Takes records; cheap to clone. Writing happens on a thread of its own.
#[derive(Clone)]
pub struct Recorder {
    sink: Option<(SyncSender<Recorded>, Arc<dyn Clock>)>,
}

impl Recorder {
    /// Records nothing.
    pub fn off() -> Recorder {
        Recorder { sink: None }
    }

    /// Records into `recorder.0` and `recorder.1` of a directory.
    pub fn start(directory: &Path, clock: Arc<dyn Clock>) -> std::io::Result<Recorder> {
        let mut ring = Ring::open(directory)?;
        let (sender, receiver) = sync_channel::<Recorded>(WAITING);
        std::thread::Builder::new().name("recorder".to_owned()).spawn(move || {
            for record in receiver {
                if let Err(error) = ring.write(&record) {
                    tracing::warn!(%error, "the flight recorder cannot write");
                }
            }
        })?;
        Ok(Recorder { sink: Some((sender, clock)) })
    }

    /// Records.
    pub fn trace(&self, trace: Trace) {
        if let Some((sender, clock)) = &self.sink {
            let record = Recorded { at_ms: clock.now().as_millisecond(), trace };
            // Full or ended: the record is dropped, the kiosk goes on.
            let _ = sender.try_send(record);
        }
    }
}

struct Ring {
    paths: [PathBuf; 2],
    current: usize,
    file: File,
    size: u64,
}

impl Ring {
    fn open(directory: &Path) -> std::io::Result<Ring> {
        let paths = [directory.join("recorder.0"), directory.join("recorder.1")];
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |of| of.len());
        let [first, second] = &paths;
        // By size, as dates of files are those of a clock that may have been in another year: the one that is
        // full is the older one, and before any is full the second is empty.
        let current = usize::from(size(first) > FILE_FULL || size(second) > 0 && size(second) <= FILE_FULL);
        let path = if current == 0 { first } else { second };
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        // What comes behind a torn record could not be read.
        let (_, whole) = whole(path)?;
        file.set_len(whole)?;
        Ok(Ring { paths, current, file, size: whole })
    }

    fn write(&mut self, record: &Recorded) -> std::io::Result<()> {
        let body = postcard::to_stdvec(record).map_err(std::io::Error::other)?;
        let length = u32::try_from(body.len()).map_err(std::io::Error::other)?;
        self.file.write_all(&[&length.to_le_bytes()[..], &body].concat())?;
        self.size += 4 + body.len() as u64;
        // At once, so that never both are full.
        if self.size > FILE_FULL {
            self.current = 1 - self.current;
            let path = self.paths.get(self.current).ok_or(std::io::ErrorKind::NotFound)?;
            self.file = File::create(path)?;
            self.size = 0;
        }
        Ok(())
    }
}

/// Reads one file of the ring; stops at the first record that is not whole.
pub fn read(path: &Path) -> std::io::Result<Vec<Recorded>> {
    Ok(whole(path)?.0)
}

/// The records, and how many bytes they take.
fn whole(path: &Path) -> std::io::Result<(Vec<Recorded>, u64)> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut records = Vec::new();
    let mut size = 0;
    let mut length = [0u8; 4];
    while reader.read_exact(&mut length).is_ok() {
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            break;
        }
        let mut body = vec![0u8; length];
        if reader.read_exact(&mut body).is_err() {
            break;
        }
        match postcard::from_bytes(&body) {
            Ok(record) => records.push(record),
            Err(_) => break,
        }
        size += 4 + length as u64;
    }
    Ok((records, size))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn record(number: i64) -> Recorded {
        Recorded { at_ms: number, trace: Trace::Scan { characters: 42 } }
    }

    fn numbers(folder: &Path) -> Vec<i64> {
        let files = ["recorder.0", "recorder.1"].map(|name| read(&folder.join(name)).unwrap_or_default());
        let mut numbers: Vec<i64> = files.into_iter().flatten().map(|record| record.at_ms).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Until the ring has gone round and is in its first file again.
    fn round(folder: &Path) -> i64 {
        let mut ring = Ring::open(folder).unwrap();
        let mut number = 0;
        for to in [1, 0] {
            while ring.current != to {
                ring.write(&record(number)).unwrap();
                number += 1;
            }
        }
        for _ in 0..10 {
            ring.write(&record(number)).unwrap();
            number += 1;
        }
        number
    }

    #[test]
    fn a_restart_goes_on_where_it_was_whatever_the_dates_of_the_files_are() {
        let folder = tempfile::tempdir().unwrap();
        let next = round(folder.path());
        // The second file was written while the clock was in 2036.
        let bogus = SystemTime::UNIX_EPOCH + Duration::from_secs(2_086_000_000);
        let second = OpenOptions::new().write(true).open(folder.path().join("recorder.1")).unwrap();
        second.set_modified(bogus).unwrap();
        let before = numbers(folder.path());
        Ring::open(folder.path()).unwrap().write(&record(next)).unwrap();
        let after = numbers(folder.path());
        assert_eq!(after, [before, vec![next]].concat(), "nothing is lost");
    }

    #[test]
    fn what_follows_a_torn_record_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        Ring::open(folder.path()).unwrap().write(&record(1)).unwrap();
        let path = folder.path().join("recorder.0");
        let torn = [std::fs::read(&path).unwrap(), vec![9, 0, 0, 0, 1, 2]].concat();
        std::fs::write(&path, torn).unwrap();
        Ring::open(folder.path()).unwrap().write(&record(2)).unwrap();
        assert_eq!(numbers(folder.path()), [1, 2]);
    }

    #[test]
    fn the_last_hours_are_kept_and_the_files_do_not_grow() {
        let folder = tempfile::tempdir().unwrap();
        let next = round(folder.path());
        let kept = numbers(folder.path());
        assert_eq!(kept.last(), Some(&(next - 1)));
        assert!(kept.windows(2).all(|pair| pair[1] == pair[0] + 1), "no hole");
        for name in ["recorder.0", "recorder.1"] {
            assert!(std::fs::metadata(folder.path().join(name)).unwrap().len() < FILE_FULL + 1024);
        }
    }
}

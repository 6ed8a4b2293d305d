//! Finding the right watchdog by what the kernel says of each under `/sys/class/watchdog`.
//!
//! The numbers of the devices follow the order in which drivers are loaded, so a board file names an identity
//! ("i6300ESB timer"), not a number. Read once at start; a USB watchdog plugged in later is found by the next
//! open.
use std::path::{Path, PathBuf};

use crate::WatchdogError;

/// Which watchdog to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The one with the lowest number.
    #[default]
    First,
    /// The one whose driver calls itself so, `iTCO_wdt`, `i6300ESB timer`.
    Identity(String),
    /// This device file.
    Path(PathBuf),
}

/// A watchdog the kernel knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its device file, `/dev/watchdog0`.
    pub path: PathBuf,
    /// What its driver calls itself.
    pub identity: String,
}

/// The watchdogs under `class` (`/sys/class/watchdog`), in the order of their numbers; their device files are
/// in `dev`. Entries that cannot be read are left out.
pub fn list(class: &Path, dev: &Path) -> Vec<Found> {
    let mut found: Vec<(u32, Found)> = std::fs::read_dir(class)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let number = name.strip_prefix("watchdog")?.parse().ok()?;
            let identity = std::fs::read_to_string(entry.path().join("identity")).ok()?;
            Some((number, Found { path: dev.join(&name), identity: identity.trim().to_owned() }))
        })
        .collect();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, found)| found).collect()
}

/// The device file that `choice` means.
///
/// # Errors
/// When the kernel has no such watchdog; the text lists those it has.
pub fn find(choice: &Choice, class: &Path, dev: &Path) -> Result<PathBuf, WatchdogError> {
    if let Choice::Path(path) = choice {
        return Ok(path.clone());
    }
    let found = list(class, dev);
    let fits = |candidate: &&Found| match choice {
        Choice::Identity(identity) => candidate.identity == *identity,
        Choice::First | Choice::Path(_) => true,
    };
    found.iter().find(fits).map(|found| found.path.clone()).ok_or_else(|| WatchdogError::NotFound {
        wanted: match choice {
            Choice::Identity(identity) => format!("called \"{identity}\""),
            Choice::First | Choice::Path(_) => "at all".to_owned(),
        },
        found: if found.is_empty() {
            "none".to_owned()
        } else {
            found.iter().map(|found| format!("\"{}\"", found.identity)).collect::<Vec<_>>().join(", ")
        },
    })
}

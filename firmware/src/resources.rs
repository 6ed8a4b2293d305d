//! What this process takes from the board: memory, processor time, and the time since its start.
//!
//! From `/proc/self/status` and `/proc/self/stat` (proc_pid_status(5), proc_pid_stat(5)): the unit hides every other
//! process. It goes into the log after one minute, after two, and then every hour, so that a loop that never sleeps
//! shows in the second line, and memory that is never given back in a day's log.
use std::io;
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// `starttime` counts in these on every architecture (`USER_HZ`).
const TICK_MS: u64 = 10;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// What is used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resources {
    /// Memory of this process in the board's RAM, in KiB.
    pub resident_kib: u64,
    /// The most it ever was, in KiB.
    pub peak_kib: u64,
    /// Processor time of all threads since the start.
    pub processor: Duration,
}

impl Resources {
    /// Asks the kernel.
    ///
    /// # Errors
    /// `/proc` is not there, or says something else than proc(5).
    pub fn now() -> io::Result<Resources> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let kib = |name| kib(&status, name).ok_or_else(|| unreadable("status"));
        Ok(Resources {
            resident_kib: kib("VmRSS:")?,
            peak_kib: kib("VmHWM:")?,
            processor: clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into(),
        })
    }
}

/// How long ago the kernel started this process, in steps of 10 ms.
///
/// # Errors
/// The same as of [`Resources::now`].
pub fn since_start() -> io::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let started = start_ms(&stat).ok_or_else(|| unreadable("stat"))?;
    let now: Duration = clock_gettime(ClockId::CLOCK_BOOTTIME)?.into();
    Ok(now.saturating_sub(Duration::from_millis(started)))
}

/// The same in milliseconds, for the log; none where it cannot be found out.
pub fn since_start_ms() -> Option<u64> {
    since_start().ok().and_then(|since| u64::try_from(since.as_millis()).ok())
}

/// Tells it, for ever.
pub async fn tell() {
    for pause in [MINUTE, MINUTE].into_iter().chain(std::iter::repeat(HOUR)) {
        tokio::time::sleep(pause).await;
        let since_start_ms = since_start_ms();
        match Resources::now() {
            Ok(Resources { resident_kib, peak_kib, processor }) => {
                let processor_ms = u64::try_from(processor.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(resident_kib, peak_kib, processor_ms, since_start_ms, "resources");
            }
            Err(error) => tracing::warn!(%error, "what this process uses is not known"),
        }
    }
}

fn unreadable(file: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("/proc/self/{file} is not as proc(5) says"))
}

/// A line of `status`, as `VmRSS:     14032 kB`.
fn kib(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Field 22 of `stat`, since the board's start. The second field is the name, which may hold blanks and brackets.
fn start_ms(stat: &str) -> Option<u64> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    let ticks: u64 = behind_name.split_whitespace().nth(19)?.parse().ok()?;
    ticks.checked_mul(TICK_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_found_behind_a_name_with_blanks_and_brackets() {
        let stat = "175 (kiosk (1) x) S 1 175 175 0 -1 4194560 100 0 0 0 12 3 0 0 20 0 4 0 2939 1 2 3";
        assert_eq!(start_ms(stat), Some(29_390));
        assert_eq!(start_ms("175 (kiosk"), None);
        assert_eq!(start_ms("175 (kiosk) S 1 2"), None);
    }

    #[test]
    fn memory_is_read_from_its_own_line() {
        let status = "Name:\tkiosk\nVmHWM:\t   15220 kB\nVmRSS:\t   14032 kB\nRssAnon:\t    9 kB\n";
        assert_eq!((kib(status, "VmRSS:"), kib(status, "VmHWM:")), (Some(14_032), Some(15_220)));
        assert_eq!(kib("VmRSS:\t14032 MB\n", "VmRSS:"), None);
    }

    #[test]
    fn this_process_has_memory_and_a_start_in_the_past() {
        let used = Resources::now().unwrap();
        assert!(0 < used.resident_kib && used.resident_kib <= used.peak_kib, "{used:?}");
        // The test program has been running for less than a day.
        assert!(since_start().unwrap() < 24 * HOUR);
    }
}

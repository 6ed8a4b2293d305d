//! The kiosk's process in the guest, asked for by the board's test shell.
use std::time::Duration;

use anyhow::{Context, Result};
use emulated_board::board::Board;

use super::process;

/// The guest's uptime, and the process's `stat` and `status`, in this order.
const ASK: &str =
    "p=$(systemctl show --value -p MainPID ciberkiosco); cat /proc/uptime /proc/$p/stat /proc/$p/status";

/// What the kernel knew of it at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The moment, since the guest's kernel began to count.
    pub at: Duration,
    /// When the process was started, by the same clock, in steps of 10 ms.
    pub start: Duration,
    /// Processor time of all its threads.
    pub processor: Duration,
    /// Bytes in the guest's memory.
    pub resident: u64,
    /// The most they ever were.
    pub peak: u64,
}

/// Asks now.
///
/// # Errors
/// The process does not run, or the guest does not answer.
pub async fn read(board: &Board) -> Result<Reading> {
    let said = board.shell(ASK).await?;
    reading(&said).with_context(|| format!("this is not as proc(5) says: {said}"))
}

fn reading(said: &str) -> Option<Reading> {
    let mut parts = said.splitn(3, '\n');
    let (uptime, stat, status) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Reading {
        at: Duration::try_from_secs_f64(uptime.split_whitespace().next()?.parse().ok()?).ok()?,
        start: process::start(stat)?,
        processor: process::processor(stat)?,
        resident: process::bytes(status, "VmRSS:")?,
        peak: process::bytes(status, "VmHWM:")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_uptime_stat_and_status() {
        let said = "91.50 60.12\n175 (ciberkiosco) S 1 175 175 0 -1 4 5 0 0 0 12 3 0 0 20 0 4 0 2939 1 2 3\n\
                    Name:\tciberkiosco\nVmHWM:\t   15220 kB\nVmRSS:\t   14032 kB\n";
        let expected = Reading {
            at: Duration::from_millis(91_500),
            start: Duration::from_millis(29_390),
            processor: Duration::from_millis(150),
            resident: 14_032 * 1024,
            peak: 15_220 * 1024,
        };
        assert_eq!(reading(said), Some(expected));
        assert_eq!(reading("cat: /proc/0/stat: No such file or directory"), None);
    }
}

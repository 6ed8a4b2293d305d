//! A process by its files in `/proc` (proc_pid_stat(5), proc_pid_status(5)): memory, processor time, and its start.
use std::time::Duration;

/// Times in `stat` count in these on every architecture (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// The number of a field of `stat`, as the manual counts: the parent.
pub const PARENT: usize = 4;
const USER: usize = 14;
const SYSTEM: usize = 15;
const START: usize = 22;

/// A field of `stat` from the third on. The second is the name, which may hold blanks and brackets.
pub fn field(stat: &str, number: usize) -> Option<u32> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    behind_name.split_whitespace().nth(number.checked_sub(3)?)?.parse().ok()
}

/// Processor time of all its threads.
pub fn processor(stat: &str) -> Option<Duration> {
    TICK.checked_mul(field(stat, USER)?.checked_add(field(stat, SYSTEM)?)?)
}

/// When it was started, since the kernel began to count.
pub fn start(stat: &str) -> Option<Duration> {
    TICK.checked_mul(field(stat, START)?)
}

/// Bytes, from a line of `status`, or of `meminfo`, as `VmRSS:     14032 kB`.
pub fn bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_from_behind_a_name_with_blanks_and_brackets() {
        let stat = "20 (kiosk (1) x) S 7 20 7 0 -1 4 5 0 0 0 1200 34 0 0 20 0 4 0 2939 1 2 3";
        assert_eq!(field(stat, PARENT), Some(7));
        assert_eq!(processor(stat), Some(Duration::from_millis(12_340)));
        assert_eq!(start(stat), Some(Duration::from_millis(29_390)));
        assert_eq!((processor("20 (kiosk) S 7"), start("20 (kiosk")), (None, None));
    }

    #[test]
    fn memory_is_read_from_its_own_line() {
        let status = "Name:\tkiosk\nVmHWM:\t   15220 kB\nVmRSS:\t   14032 kB\nRssAnon:\t    9 kB\n";
        assert_eq!(bytes(status, "VmRSS:"), Some(14_032 * 1024));
        assert_eq!(bytes(status, "VmHWM:"), Some(15_220 * 1024));
        assert_eq!(bytes("VmRSS:\t14032 MB\n", "VmRSS:"), None);
    }
}

//! What QEMU takes from the host, by proc_pid_stat(5): the emulated board's processor time and memory.
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

use super::statistics::mebibytes;

/// Times in `stat` count in these.
const TICK: Duration = Duration::from_millis(10);

/// A QEMU that this process has started.
#[derive(Clone, Copy, Debug)]
pub struct Qemu {
    pid: u32,
}

impl Qemu {
    /// The only one.
    ///
    /// # Errors
    /// There is none, or another board runs in this process.
    pub fn of_this_process() -> Result<Qemu> {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").context("/proc cannot be read")? {
            let name = entry?.file_name();
            let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            // A process may have ended since it was listed.
            let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
            if stat.contains("(qemu-system-x86") && parent(&stat) == Some(std::process::id()) {
                found.push(pid);
            }
        }
        match found[..] {
            [pid] => Ok(Qemu { pid }),
            _ => anyhow::bail!("{} boards run in this process; one can be measured", found.len()),
        }
    }

    /// Processor time of all its threads until now.
    ///
    /// # Errors
    /// It has ended.
    pub fn processor(self) -> Result<Duration> {
        let path = format!("/proc/{}/stat", self.pid);
        let stat = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        processor(&stat).with_context(|| format!("{path} is not as proc(5) says"))
    }

    /// Its memory, as "520 MiB".
    ///
    /// # Errors
    /// It has ended.
    pub fn memory(self) -> Result<String> {
        let path = format!("/proc/{}/status", self.pid);
        let status = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        Ok(mebibytes(kib.with_context(|| format!("{path} has no VmRSS"))? * 1024))
    }
}

/// The fields behind the name, the first of which is the third.
fn field(stat: &str, number: usize) -> Option<&str> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    behind_name.split_whitespace().nth(number.checked_sub(3)?)
}

fn parent(stat: &str) -> Option<u32> {
    field(stat, 4)?.parse().ok()
}

fn processor(stat: &str) -> Option<Duration> {
    let (user, system): (u32, u32) = (field(stat, 14)?.parse().ok()?, field(stat, 15)?.parse().ok()?);
    TICK.checked_mul(user.checked_add(system)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_and_processor_time_are_found_behind_the_name() {
        let stat = "20 (qemu-system-x86) S 7 20 7 0 -1 4 5 0 0 0 1200 34 0 0 20 0 4 0 2939 1 2 3";
        assert_eq!(parent(stat), Some(7));
        assert_eq!(processor(stat), Some(Duration::from_millis(12_340)));
        assert_eq!(processor("20 (qemu-system-x86) S 7"), None);
    }
}

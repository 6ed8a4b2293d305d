//! What QEMU takes from the host, by proc_pid_stat(5): the emulated board's processor time and memory.
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

use super::process::{self, PARENT};
use super::statistics::mebibytes;

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
            if stat.contains("(qemu-system-x86") && process::field(&stat, PARENT) == Some(std::process::id())
            {
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
        process::processor(&stat).with_context(|| format!("{path} is not as proc(5) says"))
    }

    /// Its memory, as "520 MiB".
    ///
    /// # Errors
    /// It has ended.
    pub fn memory(self) -> Result<String> {
        let path = format!("/proc/{}/status", self.pid);
        let status = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        let bytes = process::bytes(&status, "VmRSS:").with_context(|| format!("{path} has no VmRSS"))?;
        Ok(mebibytes(bytes))
    }
}

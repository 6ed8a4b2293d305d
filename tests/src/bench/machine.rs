//! The machine on which was measured, as Linux names it (proc_cpuinfo(5), proc_meminfo(5)).
use std::fs;

use anyhow::{Context, Result};

use super::process;
use super::statistics::mebibytes;

/// One line: processor, cores, memory, kernel, other work at that time.
pub fn describe() -> Result<String> {
    let read = |path: &str| fs::read_to_string(path).with_context(|| format!("{path} cannot be read"));
    let (cpu, memory) = (read("/proc/cpuinfo")?, read("/proc/meminfo")?);
    let kernel = read("/proc/sys/kernel/osrelease")?;
    Ok(format!(
        "{}; {} of memory; Linux {}",
        processor(&cpu),
        mebibytes(process::bytes(&memory, "MemTotal:").context("/proc/meminfo has no total")?),
        kernel.trim(),
    ))
}

/// How many tasks ran or wanted to over the last minute: what the figures had to share the machine with.
pub fn load() -> Result<f64> {
    let text = fs::read_to_string("/proc/loadavg").context("/proc/loadavg cannot be read")?;
    first_number(&text).context("/proc/loadavg holds no number")
}

fn first_number(text: &str) -> Option<f64> {
    text.split_whitespace().next()?.parse().ok()
}

fn processor(cpuinfo: &str) -> String {
    let values = |name: &'static str| {
        cpuinfo.lines().filter_map(move |line| {
            let (key, value) = line.split_once(':')?;
            (key.trim() == name).then(|| value.trim())
        })
    };
    let model = values("model name").next().unwrap_or("unknown processor");
    format!("{model}, {} cores", values("processor").count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_and_memory_are_named() {
        let cpuinfo = "processor\t: 0\nmodel name\t: Quick CPU @ 3.00GHz\nflags\t\t: fpu\n\n\
                       processor\t: 1\nmodel name\t: Quick CPU @ 3.00GHz\n";
        assert_eq!(processor(cpuinfo), "Quick CPU @ 3.00GHz, 2 cores");
        assert_eq!(processor(""), "unknown processor, 0 cores");
        let meminfo = "MemFree:   7 kB\nMemTotal:       24684532 kB\n";
        assert_eq!(process::bytes(meminfo, "MemTotal:"), Some(24_684_532 * 1024));
        assert_eq!(first_number("4.23 4.63 3.88 3/140 24838\n"), Some(4.23));
    }

    #[test]
    fn this_machine_has_a_name() {
        let said = describe().unwrap();
        assert!(said.contains("cores; ") && said.contains("Linux "), "{said}");
    }
}

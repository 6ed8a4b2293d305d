//! KVM where a guest really runs in it, otherwise software emulation.
//!
//! A `/dev/kvm` that opens proves nothing: in some nested machines a guest hangs in its first second. So a small
//! guest is asked once per start of the host.
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use tokio::process::Command;
use tokio::time;

use super::process::KilledChild;
use crate::image::Base;
use crate::places::Places;

/// How long the small guest may take. A real KVM answers in one second.
const PROBE: Duration = Duration::from_secs(8);

/// How the guest's instructions are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accelerator {
    /// In software. Works everywhere, ten times slower.
    Tcg,
    /// By the host's processor.
    Kvm,
}

impl Accelerator {
    /// As QEMU's `-machine accel=` wants it.
    pub fn name(self) -> &'static str {
        match self {
            Accelerator::Tcg => "tcg",
            Accelerator::Kvm => "kvm",
        }
    }

    /// KVM when a probe guest answers, otherwise TCG. The answer is kept until the host starts again.
    pub async fn choose(places: &Places, base: &Base) -> Result<Accelerator> {
        if fs::OpenOptions::new().read(true).write(true).open("/dev/kvm").is_err() {
            return Ok(Accelerator::Tcg);
        }
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let known = places.cache.join("kvm-answers");
        if let Ok(text) = fs::read_to_string(&known) {
            match text.strip_prefix(boot.as_str()).map(str::trim) {
                Some("yes") => return Ok(Accelerator::Kvm),
                Some("no") => return Ok(Accelerator::Tcg),
                _ => {}
            }
        }
        let answers = probe(&places.cache, base).await?;
        fs::write(&known, format!("{boot}{}\n", if answers { "yes" } else { "no" }))?;
        Ok(if answers { Accelerator::Kvm } else { Accelerator::Tcg })
    }
}

async fn probe(folder: &Path, base: &Base) -> Result<bool> {
    let said = folder.join(format!("kvm-probe-{}.log", std::process::id()));
    let mut command = Command::new("setpriv");
    command
        .args([
            "--pdeathsig",
            "KILL",
            "qemu-system-x86_64",
            "-nodefaults",
            "-no-user-config",
            "-display",
            "none",
        ])
        .args([
            "-machine",
            "q35,accel=kvm",
            "-cpu",
            "max",
            "-m",
            "256",
            "-append",
            "console=ttyS0 kiosk.probe quiet",
        ])
        .arg("-kernel")
        .arg(&base.kernel)
        .arg("-initrd")
        .arg(&base.initramfs)
        .args(["-chardev", "stdio,id=console", "-serial", "chardev:console"]);
    let mut child = KilledChild::spawn(command, &said)?;
    let mut beat = time::interval(Duration::from_millis(50));
    let asked = time::timeout(PROBE, async {
        loop {
            beat.tick().await;
            let text = fs::read(&said).unwrap_or_default();
            if String::from_utf8_lossy(&text).contains("KIOSK-PROBE-ANSWERS") {
                return true;
            }
            if !child.is_running() {
                return false;
            }
        }
    })
    .await;
    child.kill().await?;
    fs::remove_file(&said)?;
    Ok(asked.unwrap_or(false))
}

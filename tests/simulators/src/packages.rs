//! Debian packages with other people's programs; installed when this process may.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

#[derive(Debug, thiserror::Error)]
pub enum PackagesError {
    #[error("these packages are missing; run: sudo apt-get install --no-install-recommends {0}")]
    Missing(String),
    #[error("apt-get {0} failed")]
    AptGet(&'static str),
    #[error("apt-get cannot be started: {0}")]
    Start(#[from] io::Error),
}

/// Installs what is missing of these: each with a file of it.
///
/// # Errors
/// When something is missing and this process may not install it, or cannot.
pub(crate) async fn ensure(packages: &[(&str, &str)]) -> Result<(), PackagesError> {
    // One apt-get at a time: tests start side by side.
    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one = ONE.lock().await;
    let missing: Vec<&str> =
        packages.iter().filter(|(_, proof)| !Path::new(proof).exists()).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !root {
        return Err(PackagesError::Missing(missing.join(" ")));
    }
    for step in ["update", "install"] {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-o", "DPkg::Lock::Timeout=120", step]);
        if step == "install" {
            apt.args(["-y", "--no-install-recommends"]).args(&missing);
        }
        if !apt.stdout(Stdio::null()).status().await?.success() {
            return Err(PackagesError::AptGet(step));
        }
    }
    Ok(())
}

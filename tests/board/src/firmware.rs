//! The static binaries that go into the image.
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::pcsclite;
use crate::places::{Key, Places};

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the shipped binary, as the Yocto recipe does: static, release profile, with the client of pcscd.
pub fn static_firmware(places: &Places) -> Result<PathBuf> {
    let library = pcsclite::static_library(places)?;
    build(places, "ciberkiosco", |cargo| {
        cargo.args(["--features", "pcsc"]);
        cargo.env("PCSC_LIB_DIR", library).env("PCSC_LIB_NAME", "static=pcsclite");
    })
}

/// Builds the program of a package of the workspace that has the package's name, with the flags of the shipped
/// binary.
pub fn static_program(places: &Places, package: &str) -> Result<PathBuf> {
    build(places, package, |_| {})
}

/// Cargo decides what is to be done. The first time takes minutes; the target folder is its own, as other flags would
/// make all builds start anew.
fn build(places: &Places, package: &str, with: impl FnOnce(&mut Command)) -> Result<PathBuf> {
    let target = places.workspace.join("target/static");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(&places.workspace)
        // The flag must not reach build scripts and macros, which need a dynamic host: hence the explicit target.
        .args(["build", "--release", "--locked", "--package", package, "--target", TARGET])
        .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "-C target-feature=+crt-static")
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    // What a surrounding cargo says of the program that it runs: build scripts would take it for news, and start anew.
    for (name, _) in std::env::vars_os() {
        let about_itself = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if name.to_str().is_some_and(|name| about_itself.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    with(&mut command);
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        bail!("{package} does not build as a static binary ({status})");
    }
    Ok(target.join(TARGET).join("release").join(package))
}

/// Builds `guest/devices.rs`, which proves the board's devices without the firmware.
pub fn device_program(places: &Places) -> Result<PathBuf> {
    let source = places.workspace.join("tests/board/guest/devices.rs");
    let key = Key::default().add_file("source", &source)?;
    let folder = places.product("devices", &key, 1, |work| {
        let output = Command::new("rustc")
            .args([
                "--edition",
                "2024",
                "--target",
                TARGET,
                "-C",
                "target-feature=+crt-static",
                "-C",
                "opt-level=1",
            ])
            .arg("-o")
            .arg(work.join("devices"))
            .arg(&source)
            .output()
            .context("rustc cannot be started")?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    })?;
    let program = folder.join("devices");
    fs::metadata(&program).with_context(|| format!("{} is missing", program.display()))?;
    Ok(program)
}

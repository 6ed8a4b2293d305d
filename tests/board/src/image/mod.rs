//! What the emulated board boots: kernel, initramfs, root file system and data partition.
//!
//! The slow part (Debian) is cached apart from the part that changes (binary, board file, units): see [`base`] and
//! [`root`]. What boots is the static binary as it is shipped, with the files of the Yocto layer; no test helper
//! is in the image unless a test asks for one.

mod base;
mod cpio;
mod data;
mod initramfs;
mod kernel;
mod root;

pub use base::{Base, GUEST_PACKAGES, base};
pub use data::{DataFile, data_image, read_data_file};
pub use root::{RootContents, root_image};

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs a command to its end; its output is the error's text when it fails.
fn run(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{name} cannot be started"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let tail: Vec<&str> = errors.lines().rev().take(30).collect();
        bail!("{name} failed ({}): {}", output.status, tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
    }
    Ok(text)
}

/// A command that keeps the owners of files right whoever runs it: as it is for root, by fakeroot otherwise.
fn as_owner(script: &str) -> Command {
    let mut command = if nix::unistd::geteuid().is_root() {
        Command::new("sh")
    } else {
        let mut fakeroot = Command::new("fakeroot");
        fakeroot.arg("sh");
        fakeroot
    };
    command.args(["-eu", "-c", script]);
    command
}

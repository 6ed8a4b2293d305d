//! The commands of the program, run as a technician runs them: what they print, and how they end.

mod check;
mod ledger;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// How a command ended.
struct Ended {
    good: bool,
    out: String,
    err: String,
}

fn command(arguments: &[&OsStr]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ciberkiosco"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command to its end: it ends by itself with 0 or 1, says why in one line, and never panics.
fn run(words: &[&str], file: &Path) -> Ended {
    let arguments: Vec<&OsStr> =
        words.iter().map(|word| OsStr::new(*word)).chain([file.as_os_str()]).collect();
    let output = command(&arguments).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(!err.contains("panicked"), "{err}");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{code:?}: {err}");
    assert_eq!(code == Some(0), err.is_empty(), "{code:?}: {err}");
    assert!(err.is_empty() || err.starts_with("ciberkiosco: ") && err.lines().count() == 1, "{err}");
    Ended { good: code == Some(0), out, err }
}

/// The same with nobody who reads what it prints.
fn run_unheard(words: &[&str], file: &Path) -> bool {
    let arguments: Vec<&OsStr> =
        words.iter().map(|word| OsStr::new(*word)).chain([file.as_os_str()]).collect();
    // No reader at all, as after `| head -1` has read its line.
    let deaf = || Stdio::from(std::io::pipe().unwrap().1);
    let status = command(&arguments).stdout(deaf()).stderr(deaf()).status().unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
    status.success()
}

/// A folder with one file.
fn folder_with(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

//! Runs the board with a static binary that is given by path, or with the program that proves devices.
use std::path::PathBuf;

use emulated_board::firmware::device_program;
use emulated_board::places::Places;
use emulated_board::run::{RunOptions, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let binary = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None => device_program(&Places::of_workspace())?,
    };
    run(RunOptions { binary: Some(binary), ..RunOptions::default() }).await
}

//! `cargo qa run`: builds what is missing, boots the board, and serves its front panel until Ctrl-C.
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use tokio::sync::Mutex;

use crate::board::{Board, BoardOptions};
use crate::firmware::static_firmware;
use crate::packages;
use crate::panel;
use crate::places::Places;

/// What to run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The panel's port on this host's loopback; 0 for any.
    pub port: u16,
    /// A file of `board-configs/`, by its name.
    pub board: String,
    /// A static binary in place of the one that is built.
    pub binary: Option<PathBuf>,
    /// The board's clock at power-on.
    pub clock: Option<String>,
    /// Makes the sede's numbers.
    pub seed: u64,
}

impl Default for RunOptions {
    fn default() -> RunOptions {
        RunOptions { port: 8470, board: "qemu-x86_64".into(), binary: None, clock: None, seed: 1 }
    }
}

/// Runs until Ctrl-C; then the board's power is cut and nothing is left behind.
pub async fn run(options: RunOptions) -> Result<()> {
    packages::ensure()?;
    let places = Places::of_workspace();
    let binary = match options.binary {
        Some(binary) => binary,
        None => {
            println!("building the static firmware; the first time takes minutes");
            static_firmware(&places)?
        }
    };
    println!("making the image; the first time takes two minutes");
    let board = BoardOptions {
        board: options.board,
        clock: options.clock,
        seed: options.seed,
        ..BoardOptions::new(binary)
    };
    let board = Arc::new(Mutex::new(Board::build(board).await?));
    let served = panel::serve(board.clone(), options.port).await?;
    {
        let mut board = board.lock().await;
        board.power_on().await?;
        println!(
            "the board is on ({}), its console: {}",
            board.accelerator().name(),
            board.console_log().display()
        );
    }
    println!("front panel: http://{}/", served.address);
    tokio::signal::ctrl_c().await?;
    let mut board = board.lock().await;
    if board.is_on() {
        board.power_cut().await?;
    }
    Ok(())
}

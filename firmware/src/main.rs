//! `ciberkiosco`: the kiosk's one program.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod commands;

use std::alloc::System;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use zeroizing_alloc::ZeroAlloc;

/// Whatever is given back is wiped first: nothing of a citizen stays in memory that nobody holds.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// The firmware of a town hall's citizen kiosk.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the kiosk of this board.
    Run {
        /// The board file.
        #[arg(long)]
        board: PathBuf,
        /// For tests: a named pipe, made if it is not there, that takes `kill TASK` and `freeze TASK`.
        #[arg(long, value_name = "PIPE")]
        faults: Option<PathBuf>,
    },
    /// Check a board file and print what is wrong, with line and key.
    Check {
        /// The board file.
        #[arg(long)]
        board: PathBuf,
    },
    /// Look at a ledger without changing it.
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
}

#[derive(Subcommand)]
enum LedgerCommand {
    /// Check every row, and print the balance.
    Verify {
        /// The ledger.
        file: PathBuf,
    },
    /// Print every row as JSON, one a line.
    Show {
        /// The ledger.
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run { board, faults } => commands::run(&board, faults.as_deref()),
        Command::Check { board } => commands::check(&board),
        Command::Ledger { command: LedgerCommand::Verify { file } } => commands::ledger_verify(&file),
        Command::Ledger { command: LedgerCommand::Show { file } } => commands::ledger_show(&file),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line, for a technician who reads it from a screen; he may have closed it.
            let _ = writeln!(std::io::stderr(), "ciberkiosco: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error with its causes, each said once: most texts hold that of their cause already.
fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if cause.starts_with(&text) {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

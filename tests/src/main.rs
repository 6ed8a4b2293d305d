//! `cargo qa`: the kiosk on the emulated board, its tests, benches and pictures.

mod commands;
mod dist;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Run, test and measure the kiosk without its hardware.
#[derive(Parser)]
#[command(name = "cargo qa", bin_name = "cargo qa")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Boot the appliance on the emulated board and print the address of its front panel.
    Run(commands::RunArguments),
    /// Run all tests.
    Test(commands::TestArguments),
    /// Measure how fast, how big and how hungry the kiosk is, as a table.
    Bench(commands::BenchArguments),
    /// Render every page and every paper to PNG.
    Pages(commands::PagesArguments),
    /// Make the release archive with all crates vendored.
    Dist,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(arguments) => commands::run(arguments),
        Command::Test(arguments) => commands::test(&arguments),
        Command::Bench(arguments) => commands::bench(&arguments),
        Command::Pages(arguments) => commands::pages(&arguments),
        Command::Dist => commands::dist(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo qa: {error:#}");
            ExitCode::FAILURE
        }
    }
}

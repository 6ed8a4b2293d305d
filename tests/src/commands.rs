//! What each `cargo qa` command does.
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use emulated_board::firmware::static_program;
use emulated_board::packages;
use emulated_board::places::Places;
use emulated_board::run::RunOptions;
use qa::bench::{self, BenchOptions};
use qa::pictures;

use crate::dist;

/// Options of `cargo qa run`.
#[derive(Args)]
pub struct RunArguments {
    /// Port of the front panel on the loopback; 0 for any.
    #[arg(long, default_value_t = RunOptions::default().port)]
    port: u16,
    /// A board of `board-configs/`.
    #[arg(long, default_value = "qemu-x86_64")]
    board: String,
    /// A static binary in place of the one that is built.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// The board's clock at power-on, such as 2000-01-01T00:00:00.
    #[arg(long)]
    clock: Option<String>,
}

/// Options of `cargo qa test`.
#[derive(Args)]
pub struct TestArguments {
    /// Leave out what boots the emulated board: minutes become seconds.
    #[arg(long)]
    quick: bool,
}

/// Options of `cargo qa bench`.
#[derive(Args)]
pub struct BenchArguments {
    /// How often the emulated board is switched on; 0 leaves out what needs it.
    #[arg(long, default_value_t = 3)]
    boots: usize,
}

/// Options of `cargo qa pages`.
#[derive(Args)]
pub struct PagesArguments {
    /// Folder for the pictures.
    #[arg(long, default_value = "target/pages")]
    out: PathBuf,
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Boots the board and serves its panel until Ctrl-C.
pub fn run(arguments: RunArguments) -> Result<()> {
    let RunArguments { port, board, binary, clock } = arguments;
    runtime()?.block_on(emulated_board::run::run(RunOptions {
        port,
        board,
        binary,
        clock,
        ..RunOptions::default()
    }))
}

fn cargo(arguments: &[&str]) -> Result<()> {
    println!("cargo {}", arguments.join(" "));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    let status = command
        .current_dir(Places::of_workspace().workspace)
        .args(arguments)
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("cargo {} failed", arguments.join(" "));
    }
    Ok(())
}

/// Always the same packages with the same features: another choice would build half of the crates once more.
const ALL: [&str; 4] = ["test", "--locked", "--workspace", "--all-features"];

/// Runs the tests: all that runs in this process first, then what boots the board. What the board needs is made
/// meanwhile.
pub fn test(arguments: &TestArguments) -> Result<()> {
    packages::ensure_all(packages::BUILD_PACKAGES)?;
    let in_process =
        || cargo(&[&ALL[..], &["--lib", "--bins", "--tests", "--", "--skip", "board_"]].concat());
    if arguments.quick {
        return in_process();
    }
    packages::ensure()?;
    let ahead = std::thread::spawn(|| emulated_board::prepare(&Places::of_workspace()));
    in_process()?;
    ahead.join().map_err(|_| anyhow!("making the board panicked"))??;
    // One after another: two boards at once on a small machine miss their deadlines.
    let boards = ["board", "board_devices", "board_panel"].map(|name| format!("--test={name}"));
    let boards: Vec<&str> = boards.iter().map(String::as_str).collect();
    cargo(&[&ALL[..], &boards, &["--", "--test-threads", "1", "board_"]].concat())
}

/// Measures; built with debug assertions, it builds itself with the flags of the shipped binary, and runs that.
pub fn bench(arguments: &BenchArguments) -> Result<()> {
    let boots = arguments.boots;
    if cfg!(debug_assertions) {
        eprintln!("building the bench as the firmware is built; the first time takes minutes");
        let program = static_program(&Places::of_workspace(), "qa")?;
        let mut command = Command::new(&program);
        let status = command.args(["bench", "--boots", &boots.to_string()]).status();
        let status = status.with_context(|| format!("{} cannot be started", program.display()))?;
        if !status.success() {
            bail!("the bench failed ({status})");
        }
        return Ok(());
    }
    println!("{}", bench::run(BenchOptions { boots })?);
    Ok(())
}

/// Renders every page in every language, and every paper.
pub fn pages(arguments: &PagesArguments) -> Result<()> {
    let count = pictures::render(&arguments.out)?;
    println!("{count} pictures in {}", arguments.out.display());
    Ok(())
}

/// Makes the release archive.
pub fn dist() -> Result<()> {
    let places = Places::of_workspace();
    let archive = dist::dist(&places.workspace, &places.workspace.join("target/dist"))?;
    println!("{}  {} ({} bytes)", archive.sha256, archive.path.display(), archive.bytes);
    let crates = dist::prove(&archive, &places.workspace.join("target/dist/proof"))?;
    println!("resolved without a network: {crates} crates");
    Ok(())
}

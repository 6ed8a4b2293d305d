//! `cargo qa bench`: how fast, how big, how hungry, as a Markdown table with the machine named.
//!
//! What a machine does by the clock on the wall is repeated, and given with its spread; what the protocol and the
//! engine need is given in simulated time, which is the same on every machine. Optimized as the shipped binary is.

mod board;
mod citizen;
mod console;
mod guest;
mod ledger;
mod machine;
mod money;
mod pages;
mod paper;
mod petition;
mod process;
mod qemu;
mod scan;
mod statistics;
mod table;

use anyhow::Result;
use emulated_board::places::Places;

use statistics::number;
use table::Table;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct BenchOptions {
    /// How often the emulated board is switched on; 0 leaves it out.
    pub boots: usize,
}

/// Measures, and gives the table.
pub fn run(options: BenchOptions) -> Result<String> {
    let load_before = machine::load()?;
    let mut table = Table::default();
    pages::measure(&mut table)?;
    money::measure(&mut table)?;
    paper::measure(&mut table)?;
    scan::measure(&mut table)?;
    petition::measure(&mut table)?;
    citizen::measure(&mut table)?;
    ledger::measure(&mut table, &Places::of_workspace().workspace.join("target"))?;
    let mut machine = machine::describe()?;
    if options.boots > 0 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let accelerator = runtime.block_on(board::measure(&mut table, options.boots))?;
        machine = format!("{machine}; the emulated board under {}", board::name(accelerator));
    }
    let load = [load_before, machine::load()?].map(number);
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d");
    Ok(format!("{day}, {machine}. Load before and after: {} and {}.\n\n{table}", load[0], load[1]))
}

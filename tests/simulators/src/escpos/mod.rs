//! A receipt or page printer that draws what it would print (reference 2).
//!
//! Epson behaviour, and Custom KPM behaviour as a variant. Unplugged, it goes on printing its
//! buffer. At the end of the paper it stops, keeps the buffer and resumes on the new roll. Only
//! a loss of power empties the buffer; what hangs out of the printer stays there.

mod canvas;
mod codepage;
mod commands;
mod config;
mod engine;
mod execute;
mod fault;
mod font;
mod paper;
mod parser;
mod printer;
mod realtime;
mod snapshot;
mod status;
mod strip;
mod symbols;
mod typesetter;

pub use config::{KnownCommands, Model, PrinterConfig};
pub use fault::PrinterFault;
pub use paper::{Hand, Paper, PaperFate};
pub use printer::Printer;
pub use snapshot::PrinterSnapshot;

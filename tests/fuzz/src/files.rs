//! Files: board, settings, flight recorder, ledger.
use std::fs;
use std::path::PathBuf;

use ciberkiosco::ledger::{Balance, Ledger, Record};
use ciberkiosco::settings::Settings;
use ciberkiosco::{board, recorder as flight};
use tempfile::TempDir;

thread_local! {
    /// In memory where that can be had: a disk would be the slowest part by far.
    static FOLDER: TempDir = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a folder");
}

/// A file of this name with this content, on its own in a folder.
fn file(name: &str, data: &[u8]) -> PathBuf {
    let path = FOLDER.with(|folder| folder.path().join(name));
    fs::write(&path, data).expect("a file");
    path
}

/// A board file, beside one that it may inherit.
pub fn board_file(data: &[u8]) {
    file("cabinet-cash.toml", include_bytes!("../../../board-configs/cabinet-cash.toml"));
    match board::load(&file("board.toml", data)) {
        Ok(board) => board::check(&board).iter().for_each(|remark| assert!(!remark.to_string().is_empty())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// The town hall's settings.
pub fn settings(data: &[u8]) {
    let path = file("settings.toml", data);
    let Some(folder) = path.parent() else { return };
    if let Ok(settings) = Settings::load(folder) {
        assert!((1..=12).contains(&settings.kiosk.len()), "it begins every operation number");
        let _ = settings.address().host_and_port();
    }
}

/// A file of the flight recorder.
pub fn recorder(data: &[u8]) {
    let records = flight::read(&file("recorder.0", data)).expect("a file that is there is read");
    assert!(records.len() * 6 <= data.len(), "a record has a length, a time and a trace");
}

/// Any file as a ledger.
pub fn ledger_file(data: &[u8]) {
    if let Ok(records) = Ledger::inspect(&file("ledger.db", data)) {
        balance(&records);
    }
}

/// Rows, one a line, as they stand in a ledger whose chain is whole.
pub fn ledger_rows(data: &[u8]) {
    let rows = data.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    let records: Vec<Record> = rows.collect();
    for record in &records {
        let written = serde_json::to_vec(record).expect("JSON");
        assert_eq!(serde_json::from_slice::<Record>(&written).ok().as_ref(), Some(record));
    }
    balance(&records);
}

fn balance(records: &[Record]) {
    if let Ok(balance) = Balance::of(records) {
        let _ = (balance.balanced(), balance.to_string());
    }
}

//! Every board file of the repository can be used; a wrong one is told with its key.
use std::path::{Path, PathBuf};

use ciberkiosco::board::{check, load};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../board-configs")
}

#[test]
fn every_board_file_has_nothing_wrong() {
    let mut boards = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let inherited = path.file_stem().is_some_and(|name| name == "cabinet-cash");
        if path.extension().is_none_or(|ending| ending != "toml") || inherited {
            continue;
        }
        let board = load(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(check(&board), [], "{}", path.display());
        boards += 1;
    }
    assert!(boards >= 2, "the emulated board and a real cabinet");
}

fn wrong(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.toml");
    std::fs::write(&path, text).unwrap();
    match load(&path) {
        Err(error) => error.to_string(),
        Ok(board) => check(&board).iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    }
}

#[test]
fn an_unknown_key_is_told_with_its_line() {
    let said = wrong("description = \"x\"\n[watchdog]\ntimeout-s = 30\nspeed = 1\n");
    assert!(said.contains("line 4") && said.contains("speed"), "{said}");
}

#[test]
fn values_that_contradict_each_other_are_told_with_their_key() {
    let said = wrong(
        "description = \"x\"\n[cash.port]\nserial = \"/dev/x\"\nbaud = 9600\n[cash.bus.validator]\naddress = 3\n\
         [[cash.bus.hoppers]]\naddress = 3\ncoin-cents = 7\n",
    );
    assert!(said.contains("hoppers[0].address") && said.contains("hoppers[0].coin-cents"), "{said}");
}

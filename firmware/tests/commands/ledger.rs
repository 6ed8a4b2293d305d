//! `ciberkiosco ledger verify` and `show`: a good ledger, one that somebody has meddled with, and what is none.
use std::collections::BTreeMap;

use ciberkiosco::ledger::{Debt, Entry, Ledger, Place, Record, Stock};
use ciberkiosco::sede::OperationId;
use hal_cctalk::EventMark;
use hal_device::Cents;
use jiff::Timestamp;
use rusqlite::Connection;

use super::*;

const VERIFY: &[&str] = &["ledger", "verify"];
const SHOW: &[&str] = &["ledger", "show"];

/// A ledger of five rows, still open: a start, a count, a payment with one note of 20.00.
fn open_ledger() -> (TempDir, PathBuf, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger of K07 #1?.db");
    let mut ledger = Ledger::open(&path, "K07").unwrap();
    let value = Cents(2000);
    let debt = Debt {
        quote: "Q1".into(),
        debt: "D1".into(),
        concept: "Tasa de prueba".into(),
        reference: "000012345665".into(),
        amount: value,
        last_day: None,
        collecting_body: "Ayuntamiento de Prueba".into(),
        reduction: None,
    };
    let mark = |counter| EventMark { serial: 1, counter };
    let content = vec![Stock { value: Cents(200), count: 50 }];
    let operation = || Some(OperationId("K07-000001".into()));
    for (operation, entry) in [
        (None, Entry::Started { version: "0".into(), boot: None }),
        (None, Entry::Counted { place: Place::Hopper(0), content }),
        (operation(), Entry::PaymentOpened { debt, language: ui::Language::Spanish }),
        (operation(), Entry::NoteEscrowed { value, mark: mark(1) }),
        (operation(), Entry::NoteStacked { value, mark: mark(2) }),
    ] {
        ledger.append(Timestamp::UNIX_EPOCH, false, operation, entry).unwrap();
    }
    (folder, path, ledger)
}

/// The same of a kiosk that has ended.
fn ledger() -> (TempDir, PathBuf) {
    let (folder, path, ledger) = open_ledger();
    drop(ledger);
    (folder, path)
}

/// What is done to it behind its back.
fn meddled(sql: &str) -> (TempDir, PathBuf) {
    let (folder, path) = ledger();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("DROP TRIGGER entries_stay; DROP TRIGGER entries_remain;").unwrap();
    connection.execute_batch(sql).unwrap();
    (folder, path)
}

/// Every file of a folder with its content.
fn files(folder: &TempDir) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder.path()).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect()
}

#[test]
fn a_good_ledger_is_told_with_its_sums_and_is_not_touched() {
    let (folder, path) = ledger();
    let before = files(&folder);
    assert_eq!(before.len(), 1, "nothing of a kiosk that has ended lies beside it");
    let ended = run(VERIFY, &path);
    assert!(ended.good, "{}", ended.err);
    assert!(ended.out.contains("5 rows, every one in its place and unchanged"), "{}", ended.out);
    assert!(ended.out.lines().any(|line| line.starts_with("money in") && line.ends_with("20.00")));
    let ended = run(SHOW, &path);
    let rows: Vec<Record> = ended.out.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(files(&folder) == before, "looking changes nothing, and leaves nothing beside the file");
}

#[test]
fn the_ledger_of_a_running_kiosk_can_be_looked_at() {
    let (_folder, path, ledger) = open_ledger();
    assert!(run(VERIFY, &path).out.contains("5 rows"));
    assert_eq!(run(SHOW, &path).out.lines().count(), 5);
    drop(ledger);
}

#[test]
fn the_wrong_row_is_named_and_the_good_ones_before_it_are_shown() {
    let reordered = "UPDATE entries SET seq = 100 WHERE seq = 1; UPDATE entries SET seq = 1 WHERE seq = 2; \
                     UPDATE entries SET seq = 2 WHERE seq = 100;";
    let cases = [
        ("UPDATE entries SET body = replace(body, '2000', '1000') WHERE seq = 5", "row 5 was changed", 4),
        ("UPDATE entries SET body = CAST(x'FF' AS TEXT) WHERE seq = 2", "row 2 was changed", 1),
        ("DELETE FROM entries WHERE seq = 3", "row 3 is missing", 2),
        ("DELETE FROM entries WHERE seq = 1", "row 1 is missing", 0),
        ("DELETE FROM entries WHERE seq = 5", "the ledger ends at row 4, its head says 5", 4),
        (reordered, "row 1 was changed, or moved", 0),
    ];
    for (sql, told, good) in cases {
        let (_folder, path) = meddled(sql);
        for words in [VERIFY, SHOW] {
            let ended = run(words, &path);
            assert!(!ended.good && ended.err.matches(told).count() == 1, "{sql}: {}", ended.err);
            assert!(ended.err.contains("keep the file for the auditor"), "{}", ended.err);
            assert_eq!(ended.out.lines().count(), if words == SHOW { good } else { 0 }, "{sql}");
        }
    }
}

#[test]
fn a_missing_file_is_told_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    for words in [VERIFY, SHOW] {
        let ended = run(words, &path);
        assert!(
            !ended.good && ended.err.contains("ledger.db: cannot be opened: No such file"),
            "{}",
            ended.err
        );
    }
    assert!(files(&folder).is_empty(), "looking makes no file");
}

#[test]
fn what_is_no_ledger_is_told_and_not_touched() {
    let (folder, path) = folder_with("ledger.db", b"");
    std::fs::write(folder.path().join("text.db"), "This is no database, but it is long enough to look into.")
        .unwrap();
    let other = Connection::open(folder.path().join("other.db")).unwrap();
    other.execute_batch("CREATE TABLE entries (other TEXT); PRAGMA user_version = 1;").unwrap();
    drop(other);
    let before = files(&folder);
    for name in ["ledger.db", "text.db", "other.db"] {
        for words in [VERIFY, SHOW] {
            let ended = run(words, &path.with_file_name(name));
            assert!(!ended.good && ended.out.is_empty(), "{name}: {}", ended.out);
            assert!(ended.err.contains(&format!("{name}: this is no ledger of a kiosk")), "{}", ended.err);
        }
    }
    assert!(files(&folder) == before);
    let ended = run(VERIFY, folder.path());
    assert!(!ended.good && ended.err.contains("cannot be opened: this is no file"), "{}", ended.err);
}

#[test]
fn a_file_that_was_cut_off_is_never_a_good_ledger_with_fewer_rows() {
    let (_folder, path) = ledger();
    let whole = std::fs::read(&path).unwrap();
    let mut good = 0;
    for length in (0..whole.len()).step_by(512) {
        std::fs::write(&path, &whole[..length]).unwrap();
        let ended = run(VERIFY, &path);
        // The last page of the file holds nothing but its own head.
        assert!(!ended.good || ended.out.contains(" 5 rows"), "{length} bytes: {}", ended.out);
        good += usize::from(ended.good);
    }
    assert!(good < 8, "{good} cuts were not seen");
}

#[test]
fn a_ledger_of_a_newer_firmware_says_so() {
    let (_folder, path) = meddled("PRAGMA user_version = 99");
    let ended = run(VERIFY, &path);
    assert!(!ended.good && ended.err.contains("tables of version 99"), "{}", ended.err);
}

#[test]
fn whoever_reads_may_stop_and_the_end_is_still_the_ledgers() {
    let (_folder, path) = ledger();
    assert!(run_unheard(SHOW, &path) && run_unheard(VERIFY, &path));
    let (_folder, path) = meddled("DELETE FROM entries WHERE seq = 3");
    assert!(!run_unheard(SHOW, &path) && !run_unheard(VERIFY, &path));
}

#[test]
fn a_disk_that_is_full_is_no_success() {
    let (_folder, path) = ledger();
    for words in [VERIFY, SHOW] {
        let arguments: Vec<&OsStr> =
            words.iter().map(|word| OsStr::new(*word)).chain([path.as_os_str()]).collect();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(&arguments).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains("cannot be written"), "{said}");
    }
}

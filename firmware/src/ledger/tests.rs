//! A ledger that somebody has meddled with, and one that nobody has.
use hal_cctalk::EventMark;
use hal_device::Cents;
use jiff::Timestamp;
use rusqlite::Connection;

use super::*;
use crate::sede::OperationId;

fn memory() -> Ledger {
    Ledger::with_connection(Connection::open_in_memory().unwrap(), "K07", |_| Ok(())).unwrap()
}

fn file(folder: &std::path::Path) -> std::path::PathBuf {
    folder.join("ledger.db")
}

fn debt() -> Debt {
    Debt {
        quote: "Q1".into(),
        debt: "D1".into(),
        concept: "Tasa de prueba".into(),
        reference: "000012345665".into(),
        amount: Cents(2000),
        last_day: None,
        collecting_body: "Ayuntamiento de Prueba".into(),
        reduction: None,
    }
}

/// Five rows: a start, a count, a payment with one note.
fn fill(ledger: &mut Ledger) {
    let operation = || Some(OperationId("K07-000001".into()));
    let mark = EventMark { serial: 1, counter: 1 };
    let value = Cents(2000);
    let content = vec![Stock { value: Cents(200), count: 50 }];
    let rows = [
        (None, Entry::Started { version: "0".into(), boot: None }),
        (None, Entry::Counted { place: Place::Hopper(0), content }),
        (operation(), Entry::PaymentOpened { debt: debt(), language: ui::Language::Spanish }),
        (operation(), Entry::NoteEscrowed { value, mark }),
        (operation(), Entry::NoteStacked { value, mark: EventMark { counter: 2, ..mark } }),
    ];
    for (operation, entry) in rows {
        ledger.append(Timestamp::UNIX_EPOCH, false, operation, entry).unwrap();
    }
}

/// A filled file, and what is done to it behind the ledger's back.
fn meddled(sql: &str) -> Result<Vec<Record>, LedgerError> {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path());
    fill(&mut Ledger::open(&path, "K07").unwrap());
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("DROP TRIGGER entries_stay; DROP TRIGGER entries_remain;").unwrap();
    connection.execute_batch(sql).unwrap();
    drop(connection);
    Ledger::inspect(&path)
}

fn fault(sql: &str) -> Fault {
    match meddled(sql) {
        Err(LedgerError::Broken(fault)) => fault,
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn an_untouched_ledger_verifies() {
    assert_eq!(meddled("SELECT 1").unwrap().len(), 5);
}

#[test]
fn a_changed_row_is_found() {
    let sql = "UPDATE entries SET body = replace(body, '2000', '1000') WHERE seq = 5";
    assert_eq!(fault(sql), Fault::Changed(5));
}

#[test]
fn a_missing_row_is_found() {
    assert_eq!(fault("DELETE FROM entries WHERE seq = 3"), Fault::Missing { expected: 3, found: 4 });
}

#[test]
fn missing_last_rows_are_found() {
    assert_eq!(fault("DELETE FROM entries WHERE seq >= 4"), Fault::End { head: 5, found: 3 });
}

#[test]
fn an_emptied_ledger_is_found() {
    assert_eq!(fault("DELETE FROM entries"), Fault::End { head: 5, found: 0 });
}

#[test]
fn two_rows_in_each_others_place_are_found() {
    let sql = "UPDATE entries SET seq = 100 WHERE seq = 1; UPDATE entries SET seq = 1 WHERE seq = 2; \
               UPDATE entries SET seq = 2 WHERE seq = 100;";
    assert_eq!(fault(sql), Fault::Changed(1));
}

#[test]
fn a_row_with_its_hash_made_anew_breaks_the_next() {
    let body = r#"{"seq":1,"at":"1970-01-01T00:00:00Z","clock_sure":true,"operation":null,"entry":{"kind":"started","version":"9"}}"#;
    let hash: String =
        schema::chain(&schema::GENESIS, 1, body).iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = format!("UPDATE entries SET body = '{body}', hash = x'{hash}' WHERE seq = 1");
    assert_eq!(fault(&sql), Fault::Changed(2));
}

#[test]
fn rows_cannot_be_changed_or_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    fill(&mut Ledger::open(&file(folder.path()), "K07").unwrap());
    let connection = Connection::open(file(folder.path())).unwrap();
    for sql in ["UPDATE entries SET body = ''", "DELETE FROM entries"] {
        let error = connection.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{error}");
    }
    drop(connection);
    assert_eq!(Ledger::inspect(&file(folder.path())).unwrap().len(), 5);
}

#[test]
fn the_books_are_the_same_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&file(folder.path()), "K07").unwrap();
    fill(&mut ledger);
    let before = ledger.books().clone();
    drop(ledger);
    let after = Ledger::open(&file(folder.path()), "K07").unwrap();
    assert_eq!(after.books().open, before.open);
    assert_eq!(after.books().inventory, before.inventory);
    assert_eq!((after.books().seq, after.books().operations), (5, 1));
    let account = &after.books().open[&OperationId("K07-000001".into())];
    assert_eq!((account.inserted, account.owed().unwrap()), (Cents(2000), Cents(2000)));
}

#[test]
fn a_claim_is_in_the_outbox_with_its_entry() {
    let mut ledger = memory();
    fill(&mut ledger);
    let claim = Entry::Claimed {
        claim: "7F3K-92QX".into(),
        about: ClaimKind::RefundOwed,
        owed: Cents(2000),
        in_question: Cents::ZERO,
    };
    let operation = Some(OperationId("K07-000001".into()));
    ledger.append(Timestamp::UNIX_EPOCH, true, operation, claim).unwrap();
    let events = ledger.outbox(10).unwrap();
    assert_eq!((events.len(), events[0].id.as_str(), events[0].kind.as_str()), (1, "K07-6", "refund-owed"));
    ledger.delivered(&[events[0].id.clone()]).unwrap();
    assert!(ledger.outbox(10).unwrap().is_empty());
}

#[test]
fn an_entry_of_no_operation_is_refused_and_nothing_is_written() {
    let mut ledger = memory();
    let operation = Some(OperationId("K07-000009".into()));
    let entry = Entry::CancelDecided { why: CancelReason::Citizen };
    assert!(ledger.append(Timestamp::UNIX_EPOCH, true, operation, entry).is_err());
    assert_eq!(ledger.books().seq, 0);
}

#[test]
fn a_debt_of_before_reductions_were_known_is_read_and_written_as_it_was() {
    let old = r#"{"quote":"Q1","debt":"D1","concept":"Tasa de prueba","reference":"000012345665","amount":2000,"last_day":null,"collecting_body":"Ayuntamiento de Prueba"}"#;
    assert_eq!(serde_json::from_str::<Debt>(old).unwrap(), debt());
    assert_eq!(serde_json::to_string(&debt()).unwrap(), old);
}

#[test]
fn what_was_given_up_for_a_reduction_is_in_the_books_after_a_restart() {
    let waived = Waived {
        full_amount: Cents(4000),
        reduced_until: jiff::civil::date(2026, 12, 5),
        waiver: ui::WAIVER_VERSION,
    };
    let debt = Debt { reduction: Some(waived), ..debt() };
    let folder = tempfile::tempdir().unwrap();
    let operation = OperationId("K07-000001".into());
    let entry = Entry::PaymentOpened { debt, language: ui::Language::Valencian };
    let mut ledger = Ledger::open(&file(folder.path()), "K07").unwrap();
    ledger.append(Timestamp::UNIX_EPOCH, true, Some(operation.clone()), entry).unwrap();
    drop(ledger);
    let ledger = Ledger::open(&file(folder.path()), "K07").unwrap();
    let account = &ledger.books().open[&operation];
    assert_eq!((account.debt.reduction, account.language), (Some(waived), ui::Language::Valencian));
}

#[test]
fn a_ledger_of_a_newer_firmware_is_refused() {
    let connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    let opened = Ledger::with_connection(connection, "K07", |_| Ok(()));
    assert!(matches!(opened, Err(LedgerError::Version(99))));
}

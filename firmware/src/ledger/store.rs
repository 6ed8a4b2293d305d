//! The ledger's file, and the books that are folded from it.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hal_device::MoneyError;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::account::{Account, BookingState};
use super::entry::{ClaimKind, Entry, Record};
use super::inventory::Inventory;
use super::verify::{Fault, verify, walk};
use super::{inspect, schema};
use crate::sede::{KioskEvent, OperationId};

/// Why the ledger cannot be used. Each of these stops cash payments.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite or the disk.
    #[error("the ledger cannot be read or written: {0}; check the data partition")]
    Sqlite(#[from] rusqlite::Error),
    /// The chain is broken.
    #[error("the ledger does not verify: {0}; keep the file for the auditor and start a new one")]
    Broken(#[from] Fault),
    /// A file to be looked at cannot be opened.
    #[error("{path}: cannot be opened: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file to be looked at is something else.
    #[error("{0}: this is no ledger of a kiosk")]
    NoLedger(PathBuf),
    /// The tables are of a newer version of the firmware.
    #[error("the ledger has tables of version {0}, this firmware knows {v}; update it", v = schema::VERSION)]
    Version(i64),
    /// A sum that is no amount of money.
    #[error("the ledger holds a sum that does not fit: {0}")]
    Money(#[from] MoneyError),
    /// An entry that cannot be written as JSON.
    #[error("an entry cannot be written: {0}")]
    Encode(#[from] serde_json::Error),
    /// The thread that writes died.
    #[error("the ledger's thread died")]
    Thread,
    /// An entry for an operation that was never opened.
    #[error("the ledger has no operation {0}")]
    NoOperation(String),
}

/// When an entry was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// By the kiosk's clock.
    pub at: Timestamp,
    /// The clock was sure.
    pub clock_sure: bool,
    /// The boot it was in.
    pub boot: Option<String>,
}

/// What the entries add up to.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// Operations that are not over, and those whose booking is still due.
    pub open: BTreeMap<OperationId, Account>,
    /// Number of the last operation.
    pub operations: u64,
    /// What lies where.
    pub inventory: Inventory,
    /// The boot of the last start.
    pub boot: Option<String>,
    /// The last entry of an operation that is not over.
    pub last: Option<Written>,
    /// Number of the last entry.
    pub seq: u64,
}

impl Books {
    fn apply(&mut self, record: &Record) -> Result<(), LedgerError> {
        self.seq = record.seq;
        self.inventory.apply(&record.entry);
        if let Entry::Started { boot, .. } = &record.entry {
            self.boot.clone_from(boot);
        }
        let Some(operation) = &record.operation else { return Ok(()) };
        if let Entry::PaymentOpened { debt, language } = &record.entry {
            self.operations += 1;
            let account = Account::new(operation.clone(), debt.clone(), *language);
            self.open.insert(operation.clone(), account);
            self.last = Some(self.written(record));
            return Ok(());
        }
        let Some(account) = self.open.get_mut(operation) else {
            return match record.entry {
                // A late answer to an operation that was already folded away changes nothing that is owed.
                Entry::Booked(_) | Entry::PrintEnded { .. } => Ok(()),
                _ => Err(LedgerError::NoOperation(operation.0.clone())),
            };
        };
        account.apply(&record.entry)?;
        let (over, due) = (account.completed.is_some(), account.booking == BookingState::Due);
        if over && !due {
            self.open.remove(operation);
        }
        if !over {
            self.last = Some(self.written(record));
        }
        Ok(())
    }

    fn written(&self, record: &Record) -> Written {
        Written { at: record.at, clock_sure: record.clock_sure, boot: self.boot.clone() }
    }
}

/// The open file. One owner: the handle.
pub struct Ledger {
    connection: Connection,
    head: [u8; 32],
    books: Books,
    kiosk: String,
}

impl Ledger {
    /// Opens or makes the file, checks it and folds it. `kiosk` begins the identifiers of events.
    pub fn open(path: &Path, kiosk: &str) -> Result<Ledger, LedgerError> {
        Ledger::with_connection(Connection::open(path)?, kiosk, |_| Ok(()))
    }

    /// The same over a connection that was opened elsewhere; `watch` is called once the tables stand, to watch
    /// what is written.
    pub fn with_connection(
        mut connection: Connection,
        kiosk: &str,
        watch: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
    ) -> Result<Ledger, LedgerError> {
        schema::prepare(&connection)?;
        watch(&mut connection)?;
        let verified = verify(&connection)??;
        let mut books = Books::default();
        for record in &verified.records {
            books.apply(record)?;
        }
        Ok(Ledger { connection, head: verified.head, books, kiosk: kiosk.to_owned() })
    }

    /// Reads and checks a file without changing it.
    pub fn inspect(path: &Path) -> Result<Vec<Record>, LedgerError> {
        let mut records = Vec::new();
        Ledger::inspect_each(path, |record| records.push(record))?;
        Ok(records)
    }

    /// The same row by row: the good ones before the first that is not are handed on.
    pub fn inspect_each(path: &Path, each: impl FnMut(Record)) -> Result<(), LedgerError> {
        let connection = inspect::open(path)?;
        walk(&connection, each)??;
        Ok(())
    }

    /// What the entries add up to now.
    pub fn books(&self) -> &Books {
        &self.books
    }

    /// Writes one entry. When this returns, it is on the disk; what the town hall must know of it is in the
    /// outbox, in the same transaction.
    pub fn append(
        &mut self,
        at: Timestamp,
        clock_sure: bool,
        operation: Option<OperationId>,
        entry: Entry,
    ) -> Result<Record, LedgerError> {
        let record = Record { seq: self.books.seq + 1, at, clock_sure, operation, entry };
        let mut books = self.books.clone();
        books.apply(&record)?;
        let body = serde_json::to_string(&record)?;
        let hash = schema::chain(&self.head, record.seq, &body);
        let transaction = self.connection.transaction()?;
        transaction
            .prepare_cached("INSERT INTO entries (seq, body, hash) VALUES (?1, ?2, ?3)")?
            .execute(params![record.seq, body, hash])?;
        transaction
            .prepare_cached("INSERT OR REPLACE INTO head (one, seq, hash) VALUES (1, ?1, ?2)")?
            .execute(params![record.seq, hash])?;
        if let Some(event) = event_of(&record, &self.kiosk) {
            let body = serde_json::to_string(&event)?;
            transaction
                .prepare_cached("INSERT OR REPLACE INTO outbox (id, body) VALUES (?1, ?2)")?
                .execute(params![event.id, body])?;
        }
        transaction.commit()?;
        self.head = hash;
        self.books = books;
        Ok(record)
    }

    /// Puts an event into the outbox that is not about money.
    pub fn post(&mut self, event: &KioskEvent) -> Result<(), LedgerError> {
        let body = serde_json::to_string(event)?;
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO outbox (id, body) VALUES (?1, ?2)")?
            .execute(params![event.id, body])?;
        Ok(())
    }

    /// The oldest events that were not delivered.
    pub fn outbox(&self, most: usize) -> Result<Vec<KioskEvent>, LedgerError> {
        let mut statement =
            self.connection.prepare_cached("SELECT body FROM outbox ORDER BY rowid LIMIT ?1")?;
        let bodies = statement.query_map([most as i64], |row| row.get::<_, String>(0))?;
        let mut events = Vec::new();
        for body in bodies {
            events.push(serde_json::from_str(&body?)?);
        }
        Ok(events)
    }

    /// Takes delivered events out of the outbox.
    pub fn delivered(&mut self, ids: &[String]) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        for id in ids {
            transaction.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id])?;
        }
        Ok(transaction.commit()?)
    }
}

/// What the town hall is told of an entry, if anything.
fn event_of(record: &Record, kiosk: &str) -> Option<KioskEvent> {
    let (kind, amount, claim, detail) = match &record.entry {
        Entry::Claimed { claim, about, owed, in_question } => {
            let kind = match about {
                ClaimKind::ChangeOwed => "change-owed",
                ClaimKind::RefundOwed => "refund-owed",
                ClaimKind::PaymentRefused => "payment-refused",
                ClaimKind::NoteUnknown => "note-unknown",
                ClaimKind::PayoutUnknown => "payout-unknown",
                ClaimKind::MoneyUncounted => "money-uncounted",
            };
            (kind, *owed, Some(claim.clone()), format!("in question {in_question}"))
        }
        Entry::EventsLost { device, count } => {
            ("events-lost", Default::default(), None, format!("{device:?} lost {count} events"))
        }
        _ => return None,
    };
    Some(KioskEvent {
        id: format!("{kiosk}-{}", record.seq),
        at: record.at,
        clock_sure: record.clock_sure,
        kind: kind.to_owned(),
        operation: record.operation.clone(),
        amount: Some(amount),
        claim,
        detail,
    })
}

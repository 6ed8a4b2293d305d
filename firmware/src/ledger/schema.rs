//! Tables, and the hash that chains the rows.
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::store::LedgerError;

/// Version of the tables, in `PRAGMA user_version`. A newer file is refused; an older one is brought forward.
pub const VERSION: i64 = 1;

/// Hash before the first row.
pub const GENESIS: [u8; 32] = [0; 32];

const TABLES: &str = "
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE outbox (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
";

/// Sets the durability that money needs and makes the tables where there are none.
pub fn prepare(connection: &Connection) -> Result<(), LedgerError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"))?;
            Ok(())
        }
        VERSION => Ok(()),
        newer => Err(LedgerError::Version(newer)),
    }
}

/// The hash of a row: SHA-256 over the hash before, the number and the body.
pub fn chain(before: &[u8], seq: u64, body: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(seq.to_be_bytes());
    hasher.update(body.as_bytes());
    hasher.finalize().into()
}

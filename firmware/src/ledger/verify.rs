//! Checks a ledger row by row: finds any changed, missing, added or reordered row, and says which.
use rusqlite::{Connection, OptionalExtension};

use super::entry::Record;
use super::schema::{GENESIS, chain};
use super::store::LedgerError;

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A number is not the one after its predecessor.
    #[error("row {expected} is missing: row {found} follows")]
    Missing {
        /// The number that should stand here.
        expected: u64,
        /// The number that does.
        found: u64,
    },
    /// The content does not fit its hash, or the row before was changed.
    #[error("row {0} was changed, or moved from another place")]
    Changed(u64),
    /// The content is no entry.
    #[error("row {0} cannot be read: {1}")]
    Unreadable(u64, String),
    /// The last rows are gone, or rows were added without the head.
    #[error("the ledger ends at row {found}, its head says {head}")]
    End {
        /// Last number in the head.
        head: u64,
        /// Last number found.
        found: u64,
    },
}

/// A whole ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// All rows.
    pub records: Vec<Record>,
    /// The hash of the last.
    pub head: [u8; 32],
}

/// Reads and checks all rows.
pub fn verify(connection: &Connection) -> Result<Result<Verified, Fault>, LedgerError> {
    let mut records = Vec::new();
    let head = walk(connection, |record| records.push(record))?;
    Ok(head.map(|head| Verified { records, head }))
}

/// The same, and hands each good row on until the first thing that is wrong. Returns the hash of the last.
pub fn walk(
    connection: &Connection,
    mut each: impl FnMut(Record),
) -> Result<Result<[u8; 32], Fault>, LedgerError> {
    let mut last = GENESIS;
    let mut statement = connection.prepare("SELECT seq, body, hash FROM entries ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut expected = 1u64;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        if seq != expected {
            return Ok(Err(Fault::Missing { expected, found: seq }));
        }
        // Text that is none, or a hash that is none, was not written by us.
        let (Ok(body), Ok(hash)) = (row.get::<_, String>(1), row.get::<_, Vec<u8>>(2)) else {
            return Ok(Err(Fault::Changed(seq)));
        };
        let computed = chain(&last, seq, &body);
        if hash != computed {
            return Ok(Err(Fault::Changed(seq)));
        }
        match serde_json::from_str::<Record>(&body) {
            Ok(record) if record.seq == seq => each(record),
            Ok(_) => return Ok(Err(Fault::Changed(seq))),
            Err(error) => return Ok(Err(Fault::Unreadable(seq, error.to_string()))),
        }
        last = computed;
        expected += 1;
    }
    let head: Option<(u64, Vec<u8>)> = connection
        .query_row("SELECT seq, hash FROM head", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let found = expected - 1;
    match head {
        None if found == 0 => Ok(Ok(last)),
        Some((seq, hash)) if seq == found && hash == last => Ok(Ok(last)),
        Some((seq, _)) => Ok(Err(Fault::End { head: seq, found })),
        None => Ok(Err(Fault::End { head: 0, found })),
    }
}

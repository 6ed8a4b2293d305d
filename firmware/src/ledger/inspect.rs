//! Opens a ledger to be looked at: nothing is made, nothing is changed, also not beside the file.
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;
use super::store::LedgerError;
use crate::files::regular;

/// Opens a file that must be a ledger.
pub(super) fn open(path: &Path) -> Result<Connection, LedgerError> {
    let refuse = |reason: String| LedgerError::Open { path: path.to_owned(), reason };
    // SQLite says of all of these that it is "unable to open database file".
    regular(path).map_err(|error| refuse(error.to_string()))?;
    std::fs::File::open(path).map_err(|error| refuse(error.to_string()))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path), flags)?;
    let version: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|error| match error
            .sqlite_error_code()
        {
            Some(ErrorCode::NotADatabase) => LedgerError::NoLedger(path.to_owned()),
            _ => error.into(),
        })?;
    match version {
        schema::VERSION => {}
        newer if newer > schema::VERSION => return Err(LedgerError::Version(newer)),
        _ => return Err(LedgerError::NoLedger(path.to_owned())),
    }
    if !connection.table_exists(None, "entries")? || !connection.table_exists(None, "head")? {
        return Err(LedgerError::NoLedger(path.to_owned()));
    }
    Ok(connection)
}

/// The file as SQLite's URI. A kiosk that runs keeps its write-ahead log beside the ledger. Without one the file is
/// taken as it lies: then it can be read from a medium that cannot be written, and nothing is left beside it.
fn uri(path: &Path) -> String {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let lies = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    let mut uri = String::from("file:");
    if path.is_absolute() {
        uri.push_str("//");
    }
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte))
            }
            // Writing to a string cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri.push_str(if lies { "?mode=ro" } else { "?mode=ro&immutable=1" });
    uri
}

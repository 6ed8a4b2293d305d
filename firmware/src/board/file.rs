//! Reads a board file with all that it inherits.
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Board;

/// Inheritance deeper than this is a circle.
const DEEPEST: usize = 8;

/// A board file is small; a larger one is something else.
const LARGEST: u64 = 256 * 1024;

/// What is wrong with a board file.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// It cannot be read.
    #[error("{path}: cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is far too large.
    #[error("{0}: larger than {LARGEST} bytes, this is no board file")]
    Large(PathBuf),
    /// It is no TOML, or a key is unknown, missing or of the wrong kind; the text names line and key.
    #[error("{path}: {text}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, key, and what was expected.
        text: String,
    },
    /// `inherit` is no list of file names.
    #[error("{0}: \"inherit\" must be a list of file names")]
    Inherit(PathBuf),
    /// The files inherit each other in a circle.
    #[error("{0}: inherits more than {DEEPEST} levels deep: is there a circle?")]
    Deep(PathBuf),
}

/// Reads a board file.
pub fn load(path: &Path) -> Result<Board, BoardError> {
    let (table, text) = merged(path, 0)?;
    let parse = |error: toml::de::Error| BoardError::Parse { path: path.to_owned(), text: error.to_string() };
    // Without inheritance the text itself is parsed, so that an error names its line.
    match text {
        Some(text) => toml::from_str(&text).map_err(parse),
        None => Value::Table(table).try_into().map_err(parse),
    }
}

/// The table of a file over those it inherits; its text too, when it inherits nothing.
fn merged(path: &Path, depth: usize) -> Result<(Table, Option<String>), BoardError> {
    if depth > DEEPEST {
        return Err(BoardError::Deep(path.to_owned()));
    }
    let read = |source| BoardError::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(read)?.len() > LARGEST {
        return Err(BoardError::Large(path.to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(read)?;
    let mut own: Table = toml::from_str(&text)
        .map_err(|error| BoardError::Parse { path: path.to_owned(), text: error.to_string() })?;
    let Some(inherited) = own.remove("inherit") else { return Ok((own, Some(text))) };
    let names = inherited.as_array().ok_or_else(|| BoardError::Inherit(path.to_owned()))?;
    let mut table = Table::new();
    for name in names {
        let name = name.as_str().ok_or_else(|| BoardError::Inherit(path.to_owned()))?;
        let base = path.parent().unwrap_or(Path::new(".")).join(name);
        merge(&mut table, merged(&base, depth + 1)?.0);
    }
    merge(&mut table, own);
    Ok((table, None))
}

/// Tables are merged, everything else is replaced.
fn merge(into: &mut Table, over: Table) {
    for (key, value) in over {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

//! Reads a board file with all that it inherits. What is wrong is told with its file, line and key.
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::Board;
use crate::files::read_small;

/// Inheritance deeper than this is a circle.
const DEEPEST: usize = 8;

/// Files that one board is made of.
const MOST: usize = 32;

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
        /// Line, what was expected, and the line itself.
        text: String,
    },
    /// `inherit` is no list of file names.
    #[error("{0}: \"inherit\" must be a list of file names")]
    Inherit(PathBuf),
    /// The files inherit each other in a circle.
    #[error("{0}: inherits more than {DEEPEST} levels deep: is there a circle?")]
    Deep(PathBuf),
    /// One file is inherited over and over.
    #[error("{0}: is made of more than {MOST} files")]
    Many(PathBuf),
}

/// One file of a board.
struct Source {
    path: PathBuf,
    /// Its text, behind as many line ends as the files before it have bytes: so a place in the text says in which
    /// file it is, also when the tables of all files have been merged.
    text: String,
    begins: usize,
}

impl Source {
    fn fault(&self, error: &toml::de::Error) -> BoardError {
        let own = self.text.get(self.begins..).unwrap_or_default();
        let place = error.span().map_or(0, |span| span.start.saturating_sub(self.begins));
        let before = own.as_bytes().get(..place).unwrap_or(own.as_bytes());
        let number = before.iter().filter(|byte| **byte == b'\n').count();
        let line = own.lines().nth(number).unwrap_or_default().trim();
        let text = format!("line {}: {}: {line}", number + 1, error.message().trim_end());
        BoardError::Parse { path: self.path.clone(), text }
    }
}

/// Reads a board file.
pub fn load(path: &Path) -> Result<Board, BoardError> {
    let mut sources = Vec::new();
    gather(path, 0, &mut sources)?;
    let mut merged: Option<Spanned<DeTable<'_>>> = None;
    for source in &sources {
        let own = DeTable::parse(&source.text).map_err(|error| source.fault(&error))?;
        match &mut merged {
            None => merged = Some(own),
            Some(below) => merge(below.get_mut(), own.into_inner()),
        }
    }
    let Some(mut board) = merged else { return Err(BoardError::Deep(path.to_owned())) };
    board.get_mut().remove("inherit");
    let whole = board.span();
    Board::deserialize(Deserializer::from(board)).map_err(|error| {
        // What is missing at the top stands on no line, and in none of the files.
        let span = error.span().filter(|span| *span != whole);
        let place = span.map_or(usize::MAX, |span| span.start);
        match sources.iter().rev().find(|source| source.begins <= place) {
            Some(source) if place != usize::MAX => source.fault(&error),
            _ => BoardError::Parse { path: path.to_owned(), text: error.message().trim_end().to_owned() },
        }
    })
}

/// The file and all that it inherits, in the order in which the later wins.
fn gather(path: &Path, depth: usize, sources: &mut Vec<Source>) -> Result<(), BoardError> {
    if depth > DEEPEST {
        return Err(BoardError::Deep(path.to_owned()));
    }
    if sources.len() >= MOST {
        return Err(BoardError::Many(path.to_owned()));
    }
    let text = read(path)?;
    let source = Source { path: path.to_owned(), text, begins: 0 };
    let own = DeTable::parse(&source.text).map_err(|error| source.fault(&error))?;
    if let Some(inherited) = own.get_ref().get("inherit") {
        let wrong = || BoardError::Inherit(path.to_owned());
        for name in inherited.get_ref().as_array().ok_or_else(wrong)? {
            let name = name.get_ref().as_str().ok_or_else(wrong)?;
            gather(&path.parent().unwrap_or(Path::new(".")).join(name), depth + 1, sources)?;
        }
    }
    let begins = sources.last().map_or(0, |last| last.text.len());
    sources.push(Source { path: source.path, text: "\n".repeat(begins) + &source.text, begins });
    Ok(())
}

fn read(path: &Path) -> Result<String, BoardError> {
    let failed = |source| BoardError::Read { path: path.to_owned(), source };
    let content = read_small(path, LARGEST).map_err(failed)?;
    let content = content.ok_or_else(|| BoardError::Large(path.to_owned()))?;
    String::from_utf8(content)
        .map_err(|_| failed(std::io::Error::other("stream did not contain valid UTF-8")))
}

/// Tables are merged, everything else is replaced.
fn merge<'a>(into: &mut DeTable<'a>, over: DeTable<'a>) {
    for (key, value) in over {
        match (into.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut), value.get_ref()) {
            (Some(DeValue::Table(below)), DeValue::Table(_)) => {
                if let DeValue::Table(above) = value.into_inner() {
                    merge(below, above);
                }
            }
            _ => {
                // The key's place is told where a key is wrong: that of the file that wins.
                into.remove(key.get_ref().as_ref());
                into.insert(key, value);
            }
        }
    }
}

//! Attachments of a draft while they come, part by part (contract, petitions, upload).
use sha2::{Digest, Sha256};

use crate::petition_text::hex;
use crate::petition_wire::Attachment;

/// One attachment.
pub(crate) struct Upload {
    length: usize,
    sha256: String,
    bytes: Vec<u8>,
}

/// All of a draft's, in order.
pub(crate) struct Uploads(Vec<Upload>);

/// How much is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub offset: usize,
    pub length: usize,
}

/// A part, as its headers announce it.
pub(crate) struct Part<'a> {
    pub offset: usize,
    pub last: bool,
    pub sha256: &'a [u8],
    pub bytes: &'a [u8],
}

/// Why a part is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// It is not what its digest says.
    Damaged,
    /// It goes over the end, or says wrongly that it is the end.
    Length,
    /// The upload goes on elsewhere.
    Offset(Progress),
    /// The whole is not the announced one.
    Differs,
}

impl Upload {
    pub fn announced(it: &Attachment) -> Upload {
        Upload { length: it.bytes, sha256: it.sha256.clone(), bytes: Vec::new() }
    }

    pub fn progress(&self) -> Progress {
        Progress { offset: self.bytes.len(), length: self.length }
    }

    /// Stores a part whole or not at all.
    pub fn take(&mut self, part: &Part<'_>) -> Result<Progress, NotTaken> {
        if Sha256::digest(part.bytes).as_slice() != part.sha256 {
            return Err(NotTaken::Damaged);
        }
        let end = part.offset.saturating_add(part.bytes.len());
        if end > self.length || part.last != (end == self.length) {
            return Err(NotTaken::Length);
        }
        let known = self.bytes.get(part.offset..end);
        if known.is_some_and(|known| known == part.bytes) && !part.bytes.is_empty() {
            return Ok(self.progress());
        }
        if part.offset != self.bytes.len() {
            return Err(NotTaken::Offset(self.progress()));
        }
        self.bytes.extend_from_slice(part.bytes);
        if end == self.length && hex(&Sha256::digest(&self.bytes)) != self.sha256 {
            self.bytes.clear();
            return Err(NotTaken::Differs);
        }
        Ok(self.progress())
    }
}

impl Progress {
    pub fn is_complete(self) -> bool {
        self.offset == self.length
    }
}

impl Uploads {
    pub fn of(uploads: Vec<Upload>) -> Uploads {
        Uploads(uploads)
    }

    /// Counted from 1.
    pub fn get(&mut self, number: usize) -> Option<&mut Upload> {
        self.0.get_mut(number.checked_sub(1)?)
    }

    pub fn are_complete(&self) -> bool {
        self.0.iter().all(|it| it.progress().is_complete())
    }

    /// Hashes of the whole attachments.
    pub fn hashes(&self) -> Vec<[u8; 32]> {
        self.0.iter().map(|it| Sha256::digest(&it.bytes).into()).collect()
    }

    /// What has arrived of each.
    pub fn arrived(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|it| it.bytes.as_slice())
    }

    pub fn into_files(self) -> Vec<Vec<u8>> {
        self.0.into_iter().map(|it| it.bytes).collect()
    }
}

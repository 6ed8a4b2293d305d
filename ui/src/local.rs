//! What the pages keep of a page by themselves: how far a list is turned, and whether it is asked what to change. The
//! engine knows nothing of it.
use crate::view::{Intent, Page, Question};

/// Turns a long list; stays within the pages and never reaches the engine. No list has so many entries.
pub(crate) const TURN: Intent = Intent::Choose(u8::MAX);
/// Turns it back.
pub(crate) const TURN_BACK: Intent = Intent::Choose(u8::MAX - 1);
/// Asks which part of what is checked is to be changed; within the pages as well.
pub(crate) const CHANGE: Intent = Intent::Choose(u8::MAX - 2);
/// Entries of a list at most: the numbers after them are the pages' own.
pub(crate) const ENTRIES: u8 = 250;

/// What is kept of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Local {
    /// How often its list was turned, back less than forward.
    pub turned: i32,
    /// It asks what is to be changed.
    pub changing: bool,
}

impl Local {
    /// The part that is turned up of so many.
    pub fn part(self, parts: usize) -> usize {
        let parts = i32::try_from(parts).unwrap_or(i32::MAX);
        usize::try_from(self.turned.checked_rem_euclid(parts).unwrap_or_default()).unwrap_or_default()
    }
}

/// A page of which the pages keep something while others lie over it or follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Certificates,
    List(Question),
    Check,
    Attachments,
    Taken,
}

/// What is kept of this page, if anything is.
pub(crate) fn kept(page: &Page) -> Option<Kept> {
    match page {
        Page::Certificates { .. } | Page::Certificate { .. } | Page::CertificateRefused { .. } => {
            Some(Kept::Certificates)
        }
        Page::Choose { question, .. } => Some(Kept::List(*question)),
        Page::PetitionCheck { .. } => Some(Kept::Check),
        Page::Attachments { .. } => Some(Kept::Attachments),
        Page::AppointmentTaken { .. } => Some(Kept::Taken),
        _ => None,
    }
}

/// Pages that lie over another one for a while.
pub(crate) fn covers_page(page: &Page) -> bool {
    matches!(page, Page::Help | Page::Languages)
}

//! Choosing and reading files (ISO/IEC 7816-4 sections 11.1.1 and 11.2.3).
//!
//! A file is read to the end that the card tells, never to a length that some directory promised.
use zeroize::Zeroizing;

use crate::apdu::{Command, StatusWord};
use crate::card::Card;
use crate::pkcs15::Path;
use crate::profile::{Profile, Select};

use super::DialogueError;
use super::link::Link;

/// Bytes of a block: with what protects it, it stays under 256 and needs no chain.
const BLOCK: u16 = 0xE0;
/// Longest file: what READ BINARY can address.
const LONGEST: u16 = 0x7FFF;
const MASTER_FILE: [u8; 2] = [0x3F, 0x00];

fn select(p1: u8, name: &[u8]) -> Command {
    Command::new(0x00, 0xA4, p1, 0x00).with_data(name).expecting(256)
}

impl<C: Card> Link<'_, C> {
    /// Leaves whatever channel is or was open, ours or another program's: a plain SELECT, which the card may answer
    /// with an error of the channel that it closes, and then again.
    pub(crate) async fn select_plain(&mut self, name: &[u8]) -> Result<(), DialogueError> {
        const WHAT: &str = "choosing the application";
        self.drop_channel();
        let first = self.send(WHAT, &select(0x04, name)).await?;
        if first.status.ends_channel() {
            self.require(WHAT, &select(0x04, name)).await?;
        } else if first.status != StatusWord::OK {
            return Err(DialogueError::Refused { what: WHAT, status: first.status });
        }
        Ok(())
    }

    async fn select_identifiers(
        &mut self,
        what: &'static str,
        identifiers: impl IntoIterator<Item = [u8; 2]>,
    ) -> Result<(), DialogueError> {
        for identifier in identifiers {
            self.require(what, &select(0x00, &identifier)).await?;
        }
        Ok(())
    }

    /// Chooses a file right below the master file by its name.
    pub(crate) async fn select_below(
        &mut self,
        what: &'static str,
        name: &[u8],
        identifier: [u8; 2],
    ) -> Result<(), DialogueError> {
        self.require(what, &select(0x04, name)).await?;
        self.select_identifiers(what, [identifier]).await
    }

    /// Chooses a file by a path from a directory. A relative one lies below the application; some cards mean the
    /// master file.
    pub(crate) async fn select_path(
        &mut self,
        what: &'static str,
        profile: &Profile,
        path: &Path,
    ) -> Result<(), DialogueError> {
        let Some(root) = &profile.select else {
            return Err(DialogueError::Unsupported("a profile without `select`".to_owned()));
        };
        let application = profile.application().map(|path| path.identifiers()).unwrap_or_default();
        match root {
            Select::Name(name) => {
                self.require(what, &select(0x04, name.as_bytes())).await?;
                let below = if path.is_absolute() { Vec::new() } else { application };
                let first =
                    self.select_identifiers(what, below.iter().copied().chain(path.identifiers())).await;
                match first {
                    Err(DialogueError::Refused { status: StatusWord::NOT_FOUND, .. })
                        if !path.is_absolute() =>
                    {
                        self.require(what, &select(0x04, name.as_bytes())).await?;
                        self.select_identifiers(what, path.identifiers()).await
                    }
                    other => other,
                }
            }
            Select::Aid(aid) if !path.is_absolute() => {
                self.require(what, &select(0x04, &aid.0)).await?;
                self.select_identifiers(what, application.into_iter().chain(path.identifiers())).await
            }
            Select::Aid(_) => {
                self.select_identifiers(what, [MASTER_FILE].into_iter().chain(path.identifiers())).await
            }
        }
    }

    /// Reads the chosen file to its end.
    pub(crate) async fn read_file(
        &mut self,
        what: &'static str,
    ) -> Result<Zeroizing<Vec<u8>>, DialogueError> {
        // A vector that grows would leave copies behind.
        let mut file = Zeroizing::new(Vec::with_capacity(usize::from(LONGEST) + 1));
        let mut wanted = BLOCK;
        loop {
            let offset = u16::try_from(file.len()).unwrap_or(u16::MAX);
            if offset > LONGEST {
                return Err(DialogueError::malformed(what, "a file of more than 32767 bytes"));
            }
            let [high, low] = offset.to_be_bytes();
            let read = Command::new(0x00, 0xB0, high, low).expecting(u32::from(wanted));
            let response = self.send(what, &read).await?;
            match response.status {
                StatusWord::OK | StatusWord::END_REACHED => {
                    if response.data.len() > usize::from(wanted) {
                        return Err(DialogueError::malformed(what, "more bytes than were asked for"));
                    }
                    file.extend_from_slice(&response.data);
                    let whole = response.data.len() == usize::from(BLOCK);
                    if !whole || response.status == StatusWord::END_REACHED {
                        return Ok(file);
                    }
                }
                StatusWord::BEYOND_END => return Ok(file),
                // Inside the channel the right length comes as an answer, and is to be asked for anew.
                status => match status.right_length() {
                    Some(right) if right < wanted => wanted = right,
                    _ => return Err(DialogueError::Refused { what, status }),
                },
            }
        }
    }
}

//! Noticing that devices come: inotify on the folder of the devices, on the links below it, and on its parent
//! while there is no such folder at all.
//!
//! udev makes the node first and its rights and links later; each of these steps is noticed, so a device whose
//! opening was denied a moment too early is tried again.
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};

#[derive(Debug)]
pub(crate) struct Watch {
    inotify: Inotify,
    directory: PathBuf,
}

impl Watch {
    pub(crate) fn new(directory: &Path) -> io::Result<Watch> {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        let watch = Watch { inotify, directory: directory.to_path_buf() };
        watch.renew()?;
        Ok(watch)
    }

    /// Watches whatever exists now; a folder that is watched already stays so.
    pub(crate) fn renew(&self) -> io::Result<()> {
        let appears = AddWatchFlags::IN_CREATE | AddWatchFlags::IN_MOVED_TO;
        let node = appears | AddWatchFlags::IN_ATTRIB;
        let mut watched = false;
        let folders = [
            (self.directory.clone(), node),
            (self.directory.join("by-id"), appears),
            (self.directory.join("by-path"), appears),
        ];
        for (folder, flags) in folders {
            match self.inotify.add_watch(&folder, flags) {
                Ok(_) => watched = true,
                Err(Errno::ENOENT) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if !watched && let Some(parent) = self.directory.parent() {
            self.inotify.add_watch(parent, appears)?;
        }
        Ok(())
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.inotify.as_fd()
    }

    /// Whether anything came or changed since the last call. An error of inotify counts as a change: looking
    /// once too often is harmless.
    pub(crate) fn changed(&self) -> bool {
        let mut changed = false;
        loop {
            match self.inotify.read_events() {
                Ok(events) if events.is_empty() => return changed,
                Ok(_) => changed = true,
                Err(Errno::EAGAIN) => return changed,
                Err(Errno::EINTR) => {}
                Err(error) => {
                    tracing::warn!(%error, "the watch on input devices failed");
                    return true;
                }
            }
        }
    }
}

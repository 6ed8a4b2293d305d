//! Looking after an idle printer: its status every second, and what must be done without anybody asking.
use std::time::Duration;

use tokio::time::Instant;

use crate::epson::Answer;
use crate::session::{Buffer, Session};
use crate::wire::LineError;
use crate::{PrinterModel, custom, epson};

/// Looks in a row without an answer until the printer counts as absent.
pub(crate) const SILENT: u32 = 2;
/// Between two tries to free the cutter: it moves each time.
const RECOVER: Duration = Duration::from_secs(15);
/// Between two tries to empty a buffer that would not be emptied.
const TIDY: Duration = Duration::from_secs(10);
/// A ticket that nobody takes is drawn in after this, so that the next citizen does not find it.
const ABANDONED: Duration = Duration::from_secs(60);

/// Looks after an idle printer.
#[derive(Debug, Default)]
pub(crate) struct Watcher {
    /// It answers.
    pub present: bool,
    identified: bool,
    /// Looks in a row without an answer.
    pub misses: u32,
    /// It is offline and holds its line.
    pub held: bool,
    recover_at: Option<Instant>,
    tidy_at: Option<Instant>,
    exit_since: Option<Instant>,
    junk: u64,
}

impl Watcher {
    /// Looks once.
    pub async fn look(&mut self, session: &mut Session<'_>) -> Result<(), LineError> {
        let answer = session.poll().await?;
        self.held = answer == Answer::Silence && self.present && session.wire.offline_by_itself;
        if self.held {
            // It may hold its line while it is offline: what it said by itself still holds.
            return Ok(());
        }
        if answer != Answer::Given {
            self.misses = self.misses.saturating_add(1);
            if self.misses >= SILENT {
                // It may have been switched off: what it was told is asked and said again when it answers.
                self.present = false;
                self.identified = false;
            }
            return Ok(());
        }
        self.misses = 0;
        let now = Instant::now();
        if session.wire.condition.status().usable() {
            if !self.identified {
                session.identify().await?;
                self.identified = true;
            }
            if session.memory.buffer != Buffer::Clean && self.tidy_at.is_none_or(|at| now >= at) {
                session.tidy().await?;
                self.tidy_at = Some(Instant::now() + TIDY);
            }
            if session.memory.buffer == Buffer::Clean {
                self.tidy_at = None;
            }
        }
        self.present = true;
        self.recover(session, now).await?;
        self.free_exit(session, now).await?;
        let junk = session.wire.junk();
        if junk != self.junk {
            tracing::debug!(bytes = junk - self.junk, "bytes from the printer that mean nothing");
            self.junk = junk;
        }
        Ok(())
    }

    /// A cutter that was freed waits for the word to go on.
    async fn recover(&mut self, session: &mut Session<'_>, now: Instant) -> Result<(), LineError> {
        if session.config.model != PrinterModel::Epson || !session.wire.condition.cutter {
            self.recover_at = None;
            return Ok(());
        }
        let due = *self.recover_at.get_or_insert(now + RECOVER);
        if now >= due {
            epson::recover(&mut session.wire).await?;
            self.recover_at = Some(now + RECOVER);
        }
        Ok(())
    }

    async fn free_exit(&mut self, session: &mut Session<'_>, now: Instant) -> Result<(), LineError> {
        if !session.wire.condition.ticket_at_exit {
            self.exit_since = None;
        } else if now >= *self.exit_since.get_or_insert(now) + ABANDONED {
            custom::free_exit(&mut session.wire).await?;
            self.exit_since = None;
        }
        Ok(())
    }
}

//! Tasks broken on purpose: a tester's hand on the running kiosk.
//!
//! Through a pipe (`run --faults PIPE`) or a handle: `kill cash` ends a task as an error of its own would, `freeze cash`
//! leaves it where it is, with all that it holds, and never lets it run again.
use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use nix::sys::stat::Mode;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::unix::pipe;
use tokio::sync::watch;

/// How a task is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends with an error.
    Kill,
    /// It is never polled again.
    Freeze,
}

/// Reaches every task of one supervisor. Cheap to clone.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Running>>);

/// Each running task by its name, with the way to its present start.
type Running = BTreeMap<&'static str, watch::Sender<Option<Fault>>>;

impl Faults {
    /// Breaks the task that runs under this name now; its next start is whole again. False: there is none.
    pub fn strike(&self, name: &str, fault: Fault) -> bool {
        let tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.get(name).is_some_and(|task| task.send(Some(fault)).is_ok())
    }

    /// Wraps one start of a task.
    pub(super) fn breakable<F>(
        &self,
        name: &'static str,
        run: F,
    ) -> impl Future<Output = Result<(), String>> + use<F>
    where
        F: Future<Output = Result<(), String>>,
    {
        let (sender, mut struck) = watch::channel(None);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, sender);
        async move {
            let mut run = pin!(run);
            let fault = tokio::select! {
                biased;
                Ok(fault) = struck.wait_for(Option::is_some) => *fault,
                ended = &mut run => return ended,
            };
            match fault {
                // What the task holds is held on to: it hangs.
                Some(Fault::Freeze) => std::future::pending().await,
                Some(Fault::Kill) | None => Err("killed on purpose".to_owned()),
            }
        }
    }

    /// Makes the named pipe, if it is not there, and obeys its lines for ever.
    ///
    /// # Errors
    /// The pipe cannot be made or read.
    pub async fn serve(self, path: &Path) -> std::io::Result<()> {
        match nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR) {
            Ok(()) | Err(nix::Error::EEXIST) => {}
            Err(error) => return Err(error.into()),
        }
        // Open for both ways: a writer that leaves must not end it.
        let pipe = pipe::OpenOptions::new().read_write(true).open_receiver(path)?;
        let mut lines = BufReader::new(pipe).lines();
        while let Some(line) = lines.next_line().await? {
            let done = match line.split_once(' ') {
                Some(("kill", name)) => self.strike(name, Fault::Kill),
                Some(("freeze", name)) => self.strike(name, Fault::Freeze),
                _ => false,
            };
            tracing::warn!(line, done, "a fault on purpose");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_killed_task_ends_and_a_frozen_one_keeps_what_it_holds() {
        let faults = Faults::default();
        let held = Arc::new(());
        let hold = Arc::clone(&held);
        let run = async move {
            std::future::pending::<()>().await;
            drop(hold);
            Ok(())
        };
        let running = tokio::spawn(faults.breakable("one", run));
        tokio::task::yield_now().await;
        assert!(!faults.strike("other", Fault::Kill));
        assert!(faults.strike("one", Fault::Freeze));
        tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
        assert!(!running.is_finished());
        assert_eq!(Arc::strong_count(&held), 2);
        running.abort();
        let _ = running.await;
        assert_eq!(Arc::strong_count(&held), 1);

        let running = tokio::spawn(faults.breakable("one", std::future::pending()));
        tokio::task::yield_now().await;
        assert!(faults.strike("one", Fault::Kill));
        assert_eq!(running.await.unwrap(), Err("killed on purpose".to_owned()));
    }

    #[tokio::test]
    async fn lines_of_the_pipe_break_tasks_and_nonsense_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("faults");
        let faults = Faults::default();
        let running = tokio::spawn(faults.breakable("one", std::future::pending()));
        let (served, at) = (faults.clone(), path.clone());
        let serving = tokio::spawn(async move { served.serve(&at).await });
        let mut turn = tokio::time::interval(std::time::Duration::from_millis(5));
        let mut sender = loop {
            turn.tick().await;
            if let Ok(sender) = pipe::OpenOptions::new().open_sender(&path) {
                break sender;
            }
        };
        sender.write_all(b"nonsense\nkill nobody\nkill one\n").await.unwrap();
        assert_eq!(running.await.unwrap(), Err("killed on purpose".to_owned()));
        assert!(!serving.is_finished());
    }
}

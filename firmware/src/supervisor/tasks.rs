//! The running tasks, their beats, and the feeding of the watchdogs.
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::faults::Faults;
use super::policy::{Backoff, Verdict};

/// How often beats are looked at and watchdogs fed.
const LOOK: Duration = Duration::from_millis(500);

/// A sign of life; given to every task, and to threads. Cheap to clone.
#[derive(Clone)]
pub struct Beat {
    start: Instant,
    last_ms: Arc<AtomicU64>,
}

impl Beat {
    fn new(start: Instant) -> Beat {
        let beat = Beat { start, last_ms: Arc::default() };
        beat.beat();
        beat
    }

    /// I am alive.
    pub fn beat(&self) {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(elapsed, Ordering::Relaxed);
    }

    fn silence(&self) -> Duration {
        self.start.elapsed().saturating_sub(Duration::from_millis(self.last_ms.load(Ordering::Relaxed)))
    }
}

/// Told that all is well; only while it is.
pub trait Feeder: Send {
    /// Feeds. An error is logged and tried again.
    fn feed(&mut self) -> std::io::Result<()>;

    /// The process ends in order: it is not to be missed.
    fn end(self: Box<Self>) -> std::io::Result<()>;
}

/// Why the supervisor ended: the process is to end, too.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum End {
    /// A task has come to its end without an error, as it was asked to.
    #[error("{0} has ended in order")]
    Finished(&'static str),
    /// A task failed too often.
    #[error("{0} has failed too often: the process ends and is built anew")]
    TaskFailed(&'static str),
    /// A thread, which cannot be restarted from outside, fell silent.
    #[error("{0} gives no sign of life: the process ends and is built anew")]
    ThreadSilent(&'static str),
}

/// What became of a task, for tests and the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskReport {
    /// Its name.
    pub name: &'static str,
    /// How often it was started.
    pub starts: u32,
}

type Run = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

struct Task {
    name: &'static str,
    make: Box<dyn FnMut(Beat) -> Run + Send>,
    backoff: Backoff,
    silence_max: Duration,
    beat: Beat,
    running: Option<(JoinHandle<Result<(), String>>, Instant)>,
    start_at: Instant,
    starts: u32,
}

struct Thread {
    name: &'static str,
    silence_max: Duration,
    beat: Beat,
}

/// Owns the tasks. [`Supervisor::run`] ends only when the process is to end.
pub struct Supervisor {
    start: Instant,
    tasks: Vec<Task>,
    threads: Vec<Thread>,
    feeders: Vec<Box<dyn Feeder>>,
    reports: Arc<Mutex<Vec<TaskReport>>>,
    faults: Faults,
}

impl Default for Supervisor {
    fn default() -> Supervisor {
        Supervisor::new()
    }
}

impl Supervisor {
    /// Nothing to watch yet.
    pub fn new() -> Supervisor {
        Supervisor {
            start: Instant::now(),
            tasks: Vec::new(),
            threads: Vec::new(),
            feeders: Vec::new(),
            reports: Arc::default(),
            faults: Faults::default(),
        }
    }

    /// A task: `make` is called for each start. A task that is silent for longer than `silence_max`, or that ends
    /// with an error, is started again. One that ends without an error was asked to: the supervisor ends with it.
    pub fn task<F>(
        &mut self,
        name: &'static str,
        backoff: Backoff,
        silence_max: Duration,
        mut make: impl FnMut(Beat) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let make = Box::new(move |beat: Beat| Box::pin(make(beat)) as Run);
        let beat = Beat::new(self.start);
        let start_at = self.start;
        let task = Task { name, make, backoff, silence_max, beat, running: None, start_at, starts: 0 };
        self.tasks.push(task);
        self.report(name, 0);
    }

    /// A thread that beats by itself; when it falls silent the process ends.
    pub fn thread(&mut self, name: &'static str, silence_max: Duration) -> Beat {
        let beat = Beat::new(self.start);
        self.threads.push(Thread { name, silence_max, beat: beat.clone() });
        beat
    }

    /// Somebody to be told that all is well.
    pub fn feeder(&mut self, feeder: Box<dyn Feeder>) {
        self.feeders.push(feeder);
    }

    /// What became of the tasks so far.
    pub fn reports(&self) -> Arc<Mutex<Vec<TaskReport>>> {
        Arc::clone(&self.reports)
    }

    /// A hand that breaks tasks on purpose.
    pub fn faults(&self) -> Faults {
        self.faults.clone()
    }

    fn report(&self, name: &'static str, starts: u32) {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        match reports.iter_mut().find(|report| report.name == name) {
            Some(report) => report.starts = starts,
            None => reports.push(TaskReport { name, starts }),
        }
    }

    /// Watches until the process is to end.
    pub async fn run(mut self) -> End {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            for at in 0..self.tasks.len() {
                if let Some(end) = self.look_at(at).await {
                    if matches!(end, End::Finished(_)) {
                        self.rest();
                    }
                    return end;
                }
            }
            if let Some(silent) =
                self.threads.iter().find(|thread| thread.beat.silence() > thread.silence_max)
            {
                return End::ThreadSilent(silent.name);
            }
            for feeder in &mut self.feeders {
                if let Err(error) = feeder.feed() {
                    tracing::error!(%error, "the watchdog cannot be fed");
                }
            }
        }
    }

    /// An orderly end: the watchdogs are told not to wait.
    fn rest(&mut self) {
        for feeder in self.feeders.drain(..) {
            if let Err(error) = feeder.end() {
                tracing::error!(%error, "a watchdog cannot be stopped: it will bite");
            }
        }
    }

    /// Starts, restarts or ends one task as it needs.
    async fn look_at(&mut self, at: usize) -> Option<End> {
        let now = Instant::now();
        let task = self.tasks.get_mut(at)?;
        let ended = match task.running.take() {
            None if now < task.start_at => return None,
            None => {
                task.beat.beat();
                let run = tokio::spawn(self.faults.breakable(task.name, (task.make)(task.beat.clone())));
                task.running = Some((run, now));
                task.starts = task.starts.saturating_add(1);
                let (name, starts) = (task.name, task.starts);
                self.report(name, starts);
                return None;
            }
            Some((handle, since)) if handle.is_finished() => match handle.await {
                Ok(Ok(())) => return Some(End::Finished(task.name)),
                Ok(Err(error)) => (error, since),
                Err(error) => (error.to_string(), since),
            },
            Some((handle, since)) if task.beat.silence() > task.silence_max => {
                handle.abort();
                (format!("no sign of life for {:?}", task.beat.silence()), since)
            }
            Some(running) => {
                task.running = Some(running);
                return None;
            }
        };
        let (why, since) = ended;
        match task.backoff.ended(now.duration_since(since)) {
            Verdict::EndProcess => {
                tracing::error!(task = task.name, why, "a task has failed too often");
                Some(End::TaskFailed(task.name))
            }
            Verdict::Restart(pause) => {
                tracing::warn!(task = task.name, why, ?pause, "a task ended and is started again");
                task.start_at = now + pause;
                None
            }
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        for task in &self.tasks {
            if let Some((handle, _)) = &task.running {
                handle.abort();
            }
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

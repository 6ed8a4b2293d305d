//! Dead, frozen and hopeless tasks.
use std::sync::atomic::AtomicUsize;

use super::super::faults::Fault;
use super::*;

const SILENCE: Duration = Duration::from_secs(5);

struct Count(Arc<AtomicUsize>);

impl Feeder for Count {
    fn feed(&mut self) -> std::io::Result<()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn end(self: Box<Self>) -> std::io::Result<()> {
        self.0.store(0, Ordering::Relaxed);
        Ok(())
    }
}

fn starts(reports: &Arc<Mutex<Vec<TaskReport>>>) -> u32 {
    reports.lock().unwrap()[0].starts
}

#[tokio::test(start_paused = true)]
async fn a_task_that_dies_is_started_again() {
    let mut supervisor = Supervisor::new();
    let reports = supervisor.reports();
    supervisor.task("dying", Backoff::patient(), SILENCE, |_| async { Err("died".to_owned()) });
    let _ = tokio::time::timeout(Duration::from_secs(10), supervisor.run()).await;
    assert!((4..=8).contains(&starts(&reports)), "{}", starts(&reports));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_panics_is_started_again() {
    let mut supervisor = Supervisor::new();
    let reports = supervisor.reports();
    supervisor.task("panicking", Backoff::patient(), SILENCE, |_| async { panic!("on purpose") });
    let _ = tokio::time::timeout(Duration::from_secs(3), supervisor.run()).await;
    assert!(starts(&reports) > 1);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_freezes_is_ended_and_started_again() {
    let mut supervisor = Supervisor::new();
    let reports = supervisor.reports();
    supervisor.task("frozen", Backoff::patient(), SILENCE, |_| std::future::pending());
    let _ = tokio::time::timeout(Duration::from_secs(14), supervisor.run()).await;
    assert_eq!(starts(&reports), 3);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_beats_is_left_alone() {
    let mut supervisor = Supervisor::new();
    let reports = supervisor.reports();
    supervisor.task("beating", Backoff::patient(), SILENCE, |beat| async move {
        let mut interval = tokio::time::interval(Duration::from_secs(1));
        loop {
            interval.tick().await;
            beat.beat();
        }
    });
    let _ = tokio::time::timeout(Duration::from_secs(600), supervisor.run()).await;
    assert_eq!(starts(&reports), 1);
}

#[tokio::test(start_paused = true)]
async fn a_hopeless_task_ends_the_process() {
    let mut supervisor = Supervisor::new();
    supervisor.task("hopeless", Backoff::strict(), SILENCE, |_| async { Err("no".to_owned()) });
    assert_eq!(supervisor.run().await, End::TaskFailed("hopeless"));
}

#[tokio::test(start_paused = true)]
async fn a_silent_thread_ends_the_process_and_nothing_is_fed_after_it() {
    let mut supervisor = Supervisor::new();
    let _beat = supervisor.thread("screen", SILENCE);
    let fed = Arc::new(AtomicUsize::new(0));
    supervisor.feeder(Box::new(Count(Arc::clone(&fed))));
    assert_eq!(supervisor.run().await, End::ThreadSilent("screen"));
    assert!((10..=12).contains(&fed.load(Ordering::Relaxed)));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_has_done_its_work_ends_the_process_in_order() {
    let mut supervisor = Supervisor::new();
    supervisor.task("done", Backoff::never(), SILENCE, |_| async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(())
    });
    let fed = Arc::new(AtomicUsize::new(0));
    supervisor.feeder(Box::new(Count(Arc::clone(&fed))));
    assert_eq!(supervisor.run().await, End::Finished("done"));
    assert_eq!(fed.load(Ordering::Relaxed), 0, "nobody is missed");
}

#[tokio::test(start_paused = true)]
async fn a_struck_task_is_started_again_and_whole() {
    for fault in [Fault::Kill, Fault::Freeze] {
        let mut supervisor = Supervisor::new();
        let (reports, faults) = (supervisor.reports(), supervisor.faults());
        supervisor.task("struck", Backoff::patient(), SILENCE, |beat| async move {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                beat.beat();
            }
        });
        let running = tokio::spawn(supervisor.run());
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert!(faults.strike("struck", fault));
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(starts(&reports), 2);
        assert!(!running.is_finished());
        running.abort();
    }
}

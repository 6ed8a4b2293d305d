//! When a task is started again. Pure: time comes in.
use std::time::Duration;

/// What to do with a task that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Start it again after this pause.
    Restart(Duration),
    /// It has failed too often: end the process, so that everything is built anew.
    EndProcess,
}

/// Growing pauses: a task that ran well for a while begins anew at the shortest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// First pause.
    pub first: Duration,
    /// Longest pause.
    pub longest: Duration,
    /// A run of this length counts as well.
    pub well: Duration,
    /// Failures in a row after which the process is ended; `None`: never (a device that stays away).
    pub give_up: Option<u32>,
    failures: u32,
}

impl Backoff {
    /// For a device: it may stay away for ever.
    pub fn patient() -> Backoff {
        Backoff {
            first: Duration::from_millis(250),
            longest: Duration::from_secs(10),
            well: Duration::from_secs(60),
            give_up: None,
            failures: 0,
        }
    }

    /// For a task without which the kiosk is nothing.
    pub fn strict() -> Backoff {
        Backoff { give_up: Some(5), ..Backoff::patient() }
    }

    /// For a task that cannot be rebuilt in place: its end is the process's.
    pub fn never() -> Backoff {
        Backoff { give_up: Some(0), ..Backoff::patient() }
    }

    /// A run of this length has ended.
    pub fn ended(&mut self, ran: Duration) -> Verdict {
        if ran >= self.well {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        if self.give_up.is_some_and(|most| self.failures > most) {
            return Verdict::EndProcess;
        }
        let doublings = self.failures.saturating_sub(1).min(16);
        Verdict::Restart(self.first.saturating_mul(1 << doublings).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut backoff = Backoff::patient();
        let pauses: Vec<u128> = (0..8)
            .map(|_| match backoff.ended(Duration::ZERO) {
                Verdict::Restart(pause) => pause.as_millis(),
                Verdict::EndProcess => panic!("a patient task never ends the process"),
            })
            .collect();
        assert_eq!(pauses, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    }

    #[test]
    fn a_good_run_is_forgiven_what_came_before() {
        let mut backoff = Backoff::strict();
        for _ in 0..5 {
            assert!(matches!(backoff.ended(Duration::ZERO), Verdict::Restart(_)));
        }
        assert_eq!(backoff.ended(Duration::from_secs(60)), Verdict::Restart(Duration::from_millis(250)));
    }

    #[test]
    fn a_strict_task_that_fails_six_times_in_a_row_ends_the_process() {
        let mut backoff = Backoff::strict();
        for _ in 0..5 {
            let _ = backoff.ended(Duration::ZERO);
        }
        assert_eq!(backoff.ended(Duration::ZERO), Verdict::EndProcess);
    }
}

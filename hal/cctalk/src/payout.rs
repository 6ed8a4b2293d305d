//! One dispense, step by step, with every lost answer resolved from the hopper's counters and never by sending
//! the order again blindly (ccTalk generic specification part 4; header 167).
//!
//! A machine without a line: it says which command is next and takes the answer. A hopper that loses its power
//! on the way answers again after a while with its counter at 0, and is judged by what it kept.
use std::time::Duration;

use crate::api::{Dispensed, HopperBaseline, HopperModel, HopperSecurity};
use crate::command::{Command, Reply, Security};
use crate::hopper::{Flags, Snapshot, Verdict, judge};

/// Between two looks at a hopper that pays (the Suzo manual asks for 100 ms).
pub const LOOK: Duration = Duration::from_millis(100);
/// Between two readings that are to agree: a coin in the exit may still count.
const SETTLE: Duration = Duration::from_millis(200);
/// Readings that must agree before a dispense that went wrong is given its outcome.
const SETTLE_READINGS: u8 = 3;
/// How often the order is sent when the counters prove that it was not taken.
const MAX_SENDS: u8 = 3;
/// After this long without an answer, or without a coin, we no longer wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was ordered.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Meaning of the flags.
    pub model: HopperModel,
    /// Security bytes.
    pub security: HopperSecurity,
    /// The journalled counters.
    pub baseline: HopperBaseline,
    /// Coins, 1 to 20.
    pub coins: u8,
}

/// Why an answer did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// NAK.
    Refused,
    /// BUSY, silence or noise, after all the tries that the command allows.
    Lost,
}

/// Not one coin moved, and none will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutError {
    /// The hopper does not answer.
    Absent,
    /// It may not be used, or refuses.
    Unfit(String),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send this and hand in the answer.
    Send(Command),
    /// Nothing before this time.
    WaitUntil(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    Status,
    Count,
    Flags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The counters must still be those of the baseline.
    Confirm(Read),
    Enable,
    Key,
    Send,
    /// The order may have been taken: only the counters tell.
    Judge(Read),
    /// No coin came for a long time.
    Stop,
}

/// A dispense under way.
#[derive(Debug)]
pub struct Payout {
    order: Order,
    /// Only the counters are asked; the order is never sent.
    resolving: bool,
    stage: Stage,
    read: Snapshot,
    sends: u8,
    refused: bool,
    stopped: bool,
    not_before: Duration,
    heard: Duration,
    progress: Option<(u8, Duration)>,
    settling: Option<(Verdict, u8)>,
}

/// The outcome, once there is one.
pub type Outcome = Result<Dispensed, PayoutError>;

impl Payout {
    /// A new dispense.
    pub fn dispense(order: Order, now: Duration) -> Payout {
        Payout::at(order, false, Stage::Confirm(Read::Status), now)
    }

    /// What became of a dispense that was journalled before a restart.
    pub fn resolve(order: Order, now: Duration) -> Payout {
        Payout::at(order, true, Stage::Judge(Read::Status), now)
    }

    fn at(order: Order, resolving: bool, stage: Stage, now: Duration) -> Payout {
        Payout {
            order,
            resolving,
            stage,
            read: Snapshot::default(),
            sends: 0,
            refused: false,
            stopped: false,
            not_before: now,
            heard: now,
            progress: None,
            settling: None,
        }
    }

    /// Coins that are out as far as is known.
    pub fn paid(&self) -> u8 {
        self.progress.map_or(0, |(paid, _)| paid)
    }

    /// True once the order may have left.
    pub fn sent(&self) -> bool {
        self.resolving || self.sends > 0
    }

    /// Journalled order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The next command, or when to ask again.
    pub fn next(&self, now: Duration) -> Next {
        if now < self.not_before {
            return Next::WaitUntil(self.not_before);
        }
        Next::Send(match self.stage {
            Stage::Confirm(Read::Status) | Stage::Judge(Read::Status) => Command::HopperStatus,
            Stage::Confirm(Read::Count) | Stage::Judge(Read::Count) => Command::DispensedCount,
            Stage::Confirm(Read::Flags) | Stage::Judge(Read::Flags) => Command::TestHopper,
            Stage::Enable => Command::EnableHopper(true),
            Stage::Key => Command::CipherKey,
            Stage::Send => Command::Dispense { security: self.security(), coins: self.order.coins },
            Stage::Stop => Command::EmergencyStop,
        })
    }

    fn security(&self) -> Security {
        match self.order.security {
            HopperSecurity::None => Security::new(),
            HopperSecurity::SerialNumber => {
                self.order.baseline.serial.to_le_bytes().into_iter().take(3).collect()
            }
            HopperSecurity::AnyAfterKey => [0u8; 8].into_iter().collect(),
        }
    }

    /// To be called right before the command that [`Payout::next`] gave is put on the line: from then on a drop
    /// of the task leaves an order that may have been taken.
    pub fn sending(&mut self) {
        if self.stage == Stage::Send {
            self.sends += 1;
            self.stage = Stage::Judge(Read::Status);
            self.refused = false;
            self.settling = None;
        } else if self.stage == Stage::Stop {
            self.stopped = true;
            self.stage = Stage::Judge(Read::Status);
        }
    }

    /// Takes the answer to `asked`.
    pub fn answer(
        &mut self,
        now: Duration,
        asked: &Command,
        answer: Result<&Reply, NoAnswer>,
    ) -> Option<Outcome> {
        if answer != Err(NoAnswer::Lost) {
            self.heard = now;
        }
        match (asked, answer) {
            // Whatever is said to the order itself, the counters decide.
            (Command::Dispense { .. }, answer) => {
                self.refused = answer == Err(NoAnswer::Refused);
                None
            }
            (Command::EmergencyStop, _) => None,
            (_, Err(why)) => self.unanswered(now, why),
            (_, Ok(reply)) => self.reading(now, reply),
        }
    }

    fn unanswered(&mut self, now: Duration, why: NoAnswer) -> Option<Outcome> {
        match self.stage {
            Stage::Judge(_) if now.saturating_sub(self.heard) < PATIENCE => {
                self.stage = Stage::Judge(Read::Status);
                self.not_before = now + SETTLE;
                None
            }
            Stage::Judge(_) if self.resolving => Some(Err(PayoutError::Absent)),
            Stage::Judge(_) => Some(Ok(Dispensed::Unknown {
                at_least: self.paid().min(self.order.coins),
                at_most: self.order.coins,
                why: "the hopper no longer answers".to_owned(),
            })),
            Stage::Confirm(_) | Stage::Enable | Stage::Key | Stage::Send | Stage::Stop => {
                Some(Err(match why {
                    NoAnswer::Lost => PayoutError::Absent,
                    NoAnswer::Refused => PayoutError::Unfit("it refuses to be set up for a payout".into()),
                }))
            }
        }
    }

    fn reading(&mut self, now: Duration, reply: &Reply) -> Option<Outcome> {
        match (self.stage, reply) {
            (
                Stage::Confirm(Read::Status) | Stage::Judge(Read::Status),
                Reply::Hopper { counter, remaining, paid, unpaid },
            ) => {
                self.read = Snapshot {
                    counter: *counter,
                    remaining: *remaining,
                    paid: *paid,
                    unpaid: *unpaid,
                    ..Snapshot::default()
                };
                self.status(now)
            }
            (Stage::Confirm(Read::Count), Reply::Number(count)) => {
                self.read.dispensed = *count;
                self.stage = Stage::Confirm(Read::Flags);
                None
            }
            (Stage::Judge(Read::Count), Reply::Number(count)) => {
                self.read.dispensed = *count;
                self.stage = Stage::Judge(Read::Flags);
                None
            }
            (Stage::Confirm(Read::Flags), Reply::Flags(flags)) => {
                self.read.flags = Flags(*flags);
                self.confirm()
            }
            (Stage::Judge(Read::Flags), Reply::Flags(flags)) => {
                self.read.flags = Flags(*flags);
                self.verdict(now)
            }
            (Stage::Enable, Reply::Ack) => {
                let keyed = self.order.security == HopperSecurity::AnyAfterKey;
                self.stage = if keyed { Stage::Key } else { Stage::Send };
                None
            }
            (Stage::Key, Reply::Key) => {
                self.stage = Stage::Send;
                None
            }
            // The parser gives each command its own reply; anything else is as good as none.
            (_, _) => self.unanswered(now, NoAnswer::Lost),
        }
    }

    fn status(&mut self, now: Duration) -> Option<Outcome> {
        if self.stage == Stage::Confirm(Read::Status) {
            self.stage = Stage::Confirm(Read::Count);
            return None;
        }
        let next = judge(self.order.model, self.order.baseline, self.order.coins, self.refused, &self.read);
        let Verdict::Running(paid) = next else {
            self.stage = Stage::Judge(Read::Count);
            return None;
        };
        self.not_before = now + LOOK;
        match self.progress {
            Some((before, since)) if before == paid => {
                if now.saturating_sub(since) >= PATIENCE {
                    if self.stopped {
                        return Some(Ok(Dispensed::Unknown {
                            at_least: paid.min(self.order.coins),
                            at_most: self.order.coins,
                            why: format!("the hopper neither pays nor stops: {}", self.read),
                        }));
                    }
                    self.stage = Stage::Stop;
                    self.progress = Some((paid, now));
                }
            }
            _ => self.progress = Some((paid, now)),
        }
        None
    }

    fn confirm(&mut self) -> Option<Outcome> {
        let Order { model, baseline, .. } = self.order;
        let Snapshot { counter, remaining, dispensed, flags, .. } = self.read;
        if flags.needs_reset(model) || flags.unfit(model) {
            return Some(Err(PayoutError::Unfit(flags.to_string())));
        }
        if counter != baseline.counter || remaining != 0 || dispensed != baseline.dispensed {
            return Some(Err(PayoutError::Unfit(format!("it moved since it was read: {}", self.read))));
        }
        self.stage = Stage::Enable;
        None
    }

    fn verdict(&mut self, now: Duration) -> Option<Outcome> {
        let Order { model, baseline, coins, .. } = self.order;
        let verdict = judge(model, baseline, coins, self.refused, &self.read);
        self.stage = Stage::Judge(Read::Status);
        match &verdict {
            Verdict::Running(paid) => {
                self.progress = Some((*paid, now));
                self.not_before = now + LOOK;
                return None;
            }
            Verdict::Ended(Dispensed::Paid { coins: paid, short: None }) => {
                self.progress = Some((*paid, now));
                return Some(Ok(Dispensed::Paid { coins: *paid, short: None }));
            }
            Verdict::NotTaken | Verdict::Ended(_) => {}
        }
        let seen = match &self.settling {
            Some((before, seen)) if *before == verdict => seen + 1,
            _ => 1,
        };
        let enough = if verdict == Verdict::NotTaken { 2 } else { SETTLE_READINGS };
        self.settling = Some((verdict.clone(), seen));
        if seen < enough {
            self.not_before = now + SETTLE;
            return None;
        }
        match verdict {
            Verdict::Running(_) => None,
            Verdict::Ended(outcome) => Some(Ok(outcome)),
            Verdict::NotTaken => self.not_taken(now),
        }
    }

    fn not_taken(&mut self, now: Duration) -> Option<Outcome> {
        let flags = self.read.flags;
        if self.resolving {
            let short = Some("the order never reached the hopper".to_owned());
            return Some(Ok(Dispensed::Paid { coins: 0, short }));
        }
        let unfit = flags.needs_reset(self.order.model) || flags.unfit(self.order.model);
        // A model that counted the order it refused has left the journalled baseline: the caller takes a new one.
        let moved = self.read.counter != self.order.baseline.counter;
        if unfit || moved || self.sends >= MAX_SENDS {
            let refused = if self.refused { "it refuses to pay" } else { "it does not take the order" };
            return Some(Err(PayoutError::Unfit(format!("{refused}: {flags}"))));
        }
        self.settling = None;
        self.stage = Stage::Enable;
        self.not_before = now + LOOK;
        None
    }
}

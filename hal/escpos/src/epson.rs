//! Talking to an Epson TM: real-time status, automatic status back, `GS ( H`.
//!
//! One question at a time: what `DLE EOT` asked for is not in the answer. Answers that come too late are read away
//! before the next question.
use std::time::Duration;

use hal_device::Reason;
use tokio::time::Instant;

use crate::classifier::Report;
use crate::proof::JobNumber;
use crate::wire::{LineError, Sent, Wire};

/// Real-time answers take milliseconds; on USB they wait behind a full pipe.
const ANSWER: Duration = Duration::from_secs(1);
/// How soon news of a fault are seen while an answer is awaited.
const SLICE: Duration = Duration::from_millis(100);
/// How long a late answer may trail.
const QUIET: Duration = Duration::from_millis(200);
/// From the end of the data to the end of printing: a metre of text at 50 mm/s, and the cut.
const PRINTED: Duration = Duration::from_secs(30);
/// Between the news of a fault and a proof that was already on its way.
const GRACE: Duration = Duration::from_millis(500);
/// For `GS r`: behind everything that the buffer still holds.
const FENCE: Duration = Duration::from_secs(15);
/// `DLE ENQ 2`: clear the buffers and recover from a cutter error.
const RECOVER: [u8; 3] = [0x10, 0x05, 0x02];
/// `DLE DC4` 8: clear the buffers; newer models only, and they confirm it.
const CLEAR: [u8; 10] = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];

/// What became of a job whose bytes were all taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is on paper.
    Printed,
    /// A part may be.
    Torn(Reason),
    /// Nothing tells.
    Unknown(&'static str),
}

/// How a question ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It was answered.
    Given,
    /// Nothing came. A printer may hold its line while it is offline; what is wrong it then says by itself.
    Silence,
}

/// Asks for one status byte. Answers that trail from questions of a silent time are read away first.
async fn ask(wire: &mut Wire<'_>, n: u8, patience: Duration) -> Result<Answer, LineError> {
    let mut answer = ask_once(wire, n, patience).await?;
    if answer.is_some() && wire.unanswered > 0 {
        wire.settle(QUIET).await?;
        wire.unanswered = 0;
        answer = ask_once(wire, n, patience).await?;
    }
    match answer {
        Some(byte) => {
            wire.condition.real_time(n, byte);
            wire.offline_by_itself = false;
            Ok(Answer::Given)
        }
        None => {
            wire.unanswered += 1;
            wire.settle(QUIET).await?;
            Ok(Answer::Silence)
        }
    }
}

/// The next answer, or none when the patience ends or the printer reports a fault by itself meanwhile.
async fn ask_once(wire: &mut Wire<'_>, n: u8, patience: Duration) -> Result<Option<u8>, LineError> {
    wire.forget(|report| matches!(report, Report::RealTime(_))).await?;
    if !wire.command(&[0x10, 0x04, n]).await? {
        return Ok(None);
    }
    let pick = |report: &Report| match report {
        Report::RealTime(byte) => Some(*byte),
        _ => None,
    };
    let known = wire.condition.tears().is_some();
    let end = Instant::now() + patience;
    while Instant::now() < end && (known || wire.condition.tears().is_none()) {
        let slice = end.min(Instant::now() + SLICE);
        if let Some(byte) = wire.wait(slice, pick).await? {
            return Ok(Some(byte));
        }
    }
    Ok(None)
}

/// Asks for everything.
pub(crate) async fn poll(wire: &mut Wire<'_>) -> Result<Answer, LineError> {
    ask_each(wire, 1, ANSWER).await
}

/// Whether printing goes on: asks for the reasons only when it does not, or did not.
pub(crate) async fn glance(wire: &mut Wire<'_>, patience: Duration) -> Result<Answer, LineError> {
    match ask(wire, 1, patience).await? {
        Answer::Given if !wire.condition.status().usable() => ask_each(wire, 2, patience).await,
        answer => Ok(answer),
    }
}

async fn ask_each(wire: &mut Wire<'_>, from: u8, patience: Duration) -> Result<Answer, LineError> {
    for n in from..=4 {
        let answer = ask(wire, n, patience).await?;
        if answer != Answer::Given {
            return Ok(answer);
        }
    }
    Ok(Answer::Given)
}

/// The model's name.
pub(crate) async fn product(wire: &mut Wire<'_>) -> Result<Option<String>, LineError> {
    wire.command(&[0x1D, b'I', 67]).await?;
    let text = |report: &Report| match report {
        Report::Text(text) => Some(text.clone()),
        _ => None,
    };
    wire.wait(Instant::now() + ANSWER, text).await
}

/// Waits until the printer says that the job is on paper. A fault before that tears it.
pub(crate) async fn prove(wire: &mut Wire<'_>, number: JobNumber) -> Result<Outcome, LineError> {
    wire.forget(|report| matches!(report, Report::Printed(_))).await?;
    if let Sent::Stopped { reason, .. } = wire.send(&number.request()).await? {
        return Ok(Outcome::Torn(reason));
    }
    let proof = |report: &Report| (*report == Report::Printed(number.digits())).then_some(());
    let end = Instant::now() + PRINTED;
    while Instant::now() < end {
        if wire.wait(end.min(Instant::now() + ANSWER), proof).await?.is_some() {
            return Ok(Outcome::Printed);
        }
        glance(wire, ANSWER).await?;
        if let Some(reason) = wire.condition.tears() {
            let proven = wire.wait(Instant::now() + GRACE, proof).await?.is_some();
            return Ok(if proven { Outcome::Printed } else { Outcome::Torn(reason) });
        }
    }
    Ok(Outcome::Unknown("the printer did not return the job's number"))
}

/// Clears the buffers where the model can: after a torn job at once, before new paper lets the rest come out.
/// True when the printer confirms it.
pub(crate) async fn clear(wire: &mut Wire<'_>) -> Result<bool, LineError> {
    if wire.condition.cutter {
        wire.command(&RECOVER).await?;
    }
    wire.forget(|report| *report == Report::Cleared).await?;
    wire.command(&CLEAR).await?;
    let cleared = |report: &Report| (*report == Report::Cleared).then_some(());
    Ok(wire.wait(Instant::now() + ANSWER, cleared).await?.is_some())
}

/// Recovers from a cutter error, once the paper has been taken out of it.
pub(crate) async fn recover(wire: &mut Wire<'_>) -> Result<(), LineError> {
    wire.command(&RECOVER).await.map(drop)
}

/// Waits until all that was sent before has been worked off; false when that takes too long. `GS r` is not
/// executed without paper.
pub(crate) async fn fence(wire: &mut Wire<'_>) -> Result<bool, LineError> {
    wire.forget(|report| matches!(report, Report::Fence(_))).await?;
    if wire.send(&[0x1D, b'r', 1]).await? != Sent::All {
        return Ok(false);
    }
    let end = Instant::now() + FENCE;
    let answer = |report: &Report| matches!(report, Report::Fence(_)).then_some(());
    while Instant::now() < end && wire.condition.tears().is_none() {
        if wire.wait(end.min(Instant::now() + ANSWER), answer).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

//! Talking to a Custom KPM: FULL STATUS, counters, presenter, hardware reset.
use std::time::Duration;

use hal_device::Reason;
use tokio::time::Instant;

use crate::HandOver;
use crate::classifier::Report;
use crate::epson::{Answer, Outcome};
use crate::proof::Counters;
use crate::wire::{LineError, Wire};

/// FULL STATUS and counters take milliseconds.
const ANSWER: Duration = Duration::from_secs(1);
/// A counter is asked for so often: a lost answer must not leave a print in doubt.
const ASKED: u32 = 3;
/// How long a late answer may trail.
const QUIET: Duration = Duration::from_millis(200);
/// Between two questions while something moves.
const STEP: Duration = Duration::from_millis(250);
/// From the end of the data until the ticket is presented: two metres at 100 mm/s, and the cut.
const PRINTED: Duration = Duration::from_secs(30);
/// A ticket is drawn in or thrown out in less.
const EXIT: Duration = Duration::from_secs(4);
/// A reset with the paper led in again.
const RESET: Duration = Duration::from_secs(10);
/// Deaf after a reset.
const DEAF: Duration = Duration::from_millis(500);
/// Hardware reset, buffers included.
const HARDWARE_RESET: [u8; 6] = [0x1C, 0xC0, 0x18, 0x10, 0x14, 0x1A];

/// Asks for FULL STATUS.
pub(crate) async fn poll(wire: &mut Wire<'_>, patience: Duration) -> Result<Answer, LineError> {
    wire.forget(|report| matches!(report, Report::Full(_))).await?;
    if !wire.command(&[0x10, 0x04, 20]).await? {
        return Ok(Answer::Silence);
    }
    let full = |report: &Report| match report {
        Report::Full([Some(_), Some(_), Some(_), Some(_)]) => Some(()),
        _ => None,
    };
    if wire.wait(Instant::now() + patience, full).await?.is_some() {
        return Ok(Answer::Given);
    }
    wire.settle(QUIET).await?;
    Ok(Answer::Silence)
}

/// Changes of the status are sent without being asked for.
pub(crate) async fn enable_reports(wire: &mut Wire<'_>) -> Result<(), LineError> {
    wire.command(&[0x1D, 0xE0, 0x0F]).await.map(drop)
}

async fn counter(wire: &mut Wire<'_>, which: u8, unit: &str) -> Result<Option<u64>, LineError> {
    let answer = |report: &Report| match report {
        Report::Counter { value, unit: found } if found == unit => Some(*value),
        _ => None,
    };
    for _ in 0..ASKED {
        wire.forget(|report| matches!(report, Report::Counter { .. })).await?;
        wire.command(&[0x1D, which]).await?;
        let told = wire.wait(Instant::now() + ANSWER, answer).await?;
        if told.is_some() {
            return Ok(told);
        }
    }
    Ok(None)
}

/// Cuts and length of its life; `None` when one of them is not answered.
pub(crate) async fn counters(wire: &mut Wire<'_>) -> Result<Option<Counters>, LineError> {
    let Some(cuts) = counter(wire, 0xE2, "cuts").await? else { return Ok(None) };
    let Some(printed) = counter(wire, 0xE3, "cm").await? else { return Ok(None) };
    Ok(Some(Counters { cuts, printed }))
}

/// Frees the exit of a ticket that nobody took: draws it in, or throws it out where the model cannot. False when it
/// is still there.
pub(crate) async fn free_exit(wire: &mut Wire<'_>) -> Result<bool, LineError> {
    for way in [2, 5] {
        if !wire.condition.ticket_at_exit {
            break;
        }
        wire.command(&[0x1D, b'e', way]).await?;
        let end = Instant::now() + EXIT;
        while wire.condition.ticket_at_exit && Instant::now() < end {
            pause(wire).await?;
            poll(wire, ANSWER).await?;
        }
    }
    Ok(!wire.condition.ticket_at_exit)
}

/// Waits until the sheet in the mouth is taken, and draws it in when it is not. The printer counts what it draws in:
/// somebody who takes the sheet at the last moment has taken it.
pub(crate) async fn hand_over(wire: &mut Wire<'_>, patience: Duration) -> Result<HandOver, LineError> {
    let retracted = counter(wire, 0xE4, "ret").await?;
    let end = Instant::now() + patience;
    while Instant::now() < end {
        if poll(wire, ANSWER).await? == Answer::Given && !wire.condition.ticket_at_exit {
            return Ok(HandOver::Taken);
        }
        pause(wire).await?;
    }
    wire.command(&[0x1D, b'e', 2]).await?;
    let end = Instant::now() + EXIT;
    while Instant::now() < end {
        pause(wire).await?;
        if poll(wire, ANSWER).await? == Answer::Given && !wire.condition.ticket_at_exit {
            let known = retracted.zip(counter(wire, 0xE4, "ret").await?);
            let stands = known.is_some_and(|(before, after)| before == after);
            return Ok(if stands { HandOver::Taken } else { HandOver::Retracted });
        }
    }
    Ok(HandOver::Left)
}

/// Waits until nothing is left to print and no motor runs; false when that takes too long or a fault comes.
pub(crate) async fn at_rest(wire: &mut Wire<'_>) -> Result<bool, LineError> {
    let end = Instant::now() + PRINTED;
    while Instant::now() < end {
        let answered = poll(wire, ANSWER).await?;
        if wire.condition.tears().is_some() {
            return Ok(false);
        }
        if answered == Answer::Given && !wire.condition.spooling && !wire.condition.motor {
            return Ok(true);
        }
        pause(wire).await?;
    }
    Ok(false)
}

/// Waits until the ticket is out and compares the counters with those of before.
pub(crate) async fn prove(wire: &mut Wire<'_>, before: Counters) -> Result<Outcome, LineError> {
    let rested = at_rest(wire).await?;
    if let Some(reason) = wire.condition.tears() {
        return Ok(Outcome::Torn(reason));
    }
    if !rested {
        return Ok(Outcome::Unknown("the printer did not come to rest"));
    }
    let Some(after) = counters(wire).await? else {
        return Ok(Outcome::Unknown("the printer did not tell its counters"));
    };
    if !after.prove(before) {
        return Ok(Outcome::Unknown("the printer's counters did not move"));
    }
    if !wire.ticket_seen {
        return Ok(Outcome::Unknown("no ticket was seen at the exit"));
    }
    Ok(Outcome::Printed)
}

/// Empties everything by a hardware reset; false when the printer does not come back.
pub(crate) async fn reset(wire: &mut Wire<'_>) -> Result<bool, LineError> {
    if !wire.command(&HARDWARE_RESET).await? {
        return Ok(false);
    }
    wire.settle(DEAF).await?;
    let end = Instant::now() + RESET;
    while Instant::now() < end {
        if poll(wire, ANSWER).await? == Answer::Given {
            enable_reports(wire).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn pause(wire: &mut Wire<'_>) -> Result<(), LineError> {
    let end = Instant::now() + STEP;
    while wire.fill(end).await? {}
    Ok(())
}

/// Why a job cannot begin without counters.
pub(crate) fn no_counters() -> Reason {
    Reason::new("offline", "the printer does not tell its counters, so nothing could prove a print")
}

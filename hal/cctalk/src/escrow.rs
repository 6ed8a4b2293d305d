//! A note in escrow, from the event that announces it to the event that tells where it went
//! (ccTalk generic specification part 3, header 154).
//!
//! An answer to the route command is never an outcome: only events are. A route whose answer was lost is sent
//! again only while the validator's newest event still is this note, and always the same way. A reset or a jam
//! ends in "unknown", and staff settle it by a count.
use std::time::Duration;

use hal_device::Cents;

use crate::api::Route;
use crate::command::RouteCode;

/// The escrow of a validator gives a note back by itself after 30 s or more.
pub const EXTEND_EVERY: Duration = Duration::from_secs(10);
/// After a lost answer the events get this long to tell.
const LISTEN: Duration = Duration::from_millis(2500);
/// After "escrow empty", and after a jam, the outcome must show within this time.
const LAST_EVENTS: Duration = Duration::from_secs(3);
/// A route that was acknowledged gets this long before it is sent again.
const TRANSPORT: Duration = Duration::from_secs(10);
/// The first try and three more.
const MAX_SENDS: u8 = 4;
/// Longer than any escrow holds a note that nobody routes.
const GIVE_UP: Duration = Duration::from_secs(40);

/// What came back for the route command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteAnswer {
    /// ACK: taken.
    Taken,
    /// 254: nothing there (any more).
    Empty,
    /// 255: the transport failed.
    Failed,
    /// None, or one that could not be read.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nobody has decided yet.
    Held { extend_at: Duration },
    /// Decided; `sent` is empty until the command was on the line.
    Routed { route: Route, sends: u8, first: Option<Duration>, last: Option<(Duration, RouteAnswer)> },
}

/// A note in escrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escrow {
    /// Its value.
    pub value: Cents,
    /// The number of the event that announced it; `None` when only the journal knows of the note.
    pub number: Option<u8>,
    /// Somebody was told of it, and will be told where it went.
    pub announced: bool,
    stage: Stage,
    jam: Option<Duration>,
}

/// What is to be done about it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscrowOrder {
    /// Nothing but polling.
    Nothing,
    /// Send this route code, and hand in the answer.
    Send(RouteCode),
    /// No event will tell any more.
    GiveUp(&'static str),
}

impl Escrow {
    /// A note that was announced just now.
    pub fn held(value: Cents, number: u8, now: Duration) -> Escrow {
        let stage = Stage::Held { extend_at: now + EXTEND_EVERY };
        Escrow { value, number: Some(number), announced: true, stage, jam: None }
    }

    /// A note of the journal whose route was, or was not, decided before a restart. Without a decision it goes
    /// back: its session is over.
    pub fn resumed(value: Cents, route: Option<Route>, now: Duration) -> Escrow {
        let stage = match route {
            // It may have been sent before the restart: listen first, as after a lost answer.
            Some(route) => {
                Stage::Routed { route, sends: 1, first: Some(now), last: Some((now, RouteAnswer::Lost)) }
            }
            None => Stage::Routed { route: Route::Return, sends: 0, first: None, last: None },
        };
        Escrow { value, number: None, announced: true, stage, jam: None }
    }

    /// A note that nobody was told of, or that cannot be money for us: it goes back.
    pub fn unannounced(value: Cents, number: u8) -> Escrow {
        let stage = Stage::Routed { route: Route::Return, sends: 0, first: None, last: None };
        Escrow { value, number: Some(number), announced: false, stage, jam: None }
    }

    /// The decision that was taken, if one was.
    pub fn route(&self) -> Option<Route> {
        match self.stage {
            Stage::Held { .. } => None,
            Stage::Routed { route, .. } => Some(route),
        }
    }

    /// Takes a decision. The first one holds: false when another was taken before.
    #[must_use]
    pub fn decide(&mut self, route: Route) -> bool {
        match self.stage {
            Stage::Held { .. } => {
                self.stage = Stage::Routed { route, sends: 0, first: None, last: None };
                true
            }
            Stage::Routed { route: before, .. } => before == route,
        }
    }

    /// A jam was reported while the note was here: it may still turn out stacked or returned.
    pub fn jammed(&mut self, now: Duration) {
        self.jam.get_or_insert(now);
    }

    /// What to do now. `newest` is the validator's event counter at the last poll that was answered.
    pub fn due(&self, now: Duration, newest: u8) -> EscrowOrder {
        if self.jam.is_some_and(|jam| now.saturating_sub(jam) >= LAST_EVENTS) {
            return EscrowOrder::GiveUp("the validator jammed");
        }
        match self.stage {
            Stage::Held { extend_at } if now >= extend_at => EscrowOrder::Send(RouteCode::Extend),
            Stage::Held { .. } => EscrowOrder::Nothing,
            Stage::Routed { .. } if self.jam.is_some() => EscrowOrder::Nothing,
            Stage::Routed { route, last: None, .. } => EscrowOrder::Send(code(route)),
            Stage::Routed { route, sends, first, last: Some((at, answer)) } => {
                let waited = now.saturating_sub(at);
                let patience = match answer {
                    RouteAnswer::Empty if waited >= LAST_EVENTS => {
                        return EscrowOrder::GiveUp("the escrow is empty and no event told why");
                    }
                    RouteAnswer::Empty => return EscrowOrder::Nothing,
                    RouteAnswer::Taken => TRANSPORT,
                    RouteAnswer::Failed | RouteAnswer::Lost => LISTEN,
                };
                let still_here = self.number == Some(newest);
                if waited >= patience && still_here && sends < MAX_SENDS {
                    return EscrowOrder::Send(code(route));
                }
                if first.is_none_or(|first| now.saturating_sub(first) >= GIVE_UP) {
                    return EscrowOrder::GiveUp("the validator never told where it went");
                }
                EscrowOrder::Nothing
            }
        }
    }

    /// To be called right before the code is put on the line, so that a drop of the task counts as a lost answer.
    pub fn sending(&mut self, now: Duration) {
        self.answered(now, RouteAnswer::Lost, true);
    }

    /// Takes the answer to the code that [`Escrow::due`] asked for.
    pub fn answer(&mut self, now: Duration, answer: RouteAnswer) {
        self.answered(now, answer, false);
    }

    fn answered(&mut self, now: Duration, answer: RouteAnswer, sending: bool) {
        match &mut self.stage {
            Stage::Held { extend_at } => *extend_at = now + EXTEND_EVERY,
            Stage::Routed { sends, first, last, .. } => {
                *sends = sends.saturating_add(u8::from(sending));
                first.get_or_insert(now);
                *last = Some((now, answer));
            }
        }
    }
}

fn code(route: Route) -> RouteCode {
    match route {
        Route::Stack => RouteCode::Stack,
        Route::Return => RouteCode::Return,
    }
}

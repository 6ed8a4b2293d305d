//! What the events of a bill validator mean, and what they do to the note in escrow (ccTalk generic
//! specification part 3, header 159; event table in appendix 10).
//!
//! Credit only ever comes from (type, 0). After a power-up the validator is inhibited and its escrow is empty as
//! far as it knows; where the note went that was in it, no event tells.
use hal_device::Cents;

use crate::api::{Anomaly, CashEvent, Device, EventMark};
use crate::escrow::Escrow;
use crate::ids::Ids;
use crate::outcome::{Clears, Fault, Moment, Outcome};

const DEVICE: Device = Device::Validator;
/// The type that stands for a printed coupon.
const COUPON: u8 = 255;

/// What is known of the notes in the validator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The note in escrow.
    pub escrow: Option<Escrow>,
    /// A note whose outcome was told as unknown: an event that comes late must not make it money twice.
    given_up: Option<Cents>,
}

impl Notes {
    /// No event will tell where the note in escrow went.
    pub fn give_up(&mut self, why: &str) -> Option<CashEvent> {
        let escrow = self.escrow.take()?;
        if !escrow.value.is_positive() {
            return None;
        }
        self.given_up = Some(escrow.value);
        Some(CashEvent::NoteUnknown { value: escrow.value, why: why.to_owned() })
    }

    /// As [`Notes::give_up`], for a validator that will not tell late either (reset, exchanged).
    pub fn forget(&mut self, why: &str) -> Option<CashEvent> {
        let event = self.give_up(why);
        self.given_up = None;
        event
    }

    /// What one pair means. `mark` is the point it stands for.
    pub fn event(&mut self, pair: (u8, u8), ids: &Ids, mark: EventMark, moment: Moment) -> Outcome {
        match pair {
            (0, code) => self.status_event(code, mark, moment),
            (COUPON, code) => self.coupon(code, mark),
            (kind, 0) => self.stacked(kind, ids.value(kind), mark),
            (kind, 1) => self.held(kind, ids.value(kind), mark, moment),
            (_, code) => unknown_code(code, "an event that the documents do not list"),
        }
    }

    fn held(&mut self, kind: u8, value: Option<Cents>, mark: EventMark, moment: Moment) -> Outcome {
        let mut outcome = Outcome::default();
        let Some(value) = value else {
            // It cannot be money for us; it goes back, and somebody must look why it was let in.
            outcome = unknown_code(kind, "a note is in escrow whose type has no euro value");
            outcome.events.splice(0..0, self.give_up("another note came into escrow"));
            self.escrow = Some(Escrow::unannounced(Cents::ZERO, mark.counter));
            return outcome;
        };
        match &mut self.escrow {
            // Some validators tell of the same note twice before it is decided upon.
            Some(escrow) if escrow.value == value && escrow.route().is_none() => {
                escrow.number = Some(mark.counter);
                return outcome;
            }
            // The journal knows of this note; its event was read before the restart or is read only now.
            Some(escrow) if escrow.value == value && escrow.number.is_none() => {
                escrow.number = Some(mark.counter);
                return outcome;
            }
            Some(_) => outcome.events.extend(self.give_up("another note came into escrow")),
            None => {}
        }
        // A note that is past cannot be told of any more once a newer one is here.
        self.given_up = None;
        if moment.at_start {
            self.escrow = Some(Escrow::unannounced(value, mark.counter));
        } else {
            self.escrow = Some(Escrow::held(value, mark.counter, moment.now));
            outcome.events.push(CashEvent::NoteEscrowed { value, mark });
        }
        outcome
    }

    fn stacked(&mut self, kind: u8, value: Option<Cents>, mark: EventMark) -> Outcome {
        let mut outcome = Outcome::default();
        let Some(value) = value else {
            outcome = unknown_code(kind, "a note was stacked whose type has no euro value");
            outcome.events.splice(0..0, self.give_up("a note of another type was stacked"));
            return outcome;
        };
        match self.escrow {
            Some(escrow) if escrow.value == value => self.escrow = None,
            Some(_) => outcome.events.extend(self.give_up("a note of another type was stacked")),
            None if self.given_up == Some(value) => {
                self.given_up = None;
                let text = "the note whose outcome was unknown was stacked after all";
                outcome.events.push(anomaly(Anomaly::Dispute, 0, text));
                return outcome;
            }
            None => {}
        }
        outcome.events.push(CashEvent::NoteStacked { value, mark });
        outcome
    }

    fn returned(&mut self, mark: EventMark) -> Outcome {
        let mut outcome = Outcome::default();
        match self.escrow.take() {
            Some(Escrow { value, announced: true, .. }) => {
                outcome.events.push(CashEvent::NoteReturned { value, mark });
            }
            Some(_) => outcome.events.push(CashEvent::Rejected { device: DEVICE, code: 1 }),
            None if self.given_up.take().is_some() => {
                let text = "the note whose outcome was unknown was returned after all";
                outcome.events.push(anomaly(Anomaly::Note, 1, text));
            }
            // It also follows plain rejects, which have been told of.
            None => {}
        }
        outcome
    }

    fn coupon(&mut self, code: u8, mark: EventMark) -> Outcome {
        let mut outcome = Outcome::default();
        match code {
            0 => {
                self.escrow = self.escrow.filter(|escrow| escrow.announced);
                outcome.events.push(anomaly(Anomaly::Note, 0, "a coupon was stacked"));
            }
            1 => {
                outcome.events.extend(self.give_up("a coupon came into escrow"));
                self.escrow = Some(Escrow::unannounced(Cents::ZERO, mark.counter));
                outcome.events.push(anomaly(Anomaly::Note, 1, "a coupon goes back"));
            }
            _ => return unknown_code(code, "an event of a coupon that the documents do not list"),
        }
        outcome
    }

    fn status_event(&mut self, code: u8, mark: EventMark, moment: Moment) -> Outcome {
        let mut outcome = Outcome::default();
        let mut tell = |class, text| outcome.events.push(anomaly(class, code, text));
        match code {
            // Also logged by a validator that was not polled for 5 s and inhibited itself.
            0 => outcome.recheck = true,
            1 => return self.returned(mark),
            2..=5 => outcome.events.push(CashEvent::Rejected { device: DEVICE, code }),
            6 => fatal(&mut outcome, code, "note-jam", "note jammed where it can be pulled out"),
            7 => fatal(&mut outcome, code, "stacker-jam", "note jammed in the stacker"),
            8 => tell(Anomaly::Fraud, "note pulled backwards"),
            9 => tell(Anomaly::Fraud, "tamper"),
            10 | 12 => {
                tell(Anomaly::Note, if code == 10 { "stacker in order" } else { "stacker put in" });
                outcome.cleared = true;
                outcome.recheck = true;
            }
            11 => {
                tell(Anomaly::Note, "stacker taken out");
                outcome.fault = Some(Fault::new("stacker-removed", "put the stacker back", Clears::Event));
            }
            13 => fatal(&mut outcome, code, "stacker-faulty", "stacker faulty"),
            14 => {
                tell(Anomaly::Note, "stacker full");
                outcome.fault = Some(Fault::new("stacker-full", "empty the stacker", Clears::Event));
            }
            15 => fatal(&mut outcome, code, "stacker-jam", "stacker jammed"),
            16 => fatal(&mut outcome, code, "note-jam", "note jammed where nobody can reach it"),
            17 => tell(Anomaly::Fraud, "opto fraud"),
            18 => tell(Anomaly::Fraud, "string fraud"),
            19 => fatal(&mut outcome, code, "anti-string", "anti-string mechanism faulty"),
            20 => tell(Anomaly::Note, "barcode seen"),
            21 => tell(Anomaly::Dispute, "a note of unknown value was stacked"),
            _ => return unknown_code(code, "an event that the documents do not list"),
        }
        if matches!(code, 6 | 7 | 15 | 16)
            && let Some(escrow) = &mut self.escrow
        {
            escrow.jammed(moment.now);
        }
        outcome
    }
}

fn anomaly(class: Anomaly, code: u8, text: &'static str) -> CashEvent {
    CashEvent::Anomaly { device: DEVICE, class, code, text }
}

fn fatal(outcome: &mut Outcome, code: u8, id: &'static str, text: &'static str) {
    outcome.events.push(anomaly(Anomaly::Fatal, code, text));
    outcome.stop = true;
    outcome.fault = Some(Fault::new(id, format!("event {code}: {text}"), Clears::SelfCheck));
}

fn unknown_code(code: u8, text: &'static str) -> Outcome {
    Outcome {
        events: vec![anomaly(Anomaly::Unknown, code, text)],
        stop: true,
        fault: Some(Fault::new("unknown-event", format!("event {code}: {text}"), Clears::Setup)),
        ..Outcome::default()
    }
}

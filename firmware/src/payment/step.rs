//! The table: what a payment does in each state with each event.
use hal_cctalk::Acceptance;
use hal_device::MoneyError;

use super::state::*;
use crate::ledger::{BookingState, CancelReason, Entry};
use crate::sede::PaymentAnswer;

/// The actions of one step, in order.
pub(super) type Actions = Vec<Action>;

impl Payment {
    /// Takes one event in. An error is a sum that is no amount of money: the operation stops where it is, and
    /// what the ledger holds stays true.
    #[must_use = "the actions carry the money"]
    pub fn step(&mut self, context: &Context<'_>, event: Event) -> Result<Actions, MoneyError> {
        let mut out = Actions::new();
        match (&self.state, event) {
            // Money events are true in every state.
            (_, Event::Cash(event)) => self.on_cash(context, event, &mut out)?,
            // So is the sede's answer: it may come after the citizen was told "to be confirmed".
            (_, Event::Booked(Some(answer))) => self.on_answer(context, answer, &mut out)?,

            (State::Opening, Event::Accepted(result)) => self.on_opened(context, result, &mut out)?,
            (State::Opening | State::Collecting { .. }, Event::Cancel) => {
                self.cancel(context, CancelReason::Citizen, &mut out)?;
            }
            (State::Opening | State::Collecting { .. }, Event::End) => {
                self.cancel(context, CancelReason::Interrupted, &mut out)?;
            }
            (State::Opening, Event::Tick) => self.on_collecting_tick(context, context.now, &mut out)?,
            (State::Collecting { .. }, Event::Touched) => self.touched(context),
            (State::Collecting { since }, Event::Tick) => {
                let since = *since;
                self.on_collecting_tick(context, since, &mut out)?;
            }
            (State::Collecting { .. }, Event::Accepted(result)) => {
                self.on_reopened(context, result, &mut out)?;
            }
            (State::Collecting { .. } | State::Closing { .. } | State::Opening, Event::Routed(_)) => {
                // Ok or not, only the events tell where the note went; escrow_patience ends the wait.
            }

            (State::Closing { since, .. }, Event::Accepted(result)) => {
                let since = *since;
                // A device that does not answer cannot be closed; after its own watchdog it closes itself.
                if result.is_ok() || self.account.escrow.is_none() {
                    self.state = State::Closing { since, shut: Some(context.now) };
                }
            }
            (State::Closing { .. }, Event::Tick) => {}

            (State::Booking { .. }, Event::Booked(None)) => self.pay_out(context, &mut out)?,
            (State::Booking { since }, Event::Tick) => {
                if context.now.saturating_sub(*since) >= context.terms.booking_patience {
                    self.pay_out(context, &mut out)?;
                }
            }

            (State::Paying(_), Event::Baseline(result)) => self.on_baseline(context, result, &mut out)?,
            (State::Paying(_), Event::Dispensed(result)) => self.on_dispensed(context, result, &mut out)?,
            (State::Paying(_), Event::Tick) => self.on_paying_tick(context, &mut out)?,

            (State::Printing(_), Event::Printed(result)) => self.on_printed(context, result, &mut out)?,
            (State::Printing(_), Event::Tick) => self.on_printing_tick(context, &mut out)?,
            (State::Printing(_), Event::Cancel) => self.on_leave(context, &mut out)?,

            // Answers that come too late to matter, and wishes that cannot be met any more.
            (State::Opening, Event::Touched)
            | (State::Opening | State::Collecting { .. } | State::Closing { .. }, Event::Booked(None))
            | (
                State::Opening | State::Collecting { .. } | State::Closing { .. } | State::Booking { .. },
                Event::Baseline(_) | Event::Dispensed(_) | Event::Printed(_),
            )
            | (State::Closing { .. }, Event::Touched | Event::Cancel | Event::End)
            | (
                State::Booking { .. },
                Event::Touched | Event::Cancel | Event::End | Event::Accepted(_) | Event::Routed(_),
            )
            | (
                State::Paying(_),
                Event::Touched
                | Event::Cancel
                | Event::End
                | Event::Accepted(_)
                | Event::Routed(_)
                | Event::Booked(None)
                | Event::Printed(_),
            )
            | (
                State::Printing(_),
                Event::Touched
                | Event::End
                | Event::Accepted(_)
                | Event::Routed(_)
                | Event::Booked(None)
                | Event::Baseline(_)
                | Event::Dispensed(_),
            )
            | (
                State::Finished,
                Event::Tick
                | Event::Touched
                | Event::Cancel
                | Event::End
                | Event::Accepted(_)
                | Event::Routed(_)
                | Event::Baseline(_)
                | Event::Dispensed(_)
                | Event::Booked(None)
                | Event::Printed(_),
            ) => {}
        }
        if matches!(self.state, State::Closing { .. }) {
            self.close_when_quiet(context, &mut out)?;
        }
        Ok(out)
    }

    /// Writes an entry down: into the account now, into the ledger before the next action.
    pub(super) fn journal(&mut self, entry: Entry, out: &mut Actions) -> Result<(), MoneyError> {
        self.account.apply(&entry)?;
        out.push(Action::Journal(entry));
        Ok(())
    }

    /// Begins to close the devices, to book or to give back.
    pub(super) fn close(&mut self, context: &Context<'_>, out: &mut Actions) {
        self.requested = Acceptance::default();
        out.push(Action::Accept(Acceptance::default()));
        self.state = State::Closing { since: context.now, shut: None };
    }

    /// Decides to give back.
    pub(super) fn cancel(
        &mut self,
        context: &Context<'_>,
        why: CancelReason,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        self.journal(Entry::CancelDecided { why }, out)?;
        self.close(context, out);
        Ok(())
    }

    fn touched(&mut self, context: &Context<'_>) {
        self.state = State::Collecting { since: context.now };
        self.shown.rejected = false;
    }

    fn on_answer(
        &mut self,
        context: &Context<'_>,
        answer: PaymentAnswer,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        if self.account.booking != BookingState::Due {
            return Ok(());
        }
        match answer {
            PaymentAnswer::Booked(booking) => self.journal(Entry::Booked(booking), out)?,
            PaymentAnswer::Refused { code, .. } => self.journal(Entry::BookingRefused { code }, out)?,
        }
        // In a payout or a print, what is owed now is looked at when that ends.
        if matches!(self.state, State::Booking { .. }) { self.pay_out(context, out) } else { Ok(()) }
    }
}

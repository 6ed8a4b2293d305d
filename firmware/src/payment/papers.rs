//! The papers: receipt and claim slip. A paper that fails never undoes a payment; it is printed whole again,
//! marked as a copy, when the printer is well in time.
use hal_device::MoneyError;
use hal_escpos::PrintError;

use super::state::*;
use super::step::Actions;
use crate::ledger::{BookingState, Entry, Outcome, Paper, PrintOutcome};

impl Payment {
    /// Begins the next paper that is due, or ends.
    pub(super) fn next_paper(&mut self, context: &Context<'_>, out: &mut Actions) -> Result<(), MoneyError> {
        let due = [
            (Paper::Receipt, self.account.kept.is_positive()),
            (Paper::Claim, !self.account.claims.is_empty()),
        ];
        for (paper, wanted) in due {
            let before = self.account.paper(paper);
            let done = before.is_some_and(|state| state.outcome == Some(PrintOutcome::Printed));
            if !wanted || done || self.given_up.contains(&paper) {
                continue;
            }
            // Begun before a restart: part of it may be on paper.
            let copy = before.is_some();
            self.state = State::Printing(Printing { paper, copy, busy: true, give_up_at: None });
            self.print(paper, copy, out)?;
            return Ok(());
        }
        self.finish(context, out)
    }

    fn print(&mut self, paper: Paper, copy: bool, out: &mut Actions) -> Result<(), MoneyError> {
        self.journal(Entry::PrintStarted { paper, copy }, out)?;
        out.push(Action::Print { paper, copy });
        Ok(())
    }

    pub(super) fn on_printed(
        &mut self,
        context: &Context<'_>,
        result: Result<(), PrintError>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        let State::Printing(mut printing) = self.state.clone() else { return Ok(()) };
        let paper = printing.paper;
        let (outcome, hopeless) = match result {
            Ok(()) => {
                self.journal(Entry::PrintEnded { paper, outcome: PrintOutcome::Printed }, out)?;
                return self.next_paper(context, out);
            }
            Err(PrintError::Unprintable(_)) => (PrintOutcome::NotStarted, true),
            Err(PrintError::NotReady(_)) => (PrintOutcome::NotStarted, false),
            // One copy, not more: a second failure is for the technician.
            Err(PrintError::Torn(_) | PrintError::Unknown(_) | PrintError::Restarted) => {
                (PrintOutcome::Torn, printing.copy && printing.give_up_at.is_some())
            }
        };
        self.journal(Entry::PrintEnded { paper, outcome }, out)?;
        if hopeless {
            return self.give_up(context, paper, out);
        }
        printing.copy |= outcome == PrintOutcome::Torn;
        printing.busy = false;
        let patience = context.now.saturating_add(context.terms.paper_patience);
        printing.give_up_at = printing.give_up_at.or(Some(patience));
        self.state = State::Printing(printing);
        Ok(())
    }

    pub(super) fn on_printing_tick(
        &mut self,
        context: &Context<'_>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        let State::Printing(mut printing) = self.state.clone() else { return Ok(()) };
        if printing.busy {
            return Ok(());
        }
        if printing.give_up_at.is_none_or(|at| context.now >= at) {
            return self.give_up(context, printing.paper, out);
        }
        if context.machine.printer {
            printing.busy = true;
            let (paper, copy) = (printing.paper, printing.copy);
            self.state = State::Printing(printing);
            self.print(paper, copy, out)?;
        }
        Ok(())
    }

    /// The citizen does not wait for a printer any longer.
    pub(super) fn on_leave(&mut self, context: &Context<'_>, out: &mut Actions) -> Result<(), MoneyError> {
        match &self.state {
            State::Printing(printing) if !printing.busy => {
                let paper = printing.paper;
                self.give_up(context, paper, out)
            }
            State::Printing(_)
            | State::Opening
            | State::Collecting { .. }
            | State::Closing { .. }
            | State::Booking { .. }
            | State::Paying(_)
            | State::Finished => Ok(()),
        }
    }

    fn give_up(&mut self, context: &Context<'_>, paper: Paper, out: &mut Actions) -> Result<(), MoneyError> {
        self.given_up.push(paper);
        self.next_paper(context, out)
    }

    fn finish(&mut self, context: &Context<'_>, out: &mut Actions) -> Result<(), MoneyError> {
        // A coin that came in late, or a refusal by the sede while the receipt was printed.
        if self.unclaimed()?.is_positive() {
            return self.pay_out(context, out);
        }
        let outcome = match (&self.account.booking, self.account.cancelled) {
            (BookingState::Booked(_), _) => Outcome::Paid,
            (BookingState::Due, None) => Outcome::PaidToConfirm,
            (BookingState::Due, Some(_)) | (BookingState::NotDue | BookingState::Refused(_), _) => {
                Outcome::Cancelled
            }
        };
        self.journal(Entry::Completed { outcome }, out)?;
        self.state = State::Finished;
        Ok(())
    }
}

//! Money comes in: what is taken, where a note in escrow goes, when it is enough.
use std::time::Duration;

use hal_cctalk::{Acceptance, CashError, CashEvent, Device, Route};
use hal_device::{Cents, MoneyError};

use super::state::*;
use super::step::Actions;
use crate::ledger::{CancelReason, Closed, Entry, Held};

impl Payment {
    /// What is to be taken now.
    pub fn acceptance(&self, context: &Context<'_>) -> Acceptance {
        let (missing, coins) = (self.account.missing(), self.account.coins_inserted);
        context.machine.acceptance(context.terms, &self.excluded, missing, coins)
    }

    /// Tells the devices when what is to be taken has changed.
    fn reaccept(&mut self, context: &Context<'_>, out: &mut Actions) {
        let wanted = self.acceptance(context);
        if wanted != self.requested {
            self.requested = wanted.clone();
            out.push(Action::Accept(wanted));
        }
    }

    fn collecting(&self) -> bool {
        matches!(self.state, State::Opening | State::Collecting { .. })
    }

    fn sign_of_life(&mut self, now: Duration) {
        if let State::Collecting { since } = &mut self.state {
            *since = now;
        }
    }

    pub(super) fn on_opened(
        &mut self,
        context: &Context<'_>,
        result: Result<(), CashError>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        // One device may have disobeyed while the other is open: then the citizen pays with that one.
        if result.is_err() && context.machine.accepting.is_empty() {
            return self.cancel(context, CancelReason::DeviceOut, out);
        }
        self.state = State::Collecting { since: context.now };
        self.reaccept(context, out);
        Ok(())
    }

    pub(super) fn on_reopened(
        &mut self,
        context: &Context<'_>,
        result: Result<(), CashError>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        if result.is_err() {
            // Asked again at the next tick, if the device is then said to be well.
            self.requested = Acceptance::default();
            return Ok(());
        }
        self.reaccept(context, out);
        Ok(())
    }

    pub(super) fn on_collecting_tick(
        &mut self,
        context: &Context<'_>,
        since: Duration,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        let quiet = context.now.saturating_sub(since);
        if let Some(held) = self.account.escrow {
            if quiet >= context.terms.escrow_patience {
                self.escrow_silent(held, out)?;
                return self.stop(context, CancelReason::NoteUnknown, out);
            }
            return Ok(());
        }
        if self.expires.is_some_and(|expires| context.now >= expires) {
            return self.cancel(context, CancelReason::Expired, out);
        }
        if quiet >= context.terms.patience {
            return self.cancel(context, CancelReason::Timeout, out);
        }
        self.reaccept(context, out);
        Ok(())
    }

    /// No more money: book if it is enough, else give back.
    fn stop(
        &mut self,
        context: &Context<'_>,
        why: CancelReason,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        if !self.collecting() {
            return Ok(());
        }
        if self.account.missing().is_positive() {
            return self.cancel(context, why, out);
        }
        self.close(context, out);
        Ok(())
    }

    /// No event has told where the held note went; nobody will know now.
    fn escrow_silent(&mut self, held: Held, out: &mut Actions) -> Result<(), MoneyError> {
        let why = "the validator did not tell in time".to_owned();
        self.journal(Entry::NoteUnknown { value: held.value, why }, out)
    }

    fn after_money(&mut self, context: &Context<'_>, out: &mut Actions) {
        self.shown = Shown::default();
        self.sign_of_life(context.now);
        if self.collecting() {
            if self.account.missing().is_positive() {
                self.reaccept(context, out);
            } else {
                self.close(context, out);
            }
        } else if let State::Closing { shut: Some(shut), .. } = &mut self.state {
            // Another one may be right behind it.
            *shut = context.now;
        }
    }

    pub(super) fn on_cash(
        &mut self,
        context: &Context<'_>,
        event: CashEvent,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        match event {
            CashEvent::NoteEscrowed { value, mark } => {
                self.journal(Entry::NoteEscrowed { value, mark }, out)?;
                let route = self.route_for(context, value);
                self.journal(Entry::RouteDecided { value, route }, out)?;
                out.push(Action::Route(route));
                self.shown = Shown { checking: true, rejected: false };
                self.sign_of_life(context.now);
            }
            CashEvent::NoteStacked { value, mark } => {
                self.journal(Entry::NoteStacked { value, mark }, out)?;
                self.after_money(context, out);
            }
            CashEvent::NoteReturned { value, mark } => {
                self.journal(Entry::NoteReturned { value, mark }, out)?;
                self.shown = Shown { checking: false, rejected: true };
                self.sign_of_life(context.now);
                if self.collecting() {
                    self.reaccept(context, out);
                }
            }
            CashEvent::NoteUnknown { value, why } => {
                self.shown.checking = false;
                self.journal(Entry::NoteUnknown { value, why }, out)?;
                self.stop(context, CancelReason::NoteUnknown, out)?;
            }
            CashEvent::CoinAccepted { value, path, mark } => {
                let to = context.machine.place_of(path);
                self.journal(Entry::CoinAccepted { value, to, mark }, out)?;
                self.after_money(context, out);
            }
            CashEvent::EventsLost { device, count } => {
                self.journal(Entry::EventsLost { device, count }, out)?;
                self.stop(context, CancelReason::MoneyUncounted, out)?;
            }
            CashEvent::DeviceReset { device } => {
                // It has come back inhibited: what was asked of it is to be asked again. What it may have
                // swallowed before is told apart, as lost events.
                if self.collecting() && matches!(device, Device::Validator | Device::CoinAcceptor) {
                    self.requested = Acceptance::default();
                    self.reaccept(context, out);
                }
            }
            CashEvent::Rejected { .. } => {
                self.shown.rejected = true;
                self.sign_of_life(context.now);
            }
            // What it means for the device is in its status; the engine reports it.
            CashEvent::Anomaly { .. } => {}
        }
        Ok(())
    }

    fn route_for(&self, context: &Context<'_>, value: Cents) -> Route {
        let payable = self.collecting()
            && self.account.cancelled.is_none()
            && self.expires.is_none_or(|expires| context.now < expires);
        if payable && self.acceptance(context).notes.contains(&value) { Route::Stack } else { Route::Return }
    }

    /// Goes on once nothing can come in any more and no note is under way.
    pub(super) fn close_when_quiet(
        &mut self,
        context: &Context<'_>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        let State::Closing { since, shut } = self.state else { return Ok(()) };
        let waited = context.now.saturating_sub(since);
        if let Some(held) = self.account.escrow {
            if waited < context.terms.escrow_patience {
                return Ok(());
            }
            self.escrow_silent(held, out)?;
        }
        let quiet = shut.is_some_and(|shut| context.now.saturating_sub(shut) >= context.terms.settle);
        if !quiet && waited < context.terms.escrow_patience {
            return Ok(());
        }
        if self.account.cancelled.is_none() && !self.account.missing().is_positive() {
            let (inserted, taken_at, clock_sure) = (self.account.inserted, context.time, context.clock_sure);
            self.journal(Entry::CollectionClosed(Closed { inserted, taken_at, clock_sure }), out)?;
            out.push(Action::Book);
            self.state = State::Booking { since: context.now };
            return Ok(());
        }
        self.pay_out(context, out)
    }
}

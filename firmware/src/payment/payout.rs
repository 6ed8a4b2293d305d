//! Money goes out: change and refunds, batch by batch, from the hopper that the plan names.
use std::time::Duration;

use hal_cctalk::{CashError, Dispensed, HopperBaseline};
use hal_device::MoneyError;

use super::state::*;
use super::step::Actions;
use crate::ledger::{BookingState, Entry, OpenDispense, Purpose};

/// Coins in one command: bounds what an unknown outcome can be about, and the inrush current.
const BATCH: u32 = 20;

/// Between two questions to a hopper that does not answer.
const ASK_AGAIN: Duration = Duration::from_secs(2);

impl Payment {
    /// What these coins are.
    pub fn purpose(&self) -> Purpose {
        let refused = matches!(self.account.booking, BookingState::Refused(_));
        if self.account.cancelled.is_some() || refused { Purpose::Refund } else { Purpose::Change }
    }

    /// Pays the next batch of what is owed; when nothing more can be paid, settles the rest.
    pub(super) fn pay_out(&mut self, context: &Context<'_>, out: &mut Actions) -> Result<(), MoneyError> {
        let left = self.unclaimed()?;
        if !self.account.citizen_gone && left.is_positive() {
            let reach = context.machine.reach(&self.excluded, left);
            let plan = reach.plan(reach.largest(left)).unwrap_or_default();
            let first = plan.first().and_then(|(hopper, coins)| {
                let supply = context.machine.supplies.iter().find(|supply| supply.hopper == *hopper)?;
                Some((*hopper, supply.coin, u8::try_from((*coins).min(BATCH)).ok()?))
            });
            if let Some((hopper, coin, coins)) = first {
                self.state = State::Paying(Paying::Baseline { hopper, coin, coins });
                out.push(Action::Baseline(hopper));
                return Ok(());
            }
        }
        self.settle(context, out)
    }

    pub(super) fn on_baseline(
        &mut self,
        context: &Context<'_>,
        result: Result<HopperBaseline, CashError>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        let State::Paying(Paying::Baseline { hopper, coin, coins }) = self.state else { return Ok(()) };
        let Ok(baseline) = result else {
            self.excluded.insert(hopper);
            return self.pay_out(context, out);
        };
        let purpose = self.purpose();
        self.journal(Entry::DispenseStarted { purpose, hopper, coin, coins, baseline }, out)?;
        out.push(Action::Dispense { hopper, baseline, coins });
        self.state = State::Paying(Paying::Dispensing);
        Ok(())
    }

    pub(super) fn on_dispensed(
        &mut self,
        context: &Context<'_>,
        result: Result<Dispensed, CashError>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        let (Some(open), State::Paying(paying)) = (self.account.dispense, &mut self.state) else {
            return Ok(());
        };
        let since = match paying {
            Paying::Resolving { since, .. } => Some(*since),
            Paying::Baseline { .. } | Paying::Dispensing => None,
        };
        match (result, since) {
            (Ok(Dispensed::Paid { coins, short }), _) => {
                if coins < open.coins {
                    self.excluded.insert(open.hopper);
                }
                let ended = Entry::DispenseEnded { hopper: open.hopper, coin: open.coin, coins, short };
                self.journal(ended, out)?;
                self.pay_out(context, out)
            }
            (Ok(Dispensed::Unknown { at_least, at_most, why }), _) => {
                self.in_question(context, open, at_least, at_most, why, out)
            }
            (Err(CashError::Restarted), None) => {
                let again = Some(context.now);
                self.state = State::Paying(Paying::Resolving { since: context.now, again });
                self.on_paying_tick(context, out)
            }
            // By the driver's word nothing was paid.
            (Err(error), None) => {
                self.excluded.insert(open.hopper);
                let short = Some(error.to_string());
                self.journal(
                    Entry::DispenseEnded { hopper: open.hopper, coin: open.coin, coins: 0, short },
                    out,
                )?;
                self.pay_out(context, out)
            }
            (Err(CashError::Absent(_) | CashError::Restarted), Some(since)) => {
                let again = Some(context.now.saturating_add(ASK_AGAIN));
                self.state = State::Paying(Paying::Resolving { since, again });
                Ok(())
            }
            (Err(error), Some(_)) => self.in_question(context, open, 0, open.coins, error.to_string(), out),
        }
    }

    fn in_question(
        &mut self,
        context: &Context<'_>,
        open: OpenDispense,
        at_least: u8,
        at_most: u8,
        why: String,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        self.excluded.insert(open.hopper);
        let unknown = Entry::DispenseUnknown { hopper: open.hopper, coin: open.coin, at_least, at_most, why };
        self.journal(unknown, out)?;
        self.pay_out(context, out)
    }

    pub(super) fn on_paying_tick(
        &mut self,
        context: &Context<'_>,
        out: &mut Actions,
    ) -> Result<(), MoneyError> {
        let State::Paying(Paying::Resolving { since, again }) = self.state else { return Ok(()) };
        let Some(open) = self.account.dispense else { return self.pay_out(context, out) };
        if context.now.saturating_sub(since) >= context.terms.payout_patience {
            let why = "the hopper did not answer in time".to_owned();
            return self.in_question(context, open, 0, open.coins, why, out);
        }
        if again.is_some_and(|again| context.now >= again) {
            self.state = State::Paying(Paying::Resolving { since, again: None });
            out.push(Action::Resolve { hopper: open.hopper, baseline: open.baseline, coins: open.coins });
        }
        Ok(())
    }
}

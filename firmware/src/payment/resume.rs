//! A payment is picked up after a restart, from what the ledger shows.
use std::collections::BTreeSet;

use hal_cctalk::Acceptance;
use hal_device::MoneyError;

use super::state::*;
use super::step::Actions;
use crate::ledger::{Account, BookingState, CancelReason, Entry};

impl Payment {
    /// Goes on with an open account. Once the citizen may be gone, what is owed becomes a claim, however soon the
    /// next restart comes: that is written down.
    ///
    /// A payment that was still collecting is given back, unless enough is already inside: the citizen has seen
    /// the screen go dark, and a sum that nobody watches must not wait for the next one.
    pub fn resume(
        account: Account,
        citizen_gone: bool,
        context: &Context<'_>,
    ) -> Result<(Payment, Actions), MoneyError> {
        let mut payment = Payment {
            account,
            state: State::Finished,
            requested: Acceptance::default(),
            excluded: BTreeSet::new(),
            interrupted: true,
            given_up: Vec::new(),
            expires: None,
            shown: Shown::default(),
        };
        let mut out = Actions::new();
        if payment.account.completed.is_some() {
            return Ok((payment, out));
        }
        if citizen_gone && !payment.account.citizen_gone {
            payment.journal(Entry::CitizenGone, &mut out)?;
        }
        if payment.account.dispense.is_some() {
            let again = Some(context.now);
            payment.state = State::Paying(Paying::Resolving { since: context.now, again });
            out.extend(payment.step(context, Event::Tick)?);
            return Ok((payment, out));
        }
        match payment.account.booking {
            BookingState::Due => {
                out.push(Action::Book);
                payment.state = State::Booking { since: context.now };
            }
            BookingState::Booked(_) | BookingState::Refused(_) => payment.pay_out(context, &mut out)?,
            BookingState::NotDue => {
                let enough = !payment.account.missing().is_positive() && payment.account.escrow.is_none();
                if payment.account.cancelled.is_none() && !enough {
                    let why = CancelReason::Interrupted;
                    payment.journal(Entry::CancelDecided { why }, &mut out)?;
                }
                payment.close(context, &mut out);
            }
        }
        Ok((payment, out))
    }
}

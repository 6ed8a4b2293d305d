//! Polls of the acceptors, and what follows from them: routes, inhibits that are read back, faults that pass
//! (ccTalk generic specification part 3, headers 154, 159; part 2, headers 227 to 231).
//!
//! An acceptor is polled every 200 ms whatever else goes on, for its own watchdog inhibits it otherwise.
use std::time::Duration;

use crate::acceptor::{Acceptor, CURE, POLL, RECHECK, Setting};
use crate::api::Device;
use crate::bus::Lost;
use crate::command::{Command, Reply, RouteCode};
use crate::escrow::{EscrowOrder, RouteAnswer};
use crate::outcome::{Clears, Fault, Moment};
use crate::task::{CashTask, Context};

/// A device that stays inhibited through this many repeats of the order is out of service.
const REPEATS: u8 = 3;

impl CashTask {
    /// Asks an acceptor; the polls of all that are due go first.
    pub(crate) async fn ask(
        &mut self,
        index: usize,
        command: Command,
        context: &Context<'_>,
    ) -> Result<Reply, Lost> {
        self.poll_due(context).await;
        let Some(place) = self.acceptors.get(index).map(|a| a.place) else { return Err(Lost::Silent) };
        self.bus.ask(place, &command, context.beat).await
    }

    /// Waits while polling goes on.
    pub(crate) async fn pause(&mut self, length: Duration, context: &Context<'_>) {
        let end = self.now() + length;
        loop {
            (context.beat)();
            self.poll_due(context).await;
            let left = end.saturating_sub(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(Duration::from_millis(50))).await;
        }
    }

    /// Polls each acceptor whose time has come.
    pub(crate) async fn poll_due(&mut self, context: &Context<'_>) {
        for index in 0..self.acceptors.len() {
            let now = self.now();
            let Some(acceptor) = self.acceptors.get_mut(index) else { continue };
            if !acceptor.running() || now < acceptor.next_poll {
                continue;
            }
            acceptor.next_poll = now + POLL;
            let place = acceptor.place;
            let command = events_command(acceptor);
            let reply = self.bus.ask(place, &command, context.beat).await;
            let moment = Moment { now: self.now(), at_start: false };
            let Some(acceptor) = self.acceptors.get_mut(index) else { continue };
            match reply {
                Ok(Reply::Events { counter, pairs }) => {
                    acceptor.digest(moment, counter, &pairs, &mut self.outbox);
                    self.serve_escrow(index, context).await;
                }
                // Three replies in a row were lost: what it says next is trusted only after a look at its inhibits.
                _ => acceptor.lose(moment.now),
            }
            self.hand_over(context);
            self.publish();
        }
    }

    /// Does what the note in escrow needs, right after a poll that was answered.
    async fn serve_escrow(&mut self, index: usize, context: &Context<'_>) {
        let now = self.now();
        let Some(acceptor) = self.acceptors.get_mut(index) else { return };
        let (true, Some(mark)) = (acceptor.running(), acceptor.mark) else { return };
        let place = acceptor.place;
        let Some(escrow) = &mut acceptor.notes.escrow else { return };
        let code = match escrow.due(now, mark.counter) {
            EscrowOrder::Nothing => return,
            EscrowOrder::GiveUp(why) => {
                self.outbox.extend(acceptor.notes.give_up(why));
                acceptor.halt();
                // A jam that is known already says more, and passes when it is cleared.
                if acceptor.fault.is_none() {
                    acceptor.raise(Fault::new("note-unknown", why, Clears::Setup), now);
                }
                return;
            }
            EscrowOrder::Send(code) => code,
        };
        escrow.sending(now);
        let reply = self.bus.ask(place, &Command::RouteBill(code), context.beat).await;
        tracing::info!(?code, ?reply, "route");
        let answer = match reply {
            Ok(Reply::Ack) => RouteAnswer::Taken,
            Ok(Reply::EscrowEmpty) => RouteAnswer::Empty,
            Ok(Reply::RouteFailed) => RouteAnswer::Failed,
            _ => RouteAnswer::Lost,
        };
        let now = self.now();
        let acceptor = self.acceptors.get_mut(index);
        if let Some(escrow) = acceptor.and_then(|acceptor| acceptor.notes.escrow.as_mut()) {
            // What an extension is answered says nothing that events do not say better.
            if code != RouteCode::Extend {
                escrow.answer(now, answer);
            }
        }
    }

    /// Sets up, inhibits, reads back or cures one acceptor, as is due.
    pub(crate) async fn attend(&mut self, index: usize, context: &Context<'_>) {
        let now = self.now();
        let Some(acceptor) = self.acceptors.get_mut(index) else { return };
        if acceptor.phase.due(now) {
            return self.set_up(index, context).await;
        }
        if !acceptor.running() {
            return;
        }
        if acceptor.stop {
            self.inhibit(index, context).await;
        } else if acceptor.recheck || now >= acceptor.next_recheck {
            self.recheck(index, context).await;
        } else if acceptor.fault.is_some() && now >= acceptor.next_cure {
            self.cure(index, context).await;
        }
    }

    /// Inhibits at once; an acceptor that cannot be inhibited is away.
    async fn inhibit(&mut self, index: usize, context: &Context<'_>) {
        for _ in 0..REPEATS {
            match self.write(index, Setting::default(), context).await {
                Ok(true) => {
                    if let Some(acceptor) = self.acceptors.get_mut(index) {
                        acceptor.stop = false;
                    }
                    return;
                }
                Ok(false) => {}
                Err(_) => break,
            }
        }
        let now = self.now();
        if let Some(acceptor) = self.acceptors.get_mut(index) {
            tracing::error!(device = ?acceptor.device, "cannot be inhibited");
            acceptor.lose(now);
        }
    }

    /// Reads the inhibits back. A device that lost its mask was reset; one that only switched itself off is
    /// switched on again.
    async fn recheck(&mut self, index: usize, context: &Context<'_>) {
        let now = self.now();
        let Some(acceptor) = self.acceptors.get_mut(index) else { return };
        acceptor.recheck = false;
        acceptor.next_recheck = now + RECHECK;
        let Some(written) = acceptor.written else { return };
        let mut found = match self.read_setting(index, context).await {
            Ok(found) => found,
            Err(_) => return self.lose(index),
        };
        for _ in 0..REPEATS {
            let now = self.now();
            let Some(acceptor) = self.acceptors.get_mut(index) else { return };
            // What was found belongs to a setting that a poll has overtaken.
            if acceptor.written != Some(written) || !acceptor.running() || acceptor.stop {
                return;
            }
            let master_same = found.master == written.master || !acceptor.has_master;
            if found.mask != written.mask || (found.master && !master_same) {
                acceptor.was_reset(now, &mut self.outbox);
                return;
            }
            let barred = acceptor.fault.as_ref().is_some_and(|fault| fault.clears == Clears::Event);
            if master_same || barred {
                acceptor.read_back(written);
                if !master_same {
                    acceptor.accepting.clear();
                }
                return;
            }
            found = match self.switch_on(index, context).await {
                Ok(found) => found,
                Err(_) => return self.lose(index),
            };
        }
        let now = self.now();
        if let Some(acceptor) = self.acceptors.get_mut(index) {
            if found == written {
                acceptor.read_back(written);
            } else {
                acceptor.halt();
                acceptor.raise(does_not_obey("it switched itself off and stays off"), now);
            }
        }
    }

    async fn switch_on(&mut self, index: usize, context: &Context<'_>) -> Result<Setting, Lost> {
        self.ask(index, Command::ModifyMaster(true), context).await?;
        self.read_setting(index, context).await
    }

    /// Looks whether a fault has passed.
    async fn cure(&mut self, index: usize, context: &Context<'_>) {
        let now = self.now();
        let Some(acceptor) = self.acceptors.get_mut(index) else { return };
        acceptor.next_cure = now + CURE;
        let Some(fault) = acceptor.fault.clone() else { return };
        let passed = match fault.clears {
            Clears::Event | Clears::Setup => return,
            Clears::SelfCheck => {
                matches!(self.ask(index, Command::SelfCheck, context).await, Ok(Reply::Fault(0)))
            }
            Clears::Lever => {
                matches!(self.ask(index, Command::RequestStatus, context).await, Ok(Reply::Byte(0)))
            }
            Clears::Obeying => {
                // With an empty mask nothing can come in while it is tried.
                let on = Setting { mask: 0, master: true };
                let obeys = matches!(self.write(index, on, context).await, Ok(true));
                let off = matches!(self.write(index, Setting::default(), context).await, Ok(true));
                obeys && off
            }
        };
        if let Some(acceptor) = self.acceptors.get_mut(index)
            && passed
            && acceptor.fault.as_ref() == Some(&fault)
        {
            tracing::info!(device = ?acceptor.device, id = %fault.reason.id, "fault has passed");
            acceptor.fault = None;
        }
    }

    pub(crate) fn lose(&mut self, index: usize) {
        let now = self.now();
        if let Some(acceptor) = self.acceptors.get_mut(index) {
            acceptor.lose(now);
        }
    }
}

/// The poll of this kind of acceptor.
pub(crate) fn events_command(acceptor: &Acceptor) -> Command {
    match acceptor.device {
        Device::Validator => Command::BillEvents,
        _ => Command::CoinEvents,
    }
}

/// The fault of a device that acknowledges and does nothing.
pub(crate) fn does_not_obey(detail: &str) -> Fault {
    Fault::new("does-not-obey", detail, Clears::Obeying)
}

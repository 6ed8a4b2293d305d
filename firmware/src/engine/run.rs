//! The loop: one event at a time, into session and payment, and out as actions and a view.
use std::collections::VecDeque;
use std::time::Duration;

use hal_cctalk::{CashEvent, Route};
use hal_smartcard::reader::CardEvent;
use tokio::time::Instant;
use ui::{Intent, Page};

use super::citizen::Citizen;
use super::commands::{Answer, Commands};
use super::notices::{self, Notices};
use super::situation::Situation;
use super::{Engine, EngineError, recovery};
use crate::ledger::{Entry, Stock};
use crate::padron;
use crate::payment::{Action, Context, Event, Payment, State};
use crate::recorder::Trace;
use crate::sede::OperationId;
use crate::session::{self, Facts, Session};
use crate::supervisor::Beat;

/// Time passes at least so often.
const TICK: Duration = Duration::from_millis(250);

/// What the loop works on; made anew at each start.
struct Running {
    start: Instant,
    session: Session,
    payment: Option<Payment>,
    commands: Commands,
    citizen: Citizen,
    notices: Notices,
    ending: bool,
}

/// One thing that happened.
enum Happening {
    Intent(Intent),
    Scan(String),
    Cash(CashEvent),
    Card(CardEvent),
    Answer(Answer),
    End,
    Tick,
}

impl Running {
    /// Nothing is under way that an orderly end waits for.
    fn is_idle(&self) -> bool {
        self.payment.as_ref().is_none_or(|of| of.state == State::Finished) && !self.session.prints()
    }
}

impl Engine {
    /// Runs until the ledger fails or it is asked to end: then it takes no more money, and ends when no operation is
    /// open. `first_load` is counted into an empty ledger.
    pub async fn run(&mut self, first_load: &[(u8, Stock)], beat: &Beat) -> Result<(), EngineError> {
        recovery::write_start(&self.services, first_load).await?;
        let commands = Commands::new();
        let mut running = Running {
            start: Instant::now(),
            session: Session::default(),
            payment: None,
            citizen: Citizen::new(commands.sender()),
            commands,
            notices: Notices::default(),
            ending: false,
        };
        self.recover(&mut running, beat).await?;
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.beat();
            if running.ending && running.is_idle() {
                self.views.send_modify(|shown| shown.page = Page::OutOfService);
                return Ok(());
            }
            self.show(&running);
            let happening = tokio::select! {
                biased;
                Some(answer) = running.commands.answers.recv() => Happening::Answer(answer),
                event = self.inbox.cash.recv() => Happening::Cash(event.ok_or(EngineError::Closed("cash"))?),
                intent = self.inbox.intents.recv() => {
                    Happening::Intent(intent.ok_or(EngineError::Closed("intents"))?)
                }
                event = self.inbox.cards.recv() => Happening::Card(event.ok_or(EngineError::Closed("cards"))?),
                scan = self.inbox.scans.recv() => Happening::Scan(scan.ok_or(EngineError::Closed("scans"))?),
                // Without whoever could ask there is nothing to wait for.
                Ok(_) = self.inbox.end.wait_for(|end| *end), if !running.ending => Happening::End,
                _ = tick.tick() => Happening::Tick,
            };
            self.happen(&mut running, happening).await?;
        }
    }

    async fn recover(&mut self, running: &mut Running, beat: &Beat) -> Result<(), EngineError> {
        let Some(account) = recovery::open_account(&self.services) else { return Ok(()) };
        running.session.language = account.language;
        running.session.screen = session::Screen::Paying;
        self.show(running);
        let citizen_gone = recovery::citizen_gone(&self.services, &self.rules, beat).await;
        tracing::warn!(operation = account.operation.0, citizen_gone, "an operation is open: picking it up");
        let situation = Situation::take(&self.services, &self.rules);
        let (payment, actions) = {
            let context = self.context(running, &situation);
            Payment::resume(account, citizen_gone, &context)?
        };
        running.payment = Some(payment);
        self.perform(running, actions).await
    }

    fn context<'a>(&self, running: &Running, situation: &'a Situation) -> Context<'a> {
        let (time, clock_sure) = self.services.clock.now();
        Context {
            now: running.start.elapsed(),
            time,
            clock_sure,
            machine: &situation.machine,
            terms: &situation.terms,
        }
    }

    fn facts<'a>(&'a self, running: &'a Running, situation: &'a Situation) -> Facts<'a> {
        Facts {
            now: running.start.elapsed(),
            services: &situation.services,
            reader: situation.reader,
            machine: &situation.machine,
            terms: &situation.terms,
            cash_max_per_debt: situation.cash_max_per_debt,
            being_settled: &situation.being_settled,
            payment: running.payment.as_ref(),
            dispensing: situation.dispensing,
            card: running.citizen.card,
            page_printer: situation.page_printer,
            card_reader: situation.card_reader,
            feeder: situation.feeder,
            flatbed: situation.flatbed,
            petition_limits: situation.petition_limits,
            without_card: situation.appointment_rules.without_card,
            today: situation.today,
            patience: &self.rules.patience,
        }
    }

    fn show(&self, running: &Running) {
        let situation = Situation::take(&self.services, &self.rules);
        let view = running.session.view(&self.facts(running, &situation));
        self.views.send_if_modified(|shown| {
            let new = *shown != view;
            if new {
                self.services.recorder.trace(Trace::page(&view));
                *shown = view;
            }
            new
        });
    }

    async fn happen(&mut self, running: &mut Running, happening: Happening) -> Result<(), EngineError> {
        match happening {
            Happening::Intent(intent) => {
                self.services.recorder.trace(Trace::intent(intent));
                self.step_session(running, session::Event::Intent(intent)).await?;
            }
            Happening::Scan(text) => {
                self.services.recorder.trace(Trace::Scan { characters: text.len() });
                self.step_session(running, session::Event::Scan(text)).await?;
            }
            Happening::Cash(event) => {
                self.services.recorder.trace(Trace::cash(&event));
                notices::anomaly(&self.services, &event).await?;
                let running_payment = running.payment.as_ref().is_some_and(|of| of.state != State::Finished);
                if running_payment {
                    self.step_payment(running, Event::Cash(event)).await?;
                } else {
                    self.unattributed(event).await?;
                }
            }
            Happening::Card(event) => {
                self.services.recorder.trace(Trace::card(&event));
                running.citizen.card(event);
            }
            Happening::Answer(answer) if !running.commands.current(&answer) => {}
            Happening::Answer(Answer::Payment(event)) => self.step_payment(running, event).await?,
            Happening::Answer(Answer::Accepted(_, result)) => {
                running.notices.accepted(&self.services, &result).await?;
                self.step_payment(running, Event::Accepted(result)).await?;
            }
            Happening::Answer(Answer::Debt(_, answer)) => {
                self.step_session(running, session::Event::Debt(answer)).await?;
            }
            Happening::Answer(Answer::Citizen(news)) => {
                if let Some(event) = running.citizen.heard(news) {
                    self.step_session(running, event).await?;
                }
            }
            Happening::End => {
                running.ending = true;
                self.step_payment(running, Event::End).await?;
            }
            Happening::Tick => self.notices(running).await?,
        }
        self.step_payment(running, Event::Tick).await?;
        self.step_session(running, session::Event::Tick).await?;
        if running.session.screen != session::Screen::Paying
            && running.payment.as_ref().is_some_and(|payment| payment.state == State::Finished)
        {
            running.payment = None;
        }
        Ok(())
    }

    async fn notices(&self, running: &mut Running) -> Result<(), EngineError> {
        Ok(running.notices.look(&self.services).await?)
    }

    async fn step_session(
        &mut self,
        running: &mut Running,
        event: session::Event,
    ) -> Result<(), EngineError> {
        let situation = Situation::take(&self.services, &self.rules);
        let mut session = std::mem::take(&mut running.session);
        let actions = session.step(&self.facts(running, &situation), event);
        running.session = session;
        for action in actions {
            match action {
                session::Action::AskDebt(digits) => running.commands.ask_debt(&self.services.sede, digits),
                session::Action::OpenPayment(offer) => self.open_payment(running, &situation, *offer).await?,
                session::Action::Touched => self.step_payment(running, Event::Touched).await?,
                session::Action::CancelPayment => self.step_payment(running, Event::Cancel).await?,
                session::Action::Padron(padron::Action::Report { certificate, outcome }) => {
                    notices::post(&self.services, outcome.kind(), certificate).await?;
                }
                session::Action::Identify(action) => {
                    running.citizen.identify(&self.services, &self.rules, action);
                }
                session::Action::Padron(action) => {
                    running.citizen.padron(&self.services, &self.rules, action);
                }
                session::Action::Petition(action) => {
                    let language = running.session.language;
                    running.citizen.petition(&self.services, &self.rules, language, action);
                }
                session::Action::Appointment(action) => {
                    let language = running.session.language;
                    running.citizen.appointment(&self.services, &self.rules, language, action);
                }
                session::Action::Wipe => {
                    running.citizen.forget(self.services.sede.clone());
                    self.services.recorder.trace(Trace::SessionEnded);
                }
            }
        }
        Ok(())
    }

    async fn open_payment(
        &mut self,
        running: &mut Running,
        situation: &Situation,
        offer: session::Offer,
    ) -> Result<(), EngineError> {
        let number = self.services.ledger.with(|books| books.operations) + 1;
        let operation = OperationId(format!("{}-{number:06}", self.rules.letterhead.kiosk));
        let (payment, actions) = Payment::open(
            operation,
            (&offer.quote).into(),
            running.session.language,
            Some(offer.expires),
            &self.context(running, situation),
        )?;
        running.payment = Some(payment);
        self.perform(running, actions).await
    }

    async fn step_payment(&mut self, running: &mut Running, event: Event) -> Result<(), EngineError> {
        let Some(mut payment) = running.payment.take() else { return Ok(()) };
        let situation = Situation::take(&self.services, &self.rules);
        let actions = payment.step(&self.context(running, &situation), event);
        running.payment = Some(payment);
        self.perform(running, actions?).await
    }

    /// Carries actions out in their order: an entry is on the disk before what follows it is begun.
    async fn perform(&mut self, running: &mut Running, actions: Vec<Action>) -> Result<(), EngineError> {
        let Some(payment) = &running.payment else { return Ok(()) };
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            if let Action::Journal(entry) = action {
                self.services.write(Some(payment.account.operation.clone()), entry).await?;
            } else {
                running.commands.begin(&self.services, &self.rules, &payment.account, action);
            }
        }
        Ok(())
    }

    /// Money that belongs to no operation is written down and reported; it is never the next citizen's.
    async fn unattributed(&mut self, event: CashEvent) -> Result<(), EngineError> {
        let entry = match event {
            CashEvent::NoteEscrowed { .. } => {
                if let Some(cash) = &self.services.cash
                    && let Err(error) = cash.route(Route::Return).await
                {
                    tracing::warn!(%error, "a note without an operation cannot be returned");
                }
                return Ok(());
            }
            CashEvent::NoteStacked { value, mark } => Entry::NoteStacked { value, mark },
            CashEvent::NoteUnknown { value, why } => Entry::NoteUnknown { value, why },
            CashEvent::EventsLost { device, count } => Entry::EventsLost { device, count },
            CashEvent::CoinAccepted { value, path, mark } => {
                let to = Situation::take(&self.services, &self.rules).machine.place_of(path);
                Entry::CoinAccepted { value, to, mark }
            }
            CashEvent::NoteReturned { .. }
            | CashEvent::DeviceReset { .. }
            | CashEvent::Rejected { .. }
            | CashEvent::Anomaly { .. } => return Ok(()),
        };
        notices::post(&self.services, "money-without-operation", format!("{entry:?}")).await?;
        Ok(self.services.write(None, entry).await?)
    }
}

//! Carries out what a payment asks for; answers come back as events.
use std::time::Duration;

use hal_cctalk::{CashBus, CashError, Device};
use hal_escpos::PrintError;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::citizen::News;
use super::{Rules, Services};
use crate::ledger::Account;
use crate::papers;
use crate::payment::{Action, Event};
use crate::sede::{DebtAnswer, PaymentAnswer, PaymentOrder, Sede};

/// Between two attempts to book while the citizen waits.
const BOOK_AGAIN: Duration = Duration::from_secs(2);

/// Attempts to book while the citizen waits; the outbox goes on for days.
const BOOK_ATTEMPTS: u32 = 3;

/// An answer, with the number of its question where an older answer must not pass for a newer one.
#[derive(Debug)]
pub(super) enum Answer {
    Payment(Event),
    Accepted(u64, Result<(), CashError>),
    Debt(u64, Option<DebtAnswer>),
    /// It numbers its own.
    Citizen(News),
}

/// Commands under way. Dropping it ends them all; what they moved is then resolved from the ledger.
pub(super) struct Commands {
    tasks: JoinSet<()>,
    sender: mpsc::UnboundedSender<Answer>,
    pub answers: mpsc::UnboundedReceiver<Answer>,
    accepts: u64,
    debts: u64,
}

impl Commands {
    pub fn new() -> Commands {
        let (sender, answers) = mpsc::unbounded_channel();
        Commands { tasks: JoinSet::new(), sender, answers, accepts: 0, debts: 0 }
    }

    /// The way back for those who carry out something else.
    pub fn sender(&self) -> mpsc::UnboundedSender<Answer> {
        self.sender.clone()
    }

    fn spawn(&mut self, work: impl Future<Output = Answer> + Send + 'static) {
        let sender = self.sender.clone();
        while self.tasks.try_join_next().is_some() {}
        self.tasks.spawn(async move {
            // The engine that would hear it may be gone; then nobody needs the answer.
            let _ = sender.send(work.await);
        });
    }

    /// True for the answer to the last question only.
    pub fn current(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Payment(_) | Answer::Citizen(_) => true,
            Answer::Accepted(number, _) => *number == self.accepts,
            Answer::Debt(number, _) => *number == self.debts,
        }
    }

    pub fn ask_debt(&mut self, sede: &Sede, digits: String) {
        self.debts += 1;
        let (number, sede) = (self.debts, sede.clone());
        self.spawn(async move {
            let answer = sede.debt(&digits).await;
            Answer::Debt(number, answer.inspect_err(|error| tracing::warn!(%error, "debt look-up")).ok())
        });
    }

    /// Begins one action; entries for the ledger are not among them.
    pub fn begin(&mut self, services: &Services, rules: &Rules, account: &Account, action: Action) {
        let cash = services.cash.clone();
        match action {
            Action::Journal(_) => {}
            Action::Accept(what) => {
                self.accepts += 1;
                let number = self.accepts;
                self.spawn(async move {
                    let result = match cash {
                        Some(cash) => cash.accept(what).await,
                        None => Err(CashError::Absent(Device::Validator)),
                    };
                    Answer::Accepted(number, result)
                });
            }
            Action::Route(route) => {
                self.with_bus(cash, Device::Validator, Event::Routed, async move |cash| {
                    cash.route(route).await
                });
            }
            Action::Baseline(hopper) => {
                self.with_bus(cash, Device::Hopper(hopper), Event::Baseline, async move |cash| {
                    cash.baseline(hopper).await
                });
            }
            Action::Dispense { hopper, baseline, coins } => {
                self.with_bus(cash, Device::Hopper(hopper), Event::Dispensed, async move |cash| {
                    cash.dispense(hopper, baseline, coins).await
                });
            }
            Action::Resolve { hopper, baseline, coins } => {
                self.with_bus(cash, Device::Hopper(hopper), Event::Dispensed, async move |cash| {
                    cash.resolve(hopper, baseline, coins).await
                });
            }
            Action::Book => {
                let order = order(account);
                let sede = services.sede.clone();
                self.spawn(async move {
                    let answer = match order {
                        Some(order) => book(&sede, &order).await,
                        None => None,
                    };
                    Answer::Payment(Event::Booked(answer))
                });
            }
            Action::Print { paper, copy } => {
                let document = papers::build(paper, copy, account, &rules.letterhead, services.clock.now());
                let printer = services.printer.clone();
                self.spawn(async move {
                    let result = match printer {
                        Some(printer) => printer.print(document).await,
                        None => Err(PrintError::NotReady("no printer is fitted".to_owned())),
                    };
                    Answer::Payment(Event::Printed(result))
                });
            }
        }
    }

    fn with_bus<T: Send + 'static, F>(
        &mut self,
        cash: Option<CashBus>,
        device: Device,
        event: fn(Result<T, CashError>) -> Event,
        work: impl FnOnce(CashBus) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<T, CashError>> + Send,
    {
        self.spawn(async move {
            Answer::Payment(event(match cash {
                Some(cash) => work(cash).await,
                None => Err(CashError::Absent(device)),
            }))
        });
    }
}

/// The order of an account whose money is complete; always the same for the same account.
pub(super) fn order(account: &Account) -> Option<PaymentOrder> {
    let closed = account.closed?;
    Some(PaymentOrder {
        operation: account.operation.clone(),
        quote: account.debt.quote.clone(),
        debt: account.debt.debt.clone(),
        amount: account.debt.amount,
        means: "cash".to_owned(),
        inserted: closed.inserted,
        taken_at: closed.taken_at,
        clock_sure: closed.clock_sure,
    })
}

async fn book(sede: &Sede, order: &PaymentOrder) -> Option<PaymentAnswer> {
    for attempt in 0..BOOK_ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(BOOK_AGAIN).await;
        }
        match sede.pay(order).await {
            Ok(answer) => return Some(answer),
            Err(error) => tracing::warn!(%error, operation = order.operation.0, "booking"),
        }
    }
    None
}

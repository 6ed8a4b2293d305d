//! Money through any order of events, and through a crash at every step.
//!
//! A model of the machine answers the actions, well or badly; what is really in it is counted apart. Whatever
//! happens, the ledger's sums agree with what was counted.
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use hal_cctalk::{Acceptance, CashError, CashEvent, Device, Dispensed, EventMark, HopperBaseline, Route};
use hal_device::Cents;
use hal_escpos::PrintError;
use jiff::Timestamp;
use proptest::prelude::*;
use ui::Language;

use super::*;
use crate::ledger::{Account, BookingState, Debt, Entry, Outcome, Paper};
use crate::sede::{Booking, OperationId, PaymentAnswer};

/// What goes wrong; each at the n-th chance.
#[derive(Clone, Debug, Default)]
struct Faults {
    crash_before: Option<usize>,
    /// So many actions after the first restart.
    crash_again: Option<usize>,
    /// The first restart took long, a second one does not.
    citizen_gone: bool,
    route_fate: u8,
    hopper_short: Option<u8>,
    hopper_unknown: bool,
    hopper_restarted: bool,
    baseline_absent: bool,
    sede: u8,
    printer: u8,
    cancel_at: Option<usize>,
    late_coin: bool,
}

/// The physical truth beside the ledger.
struct World {
    faults: Faults,
    ledger: Vec<Entry>,
    machine: Machine,
    terms: Terms,
    now: Duration,
    counter: u8,
    inside: i64,
    out: i64,
    lost: i64,
    booked: bool,
    performed: usize,
    papers: Vec<(Paper, bool)>,
    queue: VecDeque<Event>,
    accepted: Acceptance,
    escrow: Option<Cents>,
    dispenses: usize,
    unresolved: Option<Dispensed>,
}

fn debt(amount: i64) -> Debt {
    Debt {
        quote: "Q1".into(),
        debt: "D1".into(),
        concept: "Impuesto de prueba".into(),
        reference: "000012345665".into(),
        amount: Cents(amount),
        last_day: None,
        collecting_body: "Ayuntamiento de Prueba".into(),
        reduction: None,
    }
}

impl World {
    fn new(faults: Faults, stocks: &[(i64, u32)]) -> World {
        let supplies = stocks
            .iter()
            .zip(0u8..)
            .map(|((coin, count), hopper)| Supply { hopper, coin: Cents(*coin), count: *count })
            .collect();
        let values = |values: &[i64]| values.iter().map(|value| Cents(*value)).collect::<BTreeSet<_>>();
        World {
            faults,
            ledger: Vec::new(),
            machine: Machine {
                notes: values(&[500, 1000, 2000, 5000]),
                coins: values(&[5, 10, 20, 50, 100, 200]),
                supplies,
                printer: true,
                ..Machine::default()
            },
            terms: Terms::default(),
            now: Duration::from_secs(1),
            counter: 0,
            inside: 0,
            out: 0,
            lost: 0,
            booked: false,
            performed: 0,
            papers: Vec::new(),
            queue: VecDeque::new(),
            accepted: Acceptance::default(),
            escrow: None,
            dispenses: 0,
            unresolved: None,
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            time: Timestamp::UNIX_EPOCH,
            clock_sure: true,
            machine: &self.machine,
            terms: &self.terms,
        }
    }

    fn mark(&mut self) -> EventMark {
        self.counter = if self.counter == 255 { 1 } else { self.counter + 1 };
        EventMark { serial: 7, counter: self.counter }
    }

    fn supply(&mut self, hopper: u8) -> &mut Supply {
        self.machine.supplies.iter_mut().find(|supply| supply.hopper == hopper).unwrap()
    }

    /// Performs one action; false when the process dies before it.
    fn perform(&mut self, account: &Account, action: Action) -> bool {
        self.performed += 1;
        if self.faults.crash_before == Some(self.performed) {
            return false;
        }
        match action {
            Action::Journal(entry) => self.ledger.push(entry),
            Action::Accept(what) => {
                self.machine.accepting = what.notes.iter().chain(&what.coins).copied().collect();
                self.accepted = what;
                self.queue.push_back(Event::Accepted(Ok(())));
            }
            Action::Route(route) => self.route(route),
            Action::Baseline(hopper) => {
                self.unresolved = None;
                let baseline = HopperBaseline { serial: u32::from(hopper), counter: 1, dispensed: 0 };
                let absent = self.faults.baseline_absent && self.dispenses == 0;
                let result =
                    if absent { Err(CashError::Absent(Device::Hopper(hopper))) } else { Ok(baseline) };
                self.faults.baseline_absent = false;
                self.queue.push_back(Event::Baseline(result));
            }
            Action::Dispense { hopper, coins, .. } => self.dispense(hopper, coins),
            Action::Resolve { .. } => {
                let answer = self.unresolved.clone().unwrap_or(Dispensed::Paid { coins: 0, short: None });
                self.queue.push_back(Event::Dispensed(Ok(answer)));
            }
            Action::Book => self.book(account),
            Action::Print { paper, copy } => {
                let result = match self.faults.printer {
                    1 => Err(PrintError::NotReady("paper".into())),
                    2 => Err(PrintError::Torn("paper".into())),
                    _ => Ok(()),
                };
                self.faults.printer = if self.faults.printer == 2 { 0 } else { self.faults.printer };
                if result.is_ok() {
                    self.papers.push((paper, copy));
                }
                self.queue.push_back(Event::Printed(result));
            }
        }
        true
    }

    fn route(&mut self, route: Route) {
        let Some(value) = self.escrow.take() else { return };
        let mark = self.mark();
        self.queue.push_back(Event::Routed(Ok(())));
        let event = match (route, self.faults.route_fate) {
            (Route::Stack, 1) => {
                // Reset with the note inside; nobody will know.
                self.lost += value.0;
                CashEvent::NoteUnknown { value, why: "reset".into() }
            }
            (Route::Stack, 2) => CashEvent::NoteReturned { value, mark },
            (Route::Stack, _) => {
                self.inside += value.0;
                CashEvent::NoteStacked { value, mark }
            }
            (Route::Return, _) => CashEvent::NoteReturned { value, mark },
        };
        self.faults.route_fate = 0;
        self.queue.push_back(Event::Cash(event));
    }

    fn dispense(&mut self, hopper: u8, coins: u8) {
        self.dispenses += 1;
        let short = self.faults.hopper_short.take().unwrap_or(coins).min(coins);
        let supply = self.supply(hopper);
        let paid = u8::try_from(u32::from(short).min(supply.count)).unwrap();
        supply.count -= u32::from(paid);
        let value = supply.coin.0 * i64::from(paid);
        self.out += value;
        let why = (paid < coins).then(|| "empty".to_owned());
        let outcome = Dispensed::Paid { coins: paid, short: why };
        if std::mem::take(&mut self.faults.hopper_unknown) {
            let unknown = Dispensed::Unknown { at_least: 0, at_most: coins, why: "no answer".into() };
            self.unresolved = Some(unknown.clone());
            self.queue.push_back(Event::Dispensed(Ok(unknown)));
        } else if std::mem::take(&mut self.faults.hopper_restarted) {
            self.unresolved = Some(outcome);
            self.queue.push_back(Event::Dispensed(Err(CashError::Restarted)));
        } else {
            self.unresolved = Some(outcome.clone());
            self.queue.push_back(Event::Dispensed(Ok(outcome)));
        }
    }

    fn book(&mut self, account: &Account) {
        assert!(account.closed.is_some(), "only a complete sum is booked");
        let answer = match self.faults.sede {
            1 => None,
            2 => Some(PaymentAnswer::Refused { code: "already-paid".into(), text: String::new() }),
            _ => {
                self.booked = true;
                Some(PaymentAnswer::Booked(Booking {
                    payment: "P1".into(),
                    csv: "CSV".into(),
                    verification_url: "https://sede.example/csv".into(),
                    booked_at: Timestamp::UNIX_EPOCH,
                }))
            }
        };
        self.queue.push_back(Event::Booked(answer));
    }
}

/// A citizen with these notes and coins, in this order.
#[derive(Clone, Debug)]
struct Citizen {
    amount: i64,
    items: Vec<i64>,
}

/// Runs a payment to its end; returns the world and the account that the ledger shows.
fn run(citizen: &Citizen, faults: Faults, stocks: &[(i64, u32)]) -> (World, Account) {
    let mut world = World::new(faults, stocks);
    let mut items: VecDeque<i64> = citizen.items.iter().copied().collect();
    let (mut payment, actions) = Payment::open(
        OperationId("K00-000001".into()),
        debt(citizen.amount),
        Language::Spanish,
        None,
        &world.context(),
    )
    .unwrap();
    let mut alive = perform(&mut world, &payment, actions);
    for turn in 0..4000 {
        if !alive {
            let Some(resumed) = restart(&mut world) else { break };
            (payment, alive) = resumed;
            continue;
        }
        if payment.state == State::Finished {
            break;
        }
        let event = world.queue.pop_front().unwrap_or_else(|| {
            world.now += Duration::from_millis(250);
            Event::Tick
        });
        let written = world.ledger.len();
        let redelivered = match &event {
            Event::Cash(event) => Some(event.clone()),
            _ => None,
        };
        let actions = payment.step(&world.context(), event).unwrap();
        alive = perform(&mut world, &payment, actions);
        if !alive {
            // What was not written down is told again by the device's counter; all other answers are lost.
            let untold = redelivered.filter(|_| world.ledger.len() == written).map(Event::Cash);
            let told: VecDeque<Event> =
                world.queue.drain(..).filter(|event| matches!(event, Event::Cash(_))).collect();
            world.queue = untold.into_iter().chain(told).collect();
            continue;
        }
        if world.faults.cancel_at == Some(turn) {
            world.queue.push_back(Event::Cancel);
        }
        insert(&mut world, &payment, &mut items);
    }
    let account = account(&world.ledger).expect("opened before anything else");
    assert_eq!(payment.account, account, "what runs and what is written down are the same");
    (world, account)
}

fn perform(world: &mut World, payment: &Payment, actions: Vec<Action>) -> bool {
    actions.into_iter().all(|action| world.perform(&payment.account, action))
}

fn account(ledger: &[Entry]) -> Option<Account> {
    let mut entries = ledger.iter();
    let Some(Entry::PaymentOpened { debt, language }) = entries.next() else { return None };
    let mut account = Account::new(OperationId("K00-000001".into()), debt.clone(), *language);
    for entry in entries {
        account.apply(entry).unwrap();
    }
    Some(account)
}

/// The process starts again and finds the ledger; `None` when nothing was written.
fn restart(world: &mut World) -> Option<(Payment, bool)> {
    world.accepted = Acceptance::default();
    world.faults.crash_before = world.faults.crash_again.take().map(|after| world.performed + after);
    let citizen_gone = std::mem::take(&mut world.faults.citizen_gone);
    let account = account(&world.ledger)?;
    // A note that is still held is given back by the driver.
    world.queue.retain(|event| !matches!(event, Event::Cash(CashEvent::NoteEscrowed { .. })));
    if let Some(value) = world.escrow.take() {
        let mark = world.mark();
        world.queue.push_back(Event::Cash(CashEvent::NoteReturned { value, mark }));
    }
    let (payment, actions) = Payment::resume(account, citizen_gone, &world.context()).unwrap();
    let alive = perform(world, &payment, actions);
    Some((payment, alive))
}

fn insert(world: &mut World, payment: &Payment, items: &mut VecDeque<i64>) {
    if world.faults.late_coin && matches!(payment.state, State::Closing { .. }) {
        world.faults.late_coin = false;
        let mark = world.mark();
        world.inside += 200;
        world.queue.push_back(Event::Cash(CashEvent::CoinAccepted { value: Cents(200), path: 0, mark }));
    }
    if !matches!(payment.state, State::Collecting { .. }) || world.escrow.is_some() || !world.queue.is_empty()
    {
        return;
    }
    let Some(item) = items.pop_front() else { return };
    let value = Cents(item);
    if world.accepted.notes.contains(&value) {
        world.escrow = Some(value);
        let mark = world.mark();
        world.queue.push_back(Event::Cash(CashEvent::NoteEscrowed { value, mark }));
    } else if world.accepted.coins.contains(&value) {
        world.inside += item;
        let mark = world.mark();
        world.queue.push_back(Event::Cash(CashEvent::CoinAccepted { value, path: 0, mark }));
    }
}

/// What must hold at the end, whatever happened.
fn check(world: &World, account: &Account, amount: i64) {
    assert!(account.completed.is_some(), "it came to an end: {:?}", world.ledger);
    assert_eq!(account.inserted.0, world.inside, "every note and coin inside is written down");
    assert!(account.given.0 <= world.out, "no more is written down than went out");
    assert!(world.out <= account.given.0 + account.payout_in_question.0, "nothing went out unnoticed");
    assert!(world.lost <= account.notes_in_question.0, "a lost note is in question");
    let owed = account.owed().unwrap();
    assert!(owed >= Cents::ZERO, "nobody was given more than he put in");
    let claimed: i64 = account.claims.iter().map(|claim| claim.owed.0).sum();
    assert_eq!(owed.0, claimed, "what is owed is on a slip");
    let asked: i64 = account.claims.iter().map(|claim| claim.in_question.0).sum();
    assert_eq!(asked, account.payout_in_question.0 + account.notes_in_question.0);
    match account.completed {
        Some(Outcome::Paid) => assert!(world.booked && account.kept.0 == amount),
        Some(Outcome::PaidToConfirm) => assert_eq!(account.kept.0, amount),
        Some(Outcome::Cancelled) => assert_eq!(account.kept, Cents::ZERO),
        None => unreachable!(),
    }
    let mut since_gone = world.ledger.iter().skip_while(|entry| **entry != Entry::CitizenGone);
    assert!(
        !since_gone.any(|entry| matches!(entry, Entry::DispenseStarted { .. })),
        "no coins for an empty room: {:?}",
        world.ledger
    );
    // One original of each paper at the most.
    for paper in [Paper::Receipt, Paper::Claim] {
        assert!(world.papers.iter().filter(|(of, copy)| *of == paper && !copy).count() <= 1);
    }
}

const STOCKED: [(i64, u32); 4] = [(200, 20), (50, 20), (10, 20), (5, 20)];

fn usual() -> Citizen {
    Citizen { amount: 6540, items: vec![5000, 2000] }
}

#[test]
fn seventy_for_sixty_five_forty_gives_four_sixty_in_change() {
    let (world, account) = run(&usual(), Faults::default(), &STOCKED);
    check(&world, &account, 6540);
    assert_eq!((account.inserted, account.given), (Cents(7000), Cents(460)));
    assert_eq!(account.completed, Some(Outcome::Paid));
    assert_eq!(world.papers, [(Paper::Receipt, false)]);
}

#[test]
fn a_crash_before_every_single_action_loses_no_money() {
    let (whole, _) = run(&usual(), Faults::default(), &STOCKED);
    let mut cases = 0;
    for at in 1..=whole.performed {
        let once = [(true, None), (false, None)];
        for (citizen_gone, crash_again) in once.into_iter().chain((1..40).map(|after| (true, Some(after)))) {
            let faults = Faults { crash_before: Some(at), crash_again, citizen_gone, ..Faults::default() };
            let (world, account) = match std::panic::catch_unwind(|| run(&usual(), faults, &STOCKED)) {
                Ok(result) => result,
                // Before the first entry there is nothing to recover.
                Err(_) if at == 1 => continue,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            check(&world, &account, 6540);
            cases += 1;
        }
    }
    println!("a crash before an action, and a second one: {cases} cases");
}

#[test]
fn an_empty_hopper_half_way_is_made_up_for_by_the_others_or_a_claim() {
    let faults = Faults { hopper_short: Some(1), ..Faults::default() };
    let (world, account) = run(&usual(), faults, &STOCKED);
    check(&world, &account, 6540);
    assert_eq!(account.given, Cents(460));
    // Enough when the note was taken, but the hopper jams at the first coin and the small ones do not reach.
    let faults = Faults { hopper_short: Some(1), ..Faults::default() };
    let (world, account) = run(&usual(), faults, &[(200, 5), (50, 2), (10, 20), (5, 20)]);
    check(&world, &account, 6540);
    assert_eq!(account.given, Cents(460));
    let faults = Faults { hopper_short: Some(0), ..Faults::default() };
    let (world, account) = run(&usual(), faults, &[(200, 5), (50, 3), (10, 6), (5, 6)]);
    check(&world, &account, 6540);
    assert_eq!(account.given, Cents(240), "everything that was there");
    assert_eq!(account.claims[0].owed, Cents(220));
}

#[test]
fn a_refusal_by_the_sede_gives_all_back() {
    let faults = Faults { sede: 2, ..Faults::default() };
    let (world, account) = run(&usual(), faults, &STOCKED);
    check(&world, &account, 6540);
    assert_eq!(account.completed, Some(Outcome::Cancelled));
    assert_eq!(account.given.0 + account.claims.iter().map(|claim| claim.owed.0).sum::<i64>(), 7000);
}

#[test]
fn an_unreachable_sede_does_not_keep_the_change() {
    let faults = Faults { sede: 1, ..Faults::default() };
    let (world, account) = run(&usual(), faults, &STOCKED);
    check(&world, &account, 6540);
    assert_eq!(account.booking, BookingState::Due);
    assert_eq!(account.given, Cents(460));
    assert_eq!(account.completed, Some(Outcome::PaidToConfirm));
}

#[test]
fn a_torn_receipt_is_printed_again_as_a_copy() {
    let faults = Faults { printer: 2, ..Faults::default() };
    let (world, account) = run(&usual(), faults, &STOCKED);
    check(&world, &account, 6540);
    assert_eq!(world.papers, [(Paper::Receipt, true)]);
}

#[test]
fn without_a_printer_the_payment_still_ends() {
    let faults = Faults { printer: 1, ..Faults::default() };
    let (world, account) = run(&usual(), faults, &STOCKED);
    check(&world, &account, 6540);
    assert!(world.papers.is_empty());
}

fn crashes() -> impl Strategy<Value = (Option<usize>, Option<usize>, bool)> {
    (proptest::option::of(1usize..60), proptest::option::of(1usize..60), any::<bool>())
}

fn faults() -> impl Strategy<Value = Faults> {
    (
        (crashes(), 0u8..4, proptest::option::of(0u8..3), any::<bool>()),
        (any::<bool>(), any::<bool>(), 0u8..3, 0u8..3, proptest::option::of(0usize..40), any::<bool>()),
    )
        .prop_map(|((crashes, route_fate, hopper_short, hopper_unknown), rest)| Faults {
            // Nothing is written before the first action, so that nothing is to be recovered.
            crash_before: crashes.0.map(|at| at + 1),
            crash_again: crashes.1,
            citizen_gone: crashes.2,
            route_fate,
            hopper_short,
            hopper_unknown,
            hopper_restarted: rest.0,
            baseline_absent: rest.1,
            sede: rest.2,
            printer: rest.3,
            cancel_at: rest.4,
            late_coin: rest.5,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn whatever_happens_the_sums_agree_with_what_is_inside(
        faults in faults(),
        amount in 1i64..10_000,
        items in proptest::collection::vec(
            proptest::sample::select(vec![5i64, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]), 0..12),
        counts in proptest::collection::vec(0u32..30, 4),
    ) {
        let amount = amount * 5;
        let stocks: Vec<(i64, u32)> = [200, 50, 10, 5].into_iter().zip(counts).collect();
        let (world, account) = run(&Citizen { amount, items }, faults, &stocks);
        check(&world, &account, amount);
    }

    #[test]
    fn no_order_of_events_breaks_the_machine(events in proptest::collection::vec(0u8..14, 0..60)) {
        let world = World::new(Faults::default(), &STOCKED);
        let operation = OperationId("K00-000001".into());
        let (mut payment, _) = Payment::open(operation, debt(6540), Language::Spanish, None, &world.context()).unwrap();
        let mut counter = 0u8;
        for event in events {
            counter = counter.wrapping_add(1);
            let mark = EventMark { serial: 7, counter };
            let value = Cents(2000);
            let event = match event {
                0 => Event::Tick,
                1 => Event::Touched,
                2 => Event::Cancel,
                3 => Event::Cash(CashEvent::NoteEscrowed { value, mark }),
                4 => Event::Cash(CashEvent::NoteStacked { value, mark }),
                5 => Event::Cash(CashEvent::NoteReturned { value, mark }),
                6 => Event::Cash(CashEvent::CoinAccepted { value: Cents(200), path: 0, mark }),
                7 => Event::Cash(CashEvent::EventsLost { device: Device::CoinAcceptor, count: 1 }),
                8 => Event::Accepted(Ok(())),
                9 => Event::Accepted(Err(CashError::Absent(Device::Validator))),
                10 => Event::Baseline(Ok(HopperBaseline { serial: 1, counter: 1, dispensed: 0 })),
                11 => Event::Dispensed(Ok(Dispensed::Paid { coins: 1, short: None })),
                12 => Event::Booked(None),
                _ => Event::Printed(Ok(())),
            };
            let actions = payment.step(&world.context(), event).unwrap();
            // A command that moves money never comes without its entry before it in the same breath.
            for (at, action) in actions.iter().enumerate() {
                let before = &actions[..at];
                let written = |is: fn(&Entry) -> bool| {
                    before.iter().any(|of| if let Action::Journal(entry) = of { is(entry) } else { false })
                };
                let first_written = match action {
                    Action::Route(_) => written(|of| matches!(of, Entry::RouteDecided { .. })),
                    Action::Dispense { .. } => written(|of| matches!(of, Entry::DispenseStarted { .. })),
                    Action::Book => written(|of| matches!(of, Entry::CollectionClosed(_))),
                    _ => true,
                };
                prop_assert!(first_written, "{:?}", actions);
            }
        }
    }
}

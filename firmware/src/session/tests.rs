//! A fine with a reduction: nothing is charged at the reduced amount before its price was confirmed.
use std::time::Duration;

use hal_device::Cents;
use jiff::civil::date;
use ui::{Amount, Day, Intent, Language, Page, Service, ServiceEntry, Unavailable};

use super::*;
use crate::payment::Supply;

const FINE: &str = "9050303014610112345678000001234506";

/// What surrounds a session, as it is at an instant.
struct Town {
    now: Duration,
    services: Vec<ServiceEntry>,
    machine: Machine,
    terms: Terms,
    patience: Patience,
}

impl Town {
    fn new() -> Town {
        let supply = |(hopper, coin)| Supply { hopper, coin: Cents(coin), count: 100 };
        Town {
            now: Duration::from_secs(10),
            services: vec![ServiceEntry { service: Service::Payment, unavailable: None }],
            machine: Machine {
                notes: [5_00, 10_00, 20_00, 50_00].map(Cents).into(),
                coins: [50, 1_00, 2_00].map(Cents).into(),
                supplies: [(0, 2_00), (1, 50)].map(supply).into(),
                printer: true,
                ..Machine::default()
            },
            terms: Terms::default(),
            patience: Patience::default(),
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            now: self.now,
            services: &self.services,
            reader: true,
            machine: &self.machine,
            terms: &self.terms,
            cash_max_per_debt: Cents(99_999),
            being_settled: &[],
            payment: None,
            dispensing: Cents::ZERO,
            card: Card::Absent,
            page_printer: true,
            card_reader: true,
            feeder: true,
            flatbed: true,
            petition_limits: PetitionLimits::default(),
            without_card: true,
            today: date(2026, 12, 1),
            patience: &self.patience,
        }
    }

    fn tell(&self, session: &mut Session, event: Event) -> Vec<Action> {
        session.step(&self.facts(), event)
    }

    fn wish(&self, session: &mut Session, intent: Intent) -> Vec<Action> {
        self.tell(session, Event::Intent(intent))
    }

    fn page(&self, session: &Session) -> Page {
        session.view(&self.facts()).page
    }

    /// A citizen with a paper, and the sede's answer to it.
    fn bill(&self, answer: DebtAnswer) -> Session {
        let mut session = Session::default();
        assert_eq!(self.tell(&mut session, Event::Scan(FINE.into())), [Action::AskDebt(FINE.into())]);
        assert_eq!(self.tell(&mut session, Event::Debt(Some(answer))), []);
        assert!(matches!(session.screen, Screen::Bill(_)), "{session:?}");
        session
    }

    /// The same, on the page that says what is given up.
    fn waiver(&self) -> Session {
        let mut session = self.bill(reduced());
        assert_eq!(self.wish(&mut session, Intent::PayCash), []);
        assert!(matches!(session.screen, Screen::Waiver(..)), "{session:?}");
        session
    }
}

fn answer(amount: i64, reduction: Option<Reduction>) -> DebtAnswer {
    DebtAnswer::Payable(Quote {
        quote: "Q-1".into(),
        debt: "D-1".into(),
        concept: "Sanción de tráfico".into(),
        masked_name: "V*** D* P***".into(),
        reference: "0000123624".into(),
        amount: Cents(amount),
        last_day: Some(date(2026, 12, 20)),
        reduction,
        expires_at: "2026-11-25T10:30:00Z".parse().unwrap(),
        issued_at: "2026-11-25T10:15:00Z".parse().unwrap(),
        cash_paid_before: Cents::ZERO,
        collecting_body: "Ayuntamiento de Prueba".into(),
    })
}

fn reduced() -> DebtAnswer {
    answer(10_000, Some(Reduction { full_amount: Cents(20_000), reduced_until: date(2026, 12, 5) }))
}

fn full() -> DebtAnswer {
    answer(20_000, None)
}

fn shown() -> ui::Reduction {
    ui::Reduction { full_amount: Amount(20_000), until: Day { year: 2026, month: 12, day: 5 } }
}

#[test]
fn the_bill_shows_the_reduced_amount_and_the_full_one() {
    let town = Town::new();
    let session = town.bill(reduced());
    let Page::Bill { amount, reduction, last_day, .. } = town.page(&session) else { panic!("{session:?}") };
    assert_eq!((amount, reduction), (Amount(10_000), Some(shown())));
    assert_eq!(last_day, Some(Day { year: 2026, month: 12, day: 20 }));
}

#[test]
fn what_is_given_up_comes_before_the_terms_with_both_amounts_and_both_days() {
    let town = Town::new();
    let session = town.waiver();
    let last_day = Some(Day { year: 2026, month: 12, day: 20 });
    let view = session.view(&town.facts());
    assert_eq!(view.page, Page::Waiver { amount: Amount(10_000), reduction: shown(), last_day });
    assert_eq!((view.step, view.back), (Some((3, 4)), true));
}

#[test]
fn confirmed_it_leads_to_the_terms_and_then_to_a_payment_of_the_reduced_amount() {
    let town = Town::new();
    let mut session = town.waiver();
    assert_eq!(town.wish(&mut session, Intent::Confirm), []);
    assert!(matches!(town.page(&session), Page::CashTerms { amount: Amount(10_000), .. }));
    let actions = town.wish(&mut session, Intent::Confirm);
    let [Action::OpenPayment(offer)] = actions.as_slice() else { panic!("{actions:?}") };
    let debt = crate::ledger::Debt::from(&offer.quote);
    assert_eq!(debt.amount, Cents(10_000));
    let waived = debt.reduction.expect("what was given up is kept");
    assert_eq!((waived.full_amount, waived.reduced_until), (Cents(20_000), date(2026, 12, 5)));
    assert_eq!(waived.waiver, ui::WAIVER_VERSION);
}

#[test]
fn back_leads_page_by_page_to_the_bill_and_asks_for_nothing() {
    let town = Town::new();
    let mut session = town.waiver();
    assert_eq!(town.wish(&mut session, Intent::Confirm), []);
    assert_eq!(town.wish(&mut session, Intent::Back), []);
    assert!(matches!(session.screen, Screen::Waiver(..)));
    assert_eq!(town.wish(&mut session, Intent::Back), []);
    assert!(matches!(session.screen, Screen::Bill(_)));
}

#[test]
fn the_red_key_ends_the_errand() {
    let town = Town::new();
    let mut session = town.waiver();
    assert_eq!(town.wish(&mut session, Intent::Cancel), [Action::Wipe]);
    assert_eq!(session.screen, Screen::Attract);
}

#[test]
fn a_bill_without_a_reduction_has_nothing_to_give_up() {
    let town = Town::new();
    let mut session = town.bill(full());
    assert_eq!(town.wish(&mut session, Intent::PayCash), []);
    assert!(matches!(session.screen, Screen::Terms(_)));
    assert_eq!(town.wish(&mut session, Intent::Back), []);
    assert!(matches!(session.screen, Screen::Bill(_)));
}

#[test]
fn a_quote_that_is_over_is_asked_for_anew_and_the_sede_says_that_the_reduction_is_gone() {
    let mut town = Town::new();
    let mut session = town.waiver();
    town.now += Duration::from_secs(15 * 60 - 1);
    assert_eq!(town.wish(&mut session, Intent::StillHere), []);
    town.now += Duration::from_secs(1);
    assert_eq!(town.wish(&mut session, Intent::Confirm), [Action::AskDebt(FINE.into())]);
    assert_eq!(town.tell(&mut session, Event::Debt(Some(full()))), []);
    assert!(matches!(town.page(&session), Page::Bill { amount: Amount(20_000), reduction: None, .. }));
    assert_eq!(town.wish(&mut session, Intent::PayCash), []);
    assert!(matches!(session.screen, Screen::Terms(_)), "what was confirmed before counts for nothing now");
}

#[test]
fn a_printer_that_fails_meanwhile_is_said_on_the_bill() {
    let mut town = Town::new();
    let mut session = town.waiver();
    town.machine.printer = false;
    assert_eq!(town.wish(&mut session, Intent::Confirm), []);
    let page = town.page(&session);
    assert!(matches!(page, Page::Bill { cash: Some(Unavailable::NoPrinter), .. }), "{page:?}");
}

#[test]
fn another_paper_under_the_reader_does_not_disturb() {
    let town = Town::new();
    let mut session = town.waiver();
    assert_eq!(town.tell(&mut session, Event::Scan(FINE.into())), []);
    assert!(matches!(session.screen, Screen::Waiver(..)));
}

#[test]
fn whoever_goes_away_is_warned_and_then_forgotten() {
    let mut town = Town::new();
    let mut session = town.waiver();
    session.language = Language::English;
    town.now += Duration::from_secs(60);
    assert_eq!(session.view(&town.facts()).idle_warning, Some(30));
    assert_eq!(town.tell(&mut session, Event::Tick), []);
    town.now += Duration::from_secs(30);
    assert_eq!(town.tell(&mut session, Event::Tick), [Action::Wipe]);
    assert_eq!((session.screen, session.language), (Screen::Attract, Language::default()));
}

/// Every state that any order of wishes leads to, until there is none that was not seen.
#[test]
fn no_order_of_wishes_pays_the_reduced_amount_without_the_confirmation() {
    let town = Town::new();
    let wishes = [
        Intent::Language(Language::English),
        Intent::Languages,
        Intent::Service(Service::Payment),
        Intent::TypeDocument,
        Intent::Erase,
        Intent::Confirm,
        Intent::PayCash,
        Intent::PayCard,
        Intent::Cancel,
        Intent::Back,
        Intent::Help,
        Intent::Another,
        Intent::StillHere,
    ];
    let mut events: Vec<Event> = wishes.map(Event::Intent).into();
    events.extend([Event::Scan(FINE.into()), Event::Tick, Event::Debt(None)]);
    events.extend([reduced(), full()].map(|answer| Event::Debt(Some(answer))));

    // A state, and whether what is given up was confirmed for the offer that it holds.
    let mut seen = vec![(Session::default(), false)];
    let (mut next, mut opened) = (0, [0, 0]);
    while let Some((before, confirmed)) = seen.get(next).cloned() {
        next += 1;
        for event in &events {
            let mut session = before.clone();
            let actions = town.tell(&mut session, event.clone());
            for action in &actions {
                let Action::OpenPayment(offer) = action else { continue };
                let is_reduced = offer.quote.reduction.is_some();
                assert!(confirmed || !is_reduced, "{before:?} with {event:?}");
                opened[usize::from(is_reduced)] += 1;
            }
            let confirms = matches!(before.screen, Screen::Waiver(..))
                && matches!(event, Event::Intent(Intent::Confirm));
            let confirmed = match session.screen {
                Screen::Terms(_) => confirmed || confirms,
                _ => false,
            };
            if !seen.contains(&(session.clone(), confirmed)) {
                seen.push((session, confirmed));
            }
        }
    }
    assert!(seen.len() > 50 && opened[0] > 0 && opened[1] > 0, "{} states, {opened:?}", seen.len());
}

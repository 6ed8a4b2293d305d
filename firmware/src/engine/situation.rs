//! What the devices, the ledger and the sede amount to right now.
use std::collections::BTreeSet;

use hal_device::{Cents, Status};
use hal_escpos::Printer;
use ui::{Service, ServiceEntry, Unavailable};

use super::{Rules, Services};
use crate::ledger::{BookingState, Place};
use crate::payment::{Machine, Supply, Terms};
use crate::sede::Contact;

/// A snapshot, taken after each event.
#[derive(Clone, Debug, Default)]
pub(super) struct Situation {
    pub machine: Machine,
    pub services: Vec<ServiceEntry>,
    pub reader: bool,
    pub page_printer: bool,
    pub being_settled: Vec<String>,
    pub dispensing: Cents,
    pub cash_max_per_debt: Cents,
    pub terms: Terms,
}

impl Situation {
    pub fn take(services: &Services, rules: &Rules) -> Situation {
        let machine = machine(services, rules);
        let catalogue = services.catalogue.borrow().clone();
        let cash_max = catalogue
            .as_ref()
            .map_or(rules.cash_max_per_debt, |of| of.cash_max_per_debt.min(rules.cash_max_per_debt));
        let mut terms = rules.terms.clone();
        if let Some(catalogue) = &catalogue {
            terms.coin_limit = terms.coin_limit.min(catalogue.coin_limit);
        }
        Situation {
            services: offered(services, &machine, catalogue.map(|of| of.services)),
            reader: services.barcode.as_ref().is_some_and(|status| status.borrow().usable()),
            being_settled: services.ledger.with(|books| {
                let unsettled = books.open.values().filter(|account| {
                    account.booking == BookingState::Due || account.notes_in_question.is_positive()
                });
                unsettled.map(|account| account.debt.debt.clone()).collect()
            }),
            dispensing: dispensing(services, rules),
            page_printer: usable(services.pages.as_ref()),
            machine,
            cash_max_per_debt: cash_max,
            terms,
        }
    }
}

fn dispensing(services: &Services, rules: &Rules) -> Cents {
    let Some(cash) = &services.cash else { return Cents::ZERO };
    let (hopper, coins) = *cash.progress().borrow();
    let coin = rules.hoppers.get(usize::from(hopper)).copied().unwrap_or_default();
    coin.times(u32::from(coins)).unwrap_or_default()
}

fn usable(printer: Option<&Printer>) -> bool {
    printer.is_some_and(|printer| printer.status().borrow().status.usable())
}

fn machine(services: &Services, rules: &Rules) -> Machine {
    let printer = usable(services.printer.as_ref());
    let Some(cash) = &services.cash else { return Machine { printer, ..Machine::default() } };
    let status = cash.status().borrow().clone();
    let when = |usable: bool, values: BTreeSet<Cents>| if usable { values } else { BTreeSet::new() };
    let notes = status.notes.iter().filter(|note| rules.notes.contains(note)).copied().collect();
    let hoppers = status.hoppers.iter().zip(0u8..).filter(|(hopper, _)| hopper.device.status.usable());
    let supplies = services.ledger.with(|books| {
        hoppers
            .map(|(hopper, index)| Supply {
                hopper: index,
                coin: hopper.coin,
                count: books.inventory.count(Place::Hopper(index), hopper.coin),
            })
            .collect()
    });
    Machine {
        notes: when(status.validator.status.usable(), notes),
        coins: when(status.coin_acceptor.status.usable(), status.coins),
        accepting: status.accepting,
        supplies,
        printer,
        paths: rules.paths.clone(),
        validator_mark: status.validator.mark,
        coin_mark: status.coin_acceptor.mark,
    }
}

/// The menu: every service, with the reason where one cannot be used now.
fn offered(services: &Services, machine: &Machine, catalogue: Option<Vec<String>>) -> Vec<ServiceEntry> {
    let names = [
        (Service::Padron, "padron"),
        (Service::Payment, "payment"),
        (Service::Petition, "petition"),
        (Service::Appointment, "appointment"),
    ];
    names
        .into_iter()
        .map(|(service, name)| {
            let listed = catalogue.as_ref().is_none_or(|catalogue| catalogue.iter().any(|of| of == name));
            let unavailable = match service {
                Service::Payment if listed => payment(services, machine),
                Service::Padron if listed => padron(services),
                Service::Payment | Service::Padron | Service::Petition | Service::Appointment => {
                    Some(Unavailable::NotOffered)
                }
            };
            ServiceEntry { service, unavailable }
        })
        .collect()
}

fn payment(services: &Services, machine: &Machine) -> Option<Unavailable> {
    if services.sede.reachable().borrow().contact != Contact::Answering {
        return Some(Unavailable::SedeUnreachable);
    }
    if (machine.notes.is_empty() && machine.coins.is_empty()) || cash_starting(services) {
        return Some(Unavailable::DeviceOut);
    }
    if !machine.printer {
        return Some(Unavailable::NoPrinter);
    }
    None
}

fn padron(services: &Services) -> Option<Unavailable> {
    let Some(identity) = &services.identity else { return Some(Unavailable::NotOffered) };
    if services.sede.reachable().borrow().contact != Contact::Answering {
        return Some(Unavailable::SedeUnreachable);
    }
    if !identity.cards.status().borrow().usable() {
        return Some(Unavailable::DeviceOut);
    }
    if usable(services.pages.as_ref()) { None } else { Some(Unavailable::NoPrinter) }
}

/// A cash device is being identified: until it is, its change cannot be promised.
fn cash_starting(services: &Services) -> bool {
    cash_devices(services).iter().any(|(_, status)| *status == Status::Starting)
}

/// Each cash device by its name.
pub(super) fn cash_devices(services: &Services) -> Vec<(String, Status)> {
    let Some(cash) = &services.cash else { return Vec::new() };
    let status = cash.status().borrow().clone();
    let mut devices = vec![
        ("validator".to_owned(), status.validator.status),
        ("coin-acceptor".to_owned(), status.coin_acceptor.status),
    ];
    let hoppers = status.hoppers.into_iter().enumerate();
    devices.extend(hoppers.map(|(index, hopper)| (format!("hopper-{index}"), hopper.device.status)));
    devices
}

/// Every device has said what it is, or is surely not there to say it.
pub(super) fn devices_settled(services: &Services) -> bool {
    let settled = |status: &Status| !matches!(status, Status::Absent | Status::Starting);
    let printer = services.printer.as_ref().is_none_or(|of| settled(&of.status().borrow().status));
    printer && cash_devices(services).iter().all(|(_, status)| settled(status))
}

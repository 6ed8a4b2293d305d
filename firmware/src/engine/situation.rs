//! What the devices, the ledger and the sede amount to right now.
use std::collections::BTreeSet;

use hal_device::{Cents, Status};
use hal_escpos::Printer;
use hal_sane::{Abilities, Source};
use jiff::civil::Date;
use ui::{Service, ServiceEntry, Unavailable};

use super::{Rules, Services};
use crate::ledger::{BookingState, Place};
use crate::payment::{Machine, Supply, Terms};
use crate::sede::{AppointmentRules, Catalogue, Contact, MadridTime, PetitionLimits};

/// A snapshot, taken after each event.
#[derive(Clone, Debug, Default)]
pub(super) struct Situation {
    pub machine: Machine,
    pub services: Vec<ServiceEntry>,
    pub reader: bool,
    pub page_printer: bool,
    pub card_reader: bool,
    pub feeder: bool,
    pub flatbed: bool,
    pub petition_limits: PetitionLimits,
    pub appointment_rules: AppointmentRules,
    pub today: Date,
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
        let today = MadridTime::of(services.clock.now().0).day();
        let (petition_limits, appointment_rules) =
            catalogue.as_ref().map(|of| (of.petitions, of.appointments)).unwrap_or_default();
        Situation {
            services: offered(services, &machine, catalogue),
            card_reader: card_reader(services),
            feeder: scans(services, &[Source::Feeder, Source::FeederDuplex]),
            flatbed: scans(services, &[Source::Flatbed]),
            petition_limits,
            appointment_rules,
            today,
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
fn offered(services: &Services, machine: &Machine, catalogue: Option<Catalogue>) -> Vec<ServiceEntry> {
    let names = [
        (Service::Padron, "padron"),
        (Service::Payment, "payment"),
        (Service::Petition, "petition"),
        (Service::Appointment, "appointment"),
    ];
    names
        .into_iter()
        .map(|(service, name)| {
            let listed =
                catalogue.as_ref().is_none_or(|catalogue| catalogue.services.iter().any(|of| of == name));
            let unavailable = match service {
                Service::Payment if listed => payment(services, machine),
                Service::Padron if listed => padron(services),
                Service::Petition if listed => petition(services),
                Service::Appointment if listed => {
                    appointment(services, catalogue.as_ref().is_some_and(|of| of.appointments.without_card))
                }
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
    if services.identity.is_none() {
        return Some(Unavailable::NotOffered);
    }
    if services.sede.reachable().borrow().contact != Contact::Answering {
        return Some(Unavailable::SedeUnreachable);
    }
    if !card_reader(services) {
        return Some(Unavailable::DeviceOut);
    }
    if usable(services.pages.as_ref()) { None } else { Some(Unavailable::NoPrinter) }
}

/// Without a scanner it has no documents, and is a petition all the same.
fn petition(services: &Services) -> Option<Unavailable> {
    if services.identity.is_none() {
        return Some(Unavailable::NotOffered);
    }
    if services.sede.reachable().borrow().contact != Contact::Answering {
        return Some(Unavailable::SedeUnreachable);
    }
    if !card_reader(services) {
        return Some(Unavailable::DeviceOut);
    }
    if usable(services.printer.as_ref()) { None } else { Some(Unavailable::NoPrinter) }
}

/// Where no card is asked for, none need be readable.
fn appointment(services: &Services, without_card: bool) -> Option<Unavailable> {
    if services.identity.is_none() && !without_card {
        return Some(Unavailable::NotOffered);
    }
    if services.sede.reachable().borrow().contact != Contact::Answering {
        return Some(Unavailable::SedeUnreachable);
    }
    if !card_reader(services) && !without_card {
        return Some(Unavailable::DeviceOut);
    }
    if usable(services.printer.as_ref()) { None } else { Some(Unavailable::NoPrinter) }
}

fn card_reader(services: &Services) -> bool {
    services.identity.as_ref().is_some_and(|of| of.cards.status().borrow().usable())
}

/// The scanner is ready, and reads from one of these.
fn scans(services: &Services, sources: &[Source]) -> bool {
    services.scanner.as_ref().is_some_and(|scanner| {
        let has = |of: &Abilities| sources.iter().any(|source| of.at(*source).is_some());
        scanner.status().borrow().usable() && scanner.abilities().borrow().as_ref().is_some_and(has)
    })
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

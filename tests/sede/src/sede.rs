//! The handle of the reference sede: it serves connections, fails as it is told, and shows what it has.
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::io::DuplexStream;

use crate::appointment_record::AppointmentRecord;
use crate::appointments::Appointments;
use crate::certificates::{CertificateRecord, Certificates};
use crate::debt::{Debt, DebtState};
use crate::documents::DoesNotFit;
use crate::faults::{Endpoint, Fault, Faults, Rule};
use crate::ocsp::{Responder, Revocation, Services, serial_text};
use crate::padron::Padron;
use crate::padron_seeds;
use crate::petition_record::PetitionRecord;
use crate::petition_seeds::{self, Contact};
use crate::petitions::Petitions;
use crate::record::{Bill, BillState, BookingRecord, EventRecord, OrderRecord, Snapshot};
use crate::sessions::Sessions;
use crate::town::{Town, has_lapsed, madrid};
use crate::trust::{Trust, UnusableCertificate};
use crate::wire::Catalogue;

/// The sede's clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Bytes that wait in each direction of a connection in memory.
const IN_FLIGHT: usize = 64 * 1024;

pub(crate) struct Inside {
    pub town: Town,
    pub padron: Padron,
    pub sessions: Sessions,
    pub certificates: Certificates,
    pub petitions: Petitions,
    /// What is known for notifications, by number.
    pub contacts: BTreeMap<String, Contact>,
    pub appointments: Appointments,
    pub trust: Trust,
    pub services: Services,
    pub faults: Faults,
    pub requests: u64,
}

impl Inside {
    fn new(town: Town, seed: u64) -> Inside {
        Inside {
            town,
            padron: padron_seeds::padron(),
            sessions: Sessions::new(seed),
            certificates: Certificates::new(seed),
            petitions: Petitions::new(seed, petition_seeds::bodies()),
            contacts: petition_seeds::contacts(),
            appointments: Appointments::new(seed),
            trust: Trust::default(),
            services: Services::default(),
            faults: Faults::default(),
            requests: 0,
        }
    }

    /// A draft dies with its session.
    pub fn forget_drafts(&mut self, now: Timestamp) {
        let sessions = &self.sessions;
        self.petitions.forget(|kiosk, session| sessions.is_live(kiosk, session, now));
    }
}

pub(crate) struct Shared {
    clock: Clock,
    seed: u64,
    inside: Mutex<Inside>,
}

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, Inside> {
        // Each change is whole before anything can panic, so a poisoned state is still a true one.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// The town hall's office. Clones are handles of the same one.
#[derive(Clone)]
pub struct Sede {
    pub(crate) shared: Arc<Shared>,
}

impl Sede {
    /// A town with its seeded bills, and terms around the clock's day. `seed` makes the CSVs.
    pub fn new(clock: Clock, seed: u64) -> Result<Sede, DoesNotFit> {
        let town = Town::new(seed, clock())?;
        let inside = Inside::new(town, seed);
        Ok(Sede { shared: Arc::new(Shared { clock, seed, inside: Mutex::new(inside) }) })
    }

    /// Forgets everything but the authorities that it trusts: bills, payments, sessions, certificates, petitions,
    /// appointments, events, faults.
    pub fn reset(&self) -> Result<(), DoesNotFit> {
        let town = Town::new(self.shared.seed, self.shared.now())?;
        let mut inside = self.shared.lock();
        let (trust, services) = (std::mem::take(&mut inside.trust), std::mem::take(&mut inside.services));
        *inside = Inside::new(town, self.shared.seed);
        inside.trust = trust;
        inside.services = services.forgetful();
        Ok(())
    }

    /// Trusts a root of citizens' certificates, in DER. Before the first one no certificate lets anybody in.
    pub fn trust(&self, root: &[u8]) -> Result<(), UnusableCertificate> {
        self.shared.lock().trust.add(root)
    }

    /// Puts the revocation service of an authority on the list. Of certificates of an authority without one nobody
    /// knows whether they were revoked.
    pub fn add_responder(&self, responder: &Responder) -> Result<(), UnusableCertificate> {
        self.shared.lock().services.add(responder)
    }

    /// What the revocation services say of the certificate with a serial number (big-endian), or of all those that have
    /// no word of their own.
    pub fn set_revocation(&self, serial: Option<&[u8]>, said: Revocation) {
        let services = &mut self.shared.lock().services;
        match serial {
            Some(serial) => drop(services.said.insert(serial_text(serial), said)),
            None => services.otherwise = Some(said),
        }
    }

    /// What is known of everybody.
    pub fn padron(&self) -> Padron {
        self.shared.lock().padron.clone()
    }

    /// Changes what is known.
    pub fn set_padron(&self, padron: Padron) {
        self.shared.lock().padron = padron;
    }

    /// Certificates that were issued.
    pub fn certificates(&self) -> Vec<CertificateRecord> {
        self.shared.lock().certificates.records()
    }

    /// The archived document with a CSV, as anybody gets it who types the CSV.
    pub fn archived(&self, csv: &str) -> Option<Arc<Vec<u8>>> {
        self.shared.lock().certificates.by_csv(csv)
    }

    /// Entries in the registry, in the order of arrival.
    pub fn petitions(&self) -> Vec<PetitionRecord> {
        self.shared.lock().petitions.records()
    }

    /// The bytes of an attachment that was registered with a petition, by the kiosk's number of it; counted from 1.
    pub fn petition_file(&self, request: &str, number: usize) -> Option<Arc<Vec<u8>>> {
        self.shared.lock().petitions.file(request, number)
    }

    /// Petitions that were opened and not registered yet, and whose session goes on.
    pub fn drafts(&self) -> usize {
        let now = self.shared.now();
        let mut inside = self.shared.lock();
        inside.forget_drafts(now);
        inside.petitions.count()
    }

    /// The bytes that have arrived of each attachment of a petition that is open still.
    pub fn arrived(&self) -> Vec<Vec<u8>> {
        self.shared.lock().petitions.arrived().map(<[u8]>::to_vec).collect()
    }

    /// Longest part of an upload, in bytes, for petitions that are opened from now on.
    pub fn set_part_bytes(&self, bytes: usize) {
        self.shared.lock().petitions.part_bytes = bytes;
    }

    /// Changes what is known of a citizen for notifications.
    pub fn set_contact(&self, number: &str, contact: Contact) {
        self.shared.lock().contacts.insert(number.into(), contact);
    }

    /// Appointments that were made, cancelled ones too.
    pub fn appointments(&self) -> Vec<AppointmentRecord> {
        self.shared.lock().appointments.records()
    }

    /// Somebody else takes a slot, `2026-12-01T09:15:00+01:00`; false when somebody else has it, or it is no such text.
    pub fn take_slot(&self, service: &str, office: &str, start: &str) -> bool {
        self.shared.lock().appointments.take(service, office, start)
    }

    /// Sessions of citizens that are open.
    pub fn sessions(&self) -> usize {
        let now = self.shared.now();
        self.shared.lock().sessions.count(now)
    }

    /// A connection in memory, served by a task; refused as the faults say.
    pub fn connect(&self) -> io::Result<DuplexStream> {
        if self.shared.lock().faults.of_connection() == Some(&Fault::Refuse) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (near, far) = tokio::io::duplex(IN_FLIGHT);
        let sede = self.clone();
        tokio::spawn(async move { sede.serve_stream(far).await });
        Ok(near)
    }

    /// Every request, and new connections where that makes sense, fail like this; `None` ends all faults.
    pub fn set_fault(&self, fault: Option<Fault>) {
        let rules = fault.map(|fault| Rule { endpoint: None, nth: None, fault });
        self.shared.lock().faults = Faults(rules.into_iter().collect());
    }

    /// Adds a rule; the last one that fits a request wins.
    pub fn add_fault(&self, rule: Rule) {
        self.shared.lock().faults.0.push(rule);
    }

    /// The n-th request from now to `endpoint` (to any, for `None`) fails like this, once. The first is 1.
    pub fn fail_nth(&self, nth: u64, endpoint: Option<Endpoint>, fault: Fault) {
        self.add_fault(Rule { endpoint, nth: Some(nth), fault });
    }

    /// Changes what is offered.
    pub fn set_catalogue(&self, catalogue: Catalogue) {
        self.shared.lock().town.catalogue = catalogue;
    }

    /// Issues another bill (a 521), payable until `last_day`; `amount` in cents, eight digits at most.
    pub fn add_bill(
        &self,
        name: &str,
        concept: &str,
        amount: u64,
        last_day: Date,
    ) -> Result<Debt, DoesNotFit> {
        let now = self.shared.now();
        self.shared.lock().town.add_bill(name, concept, amount, last_day, now)
    }

    /// Changes what is known of a debt; false when no bill has this name.
    pub fn set_debt(&self, name: &str, state: DebtState) -> bool {
        let mut inside = self.shared.lock();
        let debt = inside.town.debts.iter_mut().find(|debt| debt.name == name);
        debt.map(|debt| debt.state = state).is_some()
    }

    /// The debts.
    pub fn debts(&self) -> Vec<Debt> {
        self.shared.lock().town.debts.clone()
    }

    /// The debt of a bill.
    pub fn debt(&self, name: &str) -> Option<Debt> {
        self.shared.lock().town.debts.iter().find(|debt| debt.name == name).cloned()
    }

    /// All digits of a bill's document.
    pub fn digits(&self, name: &str) -> Option<String> {
        self.debt(name).map(|debt| debt.digits)
    }

    /// Booked payments, by operation.
    pub fn bookings(&self) -> Vec<BookingRecord> {
        self.shared.lock().town.payments.values().filter_map(|payment| payment.booking.clone()).collect()
    }

    /// How often an order with this operation came.
    pub fn orders_received(&self, operation: &str) -> u32 {
        self.shared.lock().town.payments.get(operation).map_or(0, |payment| payment.received)
    }

    /// Orders that came, by operation.
    pub fn orders(&self) -> Vec<OrderRecord> {
        orders(&self.shared.lock())
    }

    /// Events, in the order of their arrival.
    pub fn events(&self) -> Vec<EventRecord> {
        events(&self.shared.lock())
    }

    /// Requests since the start.
    pub fn requests(&self) -> u64 {
        self.shared.lock().requests
    }

    /// The bills that QA can take to the kiosk.
    pub fn shelf(&self) -> Vec<Bill> {
        let now = self.shared.now();
        shelf(&self.shared.lock(), now)
    }

    /// All of it, for the panel.
    pub fn snapshot(&self) -> Snapshot {
        let at = self.shared.now();
        let mut inside = self.shared.lock();
        inside.forget_drafts(at);
        Snapshot {
            at,
            catalogue: inside.town.catalogue.clone(),
            bills: shelf(&inside, at),
            orders: orders(&inside),
            bookings: inside.town.payments.values().filter_map(|payment| payment.booking.clone()).collect(),
            events: events(&inside),
            certificates: inside.certificates.records(),
            petitions: inside.petitions.records(),
            drafts: inside.petitions.count(),
            appointments: inside.appointments.records(),
            sessions: inside.sessions.count(at),
            revocations: inside.services.said.clone(),
            faults: inside.faults.0.clone(),
            requests: inside.requests,
        }
    }
}

fn orders(inside: &Inside) -> Vec<OrderRecord> {
    let record = |payment: &crate::town::Payment| OrderRecord {
        order: payment.order.clone(),
        booked: payment.booking.is_some(),
        received: payment.received,
    };
    inside.town.payments.values().map(record).collect()
}

fn events(inside: &Inside) -> Vec<EventRecord> {
    let mut all: Vec<EventRecord> = inside.town.events.values().cloned().collect();
    all.sort_by_key(|record| record.number);
    all
}

fn shelf(inside: &Inside, now: Timestamp) -> Vec<Bill> {
    let bill = |debt: &Debt| Bill {
        name: debt.name.clone(),
        title: debt.concept.clone(),
        debtor: debt.debtor.name.clone(),
        printed_amount: debt.printed_amount,
        amount: debt.due(madrid(now)),
        last_day: debt.last_day,
        format: debt.format,
        digits: debt.digits.clone(),
        state: match debt.state {
            DebtState::Open if has_lapsed(debt, now) => BillState::Lapsed,
            DebtState::Open => BillState::Payable,
            DebtState::Paid { .. } => BillState::Paid,
            DebtState::Elsewhere { .. } => BillState::Elsewhere,
            DebtState::Withdrawn | DebtState::Forged => BillState::Unknown,
        },
    };
    inside.town.debts.iter().map(bill).collect()
}

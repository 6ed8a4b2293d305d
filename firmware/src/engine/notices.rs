//! What the town hall is told of the devices: a change for the worse or the better, and anomalies.
use std::collections::BTreeMap;

use hal_cctalk::{Anomaly, CashError, CashEvent};
use hal_device::Status;

use super::Services;
use super::situation::cash_devices;
use crate::ledger::LedgerError;
use crate::sede::KioskEvent;

/// The last status of each device that was told.
#[derive(Debug, Default)]
pub(super) struct Notices {
    told: BTreeMap<String, Option<String>>,
    /// An acceptance failed, and that was told; until one succeeds it is not told again.
    disobeyed: bool,
}

/// What is wrong with a device; `None` while it starts and nothing is known yet.
fn fault(status: &Status) -> Option<Option<String>> {
    match status {
        Status::Starting => None,
        Status::Ready => Some(None),
        Status::Absent => Some(Some("absent".to_owned())),
        Status::Degraded(reason) | Status::OutOfService(reason) => Some(Some(reason.id.to_string())),
    }
}

fn statuses(services: &Services) -> Vec<(String, Status)> {
    let mut statuses = cash_devices(services);
    for (name, printer) in [("printer", &services.printer), ("page-printer", &services.pages)] {
        if let Some(printer) = printer {
            statuses.push((name.to_owned(), printer.status().borrow().status.clone()));
        }
    }
    if let Some(identity) = &services.identity {
        statuses.push(("card-reader".to_owned(), identity.cards.status().borrow().clone()));
    }
    if let Some(scanner) = &services.scanner {
        statuses.push(("scanner".to_owned(), scanner.status().borrow().clone()));
    }
    if let Some(barcode) = &services.barcode {
        statuses.push(("barcode".to_owned(), barcode.borrow().clone()));
    }
    statuses
}

impl Notices {
    /// Posts what has changed since the last call. At power-on an absent device is no news until it was there.
    pub async fn look(&mut self, services: &Services) -> Result<(), LedgerError> {
        for (device, status) in statuses(services) {
            let Some(now) = fault(&status) else { continue };
            let before = self.told.get(&device);
            if before == Some(&now) || (before.is_none() && status == Status::Absent) {
                continue;
            }
            let news = before.is_some() || now.is_some();
            self.told.insert(device.clone(), now.clone());
            if news {
                let kind = if now.is_some() { "device-out" } else { "device-back" };
                let detail = format!("{device}: {}", now.as_deref().unwrap_or("ready"));
                post(services, kind, detail).await?;
            }
        }
        Ok(())
    }

    /// Posts that a device did not do what it acknowledged; once, until one obeys again.
    pub async fn accepted(
        &mut self,
        services: &Services,
        result: &Result<(), CashError>,
    ) -> Result<(), LedgerError> {
        match result {
            Ok(()) => self.disobeyed = false,
            Err(error) if !self.disobeyed => {
                self.disobeyed = true;
                post(services, "acceptance-failed", error.to_string()).await?;
            }
            Err(_) => {}
        }
        Ok(())
    }
}

/// Posts an anomaly of a cash device that somebody should know of.
pub(super) async fn anomaly(services: &Services, event: &CashEvent) -> Result<(), LedgerError> {
    match event {
        CashEvent::Anomaly { device, class, code, text } if *class != Anomaly::Note => {
            post(services, "cash-anomaly", format!("{device:?}: {class:?} {code}: {text}")).await
        }
        CashEvent::DeviceReset { device } => post(services, "device-reset", format!("{device:?}")).await,
        _ => Ok(()),
    }
}

/// Posts an event that is about a device. The number of the last entry is part of its identifier: it never goes
/// back and each start takes a new one, while a clock that is set back gives the same time again. The same news
/// twice within a millisecond is one.
pub(super) async fn post(services: &Services, kind: &str, detail: String) -> Result<(), LedgerError> {
    let (at, clock_sure) = services.clock.now();
    tracing::info!(kind, detail, "notice");
    let entry = services.ledger.with(|books| books.seq);
    // Ten digits each for the number and the milliseconds of four months: 64 characters in all are allowed.
    let device: String =
        detail.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').take(13).collect();
    services
        .ledger
        .post(KioskEvent {
            id: format!("{kind}-{device}-{entry}-{}", at.as_millisecond().rem_euclid(10_000_000_000)),
            at,
            clock_sure,
            kind: kind.to_owned(),
            operation: None,
            amount: None,
            claim: None,
            detail,
        })
        .await
}

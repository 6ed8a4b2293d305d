//! After a start: what the ledger shows open is picked up, once the devices have said what they are and the time is
//! known.
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use super::situation::devices_settled;
use super::{EngineError, Rules, Services};
use crate::ledger::{Account, Entry, Place, Stock};
use crate::supervisor::Beat;

/// How often the devices are looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Waits until the devices are identified and the time that has passed is known, or for as long as the rules say;
/// tells whether the citizen may be gone.
pub(super) async fn citizen_gone(services: &Services, rules: &Rules, beat: &Beat) -> bool {
    let begin = Instant::now();
    let known = || devices_settled(services) && (same_boot(services) || services.clock.now().1);
    while !known() && begin.elapsed() < rules.device_patience {
        beat.beat();
        tokio::time::sleep(LOOK).await;
    }
    !citizen_may_wait(services, rules)
}

/// The operation that was under way, if any.
pub(super) fn open_account(services: &Services) -> Option<Account> {
    services.ledger.with(|books| books.open.values().find(|account| account.completed.is_none()).cloned())
}

/// Whether the citizen can still be there: the gap since the last entry of the operation is short. After a power-on
/// the clock may have stood still meanwhile, so that it must be sure, and have been.
fn citizen_may_wait(services: &Services, rules: &Rules) -> bool {
    let Some(last) = services.ledger.with(|books| books.last.clone()) else { return false };
    let (now, clock_sure) = services.clock.now();
    let gap = now.duration_since(last.at);
    let longest = SignedDuration::try_from(rules.payout_gap).unwrap_or(SignedDuration::ZERO);
    let trusted = same_boot(services) || (clock_sure && last.clock_sure);
    trusted && gap >= SignedDuration::ZERO && gap <= longest
}

/// The open operation was left in the boot of this start.
fn same_boot(services: &Services) -> bool {
    services
        .ledger
        .with(|books| books.boot.is_some() && books.last.as_ref().is_some_and(|last| last.boot == books.boot))
}

/// Writes the start down, and into an empty ledger what was put into the hoppers.
pub(super) async fn write_start(services: &Services, first_load: &[(u8, Stock)]) -> Result<(), EngineError> {
    let empty = services.ledger.with(|books| books.seq == 0);
    let started =
        Entry::Started { version: env!("CARGO_PKG_VERSION").to_owned(), boot: services.clock.boot() };
    services.write(None, started).await?;
    if empty {
        for (hopper, stock) in first_load {
            let counted = Entry::Counted { place: Place::Hopper(*hopper), content: vec![*stock] };
            services.write(None, counted).await?;
        }
    }
    Ok(())
}

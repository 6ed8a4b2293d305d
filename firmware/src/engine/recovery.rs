//! After a start: what the ledger shows open is picked up, once the devices have said what they are.
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use super::situation::devices_settled;
use super::{EngineError, Rules, Services};
use crate::ledger::{Account, Entry, Place, Stock};
use crate::supervisor::Beat;

/// How often the devices are looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Waits until the devices are identified, or for as long as the rules say.
pub(super) async fn wait_for_devices(services: &Services, rules: &Rules, beat: &Beat) {
    let begin = Instant::now();
    while !devices_settled(services) && begin.elapsed() < rules.device_patience {
        beat.beat();
        tokio::time::sleep(LOOK).await;
    }
}

/// The operation that was under way, if any.
pub(super) fn open_account(services: &Services) -> Option<Account> {
    services.ledger.with(|books| books.open.values().find(|account| account.completed.is_none()).cloned())
}

/// Whether the citizen can still be there: the gap since the last entry is short, and the clock did not jump.
pub(super) fn citizen_may_wait(services: &Services, rules: &Rules) -> bool {
    let Some(last) = services.ledger.with(|books| books.last) else { return false };
    let gap = services.clock.now().0.duration_since(last);
    let longest = SignedDuration::try_from(rules.payout_gap).unwrap_or(SignedDuration::ZERO);
    gap >= SignedDuration::ZERO && gap <= longest
}

/// Writes the start down, and into an empty ledger what was put into the hoppers.
pub(super) async fn write_start(services: &Services, first_load: &[(u8, Stock)]) -> Result<(), EngineError> {
    let empty = services.ledger.with(|books| books.seq == 0);
    let started = Entry::Started { version: env!("CARGO_PKG_VERSION").to_owned() };
    services.write(None, started).await?;
    if empty {
        for (hopper, stock) in first_load {
            let counted = Entry::Counted { place: Place::Hopper(*hopper), content: vec![*stock] };
            services.write(None, counted).await?;
        }
    }
    Ok(())
}

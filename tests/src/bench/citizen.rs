//! A citizen's time from the card in the reader to the paper in the hand, with the machine's own share apart.
//!
//! Devices take their time in simulated seconds: the card on its contacts and in its chip, the head over the paper. The
//! kiosk's own work is the processor's time of this process, that of the simulated devices and of the town hall
//! included. A person takes the times that are named here.
use std::time::Duration;

use anyhow::{Context, Result};
use nix::time::{ClockId, clock_gettime};
use tokio::time::{Instant, sleep};
use ui::{CertificateKind, Intent, Issue, Page, Service};

use super::statistics::number;
use super::table::Table;
use crate::scenario::{Kiosk, World, individual};

/// Reading a page.
const READS: Duration = Duration::from_secs(3);
/// A key of the PIN: eight digits in four seconds.
const KEY: Duration = Duration::from_millis(500);
/// Taking a paper or a card.
const TAKES: Duration = Duration::from_secs(2);

/// A card of the drawer, bits a second at its contacts, what is asked for, and what that is called.
type Visit = (&'static str, u32, fn(&CertificateKind) -> bool, &'static str);

const VISITS: [Visit; 6] = [
    ("ordinary", 115_200, individual, "DNIe 3.0, individual, card at 115200 baud"),
    ("ordinary", 9_600, individual, "DNIe 3.0, individual, card at 9600 baud"),
    ("ordinary", 115_200, collective, "DNIe 3.0, whole dwelling, card at 115200 baud"),
    (
        "first-generation",
        115_200,
        individual,
        "DNIe of the first generation, individual, card at 115200 baud",
    ),
    ("first-generation", 9_600, individual, "DNIe of the first generation, individual, card at 9600 baud"),
    ("pkcs15", 115_200, individual, "citizen card with a certificate, individual, card at 115200 baud"),
];

fn collective(kind: &CertificateKind) -> bool {
    kind.collective && kind.issue == Issue::AtOnce
}

/// Adds a row for each visit.
pub fn measure(table: &mut Table) -> Result<()> {
    for (card, baud, wanted, what) in VISITS {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
        let Times { whole, machine, work } = runtime.block_on(visit(card, baud, wanted))?;
        let [whole, machine, work] = [whole + work, machine + work, work].map(|it| number(it.as_secs_f64()));
        table.add(
            format!("card in to paper out: {what}"),
            format!("{whole} s, the machine's share {machine} s"),
            format!("of it {work} s processor; a page 3 s, a key 0.5 s, a hand 2 s; 100 mm/s, 0.6 s a use of a key"),
        );
    }
    Ok(())
}

struct Times {
    /// Simulated, from the card in the reader to the paper in the hand.
    whole: Duration,
    /// Simulated, without the citizen's own.
    machine: Duration,
    /// Of the processor.
    work: Duration,
}

async fn visit(card: &str, baud: u32, wanted: fn(&CertificateKind) -> bool) -> Result<Times> {
    let world = World::new();
    world.card_reader.set_speed(baud);
    let pin = world.citizens.card(card).and_then(|card| card.pin).context("a card with a PIN")?;
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_identifies().await;
    let (start, work) = (Instant::now(), processor()?);
    let mut own = Duration::ZERO;
    let mut take = async |time: Duration| {
        own += time;
        sleep(time).await;
    };
    world.cards.insert(world.card(card));
    kiosk.until("the menu", |page| matches!(page, Page::Menu { .. })).await;
    take(READS).await;
    kiosk.wish(Intent::Service(Service::Padron)).await;
    kiosk.until("the page of the PIN", |page| matches!(page, Page::Pin { .. })).await;
    for key in pin.chars() {
        take(KEY).await;
        kiosk.press(key.encode_utf8(&mut [0; 4])).await;
    }
    kiosk.wish(Intent::Confirm).await;
    let page = kiosk.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
    take(READS).await;
    let Page::Certificates { kinds, .. } = page else { anyhow::bail!("{page:?}") };
    let place = kinds.iter().position(wanted).context("it is not offered")?;
    kiosk.wish(Intent::Choose(u8::try_from(place)?)).await;
    kiosk.until("its page", |page| matches!(page, Page::Certificate { .. })).await;
    take(READS).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the paper", |page| matches!(page, Page::TakeDocument { .. })).await;
    take(TAKES).await;
    anyhow::ensure!(world.page_printer.take_presented(), "no paper hangs out");
    let whole = start.elapsed();
    Ok(Times { whole, machine: whole.saturating_sub(own), work: processor()?.saturating_sub(work) })
}

/// What this process has used of the processor until now.
fn processor() -> Result<Duration> {
    Ok(Duration::from(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_citizen_and_the_card_take_their_time() {
        let fast = visit("pkcs15", 115_200, individual).await.unwrap();
        let slow = visit("pkcs15", 9_600, individual).await.unwrap();
        assert!(
            slow.machine > fast.machine + Duration::from_secs(1),
            "{:?} {:?}",
            slow.machine,
            fast.machine
        );
        // Three pages, four keys, one hand.
        assert_eq!(fast.whole - fast.machine, Duration::from_secs(13));
    }
}
